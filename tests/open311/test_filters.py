"""Which requests a list holds: every filter of the contract, and those that clients use besides."""

from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from app.database import db
from reports import codes
from reports.models import Report
from reports.open311 import finding
from reports.statuses import Role
from tests.open311.conftest import Neighbour, published, resolved
from tests.reports.conftest import TRUONG_TIEN, House

DAY = timedelta(days=1)


def id_of(report: Report) -> str:
    return codes.spoken(report.code)


def sent_at(house: House, at: datetime, who: str = "Lan", **facts: object) -> Report:
    """A report of some days ago, that everybody sees."""
    now, house.at = house.at, at
    report = published(house, who, **facts)
    house.at = now
    return report


@pytest.fixture
def month(house: House) -> list[Report]:
    """One report for each of five days, the newest first."""
    return [sent_at(house, house.at - DAY * days, f"Lan {days}") for days in range(1, 6)]


def test_newest_first(neighbour: Neighbour, month: list[Report]) -> None:
    assert neighbour.ids() == [id_of(report) for report in month]


def test_without_dates_the_last_90_days(neighbour: Neighbour, house: House) -> None:
    inside = sent_at(house, house.at - DAY * 89)
    sent_at(house, house.at - DAY * 91, "Minh")

    assert neighbour.ids() == [id_of(inside)]


def test_a_start_alone_reaches_90_days(neighbour: Neighbour, house: House) -> None:
    inside = sent_at(house, house.at - DAY * 100)
    sent_at(house, house.at - DAY * 5, "Minh")

    start = house.at - DAY * 101

    assert neighbour.ids(start_date=start.isoformat()) == [id_of(inside)]


def test_an_end_alone_reaches_back_90_days(neighbour: Neighbour, house: House) -> None:
    sent_at(house, house.at - DAY * 200)
    inside = sent_at(house, house.at - DAY * 100, "Minh")
    sent_at(house, house.at - DAY * 5, "Hoa")

    assert neighbour.ids(end_date=(house.at - DAY * 50).isoformat()) == [id_of(inside)]


def test_the_start_belongs_to_the_span_and_the_end_does_not(
    neighbour: Neighbour, month: list[Report]
) -> None:
    start, end = month[3].submitted_at.isoformat(), month[1].submitted_at.isoformat()

    assert neighbour.ids(start_date=start, end_date=end) == [id_of(month[2]), id_of(month[3])]


def test_more_than_90_days_are_refused_not_cut(neighbour: Neighbour, house: House) -> None:
    start = (house.at - DAY * 91).isoformat()

    error = neighbour.told_error("requests.json", start_date=start, end_date=house.at.isoformat())

    assert error == (
        "end_date: Mỗi lần hỏi tối đa 90 ngày. Chia khoảng thời gian ra rồi hỏi từng phần."
    )


def test_an_end_before_its_start_is_refused(neighbour: Neighbour) -> None:
    asked = {"start_date": "2026-11-02", "end_date": "2026-11-01"}

    assert neighbour.get("requests.json", **asked).status_code == 400


@pytest.mark.parametrize(
    "written",
    [
        "{:%Y-%m-%dT%H:%M:%S}+00:00",
        "{:%Y-%m-%dT%H:%M:%S}Z",
        "{:%Y-%m-%dT%H:%M:%S}.25Z",
        "{:%Y-%m-%dT%H:%M:%S} 00:00",  # a plus that nobody escaped
        "{:%Y%m%dT%H%M%S}Z",
    ],
)
def test_a_moment_may_be_written_in_many_ways(
    neighbour: Neighbour, month: list[Report], written: str
) -> None:
    before = month[0].submitted_at - timedelta(seconds=1)

    assert neighbour.ids(start_date=written.format(before)) == [id_of(month[0])]


def test_a_day_alone_is_its_midnight_in_the_city(neighbour: Neighbour, house: House) -> None:
    midnight = (house.at - DAY * 3).replace(hour=17, minute=0, second=0)  # of the next day there
    before = sent_at(house, midnight - timedelta(seconds=1))
    after = sent_at(house, midnight, "Minh")
    day = f"{midnight + DAY:%Y-%m-%d}"

    assert id_of(after) in neighbour.ids(start_date=day)
    assert id_of(before) not in neighbour.ids(start_date=day)
    assert id_of(before) in neighbour.ids(end_date=day)
    assert id_of(after) not in neighbour.ids(end_date=day)


@pytest.mark.parametrize(
    "asked",
    [
        {"start_date": "yesterday"}, {"end_date": "2026-13-01"}, {"start_date": "9999-12-31"},
        {"start_date": "0001-01-01T00:00:00+14:00"}, {"updated_after": "-"}, {"status": "half"},
        {"page": "-1"}, {"page": "one"}, {"page_size": "0"}, {"page_size": "1001"},
        {"page_size": "2.5"}, {"lat": "16.4"}, {"long": "107.5"}, {"lat": "nan", "long": "1"},
        {"lat": "16.4", "long": "107.5", "radius": "0"}, {"bbox": "107.5,16.4"},
        {"bbox": "107.6,16.4,107.5,16.5"}, {"has_photo": "perhaps"}, {"q": "x" * 101},
        {"extensions": "maybe"}, {"offset": "-1"},
        {"service_request_id": ",".join(["a"] * 1001)},
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_by_name(
    neighbour: Neighbour, asked: dict[str, str]
) -> None:
    answer = neighbour.get("requests.json", **asked)

    assert answer.status_code == 400, answer.text
    (error,) = answer.json
    assert error["description"].partition(":")[0] in asked | {"long": "", "lat": ""}


def test_an_empty_parameter_is_as_good_as_none(neighbour: Neighbour, month: list[Report]) -> None:
    empty = dict.fromkeys(
        ["service_request_id", "service_code", "status", "start_date", "end_date", "page",
         "page_size", "bbox", "lat", "long", "radius", "q", "agency_responsible", "has_photo",
         "updated_after", "jurisdiction_id", "extensions"], "",
    )  # fmt: skip

    assert neighbour.told("requests.json", **empty) == neighbour.told("requests.json")


def test_a_parameter_that_nobody_knows_is_left_alone(
    neighbour: Neighbour, month: list[Report]
) -> None:
    asked = {"jurisdiction_id": "hue.example", "api_key": "anything", "callback": "x", "foo": "1"}

    assert neighbour.ids(**asked) == neighbour.ids()


def test_ids_override_every_other_filter(neighbour: Neighbour, house: House) -> None:
    old = sent_at(house, house.at - DAY * 300)
    new = published(house, "Minh")
    asked = f"{id_of(old)}, {new.code},{old.code},000-000-000-A,,nothing"

    found = neighbour.ids(
        service_request_id=asked, status="closed", service_code="none", start_date="rubbish"
    )

    assert found == [id_of(new), id_of(old)]


def test_by_status(neighbour: Neighbour, house: House, month: list[Report]) -> None:
    resolved(house, month[0])

    rest = [id_of(report) for report in month[1:]]
    assert neighbour.ids(status="closed") == [id_of(month[0])]
    assert neighbour.ids(status="OPEN") == rest
    assert neighbour.ids(status="open,closed") == neighbour.ids()


def test_by_service_and_by_several(neighbour: Neighbour, house: House) -> None:
    flood, noise = published(house, category="ngap-nuoc"), published(house, "Minh", category="khac")
    published(house, "Hoa", category="vi-pham-giao-thong")

    assert neighbour.ids(service_code="ngap-nuoc") == [id_of(flood)]
    both = neighbour.ids(service_code="ngap-nuoc,khac,khong-co")
    assert set(both) == {id_of(flood), id_of(noise)}
    assert neighbour.ids(service_code="khong-co") == []


def test_by_box_and_around_a_point(neighbour: Neighbour, house: House) -> None:
    lat, long = TRUONG_TIEN
    here = published(house)
    there = published(house, "Minh", place=(lat + 0.01, long))

    assert neighbour.ids(bbox=f"{long - 0.001},{lat - 0.001},{long + 0.001},{lat + 0.001}") == [
        id_of(here)
    ]
    assert neighbour.ids(lat=lat, long=long) == [id_of(here)]
    assert set(neighbour.ids(lat=lat, long=long, radius=2000)) == {id_of(here), id_of(there)}


def test_by_words_without_their_marks_and_by_code(neighbour: Neighbour, house: House) -> None:
    lamp = published(house, description="Đèn đường hỏng ở ngã tư.")
    published(house, "Minh")

    assert neighbour.ids(q="den duong") == [id_of(lamp)]
    assert neighbour.ids(q=id_of(lamp)) == [id_of(lamp)]
    assert neighbour.ids(q="50%") == []


def test_by_the_office_that_answers(neighbour: Neighbour, house: House) -> None:
    report = published(house)
    office = house.city.offices_by_id[report.office_id]

    for named in (office.code, office.name_vi, office.name_en.upper(), f"x,{office.code}"):
        assert neighbour.ids(agency_responsible=named) == [id_of(report)]
    assert neighbour.ids(agency_responsible="nobody") == []


def test_by_having_a_picture(neighbour: Neighbour, house: House) -> None:
    with_one, without = published(house), published(house, "Minh")
    with_one.cover = "00000000-0000-4000-8000-000000000001 4 3 00"
    db.session.flush()

    assert neighbour.ids(has_photo="true") == [id_of(with_one)]
    assert neighbour.ids(has_photo="false") == [id_of(without)]


# By when something changed -----------------------------------------------------------------------


def test_what_changed_since_whenever_it_was_sent(neighbour: Neighbour, house: House) -> None:
    old = sent_at(house, house.at - DAY * 200)
    sent_at(house, house.at - DAY * 30, "Minh")
    resolved(house, old)

    changed = neighbour.ids(updated_after=(house.at - DAY).isoformat())

    assert changed == [id_of(old)]


def test_what_changed_within_a_time_and_not_since(neighbour: Neighbour, house: House) -> None:
    one = sent_at(house, house.at - DAY * 30)
    other = sent_at(house, house.at - DAY * 30, "Minh")
    resolved(house, other)

    before = {"updated_before": (house.at - DAY * 20).isoformat()}
    both = before | {"updated_after": (house.at - DAY * 40).isoformat()}

    assert neighbour.ids(**before) == neighbour.ids(**both) == [id_of(one)]


def test_internal_steps_are_no_change(neighbour: Neighbour, house: House) -> None:
    report = sent_at(house, house.at - DAY * 30)
    house.takes(house.official(Role.DISPATCHER), "join", report, office="so-y-te")

    assert neighbour.ids(updated_after=(house.at - DAY).isoformat()) == []


def test_both_times_at_once(neighbour: Neighbour, house: House) -> None:
    old = sent_at(house, house.at - DAY * 60)
    recent = sent_at(house, house.at - DAY * 10, "Minh")
    for report in (old, recent):
        resolved(house, report)

    found = neighbour.ids(
        updated_after=(house.at - DAY).isoformat(), start_date=(house.at - DAY * 20).isoformat()
    )

    assert found == [id_of(recent)]


def test_too_long_ago_is_refused(neighbour: Neighbour, house: House) -> None:
    asked = {"updated_after": (house.at - DAY * 91).isoformat()}

    assert neighbour.get("requests.json", **asked).status_code == 400


# Pages -----------------------------------------------------------------------------------------


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


@pytest.mark.parametrize("page", [4, 1000, 1_000_000])
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
    assert finding.FARTHEST >= 100_000
