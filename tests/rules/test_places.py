"""Where a point lies: real points on real boundaries, borders, overlaps, the sea, mistakes."""

import csv
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import h3
import pytest
import shapely
from geographiclib.geodesic import Geodesic
from real_areas import boundaries_of
from shapely import box
from shapely.geometry.base import BaseGeometry

from reports.city.values import Area
from reports.places import (
    AreaIndex,
    OutsideCity,
    cell_of,
    distance_m,
    distances_from,
    to_mercator,
)

CHAN_MAY_PORT = (16.326, 108.017)
DA_NANG = (16.0678, 108.2208)
TRUONG_TIEN_BRIDGE = (16.4689, 107.589)
IMPERIAL_CITY = (16.4698, 107.5786)


@pytest.fixture(scope="module")
def hue(shared_data: Path) -> AreaIndex:
    return AreaIndex.build(boundaries_of(shared_data / "hue_wards.geojson"))


def area(code: str) -> Area:
    return Area(int(code), code, f"Phường {code}", f"Ward {code}", "phuong", lat=0, lng=0)


def index(*areas: tuple[str, BaseGeometry], near_metres: int = 1000) -> AreaIndex:
    return AreaIndex.build(((area(code), shape) for code, shape in areas), near_metres)


def test_every_known_point_of_hue_is_where_it_should_be(hue: AreaIndex, shared_data: Path) -> None:
    with (shared_data / "hue_test_points.csv").open(encoding="utf-8") as file:
        points = list(csv.DictReader(file))

    found = {}
    for point in points:
        try:
            place = hue.locate(float(point["lat"]), float(point["lng"]))
            found[point["place"]] = (place.area.code, place.outside_m > 0)
        except OutsideCity as outside:
            found[point["place"]] = ("", outside.facts["distance_m"] > 10_000)

    expected = {point["place"]: (point["ward_code"], False) for point in points}
    expected["Chan May port"] = ("20137", True)
    expected["Da Nang (out)"] = expected["Dong Ha (out)"] = ("", True)
    assert len(points) == 21
    assert found == expected


def test_the_simplified_boundaries_agree(shared_data: Path, hue: AreaIndex) -> None:
    simplified = AreaIndex.build(boundaries_of(shared_data / "hue_wards_simplified.geojson"))

    for spot in (IMPERIAL_CITY, TRUONG_TIEN_BRIDGE, CHAN_MAY_PORT):
        assert simplified.locate(*spot).area.code == hue.locate(*spot).area.code


def test_the_bridge_is_eleven_metres_from_the_next_ward(hue: AreaIndex) -> None:
    place = hue.locate(*TRUONG_TIEN_BRIDGE)
    others = [
        pair for pair in zip(hue.areas, hue._boundaries, strict=True) if pair[0].code != "19789"
    ]

    beyond = AreaIndex.build(others).locate(*TRUONG_TIEN_BRIDGE)

    assert (place.area.code, place.outside_m) == ("19789", 0)
    assert (beyond.area.code, beyond.outside_m) == ("19753", 11)


def test_a_port_in_the_sea_goes_to_the_nearest_ward_by_true_metres(hue: AreaIndex) -> None:
    place = hue.locate(*CHAN_MAY_PORT)

    assert place.area.name_vi == "Xã Chân Mây - Lăng Cô"
    # 513 m when a degree is taken for the same length in every direction; geodesics say 506.
    assert place.outside_m == 506


def test_another_city_is_told_how_far_it_is(hue: AreaIndex) -> None:
    with pytest.raises(OutsideCity) as refused:
        hue.locate(*DA_NANG)

    outside = refused.value
    assert outside.code == "outside-city"
    assert outside.facts == {"distance_m": 14_827, "swapped": False}
    assert outside.sentence("vi") == "Điểm này ở ngoài thành phố, cách ranh giới 14,8 km."
    assert outside.sentence("en") == "This point is outside the city, 14.8 km from its boundary."


def test_how_far_outside_is_still_near_can_be_set(shared_data: Path) -> None:
    strict = AreaIndex.build(boundaries_of(shared_data / "hue_wards.geojson"), near_metres=500)

    with pytest.raises(OutsideCity) as refused:
        strict.locate(*CHAN_MAY_PORT)

    assert refused.value.sentence("en").endswith("506 m from its boundary.")


def test_swapped_coordinates_are_noticed(hue: AreaIndex) -> None:
    lat, lng = IMPERIAL_CITY

    with pytest.raises(OutsideCity) as refused:
        hue.locate(lng, lat)

    assert refused.value.facts == {"distance_m": None, "swapped": True}
    assert refused.value.sentence("vi") == (
        "Điểm này ở ngoài thành phố. Có vẻ vĩ độ và kinh độ đã bị đổi chỗ cho nhau."
    )
    assert "swapped" in refused.value.sentence("en")


def test_swapped_coordinates_that_exist_tell_the_distance_too() -> None:
    town = index(("1", box(50, 20, 51, 21)))

    with pytest.raises(OutsideCity) as refused:
        town.locate(50.5, 20.5)

    assert refused.value.facts["swapped"]
    assert refused.value.facts["distance_m"] > 1_000_000


@pytest.mark.parametrize(
    ("lat", "lng"),
    [
        (float("nan"), 107.5),
        (16.4, float("nan")),
        (float("inf"), 107.5),
        (16.4, float("-inf")),
        (91, 107.5),
        (16.4, 181),
    ],
)
def test_points_that_do_not_exist_are_outside(hue: AreaIndex, lat: float, lng: float) -> None:
    with pytest.raises(OutsideCity) as refused:
        hue.locate(lat, lng)

    assert refused.value.facts["distance_m"] is None


@pytest.mark.parametrize(("lat", "lng"), [(0, 0), (-90, 0), (90, 180), (10.776, 106.7)])
def test_points_far_away_are_refused_with_a_distance(
    hue: AreaIndex, lat: float, lng: float
) -> None:
    with pytest.raises(OutsideCity) as refused:
        hue.locate(lat, lng)

    assert refused.value.facts["distance_m"] > 500_000


def test_where_areas_overlap_the_lower_code_wins() -> None:
    town = index(("20", box(0, 0, 2, 2)), ("10", box(1, 0, 3, 2)))

    assert town.locate(1, 1.5).area.code == "10"
    assert town.locate(1, 0.5).area.code == "20"
    assert town.locate(1, 1).area.code == "10"


def test_a_point_on_a_shared_border_goes_to_the_lower_code() -> None:
    town = index(("2", box(1, 0, 2, 1)), ("1", box(0, 0, 1, 1)))

    place = town.locate(0.5, 1)

    assert (place.area.code, place.outside_m) == ("1", 0)


def test_a_point_on_the_outer_border_is_inside() -> None:
    assert index(("1", box(0, 0, 1, 1))).locate(0, 0).outside_m == 0


def test_a_hole_in_an_area_is_outside_it() -> None:
    ring = box(0, 0, 0.1, 0.1) - box(0.04, 0.04, 0.06, 0.06)

    place = index(("1", ring), near_metres=1200).locate(0.05, 0.05)

    assert place.outside_m == pytest.approx(1106, abs=2)


def test_the_nearest_is_by_metres_and_not_by_degrees() -> None:
    # At 60° north a degree of longitude is half as long as one of latitude.
    town = index(
        ("1", box(10, 60.012, 10.1, 60.1)), ("2", box(10.018, 59.9, 10.1, 60.005)), near_metres=2000
    )

    place = town.locate(60, 10)

    assert place.area.code == "2"
    assert place.outside_m == round(Geodesic.WGS84.Inverse(60, 10, 60, 10.018)["s12"])


def test_of_two_as_near_the_lower_code_is_taken() -> None:
    town = index(("2", box(0, 0.005, 1, 1)), ("1", box(0, -1, 1, -0.005)))

    assert town.locate(0.5, 0.5).area.code == "2"
    assert town.locate(0, 0.5).area.code == "1"


def test_a_city_without_boundaries_takes_no_point() -> None:
    with pytest.raises(OutsideCity) as refused:
        index().locate(16, 107)

    assert refused.value.sentence("vi") == "Điểm này ở ngoài thành phố."


def test_an_outline_is_geojson(hue: AreaIndex) -> None:
    outline = hue.outline("19753")

    assert outline is not None
    assert shapely.geometry.shape(outline).contains(shapely.Point(107.5786, 16.4698))
    assert hue.outline("00000") is None


def test_many_threads_may_ask_a_new_index_at_once(shared_data: Path) -> None:
    boundaries = [
        (one, shapely.from_wkb(shapely.to_wkb(boundary)))  # fresh, never prepared before
        for one, boundary in boundaries_of(shared_data / "hue_wards.geojson")
    ]
    fresh = AreaIndex.build(boundaries)
    spots = [
        (16.1 + 0.01 * row, 107.2 + 0.02 * column) for row in range(40) for column in range(40)
    ]

    def ask(spot: tuple[float, float]) -> str:
        try:
            return fresh.locate(*spot).area.code
        except OutsideCity:
            return ""

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(ask, spots * 4))

    assert answers == [ask(spot) for spot in spots] * 4
    assert len(set(answers)) > 30


def test_distances_are_geodesics() -> None:
    hanoi, hue = (21.0285, 105.8542), (16.4637, 107.5909)

    expected = Geodesic.WGS84.Inverse(*hanoi, *hue)["s12"]

    assert distance_m(hanoi, hue) == pytest.approx(expected, abs=0.01)
    assert distance_m(hue, hue) == 0


@pytest.mark.parametrize("metres", [1, 80, 1000, 20_000])
@pytest.mark.parametrize("azimuth", range(0, 360, 30))
@pytest.mark.parametrize("lat", [0.0, 16.46, -33.9, 64.1])
def test_short_distances_agree_with_geodesics(lat: float, azimuth: int, metres: int) -> None:
    there = Geodesic.WGS84.Direct(lat, 107.59, azimuth, metres)

    found = distances_from((lat, 107.59))((there["lat2"], there["lon2"]))

    assert found == pytest.approx(metres, rel=0.004)


def test_a_box_is_crowded_by_the_people_of_the_areas_it_covers() -> None:
    full, empty = (Area(n, str(n), "", "", "phuong", 0, 0, population=n) for n in (90, 10))
    town = AreaIndex.build([(full, box(0, 0, 1, 1)), (empty, box(1, 0, 3, 1))])

    assert town.share_of_people(-1, -1, 4, 2) == pytest.approx(1)
    assert town.share_of_people(0, 0, 1, 1) == pytest.approx(0.9)
    assert town.share_of_people(0.5, 0, 2, 0.5) == pytest.approx(0.225 + 0.025)
    assert town.share_of_people(5, 5, 6, 6) == 0
    assert index().share_of_people(0, 0, 1, 1) == 0
    assert town.is_crowded(0, 0, 1, 1) and not town.is_crowded(0, 0, 0.1, 0.1)


def test_cells_are_h3_and_fit_a_bigint() -> None:
    cell = cell_of(*IMPERIAL_CITY)

    assert h3.int_to_str(cell) == h3.latlng_to_cell(*IMPERIAL_CITY, 10)
    assert 0 < cell < 2**63
    assert h3.get_resolution(h3.int_to_str(cell_of(*IMPERIAL_CITY, 7))) == 7


def test_mercator_is_the_maps_own() -> None:
    edge = 20_037_508.342789244

    assert to_mercator(0, 0) == pytest.approx((0, 0), abs=1e-6)
    assert to_mercator(0, 180) == pytest.approx((edge, 0), abs=1e-6)
    assert to_mercator(85.05112878, -180) == pytest.approx((-edge, edge), abs=0.01)
    assert to_mercator(90, 0)[1] == pytest.approx(edge, abs=0.01)
    assert to_mercator(-90, 0)[1] == pytest.approx(-edge, abs=0.01)
    # The worked example of IOGP Guidance Note 7-2: 24°22'54.433"N, 100°20'W.
    assert to_mercator(24.38178694, -100.33333333) == pytest.approx(
        (-11_169_055.58, 2_800_000.00), abs=0.1
    )
