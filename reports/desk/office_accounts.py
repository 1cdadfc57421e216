"""Accounts of offices that nobody signs in for. Each stands in for its people, as officer and head,
so that the same news is told to it and the same steps are taken by it; a letter brings the one,
a link in the letter the other (`office_links`). Nobody can sign in with it: docs/adr/0030.
"""

from datetime import datetime
from functools import lru_cache
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.auth.models import Account, AccountKind
from app.clock import now
from app.database import db
from reports import roles
from reports.city import models
from reports.city.models import RoleGrant
from reports.city.values import Office
from reports.permissions import Viewer
from reports.statuses import Role

#: What the office's account is to the office: all that its steps and its reminders ask for.
STANDS_IN_AS = (Role.OFFICER, Role.HEAD)
_OURS = UUID("5d0a4c2e-6f0b-4f0e-9b62-0f6d9c1f7a30")
_MARK_VI = " (qua thư)"
_LONGEST = 120  # letters of an account's name


@lru_cache(maxsize=8192)
def account_id_of(office_id: int) -> UUID:
    """The id of an office's own account, whether it is there yet or not: that is its mark."""
    return uuid5(_OURS, str(office_id))


def viewer_for(office_id: int) -> Viewer:
    """The office as one who looks and acts."""
    return Viewer(account_id_of(office_id), frozenset((role, office_id) for role in STANDS_IN_AS))


def works_by_mail(office: Office, *, at: datetime) -> bool:
    """Has it an address, and no officer or head whose account is open?"""
    return bool(office.email) and not _has_people(office.id, at)


def _has_people(office_id: int, at: datetime) -> bool:
    return roles.anybody_works_for(office_id, at=at, but=account_id_of(office_id))


def ready(office: Office, *, at: datetime) -> None:
    """See to it that somebody of this office hears: its own account while it works by mail, its
    people and not the account once there are some. Flushes."""
    if not office.email:
        return
    wanted, account_id = not _has_people(office.id, at), account_id_of(office.id)
    if wanted == _stands_in(account_id, at):
        return
    if wanted:
        _make(account_id, office)
    row = db.session.get_one(models.Office, office.id)
    change = roles.grant if wanted else roles.revoke
    for role in STANDS_IN_AS:
        change(account_id, role, row, by=None, at=at)


def _stands_in(account_id: UUID, at: datetime) -> bool:
    held = select(RoleGrant.id).where(
        RoleGrant.account_id == account_id,
        RoleGrant.since <= at,
        RoleGrant.until.is_(None) | (RoleGrant.until > at),
    )
    return bool(db.session.scalar(select(held.exists())))


def _make(account_id: UUID, office: Office) -> None:
    """Without address, password or any other proof: no door of `app.auth` opens to it."""
    name = office.name_vi[: _LONGEST - len(_MARK_VI)] + _MARK_VI
    row = {
        "id": account_id,
        "kind": AccountKind.OFFICIAL,
        "locale": "vi",
        "name": name,
        "created_at": now(),
    }
    db.session.execute(insert(Account).values(row).on_conflict_do_nothing())
    # Two reports may come to the office at once: the second waits here, and finds the roles held.
    db.session.execute(select(Account.id).where(Account.id == account_id).with_for_update())
