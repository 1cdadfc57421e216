"""Reports over HTTP: for leaders, the same bytes for ever."""

from hashlib import sha256
from uuid import uuid4

import pytest
from flask import Flask

from reports.figures.frozen import publishing
from reports.figures.frozen.models import FigureReport
from reports.statuses import Role
from tests.figures.frozen.conftest import AFTER, MARCH
from tests.reports.conftest import House
from tests.reports.test_api import Api

pytestmark = pytest.mark.usefixtures("march")


@pytest.fixture
def leader(app: Flask, house: House) -> Api:
    return Api(app, house.official(Role.LEADER).account_id)


@pytest.fixture
def report() -> FigureReport:
    return publishing.publish(MARCH, by=None, at=AFTER)[0]


def test_a_leader_finds_the_files_in_the_list_and_fetches_them(
    leader: Api, report: FigureReport
) -> None:
    (listed,) = leader("GET", "/figure-reports").json["items"]

    for file in listed["files"]:
        answer = leader("GET", file["url"].removeprefix("/api/v1"))

        assert answer.status_code == 200
        assert sha256(answer.data).hexdigest() == file["sha256"]
        assert file["name"] in answer.headers["Content-Disposition"]
        assert "immutable" in answer.headers["Cache-Control"]


def test_who_has_the_file_already_gets_no_bytes(leader: Api, report: FigureReport) -> None:
    etag = leader("GET", "/figure-reports/2026-03.pdf").headers["ETag"]

    again = leader("GET", "/figure-reports/2026-03.pdf", headers={"If-None-Match": etag})

    assert (again.status_code, again.data) == (304, b"")


def test_the_language_is_asked_for_or_the_readers(
    app: Flask, house: House, report: FigureReport
) -> None:
    english = Api(app, house.official(Role.LEADER).account_id, "en")

    asked = english("GET", "/figure-reports/2026-03.csv?lang=vi").data
    own = english("GET", "/figure-reports/2026-03.csv").data

    assert asked == publishing.file_of(report, "vi", "csv")
    assert own == publishing.file_of(report, "en", "csv")


def test_an_offices_head_is_told_that_these_are_on_the_whole_city(
    app: Flask, house: House, report: FigureReport
) -> None:
    head = Api(app, house.official(Role.HEAD, "ubnd-19789").account_id)

    answer = head("GET", "/figure-reports/2026-03.pdf")

    assert answer.status_code == 403
    assert "cả thành phố" in answer.json["detail"]


def test_a_leader_publishes_by_hand_and_a_repeat_is_the_same(leader: Api) -> None:
    first = leader("POST", "/figure-reports", json={"period": "2026-03"})
    again = leader("POST", "/figure-reports", json={"period": "2026-03"})
    amended = leader("POST", "/figure-reports", json={"period": "2026-03", "amend": True})

    assert [first.status_code, again.status_code, amended.status_code] == [201, 200, 409]
    assert first.json["files"] == again.json["files"]
    assert (
        leader("GET", "/figure-reports/2026-03").json["contents"]["total"]["received"]["value"] == 5
    )


@pytest.mark.parametrize("period", ["2026", "2026-13", "2026-03-01..2026-03-05", "tháng 3"])
def test_what_is_no_month_or_quarter_is_refused(leader: Api, period: str) -> None:
    answer = leader("POST", "/figure-reports", json={"period": period})

    assert answer.status_code == 422


def test_a_report_that_is_not_there_is_not_found(leader: Api, report: FigureReport) -> None:
    for path in ("2026-02", "2026-02.pdf", "2026-03/2", "2026-03/2.pdf", "2026-03/99999999.pdf"):
        assert leader("GET", f"/figure-reports/{path}").status_code == 404, path


def test_a_leader_keeps_the_list_of_readers(leader: Api) -> None:
    reader = {"id": str(uuid4()), "email": "vp@tinh.vn", "name": "Văn phòng UBND tỉnh"}

    added = leader("POST", "/figure-report-readers", json=reader)
    again = leader("POST", "/figure-report-readers", json=reader)
    myself = leader("POST", "/figure-report-readers", json={"id": str(uuid4())})
    gone = leader("DELETE", f"/figure-report-readers/{reader['id']}")

    assert [added.status_code, again.status_code, myself.status_code] == [201, 200, 201]
    assert gone.status_code == 204
    (left,) = leader("GET", "/figure-report-readers").json["items"]
    assert (left["email"], left["mine"]) == (None, True)


def test_an_address_that_is_none_is_told_with_its_field(leader: Api) -> None:
    wrong = {"id": str(uuid4()), "email": "vp@tinh", "name": "Văn phòng"}

    answer = leader("POST", "/figure-report-readers", json=wrong)

    assert answer.status_code == 422
    assert answer.json["type"].endswith("bad-reader-address")
    assert "email" in str(answer.json)
