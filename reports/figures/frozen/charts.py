"""Drawings of a report, as SVG: a map of the wards and lines over thirteen months. Pure.

The colours are those of the pages (web/design/tokens.css): purple is the only brand colour and the
ramp of the map. Text is drawn in the report's own font.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from math import cos, floor, log10, radians
from typing import Any

from shapely.geometry.base import BaseGeometry

RAMP = ("#F3E8F7", "#DDBFE8", "#BF8FD3", "#9A5DB8", "#733592", "#4C1B66")
INK, MUTED, LINE, PURPLE = "#1F1A24", "#6A6472", "#E6E0EA", "#5E2B83"
LAND, BORDER, WATER, AMBER = "#EFE9DF", "#D5CBBB", "#E4EEF2", "#F6ECDB"
FONT = "Be Vietnam Pro"
_TEXT = f'font-family="{FONT}"'

#: Of the map, in points; a page's text is some 480 wide.
MAP_WIDTH, MAP_MOST_HEIGHT = 480.0, 330.0
_LETTER = 0.56  # of a letter's size, its usual width


@dataclass(frozen=True, slots=True)
class Ward:
    name: str
    shape: BaseGeometry
    value: float | None  # what colours it; None: nothing to tell


@dataclass(frozen=True, slots=True)
class Span:
    """Days to be marked along a line; `last` belongs to them."""

    since: date
    last: date
    label: str


def classes(values: Iterable[float | None]) -> tuple[float, ...]:
    """Upper bounds of all colours but the darkest, so that each holds about as many wards."""
    known = sorted({value for value in values if value})
    if not known:
        return ()
    count = min(len(RAMP), len(known))
    bounds = [known[len(known) * step // count] for step in range(1, count)]
    return tuple(dict.fromkeys(_rounded(bound) for bound in bounds))


def colour(value: float | None, bounds: Sequence[float]) -> str:
    if value is None:
        return LAND
    return RAMP[sum(value >= bound for bound in bounds)]


def ward_map(wards: Sequence[Ward], bounds: Sequence[float]) -> str:
    """All wards in their colours, the names of those that have room for one."""
    if not wards:
        return _svg(MAP_WIDTH, 1, "")
    place = _Projection.around([ward.shape for ward in wards])
    drawn = [
        f'<path d="{place.path(ward.shape)}" fill="{colour(ward.value, bounds)}" '
        f'stroke="{BORDER}" stroke-width="0.5" stroke-linejoin="round"/>'
        for ward in wards
    ]
    return _svg(MAP_WIDTH, place.height, "".join([*drawn, *_names(wards, place)]))


def _names(wards: Sequence[Ward], place: "_Projection") -> Iterator[str]:
    """Where they fit and do not touch; those with most to tell first."""
    taken: list[tuple[float, float, float, float]] = []
    for ward in sorted(wards, key=lambda ward: -(ward.value or 0)):
        x, y = place.point(*ward.shape.representative_point().coords[0])
        half = len(ward.name) * 6.5 * _LETTER / 2
        box = (max(0.0, x - half), y - 6, min(MAP_WIDTH, x + half), y + 3)
        if x < half or x > MAP_WIDTH - half or any(_touch(box, other) for other in taken):
            continue
        taken.append(box)
        yield (
            f'<text x="{x:.1f}" y="{y:.1f}" {_TEXT} font-size="6.5" text-anchor="middle" '
            f'fill="{INK}" stroke="#FFFFFF" stroke-width="1.8" stroke-linejoin="round" '
            f'paint-order="stroke">{escape(ward.name)}</text>'
        )


def _touch(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


@dataclass(frozen=True, slots=True)
class _Projection:
    """Degrees to points, true to angles at the middle of the map."""

    west: float
    north: float
    wide: float  # points a degree of longitude
    tall: float
    height: float
    left: float

    @classmethod
    def around(cls, shapes: Sequence[BaseGeometry]) -> "_Projection":
        boxes = [shape.bounds for shape in shapes]
        west, south = (min(box[side] for box in boxes) for side in (0, 1))
        east, north = (max(box[side] for box in boxes) for side in (2, 3))
        flat = cos(radians((south + north) / 2))
        tall = min(
            (MAP_WIDTH - 4) / ((east - west) * flat or 1), MAP_MOST_HEIGHT / (north - south or 1)
        )
        width = (east - west) * flat * tall
        return cls(
            west, north, tall * flat, tall, (north - south) * tall + 4, (MAP_WIDTH - width) / 2
        )

    def point(self, lng: float, lat: float) -> tuple[float, float]:
        return (lng - self.west) * self.wide + self.left, (self.north - lat) * self.tall + 2

    def path(self, shape: BaseGeometry) -> str:
        return "".join(self._ring(ring) for ring in _rings(shape))

    def _ring(self, ring: Sequence[Sequence[float]]) -> str:
        points = (self.point(one[0], one[1]) for one in ring)
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z"


def _rings(shape: Any) -> Iterator[Sequence[Sequence[float]]]:
    for polygon in getattr(shape, "geoms", [shape]):
        yield polygon.exterior.coords
        yield from (hole.coords for hole in polygon.interiors)


LINE_WIDTH, LINE_HEIGHT = 480.0, 118.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 38.0, 474.0, 16.0, 98.0


def month_line(
    values: Sequence[float | None],
    names: Sequence[str],
    told: Sequence[str],
    *,
    days: tuple[date, date],
    spans: Iterable[Span],
    ticks: Sequence[tuple[float, str]],
) -> str:
    """One figure by month. `names` stand below the months, `told` are the values in words, `days`
    the first of the first month and the first after the last, `ticks` the heights that are named,
    the lowest and the highest being the ends."""
    step = (_RIGHT - _LEFT) / max(1, len(values))
    low, high = ticks[0][0], ticks[-1][0] or 1

    def height(value: float) -> float:
        return _BOTTOM - (value - low) / (high - low) * (_BOTTOM - _TOP)

    points = [
        None if value is None else (_LEFT + step * (place + 0.5), height(value))
        for place, value in enumerate(values)
    ]
    return _svg(
        LINE_WIDTH,
        LINE_HEIGHT,
        "".join(
            [
                *_spans(spans, days),
                *(_tick(height(value), words) for value, words in ticks),
                *(
                    f'<text x="{_LEFT + step * (place + 0.5):.1f}" y="110" {_TEXT} font-size="7" '
                    f'text-anchor="middle" fill="{MUTED}">{escape(name)}</text>'
                    for place, name in enumerate(names)
                ),
                *_strokes(points),
                *_values(points, told),
            ]
        ),
    )


def ticks_up_to(most: float) -> list[float]:
    """Three or four round heights from 0 to just above the highest value."""
    rough = max(most, 1e-9) / 3
    size = 10 ** floor(log10(rough))
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= rough)
    heights = [0.0]
    while heights[-1] < most:
        heights.append(heights[-1] + step)
    return heights


def _spans(spans: Iterable[Span], days: tuple[date, date]) -> Iterator[str]:
    """Bands behind the line; a name where the one before leaves room for it."""
    since, until = days
    scale, free = (_RIGHT - _LEFT) / (until - since).days, 0.0
    for span in spans:
        x = _LEFT + (span.since - since).days * scale
        width = max(1.5, ((span.last - span.since).days + 1) * scale)
        yield (
            f'<rect x="{x:.1f}" y="{_TOP - 2}" width="{width:.1f}" '
            f'height="{_BOTTOM - _TOP + 2}" fill="{AMBER}"/>'
        )
        if x >= free:
            free = x + len(span.label) * 6.5 * _LETTER + 6
            yield (
                f'<text x="{x:.1f}" y="9" {_TEXT} font-size="6.5" fill="{MUTED}">'
                f"{escape(span.label)}</text>"
            )


def _tick(y: float, words: str) -> str:
    return (
        f'<line x1="{_LEFT}" y1="{y:.1f}" x2="{_RIGHT}" y2="{y:.1f}" stroke="{LINE}" '
        f'stroke-width="0.6"/><text x="{_LEFT - 5}" y="{y + 2.4:.1f}" {_TEXT} font-size="7" '
        f'text-anchor="end" fill="{MUTED}">{escape(words)}</text>'
    )


def _strokes(points: Sequence[tuple[float, float] | None]) -> Iterator[str]:
    """The line, broken where there is nothing to tell, and its points."""
    run: list[str] = []
    for point in (*points, None):
        if point:
            run.append(f"{point[0]:.1f} {point[1]:.1f}")
        elif run:
            yield (
                f'<path d="M{"L".join(run)}" fill="none" stroke="{PURPLE}" stroke-width="1.5" '
                'stroke-linejoin="round" stroke-linecap="round"/>'
            )
            run = []
    for point in points:
        if point:
            yield f'<circle cx="{point[0]:.1f}" cy="{point[1]:.1f}" r="1.8" fill="{PURPLE}"/>'


def _values(points: Sequence[tuple[float, float] | None], told: Sequence[str]) -> Iterator[str]:
    """Each value above its point; below it where the line comes from above on both sides."""
    for place, (point, words) in enumerate(zip(points, told, strict=True)):
        if point is None:
            continue
        beside = [
            one for one in (*points[max(0, place - 1) : place], *points[place + 1 :][:1]) if one
        ]
        is_low = len(beside) == 2 and all(one[1] < point[1] - 3 for one in beside)
        y = point[1] + 9 if is_low and point[1] < _BOTTOM - 10 else point[1] - 4.5
        yield (
            f'<text x="{point[0]:.1f}" y="{y:.1f}" {_TEXT} font-size="6.5" '
            f'text-anchor="middle" fill="{INK}" stroke="#FFFFFF" stroke-width="1.6" '
            f'stroke-linejoin="round" paint-order="stroke">{escape(words)}</text>'
        )


def _rounded(value: float) -> float:
    """To two digits that count: what a legend names."""
    if not value:
        return 0.0
    return round(value, 1 - floor(log10(abs(value))))


def _svg(width: float, height: float, inside: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.1f}" height="{height:.1f}" '
        f'viewBox="0 0 {width:.1f} {height:.1f}">{inside}</svg>'
    )
