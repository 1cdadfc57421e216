"""A request that a client sent, made a report by the same verb as everybody's: understood first,
without touching anything, then stored under the account of whoever it is for.

Understanding names every fault at once, and what the client should know besides: where the pin was
put, which contact could not be kept, which number to call when words speak of danger.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from app.auth.api_keys import ApiCaller
from app.auth.errors import NotAMobileNumber, NotAnEmail
from app.database import db
from app.errors import XomError
from app.sentences import Both, both
from reports import codes, entering, entry_in, intake, own_contacts, questions
from reports.city.snapshot import City
from reports.city.values import Category
from reports.entry_in import Entry
from reports.errors import NothingSaid
from reports.open311 import attributes, received
from reports.open311.errors import (
    AddressNotFound,
    LocationMissing,
    NoSuchService,
    NotYesNo,
    RequestRefused,
    SameIdOtherRequest,
)
from reports.open311.models import Open311Request
from reports.open311.received import Known
from reports.open311.requests_in import SentRequest
from reports.submissions import Submission

SOURCE = "open311"
CONSENT = "open311-1"  # what a client's owner answers for: whoever is named agreed to it
ADDRESS_ID = "address_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """What a sent request means here; `notices` are told to the client. Prints nothing of who."""

    report_id: UUID
    category: str  # its code, as it was sent
    lat: float
    long: float
    answers: dict[str, Any]
    phone: str = field(default="", repr=False)  # E.164
    email: str = field(default="", repr=False)
    notices: tuple[Both, ...] = ()


def id_for(client_id: UUID, client_request_id: str) -> UUID:
    """The report's id: the same each time for one id of one client's, else new."""
    if not client_request_id:
        return uuid4()
    return uuid5(client_id, f"open311-request:{client_request_id}")


def repeated(sent: SentRequest, client_id: UUID) -> Known | None:
    """What this request repeats. Raises SameIdOtherRequest when its id was used for another."""
    known = received.known(client_id, sent.client_request_id)
    if known is not None and known.digest != sent.digest():
        raise SameIdOtherRequest
    return known


def understand(sent: SentRequest, *, by: ApiCaller, city: City, locale: str) -> Understood:
    """Hold the request against the city's rules, with no transaction open: an address may be looked
    up outside. Raises NoSuchService, LegalChannel, or RequestRefused with every fault."""
    category = city.category(sent.service_code)
    if category is None:
        raise NoSuchService(field="service_code")
    intake.accepted_category(city, category.code)
    faults: list[XomError] = []
    answers = _answers(category, sent, faults)
    lat, long, found_at = _placed(sent, city, locale, faults)
    if not (sent.description or sent.files or sent.media_urls):
        faults.append(NothingSaid())
    if faults:
        raise RequestRefused(errors=_by_field(faults))
    phone, email, unusable = _contact(sent)
    return Understood(
        report_id=id_for(by.account_id, sent.client_request_id),
        category=sent.service_code,
        lat=lat,
        long=long,
        answers=answers,
        phone=phone,
        email=email,
        notices=(*_danger(sent, city), *found_at, *unusable),
    )


def receive(
    sent: SentRequest,
    meant: Understood,
    photos: Sequence[UUID],
    *,
    by: ApiCaller,
    locale: str,
    at: datetime,
) -> str:
    """Store it as a report, of the number's account or of a guest's; its code as it is read aloud.
    Flushes. Raises what `submit_report` does, and SameIdOtherRequest."""
    received.lock(meant.report_id)
    if known := repeated(sent, by.account_id):  # sent twice at once
        return known.code
    report = entering.enter(_entry(sent, meant, photos), by=by.account_id, locale=locale, at=at)
    db.session.add(
        Open311Request(
            report_id=report.id,
            client_id=by.account_id,
            client_request_id=sent.client_request_id or None,
            digest=sent.digest(),
            at=at,
        )
    )
    db.session.flush()
    return codes.spoken(report.code)


def _entry(sent: SentRequest, meant: Understood, photos: Sequence[UUID]) -> Entry:
    told = bool(sent.name or meant.phone or meant.email)
    submission = Submission(
        id=meant.report_id,
        category=meant.category,
        lat=meant.lat,
        lng=meant.long,
        description=sent.description,
        place_note=sent.address_string,
        photos=tuple(photos),
        answers=meant.answers,
        source=SOURCE,
        consent=CONSENT if told else None,
    )
    return Entry(
        submission=submission, name=sent.name, phone=meant.phone, email=meant.email, consent=told
    )


def _answers(category: Category, sent: SentRequest, faults: list[XomError]) -> dict[str, Any]:
    try:
        answers = attributes.answers(category, sent.attributes)
    except NotYesNo as fault:
        faults.append(fault)
        return {}
    if category.code == sent.service_code:  # a retired one asked other questions
        faults += questions.faults(category, answers)
    return answers


def _placed(
    sent: SentRequest, city: City, locale: str, faults: list[XomError]
) -> tuple[float, float, list[Both]]:
    """Latitude, longitude, and how they were found where the client did not say them."""
    try:
        lat, long, notices = _place(sent, city, locale)
        city.areas.locate(lat, long)
    except XomError as fault:
        faults.append(fault)
        return 0, 0, []
    return lat, long, notices


def _place(sent: SentRequest, city: City, locale: str) -> tuple[float, float, list[Both]]:
    if sent.lat is not None and sent.long is not None:
        return sent.lat, sent.long, []
    if sent.address_id and (area := city.area(sent.address_id)):
        vi = f"Ghim được đặt giữa {area.name_vi}, vì không có vị trí chính xác."
        en = f"The pin was put in the middle of {area.name_en}, for want of a more exact place."
        return area.lat, area.lng, [both(vi, en)]
    if sent.address_string:
        found = entering.find_places(sent.address_string, city, locale)
        if not found:
            raise AddressNotFound
        place = found[0]
        said = ", ".join(filter(None, (place["name"], place["detail"])))
        notice = both(f"Ghim được đặt theo địa chỉ: {said}.", f"The pin was put at: {said}.")
        return place["lat"], place["lng"], [notice]
    raise AddressNotFound(field=ADDRESS_ID) if sent.address_id else LocationMissing


def _contact(sent: SentRequest) -> tuple[str, str, list[Both]]:
    """Number and address as they are kept. What cannot be used is left out and told, since the
    report must not be lost for it."""
    phone, email, notices = "", "", []
    try:
        phone = entry_in.number(sent.phone)
    except NotAMobileNumber:
        vi, en = "Số điện thoại không dùng được nên không lưu.", "The phone number cannot be used."
        notices.append(both(vi, en))
    try:
        email = own_contacts.plain_email(sent.email) if sent.email else ""
    except NotAnEmail:
        vi, en = "Địa chỉ email không dùng được nên không lưu.", "The e-mail address is not one."
        notices.append(both(vi, en))
    return phone, email, notices


def _danger(sent: SentRequest, city: City) -> Iterator[Both]:
    """Nobody reads a request within minutes at night: who is in danger has to call."""
    for line in city.danger_in(sent.description):
        yield both(
            f"Nếu đang nguy hiểm, gọi ngay {line.vi}: {line.number}.",
            f"If there is danger, call now. {line.en}: {line.number}.",
        )


def _by_field(faults: Sequence[XomError]) -> dict[str, list[Both]]:
    told: dict[str, list[Both]] = {}
    for fault in faults:
        said = both(fault.sentence("vi"), fault.sentence("en"))
        told.setdefault(fault.field or "", []).append(said)
    return told
