"""An answer as plain values for JSON and as a table of text: what the API, permanent links and
exports hand out. Numbers stay as they are; words are in the reader's language.
"""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from reports.city.snapshot import City
from reports.figures.changes import Change, Unit
from reports.figures.definitions import BY_KEY, Figure
from reports.figures.indicators import Answer, Group, Told
from reports.figures.news import News
from reports.figures.periods import Comparison, Period
from reports.figures.ranking import Ranking
from reports.figures.scope import By, Scope
from reports.figures.trends import Mark, Trend

Plain = dict[str, Any]

_UNITS = {
    Unit.COUNT: ("", ""),
    Unit.SHARE: (" (tỷ lệ trên 1)", " (share of 1)"),
    Unit.WORKING_SECONDS: (" (giây làm việc)", " (working seconds)"),
    Unit.STARS: (" (sao)", " (stars)"),
}

_SAMPLE = (": mẫu", ": sample")


def told(answer: Answer, city: City, locale: str, keys: Sequence[str] | None = None) -> Plain:
    """The whole answer; `keys` are the figures that are wanted, all if not given."""
    return {
        "period": {**period_of(answer.period, locale), "unfinished": answer.unfinished},
        "compared": comparison_of(answer.comparison, locale),
        "scope": scope_of(answer.scope, city),
        "by": answer.by,
        "as_of": answer.as_of,
        "being_made_anew": answer.anew,
        "definitions_version": answer.definitions_version,
        "total": _group(answer.total, locale, keys),
        "groups": [_group(group, locale, keys) for group in answer.groups],
    }


def period_of(period: Period, locale: str) -> Plain:
    """Half-open days, and the period's name."""
    return {"from": period.since, "to": period.until, "name": period.name(locale)}


def comparison_of(compared: Comparison | None, locale: str) -> Plain | None:
    if compared is None:
        return None
    return {
        "how": compared.how,
        "base": period_of(compared.base, locale),
        "past": period_of(compared.past, locale),
        "working_days": compared.working_days,
        "past_working_days": compared.past_working_days,
        "words": compared.words(locale),
    }


def scope_of(scope: Scope, city: City) -> Plain:
    """The codes of what the figures are narrowed to."""
    area = None if scope.area is None else city.area_by_id[scope.area].code
    category = None if scope.category is None else city.categories_by_id[scope.category].code
    office = None if scope.office is None else city.offices_by_id[scope.office].code
    return {"area": area, "category": category, "office": office}


def _group(group: Group, locale: str, keys: Sequence[str] | None) -> Plain:
    figures = {key: _figure(one) for key, one in group.figures(keys).items()}
    return {
        "code": group.name.code or None,
        "name": group.name.of(locale),
        "sums": dict(group.sums),
        "figures": figures,
    }


def _figure(one: Told) -> Plain:
    return {
        "value": one.value,
        "unit": one.figure.unit,
        "sample": one.sample,
        "change": change_of(one.change),
    }


def change_of(change: Change) -> Plain:
    """Field by field: `asdict` costs ten times as much, and an answer has thousands."""
    return {
        "state": change.state,
        "by": change.by,
        "amount": change.amount,
        "past": change.past,
        "past_sample": change.past_sample,
        "sure": change.sure,
    }


def definition_of(figure: Figure, locale: str) -> Plain:
    return {
        "key": figure.key,
        "section": figure.section,
        "unit": figure.unit,
        "part_of": figure.of,
        "name": figure.name(locale),
        "definition": figure.about(locale),
        "source": figure.source(locale),
        "ripens": figure.ripens,
    }


def ranking_of(ranking: Ranking, locale: str) -> Plain:
    return {
        "least_sample": ranking.least_sample,
        "young": ranking.young,
        "ends_overlap": ranking.alike,
        "ranked": [
            {
                "place": one.place,
                "code": one.group.name.code,
                "name": one.group.name.of(locale),
                "share": one.share,
                "sample": one.sample,
                "low": one.low,
                "high": one.high,
            }
            for one in ranking.ranked
        ],
        "too_few": [_named(group, locale) for group in ranking.too_few],
        "nothing": [_named(group, locale) for group in ranking.nothing],
    }


def _named(group: Group, locale: str) -> Plain:
    return {"code": group.name.code, "name": group.name.of(locale)}


def mark_of(mark: Mark, locale: str) -> Plain:
    days = period_of(mark.days, locale)
    return {"kind": mark.kind, "from": days["from"], "to": days["to"], "name": mark.name(locale)}


def trend_of(found: Trend, locale: str, keys: Sequence[str] | None = None) -> Plain:
    return {
        "period": {**period_of(found.period, locale), "unfinished": found.unfinished},
        "as_of": found.as_of,
        "ripe": found.ripe,
        "months": [_group(group, locale, keys) for group in found.months],
        "marks": [mark_of(mark, locale) for mark in found.marks],
    }


def news_of(one: News, city: City, locale: str) -> Plain:
    return {
        "category": city.categories_by_id[one.category].code,
        "area": None if one.area is None else city.area_by_id[one.area].code,
        "count": one.count,
        "usual": one.usual,
        "months": one.months,
        "p": one.p,
        "sentence": one.sentence(locale),
    }


# As a table -------------------------------------------------------------------------------------

_HEADS = {
    By.OFFICE: ("Đơn vị", "Office"),
    By.AREA: ("Phường, xã", "Area"),
    By.CATEGORY: ("Lĩnh vực", "Category"),
    By.DAY: ("Ngày", "Day"),
    By.WEEK: ("Tuần", "Week"),
    By.MONTH: ("Tháng", "Month"),
    None: ("Phạm vi", "Scope"),
}


def table(answer: Answer, locale: str, keys: Sequence[str] | None = None) -> Iterator[list[Any]]:
    """Heads, then a row a group, then the total: code, name, and each figure's plain value, with
    its sample behind it where it is no count (a count is its own)."""
    figures = [BY_KEY[key] for key in (keys or BY_KEY)]
    which = 0 if locale == "vi" else 1
    yield [
        ("Mã", "Code")[which],
        _HEADS[answer.by][which],
        *chain.from_iterable(_heads(one, locale) for one in figures),
    ]
    for group in (*answer.groups, answer.total):
        cells = chain.from_iterable(_cells(one) for one in group.figures(keys).values())
        yield [group.name.code, group.name.of(locale), *cells]


def _heads(figure: Figure, locale: str) -> list[str]:
    name, which = figure.name(locale), locale != "vi"
    head = name + _UNITS[figure.unit][which]
    return [head] if figure.unit is Unit.COUNT else [head, name + _SAMPLE[which]]


def _cells(one: Told) -> list[Any]:
    return [one.value] if one.figure.unit is Unit.COUNT else [one.value, one.sample]
