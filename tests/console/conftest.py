"""The console: a house with a small build, a city of its own for each module, and its people.

`desk` is the house with short verbs; `desk.at(Role.OFFICER, "ubnd-19789")` is a browser without
scripts in which that official is signed in. `site` is another house, served to a real browser.
"""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.database import db
from app.factory import create_app
from notifications import vapid
from reports.statuses import Role
from tests.conftest import PLAIN_CHROMIUM, config_for, needs, new_database
from tests.web.conftest import BUILT
from tests.web.site import Faults, Site, served
from tests.web.small import lay_small_build, serve_from
from web.console.session import COOKIE, HOME

OWN_SITE = {"Sec-Fetch-Site": "same-origin"}  # as a browser says of our own forms


@dataclass
class Browser:
    """Somebody at the console, without scripts."""

    client: FlaskClient
    account_id: UUID

    def get(self, path: str, *, follow: bool = True, **headers: str) -> TestResponse:
        return self.client.get(f"{HOME}{path}", headers=headers, follow_redirects=follow)

    def post(self, path: str, *, follow: bool = True, **fields: object) -> TestResponse:
        """Send a form of ours; what it leads to."""
        return self.client.post(
            f"{HOME}{path}", data=fields, headers=OWN_SITE, follow_redirects=follow
        )

    def sees(self, path: str) -> str:
        """The words of a page, without its markup."""
        answer = self.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {words(answer)[:400]}"
        return words(answer)


def words(answer: TestResponse) -> str:
    """What somebody reads of a page."""
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", answer.text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text))).strip()


class Desk(Site):
    """The house, and everybody in it. Reports are sent and stepped on through the API."""

    def at(self, role: Role, office: str | None = None, *, lang: str = "vi") -> Browser:
        """Whoever holds this role (at the centre, if no office is named), signed in."""
        token = self.official(role, office)
        client = self.app.test_client()
        client.set_cookie(COOKIE, token, path=HOME)
        client.set_cookie("lang", lang)
        return Browser(client, self.account_of(token))

    def stranger(self) -> Browser:
        return Browser(self.app.test_client(), uuid4())


@pytest.fixture(scope="module")
def desk_house(
    server_url: str, city_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    with new_database(server_url, city_template, f"{city_template}_desk") as url:
        files = tmp_path_factory.mktemp("files")
        app = create_app(config_for(url, storage_url=files.as_uri()))
        app.config["RATELIMIT_ENABLED"] = False
        serve_from(app, lay_small_build(Path(tmp_path_factory.mktemp("built"))))
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture(scope="session")
def site(
    server_url: str, city_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """For a real browser: a served city of its own, with the pages that were built."""
    needs((BUILT / "manifest.json").exists(), "web/built (make pages)")
    with new_database(server_url, city_template, f"{city_template}_desk_web") as url:
        files = tmp_path_factory.mktemp("files")
        key = vapid.new_private_key()
        app = create_app(config_for(url, storage_url=files.as_uri(), vapid_private_key=key))
        app.config["RATELIMIT_ENABLED"] = False
        serve_from(app, shutil.copytree(BUILT, tmp_path_factory.mktemp("pages") / "built"))
        with served(app) as site:
            yield site
        with app.app_context():
            db.engine.dispose()


@pytest.fixture(scope="module")
def desk(desk_house: Flask) -> Desk:
    return Desk(desk_house, "http://localhost", 80, Faults())


@pytest.fixture(scope="module")
def chromium_arguments() -> list[str]:
    """The console draws no map by WebGL: its browsers need none."""
    return PLAIN_CHROMIUM
