"""From nothing to the newest tables, on both servers; and the tables are what the models say."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from alembic.config import Config as AlembicConfig
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import check, upgrade
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app.config import ROOT
from app.database import db
from app.health import look
from app.jobs import queue
from reports import queries
from reports.city import folder, snapshot
from reports.filters import Filters
from reports.statuses import Role
from tests.migrations.servers import url_of
from tests.reports.conftest import House

#: What a table is, as the catalogue of PostgreSQL tells it: more than `flask db check` compares.
CATALOGUE = {
    "columns": """
        select table_name, column_name, data_type, character_maximum_length, is_nullable,
               is_identity, identity_generation, is_generated, generation_expression
          from information_schema.columns where table_schema = 'public'""",
    "constraints": """
        select conrelid::regclass::text, conname, contype, pg_get_constraintdef(oid)
          from pg_constraint
         where connamespace = 'public'::regnamespace and conrelid <> 0 and contype <> 'n'""",
    "indexes": "select tablename, indexname, indexdef from pg_indexes where schemaname = 'public'",
}


def scripts() -> ScriptDirectory:
    settings = AlembicConfig()
    settings.set_main_option("script_location", str(ROOT / "migrations"))
    return ScriptDirectory.from_config(settings)


def test_an_empty_database_comes_to_the_head_and_again_is_harmless(empty: Flask) -> None:
    upgrade()
    upgrade()

    heads = db.session.scalars(text("select version_num from alembic_version")).all()
    assert heads == scripts().get_heads()
    assert look(url_of(empty)) == {"database": "ok", "migrations": "ok"}


# Alembic cannot compare this index; the test after the next one does.
not_compared = pytest.mark.filterwarnings("ignore:Expression #1 'xom_fold")


@not_compared
def test_no_table_differs_from_the_models(empty: Flask) -> None:
    upgrade()

    check()  # `flask db check`: exits when it finds a difference


@not_compared
def test_a_difference_is_found(empty: Flask) -> None:
    """The negative control of the test above."""
    upgrade()
    db.session.execute(text("alter table report drop column place_note"))
    db.session.commit()

    with pytest.raises(SystemExit):
        check()


def test_every_constraint_and_index_is_what_the_models_make(empty: Flask) -> None:
    """CHECKs, what an index is partial by, generated columns: all that autogenerate overlooks."""
    upgrade()
    migrated = catalogue()
    db.session.execute(text("drop schema public cascade; create schema public"))
    db.session.commit()
    upgrade(revision="0001")
    db.create_all()

    assert migrated["columns"] and catalogue() == migrated


def catalogue() -> dict[str, set[tuple[Any, ...]]]:
    """What is in the database, but for the queue's own tables and Alembic's."""
    found = {}
    for kind, query in CATALOGUE.items():
        rows = db.session.execute(text(query)).all()
        ours = [tuple(row) for row in rows if not row[0].startswith(("procrastinate_", "alembic"))]
        found[kind] = set(ours)
    db.session.rollback()
    return found


def test_a_migration_gives_up_on_a_lock_rather_than_hold_everybody_up(empty: Flask) -> None:
    """Waiting for a lock, it would make every request behind it wait too. (Three seconds here.)"""
    upgrade(revision="0002")
    with psycopg.connect(url_of(empty)) as somebody:
        somebody.execute("lock table audit_entry in access exclusive mode")

        with pytest.raises(OperationalError) as given_up:
            upgrade()

    assert isinstance(given_up.value.orig, psycopg.errors.LockNotAvailable)
    upgrade()  # run again, it passes
    assert look(url_of(empty))["migrations"] == "ok"


def test_a_report_goes_its_way_on_either_server(empty: Flask) -> None:
    """Nothing that the code asks of PostgreSQL is newer than the oldest that is promised."""
    upgrade()
    folder.load_city("hue")
    db.session.commit()
    snapshot.forget()
    house = House(snapshot.current())
    house.official(Role.DISPATCHER)
    db.session.commit()  # roles are read beside the transaction
    report = house.submits("Lan", description="Cống ở đường Hoá Châu nghẹt.")
    house.takes(house.official(Role.DISPATCHER), "accept", report)
    db.session.commit()

    found = queries.newest(Filters(words="hoa chau"), limit=5, after=None)

    assert [row.id for row in found] == [report.id]
    assert queries.near(report.lat, report.lng, 50, Filters(), limit=5)[0].id == report.id
    assert house.messages("Lan") == ["accepted"]
    assert waiting_jobs() == ["notifications.deliver"]


def waiting_jobs() -> list[str]:
    rows = db.session.execute(text("select task_name from procrastinate_jobs order by id"))
    return [row.task_name for row in rows]


def test_the_queue_that_was_laid_is_the_one_that_is_installed(empty: Flask) -> None:
    """Its functions are there and answer to this version of procrastinate."""
    upgrade()
    raw = psycopg.connect(url_of(empty), autocommit=True)
    job = queue.configure_task("some.task", allow_unknown=True, connection=raw).defer(number=7)

    row = raw.execute("select id, args, status from procrastinate_jobs").fetchone()

    assert row == (job, {"number": 7}, "todo")
    raw.close()


@pytest.fixture(autouse=True)
def look_afresh(empty: Flask) -> Iterator[None]:
    yield
    snapshot.forget()
