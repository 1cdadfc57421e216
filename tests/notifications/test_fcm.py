"""The real firebase-admin against a loopback FCM: what is sent, and what each failure means."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import structlog

from app.auth.models import Account
from app.database import db
from bench.loopback import LoopbackFCM
from notifications import delivery
from notifications.attempts import ALARM
from notifications.backoff import MOST_TRIES
from notifications.channels.fcm import Fcm
from notifications.channels.letters import Alarm, Letter, Retry
from notifications.claims import Claim, claim_due
from notifications.expansion import expand_change
from notifications.models import DeviceKind
from tests.notifications.conftest import NOW, Outside, Town


def test_a_push_carries_one_id_as_collapse_key_tag_and_data(town: Town) -> None:
    lan = town.person("token-of-lan")

    town.bring(lan)

    (push,) = town.outside.fcm.received
    one = str(town.message(lan).id)
    assert push.token == "token-of-lan"
    assert push.title == "Đã tiếp nhận 482-173-906-K"
    assert push.body.startswith("UBND phường Thuận Hóa trả lời trước 17:00 thứ Ba 1/12")
    assert push.data["message_id"] == one
    assert push.data["path"] == "/reports/482173906K"
    assert push.raw["android"]["collapse_key"] == one
    assert push.tag == one
    assert push.raw["apns"]["headers"]["apns-collapse-id"] == one
    assert push.raw["webpush"]["notification"]["tag"] == one
    assert town.states() == ["sent"]


def test_a_device_is_spoken_to_in_its_own_language(town: Town) -> None:
    lan = town.person("phone-vi-1", locale="vi")
    town.device(lan, "tablet-en-1", locale="en")

    town.bring(lan)

    titles = {push.token: push.title for push in town.outside.fcm.received}
    assert titles == {
        "phone-vi-1": "Đã tiếp nhận 482-173-906-K",
        "tablet-en-1": "Accepted: 482-173-906-K",
    }


def test_an_installation_id_is_addressed_as_such(town: Town) -> None:
    lan = town.person()
    town.device(lan, "cR3aZ_fid-0123456789ab", DeviceKind.FCM_FID)

    town.bring(lan)

    (push,) = town.outside.fcm.received
    assert push.raw["fid"] == "cR3aZ_fid-0123456789ab"
    assert "token" not in push.raw


def test_one_token_serves_many_sends(town: Town) -> None:
    before = town.outside.fcm.token_requests

    town.bring(*[town.person(f"token-{number}") for number in range(40)])

    assert len(town.outside.fcm.received) == 40
    assert town.outside.fcm.token_requests - before <= delivery.AT_A_TIME


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_temporary_failure_is_one_request_and_waits_as_long_as_asked(
    town: Town, status: int
) -> None:
    lan = town.person("token-of-lan")
    town.outside.fcm.fail(status, "QUOTA_EXCEEDED" if status == 429 else "", retry_after="70")
    asked_before = town.outside.fcm.requests

    town.bring(lan)

    waiting = town.only()
    assert town.outside.fcm.requests - asked_before <= 2  # the send, and perhaps a token for it
    assert (str(waiting.state), waiting.tries) == ("due", 1)
    assert timedelta(seconds=70) <= waiting.due_at - NOW <= timedelta(seconds=77)

    town.outside.fcm.recover()
    town.drain(NOW + timedelta(seconds=60))
    assert town.states() == ["due"]

    town.drain(NOW + timedelta(seconds=80))
    assert town.states() == ["sent"]


def test_a_retry_after_given_as_a_date_is_understood(town: Town) -> None:
    lan = town.person("token-of-lan")
    town.outside.fcm.fail(503, "UNAVAILABLE", retry_after="Fri, 01 Jan 2100 00:00:00 GMT")

    town.bring(lan)

    wait = town.only().due_at - NOW
    assert timedelta(hours=6) <= wait <= timedelta(hours=6.7), "bounded: nobody asks for 70 years"


def test_a_server_that_is_away_is_tried_for_a_day_and_then_given_up(town: Town) -> None:
    lan = town.person("token-of-lan")
    town.outside.fcm.fail(503, "UNAVAILABLE")
    at = NOW
    town.bring(lan)

    waits = []
    while str(town.only().state) == "due":
        waits.append(town.only().due_at - at)
        at = town.only().due_at
        town.drain(at)

    assert len(waits) == MOST_TRIES - 1
    assert max(waits) <= timedelta(hours=1)
    assert timedelta(hours=12) <= at - NOW <= timedelta(hours=30)
    assert town.states() == ["dead"]
    assert town.devices() == {"token-of-lan"}


def test_a_503_that_was_delivered_all_the_same_shows_once(town: Town) -> None:
    lan = town.person("token-of-lan")
    town.outside.fcm.fail(503, "UNAVAILABLE", times=1, deliver=True)

    town.bring(lan)
    town.drain(NOW + timedelta(minutes=1))

    assert list(town.outside.fcm.sent().values()) == [2], "twice on the wire"
    assert town.outside.fcm.shown() == {"token-of-lan": 1}, "once on the phone"
    assert town.states() == ["sent"]


@pytest.mark.parametrize("bare", [False, True])
def test_an_unregistered_device_is_forgotten(town: Town, *, bare: bool) -> None:
    lan = town.person("old-token", "good-token")
    town.outside.fcm.fail(404, "UNREGISTERED", bare=bare, address="old-token")

    town.bring(lan)

    assert sorted(town.states()) == ["gone", "sent"]
    assert town.devices() == {"good-token"}


def test_a_404_that_is_not_unregistered_costs_no_device(town: Town) -> None:
    lan = town.person("token-of-lan")
    town.outside.fcm.fail(404, "")

    town.bring(lan)

    assert town.devices() == {"token-of-lan"}
    assert town.only().error == f"{ALARM}404 NOT_FOUND"


def test_a_device_that_registered_anew_meanwhile_is_not_forgotten(town: Town) -> None:
    lan = town.person("old-token")
    claims = claimed_after_telling(town, lan)
    town.outside.fcm.fail(404, "UNREGISTERED")
    results = delivery.send_all(claims, NOW)
    device_query = "update device set address = 'new-token', address_sha256 = 'new'"
    db.session.connection().exec_driver_sql(device_query)

    delivery.write_down(claims, results, NOW)

    assert town.devices() == {"new-token"}


@pytest.mark.parametrize("bare", [False, True])
def test_a_bad_payload_is_a_dead_letter_and_costs_no_device(town: Town, *, bare: bool) -> None:
    lan = town.person("token-of-lan")
    town.outside.fcm.fail(400, "INVALID_ARGUMENT", bare=bare)

    town.bring(lan)

    assert town.states() == ["dead"]
    assert town.devices() == {"token-of-lan"}
    assert town.only().error == "400 INVALID_ARGUMENT"


@pytest.mark.parametrize(
    ("status", "code"),
    [(401, "THIRD_PARTY_AUTH_ERROR"), (401, ""), (403, "SENDER_ID_MISMATCH"), (403, "")],
)
def test_a_refusal_of_ourselves_raises_the_alarm_and_is_retried_slowly(
    town: Town, status: int, code: str
) -> None:
    lan = town.person("token-of-lan")
    town.outside.fcm.fail(status, code)

    with structlog.testing.capture_logs() as logs:
        town.bring(lan)

    waiting = town.only()
    assert str(waiting.state) == "due"
    assert (waiting.error or "").startswith(f"{ALARM}{status}")
    assert waiting.due_at - NOW >= timedelta(minutes=7)
    assert town.devices() == {"token-of-lan"}
    (alarm,) = [line for line in logs if line["log_level"] == "error"]
    assert alarm["event"] == "a provider refuses us"


def test_a_service_account_that_is_refused_a_token_raises_the_alarm(tmp_path: Path) -> None:
    with LoopbackFCM() as fcm:
        fcm.refuse_tokens()
        sender = Fcm(
            str(fcm.service_account(tmp_path / "account.json")),
            site="https://xom.hue.example",
            url=fcm.url,
        )
        outcome = sender.send(LETTER)
        sender.close()

    assert isinstance(outcome, Alarm)


@pytest.mark.parametrize(
    ("raw", "status", "state"),
    [
        (b"<html>Bad gateway</html>", 502, "due"),
        (b'{"error": "unregistered"}', 404, "due"),
        (b"", 200, "due"),
        (b"{}", 200, "due"),
        (b'["error"]', 503, "due"),
    ],
)
def test_an_answer_in_no_known_shape_costs_neither_message_nor_device(
    town: Town, raw: bytes, status: int, state: str
) -> None:
    lan = town.person("token-of-lan")
    town.outside.fcm.fail(status, raw=raw)

    town.bring(lan)

    assert town.states() == [state]
    assert town.devices() == {"token-of-lan"}


def test_a_server_that_nobody_answers_at_is_tried_again(outside: Outside) -> None:
    sender = Fcm(str(outside.credentials), site="https://xom.hue.example", url="http://127.0.0.1:1")

    outcome = sender.send(LETTER)
    sender.close()

    assert isinstance(outcome, Retry)


def claimed_after_telling(town: Town, lan: Account) -> list[Claim]:
    change_id = town.tell(lan)
    expand_change(change_id, channels=delivery.post().senders, at=NOW)
    return claim_due(NOW)


LETTER = Letter(
    message_id=uuid4(),
    address="token-of-lan",
    device_kind=DeviceKind.FCM_TOKEN,
    title="Đã tiếp nhận",
    body="UBND phường Thuận Hóa trả lời trước 17:00.",
    kind="accepted",
    subject="report:1",
    path="/reports/482173906K",
    urgent=False,
    at=NOW,
    locale="vi",
)
