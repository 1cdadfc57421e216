"""Letters by SMTP: plain text with an HTML twin, one click to be left alone."""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate
from html import escape
from threading import BoundedSemaphore
from urllib.parse import urlsplit

from app.mail import NoEncryption, connected, mail_server
from notifications.channels.letters import Alarm, Bad, Busy, Letter, Outcome, Retry, Sent

AT_A_TIME = 8  # conversations with the server; most refuse many more from one client
PATIENCE = 10.0  # seconds to wait for one of them to end; a thread that waits sends nothing else

_LINK = {"vi": "Xem chi tiết", "en": "See more"}
_LEAVE = {"vi": "Thôi nhận thư về việc này", "en": "No more mail of this kind"}


class Email:
    """One SMTP server, `at_a_time` letters at once. Others wait, but not for longer than
    `patience` (seconds): a claim is lent for a time, and must be over by then.
    """

    def __init__(
        self,
        url: str,
        *,
        sender: str,
        site: str,
        at_a_time: int = AT_A_TIME,
        patience: float = PATIENCE,
    ) -> None:
        mail_server(url)
        self._url, self._sender, self._site = url, sender, site.rstrip("/")
        self._few, self._patience = BoundedSemaphore(at_a_time), patience

    def send(self, letter: Letter) -> Outcome:
        try:
            message = self._message(letter)
        except ValueError:
            return Bad("not an e-mail address")
        if not self._few.acquire(timeout=self._patience):
            return Busy()
        try:
            return self._handed_over(message, letter.address)
        finally:
            self._few.release()

    def close(self) -> None:
        """Nothing is kept open between letters."""

    def _handed_over(self, message: EmailMessage, recipient: str) -> Outcome:
        try:
            with connected(self._url) as server:
                server.send_message(message, to_addrs=[recipient])
        except smtplib.SMTPAuthenticationError as error:
            return Alarm(f"smtp {error.smtp_code}")
        except (NoEncryption, ssl.SSLCertVerificationError) as error:
            return Alarm(f"not safe: {type(error).__name__}")
        except smtplib.SMTPRecipientsRefused as error:
            return _refused(next(iter(error.recipients.values()))[0])
        except smtplib.SMTPResponseException as error:
            return _refused(error.smtp_code)
        except (smtplib.SMTPException, OSError) as error:
            return Retry(f"no answer: {type(error).__name__}")
        return Sent()

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
        more = ["", letter.more] if letter.more else []
        link = f"{_LINK[letter.locale]}: {self._site}{letter.path}"
        lines = [letter.body, *more, "", link]
        if letter.unsubscribe_url:
            lines += ["", f"{_LEAVE[letter.locale]}: {letter.unsubscribe_url}"]
        return "\n".join(lines) + "\n"

    def _html(self, letter: Letter) -> str:
        link = escape(f"{self._site}{letter.path}")
        leave = escape(letter.unsubscribe_url)
        foot = f'<p><a href="{leave}">{_LEAVE[letter.locale]}</a></p>' if leave else ""
        return (
            f'<!doctype html><html lang="{letter.locale}"><body>'
            f"<p>{escape(letter.body)}</p>{_paragraphs(letter.more)}"
            f'<p><a href="{link}">{_LINK[letter.locale]}</a></p>{foot}</body></html>\n'
        )


def _paragraphs(text: str) -> str:
    """Plain lines as paragraphs, an empty line between two."""
    parts = [escape(part).replace("\n", "<br>") for part in text.split("\n\n") if part]
    return "".join(f"<p>{part}</p>" for part in parts)


def _refused(code: int) -> Outcome:
    """5xx: this letter never; 4xx, greylisting among them: later."""
    if code in {530, 534, 535, 538}:
        return Alarm(f"smtp {code}")
    return Bad(f"smtp {code}") if code >= 500 else Retry(f"smtp {code}")
