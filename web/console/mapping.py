"""A small map as a drawing: the wards around a point, and the point. It needs no script and no
outside service, and prints.
"""

from dataclasses import dataclass
from math import cos, radians
from typing import Any

import numpy as np
import shapely
from flask import current_app
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from reports.city.snapshot import City
from reports.places import to_mercator

WIDTH, HEIGHT = 640, 280  # of the drawing, in its own units
ACROSS_M = 3_600  # metres of ground from side to side
BAR_M = 200
SIMPLE_M = 6  # Mercator metres that a line may be off: less than two units of the drawing
_RADIUS_M = 6_378_137.0  # of Web Mercator's sphere


@dataclass(frozen=True, slots=True)
class Ward:
    path: str  # as SVG's `d`
    name: str
    x: float  # of its name
    y: float
    here: bool


@dataclass(frozen=True, slots=True)
class SmallMap:
    width: int
    height: int
    wards: list[Ward]
    bar_m: int
    bar: float  # its length in the drawing


def around(city: City, lat: float, lng: float, locale: str) -> SmallMap:
    """The wards within sight of a point, which is in the middle."""
    unit = ACROSS_M / WIDTH / cos(radians(lat))  # Mercator metres
    x, y = to_mercator(lat, lng)
    reach = (WIDTH / 2 * unit, HEIGHT / 2 * unit)
    window = shapely.box(x - reach[0], y - reach[1], x + reach[0], y + reach[1])
    codes, tree = _in_metres(city)
    wards = []
    for index in sorted(tree.query(window, predicate="intersects")):
        area, shape = city.area_by_code[codes[index]], tree.geometries[index]
        seen = shapely.intersection(shape, window)
        label = shapely.point_on_surface(seen)
        wards.append(
            Ward(
                path=_path(seen, x, y, unit),
                name=area.name_vi if locale == "vi" else area.name_en,
                **_name_at((label.x - x) / unit + WIDTH / 2, (y - label.y) / unit + HEIGHT / 2),
                here=bool(shapely.intersects_xy(shape, x, y)),
            )
        )
    return SmallMap(WIDTH, HEIGHT, wards, BAR_M, round(BAR_M / (ACROSS_M / WIDTH), 1))


def _name_at(x: float, y: float) -> dict[str, float]:
    """Within the drawing as a whole, and not over the point itself."""
    x, y = min(max(x, 70), WIDTH - 70), min(max(y, 22), HEIGHT - 16)
    if abs(x - WIDTH / 2) < 80 and abs(y - HEIGHT / 2) < 26:
        y = HEIGHT / 2 + 40
    return {"x": round(x, 1), "y": round(y, 1)}


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


def _path(shape: BaseGeometry, x: float, y: float, unit: float) -> str:
    rings = [
        shapely.get_coordinates(ring)
        for polygon in shapely.get_parts(shape)
        if polygon.geom_type == "Polygon"
        for ring in (polygon.exterior, *polygon.interiors)
    ]
    return "".join(f"M{'L'.join(_points(ring, x, y, unit))}Z" for ring in rings)


def _points(ring: NDArray[Any], x: float, y: float, unit: float) -> list[str]:
    return [
        f"{(east - x) / unit + WIDTH / 2:.1f} {(y - north) / unit + HEIGHT / 2:.1f}"
        for east, north in ring
    ]
