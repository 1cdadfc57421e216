"""The phone names the ward of a point and finds wards by their names with no network: held against
the server's own answers."""

import random
import subprocess
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from reports.city import snapshot
from reports.places import OutsideCity
from tests.conftest import needs
from tests.web.site import Site

WEB = Path(__file__).resolve().parents[2] / "web"
BORDER_M = 160  # outlines are simplified, and what lies just outside one still belongs to it
METRE = 1 / 111_320
MODULES = """
export * from "./phone/map/places";
export { areas, outlines } from "./phone/core/city";
"""


@pytest.fixture(scope="module")
def script() -> str:
    """The phone's modules as a script that leaves `places` behind."""
    found = sorted((WEB / "node_modules" / "@esbuild").glob("*/bin/esbuild"))
    needs(bool(found), "web/node_modules (make pages)")
    command = [str(found[0]), "--bundle", "--format=iife", "--global-name=places", "--loader=ts"]
    done = subprocess.run(
        command, cwd=WEB, check=True, capture_output=True, text=True, input=MODULES
    )
    return done.stdout


@pytest.fixture
def places(site: Site, script: str, chromium: Browser) -> Any:
    """A page in which `places` knows the city, without a network."""
    page = chromium.new_page()
    page.evaluate(f"{script}\n;window.places = places; 0")
    known = [site.call("GET", "/areas")["items"], site.call("GET", "/areas/outlines")]
    page.evaluate("([a, o]) => { places.areas.value = a; places.outlines.value = o; }", known)
    yield page
    page.close()


def around_the_city(site: Site, count: int) -> list[tuple[float, float]]:
    chance = random.Random(7)
    areas = site.call("GET", "/areas")["items"]
    box = [min(a["lat"] for a in areas) - 0.1, max(a["lat"] for a in areas) + 0.1,
           min(a["lng"] for a in areas) - 0.1, max(a["lng"] for a in areas) + 0.1]  # fmt: skip
    wide = [(chance.uniform(*box[:2]), chance.uniform(*box[2:])) for _ in range(count)]
    close = [
        (one["lat"] + chance.gauss(0, 0.01), one["lng"] + chance.gauss(0, 0.01))
        for one in chance.choices(areas, k=count)
    ]
    return wide + close


def served(site: Site, lat: float, lng: float) -> tuple[str | None, float]:
    """The ward as the server finds it for a report, and how far outside of it; none: too far."""
    with site.app.app_context():
        try:
            place = snapshot.current().areas.locate(lat, lng)
        except OutsideCity as error:
            return None, float(error.facts["distance_m"])
        return place.area.code, place.outside_m


def test_the_phone_and_the_server_name_the_same_ward(site: Site, places: Page) -> None:
    points = around_the_city(site, 200)

    said = places.evaluate(
        "all => all.map(([lat, lng]) => places.areaAt(lat, lng)?.code ?? null)", points
    )

    other = [
        (point, here, there)
        for point, here in zip(points, said, strict=True)
        if here != (there := _inside(site, *point)) and not _at_a_border(site, *point, here)
    ]
    assert other == []
    assert len({code for code in said if code}) > 25
    assert None in said


def _inside(site: Site, lat: float, lng: float) -> str | None:
    code, outside_m = served(site, lat, lng)
    return None if outside_m else code


def _at_a_border(site: Site, lat: float, lng: float, said: str | None) -> bool:
    """A few steps away the server says what the phone says."""
    for north in (-BORDER_M, 0, BORDER_M):
        for east in (-BORDER_M, 0, BORDER_M):
            if _inside(site, lat + north * METRE, lng + east * METRE / 0.96) == said:
                return True
    return False


def test_the_way_to_the_border_is_told_as_the_server_tells_it(site: Site, places: Page) -> None:
    points = [(16.9, 107.6), (16.5, 108.3), (16.0, 107.0)]

    far = places.evaluate("all => all.map(([y, x]) => places.nearestArea(y, x).metres)", points)

    for point, metres in zip(points, far, strict=True):
        assert metres == pytest.approx(served(site, *point)[1], rel=0.02, abs=200)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Phú Xuân", "19753"), ("phu xuan", "19753"), ("PHƯỜNG PHÚ XUÂN", "19753"),
        ("Thuận Lộc", "19753"), ("thuan loc", "19753"), ("tay loc", "19753"),
        ("Long Hồ", "19774"), ("long ho", "19774"),
    ],
)  # fmt: skip
def test_wards_are_found_by_new_and_former_names(places: Page, typed: str, code: str) -> None:
    found = places.evaluate("text => places.searchAreas(text).map(area => area.code)", typed)

    assert found[0] == code


def test_a_former_name_says_so_and_a_new_one_does_not(places: Page) -> None:
    told = (
        "([code, text]) => places.formerName(places.areas.value.find(a => a.code === code), text)"
    )

    assert places.evaluate(told, ["19753", "tay loc"]) == "Phường Tây Lộc"
    assert places.evaluate(told, ["19753", "phu xuan"]) is None


def test_what_no_ward_was_ever_called_is_not_found(places: Page) -> None:
    assert places.evaluate("places.searchAreas('Gotham').length") == 0
    assert places.evaluate("places.searchAreas('   ').length") == 0
