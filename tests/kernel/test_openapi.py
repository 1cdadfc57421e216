"""The API's description: valid, complete about failures, and true."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from marshmallow import fields
from openapi_spec_validator import validate

from app.auth.guards import requires, signed_in
from app.http import json_answer
from app.openapi import Blueprint, Schema, init_openapi
from tests.kernel.conftest import kernel_house


@pytest.fixture
def spec(client: FlaskClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/api/openapi.json").get_json()
    return found


def test_the_description_is_valid_openapi_3_1(spec: dict[str, Any]) -> None:
    validate(spec)

    assert spec["openapi"] == "3.1.0"
    assert spec["info"]["title"] == "Xóm"
    assert spec["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"


def test_failures_are_described_as_the_problems_that_they_are(spec: dict[str, Any]) -> None:
    submit = spec["paths"]["/api/v1/reports"]["post"]

    assert {"201", "400", "409", "413", "415", "422", "429", "503", "default"} == set(
        submit["responses"]
    )
    for name, response in spec["components"]["responses"].items():
        assert list(response["content"]) == ["application/problem+json"], name
    busy = spec["components"]["responses"]["SERVICE_UNAVAILABLE"]
    assert busy["headers"]["Retry-After"]
    assert busy["content"]["application/problem+json"]["example"]["status"] == 503
    shown = spec["paths"]["/api/v1/reports/{report_id}"]["get"]
    assert "404" in shown["responses"]


def test_every_operation_has_an_id_of_its_own_and_the_fields_their_bounds(
    spec: dict[str, Any],
) -> None:
    ids = [
        operation["operationId"]
        for path in spec["paths"].values()
        for method, operation in path.items()
        if method != "parameters"
    ]
    report = spec["components"]["schemas"]["ReportIn"]

    assert len(ids) == len(set(ids)) > 5
    assert report["additionalProperties"] is False
    assert report["properties"]["description"]["maxLength"] == 2000
    assert report["properties"]["lat"]["maximum"] == 90
    assert report["properties"]["captured_at"]["format"] == "date-time"


def test_a_hot_reads_query_is_described_too(spec: dict[str, Any]) -> None:
    names = {p["name"] for p in spec["paths"]["/api/v1/hot"]["get"]["parameters"]}

    assert names == {"limit", "status", "q"}


def test_what_needs_a_token_says_so() -> None:
    app = kernel_house()
    blueprint = Blueprint("doors", "doors", url_prefix="/api/v1")

    @blueprint.get("/mine")
    @signed_in
    @blueprint.response(200)
    def mine() -> Any:
        return json_answer({})

    @blueprint.get("/queue")
    @requires("queue")
    @blueprint.response(200)
    def queue() -> Any:
        return json_answer({})

    app.extensions["flask-smorest"]["apis"][""]["ext_obj"].register_blueprint(blueprint)
    paths = app.test_client().get("/api/openapi.json").get_json()["paths"]

    assert paths["/api/v1/mine"]["get"]["security"] == [{"bearer": []}]
    for path in ("/api/v1/mine", "/api/v1/queue"):  # 403: a key of another program, if nobody else
        assert {"401", "403"} <= set(paths[path]["get"]["responses"])
    assert "security" not in paths["/api/v1/hot"]["get"]


def test_two_schemas_of_one_name_and_variants_of_one_are_kept_apart() -> None:
    app = Flask("names", static_folder=None)
    api = init_openapi(app)
    blueprint = Blueprint("names", "names")

    def schema(**members: Any) -> type[Schema]:
        return type("ThingOut", (Schema,), members)

    one, other = schema(a=fields.String(), b=fields.String()), schema(c=fields.Integer())
    for number, found in enumerate((one, other, one(only=("a",)), one)):
        blueprint.get(f"/{number}")(blueprint.response(200, found)(lambda: None))
    api.register_blueprint(blueprint)

    schemas = api.spec.to_dict()["components"]["schemas"]
    assert {
        name: set(about["properties"]) for name, about in schemas.items() if "Thing" in name
    } == {
        "ThingOut": {"a", "b"},
        "ThingOut2": {"c"},
        "ThingOut3": {"a"},
    }


def test_the_description_is_not_sent_twice(client: FlaskClient) -> None:
    first = client.get("/api/openapi.json")

    again = client.get("/api/openapi.json", headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 304
