"""What every test may lean on: a real PostgreSQL, a database of its own, a client.

`XOM_TEST_POSTGRES` names a server to use (its user may create databases); without it the embedded
one is started. One template database is migrated, the rest are copies of it (40 ms each).
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from playwright.sync_api import Browser, Playwright, expect, sync_playwright
from sqlalchemy import Connection

from app.config import Config, Environment
from app.database import db
from app.factory import create_app
from bench import browser
from reports.city import folder
from tests.patience import pytest_runtest_setup, pytest_runtest_teardown, pytest_timeout_set_timer
from tests.scheduling import pytest_xdist_make_scheduler

__all__ = [
    "pytest_runtest_setup",
    "pytest_runtest_teardown",
    "pytest_timeout_set_timer",
    "pytest_xdist_make_scheduler",
]

SHARED = Path(__file__).resolve().parents[2] / "shared"
REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"
CHROMIUM = browser.chromium()
#: Nothing in the background that asks the network.
QUIET_CHROMIUM = [
    *("--no-sandbox", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]
#: WebGL by software, for maps.
CHROMIUM_ARGUMENTS = [
    *QUIET_CHROMIUM,
    *("--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"),
]
#: For pages without a map: drawing costs less.
PLAIN_CHROMIUM = [*QUIET_CHROMIUM, "--disable-gpu"]
#: At most so long is waited for what a page is expected to come to, on busy processors.
PATIENCE_MS = 15_000


#: What takes long is begun first, so that no process is left with it at the end.
LONG_FIRST = (
    *("figures", "public", "demo", "rights", "api", "launch", "migrations", "bench", "docs"),
    *("conformance", "dashboard", "web", "wards"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {name: place for place, name in enumerate(LONG_FIRST)}
    items.sort(key=lambda one: places.get(one.path.parent.name, len(places)))


def needs(present: bool, what: str) -> None:  # noqa: FBT001
    """Skip loudly where an outside part is missing; under REQUIRE_ALL=1 that is a failure."""
    if present:
        return
    if REQUIRE_ALL:
        pytest.fail(f"{what} is missing, and REQUIRE_ALL=1 asks for every check")
    pytest.skip(f"{what} is missing")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real boundaries, tickets and photos, beside the checkout."""
    needs((SHARED / "data").is_dir(), "../shared/data")
    return SHARED / "data"


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """A PostgreSQL server, without a database's name at its end."""
    given = os.environ.get("XOM_TEST_POSTGRES")
    if given:
        yield given.rstrip("/")
        return
    from app.embedded import embedded_server

    with embedded_server() as url:
        yield url


@pytest.fixture(scope="session")
def template(server_url: str) -> Iterator[str]:
    """A migrated database that the others are copied from."""
    name = f"xom_template_{os.getpid()}"
    with psycopg.connect(f"{server_url}/postgres", autocommit=True) as admin:
        admin.execute(f"create database {name}")
    migrate_database(f"{server_url}/{name}")
    yield name
    with psycopg.connect(f"{server_url}/postgres", autocommit=True) as admin:
        admin.execute(f"drop database {name} with (force)")


def migrate_database(url: str) -> None:
    from flask_migrate import upgrade

    app = create_app(config_for(url))
    with app.app_context():
        upgrade()
        db.engine.dispose()


def config_for(url: str, **changes: object) -> Config:
    settings: dict[str, object] = {
        "environment": Environment.TEST,
        "database_url": url.replace("postgresql://", "postgresql+psycopg://"),
        "secret_key": "a secret for tests alone, of forty letters",
        "identity_key": b"0123456789abcdef0123456789abcdef",
        "storage_url": "file:///tmp/xom-tests",
        "log_json": False,
    }
    return Config(**{**settings, **changes})  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def city_template(server_url: str, template: str) -> Iterator[str]:
    """A migrated database with the shipped city in it, for others to be copied from."""
    name = f"{template}_city"
    with new_database(server_url, template, name) as url:
        app = create_app(config_for(url))
        with app.app_context():
            folder.load_city("hue")
            db.session.commit()
            db.engine.dispose()
        yield name


@pytest.fixture(scope="session")
def shared_database(server_url: str, template: str) -> Iterator[str]:
    """One database for all tests that undo what they do; its URL."""
    with new_database(server_url, template, f"{template}_shared") as url:
        yield url


@pytest.fixture
def own_database(server_url: str, template: str) -> Iterator[str]:
    """A database for this test alone, for those that commit or use several connections."""
    with new_database(server_url, template, f"{template}_own") as url:
        yield url


@contextmanager
def new_database(server_url: str, template: str, name: str) -> Iterator[str]:
    """A copy of a database under a name of its own; its URL."""
    with psycopg.connect(f"{server_url}/postgres", autocommit=True) as admin:
        admin.execute(f"drop database if exists {name} with (force)")
        admin.execute(f"create database {name} template {template}")
    yield f"{server_url}/{name}"
    with psycopg.connect(f"{server_url}/postgres", autocommit=True) as admin:
        admin.execute(f"drop database if exists {name} with (force)")


@pytest.fixture(scope="session")
def shared_app(shared_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    files = tmp_path_factory.mktemp("files")
    app = create_app(config_for(shared_database, storage_url=files.as_uri()))
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def app(shared_app: Flask) -> Iterator[Flask]:
    """The app with a context pushed; whatever the test and its requests commit is undone."""
    with inside_one_transaction(shared_app):
        yield shared_app


@contextmanager
def inside_one_transaction(of: Flask) -> Iterator[None]:
    """All that the app does is done on one connection, and undone at the end."""
    with of.app_context():
        engine = db.engines[None]
        connection = engine.connect()
        outer = connection.begin()
        db.engines[None] = connection  # type: ignore[assignment]
        db.session.remove()
        db.session.configure(join_transaction_mode="create_savepoint")
        try:
            yield
        finally:
            db.session.remove()
            db.session.configure(join_transaction_mode="conditional_savepoint")
            db.engines[None] = engine
            outer.rollback()
            connection.close()


@pytest.fixture
def connection(app: Flask) -> Connection:
    """The one connection of this test's transaction."""
    bind = db.engines[None]
    assert isinstance(bind, Connection)
    return bind


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """One at a time, and ended with each file: while it lives, no other event loop can run here."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def chromium_arguments() -> list[str]:
    """How it is started; a module whose pages draw no map may say PLAIN_CHROMIUM."""
    return CHROMIUM_ARGUMENTS


@pytest.fixture(scope="module")
def chromium(playwright: Playwright, chromium_arguments: list[str]) -> Iterator[Browser]:
    """The system's Chromium, without a window."""
    needs(CHROMIUM.exists(), str(CHROMIUM))
    path = str(CHROMIUM)
    started = playwright.chromium.launch(executable_path=path, args=chromium_arguments)
    yield started
    started.close()
