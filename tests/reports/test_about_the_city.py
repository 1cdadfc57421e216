"""`GET /city` and `GET /categories`: what a phone keeps of the city for days without signal."""

import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.database import db
from notifications import vapid
from reports.city import importing, snapshot
from reports.city.faults import BadFile
from reports.city.models import CityProfile
from tests.notifications.conftest import VAPID
from tests.reports.conftest import House
from tests.reports.test_api import Api

CENTRE = "Trung tâm Giám sát, điều hành đô thị thông minh"


@pytest.fixture
def anybody(app: Flask, house: House) -> Api:
    return Api(app, None)


def told(anybody: Api, language: str = "vi") -> dict[str, Any]:
    answer = anybody("GET", "/city", headers={"Accept-Language": language})
    assert answer.status_code == 200
    body: dict[str, Any] = answer.json
    return body


def change_settings(**changes: Any) -> None:
    row = db.session.get_one(CityProfile, 1)
    row.settings = {**row.settings, **changes}
    row.version += 1
    db.session.commit()
    snapshot.forget()


def test_every_area_lies_within_the_bounds(anybody: Api, house: House) -> None:
    west, south, east, north = told(anybody)["bounds"]

    for area in house.city.area_by_code.values():
        assert west < area.lng < east and south < area.lat < north
    assert 106.9 < west < 107.2 and 108.0 < east < 108.4
    assert 15.8 < south < 16.1 and 16.6 < north < 16.9


def test_the_citys_own_line_is_one_tap_away(anybody: Api) -> None:
    assert told(anybody)["hotline"] == {"name": "Tổng đài thành phố Huế", "number": "19001075"}
    assert told(anybody, "en")["hotline"]["name"] == "Huế's city line"


def test_a_city_that_marks_no_line_answers_with_its_centres(anybody: Api) -> None:
    change_settings(hotlines=[{"number": "113", "vi": "Công an", "en": "Police"}])

    assert told(anybody)["hotline"] == {"name": CENTRE, "number": "19001075"}
    assert told(anybody)["hotlines"] == [{"name": "Công an", "number": "113", "words": []}]


def test_the_centre_answers_for_peoples_data_unless_the_city_says_otherwise(anybody: Api) -> None:
    shipped = told(anybody)["privacy"]
    change_settings(privacy={"controller_vi": "UBND thành phố", "controller_en": "The committee",
                             "email": "dulieu@city.example",
                             "recipients_vi": "Tin SMS do Viettel chuyển.",
                             "recipients_en": "Viettel carries text messages."})  # fmt: skip
    other = told(anybody, "en")["privacy"]

    assert shipped["controller"] == CENTRE
    assert (shipped["phone"], shipped["email"], shipped["address"]) == ("19001075", None, None)
    assert "đến khi bạn xóa tài khoản" in shipped["retention"]
    assert shipped["recipients"] is None
    assert (other["controller"], other["email"]) == ("The committee", "dulieu@city.example")
    assert other["recipients"] == "Viettel carries text messages."
    assert "until you erase your account" in other["retention"]


def test_groups_and_legal_channels_are_named(anybody: Api) -> None:
    city = told(anybody, "en")

    categories = anybody("GET", "/categories").json["items"]
    assert {category["group"] for category in categories} <= set(city["groups"])
    assert city["groups"]["moi-truong"] == "Environment"
    (channel,) = city["legal_channels"]
    assert channel["category"] == "tham-nhung"
    assert channel["channel"].startswith("the Huế City Inspectorate")


def test_the_ways_are_those_that_this_city_is_set_up_for(app: Flask, anybody: Api) -> None:
    bare = told(anybody)
    before = app.extensions["xom.config"]
    app.extensions["xom.config"] = replace(before, vapid_private_key=VAPID, smtp_url="smtp://m")
    try:
        full = told(anybody)
    finally:
        app.extensions["xom.config"] = before

    assert (bare["ways"], bare["webpush_key"]) == ([], None)
    assert full["ways"] == ["push", "email"]
    assert full["webpush_key"] == vapid.public_key(VAPID)


def test_a_source_of_street_names_is_told_of(app: Flask, anybody: Api) -> None:
    bare = told(anybody)
    before = app.extensions["xom.config"]
    app.extensions["xom.config"] = replace(before, nominatim_url="https://streets.example")
    try:
        full = told(anybody)
    finally:
        app.extensions["xom.config"] = before

    assert (bare["streets"], full["streets"]) == (False, True)


def test_a_phone_that_has_the_city_is_told_that_nothing_changed(anybody: Api) -> None:
    first = anybody("GET", "/city")

    again = anybody("GET", "/city", headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == "public, max-age=60"
    assert (again.status_code, again.data) == (304, b"")


def test_categories_say_where_they_stand_and_what_an_answer_needs(anybody: Api) -> None:
    items = anybody("GET", "/categories").json["items"]

    positions = [category["position"] for category in items]
    assert positions == sorted(positions)
    assert {category["evidence"] for category in items} == {True, False}
    assert all(category["group"] for category in items)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"hotlines": [{"number": n, "vi": "x", "en": "x", "own": True} for n in ("1", "2")]},
         "only one line is the city's own"),
        *(({"hotlines": [{"number": "114", "vi": "x", "en": "x", "words": [phrase]}]},
           "= and ^ only at its beginning") for phrase in ("=", "…", "cháy =xe", "==cháy xe")),
        ({"privacy": {"controller_vi": "UBND"}}, "needs both languages"),
        ({"privacy": {"dpo": "Ai đó"}}, "privacy"),
    ],
)  # fmt: skip
def test_a_city_file_that_cannot_be_meant_so_is_refused(
    app: Flask, tmp_path: Path, settings: dict[str, Any], words: str
) -> None:
    source = Path(snapshot.__file__).parent / "hue" / "city.json"
    content = json.loads(source.read_text())
    content["settings"] |= settings
    path = tmp_path / "city.json"
    path.write_text(json.dumps(content))

    with pytest.raises(BadFile) as refused:
        importing.import_profile(path)

    assert words in str([(fault.en, fault.field) for fault in refused.value.faults])


def test_what_every_phone_asks_for_comes_compressed_to_those_who_take_it(anybody: Api) -> None:
    plain = anybody("GET", "/categories")
    small = anybody("GET", "/categories", headers={"Accept-Encoding": "gzip"})
    known = {"Accept-Encoding": "gzip", "If-None-Match": small.headers["ETag"]}
    again = anybody("GET", "/categories", headers=known)

    assert gzip.decompress(small.data) == plain.data
    assert len(small.data) < len(plain.data) / 3
    assert "Accept-Encoding" in small.headers["Vary"]
    assert (again.status_code, again.data) == (304, b"")
