"""Entering a report for somebody who calls, comes or writes: the same submission as a phone's,
under the account of their number, or under a guest's when they leave none.

The number is not proved by a code: whoever holds it and signs in later finds the report there.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import update

from app import audit
from app.auth.accounts import create_guest, create_resident
from app.auth.guards import Caller
from app.auth.models import Account, AccountKind
from app.database import db
from app.errors import Conflict
from reports import entry_in, geocoding, identity, intake, ownership
from reports.cards import Plain
from reports.city.finding import find_areas, find_landmarks
from reports.city.snapshot import City
from reports.entry_in import Entry
from reports.models import Photo, Report
from reports.places import OutsideCity
from reports.statuses import Identity

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


def read(written: Plain, city: City) -> Entry:
    """What a form tells, as `entry_in.read`; a repeat is not held to rules that changed since."""
    known = db.session.get(Report, written["id"])
    return entry_in.read(written, city, again=known is not None)


def enter(entry: Entry, *, by: UUID, locale: str, at: datetime) -> Report:
    """Store what somebody told, under their own account; again is the same report. Flushes.

    `by` is who wrote it down: an official, or the client of a neighbour that took it in. Raises
    what `submit_report` does, SameIdEntered, NotAMobileNumber, ConsentMissing, AnonymousIsNobody,
    NoNumberForSms.
    """
    phone = entry_in.number(entry.phone)
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
    told = {"name": entry.name, "phone": phone, "email": "" if phone else entry.email}
    kept = [name for name, text in told.items() if text]
    audit.record(
        "report.enter", subject=f"report:{report.id}", actor_id=by, fields=kept,
        reason=entry.submission.source, at=at,
    )  # fmt: skip
    return report


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


def _same(known: Report, entry: Entry, phone: str) -> Report:
    """A repeat says the same of the same person; else it is something else under a used id."""
    holder = identity.account_of_phone(phone) if phone else known.reporter_id
    same_person = holder is not None and ownership.is_same_person(known.reporter_id, holder)
    if not same_person or known.digest != entry.submission.digest():
        raise SameIdEntered
    return known


def _require_consent(entry: Entry) -> None:
    told = {name: getattr(entry, name) for name in ("name", "phone", "consent", "sms")}
    for fault in entry_in.consent_faults(**told, identity=entry.submission.identity):
        raise fault


def _account(entry: Entry, phone: str, locale: str) -> Account:
    """Theirs by the number, or a new one. A name that they gave themselves stays, and nobody else
    says where the news of a number's account goes: an address is a guest's alone."""
    if not phone:
        anonymous = entry.submission.identity is Identity.ANONYMOUS
        account = create_guest(locale, anonymous=anonymous)
        if entry.email:
            identity.remember(account.id, email=entry.email)
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
