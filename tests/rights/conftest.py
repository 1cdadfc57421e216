"""One city and one world of reports for all tests of a module; each request is undone."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Connection

from app.database import db
from app.factory import create_app
from reports.city import snapshot
from tests.conftest import config_for, inside_one_transaction, new_database
from tests.reports.conftest import keep_figures
from tests.rights.world import Case, World
from tests.web.small import lay_small_build, serve_from

#: Every state in which a report may be looked at. `World` knows how to get there.
STATES = (
    "unpublished", "held_back", "automatic", "published", "answered", "hidden", "private",
    "became_private", "against", "merged_shown", "merged_unseen", "rejected", "withdrawn",
    "erased",
)  # fmt: skip


@pytest.fixture(scope="session")
def city_app(
    server_url: str, city_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """The whole house on a database with the shipped city in it."""
    files = tmp_path_factory.mktemp("files")
    with new_database(server_url, city_template, f"{city_template}_rights") as url:
        app = create_app(config_for(url, storage_url=files.as_uri()))
        serve_from(app, lay_small_build(tmp_path_factory.mktemp("built")))
        yield app
        with app.app_context():
            db.engine.dispose()


@pytest.fixture(scope="module")
def world(city_app: Flask) -> Iterator[World]:
    with inside_one_transaction(city_app):
        snapshot.forget()
        bind = db.engines[None]
        assert isinstance(bind, Connection)
        yield World(city_app, bind)
        snapshot.forget()


@pytest.fixture(scope="module")
def cases(world: World) -> dict[str, Case]:
    made = {state: world.case(state) for state in STATES}
    keep_figures()
    db.session.commit()
    return made
