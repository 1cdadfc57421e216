"""Examples for every call in the API's description: right requests as they were written down, and
answers made from their schemas with one table of plausible values.

The table is the house's (`reports/api/examples.json`), handed in by the factory:

    requests    operation → a right body, word for word
    answers     operation → an answer, where the values below would not make a good one
    values      `Schema.property`, or `property` anywhere → a value
    parameters  `operation.name`, or `name` anywhere → a value; null: none is shown
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import orjson

Json = dict[str, Any]
_METHODS = ("get", "put", "post", "patch", "delete")
_BY_FORMAT = {
    "uuid": "0199a6e4-7d1b-7c52-9f0a-3b8f64c2d1e7",
    "date-time": "2026-11-30T09:30:00+00:00",
    "date": "2026-11-30",
}
_SCALARS: Mapping[str, Any] = {"integer": 1, "number": 1.5, "boolean": False, "null": None}
_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
    "null": type(None),
}
_DEEPEST = 12  # schemas that hold themselves end somewhere


@dataclass(frozen=True, slots=True)
class Table:
    """What is known beforehand."""

    requests: Mapping[str, Any]
    answers: Mapping[str, Any]
    values: Mapping[str, Any]
    parameters: Mapping[str, Any]

    @classmethod
    def read(cls, path: Path) -> Self:
        return cls(**orjson.loads(path.read_bytes()))

    def value(self, owner: str, name: str) -> tuple[bool, Any]:
        """Is there one for this property of that schema, and which."""
        for key in (f"{owner}.{name}", name):
            if key in self.values:
                return True, self.values[key]
        return False, None


def with_examples(spec: Json, table: Table) -> Json:
    """The same description with examples in it."""
    spec = deepcopy(spec)
    make = Maker(spec, table)
    for operation, shared in operations(spec):
        _put(operation, shared, make, table)
    return spec


def operations(spec: Json) -> Iterator[tuple[Json, list[Json]]]:
    """Each operation, and the parameters that it shares with others of its path."""
    for path in spec["paths"].values():
        for method in _METHODS:
            if method in path:
                yield path[method], path.get("parameters", [])


def _put(operation: Json, shared: list[Json], make: "Maker", table: Table) -> None:
    name = operation["operationId"]
    for parameter in [*shared, *operation.get("parameters", [])]:
        _put_parameter(parameter, name, make, table)
    for media in operation.get("requestBody", {}).get("content", {}).values():
        if name in table.requests:
            media["example"] = table.requests[name]
    for status, response in operation["responses"].items():
        if status.startswith("2"):
            for kind, media in response.get("content", {}).items():
                _put_answer(media, kind, table.answers.get(name), make)


def _put_parameter(parameter: Json, operation: str, make: "Maker", table: Table) -> None:
    name = parameter.get("name", "")
    for key in (f"{operation}.{name}", name):
        if key in table.parameters:
            if table.parameters[key] is not None:
                parameter["example"] = table.parameters[key]
            return
    if parameter.get("required"):
        parameter["example"] = make.of(parameter["schema"])


def _put_answer(media: Json, kind: str, known: Any, make: "Maker") -> None:
    """Where an operation answers in several kinds, `known` names each."""
    if isinstance(known, dict) and kind in known:
        media["example"] = known[kind]
    elif known is not None and not _by_kind(known):
        media["example"] = known
    elif (schema := media.get("schema")) and schema.get("format") != "binary":
        media["example"] = make.of(schema)


def _by_kind(known: Any) -> bool:
    return isinstance(known, dict) and bool(known) and all("/" in key for key in known)


class Maker:
    """Makes what a schema describes."""

    def __init__(self, spec: Json, table: Table) -> None:
        self._schemas: Json = spec["components"].get("schemas", {})
        self._table = table

    def of(self, schema: Json, *, owner: str = "", depth: int = 0) -> Any:
        """Something that fits, as like life as the table allows. `owner` is the schema's name."""
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            return self.of(self._schemas[name], owner=name, depth=depth)
        for kept in ("example", "const"):
            if kept in schema:
                return schema[kept]
        if choices := [one for one in schema.get("enum", ()) if one is not None]:
            return choices[0]
        if parts := schema.get("allOf") or _first(schema.get("anyOf") or schema.get("oneOf")):
            return self.of(parts[0], owner=owner, depth=depth)
        return self._plain(schema, owner, depth)

    def _plain(self, schema: Json, owner: str, depth: int) -> Any:
        kind = _kind(schema)
        if kind == "object":
            return self._object(schema, owner, depth)
        if kind == "array":
            items = schema.get("items", {})
            return [] if depth > _DEEPEST else [self.of(items, owner=owner, depth=depth + 1)]
        if kind == "string":
            return _BY_FORMAT.get(schema.get("format", ""), "text")
        return schema.get("minimum", _SCALARS.get(kind))

    def _object(self, schema: Json, owner: str, depth: int) -> Json:
        return {
            name: self._property(name, about, owner, depth)
            for name, about in schema.get("properties", {}).items()
        }

    def _meant(self, schema: Json) -> Json:
        """The schema itself, where only its name stands."""
        found: Json = (
            self._schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
        )
        return found

    def _property(self, name: str, schema: Json, owner: str, depth: int) -> Any:
        known, value = self._table.value(owner, name)
        if known and _could_be(value, self._meant(schema)):
            return value
        if depth > _DEEPEST:
            return None if "null" in _kinds(schema) else self.of(schema, depth=0)
        return self.of(schema, owner=f"{owner}.{name}", depth=depth + 1)


def _could_be(value: Any, schema: Json) -> bool:
    """Is it of the type, where one is named? `months` is yes or no here, and a list there."""
    if "enum" in schema:
        return value in schema["enum"]
    kinds = _kinds(schema)
    return not kinds or any(isinstance(value, _TYPES[kind]) for kind in kinds)


def _first(parts: list[Json] | None) -> list[Json]:
    """Of what may be null, the part that is not."""
    return [part for part in parts or () if part.get("type") != "null"]


def _kinds(schema: Json) -> list[str]:
    kind = schema.get("type", [])
    return [kind] if isinstance(kind, str) else list(kind)


def _kind(schema: Json) -> str:
    """The type; of several the first that is not null."""
    return next((one for one in _kinds(schema) if one != "null"), "object" if schema else "null")
