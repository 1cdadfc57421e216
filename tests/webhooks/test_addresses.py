"""Which addresses are called: none of our own network, by no spelling, at no time."""

import asyncio
import socket
import ssl
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.config import Config, Environment
from app.errors import XomError
from bench.loopback import WebhookReceiver
from bench.loopback.certificates import make_certificate
from notifications.webhooks import posting
from notifications.webhooks.addresses import OUR_OWN, check_url, check_where
from notifications.webhooks.errors import (
    BadUrl,
    NameUnknown,
    NoAddressByNumber,
    NotOutside,
    NotSecure,
)
from notifications.webhooks.posting import Answered, NotReached, Parcel
from tests.conftest import config_for

REHEARSAL = config_for("postgresql://nowhere/x")
CITY = replace(REHEARSAL, environment=Environment.PRODUCTION)


def refusal(url: str, config: Config = CITY) -> type[XomError] | None:
    try:
        check_url(url, config)
    except XomError as error:
        return type(error)
    return None


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.example/xom",
        "https://hooks.example:8443/a/b?c=d%20e",
        "https://xn--chiu-sng-example.vn/",
        "https://HOOKS.example/",
    ],
)
def test_https_by_a_name_is_called(url: str) -> None:
    assert refusal(url) is None


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://hooks.example/xom", NotSecure),
        ("https://10.0.0.5/", NoAddressByNumber),
        ("https://127.0.0.1/", NoAddressByNumber),
        ("https://127.1/", NoAddressByNumber),
        ("https://0x7f000001/", NoAddressByNumber),
        ("https://2130706433/", NoAddressByNumber),
        ("https://[::1]/", NoAddressByNumber),
        ("https://[::ffff:10.0.0.1]/", BadUrl),
        ("https://8.8.8.8/", NoAddressByNumber),
        ("https://localhost/", NotOutside),
        ("https://database/", NotOutside),
        ("https://postgres.:5432/", NotOutside),
        ("http://127.0.0.1/", NotSecure),
        ("ftp://hooks.example/", BadUrl),
        ("https:///nowhere", BadUrl),
        ("https://user:pass@hooks.example/", BadUrl),
        ("https://hooks.example/#part", BadUrl),
        ("https://hooks.example:0/", BadUrl),
        ("https://hooks.example:99999/", BadUrl),
        ("https://hooks.example\\@10.0.0.1/", BadUrl),
        ("https://hooks.example/ a", BadUrl),
        ("https://hooks.example/\r\nX: y", BadUrl),
        ("https://chiếusáng.example/", BadUrl),
        ("https://hooks.example/" + "a" * 2000, BadUrl),
        ("javascript:alert(1)", BadUrl),
        ("", BadUrl),
    ],
)
def test_what_leads_into_our_network_or_cannot_be_read_is_refused(
    url: str, why: type[XomError]
) -> None:
    assert refusal(url) is why


def test_a_rehearsal_may_call_loopback_and_nothing_else_of_its_network() -> None:
    assert refusal("http://127.0.0.1:8080/", REHEARSAL) is None
    assert refusal("http://10.0.0.5/", REHEARSAL) is NotSecure
    assert refusal("https://10.0.0.5/", REHEARSAL) is NoAddressByNumber


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Names of a test's own: those of the Internet are out of reach here."""
    known: dict[str, list[str]] = {}
    real = socket.getaddrinfo

    def look_up(host: Any, port: Any, *given: Any, **more: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name not in known:
            if str(name).endswith(".example"):
                raise socket.gaierror(socket.EAI_NONAME, "no such host")
            return real(host, port, *given, **more)
        found = []
        for address in known[name]:
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            where = (address, port, 0, 0) if ":" in address else (address, port)
            found.append((family, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", where))
        return found

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return known


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["10.0.0.5"],
        ["192.168.1.1"],
        ["169.254.169.254"],  # where clouds keep their keys
        ["100.64.0.1"],
        ["::1"],
        ["fd00::1"],
        ["fe80::1"],
        ["::ffff:10.0.0.5"],
        ["64:ff9b::a00:5"],
        ["0.0.0.0"],  # noqa: S104 (refused, not bound)
        ["224.0.0.1"],
        ["203.0.114.9", "10.0.0.5"],
    ],
)
def test_a_name_that_leads_inside_is_refused_when_it_is_registered(
    names: dict[str, list[str]], addresses: list[str]
) -> None:
    names["hooks.example"] = addresses

    with pytest.raises(NotOutside):
        check_where("https://hooks.example/", CITY)


def test_a_name_that_leads_outside_is_taken(names: dict[str, list[str]]) -> None:
    names["hooks.example"] = ["203.0.114.9", "2606:4700::1111"]

    check_where("https://hooks.example/", CITY)


def test_a_name_that_is_not_there_is_told(names: dict[str, list[str]]) -> None:
    with pytest.raises(NameUnknown):
        check_where("https://gone.example/", CITY)


def test_a_name_that_leads_inside_by_the_time_it_is_called_is_not_called(
    names: dict[str, list[str]],
) -> None:
    with WebhookReceiver() as receiver:
        port = receiver.url.rpartition(":")[2]
        names["hooks.example"] = ["127.0.0.1"]

        posted = one(f"https://hooks.example:{port}/", CITY)

    assert isinstance(posted, NotReached)
    assert posted.why == OUR_OWN
    assert receiver.requests == 0 and receiver.unsigned == []


def test_what_was_registered_under_other_settings_is_looked_at_again() -> None:
    with WebhookReceiver() as receiver:
        posted = one(receiver.url, CITY)

    assert isinstance(posted, NotReached)
    assert posted.why == "refused: webhook-not-https"


def test_a_redirect_is_not_followed() -> None:
    with WebhookReceiver() as inner, Redirecting(inner.url) as receiver:
        posted = one(receiver.url, REHEARSAL)

    assert isinstance(posted, Answered)
    assert posted.status == 302 and not posted.is_taken
    assert inner.unsigned == []


def one(url: str, config: Config) -> posting.Posted:
    parcel = Parcel(url, "{}", {"webhook-id": "evt_1"})

    async def send() -> posting.Posted:
        async with posting.outside(config) as session:
            return await posting.post(session, parcel, config)

    return asyncio.run(send())


class Redirecting(WebhookReceiver):
    """Sends whoever calls on to somewhere else."""

    def __init__(self, to: str) -> None:
        super().__init__()
        self.to = to

    def answer(self, request: Any) -> Any:
        answer = super().answer(request)
        answer.status, answer.headers = 302, {"Location": self.to}
        return answer


def test_a_certificate_that_nobody_vouches_for_is_not_believed(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(make_certificate(tmp_path / "own.pem"))
    with WebhookReceiver() as receiver:
        receiver._server.socket = context.wrap_socket(receiver._server.socket, server_side=True)

        posted = one(receiver.url.replace("http:", "https:"), REHEARSAL)

    assert isinstance(posted, NotReached)
    assert posted.why == "its certificate does not hold"
    assert receiver.unsigned == [], "nothing was said to it"
