"""The leaders' page in a real browser, over a small city whose figures are known (`planted`)."""

import shutil
from collections.abc import Iterator
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page

from app.database import db
from app.factory import create_app
from notifications import vapid
from reports.statuses import Role
from tests.conftest import config_for, needs, new_database
from tests.dashboard.planted import Planted, plant
from tests.web.conftest import BUILT, shots, watched
from tests.web.desks import DESK
from tests.web.site import Site, served
from tests.web.small import serve_from
from web.console.session import COOKIE, PATHS

__all__ = ["shots"]


@pytest.fixture(scope="session")
def served_city(
    server_url: str, city_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Site, Planted]]:
    needs((BUILT / "manifest.json").exists(), "web/built (make pages)")
    with new_database(server_url, city_template, f"{city_template}_leaders") as url:
        files = tmp_path_factory.mktemp("files")
        key = vapid.new_private_key()
        app = create_app(config_for(url, storage_url=files.as_uri(), vapid_private_key=key))
        app.config["RATELIMIT_ENABLED"] = False
        serve_from(app, shutil.copytree(BUILT, tmp_path_factory.mktemp("pages") / "built"))
        with served(app) as site:
            yield site, plant(site)
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def site(served_city: tuple[Site, Planted]) -> Iterator[Site]:
    served_city[0].faults.heal()
    yield served_city[0]
    served_city[0].faults.heal()


@pytest.fixture
def planted(served_city: tuple[Site, Planted]) -> Planted:
    return served_city[1]


def leader_of(
    chromium: Browser,
    site: Site,
    role: Role = Role.LEADER,
    office: str | None = None,
    **differs: object,
) -> BrowserContext:
    """Somebody at the leaders' page, signed in."""
    context = chromium.new_context(base_url=site.url, **{**DESK, **differs})  # type: ignore[arg-type]
    context.set_default_timeout(30_000)
    token = site.official(role, office)
    context.add_cookies(
        [{"name": COOKIE, "value": token, "domain": "127.0.0.1", "path": path} for path in PATHS]
    )
    return context


@pytest.fixture
def leader(chromium: Browser, site: Site) -> Iterator[BrowserContext]:
    context = leader_of(chromium, site)
    yield context
    context.close()


@pytest.fixture
def page(leader: BrowserContext) -> Iterator[Page]:
    shown = leader.new_page()
    complaints = watched(shown)
    yield shown
    assert complaints == []


def drawn(page: Page) -> Page:
    """The map is drawn and at rest."""
    page.locator(".heat.drawn:not([aria-busy])[data-shown]").wait_for(timeout=30_000)
    at_rest(page)
    return page


def at_rest(page: Page) -> None:
    """Two pictures in a row are the same."""
    before = b""
    for _ in range(60):
        seen = page.locator(".heat-canvas").screenshot()
        if seen == before:
            return
        before = seen
        page.wait_for_timeout(150)
    raise AssertionError("the map does not come to rest")


def picture(page: Page) -> Image.Image:
    return Image.open(BytesIO(page.locator(".heat-canvas").screenshot())).convert("RGB")
