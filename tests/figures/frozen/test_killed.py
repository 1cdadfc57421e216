"""A worker that is killed over a report leaves nothing half published, and the next one does it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from app.config import ROOT
from reports.figures.frozen import pdf
from tests.conftest import needs, new_database

PREPARE = """
from datetime import UTC, datetime
from app.database import db
from reports.city import snapshot
from tests.reports.conftest import House, keep_figures
with app.app_context():
    house = House(snapshot.current(), at=datetime(2026, 3, 2, 1, 30, tzinfo=UTC))
    house.submits()
    db.session.commit()
    keep_figures()
    db.session.commit()
"""
PUBLISH = """
from datetime import UTC, datetime
from app.database import db
from reports.figures.frozen.publishing import period_of, publish
with app.app_context():
    publish(period_of("2026-03"), by=None, at=datetime(2026, 4, 6, tzinfo=UTC))
    db.session.commit()
"""
APP = """
from app.config import Config
from app.factory import create_app
app = create_app(Config.from_env())
"""


@pytest.fixture
def database(server_url: str, city_template: str) -> Iterator[str]:
    needs((pdf.FOLDER / pdf.FONTS[0]).is_file(), "web/built/paper-400.ttf (make pages)")
    with new_database(server_url, city_template, f"{city_template}_killed") as url:
        yield url


def run(script: str, database: str, files: Path, *, crash_at: str = "") -> int:
    environment = os.environ | {
        "XOM_ENV": "test",
        "DATABASE_URL": database,
        "SECRET_KEY": "a secret for tests alone, of forty letters",
        "XOM_IDENTITY_KEY": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY",
        "XOM_STORAGE_URL": files.as_uri(),
        "CRASH_AT": crash_at,
    }
    done = subprocess.run(
        [sys.executable, "-c", APP + script],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    return done.returncode


def published(database: str) -> list[tuple[str, int]]:
    with psycopg.connect(database) as connection:
        rows = connection.execute("select period, number from figure_report").fetchall()
    return [(period, number) for period, number in rows]


def test_killed_between_the_files_and_the_row_nothing_is_published(
    database: str, tmp_path: Path
) -> None:
    assert run(PREPARE, database, tmp_path) == 0

    killed = run(PUBLISH, database, tmp_path, crash_at="after_report_files")
    in_between = published(database)
    again = run(PUBLISH, database, tmp_path)

    assert (killed, in_between) == (-signal.SIGKILL, [])
    assert (again, published(database)) == (0, [("2026-03", 1)])


def test_killed_over_the_first_file_it_is_made_anew(database: str, tmp_path: Path) -> None:
    assert run(PREPARE, database, tmp_path) == 0

    killed = run(PUBLISH, database, tmp_path, crash_at="after_rename")
    again = run(PUBLISH, database, tmp_path)

    assert (killed, again) == (-signal.SIGKILL, 0)
    assert published(database) == [("2026-03", 1)]
