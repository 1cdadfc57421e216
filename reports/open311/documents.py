"""One document, written as JSON and as XML: the same tree, by the contract's own mapping.

A document is a root's name and plain values. The root's name stands in XML alone; a list is its
element with one child for each entry, also for one and for none; null is an empty element.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

import orjson

Plain = dict[str, Any]

#: What an entry of each list is called.
ENTRIES: Mapping[str, str] = {
    "attributes": "attribute",
    "endpoints": "endpoint",
    "errors": "error",
    "formats": "format",
    "media_urls": "media_url",
    "notes": "note",
    "photos": "photo",
    "service_request_updates": "request_update",
    "service_requests": "request",
    "services": "service",
    "values": "value",
}
_DECLARATION = b'<?xml version="1.0" encoding="utf-8"?>\n'
#: What XML 1.0 cannot hold, not even as a reference.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Document:
    """`content` is a list or an object of texts, numbers, booleans, null, lists and objects."""

    root: str
    content: Sequence[Any] | Mapping[str, Any]


def as_json(document: Document) -> bytes:
    return orjson.dumps(document.content)


def as_xml(document: Document) -> bytes:
    root = Element(document.root)
    _fill(root, document.content)
    written: str = ElementTree.tostring(root, encoding="unicode")
    return _DECLARATION + written.encode()


def _fill(element: Element, value: Any) -> None:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            _fill(SubElement(element, name), inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _fill(SubElement(element, ENTRIES[element.tag]), inner)
    elif value is not None and value != "":
        element.text = _written(value)


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return _ILLEGAL.sub("", str(value))
