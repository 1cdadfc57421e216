"""Small maps as drawings: the wards around a point, or around the points of a list. They need no
script and no outside service, and print.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan, cos, degrees, radians, sinh
from typing import Any

import numpy as np
import shapely
from flask import current_app
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from reports.city.snapshot import City
from reports.places import to_mercator
from web.console import map_names
from web.console.map_names import Box, Placed, Wanted

WIDTH, HEIGHT = 640, 280  # of the drawing, in its own units
ACROSS_M = 3_600  # metres of ground from side to side
BAR_M = 200
LARGE = (800, 640)  # the drawing of a whole list
#: The height of letters on a wide screen and on a phone, in units of the drawing: as in report.css.
LETTERS, LARGE_LETTERS = (16, 22), (18, 28)
POINT = 18  # half of a point, with room around it
ROOM = 1.15  # so much of it is more than the points need
BARS = (100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000)  # metres that a bar may stand for
SIMPLE_M = 6  # Mercator metres that a line may be off: less than two units of the drawing
_RADIUS_M = 6_378_137.0  # of Web Mercator's sphere


@dataclass(frozen=True, slots=True)
class Ward:
    path: str  # as SVG's `d`
    name: str
    label: Placed | None  # where its name stands; none where it would not be read
    here: bool


@dataclass(frozen=True, slots=True)
class SmallMap:
    width: int
    height: int
    wards: list[Ward]
    bar_m: int
    bar: float  # its length in the drawing


@dataclass(frozen=True, slots=True)
class Sheet:
    """A drawing's frame: which point is its middle, and how many Mercator metres a unit is."""

    x: float
    y: float
    unit: float
    width: int = WIDTH
    height: int = HEIGHT

    def at(self, east: float, north: float) -> tuple[float, float]:
        return (
            round((east - self.x) / self.unit + self.width / 2, 1),
            round((self.y - north) / self.unit + self.height / 2, 1),
        )

    def ground(self, x: float, y: float) -> tuple[float, float]:
        """Mercator metres of a place in the drawing."""
        return self.x + (x - self.width / 2) * self.unit, self.y + (self.height / 2 - y) * self.unit

    @property
    def window(self) -> BaseGeometry:
        half = (self.width / 2 * self.unit, self.height / 2 * self.unit)
        return shapely.box(self.x - half[0], self.y - half[1], self.x + half[0], self.y + half[1])


def around(city: City, lat: float, lng: float, locale: str) -> SmallMap:
    """The wards within sight of a point, which is in the middle."""
    x, y = to_mercator(lat, lng)
    sheet = Sheet(x, y, unit=ACROSS_M / WIDTH / cos(radians(lat)))
    return _drawn(city, sheet, locale, BAR_M, LETTERS, here=(x, y))


def of_points(
    city: City,
    points: Sequence[tuple[float, float]],
    locale: str,
    *,
    least_m: int = ACROSS_M,
    room: float = ROOM,
    letters: tuple[int, int] = LARGE_LETTERS,
) -> tuple[SmallMap, list[tuple[float, float]]]:
    """The wards around some points (lat, lng), and where each of these is in the drawing; at least
    so much of the ground is on it, and `room` times what the points take up."""
    spots = [to_mercator(lat, lng) for lat, lng in points]
    easts, norths = [x for x, _ in spots], [y for _, y in spots]
    lat = points[0][0]
    least = least_m / cos(radians(lat))
    across = max(least, (max(easts) - min(easts)) * room)
    upright = max(least * LARGE[1] / LARGE[0], (max(norths) - min(norths)) * room)
    unit = max(across / LARGE[0], upright / LARGE[1])
    middle = (min(easts) + max(easts)) / 2, (min(norths) + max(norths)) / 2
    sheet = Sheet(*middle, unit, *LARGE)
    placed = [sheet.at(*spot) for spot in spots]
    return _drawn(city, sheet, locale, _bar_for(unit, lat), letters, points=placed), placed


def _drawn(
    city: City,
    sheet: Sheet,
    locale: str,
    bar_m: int,
    letters: tuple[int, int],
    *,
    here: tuple[float, float] | None = None,
    points: Sequence[tuple[float, float]] = (),
) -> SmallMap:
    codes, tree = _in_metres(city)
    window = sheet.window
    lat = degrees(atan(sinh(sheet.y / _RADIUS_M)))
    bar = round(bar_m / cos(radians(lat)) / sheet.unit, 1)
    shapes = []
    for index in sorted(tree.query(window, predicate="intersects")):
        area, shape = city.area_by_code[codes[index]], tree.geometries[index]
        name = area.name_vi if locale == "vi" else area.name_en
        shapes.append((name, shape, shapely.intersection(shape, window)))
    labels = map_names.place(
        [_wanted(name, seen, sheet) for name, _, seen in shapes],
        taken=[_bars_room(sheet, bar), *([_point_box(*sheet.at(*here))] if here else [])],
        points=[_point_box(*point) for point in points],
        letters=letters,
        width=sheet.width,
        height=sheet.height,
    )
    wards = [
        Ward(
            path=_path(seen, sheet),
            name=name,
            label=label,
            here=here is not None and bool(shapely.intersects_xy(shape, *here)),
        )
        for (name, shape, seen), label in zip(shapes, labels, strict=True)
    ]
    return SmallMap(sheet.width, sheet.height, wards, bar_m, bar)


def _wanted(name: str, seen: BaseGeometry, sheet: Sheet) -> Wanted:
    shapely.prepare(seen)  # it is asked many times
    inner = shapely.point_on_surface(seen)
    west, south, east, north = seen.bounds
    (left, top), (right, bottom) = sheet.at(west, north), sheet.at(east, south)
    return Wanted(
        name,
        *sheet.at(inner.x, inner.y),
        Box(left, top, right, bottom),
        lambda x, y: bool(shapely.intersects_xy(seen, *sheet.ground(x, y))),
    )


def _bars_room(sheet: Sheet, bar: float) -> Box:
    """Where the bar of the scale stands, with its words."""
    return Box(0, sheet.height - 60, bar + 48, sheet.height)


def _point_box(x: float, y: float) -> Box:
    return Box(x - POINT, y - POINT, x + POINT, y + POINT)


def _bar_for(unit: float, lat: float) -> int:
    """A round length that is a tenth to a quarter of the drawing."""
    whole = unit * LARGE[0] * cos(radians(lat))
    return next((m for m in BARS if m >= whole / 10), BARS[-1])


def _in_metres(city: City) -> "_Drawn":
    """Kept with the app, for the city as it was built last."""
    kept: dict[str, Any] = current_app.extensions.setdefault("xom.console_map", {})
    if kept.get("city") is not city:
        kept.update(city=city, drawn=_made_ready(city))
    drawn: _Drawn = kept["drawn"]
    return drawn


_Drawn = tuple[list[str], shapely.STRtree]


def _made_ready(city: City) -> _Drawn:
    """All boundaries in Mercator metres, simplified together: neighbours keep one border."""
    codes = [code for code in city.area_by_code if code in city.facts.boundaries]
    shapes: list[BaseGeometry] = [
        shapely.transform(city.facts.boundaries[code], _to_metres) for code in codes
    ]
    return codes, shapely.STRtree(shapely.coverage_simplify(shapes, SIMPLE_M))


def _to_metres(points: NDArray[Any]) -> NDArray[Any]:
    """As `reports.places.to_mercator`, for many points at once."""
    lng, lat = np.radians(points[:, 0]), np.radians(points[:, 1])
    return np.column_stack([lng * _RADIUS_M, np.arctanh(np.sin(lat)) * _RADIUS_M])


def _path(shape: BaseGeometry, sheet: Sheet) -> str:
    rings = [
        shapely.get_coordinates(ring)
        for polygon in shapely.get_parts(shape)
        if polygon.geom_type == "Polygon"
        for ring in (polygon.exterior, *polygon.interiors)
    ]
    spots = ([sheet.at(*point) for point in ring] for ring in rings)
    return "".join(f"M{'L'.join(f'{x} {y}' for x, y in ring)}Z" for ring in spots)
