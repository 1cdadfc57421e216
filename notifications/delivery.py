"""Sending what is due: expand, claim, send from a bounded pool, write down. In that order, and with
no transaction open while a provider is asked.

A worker may be killed anywhere in here. What it had claimed comes due again when the lease is over,
and what it had sent already carries the same id as before: none lost, none shown twice.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from time import monotonic
from typing import cast
from uuid import UUID

import structlog
from flask import Flask, current_app
from procrastinate.exceptions import AlreadyEnqueued

from app.clock import now
from app.crash import crash_point
from app.database import db
from app.jobs import schedule
from notifications.attempts import Batch, Result, mark_of
from notifications.channels.letters import Alarm, Sender
from notifications.channels.opening import open_channels
from notifications.claims import Claim, claim_due, next_due, write_marks
from notifications.doors import Door
from notifications.expansion import expand_again, expand_change
from notifications.models import Channel, DeliveryState
from notifications.ports import Contact, ports

AT_A_TIME = 32  # letters under way in one drain; more threads only contend
BATCH_SECONDS = 60.0  # after which a batch starts no more sends; the lease is longer
SOON = timedelta(minutes=1)  # the sweep finds what comes due later
LETTERS = frozenset({Channel.EMAIL, Channel.SMS})

log = structlog.get_logger()
_opening = Lock()


@dataclass(frozen=True, slots=True)
class Post:
    """The channels that this city has, and the threads that write to them."""

    senders: Mapping[Channel, Sender]
    pool: ThreadPoolExecutor


def deliver(
    change_id: UUID, *, clock: Callable[[], datetime] = now, stop: Callable[[], bool] = bool
) -> int:
    """Bring a change's messages to everyone's devices, and whatever else is due; how many tried."""
    by_mail = ports().doors.readers()
    expand_change(change_id, channels=post().senders, by_mail=by_mail, at=clock())
    db.session.commit()
    return drain(clock=clock, stop=stop)


def drain(*, clock: Callable[[], datetime] = now, stop: Callable[[], bool] = bool) -> int:
    """Send what is due until nothing is, or until told to `stop`; how many were tried."""
    tried = 0
    while not stop():
        claims = claim_due(clock())
        db.session.commit()
        if not claims:
            break
        crash_point("after_claim")
        results = send_all(claims, clock())
        crash_point("before_mark")
        write_down(claims, results, clock())
        tried += len(claims)
    _wake_when_due(clock())
    return tried


def send_all(claims: Sequence[Claim], at: datetime) -> list[Result]:
    """Try each claim once, side by side, with no transaction open."""
    own = post()
    by_mail = _by_mail(claims)
    doors = _doors(by_mail)
    batch = Batch(
        senders=own.senders,
        addresses=_addresses([one for one in claims if one.id not in by_mail])
        | _door_addresses(by_mail, doors),
        doors=doors or {},
        config=ports().config,
        timezone=ports().timezone(),
        at=at,
        deadline=monotonic() + BATCH_SECONDS,
    )
    db.session.commit()  # ends what looking up addresses began, and keeps the doors that it made
    return list(own.pool.map(batch.attempt, claims))


def write_down(claims: Sequence[Claim], results: Sequence[Result], at: datetime) -> None:
    """One UPDATE for the batch, committed. A message that lost its device may take another way."""
    marks = [mark_of(claim, result, at) for claim, result in zip(claims, results, strict=True)]
    write_marks(marks, at)
    gone = {m.claim.message_id for m in marks if m.state is DeliveryState.GONE and m.claim.address}
    if gone:
        expand_again(gone, channels=post().senders, at=at)
    db.session.commit()
    _report(claims, results)


def post() -> Post:
    """This process's channels, opened when first needed."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    with _opening:
        if "xom.post" not in app.extensions:
            app.extensions["xom.post"] = Post(
                open_channels(ports().config, connections=AT_A_TIME),
                ThreadPoolExecutor(AT_A_TIME, thread_name_prefix="post"),
            )
    return cast(Post, app.extensions["xom.post"])


def close(post: Post) -> None:
    """Let go of threads and connections."""
    post.pool.shutdown()
    for sender in post.senders.values():
        sender.close()


def _by_mail(claims: Sequence[Claim]) -> dict[int, Claim]:
    """The letters to readers who sign in nowhere, by the claim's id."""
    readers = ports().doors.readers()
    if not readers:
        return {}
    return {
        claim.id: claim
        for claim in claims
        if claim.channel is Channel.EMAIL and claim.account_id in readers
    }


def _doors(by_mail: Mapping[int, Claim]) -> dict[int, Door] | None:
    """The way in of each of these letters that still has one. None: could not be found out now."""
    if not by_mail:
        return {}
    try:
        found = ports().doors.open({(one.account_id, one.subject) for one in by_mail.values()})
    except Exception:  # whatever ails whoever makes them, other letters go out
        log.exception("doors cannot be opened")
        db.session.rollback()
        return None
    opened = {id_: found.get((one.account_id, one.subject)) for id_, one in by_mail.items()}
    return {id_: door for id_, door in opened.items() if door}


def _door_addresses(
    by_mail: Mapping[int, Claim], doors: Mapping[int, Door] | None
) -> dict[int, str | None]:
    """As `_addresses`, for letters that lead to a door."""
    if doors is None:
        return {}
    return {id_: doors[id_].address if id_ in doors else None for id_ in by_mail}


def _addresses(claims: Sequence[Claim]) -> dict[int, str | None]:
    """Where each claim goes, by its id; None for nowhere. Missing: could not be found out now."""
    found = {claim.id: claim.address for claim in claims if claim.channel not in LETTERS}
    letters = [claim for claim in claims if claim.channel in LETTERS]
    try:
        contacts = ports().contacts({claim.account_id for claim in letters}) if letters else {}
    except Exception:  # whatever ails the keeper of addresses, pushes go out
        log.exception("contacts cannot be read")
        return found
    return found | {
        claim.id: _letter_address(claim, contacts.get(claim.account_id)) for claim in letters
    }


def _letter_address(claim: Claim, contact: Contact | None) -> str | None:
    if claim.channel is Channel.SMS:
        return contact.phone if contact else None
    return (contact.email if contact else None) or claim.official_email


def _wake_when_due(at: datetime) -> None:
    """What comes due within the minute has a job of its own; the sweep finds the rest."""
    due = next_due(at, at + SOON)
    if due:
        try:
            schedule(
                "notifications.drain", {}, at=due, once=f"drain {due:%H:%M:}{due.second // 10}"
            )
        except AlreadyEnqueued:
            db.session.rollback()
            return
    db.session.commit()


def _report(claims: Sequence[Claim], results: Sequence[Result]) -> None:
    log.info("deliveries tried", **Counter(type(result).__name__.lower() for result in results))
    alarms = Counter(
        (str(claim.channel), result.why)
        for claim, result in zip(claims, results, strict=True)
        if isinstance(result, Alarm)
    )
    for (channel, why), number in alarms.items():
        log.error("a provider refuses us", channel=channel, why=why, deliveries=number)
