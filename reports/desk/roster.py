"""The duty roster as a week: who is on call for an office, and when nobody is. Putting somebody on
call is `reports.duty`'s.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app import audit
from app.auth.models import Account, AccountKind
from app.database import db
from app.errors import Conflict, Invalid, NotFound
from reports.city.models import DutyShift, RoleGrant

WEEK = 7


class ShiftOver(Conflict):
    code = "shift-over"
    vi = "Ca này đã qua nên được giữ lại trong lịch sử."
    en = "This shift is over, and stays on record."


class HoldsNoRoleHere(Invalid):
    code = "holds-no-role-here"
    vi = "Người này không giữ vai trò nào ở đơn vị. Chọn người khác, hoặc giao vai trò trước."
    en = "They hold no role for this office. Choose somebody else, or give them one first."
    field = "person"


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of one day: somebody's shift, or (without one) nobody's."""

    since: datetime
    until: datetime
    shift: DutyShift | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    parts: tuple[Part, ...]


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def week(office_id: int, monday: date, zone: ZoneInfo) -> list[Day]:
    """The seven days from a Monday on, each from midnight to midnight in the city's zone."""
    edges = [_midnight(monday + timedelta(days=ahead), zone) for ahead in range(WEEK + 1)]
    found = _between(office_id, edges[0], edges[-1])
    return [
        Day(monday + timedelta(days=ahead), tuple(parts_of(found, edges[ahead], edges[ahead + 1])))
        for ahead in range(WEEK)
    ]


def parts_of(
    shifts: Iterable[tuple[DutyShift, str]], since: datetime, until: datetime
) -> list[Part]:
    """Shifts in order, each cut to the stretch, with the gaps between them."""
    found = [
        Part(max(shift.since, since), min(shift.until, until), shift, name)
        for shift, name in shifts
        if shift.since < until and shift.until > since
    ]
    covered, gaps = since, []
    for part in sorted(found, key=lambda one: one.since):
        if part.since > covered:
            gaps.append(Part(covered, part.since))
        covered = max(covered, part.until)
    if covered < until:
        gaps.append(Part(covered, until))
    return sorted([*found, *gaps], key=lambda one: (one.since, one.until))


def people(office_id: int, at: datetime) -> Sequence[tuple[UUID, str]]:
    """Who may be put on call: whoever holds a role for the office, deputies included."""
    rows = db.session.execute(
        select(Account.id, Account.name)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(
            RoleGrant.office_id == office_id,
            RoleGrant.until.is_(None) | (RoleGrant.until > at),
            Account.disabled_at.is_(None),
            Account.kind == AccountKind.OFFICIAL,
        )
        .distinct()
        .order_by(Account.name, Account.id)
    )
    return [(account_id, name or "") for account_id, name in rows]


def somebody_of(office_id: int, named: str, at: datetime) -> Account:
    """Whom a form named. Raises HoldsNoRoleHere."""
    if named not in {str(account_id) for account_id, _ in people(office_id, at)}:
        raise HoldsNoRoleHere
    return db.session.get_one(Account, UUID(named))


def take_off(shift_id: int, *, by: UUID | None, at: datetime) -> DutyShift:
    """Take a shift off the roster; one that runs ends now. Flushes.

    Raises NotFound, ShiftOver.
    """
    shift = db.session.get(DutyShift, shift_id, with_for_update=True)
    if shift is None:
        raise NotFound
    if shift.until <= at:
        raise ShiftOver
    if shift.since >= at:
        db.session.delete(shift)
    else:
        shift.until = at
    db.session.flush()
    audit.record("duty.remove", subject=f"account:{shift.account_id}", actor_id=by)
    return shift


def _between(office_id: int, since: datetime, until: datetime) -> list[tuple[DutyShift, str]]:
    rows = db.session.execute(
        select(DutyShift, Account.name)
        .join(Account, Account.id == DutyShift.account_id)
        .where(DutyShift.office_id == office_id, DutyShift.since < until, DutyShift.until > since)
        .order_by(DutyShift.since, DutyShift.id)
    )
    return [(shift, name or "") for shift, name in rows]


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
