"""The list of officials, with what they hold: for those who answer for them (`people`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, or_, select, tuple_

from app.auth.models import Account, AccountKind, SignInPlace
from app.database import db
from reports.city.models import Office, RoleGrant
from reports.desk import people
from reports.permissions import Viewer
from reports.statuses import Role

PAGE = 50
STATES = ("active", "disabled", "without_second_factor")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to."""

    words: str = ""  # in the name, the address, or an office's name
    office_id: int | None = None
    state: str = ""  # one of STATES; empty: all
    after: UUID | None = None  # the last one of the page before


@dataclass(frozen=True, slots=True)
class Official:
    """One row of the list."""

    id: UUID
    name: str
    email: str
    disabled_at: datetime | None
    second_factor: bool
    seen_at: datetime | None  # the last sign-in, as far as it is remembered (30 days)
    held: Sequence[RoleGrant]


def officials(viewer: Viewer, wanted: Wanted, *, at: datetime) -> tuple[list[Official], bool]:
    """A page of those whom the viewer manages, by name; and whether there are more."""
    rows = db.session.execute(_narrowed(viewer, wanted, at).limit(PAGE + 1)).all()
    shown = rows[:PAGE]
    held = _held([account.id for account, _ in shown], at)
    found = [
        Official(
            id=account.id,
            name=account.name or "",
            email=account.email or "",
            disabled_at=account.disabled_at,
            second_factor=account.totp_since is not None,
            seen_at=seen_at,
            held=held.get(account.id, []),
        )
        for account, seen_at in shown
    ]
    return found, len(rows) > PAGE


def last_seen(account_id: UUID) -> datetime | None:
    return db.session.scalar(
        select(func.max(SignInPlace.seen_at)).where(SignInPlace.account_id == account_id)
    )


def _narrowed(viewer: Viewer, wanted: Wanted, at: datetime) -> Select[Account, datetime]:
    seen = select(func.max(SignInPlace.seen_at)).where(SignInPlace.account_id == Account.id)
    query = (
        select(Account, seen.scalar_subquery())
        .where(Account.kind == AccountKind.OFFICIAL, *_mine(viewer, at))
        # Officials alone have an address: so the index of addresses finds them among residents.
        .where(func.lower(Account.email).is_not(None))
        .order_by(Account.name, Account.id)
    )
    if wanted.words:
        query = query.where(_says(wanted.words, at))
    if wanted.office_id is not None:
        query = query.where(_holds(at, RoleGrant.office_id == wanted.office_id))
    if wanted.state == "active":
        query = query.where(Account.disabled_at.is_(None))
    elif wanted.state == "disabled":
        query = query.where(Account.disabled_at.is_not(None))
    elif wanted.state == "without_second_factor":
        query = query.where(Account.disabled_at.is_(None), Account.totp_since.is_(None))
    if wanted.after:
        last = select(Account.name, Account.id).where(Account.id == wanted.after)
        query = query.where(tuple_(Account.name, Account.id) > last.scalar_subquery())
    return query


def _mine(viewer: Viewer, at: datetime) -> list[ColumnElement[bool]]:
    """As `people.managed` has it, for all rows at once."""
    offices = people.offices_of(viewer)
    if offices is None:
        return []
    theirs = (RoleGrant.role == Role.OFFICER) & RoleGrant.office_id.in_(offices)
    return [_holds(at, theirs), ~_holds(at, ~theirs)]


def _holds(at: datetime, which: ColumnElement[bool]) -> ColumnElement[bool]:
    """Do they hold, or will they, a role of that kind?"""
    return exists().where(RoleGrant.account_id == Account.id, _is_not_over(at), which)


def _is_not_over(at: datetime) -> ColumnElement[bool]:
    ahead = (RoleGrant.until > at) & (RoleGrant.until > RoleGrant.since)
    return or_(RoleGrant.until.is_(None), ahead)


def _says(words: str, at: datetime) -> ColumnElement[bool]:
    """Without regard to diacritics."""
    escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    like = func.xom_fold(f"%{escaped}%")
    office = exists().where(
        RoleGrant.account_id == Account.id,
        _is_not_over(at),
        Office.id == RoleGrant.office_id,
        func.xom_fold(Office.name_vi).like(like) | func.xom_fold(Office.name_en).like(like),
    )
    return or_(func.xom_fold(Account.name).like(like), func.lower(Account.email).like(like), office)


def _held(accounts: Sequence[UUID], at: datetime) -> dict[UUID, list[RoleGrant]]:
    rows = db.session.scalars(
        select(RoleGrant)
        .where(RoleGrant.account_id.in_(accounts), _is_not_over(at))
        .order_by(RoleGrant.role, RoleGrant.since)
    )
    found: dict[UUID, list[RoleGrant]] = {}
    for one in rows:
        found.setdefault(one.account_id, []).append(one)
    return found
