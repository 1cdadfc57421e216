"""What I said of a report myself: my rating, my support, what I agreed to. Mine to read alone."""

from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from app.clock import now
from app.database import db
from reports.models import Report
from reports.own_data import export_person
from reports.statuses import Role
from reports.submissions import Submission
from tests.reports.conftest import House
from tests.reports.test_api import Api, a_submission, anybody, dispatcher, lan, official

__all__ = ["anybody", "dispatcher", "lan"]  # fixtures


def said(api: Api, report_id: str) -> tuple[Any, Any]:
    told = api("GET", f"/reports/{report_id}").json
    return told.get("my_rating", "not told"), told.get("supported", "not told")


def test_each_reads_their_own_rating_and_support_and_nobody_elses(
    app: Flask, lan: Api, anybody: Api, dispatcher: Api, house: House
) -> None:
    report_id = lan("POST", "/reports", json=a_submission(house)).json["id"]
    dispatcher.step(report_id, "accept", version=1)
    minh, hoa = (Api(app, house.person(name).account_id) for name in ("Minh", "Hoa"))
    minh("PUT", f"/reports/{report_id}/support")
    lead = anybody("GET", f"/reports/{report_id}").json["office"]["id"]
    officer = official(app, house, Role.OFFICER, lead)
    officer.step(report_id, "start", version=2)
    done = officer.step(report_id, "resolve", version=3, outcome="explained", note="Đã nạo vét.")
    assert done.status_code == 200, done.json
    minh("PUT", f"/reports/{report_id}/rating", json={"stars": 4, "comment": "Nhanh."})
    lan("PUT", f"/reports/{report_id}/rating", json={"stars": 2})

    assert said(minh, report_id) == ({"stars": 4, "comment": "Nhanh."}, True)
    assert said(lan, report_id) == ({"stars": 2, "comment": ""}, False)
    assert said(hoa, report_id) == said(officer, report_id) == (None, False)
    assert said(anybody, report_id) == ("not told", "not told")
    minh("PUT", f"/reports/{report_id}/rating", json={"stars": 5, "comment": "Tốt."})
    minh("DELETE", f"/reports/{report_id}/support")
    assert said(minh, report_id) == ({"stars": 5, "comment": "Tốt."}, False)


def test_a_new_report_is_told_with_nothing_said_of_it(lan: Api, house: House) -> None:
    body = a_submission(house)

    first, again = (lan("POST", "/reports", json=body).json for _ in range(2))

    assert first["my_rating"] is again["my_rating"] is None
    assert first["supported"] is again["supported"] is False


# What I follow, page by page ---------------------------------------------------------------------


@pytest.fixture
def followed(app: Flask, lan: Api, dispatcher: Api, house: House) -> list[str]:
    """Seven reports that Minh follows, the last one first."""
    minh, ids = Api(app, house.person("Minh").account_id), []
    for _ in range(7):
        report_id = lan("POST", "/reports", json=a_submission(house)).json["id"]
        dispatcher.step(report_id, "accept", version=1)
        assert minh("PUT", f"/reports/{report_id}/support").status_code == 200
        ids.insert(0, report_id)
    return ids


def test_what_i_follow_comes_in_pages_without_gaps_or_repeats(
    app: Flask, followed: list[str], house: House
) -> None:
    minh = Api(app, house.person("Minh").account_id)
    seen: list[str] = []
    after = ""
    while True:
        answer = minh("GET", f"/me/supported?limit=3{after}")
        seen += [card["id"] for card in answer.json["items"]]
        if answer.json["next"] is None:
            break
        assert answer.json["next"] in answer.headers["Link"]
        after = f"&after={answer.json['next']}"

    assert seen == followed
    assert "Link" not in answer.headers


def test_whoever_names_no_page_gets_the_first_of_what_they_follow(
    app: Flask, followed: list[str], house: House
) -> None:
    minh = Api(app, house.person("Minh").account_id)

    told = minh("GET", "/me/supported").json

    assert [card["id"] for card in told["items"]] == followed and told["next"] is None
    assert minh("GET", "/me/supported?limit=101").status_code == 422
    assert minh("GET", "/me/supported?after=x").status_code == 422


# What I agreed to --------------------------------------------------------------------------------


def test_the_city_can_show_what_a_reporter_agreed_to(
    lan: Api, anybody: Api, dispatcher: Api, house: House
) -> None:
    sent = lan("POST", "/reports", json=a_submission(house, consent="2026-11")).json
    dispatcher.step(sent["id"], "accept", version=1)

    stored = db.session.get_one(Report, UUID(sent["id"]))
    exported = export_person(house.person("Lan").account_id, at=now())

    assert stored.consent == exported["reports"][0]["consent"] == sent["consent"] == "2026-11"
    assert dispatcher("GET", f"/reports/{sent['id']}").json["consent"] == "2026-11"
    public = anybody("GET", f"/reports/{sent['id']}")
    assert public.status_code == 200 and "consent" not in public.json


def test_a_report_may_leave_the_consent_out(lan: Api, house: House) -> None:
    for body in (a_submission(house), a_submission(house, consent=None)):
        assert lan("POST", "/reports", json=body).json["consent"] is None
    too_long = lan("POST", "/reports", json=a_submission(house, consent="x" * 21))
    assert too_long.status_code == 422
    assert too_long.json["errors"][0]["field"] == "consent"


def test_an_app_that_was_renewed_meanwhile_sends_the_same_report(lan: Api, house: House) -> None:
    body = a_submission(house)
    lan("POST", "/reports", json=body)

    again = lan("POST", "/reports", json=body | {"consent": "2026-11"})

    assert again.status_code == 200 and again.json["consent"] is None


def test_what_a_report_says_has_the_same_sum_for_ever() -> None:
    facts: dict[str, Any] = {
        "id": UUID(int=7), "category": "ngap-nuoc", "lat": 16.4675, "lng": 107.5885,
        "description": "Cống nghẹt.", "photos": (UUID(int=8),), "answers": {"sau": "goi"},
    }  # fmt: skip

    sums = {Submission(**facts, consent=one).digest().hex() for one in (None, "2026-11")}

    assert sums == {"1daa69b15a2b5c5c26dad9614082b0d2ba5dfd29035046cc424232cbf322b4f7"}
