"""Forgetting a person: key, words, photos, devices, messages. What happened in the city stays.

Kept: ids, places, categories, statuses and times of their reports, which offices answer for, and
the digests by which a repeat of an erased report stays a repeat. An erased account never comes
back: the same number signing in later is somebody new.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from flask import Flask, current_app
from sqlalchemy import delete, or_, select, text, update

from app import audit
from app.auth import tokens
from app.auth.models import Account, AccountKind
from app.database import db
from app.errors import Forbidden
from reports import identity, photos, webhook_events
from reports.city.models import Subscription
from reports.desk.models import Complaint
from reports.models import Comment, Photo, Rating, Report, StatusChange

Forget = Callable[[UUID], None]

ERASED = "person.erase"  # as the audit log names it

#: Behind which kinds of account there is a person to forget.
_PEOPLE = frozenset({AccountKind.GUEST, AccountKind.ANONYMOUS, AccountKind.RESIDENT})

#: What is emptied, by its name in the audit log.
_EMPTIED = ("name", "phone", "email", "reports", "photos", "comments", "ratings", "notes")


class OfficialsStay(Forbidden):
    code = "officials-stay"
    vi = "Tài khoản công vụ không tự xóa được. Liên hệ quản trị viên để khóa tài khoản."
    en = "An official's account cannot erase itself. Ask the administrator to disable it."


def init_erasure(app: Flask, forget: Sequence[Forget]) -> None:
    """`forget`: what the packages below keep of an account (devices, messages, preferences)."""
    app.extensions["xom.forget"] = tuple(forget)


def erase(account_id: UUID, *, by: UUID | None, at: datetime) -> None:
    """Erase the person behind an account and the guests it joined. Again is harmless.

    Flushes; the photos' files go once this is committed.
    """
    account = db.session.get_one(Account, account_id, with_for_update=True)
    if AccountKind(account.kind) not in _PEOPLE:
        raise OfficialsStay
    people = _with_joined_guests(account)
    for person in people:
        _close(person, at)
    ids = [person.id for person in people]
    _empty_reports(ids, at)
    _empty_words(ids, at)
    _delete_photos(ids)
    db.session.execute(delete(Subscription).where(Subscription.account_id.in_(ids)))
    audit.record(ERASED, subject=f"account:{account_id}", actor_id=by, fields=_EMPTIED, at=at)


def _with_joined_guests(account: Account) -> Sequence[Account]:
    mine = or_(Account.id == account.id, Account.joined_to == account.id)
    return db.session.scalars(select(Account).where(mine).order_by(Account.id)).all()


def _close(person: Account, at: datetime) -> None:
    person.disabled_at = person.disabled_at or at
    tokens.revoke_all(person.id, at=at)
    identity.destroy(person.id, at=at)
    for forget in current_app.extensions["xom.forget"]:
        forget(person.id)


def _empty_reports(ids: Sequence[UUID], at: datetime) -> None:
    # Locked first and in the order of ids, as everybody does who takes several.
    mine = select(Report.id, Report.shown).where(
        Report.reporter_id.in_(ids), Report.erased_at.is_(None)
    )
    rows = db.session.execute(mine.order_by(Report.id).with_for_update()).all()
    db.session.execute(
        update(Report)
        .where(Report.id.in_([row.id for row in rows]))
        .values(
            description="",
            public_description="",
            place_note="",
            answers={},
            captured_at=None,
            cover=None,
            erased_at=at,
        )
    )
    webhook_events.erased([(row.id, row.shown) for row in rows], at=at)


def _empty_words(ids: Sequence[UUID], at: datetime) -> None:
    db.session.execute(
        update(Comment)
        .where(Comment.account_id.in_(ids), Comment.text != "")
        .values(text="", hidden_at=at)
    )
    db.session.execute(update(Complaint).where(Complaint.account_id.in_(ids)).values(text=""))
    db.session.execute(update(Rating).where(Rating.account_id.in_(ids)).values(comment=""))
    # History is append-only; this one setting, for this transaction, lets notes be emptied.
    db.session.execute(text("set local xom.erasing = 'on'"))
    db.session.execute(
        update(StatusChange)
        .where(StatusChange.account_id.in_(ids), StatusChange.note != "")
        .values(note="")
    )
    db.session.execute(text("set local xom.erasing = 'off'"))


def _delete_photos(ids: Sequence[UUID]) -> None:
    photos.delete_photos(db.session.scalars(select(Photo.id).where(Photo.owner_id.in_(ids))).all())
