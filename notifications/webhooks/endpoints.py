"""Where other systems are told: registered, changed, switched off and on, removed. Who may do so is
for above to say. Flushes, never commits.

An address is looked up before it is kept, which waits for the network: `addresses.check_where` is
called by whoever asks, before the transaction.
"""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.database import db, reading
from notifications.ports import ports
from notifications.webhooks import leftovers, signing
from notifications.webhooks.errors import (
    EnoughEndpoints,
    EnoughSecrets,
    NoSuchEndpoint,
    SameIdOtherEndpoint,
    UnknownEvent,
)
from notifications.webhooks.models import OffBecause, WebhookEndpoint

MOST = 20  # of one reader
OVERLAP = timedelta(hours=24)  # in which a secret that was replaced still signs
MOST_OLD_SECRETS = 5  # that sign beside the newest


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants of an endpoint. No events named: all, those of later versions too."""

    url: str
    events: tuple[str, ...] = ()
    description: str = ""
    locale: str = "vi"


def register(
    endpoint_id: UUID, wish: Wish, *, reader: str, by: UUID, at: datetime
) -> tuple[WebhookEndpoint, str | None]:
    """A new endpoint with its secret, never to be seen again; without it where the same was asked
    before. Raises UnknownEvent, EnoughEndpoints, SameIdOtherEndpoint.
    """
    if db.session.get(WebhookEndpoint, endpoint_id) is None:
        check_events(wish.events, reader)
        _require_room(reader)
        secret = signing.new_secret()
        facts = {
            "id": endpoint_id,
            "reader": reader,
            "made_by": by,
            "made_at": at,
            "secret": signing.sealed(endpoint_id, secret),
            "failures": 0,
            **_facts(wish),
        }
        made = insert(WebhookEndpoint).values(facts).on_conflict_do_nothing()
        if db.session.scalar(made.returning(WebhookEndpoint.id)) is not None:
            return named(endpoint_id), secret
    known = db.session.get_one(WebhookEndpoint, endpoint_id)
    if known.removed_at or (known.made_by, known.reader, wish_of(known)) != (by, reader, wish):
        raise SameIdOtherEndpoint
    return known, None


def named(endpoint_id: UUID) -> WebhookEndpoint:
    """Raises NoSuchEndpoint."""
    return _there(db.session.get(WebhookEndpoint, endpoint_id))


def locked(endpoint_id: UUID) -> WebhookEndpoint:
    """The same, for somebody who changes it. Raises NoSuchEndpoint."""
    found = db.session.get(
        WebhookEndpoint, endpoint_id, with_for_update={"key_share": True}, populate_existing=True
    )
    return _there(found)


def _there(found: WebhookEndpoint | None) -> WebhookEndpoint:
    if found is None or found.removed_at is not None:
        raise NoSuchEndpoint
    return found


@dataclass(frozen=True, slots=True)
class Whose:
    """Of an endpoint, who keeps it and where it leads."""

    url: str
    reader: str
    made_by: UUID


def whose(endpoint_id: UUID) -> Whose:
    """Read beside the session: no transaction stays open. Raises NoSuchEndpoint."""
    one = WebhookEndpoint
    query = select(one.url, one.reader, one.made_by)
    with reading() as connection:
        row = connection.execute(
            query.where(one.id == endpoint_id, one.removed_at.is_(None))
        ).one_or_none()
    if row is None:
        raise NoSuchEndpoint
    return Whose(*row)


def of_readers(readers: Collection[str] | None) -> Sequence[WebhookEndpoint]:
    """Those that read so; None: all. The newest first."""
    query = select(WebhookEndpoint).where(WebhookEndpoint.removed_at.is_(None))
    if readers is not None:
        query = query.where(WebhookEndpoint.reader.in_(readers))
    order = WebhookEndpoint.made_at.desc(), WebhookEndpoint.id
    return db.session.scalars(query.order_by(*order)).all()


def wish_of(endpoint: WebhookEndpoint) -> Wish:
    return Wish(
        url=endpoint.url,
        events=tuple(endpoint.events),
        description=endpoint.description,
        locale=endpoint.locale,
    )


def change(endpoint: WebhookEndpoint, wish: Wish) -> list[str]:
    """The names of the fields that are another than before. An endpoint of another address begins
    anew: what ailed the old one is forgotten. An event that it has may stay, though its reader
    hears of it no longer."""
    check_events(set(wish.events) - set(endpoint.events), endpoint.reader)
    before, after = asdict(wish_of(endpoint)), asdict(wish)
    changed = [name for name, value in after.items() if before[name] != value]
    for name, value in _facts(wish).items():
        setattr(endpoint, name, value)
    if "url" in changed:
        forget_failures(endpoint)
    db.session.flush()
    return changed


def switch_off(endpoint: WebhookEndpoint, because: OffBecause, *, at: datetime) -> bool:
    """Tell it nothing more. What is due is given up, and may be replayed; of very much, the rest by
    and by. False: it was off."""
    if endpoint.off_at is not None:
        return False
    endpoint.off_at, endpoint.off_because = at, because
    db.session.flush()
    leftovers.give_up(endpoint.id, at)
    return True


def switch_on(endpoint: WebhookEndpoint) -> bool:
    """Tell it what happens from now on; what it missed is for `replay`. False: it was on."""
    if endpoint.off_at is None:
        return False
    endpoint.off_at, endpoint.off_because = None, None
    forget_failures(endpoint)
    db.session.flush()
    return True


def rotate(endpoint: WebhookEndpoint, *, overlap: timedelta = OVERLAP, at: datetime) -> str:
    """A new secret, never to be seen again. For the overlap the one before signs too, and each
    before it until its own end: whoever asks twice takes nothing from the receiver. No overlap: all
    of them are dead at once, as after a leak. Raises EnoughSecrets.
    """
    old = _kept_beside(endpoint, at) if overlap else []
    if overlap and (current := _readable(endpoint)):
        old = [(at + overlap, current), *old]
    if len(old) > MOST_OLD_SECRETS:
        raise EnoughSecrets(most=MOST_OLD_SECRETS)
    secret = signing.new_secret()
    endpoint.old_secret = signing.sealed_old(endpoint.id, old) if old else None
    endpoint.old_secret_until = max((until for until, _ in old), default=None)
    endpoint.secret = signing.sealed(endpoint.id, secret)
    db.session.flush()
    return secret


def _readable(endpoint: WebhookEndpoint) -> str | None:
    """Its secret; none where the house's key was changed: what cannot sign is not kept."""
    try:
        return signing.opened(endpoint.id, endpoint.secret)
    except signing.SecretUnreadable:
        return None


def _kept_beside(endpoint: WebhookEndpoint, at: datetime) -> list[tuple[datetime, str]]:
    """Those before it that sign still, each with its end."""
    if endpoint.old_secret is None:
        return []
    try:
        old = signing.opened_old(endpoint.id, endpoint.old_secret)
    except signing.SecretUnreadable:
        return []
    return [(until, secret) for until, secret in old if at < until]


def remove(endpoint: WebhookEndpoint, *, at: datetime) -> None:
    """Nobody's any more, with all that was sent to it. The rows go by and by: each step waits for
    whoever deletes an endpoint."""
    endpoint.removed_at, endpoint.off_at = at, at
    endpoint.secret, endpoint.old_secret = b"", None
    db.session.flush()


def move(before: str, after: str) -> int:
    """Those that read as one read as another from now on; how many."""
    moved = db.session.execute(
        update(WebhookEndpoint).where(WebhookEndpoint.reader == before).values(reader=after)
    )
    return int(moved.rowcount)  # type: ignore[attr-defined]


def opened(
    endpoint_id: UUID,
    secret: bytes,
    old_secret: bytes | None,
    old_until: datetime | None,
    at: datetime,
) -> list[str]:
    """The secrets that sign now, the newest first. Raises SecretUnreadable."""
    found = [signing.opened(endpoint_id, secret)]
    if old_secret is not None and old_until is not None and at < old_until:
        old = signing.opened_old(endpoint_id, old_secret)
        found += [one for until, one in old if at < until]
    return found


def check_events(events: Collection[str], reader: str) -> None:
    """Raise UnknownEvent for the first that there is not, or of which this reader never hears."""
    known = ports().webhooks.events(reader)
    for event in events:
        if event not in known:
            raise UnknownEvent(event=event[:40])


def _require_room(reader: str) -> None:
    """Those who add to one reader's endpoints wait for each other until they commit."""
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"webhooks of {reader}"))))
    query = select(func.count()).where(
        WebhookEndpoint.reader == reader, WebhookEndpoint.removed_at.is_(None)
    )
    if (db.session.scalar(query) or 0) >= MOST:
        raise EnoughEndpoints(most=MOST)


def _facts(wish: Wish) -> dict[str, Any]:
    return {**asdict(wish), "events": list(wish.events)}


def forget_failures(endpoint: WebhookEndpoint) -> None:
    """It answers, or it is another: how it failed counts no more."""
    endpoint.failing_since, endpoint.failures, endpoint.rests_until = None, 0, None
    endpoint.failed_days, endpoint.failed_at = 0, None
