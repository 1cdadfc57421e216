"""Whose a report is when a guest signs in: what the guest had goes along. Never called for an
anonymous account, whose report stays nobody's.
"""

from uuid import UUID

from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import InstrumentedAttribute

from app.auth.models import Account
from app.database import db
from reports.city.models import Subscription
from reports.models import Comment, Photo, Rating, Report, Support

_OWNED: tuple[InstrumentedAttribute[UUID], ...] = (
    Report.reporter_id,
    Photo.owner_id,
    Comment.account_id,
    Subscription.account_id,
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


def is_same_person(account_id: UUID, other_id: UUID | None) -> bool:
    """Is it one account, or a guest's and the one it joined?"""
    if account_id == other_id:
        return True
    joined = db.session.scalar(select(Account.joined_to).where(Account.id == account_id))
    return joined is not None and joined == other_id


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
