"""What one paper has counted, no later paper leaves out: a total that was settled and is lower by
one would tell the office that somebody accuses it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from reports.figures import keeping, periods
from reports.figures.frozen import pdf
from reports.figures.frozen.models import FigureReport
from reports.figures.frozen.publishing import NothingChanged, publish
from reports.models import Report
from reports.statuses import Role
from tests.conftest import needs
from tests.figures.frozen.conftest import AFTER, MARCH, resolve
from tests.reports.conftest import House, keep_figures
from tests.reports.test_api import Api

LATER = AFTER + timedelta(days=1)


@pytest.fixture(autouse=True)
def _font() -> None:
    needs((pdf.FOLDER / pdf.FONTS[0]).is_file(), "web/built/paper-400.ttf (make pages)")


@pytest.fixture
def led_by_the_accused(house: House, march: list[Report]) -> Report:
    """A report of March that its ward's committee leads; others will find that it is about it."""
    house.takes(house.official(Role.DISPATCHER), "forward", march[2], office="ubnd-19789")
    keep_figures()
    return march[2]


def found_to_be_about_officials(house: House, report: Report, *, at: datetime = LATER) -> None:
    house.at = at
    house.takes(house.official(Role.DISPATCHER), "amend", report, category="thai-do")
    keep_figures()
    assert report.accused_office_id


def counted(paper: FigureReport) -> dict[str, dict[str, tuple[Any, int]]]:
    """Of each group that the paper lists: how many it received, and how many it has held."""
    return {
        group: {
            one["code"]: (one["figures"]["received"]["value"], one["figures"]["held"]["sample"])
            for one in paper.contents[group]
            if not one["nothing"]
        }
        for group in ("offices", "areas", "categories")
    }


def total(paper: FigureReport, key: str = "received") -> Any:
    return paper.contents["total"][key]["value"]


def test_an_accusation_alone_is_nothing_to_amend(
    app: Flask, house: House, march: list[Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    # What lies open is held longer each second of working time: let none go by.
    told_until = keeping._told_until
    monkeypatch.setattr(keeping, "_told_until", lambda state, _: told_until(state, LATER))
    led_by_the_accused = march[2]
    house.takes(house.official(Role.DISPATCHER), "forward", led_by_the_accused, office="ubnd-19789")
    keep_figures()
    publish(MARCH, by=None, at=AFTER)
    found_to_be_about_officials(house, led_by_the_accused)
    leader = Api(app, house.official(Role.LEADER, "ubnd-19789").account_id)

    with pytest.raises(NothingChanged):
        publish(MARCH, by=None, at=LATER, amend=True)

    page = leader("GET", "/indicators?from=2026-03-01&to=2026-04-01").json
    assert page["total"]["sums"]["received"] == 4


@pytest.mark.usefixtures("app")
def test_an_amendment_counts_it_where_it_was_counted(
    house: House, march: list[Report], led_by_the_accused: Report
) -> None:
    first = publish(MARCH, by=None, at=AFTER)[0]
    found_to_be_about_officials(house, led_by_the_accused)
    assert led_by_the_accused.office_id != house.office_id("ubnd-19789")
    resolve(house, led_by_the_accused)
    house.takes(house.official(Role.DISPATCHER), "reject", march[3], reason="unclear", note="Rõ.")
    keep_figures()

    second = publish(MARCH, by=None, at=LATER + timedelta(days=1), amend=True)[0]

    assert counted(second) == counted(first)
    assert counted(second)["offices"]["ubnd-19789"] == (1, 1)
    assert total(second, "rejected") == 2
    assert "received" not in {one["key"] for one in second.contents["changes"]}


@pytest.mark.usefixtures("app")
def test_what_becomes_of_it_later_is_told_there_too(house: House, march: list[Report]) -> None:
    publish(MARCH, by=None, at=AFTER)
    found_to_be_about_officials(house, march[2])
    resolve(house, march[2])
    keep_figures()

    second = publish(MARCH, by=None, at=LATER + timedelta(days=1), amend=True)[0]

    assert (total(second), total(second, "resolved"), total(second, "open")) == (5, 3, 1)
    assert "thai-do" not in {one["code"] for one in second.contents["categories"]}


@pytest.mark.usefixtures("app")
def test_the_line_of_the_next_month_and_the_quarter_count_it_too(
    house: House, march: list[Report]
) -> None:
    publish(MARCH, by=None, at=AFTER)
    house.at = LATER
    house.submits("somebody in April")
    found_to_be_about_officials(house, march[2])
    house.at = datetime(2026, 5, 6, 2, tzinfo=UTC)
    keep_figures()

    april = publish(periods.month(2026, 4), by=None, at=house.at)[0]
    quarter = publish(periods.read_code("2026-Q1"), by=None, at=house.at)[0]

    line = {one["code"]: one["figures"]["received"]["value"] for one in april.contents["months"]}
    assert (line["2026-03-01"], line["2026-04-01"]) == (5, 1)
    assert april.contents["total"]["received"]["past"] == 5
    assert total(quarter) == 5


@pytest.mark.usefixtures("app")
def test_what_the_first_paper_left_out_stays_left_out_when_it_is_about_nobody(
    house: House, march: list[Report]
) -> None:
    found_to_be_about_officials(house, march[2], at=house.at)
    publish(MARCH, by=None, at=AFTER)
    house.at = LATER
    house.takes(house.official(Role.DISPATCHER), "amend", march[2], category=house.plain_category())
    keep_figures()

    assert march[2].accused_office_id is None
    with pytest.raises(NothingChanged):
        publish(MARCH, by=None, at=LATER, amend=True)


@pytest.mark.usefixtures("app")
def test_what_the_centre_accepts_as_about_officials_is_counted_as_it_was_sent(
    house: House, march: list[Report]
) -> None:
    first = publish(MARCH, by=None, at=AFTER)[0]
    house.at = LATER
    house.takes(house.official(Role.DISPATCHER), "accept", march[3], category="thai-do")
    keep_figures()
    assert march[3].accused_office_id

    second = publish(MARCH, by=None, at=LATER + timedelta(hours=1), amend=True)[0]

    assert total(second) == total(first) == 5
    assert [one["figures"]["received"]["value"] for one in second.contents["categories"]] == [
        one["figures"]["received"]["value"] for one in first.contents["categories"]
    ]
