"""The contract's checklist (its §10), of what is told: lines 13, 14, 16 and 17."""

import re
from uuid import uuid4

import httpx
import pytest

from reports.statuses import Role
from tests.conformance.conftest import TOLD, Town
from tests.conformance.contract import assert_valid, from_xml
from tests.conformance.documents import DOCUMENTS

# 13 No personal data on GET ----------------------------------------------------------------------


CANARIES = {
    **{"first_name": "Hoàngyến", "last_name": "Sơnca", "email": "chim@rung.example"},
    **{"phone": "0912345678", "device_id": "thiet-bi-77", "account_id": "tai-khoan-88"},
}
CANARY = re.compile(r"Hoàngyến|Sơnca|chim@|thiet-bi|tai-khoan|nhà-bên-suối|912.?345.?678")


@pytest.fixture
def of_somebody(town: Town) -> str:
    """A shown request whose every field tells of its sender, with a comment that was published."""
    asks = town.json(f"services/{town.plain}", "service_definition")["attributes"]
    named = next(one["code"] for one in asks if one["datatype"] == "text")
    beside = {"address_string": "nhà-bên-suối", f"attribute[{named}]": "bà Hoàngyến, 0912345678"}
    sent = town.sends(**CANARIES, **beside, description="Gọi tôi 0912 345 678 nhé.")
    code = str(sent["service_request_id"])
    town.accepts(code)
    told = town.update(code, "OPEN", **CANARIES, description="Chưa ai gọi lại 0912 345 678.")
    comment = told.json()[0]["update_id"]
    town.site.call("PUT", f"/comments/{comment}/shown", town.site.official(Role.DISPATCHER))
    return code


def test_13_nothing_of_a_person_is_told(
    town: Town, at_hand: dict[str, str], of_somebody: str
) -> None:
    asked = [
        (path.format(**at_hand), {name: text.format(**at_hand) for name, text in given.items()})
        for path, given, _, _ in DOCUMENTS
    ]
    asked.append((f"requests/{of_somebody}", {"extensions": "true"}))
    asked += [
        ("servicerequestupdates", {"start_date": at_hand["month"], "api_key": key})
        for key in town.keys.values()
    ]

    bodies = [town.get(f"{path}.{form}", **given).text
              for path, given in asked for form in ("xml", "json")]  # fmt: skip

    for masked in ("Gọi tôi •••", "Chưa ai gọi lại •••"):
        assert any(masked in body for body in bodies)
    for body in bodies:
        assert not CANARY.search(body), CANARY.findall(body)


# 14 The exact specification ----------------------------------------------------------------------


def test_14_discovery_names_the_specification_letter_for_letter(town: Town) -> None:
    discovery = town.json("discovery", "discovery")
    (endpoint,) = discovery["endpoints"]

    assert discovery["max_requests"] == 1000
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert endpoint["url"] == town.endpoint
    assert httpx.get(f"{endpoint['url']}/services.xml", trust_env=False).status_code == 200


# 16 XML: escaped, and no control characters ------------------------------------------------------


def test_16_hostile_words_arrive_as_they_were_written(town: Town) -> None:
    path = f"requests/{town.codes['open']}"

    _, told = town.xml(path)

    assert "\x0b" in town.json(path, "requests")[0]["description"]  # XML could not hold it
    assert told[0]["description"].startswith(TOLD)
    assert "\x0b" not in town.get(f"{path}.xml").text
    assert "<b>" not in town.get(f"{path}.xml").text


# 17 servicerequestupdates ------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["json", "xml"])
def test_17_updates_are_taken_and_told(town: Town, form: str) -> None:
    """From its acceptance to its end, with the words of the office and of nobody else."""
    code = town.sends()["service_request_id"]
    town.accepts(code, office=town.offices["open"])

    sent = [
        send(town, form, code, status, words)
        for status, words in (("IN_PROGRESS", "Đội đã đi."), ("FIXED", "Đã thay bóng."))
    ]

    told = town.updates() if form == "json" else town.xml("servicerequestupdates")[1]
    mine = {one["update_id"]: one for one in told if one["service_request_id"] == code}
    assert [one["status"] for one in mine.values()] == [
        *("open", "in_progress", "unchanged", "fixed"),
    ]
    assert set(sent) <= set(mine)
    assert mine[sent[-1]]["description"] == "Đã thay bóng."


def send(town: Town, form: str, code: str, status: str, words: str) -> str:
    """An office's update; the id under which it is told from then on."""
    fields = {"api_key": town.keys["office"], "service_request_id": code, "status": status,
              "update_id": str(uuid4()), "updated_datetime": "2026-11-21T10:00:00Z",
              "description": words}  # fmt: skip
    answer = town.post(f"servicerequestupdates.{form}", data=fields)
    assert answer.status_code == 200, answer.text
    taken = answer.json() if form == "json" else from_xml(answer.content)[1]
    assert_valid("update_taken", taken)
    return str(taken[0]["update_id"])
