"""Which page of a list an answer holds, and where the rest is."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from reports.models import Report
from tests.open311.conftest import Neighbour, id_of
from tests.reports.conftest import House


def test_pages_begin_at_one_and_nought_is_the_first(
    neighbour: Neighbour, month: list[Report]
) -> None:
    ids = [id_of(report) for report in month]

    assert neighbour.ids(page=1, page_size=2) == neighbour.ids(page=0, page_size=2) == ids[:2]
    assert neighbour.ids(page=2, page_size=2) == ids[2:4]
    assert neighbour.ids(page=3, page_size=2) == ids[4:]
    assert neighbour.ids(page_size=3) == ids[:3]


@pytest.mark.parametrize("size", ["page_size", "per_page", "limit", "max_requests"])
def test_a_pages_size_goes_by_many_names(
    neighbour: Neighbour, month: list[Report], size: str
) -> None:
    assert len(neighbour.ids(**{size: 2})) == 2


def test_an_offset_is_counted_in_requests(neighbour: Neighbour, month: list[Report]) -> None:
    assert neighbour.ids(limit=2, offset=3) == [id_of(report) for report in month[3:]]


@pytest.mark.parametrize("page", [4, 1000, 1_000_000, 10_000_000])
def test_a_page_past_the_end_is_empty(neighbour: Neighbour, month: list[Report], page: int) -> None:
    answer = neighbour.get("requests.json", page=page, page_size=2)

    assert (answer.status_code, answer.json) == (200, [])
    assert answer.headers["X-Total-Count"] == "5"


def test_headers_tell_how_many_there_are_and_where_the_rest_is(
    neighbour: Neighbour, month: list[Report]
) -> None:
    answer = neighbour.get(
        "requests.json", page=2, page_size=2, status="open", api_key="xom_secret", q=""
    )

    assert answer.headers["X-Total-Count"] == "5"
    links = {rel: url for url, rel in links_of(answer.headers["Link"])}
    assert set(links) == {"first", "prev", "next", "last"}
    asked = parse_qs(urlsplit(links["next"]).query)
    assert asked == {"page": ["3"], "page_size": ["2"], "status": ["open"]}
    assert links["next"].startswith("http://127.0.0.1:8000/open311/v2/requests.json?")
    assert "xom_secret" not in answer.headers["Link"]


def test_following_the_links_finds_each_once(neighbour: Neighbour, month: list[Report]) -> None:
    found, path = [], "requests.json?page_size=2"
    while path:
        answer = neighbour.get(path)
        found += [one["service_request_id"] for one in answer.json]
        links = {rel: url for url, rel in links_of(answer.headers.get("Link", ""))}
        path = links.get("next", "").rpartition("/open311/v2/")[2]

    assert found == [id_of(report) for report in month]


def links_of(header: str) -> list[tuple[str, str]]:
    found = []
    for link in filter(None, header.split(", ")):
        url, _, rel = link.partition(">; rel=")
        found.append((url.lstrip("<"), rel.strip('"')))
    return found


def test_one_answer_holds_a_thousand_at_most(
    neighbour: Neighbour, month: list[Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    # A thousand reports would take a minute; the bound is the same wherever it lies.
    monkeypatch.setattr("reports.open311.asked.MOST", 3)

    answer = neighbour.get("requests.json")

    assert len(answer.json) == 3
    assert answer.headers["X-Total-Count"] == "5"
    assert 'rel="next"' in answer.headers["Link"]


@pytest.mark.parametrize("rel", ["next", "prev"])
def test_links_beside_an_offset_skip_none_and_repeat_none(
    neighbour: Neighbour, month: list[Report], rel: str
) -> None:
    answer = neighbour.get("requests.json", offset=2, limit=2)

    links = {name: url for url, name in links_of(answer.headers["Link"])}
    found = neighbour.told(links[rel].rpartition("/open311/v2/")[2])

    wanted = {"prev": month[0:2], "next": month[4:]}[rel]
    assert [one["service_request_id"] for one in found] == [id_of(report) for report in wanted]


def test_an_offset_between_two_pages_leads_back_to_every_request(
    neighbour: Neighbour, month: list[Report]
) -> None:
    found, path = [], "requests.json?offset=3&limit=2"
    while path:
        answer = neighbour.get(path)
        found += [one["service_request_id"] for one in answer.json or []]
        links = {rel: url for url, rel in links_of(answer.headers["Link"])}
        path = links.get("prev", "").rpartition("/open311/v2/")[2]

    assert set(found) == {id_of(report) for report in month}


def test_what_is_too_long_to_be_said_again_has_no_links(
    neighbour: Neighbour, month: list[Report]
) -> None:
    codes = ",".join(f"lĩnh-vực-{number}" for number in range(200))

    answer = neighbour.get("requests.json", page_size=2, service_code=f"{codes},khac",
                           page=2)  # fmt: skip
    short = neighbour.get("requests.json", page_size=2, page=2)

    assert answer.status_code == 200
    assert "Link" not in answer.headers
    assert "Link" in short.headers


@pytest.mark.parametrize("by", ["q", "updated_after"])
def test_what_is_dear_to_count_is_counted_by_its_last_page_alone(
    neighbour: Neighbour, house: House, month: list[Report], by: str
) -> None:
    asked = {"q": "cong", "updated_after": (house.at - timedelta(days=30)).isoformat()}[by]

    first = neighbour.get("requests.json", page=1, page_size=2, **{by: asked})
    last = neighbour.get("requests.json", page=3, page_size=2, **{by: asked})

    assert "X-Total-Count" not in first.headers
    assert {rel for _, rel in links_of(first.headers["Link"])} == {"next"}
    assert last.headers["X-Total-Count"] == "5"
    assert len(last.json or []) == 1
