"""Bangkok's places moved onto our wards: squares of its map, so that hot spots stay hot spots.

Each square goes whole to one ward, the busiest squares to the most populous wards, until every
ward has about its share of the people. Within the square the offsets stay, shrunk to the ward.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, radians, sqrt

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from bench.tickets import Floats, Ints, Tickets
from reports.city.values import Area

SQUARE = 0.04  # degrees of Bangkok's map: about four kilometres
METRES_A_DEGREE = 111_195.0
PULLS = (
    8  # how often a point outside its ward is drawn halfway to the middle, before it stays there
)
WOBBLE_M = 12.0  # copies of one ticket do not fall on one point


@dataclass(frozen=True)
class Moved:
    """Where each ticket lies in our city: index of its ward, and the point."""

    ward: Ints
    lat: Floats
    lng: Floats


def moved(tickets: Tickets, wards: Sequence[tuple[Area, BaseGeometry]]) -> Moved:
    """Every ticket at a place in one of the wards."""
    west_east, south_north = np.floor(tickets.lng / SQUARE), np.floor(tickets.lat / SQUARE)
    _, square = np.unique(west_east * 10_000 + south_north, return_inverse=True)
    ward = _ward_of_square(np.bincount(square), [area.population or 1 for area, _ in wards])[square]
    east = tickets.lng / SQUARE - west_east - 0.5  # -½ … ½ of a square
    north = tickets.lat / SQUARE - south_north - 0.5
    return _inside(ward, east, north, wards)


def _ward_of_square(counts: Ints, people: Sequence[int]) -> Ints:
    """The busiest square first, each to the ward that lacks most of its share."""
    missing = np.array(people, float) / sum(people) * counts.sum()
    found = np.zeros(len(counts), int)
    for square in np.argsort(-counts, kind="stable"):
        found[square] = missing.argmax()
        missing[found[square]] -= counts[square]
    return found


def _inside(
    ward: Ints, east: Floats, north: Floats, wards: Sequence[tuple[Area, BaseGeometry]]
) -> Moved:
    middle = np.array([(area.lat, area.lng) for area, _ in wards])[ward]
    width = np.array([_width_m(boundary, area.lat) for area, boundary in wards])[ward]
    lat = middle[:, 0] + north * width / METRES_A_DEGREE
    lng = middle[:, 1] + east * width / (METRES_A_DEGREE * cos(radians(wards[0][0].lat)))
    for _ in range(PULLS):
        outside = ~within(ward, lat, lng, wards)
        lat[outside] = (lat[outside] + middle[outside, 0]) / 2
        lng[outside] = (lng[outside] + middle[outside, 1]) / 2
    return Moved(ward, lat, lng)


def _width_m(boundary: BaseGeometry, lat: float) -> float:
    """Of the square that a ward can hold; a wide mountain commune keeps Bangkok's own metres."""
    square_metres = boundary.area * METRES_A_DEGREE**2 * cos(radians(lat))
    return float(min(2 * sqrt(square_metres / pi), SQUARE * METRES_A_DEGREE))


def within(
    ward: Ints, lat: Floats, lng: Floats, wards: Sequence[tuple[Area, BaseGeometry]]
) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """Which of the points lie in the ward they are said to."""
    found = np.zeros(len(ward), bool)
    for index, (_, boundary) in enumerate(wards):
        here = np.flatnonzero(ward == index)
        found[here] = shapely.contains_xy(boundary, lng[here], lat[here])
    return found


def wobbled(
    places: Moved, drawn: Ints, wards: Sequence[tuple[Area, BaseGeometry]], rng: np.random.Generator
) -> Moved:
    """The places of the tickets drawn, each moved a few steps, within its ward."""
    ward, lat, lng = places.ward[drawn], places.lat[drawn], places.lng[drawn]
    steps = rng.standard_normal((2, len(drawn))) * WOBBLE_M / METRES_A_DEGREE
    stays = ~within(ward, lat + steps[0], lng + steps[1], wards)
    steps[:, stays] = 0
    return Moved(ward, np.round(lat + steps[0], 5), np.round(lng + steps[1], 5))
