"""The contract's checklist, line by line (its §10)."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from flask import Flask

from app.clock import now
from app.database import db
from app.factory import create_app
from reports.city import snapshot
from reports.models import Report
from reports.statuses import Role
from tests.conformance.conftest import TOLD, Town, moment, picture
from tests.conformance.contract import as_words, assert_valid, from_xml
from tests.conftest import config_for, new_database
from tests.reports.conftest import House

#: Every document that can be asked for: its path (with what the story has at hand), its parameters,
#: its schema, and its root in XML.
DOCUMENTS: list[tuple[str, dict[str, str], str, str]] = [
    ("discovery", {}, "discovery", "discovery"),
    ("services", {}, "services", "services"),
    ("services/{plain}", {}, "service_definition", "service_definition"),
    ("services/{asking}", {}, "service_definition", "service_definition"),
    ("requests", {}, "requests", "service_requests"),
    ("requests/{open}", {}, "requests", "service_requests"),
    ("requests", {"extensions": "true"}, "requests_extended", "service_requests"),
    ("requests/{photographed}", {"extensions": "true"}, "requests_extended", "service_requests"),
    ("tokens/{token}", {}, "token", "service_requests"),
    ("servicerequestupdates", {"start_date": "{month}"}, "updates", "service_request_updates"),
]
CONTENT_TYPES = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}


@pytest.fixture(scope="session")
def at_hand(town: Town) -> dict[str, str]:
    """What stands for the names in braces."""
    token = str(uuid4())
    town.sends(client_request_id=token)
    services = town.json("services", "services")
    asking = next(one["service_code"] for one in services if one["metadata"])
    month = moment(now() - timedelta(days=30))
    return {"plain": town.plain, "asking": asking, "token": token, "month": month, **town.codes}


# 1 XML and JSON for every method, same content ---------------------------------------------------


@pytest.mark.parametrize(("path", "params", "schema", "root"), DOCUMENTS)
def test_1_xml_and_json_have_the_same_content(
    town: Town, at_hand: dict[str, str], path: str, params: dict[str, str], schema: str, root: str
) -> None:
    path = path.format(**at_hand)
    params = {name: value.format(**at_hand) for name, value in params.items()}

    told = town.json(path, schema, **params)
    named, same = town.xml(path, **params)

    assert named == root
    assert same == as_words(told)
    assert told


@pytest.mark.parametrize("form", ["xml", "json"])
def test_1_each_form_says_what_it_is(town: Town, form: str) -> None:
    for answer in (town.get(f"services.{form}"), town.get(f"requests/000.{form}")):
        assert answer.headers["Content-Type"] == CONTENT_TYPES[form]
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


# 2 Wrappers always present, arrays even for one --------------------------------------------------


def test_2_one_request_is_a_list_of_one(town: Town) -> None:
    path = f"requests/{town.codes['open']}"

    assert len(town.json(path, "requests")) == 1
    assert isinstance(town.xml(path)[1], list)


def test_2_nothing_is_an_empty_list(town: Town) -> None:
    nothing = {"service_code": "khong-co"}

    assert town.json("requests", "requests", **nothing) == []
    assert town.xml("requests", **nothing) == ("service_requests", [])


def test_2_a_service_that_asks_nothing_has_its_empty_wrapper(town: Town) -> None:
    services = town.json("services", "services")
    path = f"services/{next(one['service_code'] for one in services if not one['metadata'])}"

    assert town.json(path, "service_definition")["attributes"] == []
    assert b"<attributes />" in town.get(f"{path}.xml").content


# 3 Strings for ids; 4 every request key present; 5 dates; 6 open and closed alone ----------------


def test_3_to_5_ids_are_texts_all_keys_are_there_and_dates_have_a_zone(town: Town) -> None:
    found = town.requests()

    # The schema holds them to it; here, that it does.
    assert_valid("requests", found)
    for broken in ({"service_request_id": 7}, {"address": ...}, {"updated_datetime": "2026-11-21"}):
        spoiled = {**found[0], **broken}
        spoiled = {name: value for name, value in spoiled.items() if value is not ...}
        with pytest.raises(AssertionError):
            assert_valid("requests", [spoiled])


def test_5_no_moment_anywhere_has_fractions(town: Town) -> None:
    body = town.get("requests.json", extensions="true").text

    assert len(re.findall(r"\d\d:\d\d:\d\d[+]07:00", body)) > 20
    assert not re.search(r"\d\d:\d\d:\d\d[.,]\d", body)


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("open", "open"),
        ("photographed", "open"),
        ("fixed", "closed"),
        ("explained", "closed"),
        ("refused", "closed"),
        ("double", "closed"),
    ],
)
def test_6_a_status_is_open_or_closed(town: Town, name: str, status: str) -> None:
    found = town.json(f"requests/{town.codes[name]}", "requests")[0]

    assert found["status"] == status
    assert town.codes[name] in town.ids(status=status)
    assert town.codes[name] not in town.ids(status={"open": "closed", "closed": "open"}[status])


# 7 400, 403 and 404 with a list of errors in the form that was asked for --------------------------

WRONG: list[tuple[str, str, dict[str, Any], int]] = [
    ("GET", "services/khong-co", {}, 404),
    ("GET", "requests/000-000-000-A", {}, 404),
    ("GET", "requests/{new}", {}, 404),
    ("GET", "requests/{private}", {}, 404),
    ("GET", "tokens/" + str(uuid4()), {}, 404),
    ("GET", "khong-co", {}, 404),
    ("GET", "requests", {"start_date": "yesterday"}, 400),
    ("GET", "requests", {"status": "half-done"}, 400),
    ("GET", "requests", {"lat": "16.4"}, 400),
    ("GET", "requests", {"start_date": "2026-01-01", "end_date": "2026-11-01"}, 400),
    ("GET", "servicerequestupdates", {"end_date": "x"}, 400),
    ("GET", "servicerequestupdates", {"api_key": "xom_wrong"}, 403),
    ("POST", "requests", {}, 403),
    ("POST", "requests", {"api_key": "xom_wrong"}, 403),
    ("POST", "requests", {"api_key": "{reader}", "service_code": "{plain}"}, 403),
    ("POST", "requests", {"api_key": "{app}", "service_code": "khong-co", "lat": "16.4675",
                          "long": "107.5885", "description": "Đèn tắt."}, 404),
    ("POST", "requests", {"api_key": "{app}"}, 400),
    ("POST", "requests", {"api_key": "{app}", "service_code": "{plain}", "description": "Ở đâu?"},
     400),
    ("POST", "requests", {"api_key": "{app}", "service_code": "{plain}", "description": "Đèn tắt.",
                          "lat": "16.4675"}, 400),
    ("POST", "requests", {"api_key": "{app}", "service_code": "{plain}", "lat": "16.4675",
                          "long": "107.5885", "description": "a" * 4001}, 400),
    ("POST", "servicerequestupdates", {}, 403),
    ("POST", "servicerequestupdates", {"api_key": "{reader}"}, 403),
    ("POST", "servicerequestupdates", {"api_key": "{app}"}, 400),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "sent", "status"), WRONG)
def test_7_what_is_wrong_is_a_list_of_errors_in_either_form(
    town: Town, at_hand: dict[str, str], method: str, path: str, sent: dict[str, Any], status: int
) -> None:
    known = at_hand | town.keys
    path = path.format(**known)
    fields = {name: value.format(**known) for name, value in sent.items()}

    def ask(form: str) -> httpx.Response:
        address = f"{path}.{form}"
        return town.get(address, **fields) if method == "GET" else town.post(address, data=fields)

    told, same = ask("json"), ask("xml")

    assert (told.status_code, same.status_code) == (status, status), told.text
    assert_valid("errors", told.json())
    assert {error["code"] for error in told.json()} == {status}
    assert from_xml(same.content) == ("errors", as_words(told.json()))
    assert (told.headers["Content-Type"], same.headers["Content-Type"]) == (
        CONTENT_TYPES["json"],
        CONTENT_TYPES["xml"],
    )


def test_7_an_ending_that_is_none_of_the_two_is_told_in_xml(town: Town) -> None:
    answer = town.get("requests.rss")

    assert answer.status_code == 400
    assert from_xml(answer.content)[0] == "errors"


# 8 POST form-encoded and multipart; 9 an id or a token -------------------------------------------


@pytest.mark.parametrize("form", ["json", "xml"])
@pytest.mark.parametrize("encoding", ["urlencoded", "multipart"])
def test_8_and_9_a_request_is_sent_in_either_encoding_and_has_an_id(
    town: Town, form: str, encoding: str
) -> None:
    fields = {"api_key": town.keys["app"], "service_code": town.plain, "lat": "16.4675",
              "long": "107.5885", "description": "Nắp cống vỡ."}  # fmt: skip
    files = (
        {"media": ("a.jpg", picture("brown"), "image/jpeg")} if encoding == "multipart" else None
    )

    answer = town.post(f"requests.{form}", data=fields, files=files)

    assert answer.status_code == 200, answer.text
    told = answer.json() if form == "json" else from_xml(answer.content)[1]
    assert_valid("created", told)
    code = told[0]["service_request_id"]
    assert town.status(code) == "submitted"
    town.accepts(code)
    found = town.json(f"requests/{code}", "requests")[0]
    assert found["description"] == "Nắp cống vỡ."
    assert bool(found["media_url"]) == (encoding == "multipart")
    if found["media_url"]:
        shown = httpx.get(found["media_url"], trust_env=False)
        assert shown.headers["Content-Type"] == "image/jpeg"


# 10 Ninety days or a thousand --------------------------------------------------------------------


def test_10_without_dates_the_last_ninety_days_are_told(town: Town) -> None:
    assert town.codes["old"] not in town.ids()

    since = moment(now() - timedelta(days=101))
    assert town.codes["old"] in town.ids(start_date=since)
    assert town.codes["open"] not in town.ids(end_date=moment(now() - timedelta(days=95)))


@pytest.fixture
def crowded(server_url: str, city_template: str) -> Iterator[Flask]:
    """A city of a thousand and one shown requests."""
    with new_database(server_url, city_template, f"{city_template}_crowd") as url:
        app = create_app(config_for(url))
        with app.app_context():
            snapshot.forget()
            house = House(snapshot.current(), at=now() - timedelta(days=3))
            house.official(Role.DISPATCHER)
            db.session.commit()
            first = house.submits()
            house.takes(house.official(Role.DISPATCHER), "accept", first)
            db.session.commit()
            _copy(first.id, 1000)
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _copy(report_id: Any, times: int) -> None:
    """The same report, so often, a minute apart, with its last step."""
    generated = {"act_by", "shown", "id", "code", "submitted_at"}
    same = ", ".join(c.name for c in Report.__table__.columns if c.name not in generated)
    copied = f"""
        with made as (
            insert into report (id, code, submitted_at, {same})
            select gen_random_uuid(), lpad(n::text, 9, '0') || 'X',
                   submitted_at + n * interval '1 minute', {same}
              from report, generate_series(1, {times}) as n where id = :id
            returning id
        )
        insert into status_change
               (id, report_id, version, step, before, after, at, account_id, role, note, facts,
                digest)
        select gen_random_uuid(), made.id, version, step, before, after, at, account_id, role, note,
               facts, digest
          from made, status_change where report_id = :id and step = 'accept'
    """
    db.session.execute(db.text(copied), {"id": report_id})
    db.session.commit()


def test_10_more_than_a_thousand_are_told_a_thousand_at_a_time(crowded: Flask) -> None:
    client = crowded.test_client(use_cookies=False)

    first = client.get("/open311/v2/requests.json")
    rest = client.get("/open311/v2/requests.json?page=2&page_size=1000")

    assert (len(first.json), len(rest.json)) == (1000, 1)
    assert first.headers["X-Total-Count"] == "1001"
    told = {one["service_request_id"] for one in [*first.json, *rest.json]}
    assert len(told) == 1001
    times = [one["requested_datetime"] for one in [*first.json, *rest.json]]
    assert times == sorted(times, reverse=True)


# 11 Ids override all else; 12 empty is absent ----------------------------------------------------


def test_11_ids_override_every_other_parameter(town: Town) -> None:
    wanted = [town.codes["old"], town.codes["fixed"]]

    found = town.ids(
        service_request_id=",".join(wanted), status="open", service_code="khong-co",
        start_date=moment(now() - timedelta(days=1)), page="9",
    )  # fmt: skip

    assert set(found) == set(wanted)


def test_12_an_empty_parameter_is_as_good_as_none(town: Town) -> None:
    names = ("service_request_id", "service_code", "start_date", "end_date", "status", "lat",
             "long", "radius", "bbox", "q", "page", "page_size", "jurisdiction_id", "api_key",
             "updated_after", "has_photo", "extensions")  # fmt: skip

    assert town.ids(**dict.fromkeys(names, "")) == town.ids()
    assert town.updates(start_date="", end_date="", api_key="") == town.updates()


# 13 No personal data on GET ----------------------------------------------------------------------


def test_13_nothing_of_a_person_is_told(town: Town, at_hand: dict[str, str]) -> None:
    canaries = {
        **{"first_name": "Hoàngyến", "last_name": "Sơnca", "email": "chim@rung.example"},
        **{"phone": "0912345678", "device_id": "thiet-bi-77", "account_id": "tai-khoan-88"},
    }
    sent = town.sends(**canaries, description="Gọi tôi 0912 345 678 nhé.")
    code = sent["service_request_id"]
    town.accepts(code)
    town.update(code, "OPEN", **canaries, description="Vẫn chưa ai gọi 0912 345 678.")

    bodies = [
        town.get(f"{path.format(**at_hand)}.{form}", **{
            name: value.format(**at_hand) for name, value in params.items()
        }).text
        for path, params, _, _ in DOCUMENTS for form in ("xml", "json")
    ]  # fmt: skip
    bodies.append(town.get(f"requests/{code}.json", extensions="true").text)

    assert any("Gọi tôi •••" in body for body in bodies)
    for body in bodies:
        assert not re.search(r"Hoàngyến|Sơnca|chim@|thiet-bi|tai-khoan|091.?2", body)


# 14 The exact specification; 15 an unknown page --------------------------------------------------


def test_14_discovery_names_the_specification_letter_for_letter(town: Town) -> None:
    endpoint = town.json("discovery", "discovery")["endpoints"][0]

    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert endpoint["url"] == town.endpoint
    assert httpx.get(f"{endpoint['url']}/services.xml", trust_env=False).status_code == 200


def test_15_a_page_past_the_end_is_an_empty_list(town: Town) -> None:
    assert town.requests(page="40", page_size="50") == []
    assert town.xml("requests", page="40", page_size="50") == ("service_requests", [])


# 16 XML: escaped, and no control characters ------------------------------------------------------


def test_16_hostile_words_arrive_as_they_were_written(town: Town) -> None:
    path = f"requests/{town.codes['open']}"

    _, told = town.xml(path)

    assert told[0]["description"].startswith(TOLD)
    assert "\x0b" not in town.get(f"{path}.xml").text
    assert "<b>" not in town.get(f"{path}.xml").text


# 17 servicerequestupdates ------------------------------------------------------------------------


def test_17_updates_are_told_and_taken(town: Town) -> None:
    code = town.sends()["service_request_id"]
    town.accepts(code)

    answer = town.update(code, "OPEN", description="Cây đổ thêm.")

    assert answer.status_code == 200, answer.text
    assert_valid("update_taken", answer.json())
    mine = [one for one in town.updates() if one["service_request_id"] == code]
    assert [one["status"] for one in mine] == ["open"]
