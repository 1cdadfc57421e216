"""Giving and taking officials' roles, for a time if need be. Each act is in the audit log; the past
stays told. Who may give which to whom is for `reports.desk.people`; commands may all.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Integer, Row, any_, bindparam, select

from app import audit
from app.auth.models import Account, AccountKind
from app.database import db, reading
from app.text import in_order
from reports.city.models import Office, RoleGrant
from reports.statuses import Role

#: Roles that a person holds for an office; `reporter` and `system` are not given to anybody.
HELD = (Role.DISPATCHER, Role.OFFICER, Role.HEAD, Role.LEADER, Role.ADMIN)


def grant(
    account_id: UUID,
    role: Role,
    office: Office,
    *,
    by: UUID | None,
    at: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
    deputy_of: UUID | None = None,
) -> bool:
    """Give a role, from now or `since`, for good or `until`; False when it is held for all that
    time already. `deputy_of` is whom they stand in for. Flushes, and records it."""
    since = since or at
    if any(_covers(held, since, until) for held in _held(account_id, role, office, at)):
        return False
    db.session.add(
        RoleGrant(
            account_id=account_id,
            office_id=office.id,
            role=role,
            since=since,
            until=until,
            deputy_of=deputy_of,
        )
    )
    _record("role.grant", account_id, role, office, by)
    return True


def revoke(account_id: UUID, role: Role, office: Office, *, by: UUID | None, at: datetime) -> bool:
    """End a role, also one that is to begin; False when it is not held. Flushes, and records it."""
    held = _held(account_id, role, office, at)
    for one in held:
        one.until = max(at, one.since)
    if held:
        _record("role.revoke", account_id, role, office, by)
    return bool(held)


def end(given: RoleGrant, office: Office, *, by: UUID | None, until: datetime) -> None:
    """Let one grant end at a moment; one that has not begun by then never does. Flushes, and
    records it."""
    given.until = max(until, given.since)
    _record("role.revoke", given.account_id, given.role, office, by)


def _record(action: str, account_id: UUID, role: Role, office: Office, by: UUID | None) -> None:
    db.session.flush()
    audit.record(
        action,
        subject=f"account:{account_id}",
        actor_id=by,
        fields=("role", "office"),
        reason=f"{role} {office.code}",
    )


def _held(account_id: UUID, role: Role, office: Office, at: datetime) -> Sequence[RoleGrant]:
    """The grants of this role that are not over."""
    return db.session.scalars(
        select(RoleGrant).where(
            RoleGrant.account_id == account_id,
            RoleGrant.role == role,
            RoleGrant.office_id == office.id,
            RoleGrant.until.is_(None) | (RoleGrant.until > at),
        )
    ).all()


def _covers(held: RoleGrant, since: datetime, until: datetime | None) -> bool:
    """Does this grant begin no later and end no earlier?"""
    if held.since > since:
        return False
    return held.until is None or (until is not None and held.until >= until)


_AT_WORK = (
    select(Account.id, Account.name)
    .join(RoleGrant, RoleGrant.account_id == Account.id)
    .where(
        RoleGrant.office_id == any_(bindparam("offices", type_=ARRAY(Integer))),
        RoleGrant.role.in_((Role.OFFICER, Role.HEAD)),
        Account.kind != AccountKind.CLIENT,  # a program works for an office, and is not its people
        RoleGrant.since <= bindparam("at"),
        RoleGrant.until.is_(None) | (RoleGrant.until > bindparam("at")),
        Account.disabled_at.is_(None),
    )
    .distinct()
    .order_by(Account.id)
)


def workers(offices: Collection[int], at: datetime) -> list[tuple[UUID, str]]:
    """Officers and heads of these offices, deputies of the day included: account, name."""
    if not offices:
        return []
    with reading() as connection:  # a page of work asks it every time
        rows = connection.execute(_AT_WORK, {"offices": list(offices), "at": at}).all()
    people = [(account_id, name or "") for account_id, name in rows]
    return sorted(people, key=lambda one: in_order(one[1]))


def works_for(account_id: UUID, office_id: int, *, at: datetime) -> bool:
    """Does somebody whose account is open hold a role at work in this office at a moment?"""
    return _is_at_work(RoleGrant.account_id == account_id, office_id, at)


def anybody_works_for(office_id: int, *, at: datetime, but: UUID) -> bool:
    """Does anybody else than this account?"""
    return _is_at_work(RoleGrant.account_id != but, office_id, at)


def _is_at_work(who: ColumnElement[bool], office_id: int, at: datetime) -> bool:
    found = select(_AT_WORK.where(who).exists())
    return bool(db.session.scalar(found, {"offices": [office_id], "at": at}))


def held_by(account_id: UUID, at: datetime) -> Sequence[Row[str, Office]]:
    """The roles that somebody holds at a moment, each with its office."""
    return db.session.execute(
        select(RoleGrant.role, Office)
        .join(Office, Office.id == RoleGrant.office_id)
        .where(
            RoleGrant.account_id == account_id,
            RoleGrant.since <= at,
            RoleGrant.until.is_(None) | (RoleGrant.until > at),
        )
        .order_by(Office.code, RoleGrant.role)
    ).all()
