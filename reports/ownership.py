"""Whose a report is when a guest signs in: what the guest had goes along. Never called for an
anonymous account, whose report stays nobody's.
"""

from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    and_,
    delete,
    exists,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute

from app.auth.models import Account
from app.database import db
from reports.city.models import Subscription
from reports.desk.models import Complaint, ReporterLimit
from reports.models import Comment, Photo, Rating, Report, Support

_OWNED: tuple[InstrumentedAttribute[UUID], ...] = (
    Report.reporter_id,
    Photo.owner_id,
    Comment.account_id,
    Subscription.account_id,
    ReporterLimit.account_id,
    Complaint.account_id,
)


def move_belongings(guest_id: UUID, account_id: UUID) -> None:
    """Reports, photos, comments, subscriptions, support and ratings of a guest. History stays as
    it was written: the guest's account still exists and says whom it joined."""
    for owner in _OWNED:
        db.session.execute(
            update(owner.class_).where(owner == guest_id).values({owner: account_id})
        )
    _move_one_a_person(Support.account_id, guest_id, account_id)
    _move_one_a_person(Rating.account_id, guest_id, account_id)
    _no_longer_supports_own(account_id)


def now_of(account_id: ColumnElement[UUID] | UUID) -> ScalarSelect[UUID]:
    """Whom a new row belongs to: the account, or the one that this guest has joined meanwhile.

    Part of the statement that writes the row. Waits for a sign-in that is under way, and makes one
    that begins wait for this transaction (see `accounts.join_guest`).
    """
    mine = select(func.coalesce(Account.joined_to, Account.id)).where(Account.id == account_id)
    return mine.with_for_update(read=True, key_share=True).scalar_subquery()


def is_same_person(account_id: UUID, other_id: UUID | None) -> bool:
    """Is it one account, or a guest's and the one it joined?"""
    if account_id == other_id:
        return True
    joined = exists().where(
        or_(
            and_(Account.id == account_id, Account.joined_to == other_id),
            and_(Account.id == other_id, Account.joined_to == account_id),
        )
    )
    return bool(db.session.scalar(select(joined)))


def _move_one_a_person(
    owner: InstrumentedAttribute[UUID], guest_id: UUID, account_id: UUID
) -> None:
    """Where the account has its own already, the account's stays."""
    table = owner.class_
    twice = select(table.report_id).where(owner == account_id)
    db.session.execute(delete(table).where(owner == guest_id, table.report_id.in_(twice)))
    db.session.execute(update(table).where(owner == guest_id).values({owner: account_id}))


def _no_longer_supports_own(account_id: UUID) -> None:
    db.session.execute(
        text("""
            with gone as (
                delete from support using report
                 where report.id = support.report_id
                   and support.account_id = :account and report.reporter_id = :account
                returning report.id
            )
            update report set supporters = supporters - 1 where id in (select id from gone)
        """),
        {"account": account_id},
    )
