"""Whom a request is from: sealed, known by their number, and nothing of it costs the report."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.auth.models import Account, AccountKind, AuditEntry
from app.clock import now
from app.database import db
from reports import identity
from reports.desk import reporter_limits
from reports.statuses import Identity, Role
from tests.open311.conftest import PHONE, Neighbour, Plain, a_request, report_of
from tests.reports.conftest import House


def test_who_sent_it_is_sealed_and_known_by_their_number(client: Neighbour, house: House) -> None:
    request_id = client.sends(first_name="Trần", last_name="Thị Lan", phone=PHONE)

    report = report_of(request_id)
    person = identity.own(report.reporter_id)
    assert (person.name, person.phone) == ("Trần Thị Lan", "+84905123456")
    assert identity.account_of_phone("+84905123456") == report.reporter_id
    assert report.identity is Identity.CONFIDENTIAL and report.consent == "open311-1"
    assert PHONE not in report.description
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "report.enter")).one()
    assert client.account and entry.actor_id == client.account.id
    assert (set(entry.fields), entry.reason) == ({"name", "phone"}, "open311")


def test_two_requests_of_one_number_are_one_persons(client: Neighbour) -> None:
    first, second = client.sends(phone=PHONE), client.sends(phone="+84 905 123 456")

    assert report_of(first).reporter_id == report_of(second).reporter_id


def test_without_a_number_each_is_a_guests_own(client: Neighbour) -> None:
    first, second = client.sends(email="lan@example.org"), client.sends()

    one, other = (db.session.get_one(Account, report_of(i).reporter_id) for i in (first, second))
    assert one.kind is other.kind is AccountKind.GUEST and one.id != other.id
    assert identity.own(one.id).email == "lan@example.org"
    assert report_of(second).consent is None


def test_nobody_gives_a_numbers_account_an_address(client: Neighbour) -> None:
    """News of that account would go to whoever sent this."""
    request_id = client.sends(phone=PHONE, email="somebody@example.org", first_name="Lan")

    assert identity.own(report_of(request_id).reporter_id).email is None


def test_a_name_that_somebody_gave_themselves_stays(client: Neighbour) -> None:
    first = client.sends(phone=PHONE, first_name="Lan")
    client.sends(phone=PHONE, first_name="Hoa")

    assert identity.own(report_of(first).reporter_id).name == "Lan"


@pytest.mark.parametrize(
    ("contact", "said"),
    [({"phone": "12"}, "Số điện thoại"), ({"email": "not an address"}, "Địa chỉ email")],
)
def test_a_contact_that_cannot_be_used_does_not_cost_the_report(
    client: Neighbour, contact: Plain, said: str
) -> None:
    answer = client.post(**a_request(**contact))

    assert answer.status_code == 200
    assert said in answer.json[0]["service_notice"]


@pytest.mark.parametrize(
    ("contact", "said"),
    [
        ({"phone": "0" * 41}, "Số điện thoại"),
        ({"email": f"{'lan' * 100}@example.org"}, "Địa chỉ email"),
        ({"first_name": "Lan" * 50}, "120 ký tự"),
        ({"last_name": "Lan" * 50}, "120 ký tự"),
        ({"address_string": "Gần cầu. " * 40}, "200 ký tự"),
        ({"address_id": "#" * 300}, ""),
    ],
)
def test_what_is_too_long_does_not_cost_the_report_and_is_told(
    client: Neighbour, contact: Plain, said: str
) -> None:
    answer = client.post(**a_request(**contact))

    assert answer.status_code == 200, answer.text
    assert said in (answer.json[0]["service_notice"] or "")


def test_the_beginning_of_a_long_name_and_of_a_long_address_is_kept(client: Neighbour) -> None:
    request_id = client.sends(first_name="Lan", last_name="Hoa" * 50, address_string="Ở đây " * 40)

    report = report_of(request_id)
    assert identity.own(report.reporter_id).name == f"Lan {'Hoa' * 50}"[:120]
    assert report.place_note == ("Ở đây " * 40)[:200].strip()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_whoever_is_limited_is_told_of_to_nobody_else(
    client: Neighbour, house: House, language: str
) -> None:
    """The client asks about somebody's number: what an official thinks of them is not for it."""
    report = report_of(client.sends(phone=PHONE))
    by = house.official(Role.DISPATCHER).account_id
    assert by
    reporter_limits.set_limit(
        report.reporter_id, "false", "Báo tin giả", until=now() + timedelta(days=9), by=by, at=now()
    )
    client.language = language

    answer = client.post(**a_request(phone=PHONE))

    assert answer.status_code == answer.json[0]["code"] == 400
    said = answer.json[0]["description"]
    assert ("trung tâm" if language == "vi" else "call the centre") in said
    assert not {"sự thật", "not true", "cho đến", "until"} & {
        word for word in ("sự thật", "not true", "cho đến", "until") if word in said
    }
    danger = {"service_code": "dong-vat", "attribute[bi-can]": "yes"}
    assert client.post(**a_request(phone=PHONE, **danger)).status_code == 200
