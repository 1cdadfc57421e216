"""One attempt to bring one claimed delivery to its address, and what to write down of it.

Touches no database, so that it can run on any thread; `delivery` claims before and marks after.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from time import monotonic

import structlog

from app.config import Config
from app.crash import crash_point
from notifications.backoff import MOST_TRIES, NIGHT, Hours, quiet_until, wait_before
from notifications.channels.letters import (
    Alarm,
    Bad,
    Busy,
    Gone,
    Letter,
    Outcome,
    Retry,
    Sender,
    Sent,
)
from notifications.claims import Claim, Mark
from notifications.doors import Door
from notifications.kinds import DIGEST, WAITS_BY_DEFAULT, group_of
from notifications.models import Channel, DeliveryState
from notifications.preferences import leave_url
from notifications.templates import Reader, Unrenderable, more_of, path_of, render

HELD = timedelta(seconds=5)  # after newer news is due, an older message is looked at again
RENDER_TRIES = 3  # a text that cannot be rendered rarely gets better
MAKES_A_SOUND = frozenset({Channel.FCM, Channel.WEBPUSH, Channel.SMS})
ALARM = "alarm: "  # how the error of a delivery begins that waits for someone to act

#: What a letter says besides to whoever signs in nowhere.
BY_MAIL = {
    "vi": (
        "Đường dẫn dưới đây mở phản ánh mà không cần đăng nhập: xem ảnh và vị trí, báo bắt đầu,"
        " báo kết quả, chuyển trả hay đề nghị gia hạn.\n"
        "Ai có đường dẫn này đều làm được thay đơn vị, nên chỉ chuyển cho người xử lý."
    ),
    "en": (
        "The link below opens the report without signing in: see its photos and place, begin,"
        " report the result, hand it back or ask for more time.\n"
        "Whoever has the link can act for your office, so pass it on only to those who do the work."
    ),
}

log = structlog.get_logger()
_chance = Random()


@dataclass(frozen=True, slots=True)
class Later:
    """Not tried: newer news goes first, it is quiet there, no place was free, or time is up.
    Costs no try.
    """

    until: datetime


@dataclass(frozen=True, slots=True)
class Stale:
    """Newer news of the same subject has been sent."""


@dataclass(frozen=True, slots=True)
class Unwanted:
    """The person has turned off news of this group by this way, after it was told."""

    why: str = "no longer wanted"


@dataclass(frozen=True, slots=True)
class Unsayable:
    """There is no text for it."""

    why: str


Result = Outcome | Later | Stale | Unwanted | Unsayable


@dataclass(frozen=True, slots=True)
class Batch:
    """What the attempts of one batch share."""

    senders: Mapping[Channel, Sender]
    addresses: Mapping[int, str | None]  # by the claim's id; None: there is none
    config: Config
    timezone: str
    at: datetime
    deadline: float  # monotonic: no send begins after it
    doors: Mapping[int, Door] = field(default_factory=dict)  # by the claim's id

    def attempt(self, claim: Claim) -> Result:
        """Send, unless there is a reason not to."""
        return self._reason_not_to(claim) or self._send(claim)

    def _reason_not_to(self, claim: Claim) -> Result | None:
        if claim.overtaken:
            return Stale()
        if claim.unwanted:
            return Unwanted()
        if claim.held_until:
            return Later(max(claim.held_until, self.at) + HELD)
        if monotonic() > self.deadline:
            return Later(self.at)
        if until := self._quiet_until(claim):
            return Later(until)
        return self._obstacle(claim)

    def _obstacle(self, claim: Claim) -> Result | None:
        if claim.tries > MOST_TRIES:
            return Bad("given up: every worker that tried it died")
        if claim.id not in self.addresses:
            return Retry("the address cannot be read")
        if self.addresses[claim.id] is None:
            return Gone("no address")
        if claim.channel not in self.senders:
            return Retry(f"{claim.channel} is not set up")
        return None

    def _send(self, claim: Claim) -> Result:
        try:
            letter = self._letter(claim)
        except Unrenderable as error:
            return Unsayable(str(error))
        try:
            outcome = self.senders[claim.channel].send(letter)
        except Exception as error:  # a channel's own fault must not cost its neighbours
            log.exception("a channel raised", channel=str(claim.channel), delivery=claim.id)
            return Retry(f"fault: {type(error).__name__}")
        crash_point("after_send")
        return Later(self.at) if isinstance(outcome, Busy) else outcome

    def _letter(self, claim: Claim) -> Letter:
        reader = Reader(claim.locale, self.timezone, claim.official)
        text = render(claim.kind, claim.payload, reader, at=claim.at)
        door = self.doors.get(claim.id)
        return Letter(
            message_id=claim.message_id,
            address=self.addresses[claim.id] or "",
            device_kind=claim.device_kind,
            title=text.title,
            body=text.body,
            kind=claim.kind,
            subject=claim.subject,
            path=door.path if door else path_of(claim.payload, official=claim.official),
            urgent=claim.urgent,
            at=claim.at,
            locale=reader.language,
            more=BY_MAIL[reader.language] if door else more_of(claim.kind, claim.payload, reader),
            unsubscribe_url="" if door else self._way_out(claim),
        )

    def _way_out(self, claim: Claim) -> str:
        """Letters say how to be left alone; one that somebody asked for says it in its words."""
        if claim.channel is not Channel.EMAIL or claim.kind == DIGEST:
            return ""
        return leave_url(self.config, claim.account_id, group_of(claim.kind))

    def _quiet_until(self, claim: Claim) -> datetime | None:
        if claim.urgent or claim.channel not in MAKES_A_SOUND:
            return None
        hours = quiet_hours(claim)
        return quiet_until(self.at, hours, self.timezone) if hours else None


def quiet_hours(claim: Claim) -> Hours | None:
    """The person's own; else the night, for what nobody is waiting for."""
    if claim.quiet_since is not None and claim.quiet_until is not None:
        return Hours(claim.quiet_since, claim.quiet_until)
    return NIGHT if group_of(claim.kind) in WAITS_BY_DEFAULT else None


#: Results after which a delivery is done with.
_LAST = {
    Sent: DeliveryState.SENT,
    Stale: DeliveryState.STALE,
    Unwanted: DeliveryState.STALE,
    Gone: DeliveryState.GONE,
    Bad: DeliveryState.DEAD,
}


def mark_of(claim: Claim, result: Result, at: datetime) -> Mark:
    """The row's new state. A failure that may pass is tried again, but not for ever."""
    why: str | None = getattr(result, "why", None)
    if last := _LAST.get(type(result)):
        return Mark(claim, last, at, claim.tries, why)
    if isinstance(result, Later):
        return Mark(claim, DeliveryState.DUE, result.until, claim.tries - 1)
    most = RENDER_TRIES if isinstance(result, Unsayable) else MOST_TRIES
    state = DeliveryState.DEAD if claim.tries >= most else DeliveryState.DUE
    wait = wait_before(
        claim.tries,
        after=result.after if isinstance(result, Retry) else None,
        slow=isinstance(result, Alarm),
        chance=_chance,
    )
    error = f"{ALARM}{why}" if isinstance(result, Alarm) else why
    return Mark(claim, state, at + wait, claim.tries, error)
