"""Reading the audit log: searched, a page at a time by key, or all of it for a file. Entries are
written by `app.audit` alone.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select

from app.auth.models import Account, AccountKind, AuditEntry
from app.database import db
from reports.models import Report

MOST_PEOPLE = 50  # whom a name may mean
BATCH = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What is looked for; empty parts hold for everything. Days are half-open: `until` is out."""

    action: str = ""  # or how it begins: `role` finds `role.grant`
    subject: str = ""  # or how it begins
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
    """The officials among those who act and those whom entries concern. Others have no name here:
    they are None."""
    ids = {one.actor_id for one in found if one.actor_id} | {
        account_id for one in found if (account_id := concerned(one.subject, "account"))
    }
    rows = db.session.execute(
        select(Account.id, Account.kind, Account.name).where(Account.id.in_(ids))
    )
    named = {row_id: name for row_id, kind, name in rows if kind is AccountKind.OFFICIAL}
    return dict.fromkeys(ids) | named


def codes_of(found: Collection[AuditEntry]) -> Mapping[UUID, str]:
    """The codes of the reports that entries concern."""
    ids = {report_id for one in found if (report_id := concerned(one.subject, "report"))}
    rows = db.session.execute(select(Report.id, Report.code).where(Report.id.in_(ids)))
    return {one.id: one.code for one in rows}


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
        query = query.where(AuditEntry.subject.startswith(search.subject, autoescape=True))
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
        .where(Account.kind == AccountKind.OFFICIAL, named)
        .order_by(Account.name, Account.id)
        .limit(MOST_PEOPLE)
    ).all()
    subjects = [f"account:{one}" for one in people]
    return or_(AuditEntry.actor_id.in_(people), AuditEntry.subject.in_(subjects))
