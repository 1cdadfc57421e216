"""Conversations with the city's mail server, for whoever has a letter: encrypted wherever the
server offers it, always where a password is said, and never longer than a lease can bear.
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from time import monotonic
from typing import Any
from urllib.parse import SplitResult, unquote

from app.channel_settings import mail_server

__all__ = ["NoEncryption", "connected", "mail_server", "trusted"]

SECONDS = 10.0  # for connecting, and for each thing that the server says
LONGEST = 60.0  # seconds; a whole conversation, however often the server says something


class NoEncryption(smtplib.SMTPException):
    """The server offers no STARTTLS, and our password must not be said in the clear."""


@contextmanager
def connected(url: str) -> Iterator[smtplib.SMTP]:
    """A conversation with the server, signed in if the address has a user name.

    Raises what smtplib does, NoEncryption, and ssl.SSLCertVerificationError.
    """
    address = mail_server(url)
    server = _called(address)
    try:
        _introduce(server, address)
        yield server
    finally:
        with suppress(smtplib.SMTPException, OSError):  # what was taken is taken
            server.quit()
        server.close()


@cache
def trusted() -> ssl.SSLContext:
    """The authorities that the system trusts, or those of SSL_CERT_FILE. Slow to read: kept."""
    return ssl.create_default_context()


def _called(address: SplitResult) -> smtplib.SMTP:
    host, port = address.hostname or "", address.port or 0
    if address.scheme == "smtps":
        return _BoundedTls(host, port, timeout=SECONDS, context=trusted())
    return _Bounded(host, port, timeout=SECONDS)


def _introduce(server: smtplib.SMTP, address: SplitResult) -> None:
    server.ehlo()
    if address.scheme == "smtp" and server.has_extn("starttls"):
        server.starttls(context=trusted())
        server.ehlo()
    elif address.scheme == "smtp" and address.username:
        raise NoEncryption("the mail server offers no STARTTLS")
    if address.username:
        server.login(unquote(address.username), unquote(address.password or ""))


class _Bounded(smtplib.SMTP):
    """smtplib waits for each reply anew: a slow server could hold a letter for minutes."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self._ends = monotonic() + LONGEST
        super().__init__(*arguments, **options)

    def getreply(self) -> tuple[int, bytes]:
        left = self._ends - monotonic()
        if left <= 0:
            self.close()
            raise smtplib.SMTPServerDisconnected("the conversation took too long")
        if self.sock:
            self.sock.settimeout(min(SECONDS, left))
        return super().getreply()


class _BoundedTls(_Bounded, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""
