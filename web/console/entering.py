"""Entering a report for somebody who calls, comes or writes: written down while they talk, its code
read back to them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4, uuid5
from zoneinfo import ZoneInfo

from flask import Response, request
from marshmallow import ValidationError

from app.auth.guards import current, requires
from app.clock import now
from app.database import db
from app.errors import XomError
from app.http import body_up_to
from app.limits import by_account, limit
from app.locale import current_locale
from app.text import uuid_in
from reports import asking, codes, entering, entry_in, photos, presenting
from reports.cards import Plain
from reports.city import snapshot
from reports.city.snapshot import City
from reports.city.values import Category
from reports.entering import SameIdEntered
from reports.models import Report
from reports.permissions import Permission
from reports.places import OutsideCity
from web.console import mapping
from web.console.blueprint import blueprint
from web.console.drawing import go, page
from web.console.places import address_of
from web.console.report import find
from web.console.step_form import said_of
from web.console.steps import MOST_BYTES
from web.console.wrong import status_of, wrong_in

TEXTS = ("source", "category", "description", "place", "place_note", "identity", "name", "phone")
BOXES = ("consent", "sms")
SEARCH = "q"  # the name of a place that is looked for


@dataclass(slots=True)
class Draft:
    """What was written so far, as it was typed."""

    id: UUID
    texts: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, list[str]] = field(default_factory=dict)
    photos: list[UUID] = field(default_factory=list)
    wrong: Mapping[str, str] = field(default_factory=dict)

    @property
    def category(self) -> Category | None:
        return snapshot.current().category(self.texts.get("category", ""))


@blueprint.get("/enter")
@requires(Permission.CENTRE)
def enter_report() -> Response:
    """An empty form."""
    return _form(Draft(uuid4(), {"source": "phone", "identity": "confidential"}))


@blueprint.post("/enter")
@requires(Permission.CENTRE)
@limit("600 per hour", by=by_account)
@body_up_to(MOST_BYTES)
def send_entry() -> Response:
    """Look a place up, show the category's questions, or send; whatever was written stays."""
    draft = _draft()
    unread = _take_in(draft)
    try:
        if request.form.get("act") == "find":
            db.session.rollback()  # nothing stays open while a street's source is asked
            text = draft.texts.get(SEARCH, "")
            return _form(
                draft, found=entering.find_places(text, snapshot.current(), current_locale())
            )
        if request.form.get("act") == "look" or request.form.get("place_found"):
            return _form(draft)
        entry = entering.read(_written(draft), snapshot.current())
        if unread:
            raise unread
        report = entering.enter(entry, by=current().account_id, locale=current_locale(), at=now())
        db.session.commit()
    except (XomError, ValidationError) as error:
        db.session.rollback()
        told = {} if error is unread else wrong_in(error, _asked(draft))
        draft.wrong = {**draft.wrong, **_placed(told)}
        if isinstance(error, SameIdEntered):
            draft.id, draft.photos = uuid4(), []
        response = _form(draft)
        response.status_code = status_of(error)
        return response
    return _to_code(report)


@blueprint.get("/enter/<code>")
@requires(Permission.CENTRE)
def entered(code: str) -> Response:
    """The code, large, to be read back."""
    shown, view = find(code)
    facts = presenting.whole(shown, view, snapshot.current(), now())
    return page("console/entered.html", report=facts, row=shown, spoken=codes.spoken(shown.code))


def _draft() -> Draft:
    form = request.form
    try:
        draft_id = UUID(form.get("id", ""))
    except ValueError:
        draft_id = uuid4()
    texts = {name: form.get(name, "").strip() for name in (*TEXTS, *BOXES, SEARCH)}
    texts["place"] = form.get("place_found") or texts["place"]
    answers = {
        name.removeprefix("answers."): form.getlist(name)
        for name in form
        if name.startswith("answers.")
    }
    kept = [one for one in map(uuid_in, form.getlist("photo")) if one]
    return Draft(draft_id, texts, answers, kept)


def _take_in(draft: Draft) -> XomError | None:
    """Keep the pictures that came with the form: the browser will not send them again. What is
    wrong with one of them, said beside the field as well."""
    unread = None
    for file in request.files.getlist("photos"):
        data = file.read()
        if not data:
            continue
        try:
            photo_id = _kept(draft, data)
        except XomError as error:
            db.session.rollback()
            told = f"{draft.wrong.get('photos', '')} {said_of(file, error)}".strip()
            unread, draft.wrong = error, {"photos": told}
            continue
        if photo_id not in draft.photos:
            draft.photos.append(photo_id)
    return unread


def _kept(draft: Draft, data: bytes) -> UUID:
    zone = ZoneInfo(snapshot.current().profile.timezone)
    photo_id = uuid5(draft.id, sha256(data).hexdigest())
    photos.store_photo(photo_id, owner_id=current().account_id, data=data, at=now(), zone=zone)
    db.session.commit()
    return photo_id


def _written(draft: Draft) -> dict[str, Any]:
    """The form as `reports.entering` reads it. What was left open and has a default is left out."""
    texts = draft.texts
    given = {name: texts[name] for name in TEXTS if texts[name]}
    asked_for = {name: texts[name] for name in ("category", "place", "name", "phone")}
    return (
        given
        | asked_for
        | {
            "id": str(draft.id),
            "identity": texts["identity"] or "confidential",
            "photos": [str(photo) for photo in draft.photos],
            "answers": draft.answers,
            "consent": texts["consent"] == "yes",
            "sms": texts["sms"] == "yes",
        }
    )


def _asked(draft: Draft) -> set[str]:
    """The fields beside which something may be said."""
    questions = draft.category.questions if draft.category else ()
    answers = {f"answers.{one['code']}" for one in questions}
    return {*TEXTS, *BOXES, "photos", "near", "lat", "lng"} | answers


def _placed(wrong: dict[str, str]) -> dict[str, str]:
    """A point is one field here."""
    for name in ("near", "lat", "lng"):
        if name in wrong:
            wrong["place"] = wrong.pop(name)
    return wrong


def _form(draft: Draft, *, found: list[Plain] | None = None) -> Response:
    city, locale = snapshot.current(), current_locale()
    names = city.names[locale].categories
    offered = [one for one in city.offered_categories() if not one.legal_channel]
    return page(
        "console/enter.html",
        draft=draft,
        typed=draft.texts,
        wrong=draft.wrong,
        found=found,
        categories=[(one.code, names[one.id]["name"]) for one in offered],
        sources=entry_in.SOURCES,
        questions=draft.category.questions if draft.category else (),
        danger=city.danger_in(draft.texts.get("description", "")),
        **_seen_place(draft, city, locale),
    )


def _seen_place(draft: Draft, city: City, locale: str) -> dict[str, Any]:
    """The map around the point, and whose ward it is in; around a known place, with no point on
    it, when none is given."""
    try:
        spot = asking.point_from(draft.texts.get("place", ""))
        area = city.areas.locate(*spot).area
    except (asking.BadPoint, OutsideCity):
        spot = _somewhere(city)
        around = mapping.around(city, *spot, locale)
        return {"map": around, "spot": spot, "ward": None, "pinned": False}
    name = presenting.area_name(city, area.id, locale)["name"]
    around = mapping.around(city, *spot, locale)
    return {"map": around, "spot": spot, "ward": name, "pinned": True}


def _somewhere(city: City) -> tuple[float, float]:
    """Where people live: the first well-known place, else the middle of all."""
    if city.profile.landmarks:
        first = city.profile.landmarks[0]
        return first.lat, first.lng
    west, south, east, north = city.bounds
    return (south + north) / 2, (west + east) / 2


def _to_code(report: Report) -> Response:
    return go(address_of("console.entered", {}, code=codes.spoken(report.code)))
