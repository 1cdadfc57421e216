"""What a channel is given, and what it may answer: expected failures are results."""

from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from math import isnan
from typing import Protocol
from uuid import UUID

from notifications.kinds import WAITS_BY_DEFAULT, group_of
from notifications.models import DeviceKind

RETRY_AFTER_MOST = 6 * 3600  # seconds; a provider that says more is mistaken


@dataclass(frozen=True, slots=True)
class Letter:
    """One message on its way to one address. Holds nothing personal but that address."""

    message_id: UUID
    address: str  # a token, a fid, a subscription (JSON), an e-mail address, a phone number
    device_kind: DeviceKind | None  # None for e-mail and SMS
    title: str
    body: str
    kind: str
    subject: str
    path: str  # within the site
    urgent: bool
    at: datetime
    locale: str
    more: str = ""  # e-mail only: lines below the body
    unsubscribe_url: str = ""  # e-mail only

    @property
    def prompt(self) -> bool:
        """Whether it may wake a sleeping phone: somebody waits for it."""
        return self.urgent or group_of(self.kind) not in WAITS_BY_DEFAULT


@dataclass(frozen=True, slots=True)
class Sent:
    """The provider has it."""


@dataclass(frozen=True, slots=True)
class Retry:
    """Not now. `after` is what the provider asked for, in seconds."""

    why: str
    after: float | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """Nobody is at this address any more."""

    why: str


@dataclass(frozen=True, slots=True)
class Bad:
    """This letter will never be taken; the address may be good."""

    why: str


@dataclass(frozen=True, slots=True)
class Alarm:
    """Our own standing with the provider is wrong: every letter will fail until someone acts."""

    why: str


@dataclass(frozen=True, slots=True)
class Busy:
    """Not tried: as many letters as the provider takes at once are under way. Costs no try."""


Outcome = Sent | Retry | Gone | Bad | Alarm | Busy


class Sender(Protocol):
    """One provider. Safe to call from many threads."""

    def send(self, letter: Letter) -> Outcome: ...

    def close(self) -> None: ...


def seconds_after(header: str | None, now: datetime) -> float | None:
    """A Retry-After header, in seconds or as a date, as seconds from now; None if unreadable."""
    if not header:
        return None
    try:
        seconds = float(header)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(header) - now).total_seconds()
        except (ValueError, TypeError):
            return None
    return None if isnan(seconds) else min(max(seconds, 0.0), RETRY_AFTER_MOST)
