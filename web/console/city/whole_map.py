"""The whole city as a drawing: every area once, from the outlines that phones get too."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import cos, radians

import shapely
from flask import current_app
from shapely.geometry.base import BaseGeometry

from reports.city.snapshot import City
from reports.outlines import simplified

WIDTH = 720  # of the drawing, in its own units
LETTER = 6.2  # how wide one letter of a name is drawn
AROUND = 0.3  # of their size, around areas that are looked at closely
SHAPE = 1.6  # of such a look: width by height
SHORT_NAME = 5  # letters
_LABEL_HEIGHT = 16


@dataclass(frozen=True, slots=True)
class Drawn:
    """An area: its outline as SVG's `d`, and where its code stands if there is room."""

    code: str
    path: str
    x: float
    y: float
    room: int  # letters that fit


@dataclass(frozen=True, slots=True)
class WholeMap:
    width: int
    height: int
    areas: tuple[Drawn, ...]


@dataclass(frozen=True, slots=True)
class _Kept:
    """The outlines of one city, simplified together, and all of them drawn."""

    city: City
    shapes: dict[str, BaseGeometry]
    drawn: WholeMap


def whole(city: City) -> WholeMap:
    return _kept(city).drawn


def part(city: City, codes: Collection[str]) -> WholeMap | None:
    """A closer look at some areas, with what lies around them; None when they have no outline."""
    shapes = _kept(city).shapes
    wanted = [shapes[code] for code in codes if code in shapes]
    if not wanted:
        return None
    window = _window(*shapely.total_bounds(wanted))
    seen = {code: shapely.intersection(shape, window) for code, shape in shapes.items()}
    return _drawn({code: shape for code, shape in seen.items() if not shape.is_empty})


def _window(west: float, south: float, east: float, north: float) -> BaseGeometry:
    """A box around a box, as wide as a page."""
    narrow = cos(radians((south + north) / 2))
    high = max(north - south, (east - west) * narrow / SHAPE) * (1 + AROUND) / 2
    wide = high * SHAPE / narrow
    lng, lat = (west + east) / 2, (south + north) / 2
    return shapely.box(lng - wide, lat - high, lng + wide, lat + high)


def crowded(drawn: WholeMap) -> list[str]:
    """The areas in which no name has room."""
    return [one.code for one in drawn.areas if one.room < SHORT_NAME]


def _kept(city: City) -> _Kept:
    """With the app, for the city as it was built last."""
    kept: _Kept | None = current_app.extensions.get("xom.console_whole_map")
    if kept is None or kept.city is not city:
        codes = sorted(code for code in city.area_by_code if code in city.facts.boundaries)
        lines = simplified([city.facts.boundaries[code] for code in codes])
        shapes = dict(zip(codes, lines, strict=True))
        kept = _Kept(city, shapes, _drawn(shapes))
        current_app.extensions["xom.console_whole_map"] = kept
    return kept


def _drawn(shapes: Mapping[str, BaseGeometry]) -> WholeMap:
    if not shapes:
        return WholeMap(WIDTH, 0, ())
    west, south, east, north = shapely.total_bounds(list(shapes.values()))
    narrow = cos(radians((south + north) / 2))  # a degree of longitude in degrees of latitude
    unit = max((east - west) * narrow / WIDTH, 1e-9)

    def flat(shape: BaseGeometry) -> BaseGeometry:
        return shapely.transform(
            shape, lambda points: (points - [west, north]) * [narrow / unit, -1 / unit]
        )

    areas = tuple(_area(code, flat(shape)) for code, shape in shapes.items())
    return WholeMap(WIDTH, round((north - south) / unit), areas)


def _area(code: str, shape: BaseGeometry) -> Drawn:
    inside = shapely.point_on_surface(shape)
    left, _, right, _ = shapely.bounds(
        shapely.intersection(shape, shapely.box(-1e6, inside.y - 1, 1e6, inside.y + 1))
    )
    _, top, _, bottom = shapely.bounds(shape)
    room = int((right - left) / LETTER) if bottom - top > _LABEL_HEIGHT else 0
    return Drawn(code, _path(shape), round(inside.x, 1), round(inside.y, 1), room)


def _path(shape: BaseGeometry) -> str:
    rings = [
        shapely.get_coordinates(ring)
        for polygon in shapely.get_parts(shape)
        if polygon.geom_type == "Polygon"
        for ring in (polygon.exterior, *polygon.interiors)
    ]
    return "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring) + "Z" for ring in rings)
