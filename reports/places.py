"""Where a point lies: which area, how far outside, which cell, how far from another point.

Pure: boundaries are handed in. Which office serves an area is `reports.routing`'s; where the
boundaries come from is `reports.city`'s. A point is always (latitude, longitude) in WGS84 degrees.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import atan, cos, degrees, exp, hypot, log, pi, radians, tan
from typing import Any

import numpy
import shapely
from geopy.distance import geodesic
from h3.api.basic_int import latlng_to_cell
from numpy.typing import NDArray
from shapely import Point, STRtree
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from app.errors import Invalid
from reports.city.values import Area
from reports.spoken import spoken_distance

LatLng = tuple[float, float]

MERCATOR_RADIUS_M = 6_378_137.0
MERCATOR_EDGE = 85.05112878  # beyond this latitude the square map has no place for a point
CROWDED = 0.01  # of all people
EXACT_WITHIN_M = 100_000  # farther out it may be another stretch of the border that is nearest


@dataclass(frozen=True, slots=True)
class Place:
    """The area a point was given to; `outside_m` is 0 inside, else whole metres from its border."""

    area: Area
    outside_m: int = 0


class OutsideCity(Invalid):
    """The point lies too far from every area. `distance_m` is None where it cannot be told.

    Raised with `swapped` when latitude and longitude, exchanged, would lie inside.
    """

    code = "outside-city"
    vi = "Điểm này ở ngoài thành phố."
    en = "This point is outside the city."
    field = "lat"

    def __init__(self, distance_m: float | None = None, *, swapped: bool = False) -> None:
        metres = None if distance_m is None else round(distance_m)
        super().__init__(distance_m=metres, swapped=swapped)

    def sentence(self, locale: str) -> str:
        metres = self.facts["distance_m"]
        distance = "" if metres is None else spoken_distance(metres, locale)
        if locale == "vi":
            away = f", cách ranh giới {distance}" if distance else ""
            hint = " Có vẻ vĩ độ và kinh độ đã bị đổi chỗ cho nhau."
            told = f"Điểm này ở ngoài thành phố{away}."
        else:
            away = f", {distance} from its boundary" if distance else ""
            hint = " Latitude and longitude seem to be swapped."
            told = f"This point is outside the city{away}."
        return told + hint if self.facts["swapped"] else told


class AreaIndex:
    """Finds the area of a point. Build it once, ask it from any thread."""

    def __init__(
        self, areas: tuple[Area, ...], boundaries: list[BaseGeometry], near_metres: int
    ) -> None:
        """`build` is the way in: areas in order of code, boundaries prepared."""
        self.areas = areas
        self.near_metres = near_metres
        self._boundaries = boundaries
        self._inside = [Place(area) for area in areas]
        self._by_code = {area.code: index for index, area in enumerate(areas)}
        self._tree = STRtree(boundaries)
        self._boxes = shapely.bounds(boundaries).reshape(-1, 4)
        self._people = numpy.array([area.population or 1 for area in areas], float)

    @classmethod
    def build(
        cls, areas: Iterable[tuple[Area, BaseGeometry]], near_metres: int = 1000
    ) -> "AreaIndex":
        """`near_metres`: how far outside every area a point is still given to the nearest."""
        pairs = sorted(areas, key=lambda pair: pair[0].code)
        boundaries = [boundary for _, boundary in pairs]
        _prepare(boundaries)
        return cls(tuple(area for area, _ in pairs), boundaries, near_metres)

    def locate(self, lat: float, lng: float) -> Place:
        """The area that holds the point, its border included; where areas overlap, the lower code.

        Outside every area the nearest one within `near_metres`; farther raises OutsideCity.
        """
        index = self._covering(lat, lng)
        if index is not None:
            return self._inside[index]
        return self._nearby(lat, lng)

    def outline(self, code: str) -> dict[str, Any] | None:
        """The boundary of an area as a GeoJSON geometry; None when it has none here."""
        index = self._by_code.get(code)
        return None if index is None else mapping(self._boundaries[index])

    def share_of_people(self, west: float, south: float, east: float, north: float) -> float:
        """About which part of all people live within a box, each area taken for the box around it.

        Reports come where people are: it tells a crowded box without counting.
        """
        left, bottom, right, top = self._boxes.T
        wide = numpy.clip(numpy.minimum(right, east) - numpy.maximum(left, west), 0, None)
        high = numpy.clip(numpy.minimum(top, north) - numpy.maximum(bottom, south), 0, None)
        part = wide * high / ((right - left) * (top - bottom))
        return float(part @ self._people / self._people.sum()) if self.areas else 0.0

    def is_crowded(self, west: float, south: float, east: float, north: float) -> bool:
        """Whether so much lies within a box that a page of the newest there is found sooner by
        looking back through the newest everywhere (`queries.in_box`)."""
        return self.share_of_people(west, south, east, north) > CROWDED

    def _covering(self, lat: float, lng: float) -> int | None:
        point = Point(lng, lat)
        candidates: list[int] = self._tree.query(point).tolist()
        if len(candidates) > 1:
            candidates.sort()  # areas stand in order of code
        for index in candidates:
            if self._boundaries[index].intersects(point):
                return index
        return None

    def _nearby(self, lat: float, lng: float) -> Place:
        swapped = self._covering(lng, lat) is not None
        if not self.areas or not (abs(lat) <= 90 and abs(lng) <= 180):
            raise OutsideCity(swapped=swapped)
        index, metres = self._nearest(lat, lng)
        if metres > self.near_metres:
            raise OutsideCity(metres, swapped=swapped)
        return Place(self.areas[index], outside_m=round(metres))

    def _nearest(self, lat: float, lng: float) -> tuple[int, float]:
        # A degree of longitude is shorter than one of latitude, so the nearest in degrees need not
        # be the nearest in metres: it only tells how far to look.
        first = int(self._tree.nearest(Point(lng, lat)))
        bound = _metres_to(self._boundaries[first], lat, lng)
        if bound > EXACT_WITHIN_M:
            return first, bound
        around = _box_around(lat, lng, bound * 1.01 + 1)
        candidates: list[int] = sorted(self._tree.query(around).tolist())
        distances = [(_metres_to(self._boundaries[i], lat, lng), i) for i in candidates]
        metres, index = min(distances, default=(bound, first))
        return index, metres


def distance_m(a: LatLng, b: LatLng) -> float:
    """Metres between two points on the WGS84 ellipsoid."""
    return float(geodesic(a, b).m)


def distances_from(here: LatLng) -> Callable[[LatLng], float]:
    """As `distance_m` within one city, where the earth is flat to a few thousandths: many times
    cheaper, for lists."""
    along, up = _metres_a_degree(here[0])
    return lambda there: hypot((there[1] - here[1]) * along, (there[0] - here[0]) * up)


def cell_of(lat: float, lng: float, resolution: int = 10) -> int:
    """The H3 cell of a point, as stored in a BIGINT."""
    return int(latlng_to_cell(lat, lng, resolution))


def to_mercator(lat: float, lng: float) -> tuple[float, float]:
    """Web-Mercator metres (x, y), as maps count them: true only along the equator."""
    held = max(-MERCATOR_EDGE, min(MERCATOR_EDGE, lat))
    x = MERCATOR_RADIUS_M * radians(lng)
    y = MERCATOR_RADIUS_M * log(tan(pi / 4 + radians(held) / 2))
    return x, y


def from_mercator(x: float, y: float) -> LatLng:
    """The point of these Web-Mercator metres."""
    lat = 2 * atan(exp(y / MERCATOR_RADIUS_M)) - pi / 2
    return degrees(lat), degrees(x / MERCATOR_RADIUS_M)


def _prepare(boundaries: list[BaseGeometry]) -> None:
    # GEOS builds a prepared geometry's index at its second use, and not safely when two threads
    # come at once (libgeos issue 825): it is used twice here, before any thread can.
    shapely.prepare(boundaries)
    for boundary in boundaries:
        west, south, east, north = boundary.bounds
        middle = Point((west + east) / 2, (south + north) / 2)
        for _ in range(2):
            boundary.intersects(middle)


def _metres_a_degree(lat: float) -> tuple[float, float]:
    """Length of a degree of longitude and of latitude there, on the WGS84 ellipsoid."""
    phi = radians(lat)
    along = 111_412.84 * cos(phi) - 93.5 * cos(3 * phi) + 0.118 * cos(5 * phi)
    up = 111_132.92 - 559.82 * cos(2 * phi) + 1.175 * cos(4 * phi)
    return max(along, 1.0), up


def _metres_to(boundary: BaseGeometry, lat: float, lng: float) -> float:
    """From a point outside to the boundary: its nearest spot in a plane, then the true distance."""
    scale, here = numpy.array(_metres_a_degree(lat)), numpy.array((lng, lat))

    def flatten(degrees: NDArray[numpy.float64]) -> NDArray[numpy.float64]:
        flat: NDArray[numpy.float64] = (degrees - here) * scale
        return flat

    line = shapely.shortest_line(Point(0, 0), shapely.transform(boundary, flatten))
    lng_there, lat_there = numpy.array(line.coords[1]) / scale + here
    return distance_m((lat, lng), (float(lat_there), float(lng_there)))


def _box_around(lat: float, lng: float, metres: float) -> BaseGeometry:
    along, up = _metres_a_degree(lat)
    return shapely.box(
        lng - metres / along, lat - metres / up, lng + metres / along, lat + metres / up
    )
