"""One letter a working day instead of many: what is new, due today and overdue on an official's
desk. What is urgent, and news for those on call, is never gathered.

A letter is a message and a delivery like any other, so it is tried again, or seen to have failed,
as they are. Functions flush, but for `send_due`, which commits person by person: what ails one
letter does not hold up the others.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID, uuid4, uuid5
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from app.auth.models import Account
from app.database import db
from app.jobs import defer
from notifications.desks import Desk
from notifications.kinds import DIGEST, GATHERED, KINDS
from notifications.models import Channel, Delivery, DeliveryState, MailDigest, Message
from notifications.ports import ports

log = structlog.get_logger()

USUAL_HOUR = time(7, 15)
PATH = "/console/queue"
_GATHERED_KINDS = [name for name, kind in KINDS.items() if kind.group in GATHERED]


def hour_of(account_id: UUID) -> time | None:
    """When somebody's letter leaves; None for who is written to at once."""
    row = db.session.get(MailDigest, account_id)
    return row.at if row else None


def choose(account_id: UUID, hour: time | None, *, at: datetime) -> None:
    """Gather mail into one letter at this local hour, or (None) no longer."""
    if hour is None:
        db.session.execute(delete(MailDigest).where(MailDigest.account_id == account_id))
        return
    statement = insert(MailDigest).values(account_id=account_id, at=hour, told_until=at)
    db.session.execute(
        statement.on_conflict_do_update(index_elements=["account_id"], set_={"at": hour})
    )


def send_due(at: datetime) -> int:
    """Write the letters whose hour has come today; how many. Commits each by itself, so that
    whoever was told is not told again."""
    if not ports().desks.are_open(at):
        return 0
    written = 0
    for account_id in _due(at):
        written += _write_safely(account_id, at)
    return written


def _write_safely(account_id: UUID, at: datetime) -> bool:
    """What cannot be written is tried again the next time."""
    try:
        written = _write(account_id, at)
        db.session.commit()
    except Exception:  # whatever ails one letter, the others go out
        log.exception("a daily letter could not be written", account=str(account_id))
        db.session.rollback()
        return False
    return written


def _due(at: datetime) -> Sequence[UUID]:
    """Whose hour is over today, and who was not told since."""
    local = at.astimezone(ZoneInfo(ports().timezone()))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return db.session.scalars(
        select(MailDigest.account_id)
        .join(Account, Account.id == MailDigest.account_id)
        .where(
            Account.disabled_at.is_(None),
            MailDigest.at <= local.time(),
            MailDigest.told_until < midnight + (MailDigest.at - time(0)),
        )
    ).all()


def _write(account_id: UUID, at: datetime) -> bool:
    """One person's letter, unless another worker writes it or there is nothing to tell."""
    row = db.session.scalar(
        select(MailDigest)
        .where(MailDigest.account_id == account_id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if row is None:
        return False
    since, row.told_until = row.told_until, at
    desk, news = ports().desks.of(account_id, at), _news(account_id, since)
    if desk.is_empty and not news:
        return False
    message_id = db.session.scalar(
        insert(Message)
        .values(
            id=uuid4(),
            # By what it gathers, not by its day: with another hour, two may leave on one.
            change_id=uuid5(account_id, f"digest:{since.astimezone(UTC).isoformat()}"),
            account_id=account_id,
            kind=DIGEST,
            subject=DIGEST,
            payload=_payload(desk, news),
            at=at,
            read_at=at,  # it tells of what stands in the inbox already
        )
        .on_conflict_do_nothing()
        .returning(Message.id)
    )
    if message_id is None:
        return False
    letter = {"message_id": message_id, "channel": Channel.EMAIL, "due_at": at, "tries": 0}
    db.session.add(Delivery(**letter, state=DeliveryState.DUE))
    defer("notifications.drain")
    return True


def _news(account_id: UUID, since: datetime) -> int:
    """How many messages were gathered since the letter before."""
    query = select(func.count()).where(
        Message.account_id == account_id,
        Message.at > since,
        Message.kind.in_(_GATHERED_KINDS),
        Message.urgent.is_(False),
    )
    return db.session.execute(query).scalar_one()


def _payload(desk: Desk, news: int) -> dict[str, Any]:
    return {"path": PATH, "news": news, "desk": asdict(desk)}
