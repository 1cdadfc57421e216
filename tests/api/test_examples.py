"""Every call of the API's description shows a right request and what is answered."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from jsonschema import Draft202012Validator, FormatChecker

from app.docs import description
from app.examples import Maker, Table, operations, with_examples
from app.factory import create_app
from tests.conftest import config_for

Json = dict[str, Any]
#: Files of which no example can be read.
PICTURES = ("image/", "application/pdf", "application/vnd.")
#: What a property falls back to that no table names: good enough for a schema, not for a reader.
UNSAID = "text"


@pytest.fixture(scope="module")
def house() -> Flask:
    """Nothing is asked of its database."""
    return create_app(config_for("postgresql://nobody:x@127.0.0.1:1/none"))


@pytest.fixture(scope="module")
def spec(house: Flask) -> Json:
    return description(house)


def bodies(spec: Json) -> Iterator[tuple[str, Json]]:
    """(where, media) of every request and every answer that is no picture."""
    for operation, _ in operations(spec):
        name = operation["operationId"]
        sides = {f"{name} request": operation.get("requestBody", {}).get("content", {})}
        for status, response in operation["responses"].items():
            if status.startswith("2"):
                sides[f"{name} {status}"] = response.get("content", {})
        for where, content in sides.items():
            for kind, media in content.items():
                if not kind.startswith(PICTURES):
                    yield f"{where} {kind}", media


def misfits(spec: Json, schema: Json, example: Any) -> list[str]:
    whole = {**schema, "components": spec["components"]}
    checker = Draft202012Validator(whole, format_checker=FormatChecker())
    return [
        f"{'/'.join(map(str, one.path))}: {one.message}" for one in checker.iter_errors(example)
    ]


def test_every_request_and_every_answer_has_an_example(spec: Json) -> None:
    without = [where for where, media in bodies(spec) if "example" not in media]

    assert without == [], "add them to reports/api/examples.json"
    assert sum(1 for _ in bodies(spec)) > 100


def test_every_operation_says_what_it_answers(spec: Json) -> None:
    silent = [
        operation["operationId"]
        for operation, _ in operations(spec)
        for status, response in operation["responses"].items()
        if status.startswith("2") and status != "204" and not response.get("content")
    ]

    assert silent == [], "give its response a schema, or a content_type"


def test_every_example_fits_its_schema(spec: Json) -> None:
    wrong = {
        where: found
        for where, media in bodies(spec)
        if (found := misfits(spec, media.get("schema", {}), media["example"]))
    }

    assert wrong == {}


def test_every_example_of_a_parameter_fits_and_none_that_is_needed_is_missing(spec: Json) -> None:
    wrong, missing = {}, []
    for operation, shared in operations(spec):
        for one in [*shared, *operation.get("parameters", [])]:
            where = f"{operation['operationId']} {one['name']}"
            if "example" in one:
                if found := misfits(spec, one["schema"], one["example"]):
                    wrong[where] = found
                elif one["example"] == UNSAID:
                    missing.append(where)
            elif one.get("required"):
                missing.append(where)

    assert (wrong, missing) == ({}, [])


def test_an_example_reads_like_life(spec: Json) -> None:
    """Words that no table gives would be a placeholder."""
    unsaid = {where for where, media in bodies(spec) if UNSAID in texts(media["example"])}

    assert unsaid == set(), "name these properties in reports/api/examples.json"


def texts(example: Any) -> Iterator[str]:
    if isinstance(example, dict):
        for value in example.values():
            yield from texts(value)
    elif isinstance(example, list):
        for value in example:
            yield from texts(value)
    elif isinstance(example, str):
        yield example


def test_what_the_table_names_is_there(house: Flask, spec: Json) -> None:
    """A line for something that was renamed would be a line that nobody reads."""
    table = Table.read(house.extensions["xom.examples"])
    known = {operation["operationId"] for operation, _ in operations(spec)}
    schemas = spec["components"]["schemas"]
    properties = {name for schema in schemas.values() for name in schema.get("properties", {})}
    spoken_of = {key.partition(".")[0] for key in table.parameters if "." in key}

    assert set(table.requests) | set(table.answers) | spoken_of <= known
    for key in table.values:
        owner, _, name = key.rpartition(".")
        assert name in (schemas[owner]["properties"] if owner else properties), key


def test_a_call_without_an_example_is_found() -> None:
    """The negative control: an empty table leaves requests without, and words unsaid."""
    spec: Json = {
        "paths": {
            "/x": {
                "post": {
                    "operationId": "x",
                    "requestBody": {"content": {"application/json": {"schema": {}}}},
                    "responses": {
                        "200": {
                            "content": {
                                "application/json": {
                                    "schema": {
                                        "type": "object",
                                        "properties": {"word": {"type": "string"}},
                                    }
                                }
                            }
                        }
                    },
                }
            }
        },
        "components": {},
    }

    told = with_examples(spec, Table({}, {}, {}, {}))

    assert [where for where, media in bodies(told) if "example" not in media] == [
        "x request application/json"
    ]
    assert UNSAID in texts(told["paths"]["/x"]["post"]["responses"]["200"])


def test_a_schema_that_holds_itself_comes_to_an_end() -> None:
    branch = {
        "type": "object",
        "properties": {"branches": {"type": "array", "items": {"$ref": "#/x/Branch"}}},
    }

    made = Maker({"components": {"schemas": {"Branch": branch}}}, Table({}, {}, {}, {})).of(branch)

    assert made["branches"][0]["branches"]
