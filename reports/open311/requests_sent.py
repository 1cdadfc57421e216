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
from reports import codes, entering, entry_in, intake, own_contacts
from reports.city.snapshot import City
from reports.city.values import Category
from reports.desk.reporter_limits import Limited
from reports.entry_in import MOST_NAME, MOST_PLACE_NOTE, Entry
from reports.errors import NothingSaid
from reports.open311 import attributes, received
from reports.open311.errors import (
    AddressNotFound,
    HalfAPoint,
    LocationMissing,
    NoSuchService,
    NotTaken,
    NotYesNo,
    RequestRefused,
    SameIdOtherRequest,
    ServiceMissing,
)
from reports.open311.models import Open311Request
from reports.open311.pictures import Kept
from reports.open311.received import Known
from reports.open311.requests_in import SentRequest
from reports.submissions import Submission

SOURCE = "open311"
CONSENT = "open311-1"  # what a client's owner answers for: whoever is named agreed to it
ADDRESS_ID = "address_id"
REPEATED = both(
    "Phản ánh này đã được nhận từ lần gửi trước; không lưu thêm gì.",
    "This request was here already, from an earlier sending; nothing more was stored.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """What a sent request means here; `notices` are told to the client. Prints nothing of who."""

    report_id: UUID
    category: str  # its code, as it was sent
    lat: float
    long: float
    answers: dict[str, Any]
    name: str = field(default="", repr=False)
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
    category = _service(sent.service_code, city)
    place = _Place(sent, city, locale)
    faults: list[XomError] = [] if category else [ServiceMissing()]
    answers = _answers(category, sent, faults) if category else {}
    # A retired category asked other questions; what could not be read is told already.
    asked = category if category and category.code == sent.service_code and not faults else None
    says = bool(sent.description or sent.pictures)
    faults += entry_in.report_faults(city, asked, answers, point=place.point, says=says)
    if faults:
        raise RequestRefused(errors=_by_field(faults))
    name, phone, email, unusable = _contact(sent)
    lat, long = place.point()
    return Understood(
        report_id=id_for(by.account_id, sent.client_request_id),
        category=sent.service_code,
        lat=lat,
        long=long,
        answers=answers,
        name=name,
        phone=phone,
        email=email,
        notices=(*_danger(sent, city), *place.notices, *unusable),
    )


def receive(
    sent: SentRequest,
    meant: Understood,
    pictures: Kept,
    *,
    by: ApiCaller,
    locale: str,
    at: datetime,
) -> tuple[str, bool]:
    """Store it as a report, of the number's account or of a guest's; its code as it is read aloud,
    and whether it was here already. Flushes. Raises what `submit_report` does, SameIdOtherRequest,
    NotTaken, and RequestRefused where nothing is left to be said."""
    received.lock(meant.report_id)
    if known := repeated(sent, by.account_id):  # sent twice at once
        return known.code, True
    try:
        entry = _entry(sent, meant, pictures.ids)
        report = entering.enter(entry, by=by.account_id, locale=locale, at=at)
    except Limited:  # of somebody whom the client may not hear this of
        raise NotTaken from None
    except NothingSaid as fault:
        raise pictures.with_notices(fault) from None
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
    return codes.spoken(report.code), False


def _entry(sent: SentRequest, meant: Understood, photos: Sequence[UUID]) -> Entry:
    told = bool(meant.name or meant.phone or meant.email)
    submission = Submission(
        id=meant.report_id,
        category=meant.category,
        lat=meant.lat,
        lng=meant.long,
        description=sent.description,
        place_note=sent.address_string[:MOST_PLACE_NOTE].strip(),
        photos=tuple(photos),
        answers=meant.answers,
        source=SOURCE,
        consent=CONSENT if told else None,
    )
    return Entry(
        submission=submission, name=meant.name, phone=meant.phone, email=meant.email, consent=told
    )


def _service(code: str, city: City) -> Category | None:
    """None where none was named. Raises NoSuchService, LegalChannel."""
    if not code:
        return None
    category = city.category(code)
    if category is None:
        raise NoSuchService(field="service_code")
    intake.accepted_category(city, category.code)
    return category


def _answers(category: Category, sent: SentRequest, faults: list[XomError]) -> dict[str, Any]:
    try:
        return attributes.answers(category, sent.attributes)
    except NotYesNo as fault:
        faults.append(fault)
        return {}


class _Place:
    """Where a request is, looked up once; `notices` say how, where the client did not say it."""

    def __init__(self, sent: SentRequest, city: City, locale: str) -> None:
        self.sent, self.city, self.locale = sent, city, locale
        self.notices: list[Both] = []
        self._found: tuple[float, float] | None = None

    def point(self) -> tuple[float, float]:
        """Latitude, longitude. Raises HalfAPoint, LocationMissing, AddressNotFound."""
        self._found = self._found or self._find()
        return self._found

    def _find(self) -> tuple[float, float]:
        sent = self.sent
        if len(sent.address_string) > MOST_PLACE_NOTE:
            self.notices.append(_cut("địa chỉ", "address", MOST_PLACE_NOTE))
        if sent.lat is not None and sent.long is not None:
            return sent.lat, sent.long
        if sent.lat is not None or sent.long is not None:
            raise HalfAPoint(field="lat" if sent.lat is None else "long")
        if sent.address_id and (area := self.city.area(sent.address_id)):
            vi = f"Ghim được đặt giữa {area.name_vi}, vì không có vị trí chính xác."
            en = f"The pin was put in the middle of {area.name_en}, for want of a more exact place."
            self.notices.append(both(vi, en))
            return area.lat, area.lng
        if sent.address_string:
            return self._look_up(sent.address_string[:MOST_PLACE_NOTE])
        raise AddressNotFound(field=ADDRESS_ID) if sent.address_id else LocationMissing

    def _look_up(self, address: str) -> tuple[float, float]:
        found = entering.find_places(address, self.city, self.locale)
        if not found:
            raise AddressNotFound
        place = found[0]
        said = ", ".join(filter(None, (place["name"], place["detail"])))
        self.notices.append(both(f"Ghim được đặt theo địa chỉ: {said}.", f"The pin is at: {said}."))
        return place["lat"], place["lng"]


def _cut(what_vi: str, what_en: str, most: int) -> Both:
    return both(
        f"Mục {what_vi} dài hơn {most} ký tự nên chỉ lưu phần đầu.",
        f"The {what_en} is longer than {most} characters; only its beginning was kept.",
    )


def _contact(sent: SentRequest) -> tuple[str, str, str, list[Both]]:
    """Name, number and address as they are kept. What cannot be used is left out and told, since
    the report must not be lost for it."""
    phone, email, notices = "", "", []
    if len(sent.name) > MOST_NAME:
        notices.append(_cut("tên", "name", MOST_NAME))
    try:
        phone = entry_in.number(sent.phone)
    except NotAMobileNumber:
        vi = "Số điện thoại không dùng được nên không lưu."
        en = "The phone number cannot be used, so it was not kept."
        notices.append(both(vi, en))
    try:
        email = own_contacts.plain_email(sent.email) if sent.email else ""
    except NotAnEmail:
        vi = "Địa chỉ email không dùng được nên không lưu."
        en = "The e-mail address cannot be used, so it was not kept."
        notices.append(both(vi, en))
    return sent.name[:MOST_NAME].strip(), phone, email, notices


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
