"""Letters by SMTP: plain text with an HTML twin, one click to be left alone."""

import smtplib
from email.message import EmailMessage
from email.utils import formatdate
from html import escape
from threading import BoundedSemaphore
from urllib.parse import unquote, urlsplit

from notifications.channels.letters import Alarm, Bad, Letter, Outcome, Retry, Sent

TIMEOUT = 10.0  # seconds
AT_A_TIME = 8  # conversations with the server; most refuse many more from one client

_LINK = {"vi": "Xem chi tiết", "en": "See more"}
_LEAVE = {"vi": "Thôi nhận thư về việc này", "en": "No more mail of this kind"}


class Email:
    """One SMTP server: `smtp://user:password@host:587`, or `smtps://` from the first byte on."""

    def __init__(self, url: str, *, sender: str, site: str) -> None:
        self._server = urlsplit(url)
        self._sender, self._site = sender, site.rstrip("/")
        self._few = BoundedSemaphore(AT_A_TIME)

    def send(self, letter: Letter) -> Outcome:
        try:
            message = self._message(letter)
        except ValueError:
            return Bad("not an e-mail address")
        try:
            with self._few, self._connect() as server:
                server.send_message(message, to_addrs=[letter.address])
        except smtplib.SMTPAuthenticationError as error:
            return Alarm(f"smtp {error.smtp_code}")
        except smtplib.SMTPRecipientsRefused as error:
            return _refused(next(iter(error.recipients.values()))[0])
        except smtplib.SMTPResponseException as error:
            return _refused(error.smtp_code)
        except (smtplib.SMTPException, OSError) as error:
            return Retry(f"no answer: {type(error).__name__}")
        return Sent()

    def close(self) -> None:
        """Nothing is kept open between letters."""

    def _connect(self) -> smtplib.SMTP:
        kind = smtplib.SMTP_SSL if self._server.scheme == "smtps" else smtplib.SMTP
        server = kind(self._server.hostname or "", self._server.port or 0, timeout=TIMEOUT)
        try:
            self._introduce(server)
        except BaseException:
            server.close()
            raise
        return server

    def _introduce(self, server: smtplib.SMTP) -> None:
        server.ehlo()
        if self._server.scheme != "smtps" and server.has_extn("starttls"):
            server.starttls()
            server.ehlo()
        if self._server.username:
            server.login(unquote(self._server.username), unquote(self._server.password or ""))

    def _message(self, letter: Letter) -> EmailMessage:
        message = EmailMessage()
        message["From"], message["To"] = self._sender, letter.address
        message["Subject"] = letter.title
        message["Date"] = formatdate(letter.at.timestamp())
        message["Message-ID"] = f"<{letter.message_id}@{self._domain()}>"
        message["Auto-Submitted"] = "auto-generated"
        if letter.unsubscribe_url:
            message["List-Unsubscribe"] = f"<{letter.unsubscribe_url}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content(self._plain(letter))
        message.add_alternative(self._html(letter), subtype="html")
        return message

    def _domain(self) -> str:
        return urlsplit(self._site).hostname or "localhost"

    def _plain(self, letter: Letter) -> str:
        lines = [letter.body, "", f"{_LINK[letter.locale]}: {self._site}{letter.path}"]
        if letter.unsubscribe_url:
            lines += ["", f"{_LEAVE[letter.locale]}: {letter.unsubscribe_url}"]
        return "\n".join(lines) + "\n"

    def _html(self, letter: Letter) -> str:
        link = escape(f"{self._site}{letter.path}")
        leave = escape(letter.unsubscribe_url)
        foot = f'<p><a href="{leave}">{_LEAVE[letter.locale]}</a></p>' if leave else ""
        return (
            f'<!doctype html><html lang="{letter.locale}"><body>'
            f"<p>{escape(letter.body)}</p>"
            f'<p><a href="{link}">{_LINK[letter.locale]}</a></p>{foot}</body></html>\n'
        )


def _refused(code: int) -> Outcome:
    """5xx: this letter never; 4xx, greylisting among them: later."""
    if code in {530, 534, 535, 538}:
        return Alarm(f"smtp {code}")
    return Bad(f"smtp {code}") if code >= 500 else Retry(f"smtp {code}")
