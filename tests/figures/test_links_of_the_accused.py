"""A permanent link is kept from a reader whose office turns out to be accused by a report in it,
also from whoever made it. Nothing else closes it."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.clock import now
from app.database import db
from reports.models import Report
from reports.statuses import Role
from tests.figures.conftest import Counted
from tests.reports.test_api import Api, official

WARD = "ubnd-19789"


@pytest.fixture
def reports(house: Counted) -> list[Report]:
    sent = [house.submits(f"person {number}") for number in range(3)]
    for report in sent:
        house.takes(house.official(Role.DISPATCHER), "accept", report)
    house.follow()
    return sent


@pytest.fixture
def leader(app: Flask, house: Counted, reports: list[Report]) -> Api:
    return official(app, house, Role.LEADER, WARD)


def kept(leader: Api, **asked: Any) -> str:
    body = {"from": "2026-03-01", "to": "2026-04-01", **asked}
    answer = leader("POST", "/figures/links", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json["token"])


def opens(reader: Api, token: str) -> int:
    db.session.commit()
    return int(reader("GET", f"/figures/links/{token}").status_code)


def amends(house: Counted, report: Report, category: str, **later: float) -> None:
    house.at = now() + timedelta(**later)
    house.takes(house.official(Role.DISPATCHER), "amend", report, category=category)
    house.follow()


def test_whoever_made_a_link_cannot_hold_it_against_the_own_page_of_later(
    app: Flask, house: Counted, reports: list[Report], leader: Api
) -> None:
    token, elsewhere = kept(leader), official(app, house, Role.LEADER)
    has = leader("GET", f"/figures/links/{token}").headers["ETag"]

    amends(house, reports[0], "thai-do", minutes=10)

    assert reports[0].accused_office_id == house.office_id(WARD)
    assert opens(leader, token) == 404
    again = leader("GET", f"/figures/links/{token}", headers={"If-None-Match": has})
    assert again.status_code == 404
    assert opens(elsewhere, token) == 200


def test_nor_can_the_head_of_the_office_that_it_tells_of(
    app: Flask, house: Counted, reports: list[Report], leader: Api
) -> None:
    dispatcher, head = house.official(Role.DISPATCHER), official(app, house, Role.HEAD, WARD)
    house.takes(dispatcher, "forward", reports[0], office=WARD)
    house.follow()
    token = kept(head)
    assert opens(head, token) == 200

    amends(house, reports[0], "thai-do", minutes=10)

    assert opens(head, token) == 404


def test_what_was_left_out_when_it_was_made_does_not_close_it(
    house: Counted, reports: list[Report], leader: Api
) -> None:
    amends(house, reports[0], "thai-do", hours=-1)
    token = kept(leader)

    house.at = now() + timedelta(minutes=10)
    house.takes(house.official(Role.DISPATCHER), "amend", reports[0], urgent=True)
    house.submits("somebody else", category="thai-do")
    house.follow()

    assert leader("GET", f"/figures/links/{token}").json["total"]["sums"]["received"] == 2
    assert opens(leader, token) == 200


def test_history_does_not_tell_an_office_that_it_was_accused_once(
    app: Flask, house: Counted, reports: list[Report]
) -> None:
    amends(house, reports[0], "thai-do", minutes=10)
    amends(house, reports[0], house.plain_category(), minutes=20)
    dispatcher = official(app, house, Role.DISPATCHER)

    steps = dispatcher("GET", f"/reports/{reports[0].id}/timeline").json["items"]

    assert [one["facts"].keys() for one in steps if one["step"] == "amend"] == [{"category"}] * 2
