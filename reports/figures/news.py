"""What is new, told above what is merely large: kinds of problems that came well above their own
past twelve months, somewhere or in the whole city. At most three plain sentences.

How likely so many are by chance is the conditional test of two Poisson rates
(`changes.p_of_as_many`); of all that was looked at, at most 1 in 20 told is chance (Benjamini and
Hochberg). Reports come in bursts, which a Poisson's do not: so a group must also exceed each of its
own months, by the day, and half as much again as their mean.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, TextClause, text

from reports.city import snapshot
from reports.city.snapshot import City
from reports.figures.changes import p_of_as_many, significant
from reports.figures.group_names import named
from reports.figures.moment import at_one_moment, moment_in
from reports.figures.periods import Kind, Period, containing, month
from reports.figures.scope import EVERYTHING, By, Scope
from reports.figures.spoken_numbers import about, chance, number

MOST = 3  # sentences
LEAST = 10  # reports in the period
WELL_ABOVE = 1.5  # times the usual
CHANCE = 0.05  # of what is told, as much may be chance
PAST_MONTHS, LEAST_MONTHS = 12, 3
LONGEST_DAYS = 92  # of a period that is no whole month, quarter or year
_PARTS_TOLD = 3  # wards with the same news make it the city's


@dataclass(frozen=True, slots=True)
class News:
    """One category that came well above its usual, in an area or (None) in all of the scope: of
    the city, or of one office's reports."""

    period: Period  # the days that are over, of the period asked for
    category: int
    area: int | None
    count: int
    usual: float  # in as many days, by the months before
    months: int  # that `usual` is from
    p: float
    areas: tuple[int, ...] = ()  # where most, when it is of all of the scope
    office: int | None = None  # whose reports alone are counted
    vi: str = ""
    en: str = ""

    def sentence(self, locale: str) -> str:
        return self.vi if locale == "vi" else self.en


@dataclass(frozen=True, slots=True)
class Past:
    """What a group was before: reports, and the most of its months by the day."""

    count: int
    most_a_day: float


Cell = tuple[int, int]  # area (0: all), category
Counts = Mapping[Cell, int]


def news(period: Period, *, scope: Scope = EVERYTHING, at: datetime) -> tuple[News, ...] | None:
    """What is new in the days of a period that are over; None where it cannot be told: no day is
    over yet, the past is too short, or the period too long to be counted. Raises
    FiguresNotReady."""
    city = snapshot.current()
    today = city.calendar.local_day(at)
    over = period if period.until <= today else _cut(period, today)
    if over is None or (over.kind is Kind.DAYS and over.days > LONGEST_DAYS):
        return None
    with at_one_moment() as connection:
        moment_in(connection)
        known = _known_months(connection, over.since)
        if known is None:
            return None
        counts = _told_to_all(connection, _counts(connection, over, scope), scope)
        past = _past(connection, known, scope)
    found = unusual(_with_a_past(counts, known, city), past, days=over.days, past_days=known.days)
    months = (known.until.year - known.since.year) * 12 + known.until.month - known.since.month
    told = [_one(cell, p, counts, past, over, known.days, months) for cell, p in found.items()]
    first = sorted(_folded(told, counts), key=_order)[:MOST]
    return tuple(_said(replace(one, office=scope.office), city) for one in first)


def unusual(
    counts: Counts, past: Mapping[Cell, Past], *, days: int, past_days: int
) -> dict[Cell, float]:
    """The cells that came well above their own past, each with its chance. Pure."""
    exposure = days / (days + past_days)
    chances = {
        cell: p_of_as_many(count, past[cell].count if cell in past else 0, exposure)
        for cell, count in counts.items()
        if count >= LEAST
    }
    limit = significant(chances.values(), CHANCE)
    return {
        cell: p
        for cell, p in chances.items()
        if p <= limit and _well_above(counts[cell] / days, past.get(cell), past_days)
    }


def _well_above(a_day: float, past: Past | None, past_days: int) -> bool:
    if past is None:
        return True
    return a_day > past.most_a_day and a_day > WELL_ABOVE * past.count / past_days


def _one(
    cell: Cell,
    p: float,
    counts: Counts,
    past: Mapping[Cell, Past],
    over: Period,
    past_days: int,
    months: int,
) -> News:
    before = past[cell].count if cell in past else 0
    usual = before * over.days / past_days
    return News(over, cell[1], cell[0] or None, counts[cell], usual, months, p)


def _folded(told: Iterable[News], counts: Counts) -> list[News]:
    """Where several areas have the same news it is told once, of all; else of each area alone."""
    told = list(told)
    folded: list[News] = []
    for category in {one.category for one in told}:
        of_all = [one for one in told if one.category == category and one.area is None]
        parts = [one for one in told if one.category == category and one.area is not None]
        if of_all and (not parts or len(parts) >= _PARTS_TOLD):
            folded.append(_with_areas(of_all[0], counts))
        else:
            folded += parts
    return folded


def _with_areas(one: News, counts: Counts) -> News:
    there = {area: n for (area, category), n in counts.items() if area and category == one.category}
    most = sorted(there, key=lambda area: (-there[area], area))[:2]
    return replace(one, areas=tuple(most))


def _order(one: News) -> tuple[float, float, int, int]:
    return one.p, one.usual - one.count, one.category, one.area or 0


# What is read -----------------------------------------------------------------------------------


def _cut(period: Period, today: date) -> Period | None:
    return Period(period.since, today) if period.since < today else None


def _known_months(connection: Connection, before: date) -> Period | None:
    """The months before, at most twelve, that the city has whole. The first of all is left out:
    it may have begun in the middle."""
    until = containing(Kind.MONTH, before).since
    since = month(until.year, until.month - PAST_MONTHS).since
    first = connection.execute(_FIRST).scalar()
    if first is None:
        return None
    since = max(since, containing(Kind.MONTH, first).until)
    least = month(until.year, until.month - LEAST_MONTHS).since
    return Period(since, until) if since <= least else None


_FIRST = text(
    "select min(start) from figure_group"
    " where span = 'month' and area_id = 0 and category_id = 0 and office_id = 0 and received > 0"
)


def _with_a_past(counts: Counts, known: Period, city: City) -> dict[Cell, int]:
    """Without areas and categories that came after: they have no past of their own."""
    areas, categories = city.area_by_id, city.categories_by_id
    return {
        (area, category): count
        for (area, category), count in counts.items()
        if categories[category].valid_from <= known.since
        and (not area or areas[area].valid_from <= known.since)
    }


def _counts(connection: Connection, period: Period, scope: Scope) -> Counts:
    """Reports by area and category, and (area 0) by category."""
    rolled_up = period.kind is not Kind.DAYS
    values: dict[str, Any] = {**scope.values()}
    if rolled_up:
        values |= {"span": str(period.kind), "start": period.since}
    else:
        values |= {"since": period.since, "until": period.until}
    query = _counts_query(frozenset(scope.values()), rolled_up=rolled_up)
    return {(row.area, row.category): row.reports for row in connection.execute(query, values)}


@cache
def _counts_query(narrowed: frozenset[str], *, rolled_up: bool) -> TextClause:
    if rolled_up:
        return text(
            "select area_id as area, category_id as category, received as reports from figure_group"
            f" where span = :span and start = :start and {_rows(narrowed)}"
        )
    where = "".join(f" and {column} = :{column}" for column in sorted(narrowed))
    of_all = "" if "area_id" in narrowed else ", (category_id)"
    return text(
        "select coalesce(area_id, 0) as area, category_id as category, count(*) as reports"
        f" from report_fact where day >= :since and day < :until{where}"
        f" group by grouping sets ((area_id, category_id){of_all})"
    )


_HIDDEN = text("select area_id, category_id from report_fact where report_id = any(:hidden)")


def _told_to_all(connection: Connection, counts: Counts, scope: Scope) -> Counts:
    """Without any group that a report was in which must not be learnt of."""
    if not scope.hidden:
        return counts
    rows = connection.execute(_HIDDEN, {"hidden": list(scope.hidden)}).all()
    hidden = {(area, row.category_id) for row in rows for area in (0, row.area_id)}
    return {cell: count for cell, count in counts.items() if cell not in hidden}


def _past(connection: Connection, known: Period, scope: Scope) -> dict[Cell, Past]:
    values = {"since": known.since, "until": known.until, **scope.values()}
    rows = connection.execute(_past_query(frozenset(scope.values())), values)
    return {(row.area, row.category): Past(row.reports, row.most_a_day) for row in rows}


@cache
def _past_query(narrowed: frozenset[str]) -> TextClause:
    days = "((start + interval '1 month')::date - start)"
    return text(
        "select area_id as area, category_id as category, sum(received) as reports,"
        f" max(received / {days}::float) as most_a_day from figure_group"
        f" where span = 'month' and start >= :since and start < :until and {_rows(narrowed)}"
        " group by area_id, category_id"
    )


def _rows(narrowed: frozenset[str]) -> str:
    """Rows of the roll-up by category within a scope: of each area and (area 0) of all, or of the
    one area that is asked for."""
    office = ":office_id" if "office_id" in narrowed else "0"
    area = " and area_id = :area_id" if "area_id" in narrowed else ""
    category = " = :category_id" if "category_id" in narrowed else " <> 0"
    return f"office_id = {office}{area} and category_id{category}"


# What is said -----------------------------------------------------------------------------------


def _said(one: News, city: City) -> News:
    return replace(one, vi=_vi(one, city), en=_en(one, city))


def _vi(one: News, city: City) -> str:
    category = named(By.CATEGORY, one.category, city).vi
    where = f" ở {_listed(one.areas, city, 'vi')}" if one.areas else ""
    most = f", nhiều nhất{where}" if where else ""
    return (
        f"{category} {_among(one, city, 'vi')}: {number(one.count, 'vi')} phản ánh"
        f" {_when(one.period, 'vi')}, {_usual_vi(one)}{most}. Khó có thể do ngẫu nhiên"
        f" (p < {chance(one.p, 'vi')})."
    )


def _en(one: News, city: City) -> str:
    category = named(By.CATEGORY, one.category, city).en
    most = f", most of all in {_listed(one.areas, city, 'en')}" if one.areas else ""
    return (
        f"{category} {_among(one, city, 'en')}: {number(one.count, 'en')} reports"
        f" {_when(one.period, 'en')}, {_usual_en(one)}{most}. Hardly by chance"
        f" (p < {chance(one.p, 'en')})."
    )


def _among(one: News, city: City, locale: str) -> str:
    """Where, and of whose reports."""
    vi = locale == "vi"
    parts = []
    if one.area:
        parts.append(f"{'ở' if vi else 'in'} {named(By.AREA, one.area, city).of(locale)}")
    if one.office:
        of = "trong các phản ánh của" if vi else "among the reports of"
        parts.append(f"{of} {named(By.OFFICE, one.office, city).of(locale)}")
    return ", ".join(parts) or ("ở toàn thành phố" if vi else "in the whole city")


def _when(period: Period, locale: str) -> str:
    """trong tháng 10/2026; từ 1/10 đến 30/11/2026; in 1–5 November 2026."""
    name = period.name(locale)
    if locale != "vi":
        return f"in {name}"
    return f"từ {name.replace(' – ', ' đến ')}" if " – " in name else f"trong {name}"


def _usual_vi(one: News) -> str:
    if not one.usual:
        return f"mà {one.months} tháng trước chưa có phản ánh nào"
    return f"bình thường {about(one.usual, 'vi')} (theo {one.months} tháng trước)"


def _usual_en(one: News) -> str:
    if not one.usual:
        return f"where none came in the {one.months} months before"
    usual = f"{about(one.usual, 'en')} {'is' if one.usual < 1 else 'are'} usual"
    return f"where {usual} (by the {one.months} months before)"


def _listed(areas: tuple[int, ...], city: City, locale: str) -> str:
    names = [named(By.AREA, area, city).of(locale) for area in areas]
    return (" và " if locale == "vi" else " and ").join(names)
