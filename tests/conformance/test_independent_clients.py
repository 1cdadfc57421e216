"""Clients that nobody here has written, over real HTTP: PyPI's `three` and `georeport`, npm's
`open311`. What they read is what they give to their own callers.
"""

import json
import os
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

import pytest

from app.clock import now
from tests.conformance.clients import places
from tests.conformance.conftest import Town, moment, picture
from tests.conformance.contract import assert_valid, from_xml
from tests.conftest import needs

pytestmark = pytest.mark.timeout(900)  # they may have to be fetched first

Call = tuple[str, list[Any], dict[str, Any]]
HERE = {"lat": 16.4675, "long": 107.5885}
DRIVERS = Path(places.__file__).parent


def call(name: str, /, *args: Any, **words: Any) -> Call:
    return name, list(args), words


def talk(program: list[str | Path], asked: dict[str, Any], *, cwd: Path | None = None) -> Any:
    """What a driver writes when it is told what to ask."""
    at_home = {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
    done = subprocess.run(
        program, input=json.dumps(asked), cwd=cwd, env={**os.environ, **at_home}, timeout=120,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def missing(reason: places.NotHere) -> NoReturn:
    needs(False, f"a client of others ({str(reason)[-300:]})")
    raise AssertionError


Drive = Callable[..., list[Any]]


@pytest.fixture
def three(town: Town) -> Drive:
    return _python(town, "three_client.py")


@pytest.fixture
def georeport(town: Town) -> Drive:
    return _python(town, "georeport_client.py")


def _python(town: Town, driver: str) -> Drive:
    try:
        python = places.python()
    except places.NotHere as reason:
        missing(reason)

    def drive(*calls: Call, form: str = "json") -> list[Any]:
        asked = {"endpoint": town.endpoint, "key": town.keys["app"], "form": form, "calls": calls}
        return list(talk([python, DRIVERS / driver], asked))

    return drive


@pytest.fixture
def open311(town: Town) -> Callable[..., dict[str, Any]]:
    try:
        node, place = places.node()
    except places.NotHere as reason:
        missing(reason)

    def drive(*calls: Call, form: str | None = "json", by_discovery: str = "") -> dict[str, Any]:
        asked = {"key": town.keys["app"], "form": form, "calls": [one[:2] for one in calls]}
        asked |= {"discovery": by_discovery} if by_discovery else {"endpoint": f"{town.endpoint}/"}
        return dict(talk([node.program, "client.js"], asked, cwd=place))

    return drive


# three -----------------------------------------------------------------------------------------


def test_three_reads_what_there_is(town: Town, three: Drive) -> None:
    discovery, services, definition, requests, one = three(
        call("discovery"),
        call("services"),
        call("services", town.plain),
        call("requests"),
        call("request", town.codes["open"]),
    )

    assert_valid("discovery", discovery)
    assert_valid("services", services)
    assert_valid("service_definition", definition)
    assert_valid("requests", requests)
    assert [found["service_request_id"] for found in one] == [town.codes["open"]]


def test_three_narrows_its_list(town: Town, three: Drive) -> None:
    """By service, by its own word for a page's size, and by days as Americans write them."""
    service = town.requests()[0]["service_code"]
    month_ago, tomorrow = ((now() + timedelta(days=days)).strftime("%m-%d-%Y") for days in (-30, 1))

    by_service, two, lately, long_ago = three(
        call("requests", service),
        call("requests", count=2),
        call("requests", start=month_ago, end=tomorrow),
        call("requests", between=["01-01-2020", "02-01-2020"]),
    )

    assert {found["service_code"] for found in by_service} == {service}
    assert len(two) == 2
    assert town.codes["open"] in {found["service_request_id"] for found in lately}
    assert long_ago == []


def test_three_sends_a_request_with_a_picture_and_reads_it_again(
    town: Town, three: Drive, tmp_path: Path
) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(picture("maroon"))
    words = {**HERE, "description": "Ổ gà sâu.", "name": "Zach Williams", "phone": "555-5555"}

    sent = three(call("post", town.plain, **words, media=str(photo)))[0]

    assert_valid("created", sent)
    code = sent[0]["service_request_id"]
    town.accepts(code)
    found = three(call("request", code))[0][0]
    assert (found["status"], found["description"]) == ("open", "Ổ gà sâu.")
    assert found["media_url"].endswith(".jpg")


def test_three_sends_an_address_and_is_told_in_its_own_shape_what_is_wrong(
    town: Town, three: Drive
) -> None:
    by_area, wrong = three(
        call("post", town.plain, address_id=_an_area(town), description="Rác."),
        call("post", "khong-co", description="Rác."),
    )

    assert_valid("created", by_area)
    assert_valid("errors", wrong)
    assert wrong[0]["code"] == 404


def _an_area(town: Town) -> str:
    return str(town.requests()[0]["address_id"])


def test_three_gets_the_same_in_xml(town: Town, three: Drive) -> None:
    services, requests = three(
        call("services", convert=False), call("requests", convert=False), form="xml"
    )

    assert from_xml(services.encode())[0] == "services"
    assert [one["service_request_id"] for one in from_xml(requests.encode())[1]] == town.ids()


# georeport -------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["json", "xml"])
def test_georeport_reads_what_there_is_in_either_form(
    town: Town, georeport: Drive, form: str
) -> None:
    services, definition, requests, one = georeport(
        call("get_service_list"),
        call("get_service_definition", town.plain),
        call("get_service_requests"),
        call("get_service_request", town.codes["fixed"]),
        form=form,
    )

    codes = [service["service_code"] for service in services]
    assert codes == [one["service_code"] for one in town.json("services", "services")]
    assert definition["service_code"] == town.plain
    assert [found["service_request_id"] for found in requests] == town.ids()
    assert (one["service_request_id"], one["status"]) == (town.codes["fixed"], "closed")


@pytest.mark.parametrize("form", ["json", "xml"])
def test_georeport_narrows_its_list_in_either_form(town: Town, georeport: Drive, form: str) -> None:
    ids = ",".join([town.codes["open"], town.codes["old"]])
    span = {"start_date": moment(now() - timedelta(days=30)), "end_date": moment(now())}

    by_id, closed = georeport(
        call("get_service_requests", service_request_id=ids),
        call("get_service_requests", status="closed", **span),
        form=form,
    )

    assert {one["service_request_id"] for one in by_id} == {town.codes["open"], town.codes["old"]}
    assert {one["status"] for one in closed} == {"closed"}


# open311 of npm --------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["json", "xml"])
def test_open311_finds_the_endpoint_by_discovery(
    town: Town, open311: Callable[..., dict[str, Any]], ending: str
) -> None:
    """It compares the specification letter for letter, and adds the slash itself."""
    address = f"{town.endpoint}/discovery.{ending}"

    done = open311(
        call("serviceDiscovery", {"cache": True, "type": "test"}), call("serviceList"), form=None,
        by_discovery=address,
    )  # fmt: skip

    assert done["endpoint"] == f"{town.endpoint}/"
    assert done["told"][1] == town.json("services", "services")


def test_open311_reads_what_there_is(town: Town, open311: Callable[..., dict[str, Any]]) -> None:
    services, definition, requests, one, several = open311(
        call("serviceList"),
        call("serviceDefinition", town.plain),
        call("serviceRequests", {"status": "open", "page_size": 5}),
        call("serviceRequest", town.codes["open"]),
        call("serviceRequests", [town.codes["open"], town.codes["old"]], {}),
    )["told"]

    assert_valid("services", services)
    assert_valid("service_definition", definition)
    assert {found["status"] for found in requests} == {"open"}
    assert [found["service_request_id"] for found in one] == [town.codes["open"]]
    assert len(several) == 2
    assert all(found["requested_datetime"].endswith("Z") for found in requests)  # as Dates


@pytest.mark.parametrize("form", ["json", "xml"])
def test_open311_sends_a_request_in_either_form(
    town: Town, open311: Callable[..., dict[str, Any]], form: str
) -> None:
    words = {"service_code": town.plain, **HERE, "description": "Cây đổ.", "attributes": {"x": "y"}}

    sent = open311(call("submitRequest", words), form=form)["told"][0]

    code = sent[0]["service_request_id"]
    assert town.status(code) == "submitted"
    assert "token" not in sent[0]


def test_open311_reads_lists_of_xml(town: Town, open311: Callable[..., dict[str, Any]]) -> None:
    services, requests, one = open311(
        call("serviceList"), call("serviceRequests", {}),
        call("serviceRequest", town.codes["open"]), form="xml",
    )["told"]  # fmt: skip

    codes = [service["service_code"] for service in services]
    assert codes == [found["service_code"] for found in town.json("services", "services")]
    assert [found["service_request_id"] for found in requests] == town.ids()
    assert [found["service_request_id"] for found in one] == [town.codes["open"]]


def test_open311_is_told_a_request_by_its_token(
    town: Town, open311: Callable[..., dict[str, Any]]
) -> None:
    token = "5a0f6c1e-1f7b-4a57-8f0e-3f3b0d1c2b4a"
    code = town.sends(client_request_id=token)["service_request_id"]

    told = open311(call("token", token))["told"][0]

    assert told == [{"service_request_id": code, "token": token}]


def test_open311_is_told_of_failures_by_their_status(
    town: Town, open311: Callable[..., dict[str, Any]]
) -> None:
    lost, refused = open311(
        call("serviceRequest", "000-000-000-A"),
        call("submitRequest", {"service_code": "khong-co", "description": "?"}),
    )["told"]

    assert lost["given"].endswith(": 404")
    assert refused["error"] == 404
