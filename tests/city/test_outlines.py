"""Outlines of all areas: small enough for a phone, and neighbours keep one border."""

import json
from collections.abc import Sequence
from pathlib import Path

import orjson
import pytest
import shapely
from flask import Flask
from flask.testing import FlaskClient
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from app.database import db
from reports import outlines
from reports.city import boundaries, snapshot
from reports.city.models import Area

PATH = "/api/v1/areas/outlines"


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def true_wards(app: Flask, shared_data: Path) -> list[BaseGeometry]:
    """Huế's forty, taken in from the file that a city's office would send."""
    path = shared_data / "hue_wards.geojson"
    boundaries.import_areas(path)
    db.session.commit()
    snapshot.forget()
    return [shape(one["geometry"]) for one in json.loads(path.read_text())["features"]]


def served(client: FlaskClient) -> list[BaseGeometry]:
    return [shape(one["geometry"]) for one in orjson.loads(client.get(PATH).data)["features"]]


def apart(some: Sequence[BaseGeometry]) -> float:
    """How much of what all of them cover together is covered by none of them, or twice."""
    whole = shapely.coverage_union_all(list(some)).area
    return abs(1 - sum(one.area for one in some) / whole)


def test_the_true_wards_are_small_enough_for_a_phone_and_still_fit_together(
    client: FlaskClient, true_wards: list[BaseGeometry]
) -> None:
    answer = client.get(PATH)
    shapes = served(client)

    assert len(answer.data) <= 120_000 and len(shapes) == len(true_wards) == 40
    assert all(one.is_valid for one in shapes)
    assert shapely.coverage_is_valid(shapes)
    assert apart(shapes) < 1e-9


def test_the_true_wards_are_still_where_they_were(
    client: FlaskClient, true_wards: list[BaseGeometry]
) -> None:
    told = {one["id"]: shape(one["geometry"]) for one in client.get(PATH).json["features"]}
    codes = db.session.query(Area.code, Area.boundary).filter(Area.code.in_(told))

    for code, boundary in codes:
        true = shapely.from_wkb(boundary)
        assert true.symmetric_difference(told[code]).area < 0.03 * true.area, code


def test_an_outline_says_whose_it_is_and_whether_it_is_a_guess(client: FlaskClient) -> None:
    answer = client.get(PATH)
    english = client.get(PATH, headers={"Accept-Language": "en"}).json

    assert answer.mimetype == "application/geo+json"
    found = {one["id"]: one["properties"] for one in answer.json["features"]}
    assert found["19753"] == {"code": "19753", "name": "Phường Phú Xuân", "approximate": True}
    assert english["features"][0]["properties"]["name"].endswith(("Ward", "Commune"))
    assert len(found) == len(snapshot.current().area_by_code) == 40
    west, south, east, north = shapely.total_bounds(served(client))
    assert 107 < west < east < 108.3 and 15.9 < south < north < 16.9


def test_outlines_are_made_once_and_anew_when_the_city_changes(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted by a stand-in that makes the real ones."""
    made: list[int] = []
    real = outlines.simplified

    def counted(boundaries: Sequence[BaseGeometry]) -> list[BaseGeometry]:
        made.append(len(boundaries))
        return real(boundaries)

    monkeypatch.setattr(outlines, "simplified", counted)

    first = client.get(PATH)
    again = client.get(PATH, headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, made) == (200, 304, [40])
    assert first.headers["Cache-Control"] == "public, max-age=60"

    db.session.get_one(Area, 1).name_vi = "Phường Khác"
    db.session.execute(db.text("update city set version = version + 1"))
    db.session.commit()
    snapshot.forget()
    changed = client.get(PATH, headers={"If-None-Match": first.headers["ETag"]})
    assert (changed.status_code, made) == (200, [40, 40])
    assert "Phường Khác" in changed.text


def test_areas_that_overlap_are_drawn_all_the_same() -> None:
    squares = [shapely.box(0, 0, 2, 2), shapely.box(1, 1, 3, 3)]

    assert [round(one.area) for one in outlines.simplified(squares)] == [4, 4]
    assert outlines.simplified([]) == []
