"""Reading the audit log: searched, a page at a time by key, or all of it for a file. Entries are
written by `app.audit` alone.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select

from app.auth.client_models import ApiClient
from app.auth.models import Account, AccountKind, AuditEntry
from app.database import db
from reports.city.models import RoleGrant
from reports.desk.models import Complaint
from reports.models import Photo, Report

MOST_PEOPLE = 50  # whom a name may mean
BATCH = 1000
#: What belongs to a report: by the kind of the subject its own id, and the report's.
_OF_A_REPORT: Mapping[str, tuple[Any, Any]] = {
    "report": (Report.id, Report.id),
    "photo": (Photo.id, Photo.report_id),
    "complaint": (Complaint.id, Complaint.report_id),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What is looked for; empty parts hold for everything. Days are half-open: `until` is out."""

    action: str = ""  # or how it begins: `role` finds `role.grant`
    subject: str = ""  # or how it begins
    subjects: Collection[str] = ()  # these exactly, beside those that begin so
    person: str = ""  # a part of an official's name: who did it, or whom it concerns
    since: datetime | None = None
    until: datetime | None = None


def entries(search: Search, *, limit: int, after: int | None = None) -> Sequence[AuditEntry]:
    """The newest first; one more than `limit` says that there are more."""
    query = _found(search).order_by(AuditEntry.id.desc()).limit(limit + 1)
    if after is not None:
        query = query.where(AuditEntry.id < after)
    return db.session.scalars(query).all()


def every_entry(search: Search) -> Iterator[AuditEntry]:
    """All that fit, the oldest first, read in batches."""
    last = 0
    while True:
        query = _found(search).where(AuditEntry.id > last).order_by(AuditEntry.id).limit(BATCH)
        found = db.session.scalars(query).all()
        yield from found
        if len(found) < BATCH:
            return
        last = found[-1].id
        db.session.expunge_all()  # a long log is never in memory as a whole


def names_of(found: Collection[AuditEntry]) -> Mapping[UUID, str | None]:
    """The officials and API clients among those who act and those whom entries concern. Others have
    no name here: they are None."""
    ids = _people(found)
    rows = db.session.execute(
        select(Account.id, Account.kind, Account.name).where(Account.id.in_(ids))
    )
    known = {AccountKind.OFFICIAL, AccountKind.CLIENT}
    named = {row_id: name for row_id, kind, name in rows if kind in known}
    return dict.fromkeys(ids) | named


def programs_among(found: Collection[AuditEntry]) -> frozenset[UUID]:
    """Those of them that are API clients."""
    clients = select(ApiClient.account_id).where(ApiClient.account_id.in_(_people(found)))
    return frozenset(db.session.scalars(clients))


def _people(found: Collection[AuditEntry]) -> set[UUID]:
    """Who acts, and whom entries concern."""
    concern = {one for entry in found if (one := concerned(entry.subject, "account"))}
    return {one.actor_id for one in found if one.actor_id} | concern


def posts_of(found: Collection[AuditEntry], *, at: datetime) -> Mapping[UUID, list[RoleGrant]]:
    """What those people hold at a moment, by account."""
    rows = db.session.scalars(
        select(RoleGrant)
        .where(
            RoleGrant.account_id.in_(_people(found)),
            RoleGrant.since <= at,
            or_(RoleGrant.until.is_(None), RoleGrant.until > at),
        )
        .order_by(RoleGrant.office_id, RoleGrant.role)
    )
    held: dict[UUID, list[RoleGrant]] = {}
    for one in rows:
        held.setdefault(one.account_id, []).append(one)
    return held


def codes_of(found: Collection[AuditEntry]) -> Mapping[str, str]:
    """By subject, the code of the report that an entry concerns: by itself, its photo, what was
    complained of in it."""
    told: dict[str, str] = {}
    for kind, ids in _OF_A_REPORT.items():
        wanted = {one for entry in found if (one := concerned(entry.subject, kind))}
        if wanted:
            own, report_id = ids
            query = select(own, Report.code).where(own.in_(wanted), Report.id == report_id)
            rows = db.session.execute(query)
            told |= {f"{kind}:{row_id}": code for row_id, code in rows}
    return told


def subjects_of(report_id: UUID) -> list[str]:
    """All that an entry may name a report, or a part of it, by."""
    found = []
    for kind, (own, owner) in _OF_A_REPORT.items():
        rows = db.session.scalars(select(own).where(owner == report_id))
        found += [f"{kind}:{one}" for one in rows]
    return found


def concerned(subject: str, kind: str) -> UUID | None:
    """The id in `account:…` or `report:…`; None for any other subject."""
    what, _, text = subject.partition(":")
    try:
        return UUID(text) if what == kind else None
    except ValueError:
        return None


def _found(search: Search) -> Select[AuditEntry]:
    query = select(AuditEntry)
    if search.action:
        query = query.where(AuditEntry.action.startswith(search.action, autoescape=True))
    if search.subject:
        begins = AuditEntry.subject.startswith(search.subject, autoescape=True)
        query = query.where(or_(begins, AuditEntry.subject.in_(search.subjects)))
    if search.person:
        query = query.where(_concerns(search.person))
    if search.since:
        query = query.where(AuditEntry.at >= search.since)
    if search.until:
        query = query.where(AuditEntry.at < search.until)
    return query


def _concerns(person: str) -> ColumnElement[bool]:
    named = Account.name.icontains(person, autoescape=True)
    people = db.session.scalars(
        select(Account.id)
        .where(Account.kind.in_((AccountKind.OFFICIAL, AccountKind.CLIENT)), named)
        .order_by(Account.name, Account.id)
        .limit(MOST_PEOPLE)
    ).all()
    subjects = [f"account:{one}" for one in people]
    return or_(AuditEntry.actor_id.in_(people), AuditEntry.subject.in_(subjects))
