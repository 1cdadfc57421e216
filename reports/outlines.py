"""All areas as lines to draw under a map: simplified together, so that neighbours keep one border.

Made of the city in memory and kept with it, once for each version and language: Huế's forty wards
(130,000 points) take a sixth of a second. A single area's true boundary: `queries.boundary`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import orjson
import shapely
from flask import current_app
from numpy.typing import NDArray
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from reports.city.snapshot import City

MOST_POINTS = 5500  # of all areas together: some 110 kB
LEAST_AN_AREA = 12  # so many it may have, however many areas there are
FINEST = 0.0001  # degrees: the side of a square as large as what may be cut off
COARSER = 1.2  # at least, each try, until there are few enough
COARSEST = 0.05
FINE = 0.0005  # from there on four decimals (11 m) tell no less than five


@dataclass
class _Kept:
    """One app's outlines, of the city as it was built last."""

    of: City | None = None
    bodies: dict[str, bytes] = field(default_factory=dict)
    making: Lock = field(default_factory=Lock)


def outlines(city: City, locale: str) -> bytes:
    """A GeoJSON FeatureCollection: code, name, and whether the boundary is approximate."""
    kept: _Kept = current_app.extensions.setdefault("xom.outlines", _Kept())
    with kept.making:
        if kept.of is not city:
            kept.of, kept.bodies = city, {}
        if locale not in kept.bodies:
            kept.bodies[locale] = orjson.dumps(_collection(city, locale))
        return kept.bodies[locale]


def _collection(city: City, locale: str) -> dict[str, Any]:
    areas = sorted(city.area_by_code.values(), key=lambda area: area.code)
    areas = [area for area in areas if area.code in city.facts.boundaries]
    shapes = simplified([city.facts.boundaries[area.code] for area in areas])
    features = [
        {
            "type": "Feature",
            "id": area.code,
            "geometry": mapping(shape),
            "properties": {
                "code": area.code,
                "name": area.name_vi if locale == "vi" else area.name_en,
                "approximate": area.approximate,
            },
        }
        for area, shape in zip(areas, shapes, strict=True)
    ]
    return {"type": "FeatureCollection", "features": features}


def simplified(boundaries: Sequence[BaseGeometry]) -> list[BaseGeometry]:
    """The same areas with few points. Where two shared a border, they share it still.

    Pure. What overlaps is simplified too, each border by itself.
    """
    if not boundaries:
        return []
    most = max(MOST_POINTS, LEAST_AN_AREA * len(boundaries))
    shapes: NDArray[Any] = shapely.coverage_simplify(list(boundaries), tolerance := FINEST)
    while (too_many := shapely.get_num_coordinates(shapes).sum() / most) > 1:
        if tolerance > COARSEST:
            break
        tolerance *= max(COARSER, too_many)  # points grow fewer more slowly than squares larger
        shapes = shapely.coverage_simplify(shapes, tolerance)
    decimals = 5 if tolerance < FINE else 4
    # Each point alike, so that a border stays one line.
    return [shapely.transform(shape, lambda points: points.round(decimals)) for shape in shapes]
