"""The leaders' map: where it hurts, by hexagon, from a district to a street corner.

A cell's figures are whole: a box only chooses which cells are told. They come from the same facts
and roll-ups, by the same expressions, as the indicators, as of the same moment. What the public
sees is `reports.figures.public`.

**Who is told what.** Leaders count every report, an office's head those that the office leads (or
is proposed for). Nobody counts a report about an office of their own: a map that turned darker on
the day after a complaint would tell of it, and where from. Roll-ups hold such reports, as they hold
all; so cells with one of them are counted anew without it for whoever must not know. Somebody
accused of nothing, which is nearly everybody, costs one look into a small index.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from app.errors import Forbidden, Invalid
from reports.city import snapshot
from reports.city.snapshot import City
from reports.figures import cells, population
from reports.figures.cell_reading import STATUSES_OF, Counted, received_by_cell, sums_by_cell
from reports.figures.cells import Box
from reports.figures.frames import Counts, Frame, counts_by_frame, frames_of
from reports.figures.moment import at_one_moment, moment_in
from reports.figures.periods import Period
from reports.figures.rights import hidden_from, sees_all_figures
from reports.permissions import Permission, Viewer, permits
from reports.statuses import Role, Status

#: Kilometres that a map may be wide or high where it shows fine cells.
WIDEST_KM = {9: 30.0, 10: 10.0}


class TooWide(Invalid):
    code = "map-too-wide"
    vi = "Phóng to bản đồ còn khoảng {km} km để xem ô nhỏ cỡ này, hoặc chọn ô lớn hơn."
    en = "Zoom in to about {km} km to see cells as small as these, or choose larger ones."
    field = "bbox"


class NotYourFigures(Forbidden):
    code = "not-your-figures"
    vi = "Bạn chỉ xem được số liệu của đơn vị mình phụ trách. Bỏ chọn đơn vị này."
    en = "You see the figures of your own office alone. Leave this office out."
    field = "office"


class BackwardDays(Invalid):
    code = "days-backward"
    vi = "Ngày kết thúc phải sau ngày bắt đầu."
    en = "The last day must come after the first."
    field = "to"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a map is asked for. None is no bound; days are half open, in the city's zone."""

    resolution: int = 8
    since: date | None = None
    until: date | None = None
    box: Box | None = None
    category_id: int | None = None
    area_id: int | None = None
    office_id: int | None = None
    statuses: frozenset[Status] | None = None
    frame: Frame | None = None
    compared: Period | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One hexagon. `resolve_median_s` is in working seconds; `on_time` is to be held against
    `timed` and `overdue_first` together, `satisfied` against `ratings`."""

    cell: int
    count: int
    open: int
    overdue: int
    overdue_first: int  # of these, past the first deadline and not reopened
    timed: int
    on_time: int
    resolve_n: int
    resolve_median_s: int | None
    ratings: int
    satisfied: int
    people: int | None  # estimated residents; None where it is not known
    per_1000: float | None
    before: int | None  # how many in the period that this one is compared with
    counts: list[int] | None  # by frame


@dataclass(frozen=True, slots=True)
class HeatMap:
    """`medians`: are they known? Over several periods of very many reports they are not."""

    cells: list[Cell]
    frames: list[Period] | None
    as_of: datetime
    medians: bool


def statuses_of(asked: frozenset[Status] | None) -> frozenset[Status] | None:
    """What a list of statuses means to figures: whoever asks for the resolved means the answered,
    whether or not they are closed by now."""
    answered = STATUSES_OF["resolved"]
    return asked | answered if asked and asked & answered else asked


def sees_figures(viewer: Viewer) -> bool:
    return permits(viewer, Permission.FIGURES)


def heat(wanted: Wanted, viewer: Viewer, *, at: datetime) -> HeatMap:
    """The cells of the map that hold a report, by H3 index, all read as of one moment.

    Raises TooWide, NotYourFigures, NoDays, TooManyFrames, BackwardDays, FiguresNotReady, NoCity.
    """
    city = snapshot.current()
    today = city.calendar.local_day(at)
    _refuse_too_wide(wanted, city)
    frames = _frames(wanted, today)
    with at_one_moment() as connection:
        as_of = moment_in(connection).as_of
        counted = counted_for(connection, wanted, viewer)
        rows, medians = sums_by_cell(connection, counted, at=as_of, today=today)
        counts = _counts(connection, counted, wanted, frames)
        before = _before(connection, counted, wanted, today)
    people = population.people_of(city).of(rows.keys() | before.keys())
    told = [
        _cell(cell, rows.get(cell, _NOTHING), people[cell], before, counts, wanted)
        for cell in sorted(rows.keys() | before.keys())
    ]
    return HeatMap(told, frames, as_of, medians)


def counted_for(connection: Connection, wanted: Wanted, viewer: Viewer) -> Counted:
    """Which reports this viewer counts. Raises NotYourFigures, BackwardDays."""
    if wanted.since and wanted.until and wanted.until <= wanted.since:
        raise BackwardDays
    return Counted(
        resolution=wanted.resolution,
        since=wanted.since,
        until=wanted.until,
        box=wanted.box,
        category_id=wanted.category_id,
        area_id=wanted.area_id,
        offices=offices_of(viewer, wanted.office_id),
        statuses=wanted.statuses,
        hidden=hidden_from(connection, viewer),
    )


def offices_of(viewer: Viewer, office_id: int | None) -> frozenset[int] | None:
    """The offices whose reports are counted; None for all. A head's are their own."""
    asked = None if office_id is None else frozenset({office_id})
    if sees_all_figures(viewer):
        return asked
    own = viewer.offices(Role.HEAD)
    if asked is not None and not asked <= own:
        raise NotYourFigures
    return asked or own


def _refuse_too_wide(wanted: Wanted, city: City) -> None:
    """Fine cells of a whole city would be tens of thousands. An area is a box of its own."""
    most = WIDEST_KM.get(wanted.resolution)
    if most is None:
        return
    box = wanted.box or _box_of_area(wanted, city)
    if box is None or max(cells.size_km(box)) > most:
        raise TooWide(km=round(most))


def _box_of_area(wanted: Wanted, city: City) -> Box | None:
    area = city.area_by_id.get(wanted.area_id) if wanted.area_id else None
    shape = city.facts.boundaries.get(area.code) if area else None
    return shape.bounds if shape is not None else None


def _frames(wanted: Wanted, today: date) -> list[Period] | None:
    if wanted.frame is None:
        return None
    return frames_of(wanted.since, wanted.until, wanted.frame, today)


def _counts(
    connection: Connection, counted: Counted, wanted: Wanted, frames: list[Period] | None
) -> Counts:
    if frames is None or wanted.frame is None:
        return {}
    return counts_by_frame(connection, counted, wanted.frame, frames)


def _before(
    connection: Connection, counted: Counted, wanted: Wanted, today: date
) -> dict[int, int]:
    if wanted.compared is None:
        return {}
    days = replace(counted, since=wanted.compared.since, until=wanted.compared.until)
    return received_by_cell(connection, days, today=today)


_NOTHING: Mapping[str, Any] = {}


def _cell(
    cell: int,
    row: Mapping[str, Any],
    people: float | None,
    before: Mapping[int, int],
    counts: Counts,
    wanted: Wanted,
) -> Cell:
    received = row.get("received", 0)
    return Cell(
        cell=cell,
        count=received,
        open=row.get("open", 0),
        overdue=row.get("overdue", 0),
        overdue_first=row.get("overdue_first", 0),
        timed=row.get("timed", 0),
        on_time=row.get("on_time", 0),
        resolve_n=row.get("resolve_n", 0),
        resolve_median_s=row.get("resolve_median"),
        ratings=row.get("ratings", 0),
        satisfied=row.get("satisfied", 0),
        people=None if people is None else round(people),
        per_1000=population.per_thousand(received, people),
        before=before.get(cell, 0) if wanted.compared else None,
        counts=counts.get(cell) if wanted.frame else None,
    )
