"""What an official writes down of somebody's report. All that is wrong with it is told at once: the
caller is asked again one time, not once a field.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from flask import current_app
from marshmallow import ValidationError, fields, post_load, validate

from app.auth import phones
from app.config import Config
from app.errors import Invalid, XomError
from app.openapi import Schema, Text, latitude, longitude
from app.sentences import both
from reports import asking, questions
from reports.cards import Plain
from reports.city.snapshot import City
from reports.city.values import Category
from reports.errors import NothingSaid
from reports.intake import accepted_category
from reports.statuses import Identity
from reports.step_in import CODE, MOST_WORDS
from reports.submissions import Submission

SOURCES = ("phone", "desk", "letter")
MOST_NAME = 120  # letters, as of the name that people give themselves
MOST_PLACE_NOTE = 200
CONSENT = "spoken-1"  # the words that are read out before a name or number is written down


class CategoryMissing(Invalid):
    code = "category-missing"
    vi = "Chọn lĩnh vực."
    en = "Choose a category."
    field = "category"


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
    email: str = field(default="", repr=False)  # kept for who leaves no number
    consent: bool = False
    sms: bool = False


class EntryIn(Schema):
    id = fields.UUID(required=True)
    source = fields.String(required=True, validate=validate.OneOf(SOURCES))
    category = fields.String(required=True, validate=CODE)
    description = Text(most=MOST_WORDS, load_default="")
    lat = latitude(required=True)
    lng = longitude(required=True)
    place_note = Text(most=MOST_PLACE_NOTE, lines=False, load_default="")
    photos = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=12))
    answers = fields.Dict(keys=fields.String(validate=CODE), load_default=dict)
    identity = fields.Enum(Identity, by_value=True, load_default=Identity.CONFIDENTIAL)
    name = Text(most=MOST_NAME, lines=False, load_default="")
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


def read(written: Plain, city: City, *, again: bool) -> Entry:
    """An entry as a form tells it: `place` is a point as maps write it, `answers` are texts by
    question. `again`: it was entered already, so the city's rules no longer matter.

    Raises ValidationError with every field at fault.
    """
    told = {name: text for name, text in written.items() if name not in {"place", "answers"}}
    category = city.category(written["category"])
    told["answers"] = answered(category, written["answers"]) if category else {}
    faults = [] if again else list(_faults(told, written["place"], category, city))
    wrong = {fault.field: [both(fault.sentence("vi"), fault.sentence("en"))] for fault in faults}
    try:
        told["lat"], told["lng"] = _point(written["place"])
    except XomError as error:
        wrong["place"] = [both(error.sentence("vi"), error.sentence("en"))]
        told["lat"] = told["lng"] = 0  # said already
    unfit = EntryIn().validate(told)
    if wrong or unfit:
        raise ValidationError(unfit | wrong)
    entry: Entry = EntryIn().load(told)
    return entry


def consent_faults(
    *, name: str, phone: str, identity: Identity | str, consent: bool, sms: bool
) -> Iterator[Invalid]:
    """What stands against keeping a name and number, and against sending messages to it."""
    told = bool(name or phone)
    if told and identity == Identity.ANONYMOUS:
        yield AnonymousIsNobody()
    elif told and not consent:
        yield ConsentMissing()
    if sms and not phone:
        yield NoNumberForSms()


def number(said: str) -> str:
    """As it is stored; empty when none was given. Raises NotAMobileNumber."""
    config: Config = current_app.extensions["xom.config"]
    return phones.normalised(said, region=config.phone_region) if said else ""


def _faults(told: Plain, place: str, category: Category | None, city: City) -> Iterator[XomError]:
    """What the rules for any report, and those for a name and number, say against it."""
    if not told["category"]:
        yield CategoryMissing()
    else:
        yield from _raised(partial(accepted_category, city, told["category"]))
    says = bool(told.get("description") or told["photos"])
    point = partial(_point, place)
    yield from report_faults(city, category, told["answers"], point=point, says=says)
    yield from _raised(partial(number, told["phone"]))
    asked = ("name", "phone", "identity", "consent", "sms")
    yield from consent_faults(**{one: told[one] for one in asked})


def report_faults(
    city: City,
    category: Category | None,
    answers: Plain,
    *,
    point: Callable[[], tuple[float, float]],
    says: bool,
) -> Iterator[XomError]:
    """What the rules for any report say against its words (`says`: it has some, or a picture), its
    place and its answers; of no category, none are asked for."""
    if not says:
        yield NothingSaid()
    yield from _raised(lambda: city.areas.locate(*point()))
    if category:
        yield from questions.faults(category, answers)


def _raised(check: Callable[[], object]) -> Iterator[XomError]:
    try:
        check()
    except XomError as error:
        yield error


def _point(place: str) -> tuple[float, float]:
    """Latitude, longitude, as maps write it."""
    if not place:
        raise PlaceMissing
    return asking.point_from(place)


def answered(category: Category, typed: Mapping[str, Sequence[str]]) -> Plain:
    """A form's answers to the category's questions, each as its kind is checked; what was left
    open is left out."""
    found: Plain = {}
    for question in category.questions:
        texts = [text for text in typed.get(question["code"], ()) if text.strip()]
        if texts:
            found[question["code"]] = _answer(question["kind"], texts)
    return found


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
