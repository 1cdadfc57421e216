"""How a request that only reads leaves its connection."""

from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import Engine, event, select
from sqlalchemy.exc import OperationalError

from app.auth.guards import anyone
from app.auth.models import Account, AccountKind
from app.database import db
from app.factory import create_app
from tests.conftest import config_for


@pytest.fixture
def reader(own_database: str) -> Flask:
    app = create_app(config_for(own_database))

    @app.get("/reads")
    @anyone
    def reads() -> str:
        db.session.execute(select(Account.id).where(Account.id == uuid4())).all()
        return ""

    @app.get("/forgets")
    @anyone
    def forgets() -> str:
        db.session.add(Account(kind=AccountKind.GUEST))
        return ""

    return app


def test_what_was_prepared_is_kept_from_read_to_read(reader: Flask) -> None:
    client = reader.test_client()
    for _ in range(10):
        client.get("/reads")

    with reader.app_context():
        raw = db.engine.raw_connection()
        prepared = raw.execute("select statement from pg_prepared_statements").fetchall()
        raw.close()
        db.engine.dispose()

    assert any("FROM account" in statement for (statement,) in prepared)


def test_a_read_that_changed_something_stores_nothing(reader: Flask) -> None:
    reader.test_client().get("/forgets")

    with reader.app_context():
        guests = select(Account.id).where(Account.kind == AccountKind.GUEST)
        assert db.session.execute(guests).all() == []
        db.session.remove()
        db.engine.dispose()


def test_a_connection_that_breaks_at_the_end_of_a_read_costs_no_answer(reader: Flask) -> None:
    def breaks(_: object) -> None:
        raise OperationalError("commit", {}, Exception("the connection is gone"))

    with reader.app_context():
        engine: Engine = db.engine
    event.listen(engine, "commit", breaks)
    try:
        assert reader.test_client().get("/reads").status_code == 200
    finally:
        event.remove(engine, "commit", breaks)
        engine.dispose()
