"""Giving and taking officials' roles. Each act is in the audit log; the past stays told."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, select

from app import audit
from app.database import db
from reports.city.models import Office, RoleGrant
from reports.statuses import Role

#: Roles that a person holds for an office; `reporter` and `system` are not given to anybody.
HELD = (Role.DISPATCHER, Role.OFFICER, Role.HEAD, Role.LEADER, Role.ADMIN)


def grant(account_id: UUID, role: Role, office: Office, *, by: UUID | None, at: datetime) -> bool:
    """Give a role; False when it is held already. Flushes, and records it."""
    if _held(account_id, role, office):
        return False
    db.session.add(RoleGrant(account_id=account_id, office_id=office.id, role=role, since=at))
    _record("role.grant", account_id, role, office, by)
    return True


def revoke(account_id: UUID, role: Role, office: Office, *, by: UUID | None, at: datetime) -> bool:
    """End a role; False when it is not held. Flushes, and records it."""
    held = _held(account_id, role, office)
    if held is None:
        return False
    held.until = at
    _record("role.revoke", account_id, role, office, by)
    return True


def _record(action: str, account_id: UUID, role: Role, office: Office, by: UUID | None) -> None:
    db.session.flush()
    audit.record(
        action,
        subject=f"account:{account_id}",
        actor_id=by,
        fields=("role", "office"),
        reason=f"{role} {office.code}",
    )


def _held(account_id: UUID, role: Role, office: Office) -> RoleGrant | None:
    return db.session.scalar(
        select(RoleGrant).where(
            RoleGrant.account_id == account_id,
            RoleGrant.role == role,
            RoleGrant.office_id == office.id,
            RoleGrant.until.is_(None),
        )
    )


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
