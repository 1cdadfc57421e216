"""E-mail over real SMTP and text messages over real HTTP, on loopback."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest

from app import mail
from app.auth.models import Account, AccountKind
from app.database import db
from bench.loopback import SmtpSink
from bench.loopback.certificates import make_certificate
from notifications import delivery, preferences
from notifications.attempts import ALARM, Batch
from notifications.channels import email
from notifications.channels.email import Email
from notifications.channels.letters import Alarm, Bad, Busy, Letter, Retry, Sent
from notifications.channels.sms import PLAIN_MOST, UNICODE_MOST, sms_text, without_diacritics
from notifications.claims import LEASE, claim_due
from notifications.expansion import expand_change
from notifications.kinds import Group
from notifications.models import Channel, Choice, Way
from tests.notifications.conftest import NOW, Outside, Reachable, Town
from tests.notifications.test_fcm import LETTER

MAIL = replace(LETTER, address="lan@example.vn", device_kind=None)


def wanting(town: Town, way: Way) -> Account:
    lan = town.person()
    town.contacts = {lan.id: Reachable("lan@example.vn", "+84905123456")}
    preferences.choose(lan.id, {Group.MY_REPORTS: {way: Choice.ALWAYS}})
    return lan


def test_a_letter_arrives_as_text_and_html_with_the_messages_id(town: Town) -> None:
    lan = wanting(town, Way.EMAIL)

    town.bring(lan)

    ((to, letter),) = town.outside.smtp.received
    plain = letter.get_body(("plain",))
    html = letter.get_body(("html",))
    assert plain is not None and html is not None
    assert to == "lan@example.vn"
    assert letter["Subject"] == "Đã tiếp nhận 482-173-906-K"
    assert letter["Message-ID"] == f"<{town.message(lan).id}@xom.hue.example>"
    assert letter["From"] == "xom@hue.example"
    assert "trả lời trước 17:00 thứ Ba 1/12" in plain.get_content()
    assert "https://xom.hue.example/reports/482173906K" in plain.get_content()
    assert '<html lang="vi">' in html.get_content()


def test_a_letter_can_be_left_with_one_click_and_no_sign_in(town: Town) -> None:
    lan = wanting(town, Way.EMAIL)
    town.bring(lan)
    ((_, letter),) = town.outside.smtp.received
    link = letter["List-Unsubscribe"].strip("<>")
    path = link.removeprefix("https://xom.hue.example")
    client = town.app.test_client()

    looked = client.get(path)
    assert looked.status_code == 200
    assert preferences.wishes_of(lan.id).choices[Group.MY_REPORTS][Way.EMAIL] == "always"

    left = client.post(path, data={"List-Unsubscribe": "One-Click"})

    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert left.status_code == 200
    assert "text/html" in left.content_type
    assert preferences.wishes_of(lan.id).choices[Group.MY_REPORTS][Way.EMAIL] == "never"


def test_a_link_that_was_tampered_with_leaves_nothing(town: Town) -> None:
    client = town.app.test_client()

    for token in ("x", "W10.abc", "WyJ4IiwieSJd.abc"):
        assert client.get(f"/api/v1/unsubscribe/{token}").status_code == 404
        assert client.post(f"/api/v1/unsubscribe/{token}").status_code == 404


@pytest.mark.parametrize(
    ("command", "reply", "kind"),
    [
        ("RCPT", "550 no such mailbox", Bad),
        ("RCPT", "450 greylisted, come again", Retry),
        ("MAIL", "421 too busy", Retry),
        ("DATA", "554 not this", Bad),
        ("MAIL", "530 authenticate first", Alarm),
        ("EHLO", "502 old server", Sent),
    ],
)
def test_each_refusal_of_a_mail_server_means_something(
    outside: Outside, command: str, reply: str, kind: type
) -> None:
    outside.smtp.refuse(command, reply)

    outcome = Email(outside.smtp.url, sender="x@y.vn", site="https://x.vn").send(MAIL)

    assert isinstance(outcome, kind)
    assert "mailbox" not in str(outcome), "what the server says may name the person"


@pytest.fixture
def trusted_sink(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmtpSink]:
    """A mail server that encrypts, with a certificate that this machine trusts."""
    certificate = make_certificate(tmp_path / "loopback.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    mail.trusted.cache_clear()
    with SmtpSink(certificate) as sink:
        yield sink
    mail.trusted.cache_clear()


def by_mail(url: str) -> Email:
    return Email(url, sender="x@y.vn", site="https://x.vn")


def signed_in(url: str) -> str:
    return url.replace("smtp://", "smtp://xom:p%40ss@")


def test_a_password_that_is_refused_raises_the_alarm(trusted_sink: SmtpSink) -> None:
    trusted_sink.refuse("AUTH", "535 wrong password")

    assert by_mail(signed_in(trusted_sink.url)).send(MAIL) == Alarm("smtp 535")


def test_a_password_is_not_said_in_the_clear_and_the_alarm_is_raised(outside: Outside) -> None:
    outside.smtp.said.clear()

    outcome = by_mail(signed_in(outside.smtp.url)).send(MAIL)

    assert outcome == Alarm("not safe: NoEncryption")
    assert "AUTH" not in {command for command, _ in outside.smtp.said}
    assert outside.smtp.received == []


def test_a_mail_server_that_nobody_vouches_for_raises_the_alarm(tmp_path: Path) -> None:
    with SmtpSink(make_certificate(tmp_path / "stranger.pem")) as sink:
        outcome = by_mail(signed_in(sink.url)).send(MAIL)

    assert outcome == Alarm("not safe: SSLCertVerificationError")


def test_a_letter_for_which_no_place_is_free_is_not_tried(outside: Outside) -> None:
    sender = Email(
        outside.smtp.url, sender="x@y.vn", site="https://x.vn", at_a_time=1, patience=0.05
    )
    outside.smtp.said.clear()
    slow = outside.smtp.hold("MAIL")
    with ThreadPoolExecutor(1) as another:
        first = another.submit(sender.send, MAIL)
        assert outside.smtp.has_heard("MAIL")

        assert sender.send(MAIL) == Busy()

        slow.set()
        assert first.result() == Sent()
    assert sender.send(MAIL) == Sent(), "and its place is free again"


def test_a_letter_that_found_no_place_comes_due_again_and_has_cost_no_try(town: Town) -> None:
    lan = wanting(town, Way.EMAIL)
    expand_change(town.tell(lan), channels=delivery.post().senders, at=NOW)
    claims = [one for one in claim_due(NOW) if one.channel is Channel.EMAIL]
    smtp = town.outside.smtp
    full = Email(smtp.url, sender="x@y.vn", site="https://x.vn", at_a_time=0, patience=0.0)
    batch = Batch(
        senders={Channel.EMAIL: full},
        addresses={one.id: "lan@example.vn" for one in claims},
        config=town.app.extensions["xom.config"],
        timezone="Asia/Ho_Chi_Minh",
        at=NOW,
        deadline=monotonic() + 60,
    )

    delivery.write_down(claims, [batch.attempt(one) for one in claims], NOW)

    assert (str(town.only().state), town.only().tries) == ("due", 0)
    town.drain(NOW)
    assert [to for to, _ in smtp.received] == ["lan@example.vn"]


def test_no_letter_is_still_under_way_when_its_lease_ends() -> None:
    longest = delivery.BATCH_SECONDS + email.PATIENCE + mail.SECONDS + mail.LONGEST

    assert longest < LEASE.total_seconds()


def test_a_mail_server_that_takes_too_long_is_tried_again(
    outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "LONGEST", 0.0)  # over before the first word

    assert isinstance(by_mail(outside.smtp.url).send(MAIL), Retry)
    assert outside.smtp.received == []


def test_a_mail_server_that_is_away_is_tried_again() -> None:
    outcome = Email("smtp://127.0.0.1:1", sender="x@y.vn", site="https://x.vn").send(MAIL)

    assert isinstance(outcome, Retry)


@pytest.mark.parametrize("address", ["lan@example.vn\r\nBcc: all@example.vn", "lan\nx"])
def test_an_address_cannot_smuggle_in_a_header(outside: Outside, address: str) -> None:
    letter = replace(MAIL, address=address)

    outcome = Email(outside.smtp.url, sender="x@y.vn", site="https://x.vn").send(letter)

    assert isinstance(outcome, Bad)
    assert outside.smtp.received == []


def test_a_text_message_is_one_segment_without_diacritics(town: Town) -> None:
    lan = wanting(town, Way.SMS)

    town.bring(lan)

    (sms,) = town.outside.sms.received
    assert sms.to == "+84905123456"
    assert sms.text.startswith("Da tiep nhan 482-173-906-K. UBND phuong Thuan Hoa tra loi truoc")
    assert len(sms.text) <= PLAIN_MOST
    assert sms.key == str(town.message(lan).id)


def test_a_gateway_that_fails_after_taking_it_sends_one_text(town: Town) -> None:
    lan = wanting(town, Way.SMS)
    town.outside.sms.fail(503, times=1, deliver=True)

    town.bring(lan)
    town.drain(NOW + timedelta(minutes=1))

    assert len(town.outside.sms.received) == 1
    assert town.states() == ["sent"]


@pytest.mark.parametrize(
    ("status", "state", "error"),
    [(429, "due", "429"), (500, "due", "500"), (401, "due", f"{ALARM}401"), (422, "dead", "422")],
)
def test_each_refusal_of_a_gateway_means_something(
    town: Town, status: int, state: str, error: str
) -> None:
    lan = wanting(town, Way.SMS)
    town.outside.sms.fail(status)

    town.bring(lan)

    assert (str(town.only().state), town.only().error) == (state, error)


def letter(title: str, body: str) -> Letter:
    return replace(LETTER, title=title, body=body)


def test_a_long_text_message_keeps_its_title_alone() -> None:
    told = sms_text(letter("Đã tiếp nhận 482-173-906-K", "rất dài " * 40), diacritics=False)

    assert told == "Da tiep nhan 482-173-906-K"


def test_with_diacritics_a_segment_is_seventy_letters() -> None:
    told = sms_text(letter("Đã tiếp nhận 482-173-906-K", "rất dài " * 40), diacritics=True)

    assert told == "Đã tiếp nhận 482-173-906-K"
    assert len(sms_text(letter("ạ" * 200, "x"), diacritics=True)) == UNICODE_MOST


def test_every_vietnamese_letter_has_a_plain_one() -> None:
    letters = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"

    plain = without_diacritics(letters + letters.upper())

    assert set(plain) <= set("aadeiouyAADEIOUY")


def test_an_official_is_written_to_at_their_own_address(town: Town) -> None:
    officer = town.person(kind=AccountKind.OFFICIAL)

    town.bring(officer, kind="new_work")

    assert [to for to, _ in town.outside.smtp.received] == [officer.email]


def test_a_disabled_official_is_not_written_to(town: Town) -> None:
    officer = town.person(kind=AccountKind.OFFICIAL)
    expand_change(town.tell(officer, kind="new_work"), channels=delivery.post().senders, at=NOW)
    officer.disabled_at = NOW
    db.session.flush()

    town.drain(NOW)

    assert town.outside.smtp.received == []
    assert town.states() == ["gone"]


def test_an_official_on_call_without_a_device_is_texted(town: Town) -> None:
    duty = town.person(kind=AccountKind.OFFICIAL)
    town.contacts = {duty.id: Reachable(duty.email, "+84905123456")}

    town.bring(duty, kind="submitted_urgent", urgent=True)

    assert [sms.to for sms in town.outside.sms.received] == ["+84905123456"]
    assert [to for to, _ in town.outside.smtp.received] == [duty.email]
