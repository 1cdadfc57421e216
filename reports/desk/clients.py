"""For which office an API client works: its keys then take that office's steps, as an officer's
would, where they enter by a scope. Flushes, never commits.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select

from app.auth import api_clients
from app.database import db
from app.locale import LOCALES
from notifications import outbox
from reports import roles
from reports.audiences import holders
from reports.city.models import Office, RoleGrant
from reports.city.snapshot import City
from reports.errors import UnknownOffice
from reports.statuses import Role

#: All that a program is given: what heads decide stays with people.
WORKS_AS = Role.OFFICER


def offices_of(clients: Collection[UUID], *, at: datetime) -> Mapping[UUID, int]:
    """By client: the id of the office that it works for. Those that work for none are not there."""
    rows = db.session.execute(
        select(RoleGrant.account_id, RoleGrant.office_id).where(
            RoleGrant.account_id.in_(clients),
            RoleGrant.role == WORKS_AS,
            RoleGrant.since <= at,
            RoleGrant.until.is_(None) | (RoleGrant.until > at),
        )
    )
    return {one.account_id: one.office_id for one in rows}


def work_for(
    client_id: UUID, code: str | None, *, city: City, by: UUID | None, at: datetime
) -> bool:
    """Let a client work for this office and no other, or for none; False when it does already.

    Raises NoSuchClient, UnknownOffice.
    """
    api_clients.client(client_id, locked=True)
    wanted = city.office(code) if code else None
    if code and wanted is None:
        raise UnknownOffice(field="office")
    before = offices_of([client_id], at=at).get(client_id)
    if before == (wanted.id if wanted else None):
        return False
    if before is not None:
        roles.revoke(client_id, WORKS_AS, db.session.get_one(Office, before), by=by, at=at)
    if wanted is not None:
        roles.grant(client_id, WORKS_AS, db.session.get_one(Office, wanted.id), by=by, at=at)
        _tell_heads(wanted.id, city, by=by, at=at)
    return True


def _tell_heads(office_id: int, city: City, *, by: UUID | None, at: datetime) -> None:
    """An office's heads know who works for it, whoever decided so."""
    heads = holders(at, Role.HEAD, office_id=office_id).subquery()
    outbox.tell(
        change_id=uuid4(),
        kind="client_works",
        people=select(heads.c.account_id).where(heads.c.account_id.is_distinct_from(by)),
        subject=f"office:{office_id}",
        payload={
            **{f"office_{one}": city.names[one].offices[office_id]["name"] for one in LOCALES},
            "path": "/console/admin/webhooks",
        },
        at=at,
    )
