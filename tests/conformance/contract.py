"""Reading answers as the contract writes them: XML and JSON of one document, and its schemas."""

import json
import re
from collections.abc import Iterator
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


def typed(words: Words, name: str) -> Any:
    """What XML said, with its leaves as JSON has them, by what that schema asks for there."""
    return _typed(words, [(schema(name), name)])


Part = tuple[Any, str]  # of a schema, and the file it stands in


def _typed(words: Words, asked: list[Part]) -> Any:
    parts = [one for part in asked for one in _spread(*part)]
    if isinstance(words, list):
        kinds = [(part["items"], file) for part, file in parts if "items" in part]
        return [_typed(one, kinds) for one in words]
    if isinstance(words, dict):
        return {
            name: _typed(one, [
                (part["properties"][name], file)
                for part, file in parts if name in part.get("properties", {})
            ])
            for name, one in words.items()
        }  # fmt: skip
    return _leaf(words, {kind for part, _ in parts for kind in _kinds(part)})


def _spread(part: Any, file: str) -> Iterator[Part]:
    """A part, and those that it leans on."""
    yield part, file
    for beside in part.get("anyOf", []):
        yield from _spread(beside, file)
    if ref := part.get("$ref"):
        named, _, inner = ref.partition("#")
        file = named.removesuffix(".json") or file
        found = schema(file)
        for step in inner.strip("/").split("/"):
            found = found[step]
        yield from _spread(found, file)


def _kinds(part: Any) -> list[str]:
    kinds = part.get("type", [])
    return [kinds] if isinstance(kinds, str) else list(kinds)


def _leaf(text: str | None, kinds: set[str]) -> Any:
    if text is None:
        return "" if "string" in kinds and "null" not in kinds else None
    if "boolean" in kinds:
        return {"true": True, "false": False}.get(text, text)
    if kinds & {"integer", "number"}:
        return json.loads(text)
    return text


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
