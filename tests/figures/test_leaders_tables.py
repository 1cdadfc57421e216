"""What stands behind the leaders' page, without a browser: lines, tables, what may be asked for."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from flask import Flask

from reports.figures.changes import By, Change, State
from reports.figures.frozen import saying
from reports.figures.frozen.contents import Told
from reports.figures.hotspots import Crowd
from reports.figures.indicators import LONGEST_DAYS, PeriodTooLong
from reports.figures.periods import month
from reports.figures.scope import Scope
from reports.statuses import Role
from tests.figures.conftest import Counted
from tests.figures.test_facts import at_work
from web.dashboard import figures, spots
from web.dashboard.asked import Asked, asked_from
from web.dashboard.words import change_words

MARCH = month(2026, 3)
TODAY = date(2026, 4, 10)


def test_in_the_first_hours_of_a_month_the_lines_end_with_it(house: Counted) -> None:
    """One o'clock at night in Huế is still the day before in UTC."""
    house.follow()
    asked, at = Asked(period=month(2026, 4)), datetime(2026, 3, 31, 18, tzinfo=UTC)

    drawn = figures.drawn(asked, Scope(), at=at)

    months = [name for name, _ in drawn.charts[0].values]
    assert months[-1] == "tháng 4/2026"
    assert len(months) == 13


def test_a_city_without_a_past_is_not_told_that_nothing_is_new(house: Counted) -> None:
    house.submits()
    house.follow()

    assert figures.drawn(Asked(period=MARCH), Scope(), at=house.later(days=40)).news is None


def test_an_office_that_held_a_report_and_let_it_go_has_its_line(house: Counted) -> None:
    report = house.submits()
    first = report.office_id
    house.takes(house.official(Role.DISPATCHER), "accept", report)
    house.takes(at_work(house, report), "start", report)
    house.later(hours=1)
    house.takes(at_work(house, report), "return", report, note="Không thuộc địa bàn.")
    second = next(
        code for code, one in house.city.office_by_code.items()
        if one.id not in {first, house.city.centre.id}
    )  # fmt: skip
    house.takes(house.official(Role.DISPATCHER), "forward", report, office=second)
    house.follow()
    name = house.city.offices_by_id[first].name_vi

    drawn = figures.drawn(Asked(period=MARCH), Scope(), at=house.later(days=1))

    assert {row.name: row.received.value for row in drawn.rows}[name] == 0
    assert name not in drawn.nothing
    everybody = [*drawn.nothing, *(row.name for row in drawn.rows)]
    assert len(everybody) == len(drawn.answer.groups)


def test_a_crowd_is_called_by_where_its_middle_is_not_as_if_all_of_it_were_there(
    house: Counted,
) -> None:
    area = house.city.area("19789")
    assert area
    ashore = Crowd(cell=0x884160A091FFFFF, count=52, expected=4.6, area=area.id)
    afloat = replace(ashore, area=None)

    assert [spots.title_of(ashore, one) for one in ("vi", "en")] == [
        f"Ô có tâm ở {area.name_vi}",
        f"Cell centred in {area.name_en}",
    ]
    assert [spots.title_of(afloat, one) for one in ("vi", "en")] == [
        "Ô có tâm trên mặt nước",
        "Cell centred on the water",
    ]


def test_a_difference_of_shares_is_in_percentage_points(app: Flask) -> None:
    more, fewer = (Change(State.TOLD, By.POINTS, amount) for amount in (2.14, -3.0))

    assert change_words(more) == "+2,1 điểm phần trăm"
    assert change_words(fewer) == "−3 điểm phần trăm"


def test_what_grew_from_a_few_is_told_by_how_many_on_the_page_and_on_paper(app: Flask) -> None:
    grown = Change(State.TOLD, By.NUMBER, 1057)
    told: Told = {
        "value": 1060, "sample": 1060, "past": 3, "amount": 1057, "by": "number", "state": "told",
        "sure": True,
    }  # fmt: skip

    assert change_words(grown) == "+1.057"
    assert [saying.change(told, one) for one in ("vi", "en")] == ["+1.057", "+1,057"]


@pytest.mark.parametrize(
    "query",
    [
        {"period": "days", "first": "2025-01-01", "last": "2026-02-05"},
        {"period": "2025-01-01..2026-02-05"},
    ],
)
def test_more_days_than_figures_are_counted_for_are_refused_with_a_sentence(
    house: Counted, query: dict[str, str]
) -> None:
    with pytest.raises(PeriodTooLong) as refused:
        asked_from(query, house.city, TODAY)

    assert str(LONGEST_DAYS) in refused.value.sentence("vi")


def test_as_many_days_as_figures_are_counted_for_can_be_chosen(house: Counted) -> None:
    query = {"period": "days", "first": "2025-01-01", "last": "2026-02-04"}

    asked = asked_from(query, house.city, TODAY)

    assert asked.period.days == LONGEST_DAYS
    house.follow()
    assert figures.drawn(asked, Scope(), at=house.at).answer.period == asked.period
