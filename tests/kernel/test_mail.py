"""Conversations with a mail server: real SMTP and real TLS, on loopback."""

import smtplib
import ssl
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from app import mail
from app.config import UnsafeConfig
from app.mail import NoEncryption, connected, mail_server
from bench.loopback import SmtpSink
from bench.loopback.certificates import make_certificate


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("tls") / "loopback.pem")


@pytest.fixture
def trusting(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This machine trusts the certificate, by the variable that operators have for it."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    mail.trusted.cache_clear()
    yield
    mail.trusted.cache_clear()


def signed_in(url: str) -> str:
    return url.replace("://", "://xom:p%40ss@")


def hand_over(url: str) -> None:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "xom@hue.example", "lan@example.vn", "Xóm"
    letter.set_content("Chào Lan")
    with connected(url) as server:
        server.send_message(letter)


def test_a_server_without_a_password_takes_a_letter() -> None:
    with SmtpSink() as sink:
        hand_over(sink.url)

    assert [to for to, _ in sink.received] == ["lan@example.vn"]


def test_no_password_is_said_to_a_server_that_offers_no_encryption() -> None:
    with SmtpSink() as sink, pytest.raises(NoEncryption):
        hand_over(signed_in(sink.url))

    assert "AUTH" not in {command for command, _ in sink.said}
    assert sink.received == []


@pytest.mark.usefixtures("trusting")
@pytest.mark.parametrize("encrypted", [False, True])
def test_a_password_is_said_encrypted(certificate: Path, *, encrypted: bool) -> None:
    with SmtpSink(certificate, encrypted=encrypted) as sink:
        hand_over(signed_in(sink.url))

    assert ("AUTH", True) in sink.said
    assert ("MAIL", True) in sink.said
    assert [to for to, _ in sink.received] == ["lan@example.vn"]


@pytest.mark.parametrize("encrypted", [False, True])
@pytest.mark.parametrize("url_for", [str, signed_in])
def test_a_server_that_nobody_vouches_for_hears_nothing(
    certificate: Path, url_for: type[str], *, encrypted: bool
) -> None:
    with (
        SmtpSink(certificate, encrypted=encrypted) as sink,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        hand_over(url_for(sink.url))

    assert not {"AUTH", "MAIL"} & {command for command, _ in sink.said}


def test_a_server_that_takes_its_offer_back_hears_no_password(certificate: Path) -> None:
    with SmtpSink(certificate) as sink:
        sink.refuse("STAR", "454 not now")

        with pytest.raises(smtplib.SMTPResponseException):
            hand_over(signed_in(sink.url))

    assert "AUTH" not in {command for command, _ in sink.said}


def test_a_conversation_ends_when_its_time_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    with SmtpSink() as sink:
        monkeypatch.setattr(mail, "LONGEST", 0.0)  # over before the first word

        with pytest.raises(smtplib.SMTPServerDisconnected, match="too long"):
            hand_over(sink.url)

    assert sink.received == []


def test_a_letter_that_was_taken_is_taken_whatever_the_goodbye() -> None:
    with SmtpSink() as sink:
        sink.refuse("QUIT", "421 gone already")

        hand_over(sink.url)

    assert len(sink.received) == 1


@pytest.mark.parametrize(
    "url", ["", "mail.hue.example", "http://mail", "smtp://", "smtp://mail:port", "smtp://[mail"]
)
def test_an_address_that_is_none_says_which_setting_is_wrong(url: str) -> None:
    with pytest.raises(UnsafeConfig, match="XOM_SMTP_URL"):
        mail_server(url)
