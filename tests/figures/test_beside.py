"""Figures beside people at work: a killed keeper loses nothing, and totals equal their parts while
reports come in and go on."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from flask import Flask

from app.database import db
from app.factory import create_app
from reports.city import snapshot
from reports.figures import checking, keeping
from reports.figures.columns import SUMS
from reports.figures.moment import at_one_moment
from reports.statuses import Role
from tests.conftest import config_for, new_database
from tests.figures.conftest import Counted
from tests.reports.conftest import MONDAY

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def beside(server_url: str, city_template: str, tmp_path: Path) -> Iterator[tuple[Flask, str]]:
    """A city of its own in which everybody commits, and its database's URL."""
    with new_database(server_url, city_template, f"{city_template}_beside") as url:
        app = create_app(config_for(url, storage_url=tmp_path.as_uri()))
        yield app, url
        with app.app_context():
            db.engine.dispose()


def keep(url: str, *, crash_at: str = "") -> int:
    """`flask figures keep` in a process of its own; its exit code."""
    environment = os.environ | {
        "XOM_ENV": "test",
        "DATABASE_URL": url,
        "SECRET_KEY": "a secret for tests alone, of forty letters",
        "XOM_IDENTITY_KEY": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY",
        "XOM_STORAGE_URL": "file:///tmp/xom-tests",
        "CRASH_AT": crash_at,
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "figures", "keep"]
    done = subprocess.run(command, check=False, env=environment, cwd=ROOT, capture_output=True)
    return done.returncode


def test_a_keeper_that_is_killed_loses_nothing(beside: tuple[Flask, str]) -> None:
    app, url = beside
    with app.app_context():
        house = Counted(snapshot.current(), MONDAY)
        house.follow()
        reports = [house.submits().id for _ in range(3)]
        db.session.commit()
        db.session.remove()

        killed = keep(url, crash_at="before_figures_commit")
        with psycopg.connect(url) as raw:
            in_between = (
                count(raw, "select count(*) from figure_change"),
                count(raw, "select count(*) from report_fact"),
            )
        ended = keep(url)

        assert killed < 0
        assert in_between == (len(reports), 0)
        assert ended == 0
        assert checking.differences() == {}
        with psycopg.connect(url) as raw:
            assert count(raw, "select count(*) from report_fact") == len(reports)
            assert count(raw, "select count(*) from figure_change") == 0


def count(raw: psycopg.Connection[tuple[object, ...]], query: str) -> int:
    row = raw.execute(query).fetchone()
    assert row
    return int(str(row[0]))


#: The total, and the sums of its parts, as one answer reads them: one statement after another.
_SUMMED = ", ".join(f"sum({one.name})" for one in SUMS)
_PARTS = (
    "area_id = 0 and category_id = 0 and office_id = 0",
    "area_id > 0 and category_id = 0 and office_id = 0",
    "area_id = 0 and category_id > 0 and office_id = 0",
    "area_id = 0 and category_id = 0 and office_id > 0",
    "area_id > 0 and category_id > 0 and office_id > 0",
)
_FACTS = ", ".join(one.sql for one in SUMS)


def test_totals_equal_their_parts_while_reports_come_in(beside: tuple[Flask, str]) -> None:
    app, _ = beside
    with app.app_context():
        Counted(snapshot.current(), MONDAY).follow()
        db.session.commit()
    stop, trouble = threading.Event(), list[BaseException]()
    writers = [
        threading.Thread(target=until_stopped, args=(stop, trouble, app, work))
        for work in (send_and_accept, follow)
    ]
    for writer in writers:
        writer.start()

    seen, differing = set(), 0
    with app.app_context():
        while len(seen) < 12 and not trouble:
            with at_one_moment() as connection:
                read = [
                    tuple(
                        connection.exec_driver_sql(
                            f"select {_SUMMED} from figure_group where span = 'month' and {parts}"
                        ).one()
                    )
                    for parts in _PARTS
                ]
                read.append(
                    tuple(connection.exec_driver_sql(f"select {_FACTS} from report_fact").one())
                )
            differing += len({tuple(int(n or 0) for n in one) for one in read}) != 1
            seen.add(read[0])
    stop.set()
    for writer in writers:
        writer.join()

    assert trouble == []
    assert differing == 0
    assert len(seen) >= 12  # the figures moved meanwhile
    with app.app_context():
        Counted(snapshot.current(), MONDAY).follow()
        assert checking.differences() == {}


def until_stopped(
    stop: threading.Event, trouble: list[BaseException], app: Flask, work: object
) -> None:
    try:
        with app.app_context():
            while not stop.is_set():
                work()  # type: ignore[operator]
                db.session.commit()
            db.session.remove()
    except BaseException as failed:
        trouble.append(failed)


def send_and_accept() -> None:
    house = Counted(snapshot.current(), MONDAY)
    report = house.submits(str(uuid4()))
    house.official(Role.DISPATCHER)
    db.session.commit()  # roles are read beside the transaction
    house.takes(house.official(Role.DISPATCHER), "accept", report)


def follow() -> None:
    keeping.turn(paced=False)
