"""The residents' page: the same at all its addresses, in the reader's language, safe, and small."""

import base64
import gzip
import hashlib
import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.config import ROOT
from reports.city import snapshot
from tests.conftest import new_database
from tests.web.conftest import TILES, a_house
from web import pages

ADDRESSES = (
    "/", "/new", "/mine", "/messages", "/me", "/me/data", "/me/phone/new", "/reports/482-173-906-K",
    "/reports/not a code", "/follow", "/privacy",
)  # fmt: skip
BUDGET = 100_000  # bytes, compressed: page, stylesheet and scripts of the first screen


def boot_of(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="boot">(.*?)</script>', page, re.S)
    assert found
    told: dict[str, Any] = json.loads(found[1])
    return told


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_address_of_the_app_answers_with_its_page(client: FlaskClient, address: str) -> None:
    answer = client.get(address)

    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert answer.text.startswith("<!doctype html>")
    assert '<script type="module" src="/built/phone-AAAAAAAA.js"></script>' in answer.text
    assert '<link rel="modulepreload" href="/built/part-BBBBBBBB.js">' in answer.text
    assert "part-CCCCCCCC" not in answer.text  # a screen that is fetched when first shown
    assert answer.text.count('rel="stylesheet"') == 1


@pytest.mark.parametrize(
    ("query", "cookie", "browser", "language"),
    [
        ("", "", "", "vi"),
        ("", "", "fr", "vi"),
        ("", "", "en-GB,en;q=0.9,vi;q=0.8", "en"),
        ("", "vi", "en", "vi"),
        ("?lang=en", "vi", "vi", "en"),
        ("?lang=vi", "en", "en", "vi"),
        ("?lang=fr", "en", "vi", "en"),
        ("", "<script>", "en", "en"),
    ],
)
def test_the_language_is_chosen_by_address_then_choice_then_browser(
    client: FlaskClient, query: str, cookie: str, browser: str, language: str
) -> None:
    headers = {"Accept-Language": browser} | ({"Cookie": f"lang={cookie}"} if cookie else {})

    page = client.get(f"/{query}", headers=headers).text

    assert f'<html lang="{language}">' in page
    assert boot_of(page)["locale"] == language
    assert ("Quanh tôi" in page) == (language == "vi")


def test_a_language_chosen_by_address_is_remembered_and_nothing_else_is(
    client: FlaskClient,
) -> None:
    chosen = client.get("/?lang=en").headers.getlist("Set-Cookie")

    assert len(chosen) == 1
    assert chosen[0].startswith("lang=en;")
    assert "SameSite=Lax" in chosen[0]
    for path in ("/", "/?lang=fr", "/sw.js", "/nothing", "/manifest.webmanifest?lang=en"):
        assert "Set-Cookie" not in client.get(path).headers


def test_the_page_knows_whom_to_call_before_anything_is_asked(client: FlaskClient) -> None:
    page = client.get("/").text
    told = boot_of(page)

    assert told["city"] == {"name": "Thành phố Huế"}
    assert told["hotline"] == {"name": "Tổng đài thành phố Huế", "number": "19001075"}
    assert {"113", "114", "115"} <= {line["number"] for line in told["hotlines"]}
    assert all(line["words"] for line in told["hotlines"])
    assert 'href="tel:19001075"' in page.partition("<div id=")[2]
    without_scripts = re.search(r"<noscript>(.*?)</noscript>", page, re.S)
    assert without_scripts
    assert 'href="tel:113"' in without_scripts[1]


def test_the_page_holds_what_the_operator_has_set(furnished_house: Flask) -> None:
    answer = furnished_house.test_client().get("/")
    told = boot_of(answer.text)
    policy = answer.headers["Content-Security-Policy"]

    assert told["tiles"] == {"kind": "raster", "url": TILES, "attribution": "© Huế"}
    assert told["firebase"]["vapidKey"] == "B"
    assert len(told["webpush_key"]) == 87
    assert "img-src 'self' blob: data: https://tiles.hue.example;" in policy
    assert re.search(r"connect-src 'self' https://tiles\.hue\.example https://firebase", policy)


def test_a_plain_house_lets_the_page_reach_no_other_host(client: FlaskClient) -> None:
    answer = client.get("/")
    policy = answer.headers["Content-Security-Policy"]
    told = boot_of(answer.text)

    assert "http" not in policy
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["Permissions-Policy"].startswith("camera=(self), geolocation=(self)")
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert (told["tiles"], told["firebase"], told["webpush_key"]) == (None, None, None)


def test_the_page_needs_no_inline_script_and_no_inline_style(client: FlaskClient) -> None:
    page = client.get("/").text

    scripts = re.findall(r"<script([^>]*)>", page)
    assert all('type="application/json"' in one or "src=" in one for one in scripts)
    assert not re.search(r"\sstyle=|<style|\son\w+=", page)


def test_words_of_the_city_cannot_break_out_of_the_page(house: Flask) -> None:
    evil = "</script><script>alert('x')</script>&<b>"
    with house.app_context():
        city = snapshot.current()
        object.__setattr__(city.profile, "name_vi", evil)
    client = house.test_client()

    page = client.get("/", headers={"Accept-Language": "vi"}).text
    manifest = client.get("/manifest.webmanifest?lang=vi").get_json(force=True)

    assert "<script>alert" not in page
    assert boot_of(page)["city"]["name"] == evil
    assert manifest["name"] == f"Xóm – {evil}"


def test_the_same_page_is_not_sent_twice(client: FlaskClient) -> None:
    first = client.get("/mine")
    again = client.get("/mine", headers={"If-None-Match": first.headers["ETag"]})
    other = client.get("/mine", headers={"If-None-Match": first.headers["ETag"],
                                         "Accept-Language": "en"})  # fmt: skip

    assert first.headers["Cache-Control"] == "no-cache"
    assert {"Accept-Language", "Cookie"} <= set(first.headers["Vary"].split(", "))
    assert (again.status_code, again.data) == (304, b"")
    assert other.status_code == 200


def test_the_page_comes_compressed(client: FlaskClient) -> None:
    plain = client.get("/")
    small = client.get("/", headers={"Accept-Encoding": "gzip"})

    assert gzip.decompress(small.data) == plain.data


def test_the_page_is_drawn_once(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    client.get("/")
    # The next asking would fail if it were drawn again.
    monkeypatch.setattr(pages, "_draw", None)

    assert client.get("/").status_code == 200


def test_the_page_opens_while_the_database_is_away(
    server_url: str, city_template: str, small_build: Path
) -> None:
    with new_database(server_url, city_template, f"{city_template}_away") as url:
        for house in a_house(url, small_build):
            client = house.test_client(use_cookies=False)
            before = client.get("/")
            close_database(url)
            with house.app_context():
                snapshot._shelf().looked = 0.0  # the two seconds of its memory are over

            page = client.get("/")

            assert client.get("/api/v1/categories").status_code == 503
            assert page.status_code == 200
            assert page.data == before.data


def test_a_server_that_has_seen_no_city_says_so_and_keeps_nothing(small_build: Path) -> None:
    nowhere = "postgresql://xom@127.0.0.1:1/nothing"
    for house in a_house(nowhere, small_build):
        answer = house.test_client().get("/")

        assert answer.status_code == 503
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Retry-After"] == "5"
        assert '<div id="app">' in answer.text
        assert "tel:" not in answer.text.partition("</noscript>")[2]


def close_database(url: str) -> None:
    """It ends all its connections and takes no new ones."""
    server, _, name = url.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(f"alter database {name} allow_connections false")
        admin.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [name]
        )


# Where there is no page --------------------------------------------------------------------------

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def test_a_person_who_is_lost_gets_a_page(client: FlaskClient) -> None:
    answer = client.get("/nowhere", headers={"Accept": BROWSER, "Cookie": "lang=en"})

    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert '<html lang="en">' in answer.text
    assert "Not found" in answer.text
    assert 'href="/"' in answer.text
    assert "19001075" in answer.text


def test_the_style_of_that_page_is_the_one_that_its_policy_names(client: FlaskClient) -> None:
    answer = client.get("/nowhere", headers={"Accept": BROWSER})

    style = re.search(r"<style>(.*?)</style>", answer.text, re.S)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in answer.headers["Content-Security-Policy"]


def test_that_page_is_written_in_our_letters_where_they_were_built(
    house: Flask, client: FlaskClient, small_build: Path
) -> None:
    name = "be-vietnam-pro-latin-600-normal-HHHHHHHH.woff2"
    (small_build / name).write_bytes(b"wOF2 letters")
    manifest = json.loads((small_build / "manifest.json").read_text())
    manifest["later"].append(name)
    (small_build / "manifest.json").write_text(json.dumps(manifest))

    answer = client.get("/nowhere", headers={"Accept": BROWSER})

    assert f'font-weight:600;font-display:swap;src:url("/built/{name}")' in answer.text
    assert client.get(f"/built/{name}").status_code == 200
    assert "font-src 'self'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("accept", ["", "*/*", "application/json", "application/problem+json"])
def test_a_program_that_is_lost_gets_a_problem(client: FlaskClient, accept: str) -> None:
    answer = client.get("/nowhere", headers={"Accept": accept})

    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_the_api_answers_a_browser_with_problems_too(client: FlaskClient) -> None:
    answer = client.get("/api/v1/nowhere", headers={"Accept": BROWSER})

    assert answer.mimetype == "application/problem+json"


def test_what_was_asked_for_is_not_repeated_in_the_page(client: FlaskClient) -> None:
    answer = client.get("/<script>alert(1)</script>", headers={"Accept": BROWSER})

    assert "alert(1)" not in unescape(answer.text)


# The real thing ----------------------------------------------------------------------------------


def test_the_first_screen_is_within_its_budget(city_url: str, real_build: Path) -> None:
    """All that is fetched before the first screen works, as it goes over the wire; the map and the
    fonts come later."""
    for house in a_house(city_url, real_build):
        client = house.test_client()
        page = client.get("/", headers={"Accept-Encoding": "gzip"})
        text = gzip.decompress(page.data).decode()
        needed = re.findall(r'(?:src|href)="(/built/[^"]+)"', text)
        answers = [client.get(path, headers={"Accept-Encoding": "gzip"}) for path in needed]

        assert {answer.headers["Content-Encoding"] for answer in answers} == {"gzip"}
        assert len(needed) >= 3
        assert sum(len(answer.data) for answer in [page, *answers]) <= BUDGET


def test_the_frame_that_the_server_draws_is_the_apps_own(client: FlaskClient) -> None:
    """Where the two differ, the screen jumps when the app takes over."""
    source = "".join(path.read_text() for path in (ROOT / "web" / "phone").rglob("*.tsx"))
    page = client.get("/").text.partition('<div id="app">')[2]

    drawn = {name for names in re.findall(r'class="([^"]+)"', page) for name in names.split()}
    made_up = {name for name in drawn if not name.startswith("screen-") and name not in source}

    assert made_up == set()
    assert {"top", "hotline", "tabs", "tab", "cards", "skeleton-card"} <= drawn
