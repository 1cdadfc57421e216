"""Routing by area counted again: every point against every polygon, without any index."""

from pathlib import Path

import numpy
import pytest
import shapely
from geographiclib.geodesic import Geodesic
from numpy.typing import NDArray
from real_areas import Boundary, boundaries_of

from reports.places import AreaIndex, OutsideCity

POINTS = 20_000
Numbers = NDArray[numpy.float64]


@pytest.fixture(scope="module")
def communes(shared_data: Path) -> tuple[Boundary, ...]:
    return boundaries_of(shared_data / "vietnam_communes.geojson.gz")


def random_points(boundaries: tuple[Boundary, ...]) -> Numbers:
    """Half near a random commune each, so that all are met; a quarter in the places where two
    overlap; a quarter anywhere in the country's box, the sea and the neighbours included."""
    random = numpy.random.default_rng(2025)
    boxes = shapely.bounds([boundary for _, boundary in boundaries])
    near = boxes[random.permutation(numpy.resize(numpy.arange(len(boxes)), POINTS // 2))]
    twice = overlapping(boundaries)
    shared = shapely.bounds(twice)[random.integers(0, len(twice), POINTS // 4)]
    country = numpy.resize(shapely.total_bounds(boxes_of(boxes)), (POINTS // 4, 4))
    chosen = numpy.concatenate([near, shared, country])
    return chosen[:, :2] + random.random((POINTS, 2)) * (chosen[:, 2:] - chosen[:, :2])


def boxes_of(bounds: Numbers) -> NDArray[numpy.object_]:
    boxes: NDArray[numpy.object_] = shapely.box(*bounds.T)
    return boxes


def overlapping(boundaries: tuple[Boundary, ...]) -> NDArray[numpy.object_]:
    shapes = numpy.array([boundary for _, boundary in boundaries])
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = first < second
    common = shapely.intersection(shapes[first[pairs]], shapes[second[pairs]])
    areas: NDArray[numpy.object_] = common[shapely.area(common) > 1e-12]
    return areas


def by_brute_force(boundaries: tuple[Boundary, ...], points: Numbers) -> list[str]:
    """The lowest code among all polygons that hold each point, "" for none."""
    codes = numpy.full(len(points), "", dtype=object)
    for area, boundary in sorted(boundaries, key=lambda pair: pair[0].code, reverse=True):
        codes[shapely.contains_xy(boundary, points)] = area.code
    return list(codes)


def code_at(index: AreaIndex, lng: float, lat: float) -> str:
    try:
        return index.locate(lat, lng).area.code
    except OutsideCity:
        return ""


def test_20000_points_over_all_communes_equal_brute_force(
    communes: tuple[Boundary, ...],
) -> None:
    points = random_points(communes)
    index = AreaIndex.build(communes, near_metres=0)

    found = [code_at(index, lng, lat) for lng, lat in points]

    expected = by_brute_force(communes, points)
    assert found == expected
    assert len(set(expected)) > 3_000
    assert expected.count("") > 1_000


def test_distances_outside_equal_a_measuring_of_the_whole_border(shared_data: Path) -> None:
    boundaries = boundaries_of(shared_data / "hue_wards_simplified.geojson")
    index = AreaIndex.build(boundaries)
    random = numpy.random.default_rng(7)
    spots, owners = border_of(boundaries)
    near = spots[random.integers(0, len(spots), 900)] + random.normal(0, 0.004, (900, 2))
    outside = [point for point in near if code_at_sea(boundaries, point)][:80]

    for lng, lat in outside:
        metres, owner = measured(spots, owners, lng, lat)
        try:
            place = index.locate(lat, lng)
        except OutsideCity as far:
            assert far.facts["distance_m"] == pytest.approx(metres, abs=2)
            assert metres > 999
        else:
            assert place.outside_m == pytest.approx(metres, abs=2)
            assert place.area.code == owner or place.outside_m == pytest.approx(metres, abs=1)
    assert len(outside) == 80


def code_at_sea(boundaries: tuple[Boundary, ...], point: Numbers) -> bool:
    return not any(shapely.contains_xy(boundary, *point) for _, boundary in boundaries)


def border_of(boundaries: tuple[Boundary, ...]) -> tuple[Numbers, list[str]]:
    """A spot every two metres or so along all borders, and whose border it is."""
    spots, owners = [], []
    for area, boundary in boundaries:
        along = shapely.get_coordinates(shapely.segmentize(boundary, 0.00002))
        spots.append(along)
        owners += [area.code] * len(along)
    return numpy.concatenate(spots), owners


def measured(spots: Numbers, owners: list[str], lng: float, lat: float) -> tuple[float, str]:
    east, north = ((spots - (lng, lat)) * (numpy.cos(numpy.radians(lat)), 1)).T
    nearest = numpy.argpartition(numpy.hypot(east, north), 150)[:150]
    return min(
        (Geodesic.WGS84.Inverse(lat, lng, spots[i][1], spots[i][0])["s12"], owners[i])
        for i in nearest
    )
