"""Limits on a pseudonym: somebody who misuses the city's time sends nothing for a while. Danger is
always let through, and so is whatever the centre enters for them when they call.

Few people are limited and everybody sends, so who is limited is kept in memory and read anew every
few seconds: sending costs no statement more.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from time import monotonic
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy import select, update

from app import audit
from app.database import db, reading
from app.errors import Forbidden, Invalid, NotFound
from reports import spoken
from reports.city import snapshot
from reports.desk.models import LimitKind, ReporterLimit

LONGEST = timedelta(days=365)
READ_EVERY_S = 5.0
LEAST_REASON = 5
_KEPT = "xom.reporter_limits"

WHY: dict[LimitKind, tuple[str, str]] = {
    LimitKind.FALSE: (
        "nhiều phản ánh trước đó không đúng sự thật",
        "several earlier reports were not true",
    ),
    LimitKind.ABUSIVE: (
        "nhiều lời gửi trước đó xúc phạm người khác",
        "several earlier messages insulted others",
    ),
    LimitKind.FLOOD: (
        "cùng một việc đã được gửi quá nhiều lần",
        "the same thing was sent too many times",
    ),
    LimitKind.OTHER: (
        "các phản ánh trước đó không dùng đúng mục đích",
        "earlier reports were not what this service is for",
    ),
}


class Limited(Forbidden):
    code = "limited"
    vi = (
        "Tài khoản này chưa gửi được cho đến {until_vi}, vì {why_vi}. Việc khẩn hay nguy hiểm vẫn "
        "gửi được. Nếu thấy như vậy là không đúng, {call_vi}."
    )
    en = (
        "This account cannot send until {until_en}, because {why_en}. What is urgent or dangerous "
        "still goes through. If you think this is a mistake, {call_en}."
    )


class NotAFutureDay(Invalid):
    code = "not-a-future-day"
    vi = "Chọn một ngày sau hôm nay, trong vòng một năm."
    en = "Choose a day after today, within a year."
    field = "until"


class ReasonTooShort(Invalid):
    code = "limit-reason-missing"
    vi = "Ghi lý do, đủ để người khác hiểu và chịu trách nhiệm được."
    en = "Give a reason that others understand and that can be answered for."
    field = "reason"


class KindMissing(Invalid):
    code = "limit-kind-missing"
    vi = "Chọn điều người này sẽ đọc."
    en = "Choose what this person will read."
    field = "kind"


def set_limit(
    account_id: UUID, kind: str, reason: str, *, until: datetime, by: UUID, at: datetime
) -> ReporterLimit:
    """Nothing new from this account until then; a limit that it has already ends. Flushes. Raises
    KindMissing, ReasonTooShort, NotAFutureDay."""
    if kind not in set(LimitKind):
        raise KindMissing
    if len(reason) < LEAST_REASON:
        raise ReasonTooShort
    if not at < until <= at + LONGEST:
        raise NotAFutureDay
    db.session.execute(_end(ReporterLimit.account_id == account_id, by=by, at=at))
    row = ReporterLimit(
        account_id=account_id,
        kind=LimitKind(kind),
        reason=reason[:500],
        since=at,
        until=until,
        created_by=by,
    )
    db.session.add(row)
    db.session.flush()
    _forget()
    audit.record(
        "reporter.limit",
        subject=f"account:{account_id}",
        actor_id=by,
        fields=["until"],
        reason=row.reason,
    )
    return row


def lift(limit_id: UUID, *, by: UUID, at: datetime) -> None:
    """End it before its time; again is the same. Flushes."""
    row = db.session.get(ReporterLimit, limit_id)
    if row is None:
        raise NotFound
    db.session.execute(_end(ReporterLimit.id == limit_id, by=by, at=at))
    _forget()
    audit.record("reporter.unlimit", subject=f"account:{row.account_id}", actor_id=by)


def present(at: datetime) -> Sequence[ReporterLimit]:
    """Those that hold now, the ones that end soonest first."""
    query = select(ReporterLimit).where(*_holding(at)).order_by(ReporterLimit.until)
    return db.session.scalars(query.limit(500)).all()


def of_account(account_id: UUID, *, at: datetime) -> ReporterLimit | None:
    mine = ReporterLimit.account_id == account_id
    return db.session.scalars(select(ReporterLimit).where(mine, *_holding(at))).first()


def require_free(account_id: UUID, *, at: datetime) -> None:
    """Raises Limited, which says until when, why in general, and whom to call."""
    held = _limited(at).get(account_id)
    if held is None or held[0] <= at:
        return
    city = snapshot.current()
    until, kind = held
    zone, line = city.profile.timezone, city.own_line
    why_vi, why_en = WHY[kind]
    raise Limited(
        until_vi=spoken.spoken_moment(until, zone, "vi", at),
        until_en=spoken.spoken_moment(until, zone, "en", at),
        why_vi=why_vi,
        why_en=why_en,
        call_vi=f"gọi {line.number}" if line else "hãy đến trung tâm của thành phố",
        call_en=f"call {line.number}" if line else "please come to the city's centre",
    )


def _holding(at: datetime) -> tuple[Any, ...]:
    return (
        ReporterLimit.lifted_at.is_(None),
        ReporterLimit.since <= at,
        ReporterLimit.until > at,
    )


def _end(which: Any, *, by: UUID, at: datetime) -> Any:
    return (
        update(ReporterLimit)
        .where(which, ReporterLimit.lifted_at.is_(None), ReporterLimit.until > at)
        .values(lifted_at=at, lifted_by=by)
        .execution_options(synchronize_session="fetch")
    )


_Held = Mapping[UUID, tuple[datetime, LimitKind]]


def _limited(at: datetime) -> _Held:
    """Everybody who is limited, as it was a few seconds ago at the most."""
    kept: dict[str, Any] = current_app.extensions.setdefault(_KEPT, {})
    if kept.get("until", 0.0) < monotonic():
        columns = (ReporterLimit.account_id, ReporterLimit.until, ReporterLimit.kind)
        with reading() as connection:
            rows = connection.execute(select(*columns).where(*_holding(at))).all()
        found = {account: (until, LimitKind(kind)) for account, until, kind in rows}
        kept.update(held=found, until=monotonic() + READ_EVERY_S)
    held: _Held = kept["held"]
    return held


def _forget() -> None:
    """What was just changed here holds here at the next request."""
    current_app.extensions.pop(_KEPT, None)
