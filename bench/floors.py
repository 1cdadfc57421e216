"""What nothing here can be faster than, measured in the same run: an empty handler, and S1.

S1 is a Flask endpoint that does one autocommit Core SELECT by primary key: a plain app of its own,
without the house's guards, limits, logs and headers, on the same driver and connection settings.
"""

from uuid import UUID

import orjson
from flask import Flask, Response, request
from sqlalchemy import Engine, bindparam, create_engine, select

from app.database import engine_options
from reports.models import Report

_columns = Report.__table__.c
_ONE = select(_columns.id, _columns.status, _columns.submitted_at).where(
    _columns.id == bindparam("wanted")
)


def floor_app(database_url: str) -> tuple[Flask, Engine]:
    """The app with `/empty` and `/s1?id=`, and its engine, to be disposed of."""
    engine = create_engine(database_url, **engine_options())
    autocommit = engine.execution_options(isolation_level="AUTOCOMMIT")
    app = Flask("floor")

    @app.get("/empty")
    def empty() -> str:
        return ""

    @app.get("/s1")
    def s1() -> Response:
        with autocommit.connect() as connection:
            row = connection.execute(_ONE, {"wanted": UUID(request.args["id"])}).one()
        return Response(orjson.dumps(row._asdict()), mimetype="application/json")

    return app, engine
