"""Everything the house keeps of one person, for that person: "download my data"."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select

from app import audit
from app.auth.models import Account
from app.database import db
from notifications.models import Device, Message, Preference, QuietHours
from reports import identity
from reports.city.models import Area, Category, Subscription
from reports.desk.models import Complaint
from reports.models import Comment, Photo, Rating, Report, StatusChange, Support

Rows = list[dict[str, Any]]

_OF_AN_ACCOUNT = ("id", "kind", "locale", "created_at", "name", "email")
#: What belongs to a person: whose it is, then what is told of it.
_LISTS: dict[str, tuple[Any, ...]] = {
    "photos": (Photo.owner_id, Photo.id, Photo.report_id, Photo.change_id, Photo.created_at),
    "steps": (
        StatusChange.account_id,
        StatusChange.report_id,
        StatusChange.step,
        StatusChange.note,
        StatusChange.at,
    ),
    "comments": (Comment.account_id, Comment.id, Comment.report_id, Comment.text, Comment.at),
    "complaints": (
        Complaint.account_id,
        Complaint.id,
        Complaint.report_id,
        Complaint.text,
        Complaint.at,
        Complaint.decision,
        Complaint.answer,
    ),
    "ratings": (Rating.account_id, Rating.report_id, Rating.stars, Rating.comment, Rating.at),
    "supported": (Support.account_id, Support.report_id, Support.at),
    "subscriptions": (
        Subscription.account_id,
        Subscription.area_id,
        Subscription.category_id,
        Subscription.lat,
        Subscription.lng,
        Subscription.radius_m,
    ),
    "devices": (Device.account_id, Device.installation_id, Device.kind, Device.seen_at),
    "messages": (
        Message.account_id,
        Message.kind,
        Message.payload,
        Message.at,
        Message.read_at,
    ),
    "preferences": (Preference.account_id, Preference.group, Preference.way, Preference.choice),
    "quiet_hours": (QuietHours.account_id, QuietHours.since, QuietHours.until),
}
_OF_A_REPORT = (
    Report.id,
    Report.code,
    Report.status,
    Report.identity,
    Report.description,
    Report.place_note,
    Report.answers,
    Report.lat,
    Report.lng,
    Report.captured_at,
    Report.consent,
    Report.submitted_at,
    Report.accepted_at,
    Report.resolved_at,
    Report.closed_at,
    Category.code.label("category"),
    Area.code.label("area"),
)


def export_person(account_id: UUID, *, at: datetime) -> dict[str, Any]:
    """All of it in plain values. Recorded in the audit log; read in the caller's transaction."""
    account = db.session.get_one(Account, account_id)
    person = identity.own(account_id)
    data: dict[str, Any] = {
        "made_at": at,
        "account": {name: getattr(account, name) for name in _OF_AN_ACCOUNT},
        "person": {name: getattr(person, name) for name in identity.FIELDS},
        "news_by_text_message": identity.wants_sms(account_id),
        "reports": _reports(account_id),
    }
    mine = _with_joined_guests(account_id)
    for name, (owner, *columns) in _LISTS.items():
        data[name] = _rows(select(*columns).where(owner.in_(mine)))
    audit.record(
        "person.export",
        subject=f"account:{account_id}",
        actor_id=account_id,
        fields=sorted(data),
        at=at,
    )
    return data


def _with_joined_guests(account_id: UUID) -> Sequence[UUID]:
    """What a guest wrote into the history stays under the guest's id."""
    query = select(Account.id).where(or_(Account.id == account_id, Account.joined_to == account_id))
    return db.session.scalars(query).all()


def _reports(account_id: UUID) -> Rows:
    return _rows(
        select(*_OF_A_REPORT)
        .join(Category, Category.id == Report.category_id)
        .join(Area, Area.id == Report.area_id)
        .where(Report.reporter_id == account_id)
        .order_by(Report.submitted_at)
    )


def _rows(query: Select[Any]) -> Rows:
    return [dict(row) for row in db.session.execute(query).mappings()]
