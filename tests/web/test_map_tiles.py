"""An operator's own base map, in a real browser: images from another host, archives of images and
of shapes, of this host and of another, in the light and in the dark."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from tests.web.conftest import PHONE, Shots, a_house, watched
from tests.web.site import Site, served
from tests.web.test_around import at_rest, drawn, open_map
from tests.web.tiles import TURQUOISE, Colour, archive_of_images, archive_of_shapes, tile_host

LAND, WATER, ROAD = (0xEF, 0xE9, 0xDF), (0xE4, 0xEE, 0xF2), (0xFF, 0xFF, 0xFF)
TONED_DOWN, DARK_LAND = (0x2B, 0x52, 0x4E), (0x24, 0x1F, 0x2B)
DARK_INK, DARK_HALO = (0xA9, 0xA2, 0xB3), (0x1F, 0x1B, 0x26)
#: One who tiles the map: his settings → a phone's page of that city, which stands at the bridge.
Shown = Callable[..., Page]


@pytest.fixture
def shown(web_app: Flask, chromium: Browser) -> Iterator[Shown]:
    """Pages of a city with these settings; what the browser complains of fails the test."""
    heard: list[list[str]] = []
    with ExitStack() as houses:

        def show(*, dark: bool = False, **settings: str) -> Page:
            site = houses.enter_context(tiled(web_app, **settings))
            looks = PHONE | {"color_scheme": "dark" if dark else "light"}
            phone = chromium.new_context(base_url=site.url, **looks)  # type: ignore[arg-type]
            houses.callback(phone.close)
            page = phone.new_page()
            heard.append(watched(page))
            return page

        yield show
    assert not any(heard), heard


@contextmanager
def tiled(web_app: Flask, **settings: str) -> Iterator[Site]:
    """The same city under other settings, served on a port of its own."""
    url = web_app.extensions["xom.config"].database_url
    built = web_app.extensions["xom.built"].folder
    for app in a_house(url, built, **settings):
        app.config["RATELIMIT_ENABLED"] = False
        with served(app) as site:
            yield site


def at_the_bridge(page: Page, closer: int = 0) -> Locator:
    canvas = open_map(page, "&near=0")
    page.get_by_role("button", name="Vị trí của tôi").click()
    page.locator(".map-me").wait_for()
    at_rest(page)
    for _ in range(closer):
        page.get_by_role("button", name="Phóng to").click()
        at_rest(page)
    return canvas


def drawn_once(canvas: Locator, colour: Colour, least: float, off: int = 6) -> Image.Image:
    """What is seen as soon as so much of it has this colour. A map that rests may still wait for a
    tile or for its letters."""
    seen = drawn(canvas)
    for _ in range(40):
        if share(seen, colour, off) > least:
            break
        canvas.page.wait_for_timeout(300)
        seen = drawn(canvas)
    return seen


def share(image: Image.Image, colour: Colour, off: int = 6) -> float:
    found = image.getcolors(1_000_000) or []
    near = sum(
        n for n, seen in found if max(abs(a - b) for a, b in zip(seen, colour, strict=True)) <= off
    )
    return near / (image.width * image.height)


def test_images_of_another_host_lie_under_the_wards(shown: Shown, shots: Shots) -> None:
    with tile_host() as host:
        page = shown(map_tiles=f"{host.url}/{{z}}/{{x}}/{{y}}.png", map_attribution="© Huế GIS")
        seen = drawn_once(at_the_bridge(page), TURQUOISE, 0.6)
        shots(page, "images")

        expect(page.locator(".around-map-from")).to_contain_text("© Huế GIS")
    assert 0.6 < share(seen, TURQUOISE) < 0.99  # what is left: borders, names, marks
    assert share(seen, LAND) < 0.001
    assert {origin for _, origin in host.seen} == {page.evaluate("location.origin")}
    assert all(path.endswith(".png") and "{" not in path for path, _ in host.seen)


def test_the_page_may_ask_the_host_of_the_tiles_and_no_other(
    web_app: Flask, chromium: Browser
) -> None:
    asks = "(url) => fetch(url).then((answer) => answer.status, (error) => error.name)"
    with tile_host() as host, tile_host() as other:
        template = f"{host.url}/{{z}}/{{x}}/{{y}}.png"
        with tiled(web_app, map_tiles=template) as site, chromium.new_context() as phone:
            page = phone.new_page()
            complaints = watched(page)
            page.goto(f"{site.url}/privacy")
            page.locator("nav.tabs").wait_for()
            expect(page.get_by_text(host.url.removeprefix("http://"))).to_be_visible()  # … told

            assert page.evaluate(asks, f"{host.url}/1/1/1.png") == 200
            assert complaints == []
            assert page.evaluate(asks, f"{other.url}/1/1/1.png") == "TypeError"

            assert all(other.url in said and "Content Security" in said for said in complaints)
            assert other.seen == []


def test_an_archive_of_images_on_this_host_is_drawn(shown: Shown, tmp_path: Path) -> None:
    path = archive_of_images(tmp_path / "hue.pmtiles")
    page = shown(map_tiles=str(path), map_attribution="© Huế GIS")

    seen = drawn_once(at_the_bridge(page), TURQUOISE, 0.6)

    assert share(seen, TURQUOISE) > 0.6
    expect(page.locator(".around-map-from")).to_contain_text("© Huế GIS")


def test_an_archive_of_shapes_is_drawn_in_our_colours(
    shown: Shown, tmp_path: Path, shots: Shots
) -> None:
    path = archive_of_shapes(tmp_path / "hue.pmtiles")
    page = shown(map_tiles=str(path))

    seen = drawn_once(at_the_bridge(page, closer=1), WATER, 0.05)
    shots(page, "shapes")

    assert share(seen, LAND) > 0.3
    assert share(seen, WATER) > 0.05
    assert len(widths(seen, ROAD)) >= 3
    # Nobody set whom it is from: the archive says so itself, and not as HTML.
    expect(page.locator(".around-map-from")).to_contain_text("© OpenStreetMap")
    expect(page.locator(".around-map-from")).not_to_contain_text("<a")


def widths(image: Image.Image, colour: Colour) -> set[int]:
    """How wide streets from west to east are, in pixels; one that is rarely met is no street."""
    met: dict[int, int] = {}
    for x in range(image.width):
        run = 0
        for y in range(image.height):
            if image.getpixel((x, y)) == colour:
                run += 1
                continue
            met[run] = met.get(run, 0) + 1
            run = 0
    return {run for run, times in met.items() if run >= 2 and times > image.width / 3}


def test_an_archive_on_another_host_is_read_in_parts(shown: Shown, tmp_path: Path) -> None:
    archive = archive_of_shapes(tmp_path / "hue.pmtiles").read_bytes()
    with tile_host(archive) as host:
        page = shown(map_tiles=f"{host.url}/hue.pmtiles")

        seen = drawn_once(at_the_bridge(page, closer=1), WATER, 0.05)

        assert share(seen, WATER) > 0.05
        assert share(seen, ROAD) > 0.01
    assert {path for path, _ in host.seen} == {"/hue.pmtiles"}


@pytest.mark.parametrize(("kind", "ground"), [("images", TONED_DOWN), ("shapes", DARK_LAND)])
def test_in_the_dark_names_keep_their_contrast(
    kind: str, ground: Colour, shown: Shown, tmp_path: Path, shots: Shots
) -> None:
    make = archive_of_images if kind == "images" else archive_of_shapes
    page = shown(map_tiles=str(make(tmp_path / "hue.pmtiles")), dark=True)

    canvas = at_the_bridge(page, closer=1)
    drawn_once(canvas, ground, 0.5)
    seen = drawn_once(canvas, DARK_INK, 0.0005, off=12)
    shots(page, f"{kind}-dark")

    assert share(seen, ground) > 0.5
    assert share(seen, TURQUOISE) == 0  # toned down
    assert share(seen, DARK_INK, 12) > 0.0005  # a ward's name
    assert share(seen, DARK_HALO, 12) > 0.002  # on an edge of its own, whatever lies under it


def test_a_host_that_is_down_leaves_the_wards_and_their_reports(shown: Shown) -> None:
    with tile_host() as host:
        url = host.url  # and then it is gone
    page = shown(map_tiles=f"{url}/hue.pmtiles")

    seen = drawn_once(at_the_bridge(page), LAND, 0.5)

    assert share(seen, LAND) > 0.5


def test_a_small_map_shows_the_tiles_and_whom_they_are_from(
    shown: Shown, site: Site, shots: Shots
) -> None:
    report = site.submits()
    site.accepted(report["id"])
    with tile_host() as host:
        page = shown(map_tiles=f"{host.url}/{{z}}/{{x}}/{{y}}.png", map_attribution="© Huế GIS")
        page.goto(f"/reports/{report['code'].replace('-', '')}")
        expect(page.locator(".pin-map .map-from")).to_have_text("© Huế GIS")
        canvas = page.locator(".pin-map-canvas")
        at_rest(page, canvas)
        seen = drawn_once(canvas, TURQUOISE, 0.5)
        shots(page, "small-images")
        assert share(seen, TURQUOISE) > 0.5
