"""Both servers that the house runs on: the embedded PostgreSQL 18, and Debian's 15."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count

import psycopg
import pytest
from flask import Flask
from flask_migrate import upgrade

from app.database import db
from app.embedded import embedded_server
from app.factory import create_app
from tests.conftest import config_for
from tests.migrations import rows
from tests.migrations.servers import debian_server, url_of

SERVERS: dict[str, Callable[[], AbstractContextManager[str]]] = {
    "18": embedded_server,
    "15": debian_server,
}
_number = count(1)


@pytest.fixture(scope="package", params=list(SERVERS), ids=lambda major: f"PostgreSQL {major}")
def each_server(request: pytest.FixtureRequest) -> Iterator[str]:
    """One server after the other; its URL without a database's name."""
    with SERVERS[request.param]() as url:
        with psycopg.connect(f"{url}/postgres") as connection:
            assert str(connection.info.server_version)[:2] == request.param
        yield url


@pytest.fixture
def empty(each_server: str) -> Iterator[Flask]:
    """The app on a database without a single table."""
    with database(each_server, "template1") as app:
        yield app


@pytest.fixture(scope="package")
def second(each_server: str) -> Iterator[str]:
    """A database at the second migration, with a row in every table; its name, to copy from."""
    with database(each_server, "template1", name="second") as app:
        upgrade(revision="0002")
        with psycopg.connect(url_of(app), autocommit=True) as raw:
            rows.fill(raw)
        db.engine.dispose()
    yield "second"
    _drop(each_server, "second")


@pytest.fixture(scope="package")
def used(each_server: str, second: str) -> Iterator[str]:
    """The same after it came to the head; its name."""
    with database(each_server, second, name="used"):
        upgrade()
        db.engine.dispose()
    yield "used"
    _drop(each_server, "used")


@contextmanager
def database(server: str, template: str, *, name: str | None = None) -> Iterator[Flask]:
    """The app on a copy of `template`. One with a `name` stays; the others are dropped."""
    made = name or f"migrated_{next(_number)}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(f"create database {made} template {template}")
    app = create_app(config_for(f"{server}/{made}"))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    if name is None:
        _drop(server, made)


def _drop(server: str, name: str) -> None:
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(f"drop database {name} with (force)")
