"""An update as a client posts it: its pictures; what is wrong is told by the client's own names."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.auth.scopes import Scope
from app.database import db
from reports.city.models import RoleGrant
from reports.models import Comment, Photo, Report
from reports.statuses import Role, Status
from tests.open311.conftest import Neighbour, Plain, a_client, published, resolved
from tests.open311.test_pictures_sent import PDF, picture
from tests.reports.conftest import House


@pytest.fixture
def report(house: House) -> Report:
    return published(house)


def office_of(report: Report, app: Flask) -> Neighbour:
    """A client that holds an officer's role for the office that leads."""
    account, key = a_client("Phần mềm điều hành", Scope.UPDATES_WRITE)
    since = datetime(2020, 1, 1, tzinfo=UTC)
    db.session.add(RoleGrant(account_id=account.id, office_id=report.office_id, role=Role.OFFICER,
                             since=since))  # fmt: skip
    db.session.commit()
    return Neighbour(app, key, account)


@pytest.fixture
def office(app: Flask, report: Report) -> Neighbour:
    return office_of(report, app)


def sends(client: Neighbour, report: Report, status: str, **fields: Any) -> TestResponse:
    update: Plain = {"service_request_id": report.code, "update_id": str(uuid4()),
                     "status": status, "updated_datetime": "2026-11-21T10:00:00Z",
                     "description": "Đã thay bóng."}  # fmt: skip
    return client.post("servicerequestupdates.json", **{**update, **fields})


def photos_of(update_id: str) -> list[Photo]:
    return list(db.session.scalars(select(Photo).where(Photo.change_id == UUID(update_id))))


def with_evidence(house: House) -> Report:
    """Of a category that asks for a photo of the repair."""
    kinds = house.city.offered_categories()
    kind = next(one for one in kinds if one.evidence and not one.private and not one.urgent)
    report = house.submits("Lan", category=kind.code)
    if report.status is Status.SUBMITTED:
        house.takes(house.official(Role.DISPATCHER), "accept", report)
    return report


def test_pictures_of_a_result_are_kept_and_nothing_more_is_said(
    office: Neighbour, report: Report
) -> None:
    answer = sends(office, report, "FIXED", photo1=picture())

    (told,) = answer.json
    assert told.keys() == {"update_id"}
    assert len(photos_of(told["update_id"])) == 1


def test_a_file_that_is_no_picture_does_not_cost_the_step_and_is_told(
    office: Neighbour, report: Report
) -> None:
    answer = sends(office, report, "FIXED", photo1=picture(), file_2=(BytesIO(PDF), "a.pdf"),
                   media_url="https://example.org/a.jpg")  # fmt: skip

    (told,) = answer.json
    assert "1 tệp không lưu được" in told["service_notice"]
    assert "1 ảnh không lấy được" in told["service_notice"]
    assert len(photos_of(told["update_id"])) == 1
    assert report.status is Status.RESOLVED


def test_pictures_with_words_alone_are_not_kept_and_the_answer_says_so(
    office: Neighbour, report: Report
) -> None:
    office.language = "en"
    sends(office, report, "IN_PROGRESS")

    answer = sends(office, report, "IN_PROGRESS", photo1=[picture(i) for i in range(13)])

    assert answer.status_code == 200, answer.text
    assert "not kept" in answer.json[0]["service_notice"]
    assert db.session.get(Comment, UUID(answer.json[0]["update_id"]))
    assert db.session.scalars(select(Photo)).all() == []


def test_a_repair_without_evidence_says_what_became_of_its_picture(
    app: Flask, house: House
) -> None:
    report = with_evidence(house)
    office = office_of(report, app)

    answer = sends(office, report, "FIXED", media_url="https://example.org/a.jpg")

    assert answer.status_code == 400
    told = [one["description"] for one in answer.json]
    assert [one.partition(":")[0] for one in told] == ["media", "media"]
    assert "cần ảnh" in told[0] and "không lấy được" in told[1]
    assert sends(office, report, "FIXED", media=picture()).status_code == 200


def test_an_unknown_lead_of_a_duplicate_is_told_by_the_clients_own_name_for_it(
    office: Neighbour, house: House, report: Report
) -> None:
    unseen = house.submits("Minh")

    told = [
        sends(office, report, "DUPLICATE", **{"attribute[duplicate_of]": code})
        for code in ("000-000-000-A", unseen.code)
    ]

    assert [answer.status_code for answer in told] == [400, 400]
    assert told[0].json == told[1].json  # nobody learns so that there is one
    assert told[0].json[0]["description"].startswith("attribute[duplicate_of]: ")


@pytest.mark.parametrize(
    ("status", "fields", "name"),
    [
        ("PLANNED", {"attribute[planned_for]": "2020-01-01"}, "attribute[planned_for]"),
        ("PLANNED", {"attribute[planned_for]": "soon"}, "attribute[planned_for]"),
        ("DUPLICATE", {}, "attribute[duplicate_of]"),
        ("DONE", {}, "status"),
        ("FIXED", {"description": " "}, "description"),
        ("FIXED", {"photo": 13}, "media"),
    ],
)
def test_what_is_wrong_with_an_update_is_told_by_the_clients_own_names(
    office: Neighbour, report: Report, status: str, fields: Plain, name: str
) -> None:
    if many := fields.get("photo"):
        fields = {"photo": [picture(i) for i in range(many)]}

    answer = sends(office, report, status, **fields)

    assert answer.status_code == 400
    assert answer.json[0]["description"].startswith(f"{name}: ")


def test_a_step_that_may_not_be_taken_is_400_and_says_why(
    office: Neighbour, house: House, report: Report
) -> None:
    resolved(house, report)

    answer = sends(office, report, "REOPEN")

    assert answer.status_code == answer.json[0]["code"] == 400
    assert "không thuộc quyền" in answer.json[0]["description"]


def test_a_key_without_the_scope_is_403(client: Neighbour, report: Report) -> None:
    assert sends(client, report, "FIXED").status_code == 403


def test_a_key_in_the_header_is_looked_at_before_one_in_the_form(
    office: Neighbour, report: Report
) -> None:
    key, office.key = office.key, "xom_wrong"
    office.more = {"Authorization": f"Bearer {key}"}

    assert sends(office, report, "FIXED").status_code == 200


def test_a_request_that_is_not_there_is_404_and_says_what_to_look_at(
    office: Neighbour, report: Report
) -> None:
    answer = sends(office, report, "FIXED", service_request_id="000-000-000-A")

    assert answer.status_code == 404
    assert "service_request_id" in answer.json[0]["description"]


def test_a_status_that_nobody_took_a_step_for_is_told_to_stay_as_it_is(
    app: Flask, office: Neighbour, report: Report
) -> None:
    account, key = a_client("Sở khác", Scope.UPDATES_WRITE)
    client = Neighbour(app, key, account)

    elsewhere = sends(client, report, "IN_PROGRESS", update_id="a").json[0]
    again = sends(client, report, "IN_PROGRESS", update_id="a").json[0]
    begun = sends(office, report, "IN_PROGRESS", update_id="b").json[0]
    words = sends(client, report, "UNCHANGED", update_id="c").json[0]

    assert "Trạng thái của phản ánh không đổi" in elsewhere["service_notice"]
    assert again == elsewhere
    assert "service_notice" not in begun and "service_notice" not in words
