"""The generated client: every call is in it, its types hold, and it works a served house."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

import httpx
import pytest

from app.config import ROOT
from app.database import db
from app.factory import create_app
from reports.statuses import Role
from tests.client.generating import NAME, generate
from tests.conftest import config_for, new_database
from tests.console.forms import a_picture
from tests.web.site import Site, served

WARD = "ubnd-19789"


@pytest.fixture(scope="module")
def site(
    server_url: str, city_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    with new_database(server_url, city_template, f"{city_template}_client") as url:
        files = tmp_path_factory.mktemp("files")
        app = create_app(config_for(url, storage_url=files.as_uri()))
        app.config["RATELIMIT_ENABLED"] = False
        with served(app) as site:
            yield site
        with app.app_context():
            db.engine.dispose()


@pytest.fixture(scope="module")
def spec(site: Site) -> dict[str, Any]:
    """As the server itself describes what it does."""
    told: dict[str, Any] = httpx.get(f"{site.url}/api/openapi.json").json()
    return told


@pytest.fixture(scope="module")
def package(spec: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate(spec, tmp_path_factory.mktemp("client"))


@pytest.fixture(scope="module")
def story(package: Path) -> Iterator[ModuleType]:
    sys.path.insert(0, str(package.parent))
    try:
        yield import_module("tests.client.story")
    finally:
        sys.path.remove(str(package.parent))
        gone = [one for one in sys.modules if one.split(".")[0] == NAME]
        for name in (*gone, "tests.client.story"):
            sys.modules.pop(name, None)


@pytest.fixture
def server(site: Site, story: ModuleType) -> Any:
    return story.Server(site.url)


def test_every_call_of_the_description_is_in_the_client(
    spec: dict[str, Any], package: Path
) -> None:
    calls = [
        operation["operationId"].replace("-", "_")
        for path in spec["paths"].values()
        for method, operation in path.items()
        if method != "parameters"
    ]

    made = {one.stem for one in (package / "api").glob("*/*.py") if one.stem != "__init__"}
    assert set(calls) == made
    assert len(calls) > 90


def test_its_types_hold_and_so_do_those_of_whoever_uses_it(package: Path) -> None:
    story = [*("--strict", "--follow-imports=silent"), "tests/client/story.py"]

    for asked in (["-p", NAME], story):
        found = subprocess.run(
            [
                *(sys.executable, "-m", "mypy", "--config-file="),
                *(f"--cache-dir={package.parent / 'mypy'}", *asked),
            ],
            cwd=ROOT,
            env=os.environ | {"MYPYPATH": str(package.parent)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert found.returncode == 0, found.stdout[-3000:] + found.stderr[-1000:]


def test_a_report_goes_from_a_phone_to_an_offices_answer(
    site: Site, story: ModuleType, server: Any
) -> None:
    phone = server.guest()
    centre = server.somebody(site.official(Role.DISPATCHER))
    step, outcome = story.StepInStep, story.StepInOutcomeType1

    first, again, sent = story.report_with_a_photo(phone, a_picture())
    accepted = story.take(centre, sent, step.ACCEPT)
    ward = server.somebody(site.officer_of(str(sent.id)))
    started = story.take(ward, accepted, step.START)
    note = "Đội cây xanh cắt trong sáng mai."
    resolved = story.take(ward, started, step.RESOLVE, note=note, outcome=outcome.EXPLAINED)

    assert (first, again) == (201, 200)
    assert resolved.status.value == "resolved"
    told = story.read(server.anybody(), sent.code)
    assert isinstance(told, story.ReportOut) and told.status.value == "resolved"
    assert len(told.photos) == 1
    assert sent.code in story.near(server.anybody(), metres=50)


def test_the_call_that_the_docs_show_works_as_it_stands_there(
    site: Site, story: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    sent = site.submits()
    site.accepted(sent["id"])
    told = (ROOT / "docs" / "api.md").read_text()
    (shown,) = re.findall(r"^```python\n(.*?)^```", told, re.S | re.M)

    exec(shown.replace("https://city.example", site.url), {})  # noqa: S102 (our own page)

    assert f"{sent['code']} accepted" in capsys.readouterr().out


def test_what_goes_wrong_is_told_as_a_problem_in_the_callers_language(
    story: ModuleType, server: Any
) -> None:
    nobody = story.read(server.guest(), "000-000-000-A")

    assert isinstance(nobody, story.Problem)
    assert nobody.status == 404
    assert str(nobody.detail).isascii()


def test_a_neighbour_comes_with_a_key_and_is_held_to_its_limit(
    site: Site, story: ModuleType, server: Any
) -> None:
    admin = server.somebody(site.official(Role.ADMIN))

    scope = story.KeyInScopesItem.REPORTSCREATE
    client_id, key = story.connect_a_neighbour(admin, scope, per_minute=2)
    answers = [story.ask_for_categories(server.somebody(key)) for _ in range(3)]

    refused = [one for one in answers if isinstance(one, story.Problem)]
    assert all(one.status == 429 for one in refused)
    assert story.use_of(admin, client_id) == [(3 - len(refused), len(refused))]
    assert len(refused) == 1 or len(refused) == 0  # the latter across the end of a minute


def test_an_offices_system_hears_of_its_work_and_takes_its_list(
    site: Site, story: ModuleType, server: Any
) -> None:
    """By the scopes of its key: a key of another opens neither."""
    admin, scope = server.somebody(site.official(Role.ADMIN)), story.KeyInScopesItem
    wanted = scope.WEBHOOKSMANAGE, scope.OFFICESREAD
    system = server.somebody(story.connect_a_neighbour(admin, *wanted, office=WARD)[1])
    other = server.somebody(story.connect_a_neighbour(admin, scope.UPDATESREAD, office=WARD)[1])

    webhook, secret = story.listen(system, "http://127.0.0.1:9/xom", office=WARD)
    sent = site.submits()
    site.accepted(sent["id"], office=WARD)

    assert secret.startswith("whsec_")
    assert story.told(system, webhook) == [("report.assigned", UUID(sent["id"]))]
    assert sent["code"] in story.queue_as_csv(system)
    refused = story.queue_as_csv(other)
    assert isinstance(refused, story.Problem) and refused.status == 403
