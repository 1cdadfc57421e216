"""Boundaries: the approximate ones drawn from centres, and the real ones taken from GeoJSON."""

import csv
import gzip
import json
from collections.abc import Callable
from math import cos, radians
from pathlib import Path
from typing import Any

import pytest
import shapely
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point
from shapely.geometry import shape
from sqlalchemy import func, select

from app.database import db
from reports.city import boundaries, exporting, folder, snapshot
from reports.city.approximate import Site
from reports.city.approximate import boundaries as drawn
from reports.city.faults import BadFile
from reports.city.models import Area, CityProfile
from reports.city.snapshot import City
from reports.places import OutsideCity
from tests.city.conftest import HUE, Town, Writer, box

KM2 = 111.32**2 * cos(radians(16.4))


def new_area(code: str = "90001", **more: Any) -> dict[str, Any]:
    return {
        "code": code,
        "name_vi": f"Xã {code}",
        "name_en": f"Commune {code}",
        "kind": "xa",
        **more,
    }


def area(code: str) -> Area:
    return db.session.scalars(select(Area).where(Area.code == code)).one()


# Approximate --------------------------------------------------------------------------------------


def test_every_centre_and_every_known_place_lies_in_its_own_area(city: City) -> None:
    places = [place.site for place in folder.places_of(HUE)]
    centres = [Site(one.code, one.lat, one.lng) for one in city.area_by_code.values()]

    for site in [*centres, *places]:
        found = city.areas.locate(site.lat, site.lng)
        assert (found.area.code, found.outside_m) == (site.code, 0)


def test_approximate_areas_are_valid_do_not_overlap_and_leave_no_hole(city: City) -> None:
    shapes = list(city.facts.boundaries.values())
    whole = shapely.union_all(shapes).buffer(1e-9)

    assert len(shapes) == 40
    assert all(one.is_valid and not one.is_empty for one in shapes)
    assert sum(one.area for one in shapes) == pytest.approx(whole.area, rel=1e-6)
    assert whole.geom_type == "Polygon"
    assert not whole.interiors


def test_approximate_areas_are_near_their_true_sizes_and_say_that_they_are_guesses(
    city: City,
) -> None:
    for one in city.area_by_code.values():
        assert one.approximate
        assert one.area_km2
        drawn_km2 = city.facts.boundaries[one.code].area * KM2
        assert 0.45 < drawn_km2 / one.area_km2 < 1.6, one.name_vi


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(15, 17), st.floats(106, 109), st.floats(0.5, 900)),
        min_size=1,
        max_size=12,
        unique_by=lambda site: (round(site[0], 2), round(site[1], 2)),
    )
)
def test_whatever_the_centres_each_keeps_its_own_cell(
    sites: list[tuple[float, float, float]],
) -> None:
    named = [Site(f"{n:02}", lat, lng) for n, (lat, lng, _) in enumerate(sites)]

    cells = drawn(named, {f"{n:02}": km2 for n, (_, _, km2) in enumerate(sites)})

    assert set(cells) == {site.code for site in named}
    for site in named:
        here = Point(site.lng, site.lat)
        inside = [code for code, cell in cells.items() if cell.buffer(-1e-9).contains(here)]
        assert inside == [site.code]


def test_cells_keep_clear_of_ground_that_has_a_true_boundary() -> None:
    taken = shapely.box(107.5, 16.4, 107.6, 16.5)

    cell = drawn([Site("a", 16.45, 107.7)], {"a": 400.0}, taken)["a"]

    assert not cell.intersection(taken).area
    assert cell.touches(taken)


# Real ---------------------------------------------------------------------------------------------


def test_the_real_boundaries_of_hue_take_the_place_of_the_guesses(
    app: Flask, shared_data: Path
) -> None:
    ids = {row.code: row.id for row in db.session.scalars(select(Area))}
    before = db.session.scalars(select(CityProfile.version)).one()

    changes = boundaries.import_areas(shared_data / "hue_wards.geojson")

    assert len(changes.moved_km2) == 40
    assert not changes.added
    assert not changes.ended
    city = snapshot.current()
    assert city.version == before + 1
    assert not any(one.approximate for one in city.area_by_code.values())
    assert {one.code: one.id for one in city.area_by_code.values()} == ids
    with (shared_data / "hue_test_points.csv").open() as file:
        for point in csv.DictReader(file):
            where = float(point["lat"]), float(point["lng"])
            if point["place"].endswith("(out)"):
                with pytest.raises(OutsideCity):
                    city.areas.locate(*where)
            elif point["ward_code"]:
                assert city.areas.locate(*where).area.code == point["ward_code"], point["place"]
            else:  # Chân Mây port lies in the sea
                assert 500 < city.areas.locate(*where).outside_m < 520


def test_importing_the_same_boundaries_again_changes_nothing(app: Flask, shared_data: Path) -> None:
    path = shared_data / "hue_wards_simplified.geojson"
    boundaries.import_areas(path)
    version = db.session.scalars(select(CityProfile.version)).one()

    again = boundaries.import_areas(path)

    assert again.nothing
    assert again.same == 40
    assert db.session.scalars(select(CityProfile.version)).one() == version


def test_loading_the_city_again_does_not_undo_real_boundaries(
    app: Flask, shared_data: Path
) -> None:
    boundaries.import_areas(shared_data / "hue_wards_simplified.geojson")
    real = {row.code: row.boundary for row in db.session.scalars(select(Area))}

    again = folder.load_city("hue")

    assert all(changes.nothing for changes in again)
    assert any("left as they are" in note for changes in again for note in changes.notes)
    assert {row.code: row.boundary for row in db.session.scalars(select(Area))} == real


def test_the_whole_country_is_taken_and_keeps_what_was_there(app: Flask, shared_data: Path) -> None:
    changes = boundaries.import_areas(shared_data / "vietnam_communes.geojson.gz")

    assert len(changes.added) == 3281
    assert len(changes.moved_km2) == 40
    assert any("Overlapping pairs: 19" in note for note in changes.notes)
    city = snapshot.current()
    assert len(city.area_by_code) == 3321
    with gzip.open(shared_data / "vietnam_communes.geojson.gz") as file:
        features = json.load(file)["features"][::200]
    for feature in features:
        inner = shape(feature["geometry"]).representative_point()
        assert city.areas.locate(inner.y, inner.x).area.code == feature["properties"]["code"]
    hanoi = city.area_by_code["00004"]
    assert city.committee_of(hanoi.code) is None  # its reports go to the centre until it has one


def test_exported_boundaries_come_back_unchanged(
    app: Flask, shared_data: Path, tmp_path: Path
) -> None:
    boundaries.import_areas(shared_data / "hue_wards_simplified.geojson")

    count = exporting.export_areas(tmp_path / "areas.geojson")
    again = boundaries.import_areas(tmp_path / "areas.geojson")

    assert count == 40
    assert again.nothing


def test_a_guess_in_a_file_never_replaces_a_true_boundary(
    app: Flask, tmp_path: Path, shared_data: Path
) -> None:
    exporting.export_areas(tmp_path / "guesses.geojson")
    boundaries.import_areas(shared_data / "hue_wards_simplified.geojson")
    real = area("19753").boundary

    boundaries.import_areas(tmp_path / "guesses.geojson")

    assert area("19753").boundary == real
    assert not area("19753").approximate


def test_a_new_area_says_little_and_the_rest_is_worked_out(app: Flask, geojson: Writer) -> None:
    path = geojson(({"code": "90001", "name_vi": "Đảo Mới", "kind": "dac_khu"}, box(108.3, 16.0)))

    changes = boundaries.import_areas(path)

    assert changes.added == ["90001 Đảo Mới"]
    made = area("90001")
    assert made.name_en == "Đảo Mới"
    assert made.area_km2 == pytest.approx(4.76, abs=0.05)
    assert (made.lat, made.lng) == (pytest.approx(16.01), pytest.approx(108.31))
    assert made.valid_from == snapshot.current().day
    assert snapshot.current().areas.locate(16.01, 108.31).area.code == "90001"


def test_an_area_laid_over_others_is_told(app: Flask, geojson: Writer) -> None:
    ground = json.loads(shapely.to_geojson(shapely.from_wkb(area("19753").boundary)))

    changes = boundaries.import_areas(geojson((new_area("90001"), ground)))

    assert "  Overlapping pairs: 1, 10.70 km² at most; the lower code wins." in changes.notes


def test_other_makers_names_for_fields_are_understood(app: Flask, geojson: Writer) -> None:
    facts = new_area(
        seat_vi="12 Lê Lợi\n phường Mới",
        name_alt_vi="Xã Cũ",
        merged_from_vi="Xã Một, Xã Hai (phần còn lại, sau khi sáp nhập), Thị trấn Ba",
        label_lat=16.005,
        label_lng=108.305,
        province_code="46",
    )

    boundaries.import_areas(geojson((facts, box(108.3, 16.0))))

    made = area("90001")
    assert made.seat == "12 Lê Lợi phường Mới"
    assert made.other_names == ["Xã Cũ", "Xã Một", "Xã Hai", "Thị trấn Ba"]
    assert (made.lat, made.lng) == (16.005, 108.305)


def test_what_a_file_leaves_unsaid_of_a_known_area_stays(app: Flask, geojson: Writer) -> None:
    population = area("19753").population
    facts = {"code": "19753", "name_vi": "Phường Phú Xuân Mới", "kind": "phuong"}

    changes = boundaries.import_areas(geojson((facts, box(107.57, 16.47))))

    assert changes.renamed == {"19753 Phường Phú Xuân Mới": "Phường Phú Xuân"}
    assert area("19753").population == population


def test_replacing_ends_the_others_with_whoever_covers_most_of_them(
    app: Flask, geojson: Writer
) -> None:
    whole = shapely.union_all(
        [shapely.from_wkb(area(code).boundary) for code in ("19753", "19789")]
    )
    ground = json.loads(shapely.to_geojson(whole))
    path = geojson((new_area("90001"), ground), (new_area("90002"), box(109.5, 16.0)))

    changes = boundaries.import_areas(path, replace=True)

    assert len(changes.ended) == 40
    assert changes.ended["19753 Phường Phú Xuân"] == "90001 Xã 90001"
    assert changes.ended["20044 Xã A Lưới 2"] is None
    city = snapshot.current()
    assert set(city.area_by_code) == {"90001", "90002"}
    merged = city.area("19789")
    assert merged is not None
    assert merged.code == "90001"
    assert boundaries.import_areas(path, replace=True).nothing


def test_reports_stay_linked_whatever_becomes_of_the_boundaries(
    town: Town, geojson: Writer, shared_data: Path
) -> None:
    report = town.reports("tieng-on", "19753", answers={"khi-nao": ["sau-22h"]})

    boundaries.import_areas(shared_data / "hue_wards_simplified.geojson")
    boundaries.import_areas(geojson((new_area(), box(109.5, 16.0))), replace=True)

    linked = town.city.area_by_id[report.area_id]
    assert (linked.code, linked.name_vi) == ("19753", "Phường Phú Xuân")
    assert "19753" not in town.city.area_by_code


def test_an_ended_area_is_not_woken_by_an_old_file(app: Flask, geojson: Writer) -> None:
    old = geojson((new_area("90001"), box(109.5, 16.0)), (new_area("90002"), box(109.6, 16.0)))
    boundaries.import_areas(old)
    boundaries.import_areas(geojson((new_area("90002"), box(109.5, 16.0, 0.12))), replace=True)

    old = geojson((new_area("90001"), box(109.5, 16.0)), (new_area("90002"), box(109.6, 16.0)))
    changes = boundaries.import_areas(old)
    assert any("have ended and stay so (90001)" in note for note in changes.notes)
    assert "90001" not in snapshot.current().area_by_code

    back = geojson((new_area("90001", valid_until=None, successor=None), box(109.5, 16.0)))
    boundaries.import_areas(back)
    assert "90001" in snapshot.current().area_by_code


# Bad files ----------------------------------------------------------------------------------------

BOW_TIE = {
    "type": "Polygon",
    "coordinates": [[[107, 16], [108, 17], [108, 16], [107, 17], [107, 16]]],
}
SWAPPED = {"type": "Polygon", "coordinates": [[[16, 107], [17, 107], [17, 108], [16, 107]]]}
METRES = {"type": "Polygon", "coordinates": [[[5e5, 18e5], [6e5, 18e5], [6e5, 19e5], [5e5, 18e5]]]}


@pytest.mark.parametrize(
    ("facts", "geometry", "sentence"),
    [
        (new_area(), BOW_TIE, "geometry: its boundary is not valid (Self-intersection["),
        (new_area(), SWAPPED, "longitude and latitude seem swapped"),
        (new_area(), METRES, "its coordinates are not WGS84 degrees: export it in EPSG:4326."),
        (new_area(), {"type": "Point", "coordinates": [107, 16]}, "must be a Polygon or Multi"),
        (new_area(), {"type": "Polygon", "coordinates": []}, "its boundary is empty."),
        (new_area(), {"type": "Polygon", "coordinates": [[1, 2]]}, "coordinates cannot be read."),
        (new_area(), {"type": "Polygon", "coordinates": "x"}, "coordinates cannot be read."),
        (new_area(), None, "must be a Polygon or MultiPolygon, not None."),
        (new_area(kind="khu_pho"), box(108, 16), "kind: the kind “khu_pho” is unknown; choose"),
        ({"code": "1", "kind": "xa"}, box(108, 16), "row 1 (“1”), name_vi: this field is missing."),
        ({"name_vi": "x", "kind": "xa"}, box(108, 16), "row 1, code: this field is missing."),
        (new_area(code=19753), box(108, 16), "code: must be text."),
        (new_area(population=-1), box(108, 16), "population: must be from 0 to 100000000."),
        (new_area(successor="nowhere", valid_until="2030-01-01"), box(108, 16), "no “nowhere”"),
    ],
)
def test_a_bad_area_is_refused_with_its_reason(
    app: Flask, geojson: Writer, facts: dict[str, Any], geometry: Any, sentence: str
) -> None:
    before = db.session.scalar(select(func.count()).select_from(Area))

    with pytest.raises(BadFile) as caught:
        boundaries.import_areas(geojson((facts, geometry)))

    assert sentence in caught.value.sentence("en")
    assert "areas.geojson" in caught.value.sentence("vi")
    assert db.session.scalar(select(func.count()).select_from(Area)) == before


def test_one_code_twice_is_refused(app: Flask, geojson: Writer) -> None:
    path = geojson((new_area(), box(108, 16)), (new_area(), box(108.1, 16)))

    with pytest.raises(BadFile) as caught:
        boundaries.import_areas(path)

    assert "row 2 (“90001”), code: is the same as in row 1." in caught.value.sentence("en")


@pytest.mark.parametrize(
    ("write", "sentence"),
    [
        (lambda path: path.write_text("{"), "it is not JSON"),
        (lambda path: path.write_text("[1]"), "it must be a FeatureCollection."),
        (lambda path: path.write_text('{"type": "Feature"}'), "it must be a FeatureCollection."),
        (
            lambda path: path.write_text('{"type": "FeatureCollection", "features": []}'),
            "it holds no areas.",
        ),
        (
            lambda path: path.write_text('{"type": "FeatureCollection", "features": [7]}'),
            "row 1: must be a Feature with properties.",
        ),
        (
            lambda path: path.write_text(
                '{"type": "FeatureCollection", "features": [7], "crs":'
                ' {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::9210"}}}'
            ),
            "its coordinates are in urn:ogc:def:crs:EPSG::9210: export it in WGS84 (EPSG:4326).",
        ),
        (lambda path: path.rename(path.with_suffix(".gz")), "there is no such file."),
    ],
)
def test_a_file_that_is_no_map_is_refused(
    app: Flask, tmp_path: Path, write: Callable[[Path], Any], sentence: str
) -> None:
    path = tmp_path / "areas.geojson"
    path.write_text("")
    write(path)

    with pytest.raises(BadFile) as caught:
        boundaries.import_areas(path)

    assert sentence in caught.value.sentence("en")


def test_a_broken_gzip_is_refused(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "areas.geojson.gz"
    path.write_bytes(gzip.compress(b'{"type": "FeatureCollection"}')[:-9])

    with pytest.raises(BadFile) as caught:
        boundaries.import_areas(path)

    assert "it cannot be read" in caught.value.sentence("en")
