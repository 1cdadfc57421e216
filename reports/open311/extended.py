"""What a request tells besides, on `extensions=true`: its detailed status, its photos, and what
happened to it, as far as everybody may read that. For a whole page at once.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import tzinfo
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.database import reading
from reports import covers, presenting, vocabulary
from reports.cards import Plain
from reports.city import contacts
from reports.city.snapshot import City
from reports.desk.models import RedactedReply
from reports.models import Comment, Photo, StatusChange
from reports.open311 import moments, requests
from reports.statuses import OPEN, Status
from reports.timeline import PUBLIC_NOTES, PUBLIC_STEPS

_change, _photo, _comment = StatusChange.__table__.c, Photo.__table__.c, Comment.__table__.c
_redacted = RedactedReply.__table__.c

#: CitySDK's words.
DETAILED: Mapping[Status, str] = {
    Status.SUBMITTED: "PENDING",
    Status.ACCEPTED: "RECEIVED",
    Status.IN_PROGRESS: "IN_PROCESS",
    Status.WAITING: "IN_PROCESS",
    Status.RETURNED: "IN_PROCESS",
    Status.RESOLVED: "PROCESSED",
    Status.CLOSED: "PROCESSED",
    Status.MERGED: "PROCESSED",
    Status.REJECTED: "REJECTED",
    Status.WITHDRAWN: "REJECTED",
}
#: Steps with which a request is open again, or for the first time an office's.
_OPENING = frozenset({"accept", "reconsider", "reopen", "unmerge"})


def add(told: list[Plain], rows: Sequence[Any], city: City, locale: str) -> None:
    """Put what there is besides into told requests, of the same rows in the same order.

    `attributes` is always empty: what was answered to a category's questions is for the office.
    """
    ids, zone = [row.id for row in rows], moments.zone_of(city)
    photos, notes = _photos(ids), _notes(ids, city, locale, zone)
    leads = requests.codes_of({row.lead_id for row in rows})
    for request, row in zip(told, rows, strict=True):
        request["attributes"] = []
        request["extended_attributes"] = {
            "ward": city.names[locale].areas[row.area_id]["name"],
            "detailed_status": DETAILED[Status(row.status)],
            "urgent": row.urgent,
            "supporters": row.supporters,
            "planned_datetime": moments.written(row.planned_for, zone),
            "duplicate": row.status == Status.MERGED,
            "parent_service_request_id": leads.get(row.lead_id),
            "photos": photos.get(row.id, []),
            "media_urls": [one["media_url"] for one in photos.get(row.id, [])],
        }
        request["notes"] = notes.get(row.id, [])


def _photos(report_ids: Collection[UUID]) -> Mapping[UUID, list[Plain]]:
    query = (
        select(_photo.report_id, _photo.id, _photo.width, _photo.height)
        .where(_photo.report_id.in_(report_ids))
        .order_by(_photo.report_id, _photo.position)
    )
    found: dict[UUID, list[Plain]] = {}
    with reading() as connection:
        for report_id, photo_id, width, height in connection.execute(query):
            url = requests.picture(covers.addresses(photo_id)["large"])
            told = {"media_url": url, "title": None, "width": width, "height": height}
            found.setdefault(report_id, []).append(told)
    return found


def _notes(
    report_ids: Collection[UUID], city: City, locale: str, zone: tzinfo
) -> Mapping[UUID, list[Plain]]:
    """Public steps and published comments, oldest first."""
    steps, comments = _steps(report_ids), _comments(report_ids)
    pictures = presenting.photos_by_change([row.id for row in steps if row.step in PUBLIC_NOTES])
    written = [(row.report_id, row.at, _step(row, city, locale)) for row in steps]
    for row, (_, _, note) in zip(steps, written, strict=True):
        note["extended_attributes"]["media_urls"] = [
            requests.picture(one["large"]) for one in pictures.get(row.id, ())
        ]
    written += [(row.report_id, row.at, _said(row, city, locale)) for row in comments]
    found: dict[UUID, list[Plain]] = {}
    for report_id, at, note in sorted(written, key=lambda one: one[1]):
        told = {"datetime": moments.written(at, zone), **note}
        found.setdefault(report_id, []).append(told)
    return found


def _steps(report_ids: Collection[UUID]) -> Sequence[Any]:
    columns = (_change.report_id, _change.id, _change.at, _change.step, _change.after,
               _change.role, _change.office_id,
               func.coalesce(_redacted.words, _change.note).label("words"))  # fmt: skip
    query = (
        select(*columns)
        .outerjoin_from(
            StatusChange.__table__, RedactedReply.__table__, _redacted.change_id == _change.id
        )
        .where(_change.report_id.in_(report_ids), _change.step.in_(PUBLIC_STEPS))
        .order_by(_change.report_id, _change.version)
    )
    with reading() as connection:
        return connection.execute(query).all()


def _comments(report_ids: Collection[UUID]) -> Sequence[Any]:
    shown = _comment.published_at.is_not(None), _comment.hidden_at.is_(None)
    columns = (_comment.report_id, _comment.at, _comment.office_id, _comment.text)
    query = select(*columns).where(_comment.report_id.in_(report_ids), *shown)
    with reading() as connection:
        return connection.execute(query).all()


def _step(row: Any, city: City, locale: str) -> Plain:
    vi, en = vocabulary.words_of_step(row.step, by=row.role)
    words = row.words if row.step in PUBLIC_NOTES else ""
    return {
        "description": contacts.mask_all_but_offices(words, city) or None,
        "type": _type(row),
        "summary": vi if locale == "vi" else en,
        "extended_attributes": {"agency": _office(row.office_id, city, locale)},
    }


def _said(row: Any, city: City, locale: str) -> Plain:
    return {
        "description": contacts.mask_all_but_offices(row.text, city),
        "type": "activity",
        "summary": "Bình luận" if locale == "vi" else "Comment",
        "extended_attributes": {"agency": _office(row.office_id, city, locale), "media_urls": []},
    }


def _office(office_id: int | None, city: City, locale: str) -> str | None:
    return city.names[locale].offices[office_id]["name"] if office_id else None


def _type(row: Any) -> str:
    if row.step == "submit":
        return "submitted"
    if row.after not in OPEN:
        return "closed"
    return "opened" if row.step in _OPENING else "activity"
