"""Entering a report for somebody who calls, comes or writes: the same submission as a phone's,
under the account of their number, or under a guest's when they leave none.

The number is not proved by a code: whoever holds it and signs in later finds the report there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import current_app
from marshmallow import fields, post_load, validate
from sqlalchemy import update

from app import audit
from app.auth import phones
from app.auth.accounts import create_guest, create_resident
from app.auth.guards import Caller
from app.auth.models import Account, AccountKind
from app.config import Config
from app.database import db
from app.errors import Conflict, Invalid
from app.openapi import Schema, Text, latitude, longitude
from reports import geocoding, identity, intake, ownership
from reports.cards import Plain
from reports.city.finding import find_areas, find_landmarks
from reports.city.snapshot import City
from reports.city.values import Category
from reports.models import Photo, Report
from reports.places import OutsideCity
from reports.statuses import Identity
from reports.step_in import CODE, MOST_WORDS
from reports.submissions import Submission

SOURCES = ("phone", "desk", "letter")
CONSENT = "spoken-1"  # the words that are read out before a name or number is written down
MOST_PLACES = 8


class SameIdEntered(Conflict):
    code = "entered-already"
    vi = (
        "Mẫu này đã ghi nhận một phản ánh có nội dung khác. "
        "Nếu đây là việc khác, ghi nhận lần nữa và chọn lại ảnh nếu có."
    )
    en = (
        "This form has already entered a report that says something else. "
        "If this is another matter, enter it once more, choosing its photos again."
    )


class ConsentMissing(Invalid):
    code = "consent-missing"
    vi = "Hỏi người đó có đồng ý để trung tâm lưu tên, số điện thoại không, rồi đánh dấu."
    en = "Ask whether they agree that the centre keeps their name and number, then tick the box."
    field = "consent"


class NoNumberForSms(Invalid):
    code = "no-number-for-sms"
    vi = "Cần số điện thoại thì mới nhắn tin được."
    en = "A number is needed to send text messages."
    field = "sms"


class PlaceMissing(Invalid):
    code = "place-missing"
    vi = "Cho biết chỗ: tìm theo tên rồi chọn, bấm lên bản đồ, hoặc điền vĩ độ, kinh độ."
    en = "Say where: search by name and choose, click on the map, or give latitude, longitude."
    field = "place"


class AnonymousIsNobody(Invalid):
    code = "anonymous-is-nobody"
    vi = "Phản ánh ẩn danh thì không lưu tên và số. Bỏ trống hai ô đó, hoặc chọn giữ kín."
    en = "An anonymous report keeps no name or number. Leave those empty, or choose confidential."
    field = "identity"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What an official wrote down of somebody's report. Prints nothing of who it is."""

    submission: Submission
    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)  # as it was said
    consent: bool = False
    sms: bool = False


class EntryIn(Schema):
    id = fields.UUID(required=True)
    source = fields.String(required=True, validate=validate.OneOf(SOURCES))
    category = fields.String(required=True, validate=CODE)
    description = Text(most=MOST_WORDS, load_default="")
    lat = latitude(required=True)
    lng = longitude(required=True)
    place_note = Text(most=200, lines=False, load_default="")
    photos = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=12))
    answers = fields.Dict(keys=fields.String(validate=CODE), load_default=dict)
    identity = fields.Enum(Identity, by_value=True, load_default=Identity.CONFIDENTIAL)
    name = Text(most=120, lines=False, load_default="")
    phone = Text(most=40, lines=False, load_default="")
    consent = fields.Boolean(load_default=False)
    sms = fields.Boolean(load_default=False)

    @post_load
    def _made(self, loaded: dict[str, Any], **_: Any) -> Entry:
        told = {name: loaded.pop(name) for name in ("name", "phone", "consent", "sms")}
        agreed = CONSENT if told["consent"] else None
        submission = Submission(
            **{**loaded, "photos": tuple(dict.fromkeys(loaded["photos"])), "consent": agreed}
        )
        return Entry(submission=submission, **told)


def enter(entry: Entry, *, by: UUID, locale: str, at: datetime) -> Report:
    """Store what somebody told, under their own account; again is the same report. Flushes.

    Raises what `submit_report` does, SameIdEntered, NotAMobileNumber, ConsentMissing,
    AnonymousIsNobody, NoNumberForSms.
    """
    phone = _number(entry)
    known = db.session.get(Report, entry.submission.id)
    if known is not None:
        return _same(known, entry, phone)
    _require_consent(entry)
    account = _account(entry, phone, locale)
    _hand_over(entry.submission.photos, to=account.id, by=by)
    caller = Caller(account.id, AccountKind(account.kind), account.locale, b"")
    report = intake.submit_report(entry.submission, by=caller, at=at).report
    if entry.sms:
        identity.consent_to_sms(account.id, wanted=True, at=at)
    kept = [name for name, text in (("name", entry.name), ("phone", phone)) if text]
    audit.record(
        "report.enter", subject=f"report:{report.id}", actor_id=by, fields=kept,
        reason=entry.submission.source, at=at,
    )  # fmt: skip
    return report


def answered(category: Category, typed: Mapping[str, Sequence[str]]) -> Plain:
    """A form's answers to the category's questions, each as its kind is checked; what was left
    open is left out."""
    found: Plain = {}
    for question in category.questions:
        texts = [text for text in typed.get(question["code"], ()) if text.strip()]
        if texts:
            found[question["code"]] = _answer(question["kind"], texts)
    return found


def find_places(text: str, city: City, locale: str) -> list[Plain]:
    """Areas, landmarks and (where the city has a source of them) streets of that name: name,
    detail, lat, lng. Call it with no transaction open: a street's source may take seconds."""
    known = geocoding.geocoder()
    streets = known.search(text, box=city.bounds, locale=locale) if known else None
    found = [(one.name, one.lat, one.lng) for one in find_landmarks(text, city.profile.landmarks)]
    found += [(one.name, one.lat, one.lng) for one in streets or ()]
    vi = locale == "vi"
    told = []
    for name, lat, lng in found:
        try:
            area = city.areas.locate(lat, lng).area
        except OutsideCity:
            continue
        detail = area.name_vi if vi else area.name_en
        told.append({"name": name, "detail": detail, "lat": round(lat, 5), "lng": round(lng, 5)})
    for one in find_areas(text, city.area_by_code.values()):
        place = {"lat": round(one.area.lat, 5), "lng": round(one.area.lng, 5)}
        told.append({"name": one.area.name_vi if vi else one.area.name_en, "detail": "", **place})
    return told[:MOST_PLACES]


def _answer(kind: str, texts: list[str]) -> Any:
    if kind == "choices":
        return texts
    if kind == "yes_no":
        return texts[0] == "yes"
    if kind == "number":
        try:
            return float(texts[0].replace(",", "."))
        except ValueError:
            return texts[0]  # refused by `questions`, which says what is wanted
    return texts[0].strip()


def _number(entry: Entry) -> str:
    config: Config = current_app.extensions["xom.config"]
    return phones.normalised(entry.phone, region=config.phone_region) if entry.phone else ""


def _same(known: Report, entry: Entry, phone: str) -> Report:
    """A repeat says the same of the same person; else it is something else under a used id."""
    holder = identity.account_of_phone(phone) if phone else known.reporter_id
    same_person = holder is not None and ownership.is_same_person(known.reporter_id, holder)
    if not same_person or known.digest != entry.submission.digest():
        raise SameIdEntered
    return known


def _require_consent(entry: Entry) -> None:
    told = bool(entry.name or entry.phone)
    if told and entry.submission.identity is Identity.ANONYMOUS:
        raise AnonymousIsNobody
    if told and not entry.consent:
        raise ConsentMissing
    if entry.sms and not entry.phone:
        raise NoNumberForSms


def _account(entry: Entry, phone: str, locale: str) -> Account:
    """Theirs by the number, or a new one. A name that they gave themselves stays."""
    if not phone:
        anonymous = entry.submission.identity is Identity.ANONYMOUS
        account = create_guest(locale, anonymous=anonymous)
    else:
        known = identity.account_of_phone(phone)
        account = db.session.get_one(Account, known) if known else create_resident(locale)
        if not known:
            identity.attach_phone(account.id, phone)
    if entry.name and not identity.own(account.id).name:
        identity.remember(account.id, name=entry.name)
    return account


def _hand_over(photo_ids: Sequence[UUID], *, to: UUID, by: UUID) -> None:
    """The pictures that the official put in become the person's."""
    loose = (Photo.report_id.is_(None), Photo.change_id.is_(None))
    db.session.execute(
        update(Photo)
        .where(Photo.id.in_(photo_ids), Photo.owner_id == by, *loose)
        .values(owner_id=to)
        .execution_options(synchronize_session=False)
    )
