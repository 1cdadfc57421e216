"""The audit log: who did what to whom, chained so that a later change of it shows.

Each entry's hash is an HMAC over itself and the hash before it, and one sealed row (`audit_head`)
says how many there are. Without the house's key nobody can edit, remove, reorder or cut entries
unseen. What this cannot show by itself is the whole database put back to an older copy: for that
each entry's number and hash also go to the log with its commit, to be held against
`verify_chain(seen=…)`.
"""

import hmac
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import structlog
from sqlalchemy import event, inspect, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.auth.models import AuditEntry, AuditHead
from app.clock import now
from app.database import db
from app.keys import lasting_key

log = structlog.get_logger()

_START = bytes(32)
_UNTOLD = "xom.audit_untold"  # of a session: entries whose line has not left yet
_FIELD = re.compile(r"[a-z][a-z0-9_.]*")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the chain that is not as it was written."""

    entry: int
    sentence: str


def record(
    action: str,
    *,
    subject: str,
    actor_id: UUID | None,
    fields: Iterable[str] = (),
    reason: str | None = None,
    at: datetime | None = None,
) -> AuditEntry:
    """Add an entry in the caller's transaction; `fields` are names, never values.

    Locks the head until the commit: call it last, shortly before.
    """
    head = _locked_head()
    intact = hmac.compare_digest(head.seal, _seal(head.entries, head.hash))
    entry = AuditEntry(
        id=head.entries + 1,
        at=at or now(),
        actor_id=actor_id,
        action=action,
        subject=subject,
        fields=_names(fields),
        reason=reason,
        previous=head.hash,
    )
    entry.hash = _hash(entry)
    db.session.add(entry)
    head.entries, head.hash = entry.id, entry.hash
    # A seal that somebody broke stays broken: the next entry must not make a cut chain whole.
    head.seal = _seal(head.entries, head.hash) if intact else b"broken"
    db.session.flush()
    line = {"entry": entry.id, "action": action, "hash": entry.hash.hex()}
    db.session.info.setdefault(_UNTOLD, []).append((entry, line))
    return entry


@event.listens_for(Session, "after_commit")
def _tell_the_log(session: Session) -> None:
    """An entry's line leaves when the entry is kept: one that was rolled back was never there, and
    whoever holds the log against the chain would miss it."""
    if session.in_nested_transaction():
        return
    for entry, line in session.info.pop(_UNTOLD, ()):
        if not inspect(entry).transient:
            log.info("audit entry", **line)


def verify_chain(*, seen: tuple[int, str] | None = None) -> list[Problem]:
    """What is wrong with the chain; nothing when it is whole.

    `seen` is an entry's number and hash (hex) noted earlier outside the database.
    """
    problems: list[Problem] = []
    last, previous = 0, _START
    for entry in _entries():
        if entry.id != last + 1:
            problems.append(Problem(last + 1, f"entries {last + 1} to {entry.id - 1} are missing"))
        elif entry.previous != previous:
            problems.append(Problem(entry.id, f"entry {entry.id} does not follow the one before"))
        if not hmac.compare_digest(entry.hash, _hash(entry)):
            problems.append(Problem(entry.id, f"entry {entry.id} was changed"))
        if seen and entry.id == seen[0] and entry.hash.hex() != seen[1]:
            problems.append(Problem(entry.id, f"entry {entry.id} is not the one that was noted"))
        last, previous = entry.id, entry.hash
    if seen and last < seen[0]:
        problems.append(Problem(last + 1, f"entry {seen[0]} was noted, the chain ends at {last}"))
    return problems + _problems_of_end(last, previous)


def length() -> int:
    """How many entries the chain says it has."""
    return db.session.scalar(select(AuditHead.entries)) or 0


def _problems_of_end(last: int, previous: bytes) -> list[Problem]:
    head = db.session.get(AuditHead, 1, populate_existing=True)
    if head is None:
        return [Problem(last, "the head is missing")] if last else []
    if not hmac.compare_digest(head.seal, _seal(head.entries, head.hash)):
        return [Problem(last, "the head's seal is broken")]
    if (head.entries, head.hash) != (last, previous):
        return [Problem(last, f"the chain ends at {last}, its head says {head.entries}")]
    return []


def _locked_head() -> AuditHead:
    query = select(AuditHead).with_for_update().execution_options(populate_existing=True)
    head = db.session.scalar(query)
    if head is None:
        first = insert(AuditHead).values(id=1, entries=0, hash=_START, seal=_seal(0, _START))
        db.session.execute(first.on_conflict_do_nothing())
        head = db.session.scalars(query).one()
    return head


def _entries() -> Iterator[AuditEntry]:
    query = select(AuditEntry).order_by(AuditEntry.id)
    return db.session.scalars(query.execution_options(yield_per=1000, populate_existing=True))


def _names(fields: Iterable[str]) -> list[str]:
    names = list(fields)
    for name in names:
        if not _FIELD.fullmatch(name):
            raise ValueError("an audit entry takes the names of fields, never their values")
    return names


def _hash(entry: AuditEntry) -> bytes:
    words = [
        entry.id,
        entry.at.astimezone(UTC).isoformat(),
        str(entry.actor_id),
        entry.action,
        entry.subject,
        entry.fields,
        entry.reason,
    ]
    text = json.dumps(words, ensure_ascii=False, separators=(",", ":"))
    return hmac.digest(lasting_key("audit entry"), entry.previous + text.encode(), "sha256")


def _seal(entries: int, last: bytes) -> bytes:
    return hmac.digest(lasting_key("audit head"), b"%d " % entries + last, "sha256")
