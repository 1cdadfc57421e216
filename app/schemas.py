"""The base of all schemas, and the kinds of field that every package needs.

A `...In` schema refuses fields that it does not list; words from people come out normalised, times
come out in UTC.
"""

from datetime import UTC, datetime
from typing import Any

from marshmallow import INCLUDE, RAISE, ValidationError, fields, validate
from marshmallow import Schema as MarshmallowSchema

from app.text import composed, normalise, on_one_line


class Schema(MarshmallowSchema):
    """Base of all ...In and ...Out schemas: a field that is not listed is refused."""

    class Meta:
        unknown = RAISE


class Text(fields.String):
    """Words from a person, normalised.

    `most` counts what was sent, composed (NFC, one kind of line end), as the API's description has
    it: what will be taken out counts as well. `least` counts what is left.

    `lines=False` for names and notes of one line: line ends and runs of spaces become one space,
    none at the ends.
    """

    def __init__(self, *, most: int, least: int = 0, lines: bool = True, **kwargs: Any) -> None:
        given = kwargs.pop("validate", [])
        checks = list(given) if isinstance(given, list | tuple) else [given]
        bounds = validate.Length(min=least or None, max=most)
        super().__init__(validate=[bounds, *checks], **kwargs)
        self.most = most
        self.lines = lines

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        far = len(text) > 8 * self.most + 1000  # not worth composing first
        if far or len(composed(text)) > self.most:
            raise ValidationError(f"Longer than maximum length {self.most}.")
        text = normalise(text)
        return text if self.lines else on_one_line(text)


class Moment(fields.AwareDateTime):
    """A point in time with its zone (RFC 3339), turned to UTC."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> datetime:
        moment = super()._deserialize(value, attr, data, **kwargs)
        try:
            return moment.astimezone(UTC)
        except OverflowError:
            raise self.make_error("invalid", input=value, obj_type="datetime") from None


class YesNo(fields.Boolean):
    """true or false as JSON has them; not 1, not "yes"."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Whole(fields.Integer):
    """A whole number as JSON has them: 3, and 3.0 which is the same; not 3.5, not "3"."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strict=True, **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> int:
        whole = isinstance(value, float) and value.is_integer()
        return super()._deserialize(int(value) if whole else value, attr, data, **kwargs)


class Degrees(fields.Float):
    """A latitude or longitude within ± `bound`: a number, and in an address (where everything is
    text) its digits."""

    def __init__(self, *, bound: int, in_address: bool = False, **kwargs: Any) -> None:
        super().__init__(validate=validate.Range(-bound, bound), **kwargs)
        self.in_address = in_address

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> float:
        if isinstance(value, str) and not self.in_address:
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


def latitude(**kwargs: Any) -> Degrees:
    return Degrees(bound=90, **kwargs)


def longitude(**kwargs: Any) -> Degrees:
    return Degrees(bound=180, **kwargs)


class FieldProblem(MarshmallowSchema):
    field = fields.String(metadata={"description": "Which field, as `photos/3`", "example": "lat"})
    detail = fields.String(
        metadata={"description": "What to do about it, in the reader's language"}
    )


class Problem(MarshmallowSchema):
    """RFC 9457. An answer may carry further members, named where the problem is described."""

    class Meta:
        unknown = INCLUDE

    type = fields.String(metadata={"example": "/problems/invalid"})
    title = fields.String(metadata={"example": "Invalid input"})
    status = fields.Integer(metadata={"example": 422})
    detail = fields.String(metadata={"description": "A sentence in the reader's language"})
    instance = fields.String(metadata={"description": "The request's id, to be told to support"})
    errors = fields.List(fields.Nested(FieldProblem))
