"""A city that has no line of its own, and whose centre has no number: nothing offers to call it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from app.database import db
from app.factory import create_app
from reports.city.models import CityProfile, Office
from tests.conftest import config_for, needs, new_database
from tests.web.conftest import BUILT
from tests.web.site import Site, served


@pytest.fixture(scope="module")
def without_a_line(
    server_url: str, city_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    needs((BUILT / "manifest.json").exists(), "web/built (make pages)")
    with new_database(server_url, city_template, f"{city_template}_no_line") as url:
        app = create_app(config_for(url, storage_url=tmp_path_factory.mktemp("files").as_uri()))
        with app.app_context():
            take_the_line_away()
        with served(app) as site:
            yield site
        with app.app_context():
            db.engine.dispose()


def take_the_line_away() -> None:
    profile = db.session.get_one(CityProfile, 1)
    lines = [line for line in profile.settings["hotlines"] if not line.get("own")]
    profile.settings = {**profile.settings, "hotlines": lines}
    profile.version += 1
    db.session.execute(update(Office).values(phone=None))
    db.session.commit()
    db.session.remove()


@pytest.fixture
def site(without_a_line: Site) -> Site:
    return without_a_line


@pytest.mark.parametrize("path", ["/", "/me", "/new"])
def test_a_city_without_a_line_offers_none_to_call(page: Page, site: Site, path: str) -> None:
    page.goto(path)
    page.wait_for_load_state("networkidle")

    expect(page.locator("header.top h1")).to_be_visible()
    expect(page.locator(".skeleton-card")).to_have_count(0)  # the app itself has drawn it
    expect(page.locator("a.hotline, a[href='tel:']")).to_have_count(0)
