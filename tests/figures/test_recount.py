"""All real tickets, moved onto Huế: every figure of every day, month, quarter, year, ward, category
and office is what another engine counts from the tables of reports (`recount.sql`), down to the
last unit; so are answers, what is overdue in them, tables and reports on paper. And every cell of
the map is what each report tells, looked at one by one (`brute`)."""

import csv
import random
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pytest
from flask import Flask
from sqlalchemy import text

from app.clock import now
from app.database import db, reading
from app.factory import create_app
from bench.tickets import REAL
from reports.city import snapshot
from reports.csv_text import csv_of
from reports.figures import indicators, keeping, periods
from reports.figures.columns import HELD_SUMS, SUMS, TIMES
from reports.figures.definitions import OVERDUE
from reports.figures.frozen.contents import read_contents
from reports.figures.group_names import named
from reports.figures.heatmap import Wanted, heat
from reports.figures.indicators import Compare
from reports.figures.periods import Period, quarter, year
from reports.figures.scope import By
from reports.figures.telling import table
from tests.conftest import config_for, needs, new_database
from tests.figures.brute import Brute, everything
from tests.figures.loaded import UNTIL, load
from tests.figures.recounting import Recount, figures_of
from tests.figures.test_heatmap import a_question, leader, told

pytestmark = pytest.mark.timeout(1200)  # the first test loads everything, beside whatever runs
RECOUNT = (Path(__file__).parent / "recount.sql").read_text()
KEYS = ("span", "start", "area_id", "category_id", "office_id")
TICKETS = 138_781
AS_OF = UNTIL + timedelta(days=2)  # on Wednesday: two working days' deadlines have just passed
#: What is copied out: times as they are in UTC, without a zone.
COPIED = {
    "report": (
        "id, area_id, category_id, office_id, status, outcome, rejection, urgent, reopened,"
        " returned, recurrence, hidden",
        ("submitted_at", "accepted_at", "published_at", "first_resolved_at", "first_due_at",
         "due_at", "resolved_at", "erased_at"),
    ),
    "status_change": ("report_id, version, step, before, after, role", ("at",)),
    "assignment": ("report_id, office_id, part", ("since", "until")),
    "rating": ("report_id, stars", ()),
    "comment": ("report_id, office_id", ("at", "published_at", "hidden_at")),
}  # fmt: skip


@pytest.fixture(scope="module")
def loaded(
    server_url: str, city_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """A database of every ticket, with its figures, as of two days after the last was sent: what is
    open is overdue for hours, days or months."""
    needs(REAL.is_file(), "../shared/data/complaints/traffy_facts.csv.gz")
    with new_database(server_url, city_template, f"{city_template}_tickets") as url:
        app = create_app(config_for(url, storage_url=tmp_path_factory.mktemp("files").as_uri()))
        assert load(app, url) == TICKETS
        with app.app_context():
            snapshot.forget()
            more = True
            while more:
                more = keeping.turn(paced=False).more
                db.session.commit()
            db.session.execute(_AS_OF, {"at": AS_OF})
            db.session.commit()
            yield app
            db.engine.dispose()
            snapshot.forget()


_AS_OF = text("update figure_state set as_of = :at, worked = xom_worked(:at)")


@pytest.fixture(scope="module")
def recounted(loaded: Flask, tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    engine = duckdb.connect()
    folder = tmp_path_factory.mktemp("tables")
    with psycopg.connect(url_of(loaded)) as raw:
        for table, (columns, times) in COPIED.items():
            named = {"at": "happened"}  # `at` is a word of DuckDB's
            moments = "".join(
                f", {name} at time zone 'UTC' as {named.get(name, name)}" for name in times
            )
            _take(engine, raw, folder, table, f"select {columns}{moments} from {table}")
        _take(
            engine,
            raw,
            folder,
            "hours",
            "select valid_from, months, weekdays, spans from working_hours",
        )
    calendar = snapshot.current().calendar
    worked = {day for day, working in calendar.corrections.items() if working}
    off = {day for day, working in calendar.corrections.items() if not working}
    for name, days in (
        ("worked_all_the_same", worked),
        ("days_off", (calendar.holidays | off) - worked),
    ):
        engine.execute(f"create table {name} (day date)")
        engine.executemany(f"insert into {name} values (?)", [[day] for day in days])
    engine.execute(
        "create table told as select ?::timestamp as as_of", [AS_OF.replace(tzinfo=None)]
    )
    engine.execute(RECOUNT)
    return engine


def _take(engine: Any, raw: psycopg.Connection[Any], folder: Path, table: str, query: str) -> None:
    file = folder / f"{table}.csv"
    with file.open("wb") as out, raw.cursor().copy(f"copy ({query}) to stdout csv header") as rows:
        for part in rows:
            out.write(part)
    engine.execute(f"create table {table} as from read_csv('{file}', sample_size = -1)")


def url_of(app: Flask) -> str:
    return str(app.extensions["xom.config"].database_url).replace("+psycopg", "")


def rows(connection: Any, query: str) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """By key; numbers as integers, whatever the engine calls them."""
    found = connection.execute(query).fetchall()
    return {
        tuple(row[:5]): tuple(None if value is None else int(value) for value in row[5:])
        for row in found
    }


def test_every_figure_of_every_day_month_quarter_and_year_is_what_duckdb_counts(
    loaded: Flask, recounted: duckdb.DuckDBPyConnection
) -> None:
    times = [f"{one.name}_{which}" for one in TIMES for which in ("median", "p90")]
    names = [one.name for one in SUMS] + times
    columns = ", ".join((*KEYS, *names))
    ours = columns.replace("resting_from", f"resting_from - resting * {_ORIGIN}")

    with psycopg.connect(url_of(loaded)) as raw:
        kept = rows(raw, f"select {ours} from figure_group")
    counted = rows(recounted, f"select {columns} from sums where {_KEPT}")

    assert differing(kept, counted, names) == []
    assert len(counted) > 20_000
    everything = [row for key, row in counted.items() if key[2:] == (0, 0, 0)]
    assert sum(row[0] for row in everything) == 4 * TICKETS  # by day, month, quarter and year
    for number, name in enumerate(names):  # a figure that is nought everywhere was not tested
        assert any(row[number] for row in everything), name


def test_how_long_each_office_held_is_what_duckdb_counts(
    loaded: Flask, recounted: duckdb.DuckDBPyConnection
) -> None:
    names = [one.name for one in HELD_SUMS]
    columns = ", ".join((*KEYS, *names))
    ours = columns.replace("running_from", f"running_from - running * {_ORIGIN}")

    with psycopg.connect(url_of(loaded)) as raw:
        kept = rows(raw, f"select {ours} from figure_held")
    counted = rows(recounted, f"select {columns} from held_sums where {_KEPT}")

    assert differing(kept, counted, names) == []
    assert len(counted) > 20_000
    for number, name in enumerate(names):
        assert any(row[number] for row in counted.values()), name


#: Of a day, what one key alone narrows is kept; of all other spans everything.
_KEPT = "span <> 'day' or sign(area_id) + sign(category_id) + sign(office_id) < 2"
#: The recount begins to count working time at the first day that it knows.
_ORIGIN = "xom_worked('2022-01-01 00:00+07')"


def differing(
    kept: dict[tuple[Any, ...], tuple[Any, ...]],
    counted: dict[tuple[Any, ...], tuple[Any, ...]],
    names: list[str],
) -> list[str]:
    """The first few that are not the same, in words."""
    told = []
    for key in sorted({*kept, *counted}):
        ours, theirs = kept.get(key), counted.get(key)
        if ours is None or theirs is None:
            told.append(f"{key}: kept {ours}, counted {theirs}")
        elif ours != theirs:
            pairs = zip(names, ours, theirs, strict=True)
            told.append(f"{key}: {[(name, a, b) for name, a, b in pairs if a != b]}")
    return told[:5]


# What is answered -------------------------------------------------------------------------------

PERIODS = (periods.month(2026, 2), periods.month(2025, 11), quarter(2025, 4), year(2025))


@pytest.fixture(scope="module")
def recount(recounted: duckdb.DuckDBPyConnection) -> Recount:
    return Recount(recounted)


@pytest.mark.parametrize("period", PERIODS, ids=lambda period: period.code)
@pytest.mark.parametrize("by", [None, By.AREA, By.CATEGORY, By.OFFICE], ids=str)
def test_an_answer_with_what_is_overdue_and_its_table_are_what_duckdb_counts(
    recount: Recount, period: Period, by: By | None
) -> None:
    answer = indicators.read(period, by=by, compare=Compare.NONE, at=AS_OF)
    as_table = csv.reader("".join(csv_of(table(answer, "vi"))).splitlines())

    counted = recount.sums(period, by)
    groups = {group.key or 0: group for group in (answer.total, *answer.groups)}
    assert counted == {key: dict(one.sums) for key, one in groups.items() if not one.has_nothing}
    heads, *lines = as_table
    values = [n for n, head in enumerate(heads) if n > 1 and not head.endswith(": mẫu")]
    cells = {line[0]: [float(line[n]) if line[n] else None for n in values] for line in lines}
    for key, row in counted.items():
        figures = figures_of(row)
        among = row["timed"] + row["overdue_first"]
        assert figures["on_time"] == (row["on_time"] / among if among else None)
        assert {name: told.value for name, told in groups[key].figures().items()} == figures
        assert cells[groups[key].name.code or ""] == list(figures.values())


def test_whatever_is_late_was_there_to_be_recounted(recount: Recount) -> None:
    """The negative control of the test above: what is nought everywhere was not tested."""
    rows = [row for one in PERIODS for row in recount.sums(one, By.AREA).values()]

    for name in (*OVERDUE, "overdue", "overdue_first", "centre_late", "held_s", "rest_s"):
        assert any(row[name] for row in rows), name


def test_a_report_on_paper_holds_what_duckdb_counts(recount: Recount) -> None:
    period, city = PERIODS[1], snapshot.current()

    contents = read_contents(period, number=1, at=AS_OF)

    groups = {
        By.OFFICE: contents["offices"],
        By.AREA: contents["areas"],
        By.CATEGORY: contents["categories"],
    }
    for by, printed in groups.items():
        counted = recount.sums(period, by).items()
        expected = {named(by, key, city).code: figures_of(row) for key, row in counted if key}
        filled = {row["code"]: row["figures"] for row in printed if not row["nothing"]}
        assert {code: values_of(cells) for code, cells in filled.items()} == expected
    assert values_of(contents["total"]) == figures_of(recount.sums(period, None)[0])


def values_of(cells: Mapping[str, Any]) -> dict[str, float | None]:
    return {key: cell["value"] for key, cell in cells.items()}


def test_days_months_quarters_and_years_add_up(loaded: Flask) -> None:
    """What adds up is the same by day, month, quarter and year, and as the sum of its parts."""
    sums = ", ".join(f"sum({one.name})" for one in SUMS)
    wholes = {
        f"{sums} from figure_group where span = '{span}' and {parts}"
        for span in ("day", "month", "quarter", "year")
        for parts in (
            "area_id = 0 and category_id = 0 and office_id = 0",
            "area_id > 0 and category_id = 0 and office_id = 0",
            "area_id = 0 and category_id > 0 and office_id = 0",
            "area_id = 0 and category_id = 0 and office_id > 0",
            *(["area_id > 0 and category_id > 0 and office_id > 0"] if span != "day" else []),
        )
    }

    with psycopg.connect(url_of(loaded)) as raw:
        found = {raw.execute(f"select {whole}").fetchone() for whole in wholes}

    assert len(wholes) == 19
    assert len(found) == 1


@pytest.fixture(scope="module")
def brute(loaded: Flask) -> Brute:
    with reading() as connection:
        return Brute(everything(connection, snapshot.current()))


@pytest.mark.parametrize("resolution", [6, 7, 8])
def test_the_map_of_all_there_is_agrees_with_each_report(brute: Brute, resolution: int) -> None:
    city = snapshot.current()
    for since, until in ((None, None), (date(2025, 1, 1), date(2026, 1, 1))):
        wanted = Wanted(resolution=resolution, since=since, until=until)

        found = heat(wanted, leader(city), at=now())

        assert told(found) == brute.heat(wanted, as_of=found.as_of)
    assert len(brute.reports) > 50_000


def test_whatever_is_asked_of_the_map_agrees_with_each_report(brute: Brute) -> None:
    city, rng = snapshot.current(), random.Random(17)
    shown = 0
    for _ in range(15):
        wanted = a_question(rng, brute.reports)

        found = heat(wanted, leader(city), at=now())

        expected = brute.heat(wanted, as_of=found.as_of)
        assert told(found) == expected, wanted
        shown += sum(row["count"] for row in expected.values())
    assert shown > 10_000
