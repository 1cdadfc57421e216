"""Alive, and ready: the database answers and its tables are known."""

import psycopg
import pytest
from flask import Flask

from app.config import Environment
from app.health import look
from tests.kernel.conftest import NOWHERE, kernel_house, open_house


def test_a_living_process_says_so_without_a_database() -> None:
    answer = kernel_house(NOWHERE).test_client().get("/healthz")

    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_without_a_database_it_is_not_ready() -> None:
    answer = kernel_house(NOWHERE).test_client().get("/readyz")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert answer.json == {
        "status": "not ready",
        "checks": {"database": "away", "migrations": "unknown"},
    }


def test_with_a_migrated_database_it_is_ready(own_database: str) -> None:
    with open_house(own_database) as app:
        answer = app.test_client().get("/readyz")

    assert answer.status_code == 200
    assert answer.json == {"status": "ready", "checks": {"database": "ok", "migrations": "ok"}}


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("update alembic_version set version_num = '0002'", "behind: run `flask db upgrade`"),
        ("delete from alembic_version", "behind: run `flask db upgrade`"),
        ("drop table alembic_version", "none applied: run `flask db upgrade`"),
        ("update alembic_version set version_num = '9999'", "ok"),
    ],
)
def test_tables_behind_are_not_ready_and_tables_ahead_are(
    own_database: str, change: str, found: str
) -> None:
    with psycopg.connect(own_database, autocommit=True) as admin:
        admin.execute(change)

    assert look(own_database) == {"database": "ok", "migrations": found}


def test_a_real_city_on_a_demos_database_is_not_ready_and_says_why(own_database: str) -> None:
    with psycopg.connect(own_database, autocommit=True) as admin:
        admin.execute(
            "insert into account (id, kind, locale, created_at, email, name)"
            " values (gen_random_uuid(), 'official', 'vi', now(), 'admin@hue.demo', 'Lan')"
        )
        with open_house(own_database, environment=Environment.PRODUCTION) as real:
            filled = real.test_client().get("/readyz")
        admin.execute("update account set disabled_at = now() where email is not null")
        closed = look(own_database, real_city=True)
    demo = look(own_database)

    assert filled.status_code == 503
    assert filled.json["checks"]["demo"].startswith("officials of a demo (….demo) are here")
    assert closed == {"database": "ok", "migrations": "ok", "demo": "ok"}
    assert demo == {"database": "ok", "migrations": "ok"}


def test_the_answer_is_kept_a_moment_so_that_asking_is_cheap(
    own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[str] = []

    def counted(url: str, **_: bool) -> dict[str, str]:
        looks.append(url)
        return {"database": "ok"}

    monkeypatch.setattr("app.health.KEEP_SECONDS", 3600.0)  # no test may depend on the real clock
    monkeypatch.setattr("app.health.look", counted)  # to count the connections that would be made
    app: Flask = kernel_house(own_database)
    for _ in range(5):
        assert app.test_client().get("/readyz").status_code == 200
    app.extensions["xom.health"].forget()
    app.test_client().get("/readyz")

    assert len(looks) == 2
