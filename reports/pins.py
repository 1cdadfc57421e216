"""The map: every public report of a box as a point, or, where that is too many, clusters.

Clusters are squares of the map, a fixed grid for each zoom, so that they stay what they are while
a finger moves the map; they are counted in the spatial index alone, which holds the places and not
the cells. Each lies in the middle of its reports and says how far they reach.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from math import ceil, floor, inf, log2
from threading import Condition
from time import monotonic
from typing import Any

from flask import current_app
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Double,
    Float,
    Integer,
    Select,
    String,
    bindparam,
    cast,
    extract,
    func,
    literal_column,
    select,
    text,
    type_coerce,
)
from sqlalchemy.exc import DBAPIError

from app.database import reading
from app.database_trouble import sqlstate_of
from app.errors import Unavailable
from reports.city.values import Category
from reports.filters import Bounds, Filters, narrowed
from reports.geometry import Box, box_values, spot_in_box
from reports.models import Report
from reports.pages import count
from reports.places import from_mercator, to_mercator
from reports.queries import kept

MOST_POINTS = 2000
ACROSS = 18  # squares that a box is at most divided into, each way
HEAVY = 20_000  # counting more than so many is worth remembering
REMEMBERED_S = 15.0
STALE_S = 600.0  # how old an answer may be while nobody can count anew
MOST_REMEMBERED = 64
AT_ONCE = 2  # counts at a time, in each process: the other threads are for reports
WAIT_S = 0.1  # for a turn, by whoever can be told nothing older
COUNT_MS = 5000  # longer than a whole city of five million reports takes
_QUERY_CANCELED = "57014"

Point = tuple[float, float, str, str, str, int, int]
Cluster = tuple[float, float, int, float, float, float, float]

_TABLE: Any = Report.__table__
_report = _TABLE.c
_SHOWN: ColumnElement[bool] = text("shown")  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class Pins:
    """Either all points (lng, lat, id, status, category, urgent, sent) or clusters (lng, lat, how
    many, west, south, east, north); degrees, seconds since 1970."""

    points: list[Point]
    clusters: list[Cluster]
    total: int
    stale: bool = False  # counted some minutes ago


class MapBusy(Unavailable):
    """Others are being counted for, and this was not counted before."""

    code = "map-busy"
    vi = "Bản đồ đang có nhiều người xem. Thử lại sau {retry_after} giây."
    en = "Many people are looking at the map. Try again in {retry_after} seconds."


@dataclass(frozen=True, slots=True)
class _Remembered:
    pins: Pins
    at: float


class _Memory:
    """One app's clusters of the last seconds, and the turns to count new ones."""

    def __init__(self) -> None:
        self.known: dict[Any, _Remembered] = {}
        self.given_up: dict[Any, float] = {}  # counts that took too long, and when
        self.counting: set[Any] = set()
        self.turns = Condition()

    def fresh(self, key: Any) -> Pins | None:
        return self._known(key, REMEMBERED_S)

    def stale(self, key: Any) -> Pins | None:
        found = self._known(key, STALE_S)
        return replace(found, stale=True) if found else None

    def _known(self, key: Any, seconds: float) -> Pins | None:
        found = self.known.get(key)
        return found.pins if found and monotonic() < found.at + seconds else None

    def keep(self, key: Any, found: Pins) -> None:
        with self.turns:
            self.known.pop(key, None)
            if len(self.known) >= MOST_REMEMBERED:
                self.known.pop(next(iter(self.known)))  # the oldest
            self.known[key] = _Remembered(found, monotonic())

    def give_up(self, key: Any) -> None:
        with self.turns:
            if len(self.given_up) >= MOST_REMEMBERED:
                self.given_up.clear()
            self.given_up[key] = monotonic()

    @contextmanager
    def turn(self, key: Any, *, wait: float) -> Iterator[bool]:
        """True: it is mine to count. Nobody else counts the same meanwhile, and few others."""
        with self.turns:
            mine = self.turns.wait_for(lambda: self._is_free(key), wait)
            if mine:
                self.counting.add(key)
        try:
            yield mine
        finally:
            if mine:
                with self.turns:
                    self.counting.discard(key)
                    self.turns.notify_all()

    def _is_free(self, key: Any) -> bool:
        in_peace = monotonic() < self.given_up.get(key, -inf) + REMEMBERED_S
        return key not in self.counting and len(self.counting) < AT_ONCE and not in_peace


def pins(
    box: Box, filters: Filters, categories: Mapping[int, Category], *, most: int = MOST_POINTS
) -> Pins:
    """What is shown in a box. Above `most` points, clusters."""
    values = filters.values()
    bounds = frozenset(values)
    inside = values | box_values(*box)
    with reading() as connection:
        found = connection.scalar(_counted(bounds, rows=most + 1), inside) or 0
        if found <= most:
            rows = connection.execute(_points(bounds, rows=most), inside)
            points = [(x, y, id_, status, categories[category].code, urgent, sent)
                      for x, y, id_, status, category, urgent, sent in rows]  # fmt: skip
            return Pins(points, [], len(points))
    return _clustered(bounds, values, box)


@kept
def _counted(bounds: Bounds, *, rows: int) -> Select[Any]:
    """How many there are, not counted any farther than this."""
    within: Select[Any] = (
        select(literal_column("1"))
        .select_from(_TABLE)
        .where(_SHOWN, spot_in_box("report"), *narrowed(bounds))
    )
    return select(func.count()).select_from(within.limit(count(rows)).subquery())


@kept
def _points(bounds: Bounds, *, rows: int) -> Select[Any]:
    """Ready to be written: a point costs no object but its row."""
    columns = (
        _report.lng,
        _report.lat,
        cast(_report.id, String),
        type_coerce(_report.status, String),
        _report.category_id,
        cast(_report.urgent, Integer),
        cast(func.floor(extract("epoch", _report.submitted_at)), BigInteger),
    )
    query = select(*columns).where(_SHOWN, spot_in_box("report"), *narrowed(bounds))
    return query.limit(count(rows))


# Clusters --------------------------------------------------------------------------------------


def _clustered(bounds: Bounds, values: dict[str, Any], box: Box) -> Pins:
    """Whole squares, those at the edges too. What took long to count is remembered for seconds:
    a number in the ten thousands may be that old, and phones that look at the whole city share it.

    While it is being counted, or too much else is, the last answer is told, as a stale one.
    """
    squares = _squares(box)
    key = (bounds, squares, repr(sorted(values.items())))
    memory: _Memory = current_app.extensions.setdefault("xom.pins", _Memory())
    if found := memory.fresh(key):
        return found
    stale = memory.stale(key)
    with memory.turn(key, wait=0 if stale else WAIT_S) as mine:
        if found := memory.fresh(key):
            return found
        told = _counted_anew(memory, key, bounds, values, squares) if mine else None
    told = told or stale
    if told is None:
        raise MapBusy(retry_after=2)
    return told


def _counted_anew(
    memory: _Memory, key: Any, bounds: Bounds, values: dict[str, Any], squares: "_Squares"
) -> Pins | None:
    """Remembered if that was long; None when it was too long, and nobody tries again at once."""
    try:
        counted = _count_clusters(bounds, values, squares)
    except DBAPIError as error:
        if sqlstate_of(error) != _QUERY_CANCELED:
            raise
        memory.give_up(key)
        return None
    if counted.total > HEAVY:
        memory.keep(key, counted)
    return counted


@dataclass(frozen=True, slots=True)
class _Squares:
    """The grid's squares that a box touches, in Web-Mercator metres."""

    side: float
    left: float
    bottom: float
    right: float
    top: float

    @property
    def box(self) -> str:
        return f"({self.right},{self.top}),({self.left},{self.bottom})"


def _squares(box: Box) -> _Squares:
    west, south, east, north = box
    left, bottom = to_mercator(south, west)
    right, top = to_mercator(north, east)
    side = 2.0 ** ceil(log2(max(right - left, top - bottom, ACROSS) / ACROSS))
    return _Squares(
        side,
        floor(left / side) * side,
        floor(bottom / side) * side,
        ceil(right / side) * side,
        ceil(top / side) * side,
    )


def _count_clusters(bounds: Bounds, values: dict[str, Any], squares: _Squares) -> Pins:
    asked = values | {"box": squares.box, "side": squares.side}
    with reading() as connection, _in_time(connection):
        rows = connection.execute(_grouped(bounds), asked).all()
    clusters = [_cluster(*row) for row in rows]
    return Pins([], clusters, sum(cluster[2] for cluster in clusters))


@contextmanager
def _in_time(connection: Connection) -> Iterator[None]:
    """Less time for statements than usual; the connection goes back as it came."""
    connection.exec_driver_sql(f"set statement_timeout = {COUNT_MS}")
    try:
        yield
    finally:
        connection.exec_driver_sql("reset statement_timeout")


@kept
def _grouped(bounds: Bounds) -> Select[Any]:
    x, y = (literal_column(f"spot[{axis}]", Float) for axis in (0, 1))
    side: Any = bindparam("side", type_=Double())
    square = (func.floor(x / side), func.floor(y / side))
    reach = (func.min(x), func.min(y), func.max(x), func.max(y))
    query = select(func.count(), func.avg(x), func.avg(y), *reach).select_from(_TABLE)
    return query.where(_SHOWN, spot_in_box("report"), *narrowed(bounds)).group_by(*square)


def _cluster(
    many: int, x: float, y: float, left: float, bottom: float, right: float, top: float
) -> Cluster:
    lat, lng = _degrees(x, y)
    south, west = _degrees(left, bottom)
    north, east = _degrees(right, top)
    return lng, lat, many, west, south, east, north


def _degrees(x: float, y: float) -> tuple[float, float]:
    lat, lng = from_mercator(x, y)
    return round(lat, 5), round(lng, 5)
