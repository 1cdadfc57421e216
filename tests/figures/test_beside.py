"""Figures beside people at work: a killed keeper loses nothing, and totals equal their parts while
reports come in and go on."""

import csv
import io
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from flask import Flask

from app.database import db
from app.factory import create_app
from reports.city import snapshot
from reports.csv_text import csv_of
from reports.figures import checking, indicators, keeping, telling
from reports.figures.columns import SUMS
from reports.figures.definitions import Sums
from reports.figures.group_reading import NOTHING
from reports.figures.group_sql import PERCENTILES
from reports.figures.heatmap import HeatMap, Wanted, heat
from reports.figures.indicators import Answer, By
from reports.figures.moment import at_one_moment
from reports.figures.periods import Period, month
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
    seen, differing = set(), 0

    with busy(app) as trouble, app.app_context():
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

    assert trouble == []
    assert differing == 0
    assert len(seen) >= 12  # the figures moved meanwhile
    with app.app_context():
        Counted(snapshot.current(), MONDAY).follow()
        assert checking.differences() == {}


def test_answers_add_up_too_as_table_and_map_while_reports_come_in(
    beside: tuple[Flask, str],
) -> None:
    """What somebody reads under one moment: the total of the page, its parts in every way, other
    days that are counted one by one, the lines of the CSV, the cells of the map."""
    app, _ = beside
    told, seen = [], set()

    with busy(app) as trouble, app.app_context():
        house = Counted(snapshot.current(), MONDAY)
        house.official(Role.LEADER)
        db.session.commit()
        leader = house.official(Role.LEADER)  # roles are read beside the transaction
        while len(seen) < 8 and not trouble:
            with at_one_moment():
                answers = {by: indicators.read(MARCH, by=by, at=AFTER) for by in By}
                days = indicators.read(ALL_BUT_ITS_LAST_DAY, at=AFTER)
                mapped = heat(Wanted(since=MARCH.since, until=MARCH.until), leader, at=AFTER)
            total = answers[By.OFFICE].total.sums
            told += [(by, answer.total.sums, total) for by, answer in answers.items()]
            told += [(by, summed(answer), added(total)) for by, answer in answers.items()]
            told += [("csv", csv_sums(answers[By.AREA]), added(total, COUNTS))]
            told += [("days", added(days.total.sums), added(total))]
            told += [("map", map_sums(mapped), tuple(total[name] for name in ON_THE_MAP.values()))]
            seen.add(total["received"])

    assert trouble == []
    assert [one for one in told if one[1] != one[2]] == []
    assert len(seen) >= 8  # the figures moved meanwhile


MARCH = month(2026, 3)
ALL_BUT_ITS_LAST_DAY = Period(date(2026, 3, 1), date(2026, 3, 31))  # nothing came on that
AFTER = datetime(2026, 4, 20, tzinfo=UTC)
#: What adds up. Offices hold a report one after the other: that is not among it.
ADDED = tuple(name for name in NOTHING if name not in PERCENTILES and not name.startswith("held"))
COUNTS = ("received", "open", "resolved", "rejected", "overdue", "comments")
ON_THE_MAP = {
    "count": "received", "open": "open", "overdue": "overdue", "timed": "timed",
    "on_time": "on_time", "resolve_n": "resolve_n", "ratings": "ratings",
    "satisfied": "satisfied",
}  # fmt: skip


def added(sums: Sums, names: tuple[str, ...] = ADDED) -> tuple[int, ...]:
    return tuple(sums[name] or 0 for name in names)


def summed(answer: Answer) -> tuple[int, ...]:
    """The groups of an answer, added up."""
    return tuple(sum(group.sums[name] or 0 for group in answer.groups) for name in ADDED)


def csv_sums(answer: Answer) -> tuple[int, ...]:
    """The lines of the CSV added up, which its own last line must tell too."""
    lines = "".join(csv_of(telling.table(answer, "en", COUNTS)))
    _, *rows, total = csv.reader(io.StringIO(lines))
    parts = tuple(sum(int(row[place]) for row in rows) for place in range(2, 2 + len(COUNTS)))
    assert parts == tuple(int(value) for value in total[2:])
    return parts


def map_sums(mapped: HeatMap) -> tuple[int, ...]:
    return tuple(sum(getattr(cell, name) for cell in mapped.cells) for name in ON_THE_MAP)


@contextmanager
def busy(app: Flask) -> Iterator[list[BaseException]]:
    """Reports come in and are accepted, and figures follow; what went wrong with that."""
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
    try:
        yield trouble
    finally:
        stop.set()
        for writer in writers:
            writer.join()


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
