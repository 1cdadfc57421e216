"""What the kernel promises, held against every route of the real house."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask, url_for
from openapi_spec_validator import validate
from werkzeug.routing import AnyConverter, IntegerConverter, Rule

from app.auth.accounts import create_guest
from app.auth.tokens import issue
from app.database import db
from reports.city import folder, snapshot

#: These end the sign-in itself, whatever the body, so that the rest would prove nothing.
ENDINGS = {("DELETE", "/api/v1/auth/token"), ("DELETE", "/api/v1/me")}
ZOO = [
    b"{",
    b'{"lat": NaN}',
    b'{"a": "\\u0000"}',
    b'{"a": "\\ud800"}',
    b'{"id": 1, "id": 2}',
    b"[" * 10_000,
    b"null",
    b'"text"',
    b'{"id": 1e308, "description": [], "lat": {}, "photos": {"a": 1}, "note": true}',
]


@pytest.fixture
def app(app: Flask) -> Iterator[Flask]:
    """The house with the shipped city in it."""
    snapshot.forget()
    folder.load_city("hue")
    db.session.commit()
    yield app
    snapshot.forget()


@pytest.fixture
def token(app: Flask) -> str:
    given = issue(create_guest("vi"))
    db.session.commit()
    return given


def api_routes(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/v1/"):
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule, method


def address_of(app: Flask, rule: Rule) -> str:
    with app.test_request_context():
        return url_for(rule.endpoint, **{name: a_value(rule, name) for name in rule.arguments})


def a_value(rule: Rule, name: str) -> Any:
    converter = rule._converters[name]
    if isinstance(converter, AnyConverter):
        return sorted(converter.items)[0]
    return 7 if isinstance(converter, IntegerConverter) else uuid4()


def test_the_description_is_valid_and_says_what_each_operation_answers(app: Flask) -> None:
    spec = app.test_client().get("/api/openapi.json").get_json()

    validate(spec)
    operations = [
        (path, method, operation)
        for path, methods in spec["paths"].items()
        for method, operation in methods.items()
        if method != "parameters"
    ]
    assert len(operations) >= len(list(api_routes(app))) > 20
    for path, method, operation in operations:
        assert operation.get("summary"), f"{method} {path} has no summary"
        assert [s for s in operation["responses"] if s < "4"], f"{method} {path}: no success"


def test_no_route_takes_an_unknown_parameter(app: Flask) -> None:
    client = app.test_client()

    for rule, method in api_routes(app):
        answer = client.open(address_of(app, rule) + "?no_such_parameter=1", method=method)

        assert answer.status_code == 422, rule
        assert answer.json["type"] == "/problems/unknown-parameter"


def test_no_route_breaks_at_a_malformed_body(app: Flask, token: str) -> None:
    client = app.test_client()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    for rule, method in api_routes(app):
        if method == "GET" or (method, rule.rule) in ENDINGS:
            continue
        for body in ZOO:
            answer = client.open(address_of(app, rule), method=method, data=body, headers=headers)

            assert answer.status_code < 500, (rule, body[:40], answer.text)
            assert answer.status_code != 401, (
                f"{rule} ended the sign-in: the rest would prove nothing"
            )
            if answer.status_code >= 400:
                assert answer.content_type == "application/problem+json", rule
                assert answer.json["detail"]


def test_every_get_answers_nonsense_with_a_problem(app: Flask, token: str) -> None:
    client = app.test_client()
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
    spec = client.get("/api/openapi.json").get_json()

    for rule, method in api_routes(app):
        if method != "GET":
            continue
        path = rule.rule.replace("<uuid:", "<").replace("<", "{").replace(">", "}")
        names = [
            p["name"]
            for p in spec["paths"].get(path, {}).get("get", {}).get("parameters", [])
            if p["in"] == "query"
        ]
        for name in names:
            for nonsense in ("", "nan", "1e400", "-1", "ngập", "9" * 30, "a,b,c,d", "\ud7ff"):
                answer = client.get(
                    address_of(app, rule), query_string={name: nonsense}, headers=headers
                )

                assert answer.status_code < 500, (rule.rule, name, nonsense, answer.text)
