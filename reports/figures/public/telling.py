"""Public figures as plain values: what the API and the residents' page hand out.

In the shape of the leaders' figures (`reports.figures.telling`), so that a page reads both; here
`public` is true, `published` names the months, and what is not told is null.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from app.database import reading
from app.errors import Invalid
from app.locale import in_words
from reports import asking
from reports.city.snapshot import City
from reports.csv_text import csv_of
from reports.figures.asked import figures_from
from reports.figures.changes import Change, Measured, Unit, change
from reports.figures.definitions import BY_KEY, VERSION
from reports.figures.group_names import TOTAL, GroupName, named
from reports.figures.heat_answers import collection
from reports.figures.periods import Kind, Period, containing
from reports.figures.public.answers import (
    By,
    Group,
    Heat,
    HeatMap,
    Only,
    What,
    heat,
    indicators,
)
from reports.figures.public.asked import Months, NotPublic, months, refuse
from reports.figures.public.atoms import FINEST, PEOPLE
from reports.figures.public.models import PublicNote
from reports.figures.public.outcomes import REST, ROUNDED, STEP, TEN
from reports.figures.scope import By as AnyBy
from reports.figures.telling import change_of, period_of

Plain = dict[str, Any]
COUNTS = ("received", "published", "not_public")
OUTCOMES = ("open", "resolved", "rejected", "timed", "on_time", "ratings", "satisfied")
FIGURES = ("received", "published", "open", "resolved", "rejected", "on_time", "resolve_median",
           "satisfied")  # fmt: skip
LEAST_SAMPLE = 10  # of a share
_SHARES = {"on_time": "timed", "satisfied": "ratings"}
_REST = GroupName("rest", "Các nơi, các mục còn lại", "All the rest")
NOTE_VI = (
    f"Tháng đã công bố thì không đổi nữa. Nhóm dưới {PEOPLE} người không nêu riêng (để trống), và "
    f"được tính chung với nhóm khác. Kết quả, thời hạn và điểm chấm chỉ tính trên phản ánh mà ai "
    f"cũng đọc được; riêng “rejected” tính trên mọi phản ánh, làm tròn đến {TEN}. Số lượt hài lòng "
    f"làm tròn đến {STEP}. Phản ánh về cán bộ, đơn vị không tính vào số liệu công khai."
)
NOTE_EN = (
    f"A published month never changes. Groups of fewer than {PEOPLE} people are not told by "
    f"themselves (null), but together with others. Outcomes, deadlines and ratings are those of "
    f"reports that anyone may read; “rejected” alone is of all of them, in {TEN}s. Those that are "
    f"satisfied are told in {STEP}s. Reports about officials are not counted in public figures."
)
ON_MAP_VI = (
    " Số của một ô là ít nhất: những phản ánh ở “elsewhere” và “mixed” không nêu được vị trí ở cỡ ô"
    " này hoặc lĩnh vực, và có thể nằm trong chính các ô đó."
)
ON_MAP_EN = (
    " A cell's count is the least it can be: the reports of “elsewhere” and “mixed”, whose place or"
    " category is told less exactly, may lie in these cells too."
)


class TooFine(Invalid):
    code = "too-fine-for-public"
    vi = "Bản đồ công khai có ô cỡ 6 đến {finest}. Chọn “resolution” từ 6 đến {finest}."
    en = "The public map has cells of resolution 6 to {finest}. Choose one of these."
    field = "resolution"


# The map -----------------------------------------------------------------------------------------


def heat_told(query: Mapping[str, Any], city: City) -> Plain:
    """The public map of heat for a query: JSON or, where it asks for it, GeoJSON.

    Raises TooFine, what `months` does, NotPublic, and what `asking` does.
    """
    if query["resolution"] > FINEST:
        raise TooFine(finest=FINEST)
    refuse(**{name: query.get(name) for name in ("office", "frames", "compare_from", "compare_to")})
    narrowed = asking.filters_from({**query, "since": None, "until": None}, city)
    refuse(status=narrowed.statuses)
    asked = months(query.get("since"), query.get("until"))
    found = heat(
        asked,
        resolution=query["resolution"],
        box=asking.box_from(query.get("bbox")),
        category=narrowed.category_id,
        area=narrowed.area_id,
    )
    if query.get("format") == "geojson":
        return collection([(one.cell, _counts(one)) for one in found.cells])
    about = _about(asked)
    about["note"] += in_words(ON_MAP_VI, ON_MAP_EN)
    return _heat(found, query["resolution"]) | about


def _heat(found: HeatMap, resolution: int) -> Plain:
    return {
        "items": [{"cell": f"{one.cell:x}", **_counts(one)} for one in found.cells],
        "resolution": resolution,
        "elsewhere": found.elsewhere,
        "mixed": found.mixed,
    }


def _counts(one: Heat) -> Plain:
    return {"count": one.reports, "published": one.shown}


# Figures -----------------------------------------------------------------------------------------


def indicators_told(query: Mapping[str, Any], city: City, locale: str) -> Plain:
    """The public figures for a query. Raises as `heat_told` does, OneAtATime and UnknownFigure."""
    refuse(compare=query.get("compare") not in {None, "before", "none"})
    narrowed = asking.filters_from(
        {name: query.get(name) for name in ("area", "category", "office")}, city
    )
    only = Only(narrowed.area_id, narrowed.category_id, narrowed.office_id)
    by = _by(query.get("by"))
    asked = months(query.get("since"), query.get("until"))
    total, groups = indicators(asked, by=by, only=only)
    wanted = figures_from(query.get("figures"))
    keys = [key for key in FIGURES if not wanted or key in wanted]
    return {
        "period": _period(asked, locale),
        "compared": None,
        "scope": {name: query.get(name) for name in ("area", "category", "office")},
        "by": by,
        "definitions_version": VERSION,
        "total": _told(total, TOTAL, locale, keys),
        "groups": [_told(group, _name(by, group, city), locale, keys) for group in groups],
        "rounded": list(ROUNDED),
    } | _about(asked)


def _by(named_by: str | None) -> By | None:
    try:
        return By(named_by) if named_by else None
    except ValueError:
        raise NotPublic(field="by") from None


def _name(by: By | None, group: Group, city: City) -> GroupName:
    return _REST if group.key == REST else named(AnyBy(by) if by else None, group.key, city)


def _told(group: Group, name: GroupName, locale: str, keys: list[str]) -> Plain:
    sums = sums_of(group)
    return {
        "code": name.code or None,
        "name": name.of(locale),
        "partly": bool(least := at_least(group, sums)),
        "at_least": least,
        "sums": sums,
        "figures": {key: _figure(key, sums, group) for key in keys},
    }


def sums_of(group: Group) -> dict[str, int | None]:
    """Its counts, null where they are not told; those of ROUNDED are about so many."""
    told = {name: group.counts.get(name) for name in OUTCOMES}
    return {"received": group.received, "published": group.shown, "not_public": group.hidden} | told


def at_least(group: Group, sums: Mapping[str, int | None]) -> list[str]:
    """Which of its sums are so many or more: some month told nothing of them."""
    return [
        name
        for name, count in sums.items()
        if count is not None and group.lacks & _OF.get(name, {What.OUTCOMES})
    ]


#: What counts are made of.
_OF = {
    "received": {What.SHOWN, What.HIDDEN},
    "published": {What.SHOWN},
    "not_public": {What.HIDDEN},
}


def _figure(key: str, sums: Mapping[str, int | None], group: Group) -> Plain:
    unit = BY_KEY[key].unit
    measured = _measured(key, sums, group)
    return {
        "value": measured.value,
        "unit": unit,
        "sample": measured.sample,
        "change": change_of(_no_change(unit)),
    }


def _measured(key: str, sums: Mapping[str, int | None], group: Group) -> Measured:
    if key == "resolve_median":
        hours = group.median_h
        return Measured(None if hours is None else hours * 3600, sums["resolved"] or 0)
    if key not in _SHARES:
        return Measured(sums[key], sums[key] or 0)
    sample = sums[_SHARES[key]] or 0
    value = None if sample < LEAST_SAMPLE else round((sums[key] or 0) / sample, 2)
    return Measured(None if value is None else min(1.0, value), sample)


def _no_change(unit: Unit) -> Change:
    return change(unit, Measured(None, 0), None)


def csv_told(told: Plain, locale: str) -> list[str]:
    """The same as a table: code, name, counts, and which of these are so many or more."""
    names = [*COUNTS, *OUTCOMES]
    rows = [
        [
            group["code"],
            group["name"],
            *(group["sums"][name] for name in names),
            " ".join(group["at_least"]),
        ]
        for group in (*told["groups"], told["total"])
    ]
    counts = (f"{one}_about" if one in ROUNDED else one for one in names)
    heads = ["code", "name", *counts, "at_least"]
    return list(csv_of([heads, *rows]))


# About both --------------------------------------------------------------------------------------


def _period(asked: Months, locale: str) -> Plain | None:
    if asked.since is None or asked.until is None:
        return None
    return period_of(Period(asked.since, asked.until), locale) | {"unfinished": False}


def _about(asked: Months) -> Plain:
    return {
        "public": True,
        "as_of": max((one.as_of for one in asked.found), default=None),
        "published": months_told([(one.first, one.published_at) for one in asked.found]),
        "note": in_words(NOTE_VI + _missing(asked, "vi"), NOTE_EN + _missing(asked, "en")),
    }


def _missing(asked: Months, locale: str) -> str:
    """Which months of the range are not in the numbers, as one more sentence of the note."""
    if not asked.missing:
        return ""
    runs = ", ".join(_run(run, locale) for run in _runs(asked.missing))
    vi = f" Chưa công bố, nên không có trong các số này: {runs}."
    return vi if locale == "vi" else f" Not published, and so not in these numbers: {runs}."


def _runs(firsts: list[date]) -> list[list[date]]:
    """Months that follow each other, together."""
    runs: list[list[date]] = []
    for first in firsts:
        if runs and containing(Kind.MONTH, runs[-1][-1]).until == first:
            runs[-1].append(first)
        else:
            runs.append([first])
    return runs


def _run(run: list[date], locale: str) -> str:
    ends = dict.fromkeys((run[0], run[-1]))
    return " – ".join(containing(Kind.MONTH, one).name(locale) for one in ends)


def months_told(published: list[tuple[date, Any]]) -> list[Plain]:
    """Months by their code, when each was published, and what was said of it since."""
    changed = notes() if published else {}
    return [
        {
            "month": containing(Kind.MONTH, first).code,
            "published_at": at,
            "changed_since": changed.get(first, 0),
        }
        for first, at in published
    ]


def notes() -> dict[date, int]:
    """About how many reports of a month changed since, as was last said of it; in fives."""
    with reading() as connection:
        query = select(PublicNote.month, PublicNote.changed).order_by(PublicNote.at)
        return {row.month: row.changed for row in connection.execute(query)}
