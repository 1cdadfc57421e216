"""The leaders' page of reports: what was published, published by hand, who gets it by mail."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.clock import now
from reports.figures.frozen import listing, publishing, readers
from reports.figures.frozen.models import FigureReport
from reports.figures.periods import Kind, read_code
from reports.statuses import Role
from tests.conftest import needs
from tests.figures.frozen.conftest import AFTER, MARCH
from tests.reports.conftest import House
from tests.reports.test_api import Api
from tests.web.conftest import BUILT

pytestmark = pytest.mark.usefixtures("march")


class Desk(Api):
    """Somebody at a page of ours: their forms come from it."""

    def __call__(self, method: str, path: str, **kwargs: Any) -> TestResponse:  # type: ignore[override]
        headers = self.headers | {"Sec-Fetch-Site": "same-origin"}
        return self.client.open(f"/dashboard{path}", method=method, headers=headers, **kwargs)


@pytest.fixture
def leader(app: Flask, house: House) -> Desk:
    needs((BUILT / "manifest.json").exists(), "web/built (make pages)")
    return Desk(app, house.official(Role.LEADER).account_id)


@pytest.fixture
def report() -> FigureReport:
    return publishing.publish(MARCH, by=None, at=AFTER)[0]


def test_a_leader_finds_each_file_on_the_page(leader: Desk, report: FigureReport) -> None:
    page = leader("GET", "/reports")

    files = re.findall(r'href="/dashboard(/reports/2026-03/1\.[^"]+)"', page.text)

    assert page.status_code == 200
    assert "Tháng 3/2026" in page.text
    assert len(files) == 3
    for file in files:
        form, lang = re.split(r"[.?]", file)[1], file[-2:]
        assert leader("GET", file).data == publishing.file_of(report, lang, form)


def test_the_page_tells_what_became_of_each_letter(leader: Desk) -> None:
    form = {"name": "Văn phòng UBND tỉnh", "email": "vp@tinh.vn", "months": "1"}
    leader("POST", "/readers", data=form)

    publishing.publish(MARCH, by=None, at=AFTER)

    assert "Văn phòng UBND tỉnh: chờ gửi" in leader("GET", "/reports").text


def test_a_leader_publishes_by_hand_from_the_page(leader: Desk) -> None:
    done = leader("POST", "/reports", data={"period": "2026-03"})
    again = leader("POST", "/reports", data={"period": "2026-03", "amend": "1"})

    assert (done.status_code, again.status_code) == (303, 409)
    assert "nên không có gì để bổ sung" in again.text
    assert publishing.count_of("2026-03") == 1


def test_periods_are_chosen_and_told_by_their_names(leader: Desk) -> None:
    page = leader("GET", "/reports").text

    offered = dict(re.findall(r'<option value="([^"]+)">([^<]+)</option>', page))
    assert offered["2026-03"] == "Tháng 3/2026"
    assert offered["2026-Q1"] == "Quý 1/2026"
    assert "2026-02" not in offered  # nothing was received
    told = [one.group(1) for one in re.finditer(r"<li>([^<:]+): chốt và công bố", page)]
    coming = [read_code(one["period"]) for one in listing.upcoming(now())]
    assert told == [f"{period.name('vi')[:1].upper()}{period.name('vi')[1:]}" for period in coming]
    assert not {period.code for period in coming} & offered.keys()


def test_what_can_be_published_begins_with_the_first_report_and_ends_with_the_cut_off() -> None:
    on_the_sixth = listing.settled(AFTER)
    in_may = listing.settled(AFTER + timedelta(days=31))

    assert on_the_sixth == {Kind.MONTH: [MARCH], Kind.QUARTER: []}
    assert [one.code for one in in_may[Kind.MONTH]] == ["2026-04", "2026-03"]
    assert [one.code for one in in_may[Kind.QUARTER]] == ["2026-Q1"]


def test_a_leader_puts_somebody_on_the_list_and_takes_them_off(leader: Desk) -> None:
    form = {"name": "Văn phòng UBND tỉnh", "email": "vp@tinh.vn", "months": "yes", "locale": "vi"}

    added = leader("POST", "/readers", data=form)
    (reader,) = readers.current()
    shown = leader("GET", "/reports").text
    gone = leader("POST", f"/readers/{reader.id}/end")

    assert (added.status_code, gone.status_code) == (303, 303)
    assert "Văn phòng UBND tỉnh" in shown
    assert "vp@tinh.vn" in shown
    assert readers.current() == []


def test_a_leader_has_them_sent_to_themselves(leader: Desk, house: House) -> None:
    leader("POST", "/readers", data={"email": "", "months": "1", "quarters": "1"})

    (reader,) = readers.current()

    assert reader.account_id == house.official(Role.LEADER).account_id


def test_a_wrong_address_is_told_in_a_sentence(leader: Desk) -> None:
    form = {"name": "Văn phòng", "email": "vp@tinh", "months": "yes"}

    refused = leader("POST", "/readers", data=form)

    assert refused.status_code == 422
    assert "Địa chỉ thư này chưa đúng" in refused.text


def test_an_offices_head_has_no_such_page(app: Flask, house: House) -> None:
    needs((BUILT / "manifest.json").exists(), "web/built (make pages)")
    head = Desk(app, house.official(Role.HEAD, "ubnd-19789").account_id)

    assert head("GET", "/reports").status_code == 403
