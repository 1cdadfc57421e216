"""Whoever must not know of some reports reads the roll-ups less these, and not every report anew;
to the last unit it is what a count of all the others gives."""

import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from app.database import db
from reports.figures import periods
from reports.figures.definitions import Sums
from reports.figures.group_reading import Rows, months_of_period, rows_of, rows_of_past
from reports.figures.moment import at_one_moment, moment_in
from reports.figures.periods import Period
from reports.figures.scope import Before, By, Key, Scope
from tests.figures.conftest import Counted

MARCH, FIRST_QUARTER = periods.month(2026, 3), periods.quarter(2026, 1)


def facts() -> list[Any]:
    columns = "report_id, area_id, category_id, office_id, published"
    return list(db.session.execute(text(f"select {columns} from report_fact order by 1")))


def scopes(seed: int) -> Iterator[Scope]:
    """Some reports are left out, some are counted as they were before; narrowed and not."""
    rng, all_of_them = random.Random(seed), facts()
    some = rng.sample(all_of_them, 7)
    hidden = frozenset(one.report_id for one in some[: rng.randint(0, 4)])
    as_before = frozenset(
        Before(one.report_id, other.category_id, other.office_id, not one.published)
        for one, other in zip(some[4:], rng.sample(all_of_them, 3), strict=True)
    )
    one = rng.choice(all_of_them)
    for told in (Scope(hidden=hidden), Scope(hidden=hidden, as_before=as_before)):
        yield told
        yield replace(told, area=one.area_id)
        yield replace(told, category=one.category_id)
        yield replace(told, office=one.office_id)
        yield replace(told, area=one.area_id, category=one.category_id, office=one.office_id)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("period", [MARCH, FIRST_QUARTER], ids=lambda period: period.code)
def test_it_is_what_a_count_of_the_others_gives(story: Counted, period: Period, seed: int) -> None:
    for scope in scopes(seed):
        with at_one_moment() as connection:
            moment = moment_in(connection)
            count_all = replace(moment, anew=True)
            for by in (None, *By):
                told = rows_of(connection, period, by, scope, moment)
                counted = rows_of(connection, period, by, scope, count_all)
                assert with_any(told) == with_any(counted), (scope, by)
            line = months_of_period(connection, FIRST_QUARTER, scope, moment)
            counted = months_of_period(connection, FIRST_QUARTER, scope, count_all)

        assert by_month(line) == by_month(counted)


@pytest.mark.parametrize("seed", range(3))
def test_put_together_from_months_and_days_it_is_too(story: Counted, seed: int) -> None:
    days = Period(MARCH.since, MARCH.since.replace(day=29))  # the month less some days
    for scope in scopes(seed):
        with at_one_moment() as connection:
            moment = moment_in(connection)
            for by in (None, By.OFFICE, By.AREA, By.CATEGORY):
                counted = rows_of(connection, days, by, scope, moment)
                together = rows_of_past(connection, days, by, scope, moment, counted_most=0)

                assert dict(together[None]) == dict(counted[None])
                assert sums_of(with_any(together)) == sums_of(with_any(counted))


def with_any(rows: Rows) -> dict[Key, dict[str, int | None]]:
    """Groups that have nothing may be named or not."""
    return {key: dict(row) for key, row in rows.items() if key is None or has_any(row)}


def by_month(line: Rows) -> dict[Key, dict[str, int | None]]:
    """A line has no total."""
    return {key: row for key, row in with_any(line).items() if key is not None}


def has_any(row: Sums) -> bool:
    return any(value for name, value in row.items() if not is_percentile(name))


def is_percentile(name: str) -> bool:
    return name.endswith(("_median", "_p90"))


def sums_of(rows: dict[Key, dict[str, int | None]]) -> dict[Key, dict[str, int | None]]:
    return {
        key: {name: n for name, n in row.items() if not is_percentile(name)}
        for key, row in rows.items()
    }


def test_a_group_in_which_nothing_else_was_is_not_named(story: Counted) -> None:
    """That a category is there, with a zero, would tell that something was in it."""
    urgent = db.session.execute(
        text("select report_id, category_id from report_fact where urgent")
    ).one()
    scope = Scope(hidden=frozenset({urgent.report_id}))

    with at_one_moment() as connection:
        rows = rows_of(connection, MARCH, By.CATEGORY, scope, moment_in(connection))

    assert urgent.category_id not in rows
    assert rows[None]["received"] == 30


def test_roll_ups_are_read_and_not_every_report(story: Counted) -> None:
    """Seen by a number that stands in the roll-ups alone."""
    urgent = db.session.execute(text("select report_id from report_fact where urgent")).scalar_one()
    scope = Scope(hidden=frozenset({urgent}))
    written = db.session.begin_nested()
    db.session.execute(text("update figure_group set received = received + 1000"))

    with at_one_moment() as connection:
        moment = moment_in(connection)
        received = {
            by: rows_of(connection, MARCH, by, scope, moment)[None]["received"]
            for by in (None, By.OFFICE, By.MONTH, By.DAY)
        }
    written.rollback()

    assert set(received.values()) == {1030}
