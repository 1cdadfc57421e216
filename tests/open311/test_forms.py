"""Every document in both forms with the same content, and every failure in the form asked for."""

import re
from typing import Any
from xml.etree.ElementTree import Element

import pytest

from reports.open311.documents import ENTRIES, Document, as_json, as_xml
from tests.open311.conftest import Neighbour, published, resolved
from tests.reports.conftest import House

XML, JSON = "text/xml; charset=utf-8", "application/json; charset=utf-8"


def plain(element: Element) -> Any:
    """What an XML document holds, as JSON would have it: by the contract's own mapping."""
    if element.tag in ENTRIES and (not len(element) or element[0].tag == ENTRIES[element.tag]):
        return [plain(one) for one in element]
    if len(element):
        return {one.tag: plain(one) for one in element}
    return element.text


def as_texts(value: Any) -> Any:
    """JSON's numbers and booleans as XML writes them."""
    match value:
        case dict():
            return {name: as_texts(inner) for name, inner in value.items()}
        case list():
            return [as_texts(inner) for inner in value]
        case None | "":
            return None
        case bool():
            return "true" if value else "false"
    return str(value)


@pytest.fixture
def told(house: House) -> str:
    """The id of a report of which there is something to say in every key."""
    report = published(house, description="Đèn < hỏng & tối\nở số 5.")
    resolved(house, report)
    return report.code


@pytest.mark.parametrize(
    ("path", "root"),
    [
        ("discovery", "discovery"),
        ("services", "services"),
        ("services/rac-thai", "service_definition"),
        ("services/vi-pham-giao-thong", "service_definition"),
        ("requests", "service_requests"),
        ("requests/{told}", "service_requests"),
        ("requests?service_code=nothing", "service_requests"),
        ("requests?extensions=true", "service_requests"),
    ],
)
def test_both_forms_hold_the_same(neighbour: Neighbour, told: str, path: str, root: str) -> None:
    path, _, query = path.format(told=told).partition("?")

    written = neighbour.get(f"{path}.xml?{query}")
    drawn = neighbour.drawn(f"{path}.xml?{query}")
    held = neighbour.told(f"{path}.json?{query}")

    assert written.text.startswith('<?xml version="1.0" encoding="utf-8"?>')
    assert written.headers["Content-Type"] == XML
    assert neighbour.get(f"{path}.json?{query}").headers["Content-Type"] == JSON
    assert drawn.tag == root
    assert plain(drawn) == as_texts(held)


@pytest.mark.parametrize("path", ["services/vi-pham-giao-thong.xml", "requests.xml?q=khongcogi"])
def test_a_list_of_nothing_is_still_a_list(neighbour: Neighbour, path: str) -> None:
    drawn = neighbour.drawn(path)

    lists = [one for one in drawn.iter() if one.tag in ENTRIES]
    assert lists and all(len(one) == 0 for one in lists)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("services/khong-co", 404),
        ("requests/000-000-000-A", 404),
        ("requests/nothing", 404),
        ("tokens/6f1e8a52-7c1d-4d7e-9a55-0c8f1b9f3a10", 404),
        ("nothing", 404),
        ("nothing/at/all", 404),
        ("requests?status=half", 400),
        ("requests?start_date=yesterday", 400),
        ("requests?bbox=1,2,3", 400),
    ],
)
def test_a_failure_is_told_in_the_form_asked_for(
    neighbour: Neighbour, path: str, status: int
) -> None:
    path, _, query = path.partition("?")

    in_xml, in_json = neighbour.get(f"{path}.xml?{query}"), neighbour.get(f"{path}.json?{query}")

    assert (in_xml.status_code, in_json.status_code) == (status, status)
    assert (in_xml.headers["Content-Type"], in_json.headers["Content-Type"]) == (XML, JSON)
    (error,) = in_json.json
    assert error["code"] == status and error["description"]
    drawn = re.sub(r"\s*<\?xml.*?\?>\s*", "", in_xml.text)
    assert drawn.startswith(f"<errors><error><code>{status}</code><description>")


def test_another_ending_is_refused_in_xml(neighbour: Neighbour) -> None:
    answer = neighbour.get("services.pdf")

    assert (answer.status_code, answer.headers["Content-Type"]) == (400, XML)
    assert "<code>400</code>" in answer.text


def test_a_failure_is_told_in_the_readers_language(neighbour: Neighbour) -> None:
    in_vietnamese = neighbour.told_error("services/khong-co.json")
    neighbour.language = "en"
    in_english = neighbour.told_error("services/khong-co.json")

    assert "Không có dịch vụ" in in_vietnamese
    assert "no such service" in in_english


def test_a_method_that_is_not_taken_is_refused_in_its_shape(neighbour: Neighbour) -> None:
    answer = neighbour.post("services.json")

    assert answer.status_code == 405
    assert answer.json[0]["code"] == 405
    assert "GET" in answer.headers["Allow"]


def test_what_xml_cannot_hold_is_left_out() -> None:
    document = Document("service_requests", [{"description": "a\x00b\x0bc\ud800d\ufffe <&> é"}])

    assert b"<description>abcd &lt;&amp;&gt; \xc3\xa9</description>" in as_xml(document)


def test_an_empty_value_is_null_and_an_empty_element() -> None:
    document = Document("services", [{"group": None, "metadata": False, "keywords": ""}])

    assert as_json(document) == b'[{"group":null,"metadata":false,"keywords":""}]'
    assert b"<group /><metadata>false</metadata><keywords />" in as_xml(document)


def test_pages_of_other_sites_may_ask(neighbour: Neighbour) -> None:
    for path in ("services.json", "requests.xml", "services/khong-co.xml"):
        assert neighbour.get(path).headers["Access-Control-Allow-Origin"] == "*"
    exposed = neighbour.get("requests.json").headers["Access-Control-Expose-Headers"]
    assert "X-Total-Count" in exposed and "Link" in exposed


def test_what_did_not_change_is_not_sent_again(neighbour: Neighbour, told: str) -> None:
    first = neighbour.get("requests.xml")
    neighbour.more = {"If-None-Match": first.headers["ETag"]}
    again = neighbour.get("requests.xml")
    other = neighbour.get("requests.json")

    assert again.status_code == 304 and not again.data
    assert other.status_code == 200
