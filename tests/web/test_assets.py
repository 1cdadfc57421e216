"""What was built is served: for ever under hashed names, compressed, and nothing beside it."""

import gzip
import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.conftest import a_house
from tests.web.small import FILES, lay_small_build
from web.assets import PART_AT_MOST

GZIP = {"Accept-Encoding": "gzip, br"}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("phone-AAAAAAAA.js", "text/javascript; charset=utf-8"),
        ("phone-style-DDDDDDDD.css", "text/css; charset=utf-8"),
        ("type-GGGGGGGG.woff2", "font/woff2"),
    ],
)
def test_a_built_file_is_kept_for_ever_under_its_type(
    client: FlaskClient, name: str, kind: str
) -> None:
    answer = client.get(f"/built/{name}")

    assert answer.status_code == 200
    assert answer.data == FILES[name]
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Content-Encoding" not in answer.headers


def test_text_goes_out_compressed_to_those_who_take_it(client: FlaskClient) -> None:
    answer = client.get("/built/phone-AAAAAAAA.js", headers=GZIP)

    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(answer.data) == FILES["phone-AAAAAAAA.js"]


def test_those_who_refuse_compression_get_none(client: FlaskClient) -> None:
    answer = client.get("/built/phone-AAAAAAAA.js", headers={"Accept-Encoding": "gzip;q=0"})

    assert answer.data == FILES["phone-AAAAAAAA.js"]


def test_a_font_is_not_compressed_twice(client: FlaskClient) -> None:
    answer = client.get("/built/type-GGGGGGGG.woff2", headers=GZIP)

    assert answer.data == FILES["type-GGGGGGGG.woff2"]


@pytest.mark.parametrize(
    "path",
    [
        "/built/phone-ZZZZZZZZ.js",
        "/built/manifest.json",
        "/built/stamp",
        "/built/sw.js",
        "/built/phone-AAAAAAAA.js.gz",
        "/built/..%2fsecret-AAAAAAAA.js",
        "/built/%2e%2e/secret-AAAAAAAA.js",
        "/built/icons/icon-192.png",
        "/built/",
        "/icons/manifest.json",
        "/icons/..%2fsw.js",
        "/icons/absent.png",
    ],
)
def test_nothing_else_is_served(client: FlaskClient, small_build: Path, path: str) -> None:
    (small_build.parent / "secret-AAAAAAAA.js").write_text("not for the web")

    assert client.get(path).status_code == 404


def test_the_service_worker_is_looked_at_anew_each_time(client: FlaskClient) -> None:
    answer = client.get("/sw.js", headers=GZIP)
    again = client.get("/sw.js", headers={**GZIP, "If-None-Match": answer.headers["ETag"]})

    assert gzip.decompress(answer.data) == FILES["sw.js"]
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["Service-Worker-Allowed"] == "/"
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("path", ["/sw.js", "/built/map-worker-FFFFFFFF.js"])
def test_a_worker_comes_with_the_pages_policy(client: FlaskClient, path: str) -> None:
    """Else it would be bound by the API's, and could fetch nothing."""
    page = client.get("/").headers["Content-Security-Policy"]

    assert client.get(path).headers["Content-Security-Policy"] == page
    assert "connect-src 'self'" in page


@pytest.mark.parametrize(
    ("language", "name", "tasks"),
    [
        ("vi", "Xóm – Thành phố Huế", ["Gửi phản ánh mới", "Phản ánh của tôi"]),
        ("en", "Xóm – Huế City", ["New report", "My reports"]),
    ],
)
def test_the_installed_page_has_a_name_icons_and_shortcuts(
    client: FlaskClient, language: str, name: str, tasks: list[str]
) -> None:
    answer = client.get(f"/manifest.webmanifest?lang={language}")
    told = json.loads(answer.data)

    assert answer.mimetype == "application/manifest+json"
    assert (told["name"], told["short_name"], told["lang"]) == (name, "Xóm", language)
    assert (told["start_url"], told["display"]) == ("/", "standalone")
    assert [shortcut["name"] for shortcut in told["shortcuts"]] == tasks
    assert [shortcut["url"] for shortcut in told["shortcuts"]] == ["/new", "/mine"]
    assert {icon["purpose"] for icon in told["icons"]} == {"any", "maskable", "monochrome"}


def test_icons_are_found_where_browsers_look(client: FlaskClient) -> None:
    for path in ("/favicon.ico", "/icons/icon-192.png"):
        answer = client.get(path)

        assert (answer.status_code, answer.mimetype) == (200, "image/png")


def test_a_new_build_is_taken_up_without_a_restart(client: FlaskClient, small_build: Path) -> None:
    before = client.get("/").text

    lay_small_build(small_build, build="another-build")

    assert "another-build" not in before
    assert "another-build" in client.get("/").text


def test_a_map_of_this_host_is_served_in_parts(city_url: str, small_build: Path) -> None:
    archive = small_build.parent / "hue.pmtiles"
    archive.write_bytes(b"PMTiles" + bytes(range(256)))
    for house in a_house(city_url, small_build, map_tiles=str(archive)):
        client = house.test_client()
        with client.get("/map.pmtiles", headers={"Range": "bytes=7-10"}) as part:
            assert part.status_code == 206
            assert part.data == bytes([0, 1, 2, 3])
            assert part.headers["Content-Range"] == "bytes 7-10/263"
        with client.get("/map.pmtiles", headers={"Range": "bytes=9999-"}) as beyond:
            assert beyond.status_code == 416


@pytest.mark.parametrize("asked", [None, "bytes=0-", "bytes=1-2,5-6"])
def test_a_map_of_this_host_is_given_to_nobody_whole(
    city_url: str, small_build: Path, asked: str | None
) -> None:
    """A city's archive is gigabytes: a few who fetch all of it would fill the line."""
    archive = small_build.parent / "hue.pmtiles"
    archive.write_bytes(b"PMTiles" + bytes(PART_AT_MOST))
    headers = {"If-Range": '"another"'} | ({"Range": asked} if asked else {})
    for house in a_house(city_url, small_build, map_tiles=str(archive)):
        house.config["RATELIMIT_ENABLED"] = True
        for sent in (headers, {"Range": asked} if asked else {}):
            answer = house.test_client().get("/map.pmtiles", headers=sent)

            assert answer.status_code in {400, 416}
            assert len(answer.data) < 2000
        assert house.test_client().get("/map.pmtiles").json["type"] == "/problems/part-needed"
        with house.test_client().get("/map.pmtiles", headers={"Range": "bytes=0-6"}) as part:
            assert (part.status_code, part.data) == (206, b"PMTiles")
            assert int(part.headers["RateLimit-Limit"]) >= 3000  # a mobile network's phones


def test_without_a_map_of_this_host_there_is_none(client: FlaskClient) -> None:
    assert client.get("/map.pmtiles").status_code == 404


def test_pages_do_not_count_against_an_addresss_limit(city_url: str, small_build: Path) -> None:
    """A whole mobile network may stand behind one address."""
    for house in a_house(city_url, small_build, address_limit="1 per hour"):
        house.config["RATELIMIT_ENABLED"] = True
        client = house.test_client()
        asked = ("/", "/mine", "/built/phone-AAAAAAAA.js", "/sw.js", "/icons/icon.svg")

        assert {client.get(path).status_code for path in asked} == {200}


def test_the_api_answers_where_no_pages_are_built(house: Flask, small_build: Path) -> None:
    (small_build / "manifest.json").unlink()
    (small_build / "sw.js").unlink()
    client = house.test_client()

    page = client.get("/", headers={"Accept": "text/html", "Accept-Language": "en"})

    assert client.get("/api/v1/categories").status_code == 200
    assert (page.status_code, page.mimetype) == (503, "text/html")
    assert "make pages" in page.text
    assert page.headers["Retry-After"]
    assert client.get("/sw.js").status_code == 503
    assert client.get("/").json["type"] == "/problems/pages-not-built"
