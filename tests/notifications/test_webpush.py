"""The real pywebpush against a push service on loopback that checks the signature and decrypts."""

import json
import socket
from dataclasses import replace
from datetime import timedelta
from threading import Thread
from typing import Any
from uuid import uuid4

import pytest

from app.config import Config, Environment
from notifications.attempts import ALARM
from notifications.channels.letters import Bad, Letter, Retry
from notifications.channels.webpush import PAYLOAD_MOST, WebPush
from notifications.endpoints import EndpointRefused, check_endpoint
from notifications.models import DeviceKind
from tests.conftest import config_for
from tests.notifications.conftest import NOW, VAPID, Outside, Town


def config(**changes: Any) -> Config:
    return config_for("postgresql://nowhere", vapid_private_key=VAPID, **changes)


PRODUCTION = replace(config(), environment=Environment.PRODUCTION)


def letter(subscription: Any, **changes: Any) -> Letter:
    plain = Letter(
        message_id=uuid4(),
        address=json.dumps(subscription),
        device_kind=DeviceKind.WEBPUSH,
        title="Đã tiếp nhận 482-173-906-K",
        body="UBND phường Thuận Hóa trả lời trước 17:00 thứ Ba 1/12.",
        kind="accepted",
        subject="report:1",
        path="/reports/482173906K",
        urgent=False,
        at=NOW,
        locale="vi",
    )
    return replace(plain, **changes)


def test_a_browser_can_read_what_is_sent_and_replaces_a_repeat(town: Town) -> None:
    lan = town.person()
    town.browser(lan, "laptop")

    town.bring(lan)

    (push,) = town.outside.browsers.received
    one = town.message(lan).id
    assert push.payload["title"] == "Đã tiếp nhận 482-173-906-K"
    assert push.payload["tag"] == push.payload["id"] == str(one)
    assert push.payload["path"] == "/reports/482173906K"
    assert push.headers["topic"] == one.hex
    assert int(push.headers["ttl"]) > 3600
    assert push.headers["urgency"] == "high"
    assert town.states() == ["sent"]


def test_a_push_carries_what_a_service_worker_needs(town: Town) -> None:
    lan = town.person(locale="en")
    town.browser(lan, "laptop")

    town.bring(lan, urgent=True)

    (push,) = town.outside.browsers.received
    one = str(town.message(lan).id)
    assert push.payload == {
        "id": one,
        "tag": one,
        "title": "Accepted: 482-173-906-K",
        "body": push.payload["body"],
        "kind": "accepted",
        "subject": "report:1",
        "path": "/reports/482173906K",
        "at": NOW.isoformat(),
        "urgent": True,
        "lang": "en",
    }


def test_what_nobody_waits_for_wakes_no_sleeping_browser(town: Town) -> None:
    lan = town.person()
    town.browser(lan, "laptop")

    town.bring(lan, kind="published_nearby")

    assert town.outside.browsers.received[0].headers["urgency"] == "normal"


@pytest.mark.parametrize("status", [404, 410])
def test_a_subscription_that_ended_is_forgotten(town: Town, status: int) -> None:
    lan = town.person()
    town.browser(lan, "laptop")
    town.outside.browsers.fail(status)

    town.bring(lan)

    assert town.states() == ["gone"]
    assert town.devices() == set()


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_push_service_is_asked_again_when_it_says(town: Town, status: int) -> None:
    lan = town.person()
    town.browser(lan, "laptop")
    town.outside.browsers.fail(status, retry_after="120")

    town.bring(lan)

    assert str(town.only().state) == "due"
    assert timedelta(seconds=120) <= town.only().due_at - NOW <= timedelta(seconds=132)


@pytest.mark.parametrize("status", [401, 403])
def test_a_key_that_is_refused_raises_the_alarm_and_costs_no_browser(
    town: Town, status: int
) -> None:
    lan = town.person()
    town.browser(lan, "laptop")
    town.outside.browsers.fail(status)

    town.bring(lan)

    assert town.only().error == f"{ALARM}{status}"
    assert len(town.devices()) == 1


@pytest.mark.parametrize("status", [400, 413, 301, 307])
def test_a_refused_payload_is_a_dead_letter_and_costs_no_browser(town: Town, status: int) -> None:
    lan = town.person()
    town.browser(lan, "laptop")
    town.outside.browsers.fail(status)

    town.bring(lan)

    assert town.states() == ["dead"]
    assert len(town.devices()) == 1


def test_a_redirect_is_not_followed(outside: Outside) -> None:
    subscription = outside.browsers.subscription("laptop")
    switch = outside.browsers.fail(307)
    switch.headers = lambda: {"Location": f"{outside.sms.url}/inside"}  # type: ignore[method-assign]
    sender = WebPush(config())
    asked_before = outside.sms.requests

    sender.send(letter(subscription))
    sender.close()

    assert outside.sms.requests == asked_before


def test_a_payload_that_is_too_large_is_not_sent(outside: Outside) -> None:
    sender = WebPush(config())
    subscription = outside.browsers.subscription("laptop")

    outcome = sender.send(letter(subscription, body="ạ" * PAYLOAD_MOST))
    sender.close()

    assert outcome == Bad("the payload is too large")
    assert outside.browsers.received == []


@pytest.mark.parametrize(
    "address",
    [
        "no json",
        "[]",
        "{}",
        '{"endpoint": 7}',
        '{"endpoint": "http://127.0.0.1:1/x"}',
        '{"endpoint": "http://127.0.0.1:1/x", "keys": {"p256dh": "AAAA", "auth": "AAAA"}}',
    ],
)
def test_a_broken_subscription_is_a_dead_letter(address: str) -> None:
    sender = WebPush(config())

    outcome = sender.send(replace(letter({}), address=address))
    sender.close()

    assert isinstance(outcome, Bad)


@pytest.mark.parametrize(
    "url",
    [
        "http://push.example.com/x",
        "ftp://push.example.com/x",
        "https://push.example.com:8443/x",
        "https://user:word@push.example.com/x",
        "https://10.0.0.7/x",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/x",
        "https://localhost/x",
        "http://127.0.0.1:9000/x",
        "https://evil.example.com/fcm.googleapis.com",
        "https://fcm.googleapis.com.evil.example.com/x",
        "https://notify.windows.com.evil.example/x",
        r"https://evil.example\.push.apple.com/x",
        r"https://evil.example\@web.push.apple.com/x",
        r"https:\\evil.example/.push.apple.com",
        "https://evil.example#.push.apple.com/x",
        "https://evil.example?.push.apple.com/x",
        "https://web.push.apple.com\t/x",
        " https://web.push.apple.com/x",
        "https://web.push.apple.com/\ud800",
        "https://web.push\uff0eapple.com/x",
        "https:///x",
        "",
    ],
)
def test_production_calls_nothing_but_known_push_services(url: str) -> None:
    with pytest.raises(EndpointRefused):
        check_endpoint(url, PRODUCTION)


@pytest.mark.parametrize(
    "url",
    [
        "https://fcm.googleapis.com/fcm/send/abc:def",
        "https://updates.push.services.mozilla.com/wpush/v2/abc",
        "https://wns2-par02p.notify.windows.com/w/?token=abc",
        "https://web.push.apple.com/abc",
    ],
)
def test_production_calls_the_push_services_of_browsers(url: str) -> None:
    check_endpoint(url, PRODUCTION)


def test_in_a_rehearsal_too_an_address_reads_in_one_way() -> None:
    with pytest.raises(EndpointRefused):
        check_endpoint(r"http://evil.example\@127.0.0.1/x", config())

    check_endpoint("http://127.0.0.1:9000/x", config())
    check_endpoint("http://[::1]:9000/x", config())


def test_a_city_may_name_other_push_services() -> None:
    check_endpoint(
        "https://push.example.com/x", replace(PRODUCTION, webpush_hosts=(".example.com",))
    )
    check_endpoint("https://push.example.com/x", replace(PRODUCTION, webpush_hosts=("*",)))


def test_a_name_that_leads_home_is_dropped_before_a_byte_is_said(
    outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = socket.create_server(("127.0.0.1", 0))
    heard: list[bytes] = []

    def listen() -> None:
        with inside.accept()[0] as connection:
            heard.append(connection.recv(1000))

    real = socket.getaddrinfo

    def rebound(host: str, *rest: Any, **more: Any) -> Any:
        """A name server that answers for a public name with an address inside."""
        home = host == "fcm.googleapis.com"
        return real(*inside.getsockname()) if home else real(host, *rest, **more)

    # Patched: a hostile name server is not to be had on loopback.
    monkeypatch.setattr(socket, "getaddrinfo", rebound)
    listener = Thread(target=listen)
    listener.start()
    subscription = outside.browsers.subscription("laptop")
    subscription["endpoint"] = "https://fcm.googleapis.com/fcm/send/x"
    sender = WebPush(replace(PRODUCTION, vapid_private_key=VAPID))

    outcome = sender.send(letter(subscription))
    sender.close()
    listener.join()
    inside.close()

    assert isinstance(outcome, Retry)
    assert heard == [b""]
