"""What a report holds: plain values, as they are stored with it and as its files show them.

Everything comes from `reports.figures.indicators` and its neighbours (trends, news, ranking), read
as of one moment. Nothing is counted here. Reports about officials are left out (`left_out`).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import TypedDict

from sqlalchemy import text

from app.errors import Conflict, Unavailable
from reports.city import snapshot
from reports.city.snapshot import City
from reports.figures import indicators
from reports.figures.changes import State
from reports.figures.cutoffs import cutoff
from reports.figures.definitions import BY_KEY, FIGURES
from reports.figures.frozen.first_paper import FirstPaper, first_paper_before
from reports.figures.frozen.left_out import left_out_in
from reports.figures.indicators import Answer, By, Group
from reports.figures.moment import at_one_moment, settled_in
from reports.figures.news import news
from reports.figures.periods import Period
from reports.figures.ranking import ranking
from reports.figures.trends import Trend, trend

FORMAT = 1  # of what is stored
LISTED = 5  # offices at either end of the ranking
#: What a line over thirteen months shows.
TREND_KEYS = ("received", "resolved", "on_time", "resolve_median", "satisfied")


class NothingReceived(Conflict):
    code = "nothing-received"
    vi = "Kỳ này không có phản ánh nào, nên không có báo cáo."
    en = "Nothing was received in this period, so there is nothing to report."


class FiguresBehind(Unavailable):
    code = "figures-behind"
    vi = "Số liệu mới tính đến trước lúc chốt kỳ này. Đợi vài phút rồi làm lại."
    en = "The figures do not reach this period's cut-off yet. Wait a few minutes and try again."


class Cell(TypedDict):
    """A figure: its value in its own unit (None: of nothing), the reports behind it."""

    value: float | None
    sample: int


class Told(Cell):
    """… with its change since the period before; `state` says why there may be none."""

    past: float | None
    amount: float | None
    by: str  # percent, number, points, seconds, stars
    state: str  # told, first_paper (told, against it), no_past, too_few, ripening
    sure: bool | None  # more than mere chance


class Name(TypedDict):
    code: str
    vi: str
    en: str


class Row(Name):
    """An office, ward, category or month. `nothing`: of this period nothing was theirs."""

    nothing: bool
    population: int | None  # of wards
    figures: dict[str, Cell]


class Mark(TypedDict):
    """Days that explain a line: Tết, floods. `last` is the last of them."""

    kind: str
    since: str
    last: str
    vi: str
    en: str


class Ranked(Name):
    place: int
    share: float
    sample: int


class Both(TypedDict):
    vi: str
    en: str


class Against(Both):
    """The first paper on the period before: that period's name, and on which day after its end it
    was made, as this one."""

    day: int


class Contents(TypedDict):
    """A whole report; moments as ISO 8601 with their zone, days as YYYY-MM-DD."""

    format: int
    city: Both
    publisher: Both
    timezone: str
    period: str
    name: Both
    since: str
    last: str
    number: int
    as_of: str
    made_at: str
    definitions_version: int
    against: Both | None
    first_paper: Against | None  # that what grows with time is held against
    total: dict[str, Told]
    offices: list[Row]
    areas: list[Row]
    categories: list[Row]
    months: list[Row]
    ripe: int  # of these months, how many are old enough for what grows with time
    marks: list[Mark]
    news: list[Both]
    most: list[Ranked]
    least: list[Ranked]
    least_sample: int  # fewer answers, and an office is not ranked
    too_few: list[Name]
    changes: list["Changed"]  # of an amendment, against the one before
    left_out: list[str]  # reports about officials, by id: for later papers, and on none


class Changed(TypedDict):
    """A figure that is not what the report before said. `group`: total, offices, areas, …"""

    group: str
    code: str
    vi: str
    en: str
    key: str
    before: float | None
    after: float | None


def read_contents(period: Period, *, number: int, at: datetime) -> Contents:
    """The report on a month or quarter, as the figures stand now. Flushes nothing.

    Raises NothingReceived, FiguresBehind, FiguresNotReady, FiguresMadeAnew.
    """
    city = snapshot.current()
    with at_one_moment() as connection:
        settled_in(connection)
        connection.execute(_TAKE_TIME)
        left_out = left_out_in(connection)
        scope = left_out.scope
        answers = {by: indicators.read(period, by=by, scope=scope, at=at) for by in _GROUPS}
        line = trend(period.last, scope=scope, at=at)
        told = news(period, scope=left_out.scope_of_news, at=at)
        whole = answers[By.OFFICE]
        young = whole.total.ripening
        first = first_paper_before(connection, period, city, at=at) if young else None
    if whole.as_of < cutoff(period, city.profile.settings, city.profile.timezone):
        raise FiguresBehind(retry_after=120)
    if not whole.total.sums["received"]:
        raise NothingReceived
    sentences: list[Both] = [{"vi": one.vi, "en": one.en} for one in told or ()]
    return _contents(city, answers, line, sentences, first, left_out.of(period), number, at)


_GROUPS = (By.OFFICE, By.AREA, By.CATEGORY)
#: Without some reports, the medians of up to thirteen months are sorted anew.
_TAKE_TIME = text("set local statement_timeout = '5min'")


def _contents(
    city: City,
    answers: dict[By, Answer],
    line: Trend,
    sentences: list[Both],
    first: FirstPaper | None,
    left_out: list[str],
    number: int,
    at: datetime,
) -> Contents:
    whole = answers[By.OFFICE]
    period, against, ranked = whole.period, whole.comparison, ranking(whole.groups)
    profile, centre = city.profile, city.centre
    return {
        "format": FORMAT,
        "city": {"vi": profile.name_vi, "en": profile.name_en},
        "publisher": {"vi": centre.name_vi, "en": centre.name_en},
        "timezone": profile.timezone,
        "period": period.code,
        "name": {"vi": period.name("vi"), "en": period.name("en")},
        "since": period.since.isoformat(),
        "last": period.last.isoformat(),
        "number": number,
        "as_of": whole.as_of.isoformat(),
        "made_at": at.isoformat(),
        "definitions_version": whole.definitions_version,
        "against": {"vi": against.words("vi"), "en": against.words("en")} if against else None,
        "first_paper": _against(first) if first else None,
        "total": {figure.key: _told(whole.total, figure.key, first) for figure in FIGURES},
        "offices": _rows(whole.groups),
        "areas": [
            {**row, "population": _population(city, row["code"])}
            for row in _rows(answers[By.AREA].groups)
        ],
        "categories": _rows(_not_about_officials(answers[By.CATEGORY].groups, city)),
        "months": _rows(line.months, TREND_KEYS),
        "ripe": line.ripe,
        "marks": [
            {
                "kind": str(mark.kind),
                "since": mark.days.since.isoformat(),
                "last": mark.days.last.isoformat(),
                "vi": mark.vi,
                "en": mark.en,
            }
            for mark in line.marks
        ],
        "news": sentences,
        "most": [_ranked(one.group, one.place) for one in ranked.most(LISTED)],
        "least": [_ranked(one.group, one.place) for one in ranked.least(LISTED)],
        "least_sample": ranked.least_sample,
        "too_few": [_name(group) for group in ranked.too_few],
        "changes": [],
        "left_out": left_out,
    }


def _not_about_officials(groups: Iterable[Group], city: City) -> list[Group]:
    """Without the categories of what is left out: a zero would be untrue."""
    left_out = {one.id for one in city.categories_by_id.values() if one.about_officials}
    return [group for group in groups if group.key not in left_out or not group.has_nothing]


def _rows(groups: Iterable[Group], keys: Iterable[str] = tuple(BY_KEY)) -> list[Row]:
    wanted = tuple(keys)
    return [
        {
            **_name(group),
            "nothing": group.has_nothing,
            "population": None,
            "figures": {key: _cell(group, key) for key in wanted},
        }
        for group in groups
    ]


def _cell(group: Group, key: str) -> Cell:
    measured = BY_KEY[key].measured(group.sums)
    return {"value": measured.value, "sample": measured.sample}


def _against(first: FirstPaper) -> Against:
    return {"vi": first.period.name("vi"), "en": first.period.name("en"), "day": first.day}


def _told(group: Group, key: str, first: FirstPaper | None) -> Told:
    told = group.told(key)
    by_first = first.change(told) if first else None
    change = by_first or told.change
    is_told_by_first = by_first is not None and by_first.state is State.TOLD
    return {
        "value": told.value,
        "sample": told.sample,
        "past": change.past,
        "amount": change.amount,
        "by": str(change.by),
        "state": "first_paper" if is_told_by_first else str(change.state),
        "sure": change.sure,
    }


def _name(group: Group) -> Name:
    return {"code": group.name.code, "vi": group.name.vi, "en": group.name.en}


def _ranked(group: Group, place: int) -> Ranked:
    on_time = group.told("on_time")
    share = float(on_time.value or 0)
    return {**_name(group), "place": place, "share": share, "sample": on_time.sample}


def _population(city: City, code: str) -> int | None:
    area = city.facts.areas.get(code)
    return area.population if area else None
