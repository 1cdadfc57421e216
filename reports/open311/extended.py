"""What a request tells besides, on `extensions=true`: its detailed status, its photos, and what
happened to it, as far as everybody may read that. For a whole page at once.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import tzinfo
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.database import reading
from reports import covers, presenting, public_reading, vocabulary
from reports.cards import Plain
from reports.city.snapshot import City
from reports.models import Photo
from reports.open311 import moments, requests
from reports.open311.status_words import DETAILED
from reports.public_reading import Said
from reports.statuses import OPEN, Status
from reports.vocabulary import said

_photo = Photo.__table__.c
_COMMENT = ("Bình luận", "Comment")
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
    steps = public_reading.steps(report_ids, city)
    pictures = presenting.photos_by_change([one.id for one in steps if one.shows_pictures])
    heard = [*steps, *public_reading.comments(report_ids, city)]
    found: dict[UUID, list[Plain]] = {}
    for one in sorted(heard, key=lambda one: one.at):
        note = _note(one, locale) | {"datetime": moments.written(one.at, zone)}
        note["extended_attributes"] = {
            "agency": city.names[locale].offices[one.office_id]["name"] if one.office_id else None,
            "media_urls": [requests.picture(each["large"]) for each in pictures.get(one.id, ())],
        }
        found.setdefault(one.report_id, []).append(note)
    return found


def _note(one: Said, locale: str) -> Plain:
    words = _COMMENT if one.step is None else vocabulary.words_of_step(one.step, by=one.role)
    return {
        "datetime": None,
        "description": one.words or None,
        "type": _type(one),
        "summary": said(words, locale),
    }


def _type(one: Said) -> str:
    if one.step is None:
        return "activity"
    if one.step == "submit":
        return "submitted"
    if one.after not in OPEN:
        return "closed"
    return "opened" if one.step in _OPENING else "activity"
