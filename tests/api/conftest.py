"""The house on a database of its own, with a city and some reports in it; requests commit."""

from collections.abc import Iterator

import pytest

from app.database import db
from app.factory import create_app
from reports.city import folder
from tests.api.callers import Town, settle
from tests.conftest import config_for, new_database


@pytest.fixture(scope="module")
def town(
    server_url: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    files = tmp_path_factory.mktemp("files")
    with new_database(server_url, template, f"{template}_town") as url:
        app = create_app(config_for(url, storage_url=files.as_uri()))
        with app.app_context():
            folder.load_city("hue")
            db.session.commit()
            town = settle(app)
        yield town
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
