"""How a code leaves the house: into the log, by a mail-to-text or an HTTP gateway, in a letter.

Each is called outside any transaction and raises CodeNotSent when the provider does not take it.
"""

import json
import smtplib
from email.message import EmailMessage
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import structlog

from app.auth.errors import AddressRefused, CodeNotSent
from app.auth.ports import CodeSender
from app.config import Config, UnsafeConfig
from app.mail import connected, mail_server

log = structlog.get_logger()

SECONDS = 10


def sender_for(config: Config) -> CodeSender:
    """The sender that the settings name; raises UnsafeConfig when they are not complete."""
    if config.otp_sender == "console":
        return ConsoleSender(config)
    if config.otp_sender == "sms":
        return SmsSender(config.sms_url, config.sms_token)
    if config.otp_sender == "email":
        return MailSender(config.smtp_url, config.mail_from, config.otp_mail_domain)
    raise UnsafeConfig("XOM_OTP_SENDER must be console, sms or email.")


def mail_sender_for(config: Config) -> CodeSender | None:
    """What brings a code to an e-mail address; None where this city sends no mail."""
    return LetterSender(config.smtp_url, config.mail_from) if config.smtp_url else None


class ConsoleSender:
    """Writes the text to the log, for whoever tries the program at a desk."""

    def __init__(self, config: Config) -> None:
        if config.is_production:
            raise UnsafeConfig("XOM_OTP_SENDER=console prints sign-in codes. Use sms or email.")

    def send(self, recipient: str, text: str) -> None:
        log.info("sign-in code", number_ends_in=recipient[-3:], text=text)


class SmsSender:
    """An SMS gateway by HTTP: POST {"to", "text"}; any 2xx means taken."""

    def __init__(self, url: str, token: str) -> None:
        if urlsplit(url).scheme not in {"http", "https"}:
            raise UnsafeConfig(
                "XOM_OTP_SENDER=sms needs XOM_SMS_URL, the gateway's http(s) address."
            )
        self._url, self._token = url, token

    def send(self, recipient: str, text: str) -> None:
        headers = {"Content-Type": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        body = json.dumps({"to": recipient, "text": text}).encode()
        request = Request(self._url, body, headers, method="POST")  # noqa: S310 (checked above)
        try:
            with _opener.open(request, timeout=SECONDS):
                return
        except HTTPError as error:
            error.close()
            raise _not_sent("sms", error) from error
        except OSError as error:
            raise _not_sent("sms", error) from error


class _NoRedirect(HTTPRedirectHandler):
    """A gateway that answers with another address is not followed: it would get the code."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


_opener = build_opener(_NoRedirect)


class LetterSender:
    """A code in a letter to somebody's own address."""

    def __init__(self, url: str, sender: str) -> None:
        mail_server(url)
        self._url, self._sender = url, sender

    def send(self, recipient: str, text: str) -> None:
        letter = EmailMessage()
        letter["From"], letter["To"] = self._sender, recipient
        letter["Subject"] = "Xóm"
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(text)
        try:
            with connected(self._url) as server:
                server.send_message(letter)
        except smtplib.SMTPRecipientsRefused as error:
            if all(code >= 500 for code, _ in error.recipients.values()):
                raise AddressRefused from error
            raise _not_sent("email", error) from error
        except (smtplib.SMTPException, OSError) as error:
            raise _not_sent("email", error) from error


class MailSender:
    """A gateway that turns mail to NUMBER@domain into a text message."""

    def __init__(self, url: str, sender: str, domain: str) -> None:
        if not url or not domain:
            raise UnsafeConfig("XOM_OTP_SENDER=email needs XOM_SMTP_URL and XOM_OTP_MAIL_DOMAIN.")
        self._letters, self._domain = LetterSender(url, sender), domain

    def send(self, recipient: str, text: str) -> None:
        try:
            self._letters.send(f"{recipient.lstrip('+')}@{self._domain}", text)
        except AddressRefused as error:
            raise _not_sent("email", error) from error


def _not_sent(sender: str, error: Exception) -> CodeNotSent:
    log.warning("a sign-in code was not sent", sender=sender, error=type(error).__name__)
    return CodeNotSent(retry_after=30)
