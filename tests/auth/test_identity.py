"""Who the reporter is: sealed under a key of their own, read with a reason, told by no accident."""

from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from app import audit
from app.auth import accounts
from app.auth.guards import Caller
from app.auth.models import Account, AccountKind, AuditEntry
from app.clock import now
from app.database import db
from app.factory import create_app
from reports import identity, sealing
from reports.identity import Person, ReasonMissing
from reports.models import ReporterIdentity
from tests.auth.people import NUMBER, bearer
from tests.conftest import config_for

NAME, EMAIL = "Nguyễn Thị Lan", "lan@example.vn"
KEY = b"k" * 32


@pytest.fixture
def lan(app: Flask) -> Account:
    account = accounts.create_resident("vi")
    identity.remember(account.id, name=NAME, phone=NUMBER, email=EMAIL)
    return account


@pytest.fixture
def dispatcher(official: Account) -> Caller:
    return Caller(official.id, AccountKind.OFFICIAL, "vi", b"")


def stored() -> bytes:
    """Every byte that the database keeps of people."""
    rows = db.session.execute(text("select r::text from reporter_identity r")).scalars()
    return "\n".join(rows).encode()


def test_what_is_remembered_is_known_again(lan: Account) -> None:
    assert identity.own(lan.id) == Person(NAME, NUMBER, EMAIL)


def test_nothing_of_it_stands_in_the_database(lan: Account) -> None:
    found = stored()

    for value in (NAME, NUMBER, EMAIL):
        assert value.encode() not in found
        assert value.encode().hex().encode() not in found  # bytea prints as hex


def test_each_person_has_a_key_of_their_own(app: Flask, lan: Account) -> None:
    other = accounts.create_resident("vi")
    identity.remember(other.id, name=NAME)

    first = db.session.get_one(ReporterIdentity, lan.id)
    second = db.session.get_one(ReporterIdentity, other.id)

    assert first.wrapped_key != second.wrapped_key
    assert first.name != second.name


@pytest.mark.parametrize("swap", ["name", "wrapped_key"])
def test_what_is_copied_to_another_person_does_not_open(
    app: Flask, lan: Account, swap: str
) -> None:
    other = accounts.create_resident("vi")
    identity.remember(other.id, name="Ai đó")
    theirs = db.session.get_one(ReporterIdentity, other.id)
    setattr(theirs, swap, getattr(db.session.get_one(ReporterIdentity, lan.id), swap))
    db.session.flush()

    with pytest.raises(sealing.SealBroken):
        identity.own(other.id)


def test_what_is_copied_to_another_field_does_not_open(lan: Account) -> None:
    row = db.session.get_one(ReporterIdentity, lan.id)
    row.email = row.name
    db.session.flush()

    with pytest.raises(sealing.SealBroken):
        identity.own(lan.id)


def test_another_master_key_opens_nothing(own_database: str) -> None:
    house = create_app(config_for(own_database))
    with house.app_context():
        account = accounts.create_resident("vi")
        identity.remember(account.id, name=NAME)
        db.session.commit()
        account_id = account.id
    stolen = create_app(config_for(own_database, identity_key=b"another key of thirty-two bytes!"))
    with stolen.app_context():
        with pytest.raises(sealing.SealBroken):
            identity.own(account_id)
        db.session.remove()
    for app in (house, stolen):
        with app.app_context():
            db.engine.dispose()


def test_any_changed_byte_is_refused() -> None:
    account = uuid4()
    data = sealing.sealed(KEY, account, "name", NAME)

    for place in range(len(data)):
        broken = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        with pytest.raises(sealing.SealBroken):
            sealing.opened(KEY, account, "name", broken)
    for cut in (b"", data[:1], data[:13], data[:-1]):
        with pytest.raises(sealing.SealBroken):
            sealing.opened(KEY, account, "name", cut)


def test_the_same_words_are_sealed_differently_each_time() -> None:
    account = uuid4()

    assert sealing.sealed(KEY, account, "name", NAME) != sealing.sealed(KEY, account, "name", NAME)


def test_an_official_reads_with_a_reason_that_is_kept(lan: Account, dispatcher: Caller) -> None:
    person = identity.reveal(lan.id, by=dispatcher, reason=" Cần gọi hẹn giờ vào nhà ")

    assert person == Person(NAME, NUMBER, EMAIL)
    entry = db.session.scalars(select(AuditEntry)).one()
    assert entry.action == "identity.reveal"
    assert entry.subject == f"account:{lan.id}"
    assert entry.actor_id == dispatcher.account_id
    assert entry.fields == ["name", "phone", "email"]
    assert entry.reason == "Cần gọi hẹn giờ vào nhà"
    assert audit.verify_chain() == []


@pytest.mark.parametrize("reason", ["", "   ", "\n\t"])
def test_without_a_reason_nothing_is_told(lan: Account, dispatcher: Caller, reason: str) -> None:
    with pytest.raises(ReasonMissing) as caught:
        identity.reveal(lan.id, by=dispatcher, reason=reason)

    assert "Ghi lý do" in caught.value.sentence("vi")
    assert "Say why" in caught.value.sentence("en")
    assert audit.length() == 0


def test_looking_at_somebody_unknown_is_recorded_too(guest: Account, dispatcher: Caller) -> None:
    assert identity.reveal(guest.id, by=dispatcher, reason="hỏi thêm") == Person()

    assert audit.length() == 1


def test_a_number_is_found_by_its_fingerprint_alone(lan: Account) -> None:
    assert identity.account_of_phone(NUMBER) == lan.id
    assert identity.account_of_phone("+84905123457") is None
    assert identity.fingerprint(NUMBER) != identity.fingerprint("+84905123457")


def test_an_empty_name_forgets_it_and_leaves_the_rest(lan: Account) -> None:
    identity.remember(lan.id, name="")

    assert identity.own(lan.id) == Person(None, NUMBER, EMAIL)


def test_a_person_does_not_print(lan: Account) -> None:
    person = identity.own(lan.id)
    contact = identity.contact_for_delivery([lan.id])[lan.id]

    for printed in (repr(person), str(person), repr(contact), f"{contact!r}"):
        assert not any(value in printed for value in (NAME, NUMBER, EMAIL))


def test_text_messages_go_to_those_who_chose_them(lan: Account) -> None:
    before = identity.contact_for_delivery([lan.id])[lan.id]
    identity.consent_to_sms(lan.id, wanted=True)
    after = identity.contact_for_delivery([lan.id])[lan.id]
    identity.consent_to_sms(lan.id, wanted=False)
    again = identity.contact_for_delivery([lan.id])[lan.id]

    assert (before.phone, after.phone, again.phone) == (None, NUMBER, None)
    assert before.email == EMAIL


def test_a_duty_phone_is_reached_and_signs_in_to_nothing(lan: Account, official: Account) -> None:
    identity.give_duty_phone(official.id, NUMBER)  # a resident signs in with the same one
    contact = identity.contact_for_delivery([official.id])[official.id]

    assert (contact.email, contact.phone) == ("an@hue.example", NUMBER)
    assert identity.account_of_phone(NUMBER) == lan.id
    assert NUMBER.encode() not in stored()
    assert NUMBER.encode().hex().encode() not in stored()


def test_a_duty_phone_can_be_taken_back(official: Account) -> None:
    identity.give_duty_phone(official.id, NUMBER)

    identity.give_duty_phone(official.id, "")

    assert identity.contact_for_delivery([official.id])[official.id].phone is None


def test_a_disabled_officials_duty_phone_is_silent(official: Account) -> None:
    identity.give_duty_phone(official.id, NUMBER)
    accounts.disable(official)

    assert identity.contact_for_delivery([official.id]) == {}


def test_everybodys_contact_comes_in_one_answer(
    lan: Account, guest: Account, official: Account
) -> None:
    gone = accounts.create_resident("vi")
    accounts.disable(gone)

    found = identity.contact_for_delivery([lan.id, guest.id, official.id, gone.id, uuid4()])

    assert set(found) == {lan.id, guest.id, official.id}
    assert found[official.id].email == "an@hue.example"
    assert (found[guest.id].email, found[guest.id].phone) == (None, None)


def test_a_destroyed_key_leaves_noise_and_frees_the_number(lan: Account) -> None:
    identity.destroy(lan.id, at=now())

    row = db.session.get_one(ReporterIdentity, lan.id)
    assert row.wrapped_key is None and row.erased_at
    assert identity.own(lan.id) == Person()
    assert identity.account_of_phone(NUMBER) is None


def test_an_erased_person_is_not_written_to_again(lan: Account) -> None:
    identity.destroy(lan.id, at=now())

    with pytest.raises(LookupError):
        identity.remember(lan.id, name=NAME)


def test_i_see_my_own_number_masked(client: FlaskClient, lan: Account) -> None:
    me = client.get("/api/v1/me", headers=bearer(lan)).json

    assert me["name"] == NAME
    assert me["phone"] == "+84 ••• ••• 456"
    assert me["kind"] == "resident"
    assert UUID(me["id"]) == lan.id


def test_i_set_my_name_language_and_text_messages(client: FlaskClient, lan: Account) -> None:
    headers = bearer(lan)

    client.patch("/api/v1/me", json={"name": " Lan  Nguyễn "}, headers=headers)
    me = client.patch("/api/v1/me", json={"locale": "en", "sms": True}, headers=headers).json

    assert (me["name"], me["locale"], me["sms"]) == ("Lan Nguyễn", "en", True)


def test_an_anonymous_account_keeps_no_name(client: FlaskClient) -> None:
    anonymous = accounts.create_guest("vi", anonymous=True)

    answer = client.patch("/api/v1/me", json={"name": NAME}, headers=bearer(anonymous))

    assert answer.status_code == 403
    assert identity.own(anonymous.id) == Person()


def test_an_official_does_not_rename_themselves(client: FlaskClient, official: Account) -> None:
    answer = client.patch("/api/v1/me", json={"name": "Ai đó"}, headers=bearer(official))

    assert answer.status_code == 403
    assert client.get("/api/v1/me", headers=bearer(official)).json["name"] == "Trần Thị An"
