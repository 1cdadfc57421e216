"""OGC API – Features: what Part 1 (OGC 17-069r4) requires, and the API's own description."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
import shapely
from openapi_spec_validator import OpenAPIV30SpecValidator, validate

from reports.feeds.ogc.asked import MOST_AREAS
from reports.models import Report
from reports.statuses import Role
from tests.feeds.conftest import A_LUOI, House, Reader, publish

OGC = "/ogc"
REPORTS, AREAS = f"{OGC}/collections/reports", f"{OGC}/collections/areas"
ITEMS = f"{REPORTS}/items"
GEOJSON = "application/geo+json"


def path_of(href: str) -> str:
    """The address within this house, of a whole one."""
    parts = urlsplit(href)
    assert (parts.scheme, parts.netloc) == ("http", "127.0.0.1:8000")
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def linked(body: dict[str, Any], relation: str) -> str:
    found = [one["href"] for one in body["links"] if one["rel"] == relation]
    assert len(found) == 1, (relation, body["links"])
    return path_of(found[0])


def ids(body: dict[str, Any]) -> list[str]:
    return [feature["id"] for feature in body["features"]]


@pytest.fixture
def several(house: House) -> list[Report]:
    """Five, a minute apart, the newest first; the oldest in another ward."""
    made = [publish(house, "Xa", place=A_LUOI)]
    for number in range(4):
        house.at += timedelta(minutes=1)
        made.append(publish(house, f"Người {number}"))
    return made[::-1]


def test_from_the_landing_page_everything_is_found_by_its_links(
    house: House, read: Reader, several: list[Report]
) -> None:
    landing = read(OGC).json

    described = read(linked(landing, "service-desc"))
    conforms = read(linked(landing, "conformance")).json["conformsTo"]
    collections = read(linked(landing, "data")).json
    one = read(linked(collections["collections"][0], "self")).json
    items = read(linked(one, "items"))
    feature = read(f"{linked(one, 'items')}/{ids(items.json)[0]}")

    assert described.mimetype == "application/vnd.oai.openapi+json"
    assert {uri.rpartition("/")[2] for uri in conforms} == {"core", "oas30", "geojson"}
    assert [each["id"] for each in collections["collections"]] == ["reports", "areas"]
    assert (items.mimetype, feature.mimetype) == (GEOJSON, GEOJSON)
    assert feature.json["properties"]["code"] and linked(feature.json, "collection") == REPORTS
    assert read("/ogc/").status_code == 200  # as people type it too


def test_a_persons_browser_gets_the_landing_page_in_words(read: Reader) -> None:
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

    page = read(OGC, Accept=browser)

    assert page.mimetype == "text/html" and "Trong QGIS" in page.text
    assert "<code>http://127.0.0.1:8000/ogc</code>" in page.text
    assert "script" not in page.headers["Content-Security-Policy"]
    assert read(OGC, Accept="*/*").mimetype == "application/json"


def test_a_collection_says_where_and_when(house: House, read: Reader, several: list[Report]
                                          ) -> None:  # fmt: skip
    extent = read(REPORTS).json["extent"]

    west, south, east, north = extent["spatial"]["bbox"][0]
    assert west < 107.5885 < east and south < 16.4675 < north
    begin, end = extent["temporal"]["interval"][0]
    assert begin.startswith(f"{several[-1].submitted_at + timedelta(hours=7):%Y-%m-%dT%H:%M}")
    assert begin.endswith("+07:00") and end is None
    assert "temporal" not in read(AREAS).json["extent"]


def test_a_feature_is_flat_as_maps_want_it(house: House, read: Reader) -> None:
    report = publish(house, description="Cống nghẹt, gọi 0905 123 456.")

    feature = read(f"{ITEMS}/{report.id}").json

    assert feature["geometry"] == {"type": "Point", "coordinates": [report.lng, report.lat]}
    told = feature["properties"]
    assert all(not isinstance(value, dict | list) for value in told.values())
    assert told["category"] == house.city.categories_by_id[report.category_id].code
    assert told["area_name"] == house.city.area_by_id[report.area_id].name_vi
    assert "0905" not in told["description"] and told["status"] == "accepted"


def test_pages_follow_each_other_by_their_links_and_leave_none_out(
    house: House, read: Reader, several: list[Report]
) -> None:
    found, path, pages = [], f"{ITEMS}?limit=2", 0
    while path:
        body = read(path).json
        assert body["numberReturned"] == len(body["features"]) <= 2
        found += ids(body)
        pages += 1
        following = [one["href"] for one in body["links"] if one["rel"] == "next"]
        path = path_of(following[0]) if following else ""
        if pages == 1:
            house.at += timedelta(minutes=1)
            publish(house, "Đến sau")

    assert found == [str(report.id) for report in several]
    assert pages == 3


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("bbox=107.5,16.4,107.7,16.5", {0, 1, 2, 3}),
        ("bbox=107.5,16.4,0,107.7,16.5,100", {0, 1, 2, 3}),
        ("bbox=-180,-90,180,90", {0, 1, 2, 3, 4}),
        ("bbox=170,-90,107.3,90", {4}),  # across the 180th meridian, to the west of the city's east
        ("bbox=107.2326,16.2745,107.2328,16.2747", {4}),
        ("bbox=0,0,1,1", set()),
        ("limit=2", {0, 1}),
        ("limit=100000", {0, 1, 2, 3, 4}),
        ("category=giao-duc", set()),
        ("status=accepted&limit=1", {0}),
    ],
)
def test_what_is_asked_for_is_answered(
    read: Reader, several: list[Report], query: str, places: set[int]
) -> None:
    assert set(ids(read(f"{ITEMS}?{query}").json)) == {str(several[n].id) for n in places}


def test_times_are_moments_days_or_intervals_that_hold_both_ends(
    read: Reader, several: list[Report]
) -> None:
    newest, second = (quote(f"{r.submitted_at:%Y-%m-%dT%H:%M:%SZ}") for r in several[:2])
    local = several[0].submitted_at + timedelta(hours=7)

    def count(asked: str) -> int:
        return len(read(f"{ITEMS}?datetime={asked}").json["features"])

    assert count(newest) == count(newest.lower()) == 1
    assert count(quote(f"{local:%Y-%m-%dT%H:%M:%S.000}+07:00")) == 1
    assert count(f"{second}/{newest}") == 2
    assert count(f"{second}/..") == count(f"{second}/") == 2
    assert count(f"../{second}") == count(f"/{second}") == 4
    assert count(f"{local:%Y-%m-%d}") >= 1
    assert count(f"{local + timedelta(days=1):%Y-%m-%d}/..") == 0


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("bbox=1,2,3", "bbox"),
        ("bbox=a,b,c,d", "bbox"),
        ("bbox=nan,1,2,3", "bbox"),
        ("bbox=107,17,108,16", "bbox"),
        ("bbox=500,1,501,2", "bbox"),
        ("bbox=107.5,16.4,100,107.7,16.5,0", "bbox"),
        ("datetime=yesterday", "datetime"),
        ("datetime=2026-03-01T00:00:00", "datetime"),
        ("datetime=2026-03-02/2026-03-01", "datetime"),
        ("datetime=2026-03-01/2026-03-02/2026-03-03", "datetime"),
        ("datetime=9999-12-31/..", "datetime"),
        ("datetime=20260301T000000Z", "datetime"),
        ("datetime=2026-03-01T00Z", "datetime"),
        ("datetime=2026-03-01T00:00Z", "datetime"),
        ("datetime=2026-03-01%2000:00:00Z", "datetime"),
        ("datetime=2026-W09-1T00:00:00Z", "datetime"),
        ("datetime=2026-02-30T00:00:00Z", "datetime"),
        ("datetime=2026-03-01T00:00:00%2B0700", "datetime"),
        ("datetime=../..", "datetime"),
        ("datetime=/", "datetime"),
        ("datetime=", "datetime"),
        ("limit=0", "limit"),
        ("limit=-1", "limit"),
        ("limit=ten", "limit"),
        ("limit=2&limit=3", "limit"),
        ("after=made-up", "after"),
        ("area=99999", "area"),
        ("status=lost", "status"),
        ("lang=fr", "lang"),
        ("f=html", "f"),
    ],
)
def test_what_cannot_be_answered_is_a_bad_request_as_the_standard_says(
    read: Reader, query: str, field: str
) -> None:
    answer = read(f"{ITEMS}?{query}")

    assert answer.status_code == 400, answer.text
    assert answer.mimetype == "application/problem+json"
    assert [error["field"] for error in answer.json["errors"]] == [field]


@pytest.mark.parametrize(
    "path", [OGC, f"{OGC}/conformance", f"{OGC}/api", REPORTS, f"{AREAS}/items"]
)
def test_parameters_that_the_description_does_not_name_are_refused(read: Reader, path: str) -> None:
    assert read(f"{path}?no_such=1").status_code == 400


def test_what_is_not_there_is_not_found(house: House, read: Reader) -> None:
    waiting = house.submits()

    for path in (
        f"{OGC}/collections/roads", f"{OGC}/collections/roads/items", f"{ITEMS}/{waiting.id}",
        f"{ITEMS}/nothing", f"{AREAS}/items/99999",
    ):  # fmt: skip
        assert read(path).status_code == 404, path


@pytest.mark.parametrize(
    "path",
    [
        f"{OGC}/collections/roads",
        f"{ITEMS}/nothing",
        f"{ITEMS}?limit=0",
        "/feeds/reports.csv?bbox=1",
        "/feeds/reports.atom?area=99999",
    ],
)
def test_pages_of_other_sites_may_read_what_went_wrong_too(read: Reader, path: str) -> None:
    answer = read(path)

    assert answer.status_code in {400, 404, 422}
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_areas_are_their_true_boundaries(house: House, read: Reader) -> None:
    body = read(f"{AREAS}/items").json
    touched = read(f"{AREAS}/items?bbox=107.588,16.467,107.589,16.468").json
    paged = read(f"{AREAS}/items?limit=3").json

    assert len(body["features"]) == len(house.city.facts.boundaries)
    for feature in body["features"]:
        drawn = house.city.facts.boundaries[feature["id"]]
        assert shapely.geometry.shape(feature["geometry"]).equals_exact(drawn, 1e-6)
    there, box = house.city.facts.boundaries, shapely.box(107.588, 16.467, 107.589, 16.468)
    here = {code for code, drawn in there.items() if drawn.intersects(box)}
    assert set(ids(touched)) == here and 0 < len(here) < 5
    assert body["numberReturned"] <= MOST_AREAS
    assert ids(paged) + ids(read(linked(paged, "next")).json) == ids(body)[:6]
    assert read(f"{AREAS}/items/{ids(body)[0]}").json["properties"] == body["features"][0][
        "properties"
    ]  # fmt: skip


def test_names_are_in_the_language_that_is_asked_for(house: House, read: Reader) -> None:
    report = publish(house)
    area = house.city.area_by_id[report.area_id]

    assert read(f"{ITEMS}?lang=en").json["features"][0]["properties"]["area_name"] == area.name_en
    english = read(f"{AREAS}/items/{area.code}", Accept_Language="en").json
    assert english["properties"]["name"] == area.name_en
    assert read(f"{AREAS}/items/{area.code}").json["properties"]["name"] == area.name_vi


def test_whoever_has_it_gets_nothing_until_something_changes(house: House, read: Reader) -> None:
    report = publish(house)
    first = read(ITEMS)

    again = read(ITEMS, If_None_Match=first.headers["ETag"])
    house.takes(house.official(Role.DISPATCHER), "hide", report, note="Xúc phạm.")

    assert again.status_code == 304
    assert read(ITEMS, If_None_Match=first.headers["ETag"]).json["features"] == []


def test_its_description_is_sound_and_names_what_the_views_take(read: Reader) -> None:
    spec = json.loads(read(f"{OGC}/api").data)

    validate(spec, cls=OpenAPIV30SpecValidator)

    assert spec["openapi"].startswith("3.0") and spec["servers"] == [
        {"url": "http://127.0.0.1:8000/ogc"}
    ]
    for path, operations in spec["paths"].items():
        asked = {p["name"] for p in operations["get"]["parameters"] if p["in"] == "query"}
        filled = f"{OGC}{path}".removesuffix("/").replace("{featureId}", "19789")
        for name in asked:
            answer = read(f"{filled}?{name}=")
            assert "unknown-parameter" not in answer.text, (path, name)
        assert "unknown-parameter" in read(f"{filled}?f=json").text
