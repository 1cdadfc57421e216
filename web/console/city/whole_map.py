"""The whole city as a drawing: every area once, from the outlines that phones get too."""

from dataclasses import dataclass
from math import cos, radians
from typing import Any

import shapely
from flask import current_app
from shapely.geometry.base import BaseGeometry

from reports.city.snapshot import City
from reports.outlines import simplified

WIDTH = 720  # of the drawing, in its own units
LETTER = 6.2  # how wide one letter of a name is drawn
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


def whole(city: City) -> WholeMap:
    """Kept with the app, for the city as it was built last."""
    kept: dict[str, Any] = current_app.extensions.setdefault("xom.console_whole_map", {})
    if kept.get("city") is not city:
        kept.update(city=city, drawn=_drawn(city))
    found: WholeMap = kept["drawn"]
    return found


def _drawn(city: City) -> WholeMap:
    codes = sorted(code for code in city.area_by_code if code in city.facts.boundaries)
    if not codes:
        return WholeMap(WIDTH, 0, ())
    shapes = simplified([city.facts.boundaries[code] for code in codes])
    west, south, east, north = shapely.total_bounds(shapes)
    narrow = cos(radians((south + north) / 2))  # a degree of longitude in degrees of latitude
    unit = max((east - west) * narrow / WIDTH, 1e-9)
    flat = [
        shapely.transform(
            shape, lambda points: (points - [west, north]) * [narrow / unit, -1 / unit]
        )
        for shape in shapes
    ]
    areas = tuple(_area(code, shape) for code, shape in zip(codes, flat, strict=True))
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
