"""The leaders' figures under the clock, each beside a plain GROUP BY over `report` that counts what
it can of the same thing: what a page would cost without facts and roll-ups.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.database import db
from bench import staffing, wsgi
from bench.replay import Statement
from bench.wsgi import Environ
from reports.city import snapshot
from reports.figures.cells import bits_of
from reports.figures.periods import Kind, containing

OFTEN = "duong-hong"  # the category of most reports
CITY_RESOLUTION, WARD_RESOLUTION = 8, 9


@dataclass(frozen=True)
class Figure:
    """`plain`: the same by a GROUP BY over all reports that it is about."""

    name: str
    request: Callable[[int], Environ]
    plain: Statement
    target: float | None = None  # the least share of S1's rate


@dataclass(frozen=True)
class _Days:
    month: tuple[date, date]  # the whole one with most reports: the tickets' own come unevenly
    year: tuple[date, date]  # the whole one with most reports
    unfinished: tuple[date, date]  # the month of the newest report


def figures(leader: str, ward: str) -> list[Figure]:
    """`leader`: a token; `ward`: the code of an area. Has some reports of the month and the year be
    about the office of another leader, who counts all the others; flushes, and issues a token."""
    days, city = _days(), snapshot.current()
    area, category = city.area(ward), city.category(OFTEN)
    if area is None or category is None:
        raise LookupError(f"the city has no {ward} or no {OFTEN}")
    in_ward, in_kind = f"and area_id = {area.id}", f"and category_id = {category.id}"
    fine = {"resolution": WARD_RESOLUTION, "area": ward}
    heat = [
        ("a month", _between(days.month), _by_cell(days.month)),
        ("the city, ever", {}, _by_cell(None)),
        ("the city, ever, one category", {"category": OFTEN}, _by_cell(None, in_kind)),
        ("a year by months", {**_between(days.year), "frames": "month"}, _by_cell(days.year)),
        ("a month beside the one before", _compared(days.month), _by_cell(days.month)),
        ("a ward, ever", fine, _by_cell(None, in_ward, WARD_RESOLUTION)),
        (
            "a ward, one category, a month",
            {**fine, **_between(days.month), "category": OFTEN},
            _by_cell(days.month, f"{in_ward} {in_kind}", WARD_RESOLUTION),
        ),
    ]
    groups = [
        ("a month by office", "office", days.month, "none"),
        ("a month by office, compared", "office", days.month, "before"),
        ("a year by category", "category", days.year, "none"),
        ("an unfinished month by ward, compared", "area", days.unfinished, "before"),
        ("a month by day", "day", days.month, "none"),
    ]
    accused = staffing.token_of(staffing.accused_leader(_some_answered(days.month, days.year)))
    without = [
        ("a month by office", "office", days.month),
        ("a year by category", "category", days.year),
    ]
    return [
        *(
            Figure(
                f"heat: {name}",
                _get(leader, "/heatmap", query),
                plain,
                0.5 if name.startswith("a ward") else None,
            )
            for name, query, plain in heat
        ),
        *(
            Figure(
                f"figures: {name}",
                _get(leader, "/indicators", {**_between(when), "by": by, "compare": compare}),
                _by_group(by, when),
            )
            for name, by, when, compare in groups
        ),
        *(
            Figure(
                f"figures: {name}, without those about the reader's office",
                _get(accused, "/indicators", {**_between(when), "by": by, "compare": "none"}),
                _by_group(by, when),
            )
            for name, by, when in without
        ),
    ]


def _some_answered(*spans: tuple[date, date]) -> list[UUID]:
    """Three of each span, the same ones at every run: with them out, percentiles are others."""
    query = text(_ANSWERED)
    return [
        report_id
        for since, until in spans
        for report_id in db.session.scalars(query, {"since": since, "until": until})
    ]


_ANSWERED = """
select report_id from report_fact where day >= :since and day < :until and resolve_s is not null
 order by report_id limit 3
"""


def _get(leader: str, path: str, query: dict[str, Any]) -> Callable[[int], Environ]:
    address = f"/api/v1{path}"
    return lambda number: wsgi.request("GET", address, query, token=leader, number=number)


def _days() -> _Days:
    months = db.session.execute(text(_MONTHS)).all()
    newest = max(first for first, _ in months)
    years: Counter[date] = Counter()
    for first, many in months:
        years[containing(Kind.YEAR, first).since] += many
    whole = [(many, first) for first, many in months if first < newest]
    whole_years = [(many, first) for first, many in years.items() if first.year < newest.year]
    return _Days(
        month=_of(Kind.MONTH, max(whole)[1]),
        year=_of(Kind.YEAR, max(whole_years)[1]),
        unfinished=_of(Kind.MONTH, newest),
    )


_MONTHS = "select date_trunc('month', day)::date, count(*) from report_fact group by 1"


def _of(kind: Kind, day: date) -> tuple[date, date]:
    period = containing(kind, day)
    return period.since, period.until


def _between(days: tuple[date, date]) -> dict[str, Any]:
    return {"from": days[0].isoformat(), "to": days[1].isoformat()}


def _compared(days: tuple[date, date]) -> dict[str, Any]:
    since, until = _of(Kind.MONTH, days[0] - timedelta(days=1))
    compared = {"compare_from": since.isoformat(), "compare_to": until.isoformat()}
    return {**_between(days), **compared}


#: Everything that one pass over `report` can count; working time and roll-ups it has none.
_COUNTS = """
count(*), count(*) filter (where status not in ('resolved', 'closed', 'rejected', 'merged',
'withdrawn')), count(*) filter (where status in ('resolved', 'closed')),
count(*) filter (where first_due_at is not null and resolved_at is not null),
count(*) filter (where first_resolved_at <= first_due_at and resolved_at is not null),
percentile_disc(0.5) within group (order by first_resolved_at - submitted_at)
"""
_SENT = "submitted_at >= %s::date at time zone %s and submitted_at < %s::date at time zone %s"


def _by_cell(
    days: tuple[date, date] | None, where: str = "", resolution: int = CITY_RESOLUTION
) -> Statement:
    kept, level = bits_of(resolution)
    return _grouped(f"(cell & {kept}) | {level}", days, where)


def _by_group(by: str, days: tuple[date, date]) -> Statement:
    day = "(submitted_at at time zone 'Asia/Ho_Chi_Minh')::date"
    return _grouped(day if by == "day" else f"{by}_id", days)


def _grouped(key: str, days: tuple[date, date] | None, where: str = "") -> Statement:
    zone = snapshot.current().profile.timezone
    sent, values = (_SENT, [days[0], zone, days[1], zone]) if days else ("true", [])
    query = f"select {key}, {_COUNTS} from report where erased_at is null and {sent} {where}"
    return Statement(f"{query} group by 1", values, autocommit=True)
