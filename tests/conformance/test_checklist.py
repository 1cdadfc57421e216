"""The contract's checklist (its §10), of forms and errors: lines 1 to 9."""

import re
from typing import Any

import httpx
import pytest

from tests.conformance.conftest import Town, picture
from tests.conformance.contract import as_words, assert_valid, from_xml, typed
from tests.conformance.documents import CONTENT_TYPES, DOCUMENTS

FORM_ENCODED = "application/x-www-form-urlencoded"

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
    ("GET", "tokens/0199a6e4-7d1b-7c52-9f0a-3b8f64c2d1e7", {}, 404),
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


@pytest.mark.parametrize("form", ["json", "xml"])
def test_7_what_is_refused_before_it_is_read_is_a_list_of_errors_too(town: Town, form: str) -> None:
    address = f"{town.endpoint}/requests.{form}"
    large = {"content": b"a" * 1_200_000, "headers": {"Content-Type": FORM_ENCODED}}
    key = town.keys["app"]

    for answer, status in (
        (httpx.delete(address, trust_env=False), 405),
        (town.post(f"requests.{form}", params={"api_key": key}, **large), 400),
        (town.post(f"requests.{form}", params={"api_key": key}, json={"service_code": "x"}), 400),
    ):
        assert answer.status_code == status, answer.text
        assert answer.headers["Content-Type"] == CONTENT_TYPES[form]
        told = answer.json() if form == "json" else typed(from_xml(answer.content)[1], "errors")
        assert_valid("errors", told)
        assert {error["code"] for error in told} == {status}


@pytest.mark.parametrize("form", ["json", "xml"])
def test_7_a_key_that_asks_too_often_is_told_when_to_come_back(town: Town, form: str) -> None:
    fields = {"api_key": town.keys["seldom"], "service_code": "khong-co"}

    *_, answer = [town.post(f"requests.{form}", data=fields) for _ in range(3)]

    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    told = answer.json() if form == "json" else typed(from_xml(answer.content)[1], "errors")
    assert_valid("errors", told)
    assert told[0]["code"] == 429


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
