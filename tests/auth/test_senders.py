"""How a code leaves the house: real HTTP and SMTP, on loopback."""

import json
import socketserver
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from app.auth.errors import CodeNotSent
from app.auth.senders import ConsoleSender, MailSender, SmsSender, sender_for
from app.config import Environment, UnsafeConfig
from tests.auth.people import NUMBER
from tests.conftest import config_for

TEXT = "Mã đăng nhập Xóm: 123456. Có hiệu lực 10 phút. Đừng đưa mã cho ai."


class Gateway(ThreadingHTTPServer):
    """An SMS gateway: keeps what it is sent, answers `status`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), GatewayAnswer)
        self.status = 200
        self.taken: list[tuple[dict[str, Any], str | None]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/send"


class GatewayAnswer(BaseHTTPRequestHandler):
    server: Gateway

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.taken.append((body, self.headers["Authorization"]))
        self.send_response(self.server.status)
        self.send_header("Location", self.server.url)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


class MailServer(socketserver.ThreadingTCPServer):
    """As much SMTP as one letter needs."""

    allow_reuse_address = True
    block_on_close = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), MailAnswer)
        self.refuses = False
        self.letters: list[tuple[str, str]] = []

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class MailAnswer(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.say("220 loopback")
        to = ""
        while line := self.rfile.readline().decode().strip():
            verb = line.split(" ")[0].upper()
            if verb == "RCPT":
                to = line
                self.say("550 no such user" if self.server.refuses else "250 ok")
            elif verb == "DATA":
                self.say("354 go on")
                self.server.letters.append((to, self.letter()))
                self.say("250 taken")
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def letter(self) -> str:
        lines = iter(self.rfile.readline, b".\r\n")
        return b"".join(lines).decode()

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with Gateway() as server:
        yield from serving(server)


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield from serving(server)


def serving(server: Any) -> Iterator[Any]:
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()


def test_the_gateway_gets_number_text_and_token(gateway: Gateway) -> None:
    SmsSender(gateway.url, "secret-token").send(NUMBER, TEXT)

    assert gateway.taken == [({"to": NUMBER, "text": TEXT}, "Bearer secret-token")]


def test_a_gateway_without_a_token_gets_none(gateway: Gateway) -> None:
    SmsSender(gateway.url, "").send(NUMBER, TEXT)

    assert gateway.taken[0][1] is None


@pytest.mark.parametrize("status", [302, 400, 401, 429, 500])
def test_what_the_gateway_does_not_take_was_not_sent(gateway: Gateway, status: int) -> None:
    gateway.status = status

    with pytest.raises(CodeNotSent) as caught:
        SmsSender(gateway.url, "").send(NUMBER, TEXT)

    assert caught.value.sentence("vi") == "Chưa gửi được mã. Thử lại sau 30 giây."
    assert len(gateway.taken) == 1  # not repeated, and no redirect followed


def test_a_gateway_that_is_away(gateway: Gateway) -> None:
    with pytest.raises(CodeNotSent):
        SmsSender("http://127.0.0.1:1/", "").send(NUMBER, TEXT)


def test_mail_goes_to_the_number_at_the_gateways_domain(mail_server: MailServer) -> None:
    sender = MailSender(mail_server.url, "xom@hue.example", "sms.example")

    sender.send(NUMBER, TEXT)

    [(to, letter)] = mail_server.letters
    assert to.upper() == "RCPT TO:<84905123456@SMS.EXAMPLE>"
    assert "From: xom@hue.example" in letter


def test_mail_that_is_refused_was_not_sent(mail_server: MailServer) -> None:
    mail_server.refuses = True

    with pytest.raises(CodeNotSent):
        MailSender(mail_server.url, "xom@hue.example", "sms.example").send(NUMBER, TEXT)


def test_no_password_crosses_the_wire_in_the_clear(mail_server: MailServer) -> None:
    url = mail_server.url.replace("smtp://", "smtp://user:secret@")

    with pytest.raises(CodeNotSent):  # this server offers no STARTTLS
        MailSender(url, "xom@hue.example", "sms.example").send(NUMBER, TEXT)


def test_the_console_hides_most_of_the_number(capsys: pytest.CaptureFixture[str]) -> None:
    ConsoleSender(config_for("postgresql://")).send(NUMBER, TEXT)

    told = "".join(capsys.readouterr())
    assert "123456" in told and NUMBER not in told


def test_the_console_is_not_for_production() -> None:
    config = config_for("postgresql://", environment=Environment.PRODUCTION)

    with pytest.raises(UnsafeConfig, match="prints sign-in codes"):
        sender_for(config)


@pytest.mark.parametrize(
    ("settings", "missing"),
    [
        ({"otp_sender": "sms"}, "XOM_SMS_URL"),
        ({"otp_sender": "sms", "sms_url": "file:///etc/passwd"}, "XOM_SMS_URL"),
        ({"otp_sender": "email"}, "XOM_SMTP_URL"),
        ({"otp_sender": "email", "smtp_url": "smtp://mail"}, "XOM_OTP_MAIL_DOMAIN"),
        ({"otp_sender": "pigeon"}, "console, sms or email"),
    ],
)
def test_a_sender_that_is_not_set_up_refuses_to_start(
    settings: dict[str, str], missing: str
) -> None:
    with pytest.raises(UnsafeConfig, match=missing):
        sender_for(config_for("postgresql://", **settings))


def test_each_sender_is_made_by_its_name() -> None:
    sms = config_for("postgresql://", otp_sender="sms", sms_url="https://sms.example/send")
    mail = config_for(
        "postgresql://", otp_sender="email", smtp_url="smtp://m", otp_mail_domain="sms.example"
    )

    assert isinstance(sender_for(sms), SmsSender)
    assert isinstance(sender_for(mail), MailSender)
