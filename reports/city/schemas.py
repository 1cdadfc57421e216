"""What a row of each file may hold: one class a file, used to read it and to write it.

The names in a file are `data_key`s, those in the database attributes. A value left out has the
default named here, and is left out again when written.
"""

import itertools
from datetime import date, time
from typing import Any

from marshmallow import (
    RAISE,
    Schema,
    ValidationError,
    fields,
    post_load,
    validate,
    validates_schema,
)

from reports.city.models import OfficeKind
from reports.city.words import AS_WRITTEN, AT_THE_BEGINNING, tokens

_CODE = r"[a-z0-9][a-z0-9._@-]*"


def _code(longest: int) -> validate.Validator:
    return validate.And(
        validate.Length(
            1, longest, error=f"từ 1 đến {longest} ký tự. | 1 to {longest} characters."
        ),
        validate.Regexp(
            f"{_CODE}\\Z",
            error="chỉ dùng chữ thường không dấu, số, và - . _ @. | only a-z, 0-9, and - . _ @.",
        ),
    )


def _words(longest: int) -> validate.Validator:
    return validate.And(
        validate.Length(
            1, longest, error=f"từ 1 đến {longest} ký tự. | 1 to {longest} characters."
        ),
        _trimmed,
    )


def _trimmed(text: str) -> None:
    if text != text.strip() or any(ord(letter) < 32 for letter in text):
        raise ValidationError(
            "có dấu cách thừa hoặc xuống dòng. | has stray spaces or line breaks."
        )


def _phrase(text: str) -> None:
    if not tokens(text) or AS_WRITTEN in text[1:] or AT_THE_BEGINNING in text[1:]:
        raise ValidationError(
            "cần có chữ; dấu =, ^ chỉ đứng đầu. | needs a word; = and ^ only at its beginning."
        )


def _between(least: float, most: float) -> validate.Validator:
    low, high = f"{least:.0f}", f"{most:.0f}"
    return validate.Range(
        least, most, error=f"phải từ {low} đến {high}. | must be from {low} to {high}."
    )


def _one_of(values: Any) -> validate.Validator:
    offered = ", ".join(values)
    return validate.OneOf(list(values), error=f"chọn: {offered}. | must be one of: {offered}.")


class Strict(Schema):
    """Unknown fields are refused; nothing is coerced from text."""

    class Meta:
        unknown = RAISE


class Number(fields.Float):
    """A number, and not text that looks like one."""

    def _validated(self, value: Any) -> float:
        if isinstance(value, str):
            raise self.make_error("invalid", input=value)
        return super()._validated(value)


class Row(Strict):
    """A row that is valid for a time. `valid_until` is the first day on which it no longer is."""

    valid_from = fields.Date(required=True)
    valid_until = fields.Date(load_default=None, allow_none=True)

    @validates_schema
    def _in_order(self, data: dict[str, Any], **_: Any) -> None:
        until = data.get("valid_until")
        if until and until < data["valid_from"]:
            raise ValidationError(
                "ngày hết hiệu lực đứng trước ngày bắt đầu. | it ends before it begins.",
                "valid_until",
            )
        if data.get("successor_code") and not until:
            raise ValidationError(
                "có đơn vị kế tiếp thì cần ngày hết hiệu lực. | a successor needs a valid_until.",
                "valid_until",
            )
        if data.get("successor_code") == data.get("code"):
            raise ValidationError(
                "không thể tự kế tiếp mình. | cannot succeed itself.", "successor"
            )


def text(longest: int, **more: Any) -> fields.String:
    return fields.String(validate=_words(longest), **more)


def phrase(longest: int) -> fields.String:
    """What people's words are held against (`reports.city.words`)."""
    return fields.String(validate=validate.And(_words(longest), _phrase))


def whole(least: int, most: int, **more: Any) -> fields.Integer:
    return fields.Integer(strict=True, validate=_between(least, most), **more)


def flag() -> fields.Boolean:
    return fields.Boolean(load_default=False, truthy={True}, falsy={False})


def optional(maker: Any, *args: Any, **more: Any) -> Any:
    return maker(*args, load_default=None, allow_none=True, **more)


class AreaRow(Row):
    code = fields.String(required=True, validate=_code(20))
    name_vi = text(120, required=True)
    name_en = text(120, required=True)
    kind = fields.String(required=True)  # held against the city's own kinds
    other_names = fields.List(text(120), load_default=list)
    population = optional(whole, 0, 100_000_000)
    area_km2 = optional(Number, validate=_between(0, 10_000_000))
    seat = optional(text, 400)
    lat = Number(required=True, validate=_between(-90, 90))
    lng = Number(required=True, validate=_between(-180, 180))
    successor_code = optional(fields.String, data_key="successor")


class OfficeRow(Row):
    code = fields.String(required=True, validate=_code(40))
    name_vi = text(160, required=True)
    name_en = text(160, required=True)
    kind = fields.String(required=True, validate=_one_of([kind.value for kind in OfficeKind]))
    parent_code = optional(fields.String, data_key="parent")
    area_code = optional(fields.String, data_key="area")
    phone = optional(text, 30)
    email = optional(text, 254)
    address = optional(text, 400)
    successor_code = optional(fields.String, data_key="successor")


class Lean(Strict):
    """Inner parts are stored as lean as they are written: no false, no empty list."""

    @post_load
    def _lean(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {key: value for key, value in data.items() if value not in (False, None, [])}


class Option(Lean):
    code = fields.String(required=True, validate=_code(40))
    vi = text(120, required=True)
    en = text(120, required=True)
    urgent = flag()
    retired = flag()


class Question(Lean):
    """Its shape is `reports.questions`'s: choices have options, the others have none. What is
    retired is no longer asked; it stays, so that older answers can be read."""

    code = fields.String(required=True, validate=_code(40))
    text_vi = text(200, required=True)
    text_en = text(200, required=True)
    kind = fields.String(
        required=True, validate=_one_of(["choice", "choices", "text", "number", "yes_no"])
    )
    required = flag()
    urgent = flag()
    retired = flag()
    options = fields.List(fields.Nested(Option), load_default=list)

    @validates_schema
    def _options_fit(self, data: dict[str, Any], **_: Any) -> None:
        choices = data.get("kind") in {"choice", "choices"}
        codes = [option["code"] for option in data.get("options", [])]
        if choices != bool(codes):
            raise ValidationError(
                "câu hỏi chọn thì cần lựa chọn, câu khác thì không. "
                "| choices need options, other questions have none.",
                "options",
            )
        if choices and all(option.get("retired") for option in data["options"]):
            raise ValidationError(
                "cần còn ít nhất một lựa chọn. | at least one option must remain.", "options"
            )
        if len(set(codes)) < len(codes):
            raise ValidationError("hai lựa chọn trùng mã. | two options share a code.", "options")


class LegalChannel(Strict):
    channel_vi = text(300, required=True)
    channel_en = text(300, required=True)
    phone = text(30)
    url = fields.Url(schemes={"https"})


class CategoryRow(Row):
    code = fields.String(required=True, validate=_code(40))
    name_vi = text(120, required=True)
    name_en = text(120, required=True)
    group = fields.String(required=True, validate=_code(40))
    icon = fields.String(required=True, validate=_code(40))
    position = whole(0, 100_000, required=True)
    help_vi = fields.String(load_default="", validate=validate.Length(max=500))
    help_en = fields.String(load_default="", validate=validate.Length(max=500))
    keywords = fields.List(phrase(60), load_default=list)
    questions = fields.List(fields.Nested(Question), load_default=list)
    deadline_days = optional(whole, 1, 90)
    deadline_hours = optional(whole, 1, 400)
    urgent = flag()
    auto_accept = flag()
    evidence = flag()
    private = flag()
    about_officials = flag()
    legal_channel = fields.Nested(LegalChannel, load_default=None, allow_none=True)
    successor_code = optional(fields.String, data_key="successor")

    @validates_schema
    def _one_deadline(self, data: dict[str, Any], **_: Any) -> None:
        if (data.get("deadline_days") is None) == (data.get("deadline_hours") is None):
            raise ValidationError(
                "cần đúng một hạn: deadline_days hoặc deadline_hours. "
                "| needs exactly one of deadline_days and deadline_hours.",
                "deadline_days",
            )


class RuleRow(Row):
    code = fields.String(required=True, validate=_code(60))
    category_code = optional(fields.String, data_key="category")
    area_code = optional(fields.String, data_key="area")
    office_code = fields.String(required=True, data_key="office")
    successor_code = optional(fields.String, data_key="successor")


class HoursRow(Strict):
    """Working hours from a day on, in some months, on some weekdays (Monday is 0)."""

    valid_from = fields.Date(required=True)
    months = fields.List(whole(1, 12), required=True, validate=validate.Length(min=1))
    weekdays = fields.List(whole(0, 6), required=True, validate=validate.Length(min=1))
    spans = fields.List(fields.List(fields.String()), required=True)

    @validates_schema
    def _spans_in_order(self, data: dict[str, Any], **_: Any) -> None:
        try:
            moments = [time.fromisoformat(moment) for span in data["spans"] for moment in span]
            pairs = all(len(span) == 2 for span in data["spans"])
        except ValueError:
            raise ValidationError(
                "giờ viết như 07:30. | times are written 07:30.", "spans"
            ) from None
        rising = all(a < b for a, b in itertools.pairwise(moments))
        if not (pairs and moments and rising):
            raise ValidationError(
                "mỗi buổi có giờ bắt đầu và kết thúc, buổi sau nối buổi trước. "
                "| each span has a start and an end, and spans follow each other.",
                "spans",
            )


class CorrectionRow(Strict):
    day = fields.Date(required=True)
    working = fields.Boolean(required=True, truthy={True}, falsy={False})
    note = text(200, required=True)


class Names(Strict):
    vi = text(120, required=True)
    en = text(120, required=True)


class Hotline(Lean):
    number = text(30, required=True)
    vi = text(120, required=True)
    en = text(120, required=True)
    words = fields.List(phrase(60), load_default=list)
    own = flag()  # the city's own line


class Landmark(Strict):
    name = text(120, required=True)
    lat = Number(required=True, validate=_between(-90, 90))
    lng = Number(required=True, validate=_between(-180, 180))
    other_names = fields.List(text(120))


class Privacy(Strict):
    """Who answers for what is known of people; what is left out is the centre's."""

    controller_vi = text(200)
    controller_en = text(200)
    address = text(400)
    phone = text(30)
    email = text(254)
    retention_vi = text(600)
    retention_en = text(600)
    recipients_vi = text(600)
    recipients_en = text(600)

    @validates_schema
    def _in_both_languages(self, data: dict[str, Any], **_: Any) -> None:
        for name in ("controller", "retention", "recipients"):
            if (f"{name}_vi" in data) != (f"{name}_en" in data):
                raise ValidationError(
                    "cần cả tiếng Việt và tiếng Anh. | needs both languages.", f"{name}_vi"
                )


class CommitteePattern(Strict):
    """How the committee of a new area is named: {code}, {area_vi} and {area_en} are filled in."""

    code = text(40, required=True)
    name_vi = text(160, required=True)
    name_en = text(160, required=True)
    parent = optional(fields.String)


class Licence(Strict):
    name = text(80, required=True)
    url = fields.Url(schemes={"https"}, required=True)


class FiguresSettings(Strict):
    """On which day after a month, and after a quarter, its figures are settled and published; under
    which terms the open data are given out."""

    month_day = whole(1, 28)
    quarter_day = whole(1, 28)
    licence = fields.Nested(Licence)


class Settings(Strict):
    area_kinds = fields.Dict(
        fields.String(validate=_code(20)),
        fields.Nested(Names),
        required=True,
        validate=validate.Length(min=1),
    )
    groups = fields.Dict(fields.String(validate=_code(40)), fields.Nested(Names), required=True)
    committee = fields.Nested(CommitteePattern, required=True)
    hotlines = fields.List(fields.Nested(Hotline), load_default=list)
    landmarks = fields.List(fields.Nested(Landmark))
    privacy = fields.Nested(Privacy)
    figures = fields.Nested(FiguresSettings)
    short_name = text(60)

    @validates_schema
    def _one_own_line(self, data: dict[str, Any], **_: Any) -> None:
        if sum(bool(line.get("own")) for line in data.get("hotlines", [])) > 1:
            raise ValidationError(
                "thành phố chỉ có một đường dây riêng (own). | only one line is the city's own.",
                "hotlines",
            )


class CityRow(Strict):
    folder = fields.String(required=True, validate=_code(60))
    name_vi = text(120, required=True)
    name_en = text(120, required=True)
    timezone = fields.String(required=True)
    holidays = fields.String(required=True)
    near_metres = whole(0, 50_000, required=True)
    settings = fields.Nested(Settings, required=True)


_LAST = frozenset({"valid_from", "valid_until", "successor_code"})


def written(schema: Schema, row: Any) -> dict[str, Any]:
    """A row as it stands in a file: defaults and empty values left out."""
    dumped = schema.dump(row)
    lean: dict[str, Any] = {}
    for name, field in sorted(schema.fields.items(), key=lambda item: item[0] in _LAST):
        key = field.data_key or name
        default = field.load_default() if callable(field.load_default) else field.load_default
        if key in dumped and (field.required or dumped[key] != default):
            lean[key] = dumped[key]
    return lean


def first_of(days: list[date]) -> date:
    """The day that most rows begin on: written once, at the head of the file."""
    return max(sorted(set(days)), key=days.count)
