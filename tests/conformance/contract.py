"""Reading answers as the contract writes them: XML and JSON of one document, and its schemas."""

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

SCHEMAS = Path(__file__).parent / "schemas"
#: Elements that hold one repeated kind of child, and are arrays also with one and with none.
LISTS = {
    "services": "service",
    "service_requests": "request",
    "attributes": "attribute",
    "values": "value",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
    "service_request_updates": "request_update",
    "notes": "note",
    "photos": "photo",
    "media_urls": "media_url",
}
Words = Any  # as JSON has it, all leaves texts


def from_xml(body: bytes) -> tuple[str, Words]:
    """The root's name, and what JSON has of the document, all leaves as texts or None."""
    assert re.match(rb"""<\?xml version=["']1\.0["'] encoding=["']utf-8["']\?>""", body), body[:80]
    root = ElementTree.fromstring(body)  # noqa: S314 - what our own server says
    return root.tag, _plain(root)


def _plain(element: Element) -> Words:
    if element.tag in LISTS:
        assert {child.tag for child in element} <= {LISTS[element.tag]}, element.tag
        return [_plain(child) for child in element]
    if not len(element):
        return element.text
    names = [child.tag for child in element]
    assert len(names) == len(set(names)), f"{element.tag} holds {names}"
    return {child.tag: _plain(child) for child in element}


#: What XML 1.0 cannot hold.
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def as_words(document: Any) -> Words:
    """A JSON document with its leaves as XML writes them, less what XML cannot hold."""
    if isinstance(document, dict):
        return {name: as_words(value) for name, value in document.items()}
    if isinstance(document, list):
        return [as_words(value) for value in document]
    if isinstance(document, bool):
        return "true" if document else "false"
    return None if document in (None, "") else CONTROLS.sub("", str(document))


def assert_valid(name: str, document: Any) -> None:
    """The document fits the schema of that name; says every place at which it does not."""
    faults = sorted(_validator(name).iter_errors(document), key=lambda fault: list(fault.path))
    told = [f"{fault.json_path}: {fault.message[:300]}" for fault in faults]
    assert not told, "\n".join(told[:20])


@lru_cache
def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(schema(name), registry=_registry())


@lru_cache
def _registry() -> Registry:
    found = {path.name: schema(path.stem) for path in SCHEMAS.glob("*.json")}
    pairs = [(name, Resource.from_contents(content)) for name, content in found.items()]
    return Registry().with_resources(pairs)


@lru_cache
def schema(name: str) -> Any:
    return json.loads((SCHEMAS / f"{name}.json").read_text())
