"""The reports of `make bench`: the same for the same seed, as real ones are spread, and such that
the database and the machine of a report's life would have let them come about.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
import psycopg
import pytest
import shapely
from flask import Flask

from app.database import db
from bench import history_rows, report_rows, rows, staffing, tickets
from bench.copying import fill
from bench.generate import Generated, generate, wards_of
from bench.rows import Officials, Source, Tables
from reports import codes
from reports.city import snapshot
from reports.city.snapshot import City
from reports.places import to_mercator
from reports.statuses import OPEN, S
from tests.conftest import config_for, needs, new_database

UNTIL = int(datetime(2026, 11, 21, 9, tzinfo=UTC).timestamp())
SIZE = 4_000
NOBODY = Officials(system="0" * 32, dispatcher="0" * 32, officer_of={})


@pytest.fixture(scope="module")
def database(server_url: str, template: str, city_template: str) -> Iterator[str]:
    with new_database(server_url, city_template, f"{template}_bench") as url:
        yield url


@pytest.fixture(scope="module")
def staffed(database: str) -> Iterator[tuple[Flask, Officials]]:
    """The shipped city with its 160 offices and their people, committed."""
    from app.factory import create_app

    app = create_app(config_for(database))
    with app.app_context():
        staffing.add_teams()
        db.session.commit()
        snapshot.forget()
        officials = staffing.add_officials()
        db.session.commit()
        yield app, officials
        db.engine.dispose()


@pytest.fixture(scope="module")
def city(staffed: tuple[Flask, Officials]) -> City:
    return snapshot.current()


@pytest.fixture(scope="module")
def drawn() -> tickets.Tickets:
    return tickets.drawn(1)


@pytest.fixture(scope="module")
def made(city: City, drawn: tickets.Tickets) -> Generated:
    return generate(city, drawn, SIZE, seed=1, until=UNTIL)


def source_of(made: Generated, officials: Officials = NOBODY) -> Source:
    places = [[ward.name_vi] for ward in made.wards]
    everybody = dict.fromkeys(made.columns["office_id"].tolist(), "0" * 32)
    held = officials if officials.officer_of else Officials("0" * 32, "0" * 32, everybody)
    return Source(made, held, places, UNTIL)


def all_tables(made: Generated) -> list[Tables]:
    return [history_rows.tables_of(batch) for batch in rows.batches(source_of(made))]


def test_the_same_seed_writes_the_same_rows(city: City, drawn: tickets.Tickets) -> None:
    once = generate(city, drawn, 500, seed=7, until=UNTIL)
    again = generate(city, drawn, 500, seed=7, until=UNTIL)

    assert all_tables(once) == all_tables(again)


def test_another_seed_writes_other_rows(city: City, drawn: tickets.Tickets) -> None:
    one = generate(city, drawn, 500, seed=7, until=UNTIL)
    other = generate(city, drawn, 500, seed=8, until=UNTIL)

    assert not np.array_equal(one.columns["submitted_at"], other.columns["submitted_at"])
    assert all_tables(one)[0]["report"]["id"] != all_tables(other)[0]["report"]["id"]


def test_reports_come_at_the_hours_and_weekdays_of_the_tickets(
    made: Generated, drawn: tickets.Tickets
) -> None:
    def week(moments: tickets.Ints) -> tickets.Floats:
        hours = (moments + tickets.ZONE_S) // 3600
        by_hour = np.bincount(hours % 24, minlength=24) / len(moments)
        by_day = np.bincount(hours // 24 % 7, minlength=7) / len(moments)
        return np.concatenate([by_hour, by_day])

    sent = made.columns["submitted_at"]

    assert np.abs(week(sent) - week(drawn.created)).max() < 0.03
    assert sent.max() <= UNTIL < sent.max() + 7 * tickets.DAY_S
    assert (np.diff(sent) >= 0).all()


def test_reports_are_of_the_kinds_of_the_tickets(made: Generated, drawn: tickets.Tickets) -> None:
    kinds = len(tickets.CATEGORIES)
    theirs = np.bincount(drawn.category, minlength=kinds) / len(drawn)
    ours = np.bincount(made.columns["category"], minlength=kinds) / len(made)

    assert np.abs(ours - theirs).max() < 0.03


def test_wards_get_reports_as_they_have_people(made: Generated, city: City) -> None:
    people = np.array([ward.population or 0 for ward in made.wards])
    share = np.bincount(made.columns["ward"], minlength=len(people)) / len(made)

    assert np.corrcoef(share, people)[0, 1] > 0.9


def test_every_report_lies_in_the_ward_that_it_is_said_to(made: Generated, city: City) -> None:
    boundaries = np.array([boundary for _, boundary in wards_of(city)])
    columns = made.columns

    inside = shapely.contains_xy(boundaries[columns["ward"]], columns["lng"], columns["lat"])

    assert inside.all()


def test_hot_spots_stay_hot_spots(made: Generated, drawn: tickets.Tickets) -> None:
    """The busiest hundredth of the squares holds about as much as among the tickets."""

    def share(lat: tickets.Floats, lng: tickets.Floats) -> float:
        squares = np.floor(lat / 0.002) * 1_000_000 + np.floor(lng / 0.002)
        counts = np.sort(np.unique(squares, return_counts=True)[1])[::-1]
        return float(counts[: len(counts) // 100 + 1].sum() / len(lat))

    sample = np.random.default_rng(0).integers(len(drawn), size=SIZE)
    theirs = share(drawn.lat[sample], drawn.lng[sample])
    ours = share(made.columns["lat"], made.columns["lng"])

    assert ours > theirs / 2


def test_a_few_of_a_hundred_are_open(made: Generated) -> None:
    status = made.columns["status"]

    assert set(np.unique(status)) <= set(S)
    assert 0.01 < np.isin(status, [*OPEN]).mean() < 0.10


def test_times_come_in_the_order_of_the_steps(made: Generated) -> None:
    columns = made.columns
    order = ("submitted_at", "accepted_at", "started_at", "first_resolved_at", "resolved_at",
             "closed_at")  # fmt: skip
    handled = ~np.isin(columns["status"], [S.REJECTED, S.WITHDRAWN])

    for earlier, later in pairwise(order):
        both = handled & (columns[earlier] > 0) & (columns[later] > 0)
        assert (columns[earlier][both] <= columns[later][both]).all(), (earlier, later)
    for name in order:
        assert (columns[name] <= UNTIL).all(), name


def test_a_status_has_the_times_that_belong_to_it(made: Generated) -> None:
    columns, status = made.columns, made.columns["status"]
    has = {name: columns[name] > 0 for name in columns if name.endswith("_at")}
    held = np.isin(status, [S.ACCEPTED, S.IN_PROGRESS, S.RESOLVED, S.CLOSED, S.WAITING, S.RETURNED])

    assert (has["accepted_at"][held] & has["due_at"][held]).all()
    assert (has["resolved_at"] == np.isin(status, [S.RESOLVED, S.CLOSED])).all()
    assert (has["closed_at"] == np.isin(status, [S.CLOSED, S.REJECTED, S.WITHDRAWN])).all()
    assert (has["centre_due_at"] == np.isin(status, [S.SUBMITTED, S.RETURNED])).all()
    assert not (has["published_at"] & ~has["accepted_at"]).any()
    assert ((columns["lead"] >= 0) == (status == S.MERGED)).all()
    assert (columns["next_check_at"][has["next_check_at"]] > UNTIL).all()


def test_codes_are_codes_and_none_comes_twice() -> None:
    made = report_rows.codes(np.arange(5_000), 1)

    assert len(set(made)) == len(made)
    assert all(codes.read_code(code) == code for code in made)


def test_places_are_projected_as_the_house_does() -> None:
    x, y = report_rows.mercator(np.array([16.4675, 10.0]), np.array([107.5885, 106.0]))

    assert (x[0], y[0]) == pytest.approx(to_mercator(16.4675, 107.5885))
    assert (x[1], y[1]) == pytest.approx(to_mercator(10.0, 106.0))


def test_the_database_takes_every_row(
    database: str, staffed: tuple[Flask, Officials], made: Generated
) -> None:
    """COPY, every check, and afterwards every foreign key, which loading does not look at."""
    _, officials = staffed
    with psycopg.connect(database) as connection:
        indexes = connection.execute(_INDEXES).fetchall()

    fill(database, source_of(made, officials))

    with psycopg.connect(database) as connection:
        assert connection.execute(_INDEXES).fetchall() == indexes
        counted = connection.execute("select count(*) from report").fetchone()
        assert counted == (SIZE,)
        assert unanswered(connection) == []
        assert connection.execute(WRONG_COUNTS).fetchone() == (0,)
        assert connection.execute(WRONG_HISTORY).fetchone() == (0,)


_INDEXES = "select indexname from pg_indexes where schemaname = 'public' order by 1"
WRONG_COUNTS = """
select count(*) from report where supporters <>
    (select count(*) from support where support.report_id = report.id)
"""
WRONG_HISTORY = """
select count(*) from report left join lateral
    (select "after", version from status_change
     where report_id = report.id order by version desc limit 1) as last on true
where (report.status, report.version) is distinct from (last."after", last.version)
"""


def unanswered(connection: psycopg.Connection[tuple[object, ...]]) -> list[str]:
    """The foreign keys that some row points nowhere with."""
    keys = connection.execute(
        "select conname, conrelid::regclass::text, a.attname, confrelid::regclass::text, f.attname"
        " from pg_constraint join pg_attribute a on attrelid = conrelid and a.attnum = conkey[1]"
        " join pg_attribute f on f.attrelid = confrelid and f.attnum = confkey[1]"
        " where contype = 'f' and conrelid = any(%s::regclass[])",
        [["report", "status_change", "assignment", "support", "rating"]],
    ).fetchall()
    wrong = []
    for name, table, column, other, key in keys:
        found = connection.execute(
            f'select 1 from {table} t where "{column}" is not null'
            f' and not exists (select from {other} o where o."{key}" = t."{column}") limit 1'
        ).fetchone()
        wrong += [str(name)] if found else []
    return wrong


def test_the_real_tickets_are_read() -> None:
    needs(tickets.REAL.is_file(), "../shared/data/complaints/traffy_facts.csv.gz")

    found = tickets.real(tickets.REAL, 1)

    assert len(found) > 130_000
    assert (found.category >= 0).all() and (found.category < len(tickets.CATEGORIES)).all()
    assert 0.5 < np.median(found.handled_s) / tickets.DAY_S < 3
    west, south, east, north = tickets.BANGKOK
    assert (found.lng > west).all() and (found.lng < east).all()
    assert (found.lat > south).all() and (found.lat < north).all()
