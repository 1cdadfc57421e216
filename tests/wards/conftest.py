"""The residents' figures over a small city whose numbers are known, published for two months.

Thuận Hóa (19789) had 25 public reports in March, of which 20 were answered in time and 5 late, each
after 8 working hours, and 9 private ones; A Lưới 2 (20044) had 12. Phú Xuân (19753) had a single
one, and Vỹ Dạ (19777) 6: these two are told together. In February the first two had 12 each.
"""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page

from app.database import db
from app.factory import create_app
from reports.city import snapshot
from reports.figures.periods import month
from reports.figures.public.publishing import publish
from reports.models import Rating
from reports.statuses import Outcome, Status
from tests.conftest import PLAIN_CHROMIUM, config_for, needs, new_database
from tests.figures.public.conftest import APRIL, MARCH, Town, pattern_of
from tests.reports.conftest import House, keep_figures
from tests.web.conftest import BUILT, PHONE, a_house, shots, watched
from tests.web.site import Site, served
from tests.web.small import lay_small_build, serve_from

__all__ = ["shots"]

FEBRUARY = datetime(2026, 2, 9, 3, tzinfo=UTC)
LATER = {
    "first_due_at": datetime(2099, 1, 1, tzinfo=UTC),
    "due_at": datetime(2099, 1, 1, tzinfo=UTC),
}
HERE, AFAR, ALONE, WITH_IT = "19789", "20044", "19753", "19777"
TOTAL = 53


def plant(town: Town) -> None:
    for number in range(12):
        town.sends(number, at=FEBRUARY, area=HERE, **LATER)
        town.sends(number, at=FEBRUARY, area=AFAR, **LATER)
    sent: list[UUID] = []
    for number in range(25):
        late = number >= 20
        answered = {
            "status": Status.RESOLVED,
            "outcome": Outcome.FIXED,
            "first_resolved_at": MARCH + timedelta(hours=24),
            "resolved_at": MARCH + timedelta(hours=24),
            "first_due_at": MARCH + timedelta(hours=1 if late else 100),
        }
        category = "rac-thai" if late else None
        sent.append(town.sends(number, at=MARCH, area=HERE, category=category, **answered))
    for number in range(30, 39):
        town.sends(number, at=MARCH, area=HERE, category="thu-tuc", **LATER)
    for number in range(50, 62):
        town.sends(number, at=MARCH, area=AFAR, category="rac-thai", **LATER)
    for number in range(70, 76):
        town.sends(number, at=MARCH, area=WITH_IT, **LATER)
    town.sends(80, at=MARCH, area=ALONE, **LATER)
    town.settle()
    rate(town, sent[:15])
    for number in (2, 3):
        assert publish(month(2026, number), at=APRIL)


def rate(town: Town, reports: list[UUID]) -> None:
    """Ten of fifteen are content."""
    for number, report in enumerate(reports):
        stars = 5 if number < 10 else 2
        db.session.add(
            Rating(report_id=report, account_id=town.person(number), stars=stars, at=MARCH)
        )
    db.session.flush()
    keep_figures()


@pytest.fixture(scope="session")
def planted_database(server_url: str, city_template: str) -> Iterator[str]:
    with new_database(server_url, city_template, f"{city_template}_wards") as url:
        app = create_app(config_for(url))
        with app.app_context():
            house = House(snapshot.current())
            plant(Town(house, pattern_of(house)))
            db.session.commit()
            db.session.remove()
            db.engine.dispose()
        yield url


@pytest.fixture(scope="session")
def empty_database(server_url: str, city_template: str) -> Iterator[str]:
    """A city in which nothing was published yet."""
    with new_database(server_url, city_template, f"{city_template}_no_wards") as url:
        yield url


@pytest.fixture
def built(tmp_path: Path) -> Path:
    return lay_small_build(tmp_path / "built")


@pytest.fixture
def house(planted_database: str, built: Path) -> Iterator[Flask]:
    yield from a_house(planted_database, built)


@pytest.fixture
def empty_house(empty_database: str, built: Path) -> Iterator[Flask]:
    yield from a_house(empty_database, built)


@pytest.fixture
def client(house: Flask) -> FlaskClient:
    return house.test_client(use_cookies=False)


# In a browser ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def chromium_arguments() -> list[str]:
    return PLAIN_CHROMIUM


@pytest.fixture(scope="module")
def site(planted_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    yield from a_site(planted_database, tmp_path_factory)


@pytest.fixture(scope="module")
def empty_site(empty_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    yield from a_site(empty_database, tmp_path_factory)


def a_site(url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    needs((BUILT / "manifest.json").exists(), "web/built (make pages)")
    app = create_app(config_for(url))
    app.config["RATELIMIT_ENABLED"] = False
    # A copy: the pages may be built anew while these tests run.
    serve_from(app, shutil.copytree(BUILT, tmp_path_factory.mktemp("pages") / "built"))
    with served(app) as site:
        yield site
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def new_reader(chromium: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Somebody with a phone, by default; `new_reader(site, viewport=…)` for what differs."""
    made: list[BrowserContext] = []

    def make(of: Site, **differs: object) -> BrowserContext:
        context = chromium.new_context(base_url=of.url, **{**PHONE, **differs})  # type: ignore[arg-type]
        context.set_default_timeout(10_000)
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()


@pytest.fixture
def page(site: Site, new_reader: Callable[..., BrowserContext]) -> Iterator[Page]:
    shown = new_reader(site).new_page()
    complaints = watched(shown)
    yield shown
    assert complaints == []
