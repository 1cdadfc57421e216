"""What sign-in needs from the packages above it; the factory hands it in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from flask import Flask, current_app

from app.auth.tokens import Caller


class Directory(Protocol):
    """Which account belongs to a phone number or a Firebase user. Numbers are E.164.

    `account_of_…` hold a lock until the commit, so that two first sign-ins of one person at the
    same moment make one account.
    """

    def account_of_phone(self, phone: str) -> UUID | None: ...
    def account_of_firebase(self, uid: str) -> UUID | None: ...
    def attach_phone(self, account_id: UUID, phone: str) -> None: ...
    def attach_firebase(self, account_id: UUID, uid: str) -> None: ...


class CodeSender(Protocol):
    """Brings a text to a phone or an address. Called outside any transaction; raises CodeNotSent,
    for an e-mail address AddressRefused too."""

    def send(self, recipient: str, text: str) -> None: ...


@dataclass(frozen=True, slots=True)
class FirebaseUser:
    """Somebody for whom Firebase vouches."""

    uid: str
    phone: str | None  # E.164, verified by Firebase


@dataclass(frozen=True, kw_only=True)
class AuthPorts:
    directory: Directory
    send_code: CodeSender  # to phones
    mail_code: CodeSender | None = None  # to e-mail addresses; None: this city sends no mail
    timezone: Callable[[], str] = lambda: "UTC"  # the city's: limits of a day end at its midnight
    #: Must this official have a second factor, by what they are here?
    demands_second_factor: Callable[[UUID], bool] = lambda _: False
    #: Has this caller to set one up before anything else? Asked with every token that is found.
    holds_back: Callable[[Caller], bool] = lambda _: False
    #: Each moves one thing that a guest had to the account it signed in to: (guest, account).
    join: tuple[Callable[[UUID, UUID], None], ...] = ()
    #: Each forgets one thing of an account that is disabled, such as its devices.
    on_disable: tuple[Callable[[UUID], None], ...] = ()
    #: Each unlinks one installed app of an account that signs out: (account, installation).
    on_sign_out: tuple[Callable[[UUID, UUID], None], ...] = ()


def init_auth(app: Flask, ports: AuthPorts) -> None:
    app.extensions["xom.auth"] = ports


def ports() -> AuthPorts:
    found: AuthPorts = current_app.extensions["xom.auth"]
    return found
