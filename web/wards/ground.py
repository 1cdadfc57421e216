"""The ground of a map that the server draws: outlines of wards in the units of a drawing, and where
their names find room. Pure but for shapely's own working.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from reports.city.values import Area

Box = tuple[float, float, float, float]  # west, south, east, north
WIDTH, TALLEST, FLATTEST = 480, 520, 240  # units of the drawing
ROOM = 0.05  # of the box, free at each side
FINE = 0.6  # units: borders are drawn so much simpler
BEYOND = 0.02  # of the drawing, outlines go on: no border is drawn along its edge
LETTER = 0.56  # of the size of type, on average
MAJOR, MINOR = 15, 11  # sizes of type: names that a phone shows, and those that need more room


@dataclass(frozen=True, slots=True)
class Ground:
    """How degrees become units of a drawing: x to the right, y downwards, true to shape."""

    west: float
    north: float
    across: float  # units a degree of longitude
    down: float  # … of latitude
    height: float

    def at(self, lng: float, lat: float) -> tuple[float, float]:
        return (lng - self.west) * self.across, (self.north - lat) * self.down

    def path(self, shape: BaseGeometry) -> str:
        """A shape as SVG's `d`."""
        rings = (
            ring
            for polygon in getattr(shape, "geoms", [shape])
            if polygon.geom_type == "Polygon"
            for ring in (polygon.exterior, *polygon.interiors)
        )
        return "".join(self.line(ring.coords) for ring in rings)

    def line(self, ring: Iterable[Sequence[float]]) -> str:
        points = [f"{x:.1f} {y:.1f}" for x, y in (self.at(*point[:2]) for point in ring)]
        return f"M{'L'.join(points[:-1])}Z"


def ground_for(box: Box) -> Ground:
    """Wide as the drawing is, and as high as the box is then, within bounds."""
    west, south, east, north = box
    narrow = cos(radians((south + north) / 2))
    wide, high = (east - west) * narrow * (1 + 2 * ROOM), (north - south) * (1 + 2 * ROOM)
    scale = min(WIDTH / wide, TALLEST / high)
    height = max(FLATTEST, high * scale)
    across, down = scale * narrow, scale
    middle_lng, middle_lat = (west + east) / 2, (south + north) / 2
    return Ground(
        middle_lng - WIDTH / 2 / across, middle_lat + height / 2 / down, across, down, height
    )


def outlines(shapes: Sequence[BaseGeometry], ground: Ground) -> list[BaseGeometry]:
    """The same areas with as few points as the drawing shows; neighbours keep one border. What
    lies far outside is cut off, and empty."""
    if not shapes:
        return []
    simple = shapely.coverage_simplify(list(shapes), FINE / ground.down)
    aside, above = BEYOND * WIDTH / ground.across, BEYOND * ground.height / ground.down
    box = (
        ground.west - aside,
        ground.north - ground.height / ground.down - above,
        ground.west + WIDTH / ground.across + aside,
        ground.north + above,
    )
    cut: list[BaseGeometry] = list(shapely.clip_by_rect(simple, *box))
    return cut


@dataclass(frozen=True, slots=True)
class Label:
    """A name in the drawing, by its middle. `minor`: a phone has no room for it."""

    x: float
    y: float
    words: str
    minor: bool


def labels(
    areas: Sequence[tuple[Area, BaseGeometry]], ground: Ground, names: dict[str, str]
) -> list[Label]:
    """Names where they meet no other: first those with most people, in large type, then others in
    small type."""
    placed: list[tuple[Box, Label]] = []
    order = sorted(areas, key=lambda one: (-(one[0].population or 0), one[0].code))
    for minor, size in ((False, MAJOR), (True, MINOR)):
        there = {label.words for _, label in placed}
        for area, shape in order:
            words = names[area.code]
            if words in there or shape.is_empty:
                continue
            x, y = ground.at(*_middle(shape))
            box = _around(x, y, words, size)
            if _inside(box, ground) and not any(_meet(box, other) for other, _ in placed):
                placed.append((box, Label(round(x, 1), round(y, 1), words, minor)))
    return [label for _, label in placed]


def _middle(shape: Any) -> tuple[float, float]:
    point = shape.representative_point()
    return point.x, point.y


def _around(x: float, y: float, words: str, size: int) -> Box:
    half = len(words) * size * LETTER / 2 + 3
    return x - half, y - size * 0.9, x + half, y + size * 0.6


def _inside(box: Box, ground: Ground) -> bool:
    return box[0] > 2 and box[1] > 2 and box[2] < WIDTH - 2 and box[3] < ground.height - 2


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
