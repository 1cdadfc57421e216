"""A client hears of what it sent as its reporter does, until that person reads for themselves."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from app.auth import tokens
from app.auth.models import Account
from app.auth.scopes import Scope
from app.clock import now
from app.database import db
from reports import queries, voices
from reports.models import Report, StatusChange
from reports.permissions import Viewer
from reports.statuses import Role
from tests.open311.conftest import Neighbour, a_client
from tests.reports.conftest import House

HERS = "0905 123 456"


@pytest.fixture
def client(app: Flask, house: House) -> Neighbour:
    account, key = a_client(
        "FixMyStreet", Scope.REPORTS_CREATE, Scope.UPDATES_READ, Scope.UPDATES_WRITE
    )
    return Neighbour(app, key, account)


@pytest.fixture
def report(house: House, client: Neighbour) -> Report:
    """Sent by the client for somebody, taken, not shown, and a question asked."""
    found = queries.find(client.sends(phone=HERS))
    assert found is not None
    house.at = now() + timedelta(seconds=1)
    house.takes(house.official(Role.DISPATCHER), "accept", found, hold_back=True)
    ask(house, found, "Trước số nhà nào?")
    return found


def ask(house: House, report: Report, words: str) -> None:
    house.at += timedelta(seconds=1)
    office = house.city.offices_by_id[report.office_id].code
    house.takes(house.official(Role.OFFICER, office), "ask", report, note=words)
    house.at += timedelta(seconds=1)


def signs_in(report: Report) -> Viewer:
    """Whoever holds the number, in the city's own app."""
    account = db.session.get_one(Account, report.reporter_id)
    tokens.issue(account)
    db.session.commit()
    return Viewer(account.id)


def told(client: Neighbour) -> list[tuple[str, str]]:
    until = (now() + timedelta(minutes=10)).isoformat()
    asked = {"api_key": client.key, "end_date": until}
    found = client.told("servicerequestupdates.json", **asked)
    return [(one["status"], one["description"]) for one in found]


def test_until_then_it_hears_questions_and_what_it_answered_itself(
    house: House, client: Neighbour, report: Report
) -> None:
    answers = client.post("servicerequestupdates.json", service_request_id=report.code,
                          update_id="1", status="UNCHANGED", updated_datetime=now().isoformat(),
                          description=f"Số 12, gọi {HERS}.")  # fmt: skip

    assert answers.status_code == 200, answers.text
    assert sorted(told(client)) == [
        ("investigating", "Trước số nhà nào?"),
        ("open", ""),
        ("open", f"Số 12, gọi {HERS}."),
    ]


def test_what_the_person_says_in_the_citys_app_is_not_the_clients_to_read(
    house: House, client: Neighbour, report: Report
) -> None:
    her = signs_in(report)

    answered(house, report, her)
    replied_privately(house, report)

    assert told(client) == []


def test_words_that_were_the_persons_own_stay_theirs_when_they_sign_out(
    house: House, client: Neighbour, report: Report
) -> None:
    answered(house, report, Viewer(report.reporter_id))

    assert told(client) == [("open", ""), ("investigating", "Trước số nhà nào?"), ("open", "")]


def test_once_shown_it_reads_what_everybody_reads_and_its_own_words(
    house: House, client: Neighbour, report: Report
) -> None:
    sent = client.post("servicerequestupdates.json", service_request_id=report.code,
                       update_id="1", status="UNCHANGED", updated_datetime=now().isoformat(),
                       description="Số 12.")  # fmt: skip
    assert sent.status_code == 200, sent.text
    ask(house, report, "Cống nào?")
    answered(house, report, signs_in(report))
    house.takes(house.official(Role.DISPATCHER), "publish", report)

    assert sorted(told(client)) == [("open", ""), ("open", "Số 12.")]


def test_it_takes_no_step_for_a_person_who_takes_them_themselves(
    house: House, client: Neighbour, report: Report
) -> None:
    signs_in(report)

    sent = client.post("servicerequestupdates.json", service_request_id=report.code,
                       update_id="2", status="CANCELLED", updated_datetime=now().isoformat(),
                       description="Thôi.")  # fmt: skip

    assert sent.status_code == 200, sent.text  # words, which wait for a person
    assert steps_of(report.id) == ["submit", "accept", "ask"]


def answered(house: House, report: Report, by: Viewer) -> None:
    house.takes(by, "answer", report, note=f"Gọi tôi: {HERS}.")
    house.at += timedelta(seconds=1)


def replied_privately(house: House, report: Report) -> None:
    """The report is not shown: what its office says is for whoever sent it."""
    office = house.city.offices_by_id[report.office_id].code
    officer = house.official(Role.OFFICER, office)
    voices.comment(report, UUID(int=7), "Đã gọi cho chị.", by=officer, at=house.at)


def steps_of(report_id: UUID) -> list[str]:
    query = select(StatusChange.step).where(StatusChange.report_id == report_id)
    return list(db.session.scalars(query.order_by(StatusChange.version)))
