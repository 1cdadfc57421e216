"""What the indicators take and answer, field by field."""

from datetime import date
from typing import Any

from marshmallow import fields, validate

from app.openapi import Schema
from reports.api.public_shapes import published_months
from reports.figures.changes import By as ChangedBy
from reports.figures.changes import State, Unit
from reports.figures.periods import Compare
from reports.figures.scope import By
from reports.figures.trends import MONTHS, MarkKind
from reports.step_in import CODE

FIRST, LAST = date(2000, 1, 1), date(2200, 1, 1)
_ANY_DAY = validate.Range(FIRST, LAST)


def _day(**kwargs: Any) -> fields.Date:
    return fields.Date(load_default=None, validate=_ANY_DAY, **kwargs)


class ScopeIn(Schema):
    area = fields.String(load_default=None, allow_none=True, validate=CODE)
    category = fields.String(load_default=None, allow_none=True, validate=CODE)
    office = fields.String(load_default=None, allow_none=True, validate=CODE)


class AskedIn(ScopeIn):
    """Which figures. Days are half open; without any, this month."""

    since = _day(data_key="from", allow_none=True, metadata={"example": "2026-11-01"})
    until = _day(data_key="to", allow_none=True, metadata={"example": "2026-12-01"})
    by = fields.Enum(By, by_value=True, load_default=None, allow_none=True)
    compare = fields.Enum(Compare, by_value=True, load_default=Compare.BEFORE)
    figures = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=1000),
        metadata={
            "description": "Keys of the figures wanted, with commas between; all if absent",
            "example": "received,on_time",
        },
    )


class IndicatorsIn(AskedIn):
    format = fields.String(load_default="json", validate=validate.OneOf(["json", "csv"]))


class TrendIn(ScopeIn):
    """The months up to that of a day; of today if it is not given."""

    until = _day(metadata={"description": "A day of the last month"})
    months = fields.Integer(load_default=MONTHS, validate=validate.Range(2, 60))
    figures = AskedIn().fields["figures"]


class NewsIn(ScopeIn):
    since = _day(data_key="from")
    until = _day(data_key="to")


# What is answered -------------------------------------------------------------------------------


class DaysOut(Schema):
    since = fields.Date(data_key="from")
    until = fields.Date(data_key="to", metadata={"description": "The day after the last"})
    name = fields.String(metadata={"example": "tháng 11/2026"})


class PeriodOut(DaysOut):
    unfinished = fields.Boolean()


class ComparedOut(Schema):
    """Which days are held against which. An unfinished period is compared by its days that are
    over, against the same number of working days."""

    how = fields.Enum(Compare, by_value=True)
    base = fields.Nested(DaysOut)
    past = fields.Nested(DaysOut)
    working_days = fields.Integer()
    past_working_days = fields.Integer()
    words = fields.String(metadata={"example": "so với tháng 10/2026"})


class ChangeOut(Schema):
    """`amount` is told in `by`, when `state` is `told`. `sure`: more than mere fluctuation; null
    where that was not tested."""

    state = fields.Enum(State, by_value=True)
    by = fields.Enum(ChangedBy, by_value=True)
    amount = fields.Float(allow_none=True)
    past = fields.Float(allow_none=True)
    past_sample = fields.Integer(allow_none=True)
    sure = fields.Boolean(allow_none=True)


class FigureOut(Schema):
    value = fields.Float(allow_none=True, metadata={"description": "null: of nothing at all"})
    unit = fields.Enum(Unit, by_value=True)
    sample = fields.Integer(metadata={"description": "How many reports stand behind it"})
    change = fields.Nested(ChangeOut)


class GroupOut(Schema):
    partly = fields.Boolean(
        metadata={"description": "Public: some months tell nothing of it, or too little"}
    )
    at_least = fields.List(
        fields.String(),
        metadata={"description": "Public: sums that are so many or more, for that reason"},
    )
    code = fields.String(allow_none=True, metadata={"description": "null for the total"})
    name = fields.String()
    sums = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(allow_none=True),
        metadata={"description": "What the figures follow from"},
    )
    figures = fields.Dict(keys=fields.String(), values=fields.Nested(FigureOut))


class NamedGroupOut(Schema):
    code = fields.String()
    name = fields.String()


class RankedOut(NamedGroupOut):
    place = fields.Integer()
    share = fields.Float(metadata={"description": "On time, of 1"})
    sample = fields.Integer()
    low = fields.Float(metadata={"description": "The true share lies between (95%, Wilson)"})
    high = fields.Float()


class RankingOut(Schema):
    """Most responsive first. Every office is in one of the three lists."""

    least_sample = fields.Integer()
    young = fields.Boolean(metadata={"description": "What is open and not overdue may change it"})
    ends_overlap = fields.Boolean(
        metadata={"description": "First and last may differ by chance: intervals overlap"}
    )
    ranked = fields.List(fields.Nested(RankedOut))
    too_few = fields.List(fields.Nested(NamedGroupOut))
    nothing = fields.List(fields.Nested(NamedGroupOut))


class MarkOut(DaysOut):
    """What to mark along a line of time."""

    kind = fields.Enum(MarkKind, by_value=True)


class ScopeOut(Schema):
    area = fields.String(allow_none=True)
    category = fields.String(allow_none=True)
    office = fields.String(allow_none=True)


class AnswerOut(Schema):
    """The figures of a period. What the public is answered has `public` set: whole published
    months, fewer figures, `null` for what is too few people's."""

    period = fields.Nested(PeriodOut, allow_none=True)
    compared = fields.Nested(ComparedOut, allow_none=True)
    scope = fields.Nested(ScopeOut)
    by = fields.Enum(By, by_value=True, allow_none=True)
    as_of = fields.AwareDateTime(
        allow_none=True, metadata={"description": "Up to when the figures tell"}
    )
    being_made_anew = fields.Boolean(
        metadata={"description": "Parts may differ from totals until all figures are made anew"}
    )
    definitions_version = fields.Integer()
    total = fields.Nested(GroupOut)
    groups = fields.List(fields.Nested(GroupOut))
    ranking = fields.Nested(RankingOut, metadata={"description": "By office only"})
    marks = fields.List(fields.Nested(MarkOut), metadata={"description": "Along time only"})
    public = fields.Boolean(metadata={"description": "Set in the public version only"})
    published = published_months()
    rounded = fields.List(
        fields.String(), metadata={"description": "Public: sums that are about so many"}
    )
    note = fields.String(metadata={"description": "Public: how it is to be read"})


class DefinitionOut(Schema):
    key = fields.String()
    section = fields.String()
    unit = fields.Enum(Unit, by_value=True)
    part_of = fields.String(allow_none=True, metadata={"description": "The count it adds up to"})
    name = fields.String()
    definition = fields.String()
    source = fields.String(metadata={"description": "Where its rule stands"})
    ripens = fields.Boolean(
        metadata={"description": "Grows with the age of reports: not compared while they are young"}
    )


class DefinitionsOut(Schema):
    version = fields.Integer()
    items = fields.List(fields.Nested(DefinitionOut))


class TrendOut(Schema):
    period = fields.Nested(PeriodOut)
    as_of = fields.AwareDateTime()
    ripe = fields.Integer(metadata={"description": "Months old enough for what ripens"})
    months = fields.List(fields.Nested(GroupOut))
    marks = fields.List(fields.Nested(MarkOut))


class OneNewsOut(Schema):
    category = fields.String()
    area = fields.String(allow_none=True, metadata={"description": "null: all of the scope"})
    count = fields.Integer()
    usual = fields.Float(metadata={"description": "In as many days, by the months before"})
    months = fields.Integer()
    p = fields.Float(metadata={"description": "How likely so many are by chance"})
    sentence = fields.String()


class NewsOut(Schema):
    compared = fields.Boolean(
        metadata={"description": "False: no day is over, or there is no past to compare with"}
    )
    items = fields.List(fields.Nested(OneNewsOut))


class FrozenOut(AnswerOut):
    """A permanent link's answer: what was told then, with its definitions."""

    token = fields.String()
    created_at = fields.AwareDateTime()
    language = fields.String()
    asked = fields.Dict(keys=fields.String(), values=fields.String(allow_none=True))
    definitions = fields.List(fields.Nested(DefinitionOut))


class LinkOut(Schema):
    token = fields.String()
    url = fields.String(metadata={"example": "/api/v1/figures/links/8Yb1x…"})
    as_of = fields.AwareDateTime()
