"""Migrations on a city that is being used: no request fails, and none waits for the upgrade.

The requests are those of the code of before, as the database sees them: that code runs on while
the schema changes. Each gives up on a lock after a second, or after half of what it takes here and
now to write every report, if that is longer; an upgrade that holds a table for longer fails one.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import text

from app.database import db
from reports import covers
from tests.migrations.conftest import database
from tests.migrations.rows import GIVEN, PERSON, REPORT, add
from tests.migrations.servers import url_of

Raw = psycopg.Connection[Any]
OF_THE_INDEX = "where indexrelid = 'ix_report_open_spot'::regclass"
#: What is different in each copy of a row; the rest is taken over.
ITS_OWN = {
    "report": {
        "id": "gen_random_uuid()",
        "code": "'c' || number",
        "spot": "point(11976297 + number %% 977, 1858942 + number %% 991)",
    },
    "photo": {"id": "gen_random_uuid()", "report_id": "report.id"},
}


def copy(raw: Raw, table: str, source: str, *values: Any) -> None:
    names = raw.execute(
        "select column_name from information_schema.columns where table_schema = 'public'"
        " and table_name = %s and is_generated = 'NEVER'",
        [table],
    )
    columns = [name for (name,) in names]
    taken = [ITS_OWN[table].get(name, f"{table}.{name}") for name in columns]
    raw.execute(
        f"insert into {table} ({', '.join(columns)}) select {', '.join(taken)} from {source}",
        values,
    )


@pytest.fixture
def busy(each_server: str, second: str) -> Iterator[Flask]:
    """A city at the third migration with some reports, each with a photo."""
    with database(each_server, second) as app:
        grown(app, 2_000)
        yield app


@pytest.fixture
def large(each_server: str, second: str) -> Iterator[Flask]:
    """The same with so many that filling them all takes longer than a request waits."""
    with database(each_server, second) as app:
        grown(app, 60_000)
        yield app


def grown(app: Flask, many: int) -> None:
    upgrade(revision="0003")
    with psycopg.connect(url_of(app), autocommit=True) as raw:
        copy(raw, "report", "report, generate_series(1, %s) number", many)
        copy(raw, "photo", "photo, report where report.id <> %s", REPORT)
        raw.execute("analyze")


def submits(raw: Raw) -> None:
    report_id = uuid4()
    with raw.transaction():
        add(raw, "report", **GIVEN["report"] | {"id": report_id, "code": report_id.hex[:10]})
        facts = {"id": uuid4(), "report_id": report_id, "version": 1}
        add(raw, "status_change", **GIVEN["status_change"] | facts)
        add(raw, "assignment", report_id=report_id, office_id=1, part="proposed")


def steps(raw: Raw) -> None:
    """On any report, as officers do."""
    raw.execute(
        "update report set status = 'in_progress', version = version + 1 where id ="
        " (select id from report where id > gen_random_uuid() order by id limit 1)"
    )


def lists(raw: Raw) -> None:
    query = "select id, description, submitted_at from report where shown"
    assert raw.execute(f"{query} order by submitted_at desc, id desc limit 20").fetchall()


def reads(raw: Raw) -> None:
    assert raw.execute("select code, status from report where id = %s", [REPORT]).fetchone()


def patience_ms(url: str) -> int:
    """How long a request waits for a lock, where everything may be slow just now."""
    with psycopg.connect(url) as raw:
        began = time.perf_counter()
        raw.execute("update report set version = version")
        spent = time.perf_counter() - began
        raw.rollback()
    return max(1_000, int(spent * 500))


@contextmanager
def requests_meanwhile(url: str) -> Iterator[Counter[str]]:
    """Requests of each kind, one after the other, each kind in a thread of its own; how many were
    answered. What one of them ran into is raised at the end."""
    over, answered = Event(), Counter[str]()
    most = patience_ms(url)
    limits = f"-c lock_timeout={most}ms -c statement_timeout={5 * most}ms"

    def go_on(act: Callable[[Raw], None]) -> None:
        with psycopg.connect(url, autocommit=True, options=limits) as raw:
            while not over.is_set():
                act(raw)
                answered[act.__name__] += 1

    acts = (submits, steps, lists, reads)
    with ThreadPoolExecutor(len(acts)) as threads:
        under_way = [threads.submit(go_on, act) for act in acts]
        try:
            yield answered
        finally:
            over.set()
        for one in under_way:
            one.result()


def missing() -> int:
    found = db.session.scalar(
        text("select count(*) from report where cover is null"
             " and exists (select from photo where report_id = report.id)")
    )  # fmt: skip
    db.session.rollback()
    return int(found or 0)


def test_no_request_fails_while_a_busy_city_comes_to_the_head(large: Flask) -> None:
    with requests_meanwhile(url_of(large)) as answered:
        upgrade()
        meanwhile = Counter(answered)

    assert all(meanwhile[kind] > 0 for kind in ("submits", "steps", "lists", "reads")), meanwhile
    filled(large)


def filled(app: Flask) -> None:
    told = app.test_cli_runner().invoke(args=["covers", "fill"])

    assert told.exit_code == 0, told.output
    assert missing() == 0


def test_who_holds_a_report_just_now_is_not_waited_for(busy: Flask) -> None:
    """A step is under way for as long as the upgrade takes; the index alone waits for its end."""
    upgrade(revision="0006")
    with psycopg.connect(url_of(busy)) as somebody:
        somebody.execute("update report set version = version + 1 where id = %s", [REPORT])
        somebody.execute(
            "delete from photo where report_id = (select max(id::text)::uuid from report)"
        )

        upgrade(revision="0007")

        assert missing() == 2
        somebody.rollback()
    filled(busy)


def test_a_photo_that_goes_meanwhile_leaves_nothing_behind(busy: Flask) -> None:
    upgrade()
    report_id = a_report_with_two_photos(busy)
    with psycopg.connect(url_of(busy)) as somebody:
        (gone,) = somebody.execute(
            "delete from photo where report_id = %s and position = 0 returning id", [report_id]
        ).fetchone() or (None,)
        covers.fill()
        db.session.commit()

    cover = db.session.scalar(text("select cover from report where id = :id"), {"id": report_id})
    assert cover and str(gone) not in cover
    db.session.rollback()


def a_report_with_two_photos(app: Flask) -> UUID:
    """As the code of before the column stores it."""
    report_id = UUID(int=1)  # among the first that are filled
    with psycopg.connect(url_of(app), autocommit=True) as raw:
        add(raw, "report", **GIVEN["report"] | {"id": report_id, "code": "two"})
        for position in (0, 1):
            add(raw, "photo", owner_id=PERSON, report_id=report_id, position=position)
    return report_id


def test_an_index_that_was_left_half_built_is_built_anew(busy: Flask) -> None:
    upgrade(revision="0005")
    with psycopg.connect(url_of(busy), autocommit=True) as raw:
        raw.execute("create index ix_report_open_spot on report using gist (spot)")
        raw.execute(f"update pg_index set indisvalid = false {OF_THE_INDEX}")

        upgrade()

        row = raw.execute(
            f"select indisvalid, pg_get_indexdef(indexrelid) from pg_index {OF_THE_INDEX}"
        ).fetchone()
    assert row and row[0] and "INCLUDE (submitted_at)" in row[1]
