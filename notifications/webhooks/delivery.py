"""Sending what is due: claim, ask from above what each may be told, sign, send, write down. With no
transaction open while anybody outside is asked.

A worker may be killed anywhere in here. What it held comes due again when its lease is over, under
the same id: none lost, and receivers know a repeat.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import orjson
import structlog
from procrastinate.exceptions import AlreadyEnqueued

from app.clock import now
from app.crash import crash_point
from app.database import db
from app.jobs import schedule
from notifications.ports import ports
from notifications.webhooks import endpoints, letter, signing
from notifications.webhooks.backoff import MOST_TRIES, is_given_up, rest_after, wait_before
from notifications.webhooks.claims import Claim, Mark, claim_due, next_due, write_marks
from notifications.webhooks.errors import NoSuchEndpoint
from notifications.webhooks.models import TEST, OffBecause, TellingState, WebhookEndpoint
from notifications.webhooks.ports import Asked
from notifications.webhooks.posting import (
    Answered,
    NotReached,
    NotTried,
    Parcel,
    Posted,
    post_all,
)

SOON = timedelta(minutes=1)  # the sweep finds what comes due later
GONE = 410  # a receiver's word for: nobody is here any more
ABANDONED = "given up: every worker that tried it died"

log = structlog.get_logger()
_chance = Random()


@dataclass(frozen=True, slots=True)
class NotTold:
    """By now it is not the reader's to know."""


@dataclass(frozen=True, slots=True)
class Untellable:
    """What it says could not be worked out, or not signed. May get better."""

    why: str


Result = Posted | NotTold | Untellable


def drain(*, clock: Callable[[], datetime] = now, stop: Callable[[], bool] = bool) -> int:
    """Send what is due until nothing is, or until told to `stop`; how many were looked at."""
    seen = 0
    while not stop():
        claims = claim_due(clock())
        db.session.commit()
        if not claims:
            break
        crash_point("after_claim")
        results = send_all(claims, clock())
        crash_point("before_mark")
        write_down(claims, results, clock())
        seen += len(claims)
    _wake_when_due(clock())
    return seen


def send_all(claims: Sequence[Claim], at: datetime) -> dict[int, Result]:
    """Try each once, with no transaction open; by the delivery's id."""
    results: dict[int, Result] = {}
    parcels = []
    told: dict[Asked, dict[str, Any] | None] = {}
    for claim in claims:
        ready = _ready(claim, told, at)
        if isinstance(ready, Parcel):
            parcels.append(ready)
        else:
            results[claim.id] = ready
    db.session.commit()  # ends what reading began
    return results | post_all(parcels, ports().config)


def _ready(claim: Claim, told: dict[Asked, dict[str, Any] | None], at: datetime) -> Parcel | Result:
    """The body as its reader may have it, signed; or why there is none."""
    if claim.tries > MOST_TRIES:
        return Untellable(ABANDONED)
    try:
        data = _data(claim, told)
        if data is None:
            return NotTold()
        body = body_of(claim, data)
        using = endpoints.opened(
            claim.endpoint_id, claim.secret, claim.old_secret, claim.old_secret_until, at
        )
    except signing.SecretUnreadable:
        return Untellable("its secret cannot be read; make a new one")
    except Exception as error:  # one event's fault must not cost its neighbours
        log.exception("an event cannot be told", type=claim.type, delivery=claim.id)
        db.session.rollback()
        return Untellable(f"fault: {type(error).__name__}")
    headers = signing.headers(claim.event_id, body, using, at)
    return Parcel(claim.id, claim.endpoint_id, claim.url, body, headers)


def _data(claim: Claim, told: dict[Asked, dict[str, Any] | None]) -> dict[str, Any] | None:
    """Worked out once for all who are told alike."""
    if claim.type == TEST:
        return claim.facts
    asked = Asked(
        event_id=claim.event_id,
        type=claim.type,
        subject=claim.subject,
        at=claim.at,
        reader=claim.reader,
        locale=claim.locale,
        made_by=claim.made_by,
    )
    if asked not in told:
        told[asked] = ports().webhooks.data(asked, claim.facts)
    return told[asked]


def body_of(claim: Claim, data: Mapping[str, Any]) -> str:
    """What is sent and signed, as Standard Webhooks shapes it."""
    whole = {
        "type": claim.type,
        "timestamp": claim.at,
        "sequence": claim.sequence,
        "data": data,
    }
    return orjson.dumps(whole, option=orjson.OPT_UTC_Z).decode()


def write_down(claims: Sequence[Claim], results: Mapping[int, Result], at: datetime) -> None:
    """What became of the deliveries and of their endpoints, committed."""
    marks = [mark_of(claim, results[claim.id], at) for claim in claims]
    write_marks(marks, at)
    for endpoint_id in sorted({claim.endpoint_id for claim in claims}):
        own = [results[one.id] for one in claims if one.endpoint_id == endpoint_id]
        _note(endpoint_id, own, at)
    db.session.commit()
    log.info("webhooks tried", **Counter(str(mark.state) for mark in marks if mark.tried))


def mark_of(claim: Claim, result: Result, at: datetime) -> Mark:
    """The row's new state. A failure is tried again, but not for ever."""
    if isinstance(result, NotTried):  # back to its place in the row
        return Mark(claim, TellingState.DUE, min(claim.at, at), claim.tries - 1, tried=False)
    if isinstance(result, NotTold):
        return Mark(claim, TellingState.STALE, at, claim.tries - 1, tried=False)
    if isinstance(result, Answered) and result.is_taken:
        return Mark(
            claim,
            TellingState.SENT,
            at,
            claim.tries,
            status=result.status,
            took_ms=result.took_ms,
        )
    return _failed(claim, result, at)


def _failed(claim: Claim, result: Answered | NotReached | Untellable, at: datetime) -> Mark:
    answered = result if isinstance(result, Answered) else None
    wait = wait_before(claim.tries, after=answered.after if answered else None, chance=_chance)
    return Mark(
        claim,
        TellingState.DUE if wait is not None else TellingState.DEAD,
        at + (wait or timedelta()),
        claim.tries,
        error=None if isinstance(result, Answered) else result.why,
        status=answered.status if answered else None,
        took_ms=None if isinstance(result, Untellable) else result.took_ms,
    )


def _note(endpoint_id: UUID, results: Sequence[Result], at: datetime) -> None:
    """How the endpoint stands: well, failing and resting, or switched off. Gives it back."""
    try:
        endpoint = endpoints.locked(endpoint_id)
    except NoSuchEndpoint:
        return  # removed meanwhile
    endpoint.rests_until = None
    asked = [one for one in results if isinstance(one, Answered | NotReached)]
    if any(isinstance(one, Answered) and one.is_taken for one in asked):
        endpoint.last_ok_at, endpoint.failing_since, endpoint.failures = at, None, 0
    last = asked[-1] if asked else None
    if last is None or (isinstance(last, Answered) and last.is_taken):
        return
    endpoint.failing_since = endpoint.failing_since or at
    endpoint.failures += 1
    after = last.after if isinstance(last, Answered) else None
    endpoint.rests_until = at + rest_after(endpoint.failures, after=after)
    if isinstance(last, Answered) and last.status == GONE:
        _give_up(endpoint, OffBecause.GONE, at)
    elif is_given_up(endpoint.failing_since, at):
        _give_up(endpoint, OffBecause.FAILING, at)


def _give_up(endpoint: WebhookEndpoint, because: OffBecause, at: datetime) -> None:
    if endpoints.switch_off(endpoint, because, at=at):
        letter.tell_owners(endpoint, at=at)
        log.warning("a webhook was switched off", endpoint=endpoint.id, because=str(because))


def _wake_when_due(at: datetime) -> None:
    """What comes due within the minute has a job of its own; the sweep finds the rest."""
    due = next_due(at + SOON)
    if due is not None:
        due = max(due, at)
        try:
            schedule(
                "notifications.webhooks", {}, at=due, once=f"webhooks {due:%H:%M:}{due.second // 5}"
            )
        except AlreadyEnqueued:
            db.session.rollback()
            return
    db.session.commit()
