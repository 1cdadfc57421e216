"""The database restarted, locked, slow, crowded or gone: 503 with Retry-After, and it heals."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from flask import Flask, Response
from procrastinate.exceptions import ConnectorException
from sqlalchemy import text
from sqlalchemy.engine import make_url

from app.auth.guards import anyone
from app.database import db, reading
from app.database_trouble import database_trouble
from app.http import json_answer
from tests.kernel.conftest import NOWHERE, kernel_house, open_house


@pytest.fixture
def house(own_database: str) -> Iterator[Flask]:
    with open_house(own_database) as app:
        add_storing_views(app)
        yield app


def add_storing_views(app: Flask) -> None:
    @app.post("/store")
    @anyone
    def store() -> Response:
        db.session.execute(text("insert into counter values ('a', now(), 1)"))
        db.session.commit()
        return json_answer({"stored": True}, 201)

    @app.post("/store-and-read")
    @anyone
    def store_and_read() -> Response:
        db.session.execute(text("insert into counter values ('b', now(), 1)"))
        db.session.commit()
        db.session.execute(text("select pg_terminate_backend(pg_backend_pid())"))
        return json_answer({})

    @app.post("/defer-when-gone")
    @anyone
    def defer_when_gone() -> Response:
        try:
            db.session.execute(text("select pg_terminate_backend(pg_backend_pid())"))
        except Exception as gone:
            raise ConnectorException from gone
        return json_answer({})

    @app.post("/serialization")
    @anyone
    def serialization() -> Response:
        db.session.execute(text("do $$ begin raise exception using errcode = '40001'; end $$"))
        return json_answer({})


def end_connections(url: str) -> None:
    """What a restart of the server does to everyone who is connected."""
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )


def assert_busy(answer: Any, code: str) -> None:
    assert answer.status_code == 503, answer.text
    assert answer.content_type == "application/problem+json"
    assert answer.json["type"] == f"/problems/{code}"
    assert int(answer.headers["Retry-After"]) >= 1
    assert "psycopg" not in answer.text


def test_a_server_that_is_not_there_is_503_in_both_languages() -> None:
    client = kernel_house(NOWHERE).test_client()

    for path in ("/api/v1/database/read", "/api/v1/database/hot"):
        vi = client.get(path)
        en = client.get(path, headers={"Accept-Language": "en"})

        assert_busy(vi, "database-away")
        assert "chưa lưu gì cả" in vi.json["detail"]
        assert "nothing was stored" in en.json["detail"]


def test_a_restart_costs_one_503_a_pool_and_heals_unaided(house: Flask, own_database: str) -> None:
    client = house.test_client()
    assert client.get("/api/v1/database/read").status_code == 200

    end_connections(own_database)
    during = client.get("/api/v1/database/read")
    after = client.get("/api/v1/database/read")

    assert_busy(during, "database-away")
    assert after.status_code == 200


def test_a_held_lock_is_503(house: Flask, own_database: str) -> None:
    with psycopg.connect(own_database) as other:
        other.execute("lock table account")
        answer = house.test_client().get("/api/v1/database/locked")

    assert_busy(answer, "database-busy")


def test_a_slow_statement_is_503(house: Flask) -> None:
    assert_busy(house.test_client().get("/api/v1/database/slow"), "database-busy")


def test_an_exhausted_pool_is_503(house: Flask) -> None:
    with house.app_context():
        pool = db.engine.pool
        pool._timeout = 0.01  # type: ignore[attr-defined] # 3 s in earnest: nobody waits for a test
        taken = [db.engine.connect() for _ in range(15)]
    answer = house.test_client().get("/api/v1/database/read")
    for one in taken:
        one.close()

    assert_busy(answer, "database-busy")
    assert house.test_client().get("/api/v1/database/read").status_code == 200


def test_a_serialization_failure_is_503(house: Flask) -> None:
    assert_busy(house.test_client().post("/serialization"), "database-busy")


def test_trouble_within_the_queue_is_503_too(house: Flask) -> None:
    assert_busy(house.test_client().post("/defer-when-gone"), "database-away")


def test_after_a_commit_nobody_says_that_nothing_was_stored(
    house: Flask, own_database: str
) -> None:
    answer = house.test_client().post("/store-and-read", headers={"Accept-Language": "en"})

    assert_busy(answer, "unsure")
    assert "will not be stored twice" in answer.json["detail"]
    with psycopg.connect(own_database) as other:
        assert other.execute("select count(*) from counter").fetchone() == (1,)


def test_a_mistake_in_our_sql_stays_a_500_without_its_text(house: Flask) -> None:
    answer = house.test_client().get("/api/v1/database/broken")

    assert answer.status_code == 500
    assert "no_such_column" not in answer.text


def test_a_constraint_that_nobody_expected_is_our_bug(house: Flask) -> None:
    client = house.test_client()
    with house.app_context():
        db.session.execute(text("create unique index once on counter (key)"))
        db.session.commit()

    assert client.post("/store").status_code == 201
    assert client.post("/store").status_code == 500


def test_a_database_of_another_name_is_503(own_database: str) -> None:
    url = make_url(own_database).set(database="no_such_database")
    with open_house(url.render_as_string(hide_password=False)) as app, app.test_client() as client:
        assert_busy(client.get("/api/v1/database/hot"), "database-away")


def test_reading_heals_after_a_restart_too(house: Flask, own_database: str) -> None:
    with house.app_context(), reading() as connection:
        connection.execute(text("select 1"))
    end_connections(own_database)

    statuses = [house.test_client().get("/api/v1/database/hot").status_code for _ in range(2)]

    assert statuses == [503, 200]


def test_other_errors_are_not_taken_for_database_trouble() -> None:
    assert database_trouble(KeyError("x")) is None
    assert database_trouble(psycopg.errors.UniqueViolation()) is None
    assert database_trouble(psycopg.errors.DiskFull()) is not None
