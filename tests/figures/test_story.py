"""The figures of a month that was worked out by hand, against what is answered; and counted again
from the reports themselves by plain SQL that knows nothing of facts and roll-ups."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from app.database import db
from reports.figures import indicators, periods
from reports.figures.definitions import Sums
from reports.figures.group_reading import rows_of, rows_of_past
from reports.figures.indicators import Answer, By, Compare, Group, Scope
from reports.figures.moment import at_one_moment, moment_in
from reports.figures.periods import Period
from tests.figures.conftest import Counted
from tests.figures.story import ANIMALS, AS_OF, HEALTH, PLAIN, TOURISM

HOUR = 3600
MARCH = periods.month(2026, 3)


def read(period: Period = MARCH, by: By | None = None, scope: Scope | None = None) -> Answer:
    return indicators.read(period, by=by, scope=scope or Scope(), at=AS_OF)


def by_code(answer: Answer) -> dict[str, Group]:
    return {group.name.code: group for group in answer.groups}


def values(group: Group, *keys: str) -> dict[str, Any]:
    return {key: group.told(key).value for key in keys}


def test_every_figure_of_the_month_is_what_was_worked_out_by_hand(story: Counted) -> None:
    told = {key: (one.value, one.sample) for key, one in read().total.figures().items()}

    assert told == {
        # A 10, B 4, C 3, D 1, E 2, F 3, G 2, H, I, J, K 2, M
        "received": (31, 31),
        "urgent": (1, 1),  # J
        "published": (21, 21),  # A 10, B 4, F 3, G 2, H, I: J is private, the rest not accepted
        "recurring": (1, 1),  # F3, where A1 had been answered
        "open": (10, 10),  # F 3, G 2, H, I, K 2, M
        "rejected": (3, 3),
        "rejected_outside_scope": (1, 1),
        "rejected_unclear": (1, 1),
        "rejected_abusive": (0, 0),
        "rejected_personal": (0, 0),
        "rejected_already_answered": (0, 0),
        "rejected_other": (1, 1),
        "merged": (2, 2),
        "withdrawn": (1, 1),
        "resolved": (15, 15),  # A 10, B 4, J
        "fixed": (11, 11),
        "planned": (0, 0),
        "explained": (4, 4),
        "not_found": (0, 0),
        # 11 in time (A 10, I), of 16 answered (B 4 and J late) and 4 open too long (F 3, H)
        "on_time": (11 / 20, 20),
        "overdue": (5, 5),  # F 3, H, and I past its second deadline
        "overdue_0d": (0, 0),
        "overdue_1d": (0, 0),
        "overdue_3d": (1, 1),  # H, due on the 25th at 17:00
        "overdue_7d": (4, 4),  # F due on the 18th, I on the 10th
        "overdue_30d": (0, 0),
        # 0 h (J, at night); 1 h: A 10, F 3, G 2, H, I; 8.5 h: B 4 (7.5 on Wednesday, 1 on Thursday)
        "accept_median": (1 * HOUR, 22),
        "accept_p90": (8.5 * HOUR, 22),
        # 0.5 h: J; 10 h: A 10, I (7.5 on Monday, 2.5 on Tuesday); 98 h: B 4
        "resolve_median": (10 * HOUR, 16),
        "resolve_p90": (98 * HOUR, 16),
        # A 10 and I 9 h, B 4 of 89.5 h, F 3 of 138.5 h until now, G 2 of 9 h, H 16 h with TOURISM
        # and 82.5 h with the centre until now, J half an hour: 22 reports
        "held": (989.5 * HOUR, 22),
        "held_mean": (989.5 * HOUR / 22, 22),
        "rested": (2, 2),
        "rest_mean": (89.5 * HOUR, 2),  # G, asked on the 17th at 10:00, not answered yet
        # 0 h: J; 1 h: A 10, D, F 3, G 2, I; 2 h: C 3, E 2; 8.5 h: B 4
        "centre_median": (1 * HOUR, 27),
        "centre_p90": (8.5 * HOUR, 27),
        # B 4 lay too long, and H, K 2 and M still do
        "centre_in_time": (23 / 31, 31),
        "returned": (1, 1),
        "returns": (1, 1),
        "reopened": (1, 1),
        "extended": (1, 1),
        "satisfied": (3 / 5, 5),  # 5, 4, 4, 2, 1
        "stars": (16 / 5, 5),
        "rating_coverage": (4 / 16, 16),  # A1 twice, A2, A3, B1
        "comments": (3, 3),  # A4, F1, B1
        "unanswered": (1, 1),  # F1: A4 was answered by the result, B1 by the office
    }


def test_an_office_answers_for_what_it_leads_and_for_the_time_it_held(story: Counted) -> None:
    told = by_code(read(by=By.OFFICE))
    keys = ("received", "resolved", "open", "on_time", "held")

    assert values(told[HEALTH], *keys) == {
        "received": 14, "resolved": 10, "open": 4, "on_time": 11 / 14, "held": 514.5 * HOUR,
    }  # fmt: skip
    # H went back to the centre: what TOURISM held of it stays TOURISM's
    assert values(told[TOURISM], *keys) == {
        "received": 7, "resolved": 5, "open": 2, "on_time": 0.0, "held": 392.5 * HOUR,
    }  # fmt: skip
    centre = told[story.city.centre.code]
    assert values(centre, "open", "returned", "held") == {
        "open": 4, "returned": 1, "held": 82.5 * HOUR,  # H, and K 2, M that nobody looked at
    }  # fmt: skip


def test_an_office_that_had_nothing_is_listed_as_such(story: Counted) -> None:
    told = by_code(read(by=By.OFFICE))

    assert set(told) == set(story.city.office_by_code)
    assert told["so-xay-dung"].has_nothing
    assert values(told["so-xay-dung"], "received", "on_time", "resolve_median") == {
        "received": 0, "on_time": None, "resolve_median": None,
    }  # fmt: skip


def test_a_category_and_a_ward_have_their_own_figures(story: Counted) -> None:
    kinds = by_code(read(by=By.CATEGORY))
    wards = [group.sums["received"] or 0 for group in read(by=By.AREA).groups]

    assert kinds[PLAIN].sums["received"] == 24
    assert kinds[ANIMALS].sums["received"] == 6
    assert [received for received in wards if received] == [20, 11]  # most first


def test_days_and_weeks_are_those_of_the_city(story: Counted) -> None:
    days = {g.name.code: g.sums["received"] for g in read(by=By.DAY).groups if g.sums["received"]}
    weeks = {code: group.sums["received"] for code, group in by_code(read(by=By.WEEK)).items()}

    assert days == {
        "2026-03-01": 1, "2026-03-02": 11, "2026-03-04": 4, "2026-03-06": 3, "2026-03-09": 6,
        "2026-03-15": 1, "2026-03-16": 3, "2026-03-30": 2,
    }  # fmt: skip
    assert weeks == {
        "2026-02-23": 1, "2026-03-02": 18, "2026-03-09": 7, "2026-03-16": 3, "2026-03-23": 0,
        "2026-03-30": 2,
    }  # fmt: skip


@pytest.mark.parametrize("by", [*By])
def test_parts_equal_their_totals(story: Counted, by: By) -> None:
    answer = read(by=by)
    whole = answer.total.sums
    added = {
        name: sum(group.sums[name] or 0 for group in answer.groups)
        for name in whole
        if not name.endswith(("_median", "_p90")) and name != "held_reports"
    }

    # A report that two offices held counts with both, so `held_reports` alone does not add up.
    if by in {By.DAY, By.WEEK, By.CATEGORY, By.AREA, By.MONTH}:
        added["held_reports"] = sum(group.sums["held_reports"] or 0 for group in answer.groups)
    assert added == {name: whole[name] for name in added}
    fates = ("open", "rejected", "merged", "withdrawn", "resolved")
    for group in (answer.total, *answer.groups):
        assert sum(group.sums[fate] or 0 for fate in fates) == group.sums["received"]


@pytest.mark.parametrize("by", [None, *By])
def test_days_counted_one_by_one_give_what_the_roll_up_does(story: Counted, by: By | None) -> None:
    counted = read(Period(date(2026, 3, 1), date(2026, 3, 31)), by)  # nothing came on the 31st
    rolled_up = read(by=by)

    assert counted.period.kind != rolled_up.period.kind
    assert dict(counted.total.sums) == dict(rolled_up.total.sums)
    told, again = by_code(counted), by_code(rolled_up)
    assert {c: g.sums for c, g in told.items() if not g.has_nothing} == {
        code: group.sums for code, group in again.items() if not group.has_nothing
    }


def test_a_report_that_must_not_be_learnt_of_is_left_out_of_every_number(story: Counted) -> None:
    # J, which is resolved, late, and was held for half an hour
    hidden = db.session.execute(text("select id from report where urgent")).scalar_one()

    told = read(scope=Scope(hidden=frozenset({hidden})), by=By.OFFICE)

    assert values(told.total, "received", "urgent", "resolved", "on_time") == {
        "received": 30, "urgent": 0, "resolved": 14, "on_time": 11 / 19,
    }  # fmt: skip
    assert by_code(told)[TOURISM].told("held").value == 392 * HOUR


def test_a_quarter_and_a_year_hold_the_month(story: Counted) -> None:
    quarter, whole_year = read(periods.quarter(2026, 1)), read(periods.year(2026))

    assert quarter.total.sums["received"] == 32  # with February's
    assert whole_year.total.sums["received"] == 33  # and April's
    by_month = by_code(read(periods.quarter(2026, 1), By.MONTH))
    assert {code: group.sums["received"] for code, group in by_month.items()} == {
        "2026-01-01": 0, "2026-02-01": 1, "2026-03-01": 31,
    }  # fmt: skip
    assert by_month["2026-03-01"].told("resolve_p90").value == 98 * HOUR


@pytest.mark.parametrize("by", [None, By.OFFICE, By.AREA, By.CATEGORY])
@pytest.mark.parametrize(
    "days",
    [
        (date(2026, 3, 1), date(2026, 3, 10)),  # counted: fewer days than the rest
        (date(2026, 3, 1), date(2026, 3, 17)),  # the month without its rest
        (date(2026, 3, 5), date(2026, 3, 31)),  # … and without its beginning
        (date(2026, 2, 20), date(2026, 4, 2)),  # over three months
        (date(2026, 3, 1), date(2026, 4, 1)),
    ],
    ids=str,
)
def test_sums_put_together_from_months_and_days_are_those_that_are_counted(
    story: Counted, days: tuple[date, date], by: By | None
) -> None:
    period = Period(*days)
    with at_one_moment() as connection:
        moment = moment_in(connection)
        counted = rows_of(connection, period, by, Scope(), moment)
        together = rows_of_past(connection, period, by, Scope(), moment, counted_most=0)

    assert dict(together[None]) == dict(counted[None])  # its medians too
    assert {key: sums_of(row) for key, row in together.items() if any(sums_of(row).values())} == {
        key: sums_of(row) for key, row in counted.items()
    }


def sums_of(row: Sums) -> dict[str, int | None]:
    return {name: n for name, n in row.items() if not name.endswith(("_median", "_p90"))}


# The same by plain SQL --------------------------------------------------------------------------

#: From the reports alone, as they stand: nobody would write the house's own like this.
RECOUNT = """
    select {key} as key, count(*) as received,
        sum(case when status in ('submitted','accepted','in_progress','waiting','returned')
            then 1 else 0 end) as open,
        sum(case when status = 'rejected' then 1 else 0 end) as rejected,
        sum(case when status = 'merged' then 1 else 0 end) as merged,
        sum(case when status = 'withdrawn' then 1 else 0 end) as withdrawn,
        sum(case when status in ('resolved', 'closed') then 1 else 0 end) as resolved,
        sum(case when status in ('resolved', 'closed') and outcome = 'fixed'
            then 1 else 0 end) as fixed,
        sum(case when status = 'rejected' and rejection = 'unclear' then 1 else 0 end)
            as rejected_unclear,
        sum(case when urgent then 1 else 0 end) as urgent,
        sum(case when (resolved_at is not null or reopened > 0) and first_due_at is not null
            then 1 else 0 end) as timed,
        sum(case when (resolved_at is not null or reopened > 0)
            and first_resolved_at <= first_due_at then 1 else 0 end) as on_time,
        sum(case when status in ('submitted','accepted','in_progress','returned')
            and reopened = 0 and first_due_at < :at then 1 else 0 end) as overdue_first,
        sum(returned) as returns,
        sum(case when reopened > 0 then 1 else 0 end) as reopened,
        sum((select count(*) from rating where rating.report_id = report.id)) as ratings,
        sum((select coalesce(sum(stars), 0) from rating where rating.report_id = report.id))
            as stars_sum
      from report
     where submitted_at >= '2026-02-28 17:00+00' and submitted_at < '2026-03-31 17:00+00'
     group by 1
"""


@pytest.mark.parametrize(
    ("by", "key"),
    [(None, "0"), (By.AREA, "area_id"), (By.CATEGORY, "category_id"), (By.OFFICE, "office_id")],
)
def test_plain_sql_over_the_reports_counts_the_same(
    story: Counted, by: By | None, key: str
) -> None:
    rows = db.session.execute(text(RECOUNT.format(key=key)), {"at": AS_OF}).mappings()
    recount = {row["key"]: {n: int(v) for n, v in row.items() if n != "key"} for row in rows}
    answer = read(by=by)

    groups = answer.groups if by else (answer.total,)
    names = next(iter(recount.values()))
    told = {
        group.key or 0: {name: group.sums[name] for name in names}
        for group in groups
        if group.sums["received"]
    }
    assert told == recount


# Changes ----------------------------------------------------------------------------------------


def test_the_month_is_held_against_the_one_before_and_told_to_be_too_young(
    story: Counted,
) -> None:
    answer = read()

    assert answer.comparison is not None
    assert answer.comparison.words("vi") == "so với tháng 2/2026"
    received = answer.total.told("received").change
    assert (received.state, received.by, received.past) == ("told", "number", 1)
    assert answer.total.told("resolved").change.state == "ripening"
    assert answer.total.told("on_time").change.state == "no_past"


def test_half_a_month_is_held_against_the_same_working_days(story: Counted) -> None:
    """On Tuesday 10 March six working days are over, with 24 reports; the days before had six in
    February: the 2nd to the 9th."""
    at = AS_OF.replace(month=3, day=10)

    answer = indicators.read(MARCH, by=By.CATEGORY, compare=Compare.BEFORE, at=at)

    assert answer.unfinished
    assert answer.comparison is not None
    assert answer.comparison.past.code == "2026-02-01..2026-02-09"
    assert answer.total.base is not None
    assert answer.total.base["received"] == 25
    assert by_code(answer)[ANIMALS].base["received"] == 4  # type: ignore[index]


def test_nothing_is_compared_when_nothing_is_asked_to_be(story: Counted) -> None:
    answer = indicators.read(MARCH, compare=Compare.NONE, at=AS_OF)

    assert answer.comparison is None
    assert answer.total.told("received").change.state == "no_past"
