"""A house of the kernel alone, with views of its own, wired as the factory wires the real one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from flask import Flask, Response, request
from flask.testing import FlaskClient
from marshmallow import fields, validate
from sqlalchemy import text

from app.auth.guards import anyone, install_guards
from app.config import Config
from app.database import db, init_database, reading
from app.docs import init_docs
from app.errors import Conflict, Invalid, NotFound, Stale
from app.health import init_health
from app.http import (
    body_up_to,
    conditional,
    etag_for,
    if_match,
    init_http,
    json_answer,
    read_query,
)
from app.limits import by_device, init_limits, limit
from app.logs import init_logs
from app.metrics import init_metrics
from app.openapi import Blueprint, Moment, Schema, Text, init_openapi, latitude, longitude
from app.problems import init_problems
from tests.conftest import config_for

NOWHERE = "postgresql://xom@127.0.0.1:1/nothing"  # a port where nothing listens


class ReportIn(Schema):
    """As the real submission: every kind of field that a phone sends."""

    id = fields.UUID(required=True)
    category = fields.String(required=True, validate=validate.OneOf(["drain", "light"]))
    description = Text(most=2000, load_default="")
    note = Text(most=40, least=3, lines=False)
    lat = latitude(required=True)
    lng = longitude(required=True)
    stars = fields.Integer(strict=True, validate=validate.Range(1, 5))
    urgent = fields.Boolean()
    captured_at = Moment()
    until = fields.Date()
    photos = fields.List(fields.UUID(), validate=validate.Length(max=12))
    answers = fields.Dict(keys=fields.String(), values=fields.Raw())


class ListIn(Schema):
    limit = fields.Integer(load_default=20, validate=validate.Range(1, 100))
    status = fields.List(fields.String())
    q = fields.String()


class TooFar(Invalid):
    code = "too-far"
    field = "lat"
    vi = "Chỗ này cách thành phố {metres} m."
    en = "This place is {metres} m outside the city."


def sample_blueprint() -> Blueprint:  # noqa: C901 (a list of views)
    blueprint = Blueprint("sample", __name__, url_prefix="/api/v1")

    @blueprint.post("/reports")
    @anyone
    @blueprint.arguments(ReportIn)
    @blueprint.response(201, ReportIn)
    @blueprint.problems(409)
    def submit(given: dict[str, Any]) -> dict[str, Any]:
        """Send a report"""
        return given

    @blueprint.get("/reports")
    @anyone
    @blueprint.arguments(ListIn, location="query")
    @blueprint.response(200, ReportIn(many=True))
    def listed(query: dict[str, Any]) -> list[Any]:
        return []

    @blueprint.get("/reports/<uuid:report_id>")
    @anyone
    @blueprint.response(200, ReportIn)
    def shown(report_id: UUID) -> Response:
        body = b'{"id": "%s"}' % str(report_id).encode()
        return conditional(json_answer(body), etag_for(7, body))

    @blueprint.get("/hot")
    @anyone
    @blueprint.query(ListIn)
    @blueprint.response(200)
    def hot() -> Response:
        return json_answer(dict(read_query("limit", "q")))

    @blueprint.put("/photos/<uuid:photo_id>")
    @anyone
    @body_up_to(4 * 1024 * 1024)
    @blueprint.response(201)
    def photo(photo_id: UUID) -> Response:
        return json_answer({"bytes": len(request.get_data())}, 201)

    @blueprint.post("/steps")
    @anyone
    @blueprint.response(200)
    def step() -> dict[str, Any]:
        return {"version": if_match()}

    @blueprint.get("/wrong/<kind>")
    @anyone
    @blueprint.response(200)
    def wrong(kind: str) -> None:
        raise {
            "conflict": Conflict(),
            "stale": Stale(since="2026-11-21T00:00:00Z"),
            "far": TooFar(metres=1500),
            "fields": Invalid(errors={"lat": "no", "photos/1": ["a", "b"]}),
            "unknown": KeyError("Nguyễn Thị Bí Mật 0912345678"),
            "absent": NotFound(),
        }[kind]

    @blueprint.get("/database/<action>")
    @anyone
    @blueprint.response(200)
    def database(action: str) -> Response:
        statement = {
            "read": "select 1",
            "slow": "set local statement_timeout = '20ms'; select pg_sleep(5)",
            "locked": "set local lock_timeout = '20ms'; lock table account",
            "broken": "select no_such_column",
        }[action]
        for part in statement.split(";"):
            db.session.execute(text(part))
        return json_answer({"done": action})

    @blueprint.get("/database/hot")
    @anyone
    @blueprint.response(200)
    def hot_read() -> Response:
        with reading() as connection:
            return json_answer(connection.execute(text("select 1")).scalar_one())

    @blueprint.post("/own-json")
    @anyone
    @blueprint.response(200)
    def own_json() -> Any:
        return request.get_json()

    @blueprint.post("/few")
    @anyone
    @limit("2 per minute")
    @blueprint.response(200)
    def few() -> dict[str, Any]:
        return {}

    @blueprint.post("/few-by-device")
    @anyone
    @limit("1 per minute", by=by_device)
    @blueprint.response(200)
    def few_by_device() -> dict[str, Any]:
        return {}

    return blueprint


def kernel_house(url: str = NOWHERE, **settings: Any) -> Flask:
    """The kernel's parts in the factory's order."""
    config: Config = config_for(url, **settings)
    app = Flask("kernel", static_folder=None)
    app.extensions["xom.config"] = config
    app.config["SECRET_KEY"] = config.secret_key
    init_logs(app, config)
    init_http(app, config)
    init_database(app, config.database_url)
    init_problems(app)
    init_limits(app, config)
    init_health(app, config)
    init_metrics(app, config)
    api = init_openapi(app)
    init_docs(app)
    install_guards(app, lambda caller, permission: False)
    api.register_blueprint(sample_blueprint())
    return app


@contextmanager
def open_house(url: str, **settings: Any) -> Iterator[Flask]:
    """A house on a real database, whose connections are closed at the end."""
    app = kernel_house(url, **settings)
    try:
        yield app
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture(scope="session")
def house() -> Flask:
    """A house without a database: nothing that it answers here needs one."""
    return kernel_house()


@pytest.fixture
def client(house: Flask) -> FlaskClient:
    return house.test_client()


@pytest.fixture
def english(client: FlaskClient) -> Callable[..., Any]:
    """`english("POST", path, …)`: a request that asks for English."""

    def ask(method: str, path: str, **more: Any) -> Any:
        headers = {"Accept-Language": "en", **more.pop("headers", {})}
        return client.open(path, method=method, headers=headers, **more)

    return ask
