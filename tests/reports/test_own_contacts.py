"""My number and my address: changed with a code sent there; the old number hears of it, the other
sessions end; the centre helps who lost their phone. Text messages and mail go over loopback."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from app.auth import accounts, signin
from app.auth.models import Account, AccountKind, AuditEntry
from app.auth.ports import FirebaseUser
from app.auth.senders import mail_sender_for, sender_for
from app.clock import now
from app.database import db
from bench.loopback import SmsGateway, SmtpSink
from notifications import delivery, devices, outbox, preferences
from notifications.kinds import Group
from notifications.models import Choice, Delivery, Device, DeviceKind, Way
from reports import identity, own_contacts
from reports.erasure import erase
from reports.statuses import Role
from tests.notifications.conftest import NOW, PAYLOAD, VAPID
from tests.reports.conftest import House
from tests.reports.test_api import Api, official

OLD, NEW = "+84905123456", "+84914222333"
EMAIL = "lan@example.vn"
HOTLINE = "19001075"


@pytest.fixture(scope="module")
def gateway() -> Iterator[SmsGateway]:
    with SmsGateway() as sms:
        yield sms


@pytest.fixture(scope="module")
def post_office() -> Iterator[SmtpSink]:
    with SmtpSink() as smtp:
        yield smtp


@pytest.fixture(autouse=True)
def outside(app: Flask, gateway: SmsGateway, post_office: SmtpSink) -> Iterator[None]:
    """The house with a gateway for texts and a mail server, both on loopback."""
    gateway.received.clear()
    gateway.recover()
    post_office.received.clear()
    post_office.recover()
    before = {name: app.extensions[name] for name in ("xom.config", "xom.auth", _NEWS)}
    config = replace(before["xom.config"], otp_sender="sms", sms_url=f"{gateway.url}/send",
                     sms_token=gateway.token, smtp_url=post_office.url, mail_from="xom@hue.example",
                     vapid_private_key=VAPID, base_url="https://xom.hue.example")  # fmt: skip
    app.extensions["xom.config"] = config
    app.extensions["xom.auth"] = replace(
        before["xom.auth"], send_code=sender_for(config), mail_code=mail_sender_for(config)
    )
    app.extensions[_NEWS] = replace(before[_NEWS], config=config)
    yield
    if post := app.extensions.pop("xom.post", None):
        delivery.close(post)
    app.extensions.update(before)


_NEWS = "xom.notifications"


@pytest.fixture
def lan(app: Flask, house: House) -> Account:
    account = signin.account_for_phone(OLD, "vi")
    db.session.commit()
    return account


@pytest.fixture
def phone(app: Flask, lan: Account) -> Api:
    return Api(app, lan.id)


def text_to(gateway: SmsGateway, number: str) -> str:
    """The newest text to a number."""
    return [sms.text for sms in gateway.received if sms.to == number][-1]


def code_for(api: Api, gateway: SmsGateway, number: str, *, purpose: str = "number") -> str:
    asked = api("POST", "/auth/otp", json={"phone": number, "purpose": purpose})
    assert asked.status_code == 200
    found = re.search(r"\d{6}", text_to(gateway, number))
    assert found
    gateway.received.clear()  # it has no idempotency key, and is kept once
    return found[0]


def mailed_code(post_office: SmtpSink) -> str:
    to, letter = post_office.received[-1]
    found = re.search(r"\d{6}", letter.get_content())
    assert found and to == EMAIL
    return found[0]


def give_email(api: Api, post_office: SmtpSink) -> Any:
    assert api("POST", "/me/email", json={"email": EMAIL}).status_code == 200
    return api("PUT", "/me/email", json={"email": EMAIL, "code": mailed_code(post_office)})


def actions() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def browser(account: Account, installation_id: UUID) -> None:
    devices.register(account.id, installation_id, kind=DeviceKind.FCM_TOKEN,
                     address=f"token-{installation_id}", locale="vi", at=now())  # fmt: skip
    db.session.commit()


def installed(account: Account) -> set[UUID]:
    mine = select(Device.installation_id).where(Device.account_id == account.id)
    return set(db.session.scalars(mine))


def bring_news(account: Account) -> list[tuple[str, str]]:
    """Something is told to somebody; by which ways it left, and what became of each."""
    change_id = uuid4()
    people = select(Account.id).where(Account.id == account.id)
    outbox.tell(change_id=change_id, kind="accepted", people=people, subject="report:1",
                payload=PAYLOAD, at=NOW)  # fmt: skip
    db.session.commit()
    delivery.deliver(change_id, clock=lambda: NOW)
    db.session.expire_all()
    return [(str(row.channel), str(row.state)) for row in db.session.scalars(select(Delivery))]


# A new number ------------------------------------------------------------------------------------


def test_a_new_number_takes_the_place_of_the_old_and_both_hear_of_it(
    app: Flask, phone: Api, lan: Account, gateway: SmsGateway
) -> None:
    code = code_for(phone, gateway, NEW)

    changed = phone("PUT", "/me/phone", json={"phone": "0914 222 333", "code": code})

    assert changed.status_code == 200, changed.json
    assert changed.json["phone"] == "+84 ••• ••• 333"
    assert changed.json["id"] == str(lan.id)
    (told,) = gateway.received
    assert told.to == OLD
    assert told.text == f"Xóm: Số của bạn vừa được đổi. Nếu không phải bạn, gọi {HOTLINE}."
    assert len(told.text) <= 70  # one segment
    assert identity.account_of_phone(NEW) == lan.id
    assert identity.account_of_phone(OLD) is None
    assert actions() == ["person.phone"]


def test_the_other_sessions_end_and_this_one_goes_on(
    app: Flask, phone: Api, lan: Account, gateway: SmsGateway
) -> None:
    stolen, here, there = Api(app, lan.id), uuid4(), uuid4()
    browser(lan, here)
    browser(lan, there)
    code = code_for(phone, gateway, NEW)

    phone("PUT", "/me/phone", json={"phone": NEW, "code": code},
          headers={"X-Installation-ID": str(here)})  # fmt: skip

    assert stolen("GET", "/me").status_code == 401
    assert phone("GET", "/me").status_code == 200
    assert installed(lan) == {here}


def test_who_does_not_say_on_which_device_hears_on_none_any_more(
    phone: Api, lan: Account, gateway: SmsGateway
) -> None:
    browser(lan, uuid4())
    code = code_for(phone, gateway, NEW)

    phone("PUT", "/me/phone", json={"phone": NEW, "code": code})

    assert installed(lan) == set()


@pytest.mark.parametrize("by", ["themselves", "the centre"])
def test_firebase_with_the_old_number_leads_in_no_longer(
    app: Flask, phone: Api, lan: Account, gateway: SmsGateway, by: str
) -> None:
    old_sim = FirebaseUser("firebase-user-1", OLD)
    assert signin.account_for_firebase(old_sim, "vi").id == lan.id
    db.session.commit()

    if by == "themselves":
        code = code_for(phone, gateway, NEW)
        assert phone("PUT", "/me/phone", json={"phone": NEW, "code": code}).status_code == 200
    else:
        run(app, "people", "change-phone", str(lan.id), NEW, "--reason", "Mất máy")

    assert signin.account_for_firebase(old_sim, "vi").id != lan.id


def test_a_code_to_sign_in_changes_no_number_and_the_other_way_round(
    phone: Api, lan: Account, gateway: SmsGateway
) -> None:
    to_sign_in = code_for(phone, gateway, NEW, purpose="sign-in")
    to_move = code_for(phone, gateway, NEW)

    moved = phone("PUT", "/me/phone", json={"phone": NEW, "code": to_sign_in})
    entered = phone("POST", "/auth/otp/verify", json={"phone": NEW, "code": to_move})

    assert (moved.status_code, entered.status_code) == (422, 422)
    assert identity.own(lan.id).phone == OLD


def test_a_repeat_is_answered_as_the_first_and_tells_nobody_again(
    phone: Api, lan: Account, gateway: SmsGateway
) -> None:
    body = {"phone": NEW, "code": code_for(phone, gateway, NEW)}
    first = phone("PUT", "/me/phone", json=body)

    again = phone("PUT", "/me/phone", json=body)

    assert (again.status_code, again.json) == (200, first.json)
    assert len(gateway.received) == 1
    assert actions() == ["person.phone"]


def test_a_number_of_somebody_else_is_refused_to_its_holder_alone(
    app: Flask, house: House, phone: Api, lan: Account, gateway: SmsGateway
) -> None:
    minh = signin.account_for_phone(NEW, "vi")
    db.session.commit()

    guessed = phone("PUT", "/me/phone", json={"phone": NEW, "code": "000000"})
    code = code_for(phone, gateway, NEW)
    proved = phone("PUT", "/me/phone", json={"phone": NEW, "code": code})

    assert guessed.status_code == 422
    assert proved.status_code == 409
    assert "Đăng nhập bằng số đó" in proved.json["detail"]
    assert str(minh.id) not in proved.text
    assert identity.own(lan.id).phone == OLD
    code = code_for(phone, gateway, NEW, purpose="sign-in")
    signed_in = phone("POST", "/auth/otp/verify", json={"phone": NEW, "code": code})
    assert signed_in.json["account"]["id"] == str(minh.id)  # as the sentence says


def test_a_wrong_code_changes_nothing(phone: Api, lan: Account, gateway: SmsGateway) -> None:
    right = code_for(phone, gateway, NEW)
    wrong = "000000" if right != "000000" else "000001"

    answer = phone("PUT", "/me/phone", json={"phone": NEW, "code": wrong})

    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == "code"
    assert identity.own(lan.id).phone == OLD
    assert gateway.received == []


@pytest.mark.parametrize("anonymous", [False, True])
def test_a_guest_is_told_to_sign_in_instead(app: Flask, house: House, anonymous: bool) -> None:  # noqa: FBT001
    guest = Api(app, accounts.create_guest("vi", anonymous=anonymous).id)

    answer = guest("PUT", "/me/phone", json={"phone": NEW, "code": "123456"})

    assert answer.status_code == 403
    assert answer.json["type"] == "/problems/sign-in-instead"


def test_an_officials_number_is_not_theirs_to_change(app: Flask, house: House) -> None:
    officer = official(app, house, Role.DISPATCHER)

    for method, path in (("PUT", "/me/phone"), ("PUT", "/me/email")):
        body = {"code": "123456", path.rpartition("/")[2]: NEW if "phone" in path else EMAIL}
        assert officer(method, path, json=body).status_code == 403
    assert officer("DELETE", "/me/email").status_code == 403


def test_a_gateway_that_is_away_undoes_no_change(
    phone: Api, lan: Account, gateway: SmsGateway
) -> None:
    code = code_for(phone, gateway, NEW)
    gateway.fail(503)

    assert phone("PUT", "/me/phone", json={"phone": NEW, "code": code}).status_code == 200
    assert identity.own(lan.id).phone == NEW


# By the centre -----------------------------------------------------------------------------------


def run(app: Flask, *words: str) -> Result:
    db.session.commit()
    return app.test_cli_runner().invoke(args=list(words))


@pytest.mark.parametrize("by", ["account", "number"])
def test_the_centre_gives_a_new_number_to_who_lost_their_phone(
    app: Flask, phone: Api, lan: Account, gateway: SmsGateway, by: str
) -> None:
    browser(lan, uuid4())
    whom = str(lan.id) if by == "account" else "0905 123 456"

    done = run(app, "people", "change-phone", whom, "0914222333", "--reason", "Mất máy, có CCCD")

    assert done.exit_code == 0, done.output
    assert f"{lan.id} signs in with +84 ••• ••• 333 from now on.\n" in done.output
    assert phone("GET", "/me").status_code == 401
    assert installed(lan) == set()
    assert [sms.to for sms in gateway.received] == [OLD]
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.reason) == ("person.phone", "Mất máy, có CCCD")
    assert identity.account_of_phone(NEW) == lan.id


def test_the_centre_gives_no_number_to_who_was_erased(
    app: Flask, lan: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "C.UTF-8")
    erase(lan.id, by=None, at=now())

    told = run(app, "people", "change-phone", str(lan.id), NEW, "--reason", "Mất máy")

    assert "No account has this id or this number" in told.output


def test_the_centre_gives_no_number_that_is_taken_and_none_without_a_reason(
    app: Flask, lan: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "C.UTF-8")
    signin.account_for_phone(NEW, "vi")
    guest = accounts.create_guest("vi")

    taken = run(app, "people", "change-phone", OLD, NEW, "--reason", "Mất máy")
    unsaid = run(app, "people", "change-phone", OLD, NEW, "--reason", " ")
    nobody = run(app, "people", "change-phone", "0987654321", NEW, "--reason", "Mất máy")
    of_a_guest = run(app, "people", "change-phone", str(guest.id), NEW, "--reason", "Mất máy")

    assert "This number is in use already" in taken.output
    assert "must say something" in unsaid.output
    assert "No account has this id or this number" in nobody.output
    assert of_a_guest.exit_code == 1
    assert identity.own(lan.id).phone == OLD


# E-mail ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [AccountKind.GUEST, AccountKind.RESIDENT])
def test_news_go_by_mail_to_who_gave_an_address_and_has_no_push(
    app: Flask, house: House, post_office: SmtpSink, kind: AccountKind
) -> None:
    account_id = house.person("Minh", kind).account_id
    api = Api(app, account_id)

    kept = give_email(api, post_office)
    left = bring_news(db.session.get_one(Account, account_id))

    assert kept.status_code == 200, kept.json
    assert kept.json["email"] == EMAIL == api("GET", "/me").json["email"]
    assert left == [("email", "sent")]
    to, letter = post_office.received[-1]
    assert (to, letter["Subject"]) == (EMAIL, "Đã tiếp nhận 482-173-906-K")
    chosen = api("GET", "/me/preferences").json["choices"]
    assert chosen["my_reports"]["email"] == chosen["nearby"]["email"] == "otherwise"
    assert chosen["work"]["email"] == "never"


def test_a_choice_made_before_stays_when_an_address_is_given(
    phone: Api, lan: Account, post_office: SmtpSink
) -> None:
    preferences.choose(lan.id, {Group.COMMENTS: {Way.EMAIL: Choice.NEVER}})

    give_email(phone, post_office)

    chosen = phone("GET", "/me/preferences").json["choices"]
    assert (chosen["comments"]["email"], chosen["my_reports"]["email"]) == ("never", "otherwise")


def test_an_address_that_is_taken_back_hears_nothing(
    phone: Api, lan: Account, post_office: SmtpSink
) -> None:
    give_email(phone, post_office)
    post_office.received.clear()

    gone = phone("DELETE", "/me/email")
    again = phone("DELETE", "/me/email")

    assert (gone.status_code, again.status_code) == (204, 204)
    assert phone("GET", "/me").json["email"] is None
    assert bring_news(lan) == []
    assert post_office.received == []
    assert actions() == ["person.email", "person.email"]


def test_an_address_needs_its_code(phone: Api, lan: Account, post_office: SmtpSink) -> None:
    phone("POST", "/me/email", json={"email": EMAIL})
    code = mailed_code(post_office)
    wrong = "000000" if code != "000000" else "000001"

    refused = phone("PUT", "/me/email", json={"email": EMAIL, "code": wrong})
    other = phone("PUT", "/me/email", json={"email": "minh@example.vn", "code": code})
    kept = phone("PUT", "/me/email", json={"email": "LAN@EXAMPLE.VN", "code": code})

    assert (refused.status_code, other.status_code, kept.status_code) == (422, 422, 200)
    assert identity.own(lan.id).email == "LAN@example.vn"


def test_a_repeated_address_needs_no_second_code(
    phone: Api, lan: Account, post_office: SmtpSink
) -> None:
    first = give_email(phone, post_office)

    again = phone("PUT", "/me/email", json={"email": EMAIL, "code": mailed_code(post_office)})

    assert (again.status_code, again.json) == (200, first.json)
    assert actions() == ["person.email"]


def test_the_old_address_is_told_when_another_takes_its_place(
    phone: Api, lan: Account, post_office: SmtpSink
) -> None:
    give_email(phone, post_office)
    phone("POST", "/me/email", json={"email": "minh@example.vn"})
    found = re.search(r"\d{6}", post_office.received[-1][1].get_content())
    assert found
    post_office.received.clear()
    body = {"email": "minh@example.vn", "code": found[0]}

    for _ in range(2):
        assert phone("PUT", "/me/email", json=body).status_code == 200

    ((to, letter),) = post_office.received
    assert to == EMAIL
    assert HOTLINE in letter.get_content() and "email" in letter.get_content()


def test_what_is_no_address_is_refused_before_anything_is_sent(
    phone: Api, post_office: SmtpSink
) -> None:
    for wrong in ("lan", "lan@", "lan@hue", "a,b@hue.vn", "lan@hue.vn, minh@hue.vn", "lan@huế.vn",
                  "<lan@hue.vn>", "a..b@hue.vn", "lan@hue.vn\r\nBcc: x@y.vn"):  # fmt: skip
        answer = phone("POST", "/me/email", json={"email": wrong})
        assert answer.status_code == 422, wrong
        assert answer.json["errors"][0]["field"] == "email"
    assert post_office.received == []


def test_an_address_that_the_mail_server_refuses_is_told(phone: Api, post_office: SmtpSink) -> None:
    post_office.refuse("RCPT", "550 no such mailbox")
    never = phone("POST", "/me/email", json={"email": EMAIL})
    post_office.refuse("RCPT", "451 come back later")
    later = phone("POST", "/me/email", json={"email": EMAIL})

    assert (never.status_code, never.json["type"]) == (422, "/problems/address-refused")
    assert later.status_code == 503


def test_codes_to_one_address_are_few(app: Flask, house: House) -> None:
    answers = [
        Api(app, accounts.create_guest("vi").id)("POST", "/me/email", json={"email": EMAIL})
        for _ in range(6)
    ]

    assert [answer.status_code for answer in answers] == [200] * 5 + [429]


def test_an_anonymous_session_keeps_no_address(app: Flask, house: House) -> None:
    anonymous = Api(app, accounts.create_guest("vi", anonymous=True).id)

    answer = anonymous("POST", "/me/email", json={"email": EMAIL})

    assert answer.status_code == 403
    assert answer.json["type"] == "/problems/no-address-here"


def test_a_city_without_a_mail_server_says_so(app: Flask, phone: Api) -> None:
    app.extensions["xom.auth"] = replace(app.extensions["xom.auth"], mail_code=None)

    answer = phone("POST", "/me/email", json={"email": EMAIL})

    assert (answer.status_code, answer.json["type"]) == (403, "/problems/no-mail-here")


def test_a_guests_address_comes_along_when_they_sign_in(
    app: Flask, house: House, gateway: SmsGateway, post_office: SmtpSink
) -> None:
    guest = Api(app, accounts.create_guest("vi").id)
    give_email(guest, post_office)

    code = code_for(guest, gateway, NEW, purpose="sign-in")
    signed_in = guest("POST", "/auth/otp/verify", json={"phone": NEW, "code": code}).json

    resident = db.session.get_one(Account, UUID(signed_in["account"]["id"]))
    assert identity.own(resident.id).email == EMAIL
    assert bring_news(resident) == [("email", "sent")]


# Text messages -----------------------------------------------------------------------------------


def test_news_go_by_text_to_who_asked_for_it_and_has_no_push(
    phone: Api, lan: Account, gateway: SmsGateway
) -> None:
    told = phone("PATCH", "/me", json={"sms": True})

    assert told.json["sms"] is True
    assert bring_news(lan) == [("sms", "sent")]
    assert "482-173-906-K" in text_to(gateway, OLD)
    chosen = phone("GET", "/me/preferences").json["choices"]
    assert (chosen["my_reports"]["sms"], chosen["nearby"]["sms"]) == ("otherwise", "never")


def test_no_text_goes_to_who_asks_for_it_no_longer(
    phone: Api, lan: Account, gateway: SmsGateway
) -> None:
    phone("PATCH", "/me", json={"sms": True})

    assert phone("PATCH", "/me", json={"sms": False}).json["sms"] is False
    assert bring_news(lan) == []
    assert gateway.received == []


def test_a_guest_has_no_number_for_texts(app: Flask, house: House) -> None:
    guest = Api(app, accounts.create_guest("vi").id)

    assert guest("PATCH", "/me", json={"sms": True}).status_code == 403
    assert guest("PATCH", "/me", json={"sms": False}).status_code == 200


def test_two_changes_of_one_number_at_different_times_tell_each_old_one(
    app: Flask, lan: Account, house: House
) -> None:
    """Each change tells the number that it takes the place of, and no other."""
    first = own_contacts.replace_phone(lan.id, NEW, city=house.city, reason="Mất máy", at=now())
    later = now() + timedelta(minutes=1)
    second = own_contacts.replace_phone(lan.id, OLD, city=house.city, reason="Tìm lại", at=later)

    assert first and second
    assert (first.recipient, second.recipient) == (OLD, NEW)
