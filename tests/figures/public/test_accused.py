"""Public figures tell nobody that the own office is accused: they count no report about officials.

A leader of the accused office holds the public month against the own page, which leaves out what
is about that office.
"""

from typing import Any

import pytest
from flask import Flask

from app.database import db
from reports.figures.periods import month
from reports.figures.public.publishing import publish
from reports.statuses import Role
from tests.figures.public.conftest import APRIL, MARCH, Town
from tests.reports.test_api import Api, official

MONTH = "from=2026-03-01&to=2026-04-01"
ACCUSED = "ubnd-19789"


@pytest.fixture
def accused(app: Flask, town: Town) -> Api:
    """Private matters of enough people in two wards, so that they are told by ward, category and
    cell; nine more are about the committee of one of them, whose leader is given."""
    about = next(one.code for one in town.city.offered_categories() if one.about_officials)
    office_id = town.house.office_id(ACCUSED)
    for number in range(12):
        town.sends(number, at=MARCH, area="19789")
        town.sends(number, at=MARCH, area="19789", category="thu-tuc")
        town.sends(number, at=MARCH, area="20044", category="thu-tuc")
    for number in range(20, 29):
        town.sends(number, at=MARCH, area="19789", category=about, accused_office_id=office_id)
    town.settle()
    publish(month(2026, 3), at=APRIL)
    leader = official(app, town.house, Role.LEADER, ACCUSED)
    db.session.commit()
    return leader


def everybody(app: Flask, path: str) -> Any:
    return app.test_client().get(f"/api/v1{path}").json


@pytest.mark.parametrize("by", ["area", "category", "month"])
def test_the_public_month_counts_no_more_than_the_page_of_the_accused(
    app: Flask, accused: Api, by: str
) -> None:
    own = accused("GET", f"/indicators?by={by}&{MONTH}").json
    public = everybody(app, f"/indicators?by={by}&{MONTH}")

    theirs = {one["code"]: one["sums"]["received"] for one in (*own["groups"], own["total"])}
    assert public["total"]["sums"]["received"] == theirs[None] == 36
    assert public["groups"]
    for group in public["groups"]:
        told = (group["sums"]["published"] or 0) + (group["sums"]["not_public"] or 0)
        assert told == theirs[group["code"]]


def test_so_does_the_public_map(app: Flask, accused: Api) -> None:
    own = accused("GET", f"/heatmap?resolution=7&{MONTH}").json
    public = everybody(app, f"/heatmap?resolution=7&{MONTH}")

    assert public["items"]
    theirs = {one["cell"]: one["count"] for one in own["items"]}
    assert {one["cell"]: one["count"] for one in public["items"]} == theirs


def test_the_files_and_their_totals_count_none_and_say_so(app: Flask, accused: Api) -> None:
    listed = everybody(app, "/open-data")["items"][0]
    groups = app.test_client().get("/api/v1/open-data/2026-03-groups.csv").text.splitlines()[1:]

    assert listed["received"] == sum(int(line.rsplit(",", 1)[1]) for line in groups) == 36
    assert "về cán bộ" in listed["note"]
    assert "về cán bộ" in everybody(app, f"/indicators?{MONTH}")["note"]
