"""Pages: a house with a small build to serve, and a phone in somebody's hand.

`site` is a served city, `phone` a real Chromium's context at 390 × 844, `page` a page of it that
fails the test on any complaint of the browser (a broken policy, an exception). `shots` keeps what
is seen.
"""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page

from app.config import ROOT
from app.database import db
from app.factory import create_app
from notifications import vapid
from tests.conftest import config_for, needs, new_database
from tests.web.site import Site, served
from tests.web.small import lay_small_build, serve_from

BUILT = ROOT / "web" / "built"
VAPID = "enp6enp6enp6enp6enp6enp6enp6enp6enp6enp6eno"
TILES = "https://tiles.hue.example/{z}/{x}/{y}.png"
FIREBASE = (
    '{"apiKey": "k", "projectId": "p", "appId": "1:2:web:3", "messagingSenderId": "2",'
    ' "vapidKey": "B"}'
)


@pytest.fixture(scope="module")
def city_url(server_url: str, city_template: str) -> Iterator[str]:
    with new_database(server_url, city_template, f"{city_template}_pages") as url:
        yield url


@pytest.fixture
def small_build(tmp_path: Path) -> Path:
    return lay_small_build(tmp_path / "built")


@pytest.fixture
def house(city_url: str, small_build: Path) -> Iterator[Flask]:
    """A new app each time: what it has seen of the city, and drawn, is its own."""
    yield from a_house(city_url, small_build)


@pytest.fixture
def furnished_house(city_url: str, small_build: Path) -> Iterator[Flask]:
    """One whose operator has set everything that a page may hold."""
    settings = {"map_tiles": TILES, "map_attribution": "© Huế", "firebase_web": FIREBASE}
    yield from a_house(city_url, small_build, **settings, vapid_private_key=VAPID)


def a_house(url: str, built: Path, **settings: object) -> Iterator[Flask]:
    app = create_app(config_for(url, **settings))
    serve_from(app, built)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(house: Flask) -> FlaskClient:
    return house.test_client(use_cookies=False)


@pytest.fixture
def real_build() -> Path:
    """What `make install` has built; nothing is made up here."""
    needs((BUILT / "stamp").is_file(), "web/built (make pages)")
    return BUILT


# A phone -------------------------------------------------------------------------------------

ARTIFACTS = ROOT / "test-artifacts"
TRUONG_TIEN = {"latitude": 16.4675, "longitude": 107.5885, "accuracy": 8}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "locale": "vi-VN",
    "timezone_id": "Asia/Ho_Chi_Minh",
    "geolocation": TRUONG_TIEN,
    "permissions": ["geolocation"],
}
#: What a browser says of a request that failed on purpose; everything else is our fault.
EXPECTED = re.compile(r"Failed to load resource|net::ERR_")

#: Makes a phone: `new_phone(color_scheme="dark", locale="en-GB")`, for what differs from PHONE.
NewPhone = Callable[..., BrowserContext]
Shots = Callable[[Page, str], Path]


@pytest.fixture(scope="session")
def web_app(
    server_url: str, city_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """The whole house over a city of its own, committed to by many threads."""
    needs((BUILT / "manifest.json").exists(), "web/built (make pages)")
    with new_database(server_url, city_template, f"{city_template}_web") as url:
        files = tmp_path_factory.mktemp("files")
        # A copy: the pages may be built anew while these tests run.
        built = shutil.copytree(BUILT, tmp_path_factory.mktemp("pages") / "built")
        key = vapid.new_private_key()
        config = config_for(url, storage_url=files.as_uri(), vapid_private_key=key)
        app = create_app(config)
        app.config["RATELIMIT_ENABLED"] = False
        serve_from(app, built)
        yield app
        with app.app_context():
            db.engine.dispose()


@pytest.fixture(scope="session")
def served_site(web_app: Flask) -> Iterator[Site]:
    with served(web_app) as site:
        yield site


@pytest.fixture
def site(served_site: Site) -> Iterator[Site]:
    """The served city, without faults at first; what earlier tests sent is still there."""
    served_site.faults.heal()
    served_site.faults.seen.clear()
    yield served_site
    served_site.faults.heal()


@pytest.fixture
def new_phone(chromium: Browser, site: Site) -> Iterator[NewPhone]:
    made: list[BrowserContext] = []

    def make(**differs: object) -> BrowserContext:
        context = chromium.new_context(base_url=site.url, **{**PHONE, **differs})  # type: ignore[arg-type]
        context.set_default_timeout(10_000)
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()


@pytest.fixture
def phone(new_phone: NewPhone) -> BrowserContext:
    return new_phone()


def watched(page: Page) -> list[str]:
    """A list that fills with what the browser complains of."""
    complaints: list[str] = []

    def heard(text: str) -> None:
        if not EXPECTED.search(text):
            complaints.append(text)

    page.on("console", lambda m: heard(m.text) if m.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: heard(f"{error.name}: {error.message}\n{error.stack}"))
    return complaints


@pytest.fixture
def page(phone: BrowserContext) -> Iterator[Page]:
    shown = phone.new_page()
    complaints = watched(shown)
    yield shown
    assert complaints == []


@pytest.fixture
def shots(request: pytest.FixtureRequest) -> Shots:
    """Keeps a picture of the page in test-artifacts/, by the test's name."""

    def keep(page: Page, name: str) -> Path:
        folder = ARTIFACTS / Path(request.node.path).stem
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{name}.png"
        beside = folder / f".{uuid4().hex}.png"
        page.screenshot(path=beside, animations="disabled")
        beside.replace(path)
        return path

    return keep
