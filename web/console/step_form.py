"""The form of a step: what it asks for, what was typed, what was wrong, and the order it makes.

Which fields a step needs or takes is `reports.statuses`'s; here is how each is asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4, uuid5
from zoneinfo import ZoneInfo

from marshmallow import ValidationError
from werkzeug.datastructures import FileStorage, MultiDict

from app import problems
from app.clock import now
from app.database import db
from app.errors import Invalid, Stale, TooLarge, UnsupportedMedia, XomError
from app.locale import current_locale
from app.sentences import both, field_errors
from app.text import by_name, uuid_in
from reports import asking, codes, evidence, looking, photos, workflow
from reports.cards import Plain
from reports.city import snapshot
from reports.city.snapshot import City
from reports.desk import answers
from reports.errors import NoSuchReport
from reports.masking import is_redacted
from reports.models import Report
from reports.orders import StepOrder
from reports.presenting import View
from reports.roles import workers
from reports.statuses import STEPS, Outcome, Rejection, Step
from reports.step_in import MOST_PHOTOS, StepIn
from web.console import merging

Choices = list[tuple[str, str]]  # a code and a name

ORDER = ("outcome", "reason", "office", "person", "category", "lat", "area", "until", "planned_for",
         "target", "urgent", "hold_back", "show_numbers", "note", "photos")  # fmt: skip
_DATES = frozenset({"planned_for", "until"})
_CHECKS = frozenset({"urgent", "hold_back", "show_numbers"})
_GIVEN = frozenset({"target_code"})
NO_SUCH_TARGET = both(
    "Không có phản ánh nào mang mã này. Xem lại mã.",
    "There is no report of this code. Check it.",
)
NOT_A_DATE = both("Chọn một ngày.", "Choose a day.")


@dataclass(frozen=True, slots=True)
class StepForm:
    """A step being written. `values` are as typed; `seen` is the version that it is written on."""

    step: str
    id: UUID
    seen: int
    values: Mapping[str, str] = field(default_factory=dict)
    photos: tuple[UUID, ...] = ()  # that are here already
    wrong: Mapping[str, str] = field(default_factory=dict)  # by field; "" is the whole
    changed: tuple[dict[str, str], ...] = ()  # since `seen`, by others

    @property
    def fields(self) -> list[str]:
        """In the order in which they are asked."""
        step = STEPS[self.step]
        return [name for name in ORDER if name in step.needs or name in step.takes]

    def needs(self, name: str) -> bool:
        return name in STEPS[self.step].needs


def form_for(
    step: str | None, report: Report, view: View, given: Mapping[str, str] | None = None
) -> StepForm | None:
    """The form of a step that may be taken now; None for any other. Empty, but for what the address
    that leads to it has `given`."""
    offered = {one.name for one in workflow.allowed_steps(report, by=view.viewer, at=now())}
    if step not in offered:
        return None
    values = {name: text for name, text in (given or {}).items() if name in _GIVEN}
    return StepForm(step, uuid4(), report.version, values)


def read_form(step: str, form: MultiDict[str, str]) -> StepForm:
    """What was sent, as it was typed."""
    try:
        order_id, seen = UUID(form["id"]), int(form["seen"])
    except (KeyError, ValueError):
        raise NoSuchReport from None
    kept = tuple(one for one in map(uuid_in, form.getlist("photo")) if one)
    values = {n: t.strip() for n, t in form.items() if n not in {"id", "seen", "photo"}}
    return StepForm(step, order_id, seen, values, kept)


def order_of(form: StepForm, report: Report, view: View, city: City) -> StepOrder:
    """The order that a form stands for. Raises ValidationError by field."""
    asked = STEPS[form.step]
    told: Plain = {"id": str(form.id), "step": form.step}
    wrong: dict[str, Any] = {name: [said] for name, said in form.wrong.items()}
    for name in (*asked.needs, *asked.takes):
        try:
            told |= _told(name, form, report, view, city)
        except ValidationError as error:
            wrong |= error.messages_dict
    wrong = StepIn().validate(told) | wrong
    if wrong:
        raise ValidationError(_missing(asked, told) | wrong)
    order: StepOrder = StepIn().load(told)
    return order


def _told(name: str, form: StepForm, report: Report, view: View, city: City) -> Plain:
    """What the form says of one field; nothing where it was left empty."""
    text = form.values.get(name, "")
    if name == "photos":
        return {"photos": [str(photo) for photo in form.photos]}
    if name == "target" and form.values.get("target_code"):
        return {"target": str(_target(form, report, view, city).id)}
    if name == "lat" and form.values.get("pin"):
        lat, lng = _pin(form.values["pin"])
        return {"lat": lat, "lng": lng}
    if name in _DATES and text:
        return {name: close_of(text, name, city).isoformat()}
    if name in _CHECKS:
        return _check(name, form.values, now_so=_so(name, report))
    return {name: text} if text else {}


def _missing(step: Step, told: Plain) -> dict[str, Any]:
    """What the step needs besides, told together with what is wrong."""
    lacks = workflow.lacking(step, [name for name, given in told.items() if given])
    return {str(one.field): [both(one.sentence("vi"), one.sentence("en"))] for one in lacks}


def store_photos(
    form: StepForm, files: list[FileStorage], owner_id: UUID, *, of: Report | None = None
) -> StepForm:
    """Take in the pictures that came with the form, so that they need not be sent again when
    something else is wrong. Their ids follow from what they are: again is the same. `of`: whose
    result they show. What is wrong with one of them is in the form's `wrong`, for `order_of`."""
    kept, wrong = list(form.photos), dict(form.wrong)
    zone = ZoneInfo(snapshot.current().profile.timezone)
    for file in files[: max(0, MOST_PHOTOS - len(kept))]:
        data = file.read()
        if not data:
            continue  # a field left empty is sent as a file without a name
        photo_id = uuid5(form.id, sha256(data).hexdigest())
        try:
            stored = photos.store_photo(photo_id, owner_id=owner_id, data=data, at=now(), zone=zone)
        except (Invalid, TooLarge, UnsupportedMedia) as error:
            db.session.rollback()
            wrong["photos"] = f"{wrong.get('photos', '')} {said_of(file, error)}".strip()
            continue
        if of is not None and form.step == "resolve":
            evidence.keep(stored, of)
        db.session.commit()
        kept.append(photo_id)
    return replace(form, photos=tuple(dict.fromkeys(kept)), wrong=wrong)


def said_of(file: FileStorage, error: XomError) -> str:
    """Which of several pictures it is, and what is wrong with it."""
    name, told = (file.filename or "")[:60], error.sentence(current_locale())
    return f"{name}: {told}" if name else told


def with_error(form: StepForm, error: XomError | ValidationError, report: Report) -> StepForm:
    """The same form with what was wrong; written on the present version from now on."""
    locale = current_locale()
    if isinstance(error, ValidationError):
        found = {
            one.field: one.sentence.vi if locale == "vi" else str(one.sentence)
            for one in field_errors(error.messages)
        }
        return replace(form, wrong=found)
    told = {one["field"]: one["detail"] for one in problems.fields_of(error, locale)}
    asked = set(form.fields)
    wrong = {(name if name in asked else ""): sentence for name, sentence in told.items()}
    wrong = wrong or {"": error.sentence(locale)}
    if isinstance(error, Stale):
        changed = tuple(error.facts.get("changed", ()))
        return replace(form, wrong={}, changed=changed, seen=report.version)
    return replace(form, wrong=wrong)


def offers(form: StepForm, report: Report, view: View) -> dict[str, Any]:
    """What the fields of this form are chosen from."""
    city, locale = snapshot.current(), current_locale()
    fields_ = set(form.fields)
    found: dict[str, Any] = {}
    if "office" in fields_:
        found["office_groups"] = office_groups(city, but=report.accused_office_id)
    if "category" in fields_:
        names = city.names[locale].categories
        found["all_categories"] = [
            (one.code, names[one.id]["name"])
            for one in city.offered_categories()
            if not one.legal_channel
        ]
    if "area" in fields_:
        names = city.names[locale].areas
        areas = [(one.code, names[one.id]["name"]) for one in city.area_by_code.values()]
        found["all_areas"] = by_name(areas)
    if named := form.values.get("target_code"):
        found["candidate"] = merging.candidate(named, report, view, city)
    if "person" in fields_:
        found["people"] = workers([report.office_id], now())
    if "outcome" in fields_:
        found["outcomes"] = list(Outcome)
        found["evidence"] = city.categories_by_id[report.category_id].evidence
    if "show_numbers" in fields_:
        found["redacted"] = is_redacted(report.public_description, of=report.description)
    if "reason" in fields_:
        found["reasons"] = list(Rejection)
    if form.step in answers.STEPS:
        found["templates"] = answers.offered(form.step, report, view.viewer, city=city, at=now())
    return found


def office_groups(city: City, *, but: int | None = None) -> list[tuple[str, Choices]]:
    """By kind: departments, utilities, the wards' committees; `but` one."""
    names = city.names[current_locale()].offices
    groups: dict[str, Choices] = {"department": [], "utility": [], "committee": []}
    for one in city.office_by_code.values():
        if one.id != but:
            groups.setdefault(one.kind, []).append((one.code, names[one.id]["name"]))
    return [(kind, by_name(found)) for kind, found in groups.items()]


def _target(form: StepForm, report: Report, view: View, city: City) -> Report:
    """Whom the typed code names. What differs is told once: `sure` is whom the form has shown."""
    try:
        target, _ = looking.inside(form.values["target_code"], view.viewer, view.locale)
    except NoSuchReport:
        raise ValidationError({"target": [NO_SUCH_TARGET]}) from None
    doubt = merging.unlike(report, target, city)
    if doubt and form.values.get("sure") != codes.spoken(target.code):
        raise ValidationError({"target": [doubt]})
    return target


def _pin(text: str) -> tuple[float, float]:
    """Latitude, longitude, as maps write it."""
    try:
        return asking.point_from(text)
    except XomError as error:
        said = both(error.sentence("vi"), error.sentence("en"))
        raise ValidationError({"lat": [said]}) from None


def close_of(text: str, name: str, city: City) -> datetime:
    """The close of work of a day, or its last minute when nobody works then."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValidationError({name: [NOT_A_DATE]}) from None
    last_minute = datetime.combine(day, time(23, 59), ZoneInfo(city.profile.timezone))
    return city.calendar.closes_at(day) or last_minute


def _check(name: str, values: Mapping[str, str], *, now_so: bool) -> dict[str, bool]:
    """A box says something only where the form had it (a hidden field of its name tells) and where
    it was changed."""
    wanted = values.get(name) == "yes"
    return {name: wanted} if f"has_{name}" in values and wanted != now_so else {}


def _so(name: str, report: Report) -> bool:
    """How a box stands before anybody touches it."""
    if name == "urgent":
        return report.urgent
    if name == "show_numbers":
        return report.public_description == report.description
    return False
