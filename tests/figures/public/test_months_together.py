"""Several months added up say what is exact of them, and what is so many or more."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.database import db
from reports.figures.periods import month
from reports.figures.public.publishing import publish
from tests.figures.public.conftest import APRIL, MARCH, Town

BOTH, LATER = "from=2026-03-01&to=2026-05-01", "from=2026-04-01&to=2026-05-01"


@pytest.fixture
def spring(town: Town) -> Town:
    """Twenty public reports of a ward in either month, and private matters: of three people in
    March, which is told nowhere, and of seven in April."""
    for at, private in ((MARCH, 3), (APRIL, 7)):
        for number in range(20):
            town.sends(number, at=at)
        for number in range(private):
            town.sends(30 + number, at=at, category="thu-tuc")
    town.settle()
    publish(month(2026, 3), at=APRIL)
    publish(month(2026, 4), at=APRIL + timedelta(days=30))
    db.session.commit()
    return town


def told(app: Flask, asked: str) -> Any:
    answer = app.test_client().get(f"/api/v1/indicators?{asked}")
    assert answer.status_code == 200, answer.text
    return answer.json


def of_area(app: Flask, asked: str) -> Any:
    return next(one for one in told(app, asked)["groups"] if one["code"] == "19789")


def of_category(app: Flask, asked: str) -> Any:
    return next(one for one in told(app, asked)["groups"] if one["code"] == "thu-tuc")


def test_a_wards_sum_is_at_least_so_many_where_a_month_does_not_tell_it(
    app: Flask, spring: Town
) -> None:
    for ward in (
        of_area(app, f"by=area&{BOTH}"),
        told(app, f"area=19789&{BOTH}")["total"],
        told(app, f"area=19789&by=month&{BOTH}")["total"],
    ):
        sums = ward["sums"]
        assert (sums["published"], sums["not_public"], sums["received"]) == (40, 7, 47)
        assert (ward["at_least"], ward["partly"]) == (["received", "not_public"], True)


def test_so_is_the_citys(app: Flask, spring: Town) -> None:
    for by in ("", "by=month&", "by=area&", "by=category&"):
        total = told(app, f"{by}{BOTH}")["total"]

        assert total["sums"]["received"] == 47
        assert total["at_least"] == ["received", "not_public"]


def test_a_category_that_a_month_does_not_tell_at_all_is_told_in_part(
    app: Flask, spring: Town
) -> None:
    private = of_category(app, f"by=category&{BOTH}")

    assert (private["sums"]["not_public"], private["at_least"]) == (7, ["not_public"])


def test_what_each_month_tells_is_exact(app: Flask, spring: Town) -> None:
    one_month = of_area(app, f"by=area&{LATER}")
    months = told(app, f"area=19789&by=month&{BOTH}")["groups"]

    assert one_month["sums"]["received"] == 27
    assert all(one["at_least"] == [] and not one["partly"] for one in (one_month, *months))
    assert months[0]["sums"]["received"] is None
    assert "open" not in of_area(app, f"by=area&{BOTH}")["at_least"]


def test_the_table_says_so_too(app: Flask, spring: Town) -> None:
    answer = app.test_client().get(f"/api/v1/indicators?by=area&format=csv&{BOTH}")

    rows = [*csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff")))]
    assert {(row["received"], row["at_least"]) for row in rows} == {("47", "received not_public")}


def test_a_range_with_a_month_that_is_not_published_is_at_least_so_many_and_says_which(
    app: Flask, spring: Town
) -> None:
    asked = "from=2026-02-01&to=2026-07-01"

    for answer in (told(app, f"by=area&{asked}"), told(app, f"by=category&{asked}")):
        for group in (answer["total"], *answer["groups"]):
            known = [name for name, count in group["sums"].items() if count is not None]
            assert group["partly"] and group["at_least"] == known
        assert (
            "không có trong các số này: tháng 2/2026, tháng 5/2026 – tháng 6/2026."
            in (answer["note"])
        )
    by_month = told(app, f"by=month&{asked}")
    assert by_month["total"]["partly"] and by_month["groups"][1]["at_least"] == []
    assert "tháng 5/2026" in app.test_client().get(f"/api/v1/heatmap?{asked}").json["note"]
    assert "Chưa công bố" not in told(app, BOTH)["note"]


@pytest.mark.parametrize("path", ["heatmap?", "indicators?", "indicators?format=csv&"])
@pytest.mark.parametrize("days", ["from=2026-05-01&to=2026-06-01", "to=2026-02-01"])
def test_a_month_that_is_not_published_is_refused_with_those_that_are(
    app: Flask, spring: Town, path: str, days: str
) -> None:
    answer = app.test_client().get(f"/api/v1/{path}{days}")

    assert answer.status_code == 422
    assert answer.json["type"].endswith("month-not-published")
    assert "từ tháng 3/2026 đến tháng 4/2026" in answer.text


def test_before_any_month_is_published_so_is_each(app: Flask, town: Town) -> None:
    answer = app.test_client().get(f"/api/v1/indicators?{LATER}")

    assert answer.status_code == 422
    assert answer.json["type"].endswith("month-not-published")


def test_a_figure_that_there_is_not_is_refused_as_it_is_to_leaders(
    app: Flask, spring: Town
) -> None:
    answer = app.test_client().get("/api/v1/indicators?figures=received,foo")

    assert answer.status_code == 422
    assert answer.json["type"].endswith("unknown-figure")
