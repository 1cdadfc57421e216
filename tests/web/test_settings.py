"""Settings of the pages are read at the start, as the page will use them."""

from pathlib import Path

import pytest

from app.page_settings import firebase_web, map_tiles
from app.safety import UnsafeConfig, refuse_unsafe
from tests.web.conftest import FIREBASE


@pytest.mark.parametrize(
    ("text", "kind", "origin"),
    [
        ("https://a.example/{z}/{x}/{y}.png", "raster", "https://a.example"),
        ("https://a.example:8443/t?x={x}&y={y}&z={z}", "raster", "https://a.example:8443"),
        ("http://127.0.0.1:9000/{z}/{x}/{y}.webp", "raster", "http://127.0.0.1:9000"),
        ("https://a.example/maps/hue.pmtiles", "pmtiles", "https://a.example"),
    ],
)
def test_a_map_is_raster_images_or_one_archive(text: str, kind: str, origin: str) -> None:
    tiles = map_tiles(text)

    assert tiles is not None
    assert (tiles.kind, tiles.url, tiles.origin) == (kind, text, origin)


@pytest.mark.parametrize(
    "text",
    [
        "https://a.example/map.png",
        "https://a.example/{z}/{x}.png",
        "https://{s}.example/{z}/{x}/{y}.png",
        "https://a.example; script-src */{z}/{x}/{y}.png",
        "https://user:word@a.example/{z}/{x}/{y}.png",
        "ftp://a.example/{z}/{x}/{y}.png",
        "https://[/{z}/{x}/{y}.png",
        "https:///{z}/{x}/{y}.png",
        "map.pmtiles",
        "/no/such/folder/map.pmtiles",
        "/etc/hostname",
    ],
)
def test_what_is_no_map_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(UnsafeConfig, match="XOM_MAP_TILES"):
        map_tiles(text)


def test_a_file_that_only_has_the_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "hue.pmtiles").write_bytes(b"SQLite format 3")

    with pytest.raises(UnsafeConfig, match="no PMTiles archive"):
        map_tiles(str(tmp_path / "hue.pmtiles"))


def test_production_takes_no_map_in_the_clear() -> None:
    safe = {
        "SECRET_KEY": "qP2vLx8sTz4mWc9dRb7nKf3hJg6yAu5e",
        "XOM_OTP_SENDER": "sms",
        "XOM_BASE_URL": "https://hue.example",
    }

    with pytest.raises(UnsafeConfig, match="XOM_MAP_TILES is asked for in the clear"):
        refuse_unsafe(safe | {"XOM_MAP_TILES": "HTTP://a.example/{z}/{x}/{y}.png"})
    refuse_unsafe(safe | {"XOM_MAP_TILES": "https://a.example/{z}/{x}/{y}.png"})


def test_firebases_configuration_is_taken_whole() -> None:
    told = firebase_web(FIREBASE)

    assert told is not None
    assert told["vapidKey"] == "B"
    assert firebase_web("") is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "one JSON object"),
        ("[]", "one JSON object"),
        ('{"apiKey": 1}', "one JSON object"),
        ('{"apiKey": "k"}', "lacks projectId, appId, messagingSenderId, vapidKey"),
        (FIREBASE.replace("}", ', "private_key": "x"}'), "private_key, which no page needs"),
    ],
)
def test_what_is_no_configuration_of_a_web_app_is_refused(text: str, words: str) -> None:
    with pytest.raises(UnsafeConfig, match=words):
        firebase_web(text)
