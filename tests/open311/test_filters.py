"""Which requests a list holds: every filter of the contract, and those that clients use besides."""

from datetime import timedelta

import pytest

from app.database import db
from reports.models import Report
from tests.open311.conftest import Neighbour, id_of, published, resolved, sent_at
from tests.reports.conftest import TRUONG_TIEN, House

DAY = timedelta(days=1)


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
        {"extensions": "maybe"}, {"offset": "-1"}, {"with_picture": "2"},
        {"detailed_status": "done"}, {"observation_key": "abc"},
        {"service_request_id": ",".join(["a"] * 1001)},
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_by_name(
    neighbour: Neighbour, asked: dict[str, str]
) -> None:
    answer = neighbour.get("requests.json", **asked)

    assert answer.status_code == 400, answer.text
    (error,) = answer.json
    at_fault = {"lat": "long", "long": "lat"} if len(asked) == 1 else {}  # the half that lacks
    (name,) = asked.keys() - {"lat", "long"} or [next(iter(asked))]
    assert error["description"].partition(":")[0] == at_fault.get(name, name)


def test_an_empty_parameter_is_as_good_as_none(neighbour: Neighbour, month: list[Report]) -> None:
    empty = dict.fromkeys(
        ["service_request_id", "service_code", "status", "start_date", "end_date", "page",
         "page_size", "bbox", "with_picture", "area_code", "keyword", "detailed_status", "sort",
         "observation_key", "lat", "long", "radius", "q", "agency_responsible", "has_photo",
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


# By the names that other clients have for it (docs/open311.md has the same rows) ----------------


def test_with_picture_is_as_good_as_has_photo(neighbour: Neighbour, house: House) -> None:
    with_one, without = published(house), published(house, "Minh")
    with_one.cover = "00000000-0000-4000-8000-000000000001 4 3 00"
    db.session.flush()

    assert neighbour.ids(with_picture="true") == [id_of(with_one)]
    assert neighbour.ids(with_picture="false") == [id_of(without)]


def test_an_area_code_is_the_one_that_address_id_tells(neighbour: Neighbour, house: House) -> None:
    report = published(house)
    (told,) = neighbour.told("requests.json")
    other = next(code for code in house.city.area_by_code if code != told["address_id"])

    assert neighbour.ids(area_code=told["address_id"]) == [id_of(report)]
    assert neighbour.ids(area_code=f"{other},{told['address_id']}") == [id_of(report)]
    assert neighbour.ids(area_code=other) == neighbour.ids(area_code="none") == []


def test_a_keyword_is_one_of_the_services(neighbour: Neighbour, house: House) -> None:
    flood = published(house, category="ngap-nuoc")
    published(house, "Minh", category="khac")
    services = {one["service_code"]: one["keywords"] for one in neighbour.told("services.json")}
    word = services["ngap-nuoc"].split(",")[0]
    assert word
    assert word not in services["khac"].split(",")

    assert neighbour.ids(keyword=word) == [id_of(flood)]
    assert neighbour.ids(keyword=word, service_code="khac") == neighbour.ids(keyword="tip") == []


def test_by_detailed_status(neighbour: Neighbour, house: House, month: list[Report]) -> None:
    resolved(house, month[0])

    rest = [id_of(report) for report in month[1:]]
    assert neighbour.ids(detailed_status="PROCESSED") == [id_of(month[0])]
    assert neighbour.ids(detailed_status="received,processed") == neighbour.ids()
    assert neighbour.ids(detailed_status="RECEIVED") == rest
    assert neighbour.ids(detailed_status="RECEIVED", status="closed") == []


def test_in_the_order_that_is_asked_for(
    neighbour: Neighbour, house: House, month: list[Report]
) -> None:
    resolved(house, month[3])
    newest = [id_of(report) for report in month]
    changed = [newest[3], newest[0], newest[1], newest[2], newest[4]]

    assert neighbour.ids(sort="requested") == newest[::-1]
    assert neighbour.ids(sort="-requested_datetime") == newest
    assert neighbour.ids(sort="-updated") == changed
    assert neighbour.ids(sort="updated_datetime") == changed[::-1]
    assert neighbour.ids(sort="-updated", page=2, page_size=2) == changed[2:4]
    since = (house.at - DAY * 3).isoformat()
    assert neighbour.ids(sort="-updated", updated_after=since) == changed[:4]


@pytest.mark.parametrize("sort", ["-votes", "updated"])
def test_an_order_that_no_index_has_is_left_alone(
    neighbour: Neighbour, house: House, month: list[Report], sort: str
) -> None:
    resolved(house, month[3])

    found = neighbour.ids(sort=sort, start_date=(house.at - DAY * 10).isoformat())

    assert found == [id_of(report) for report in month]


@pytest.mark.parametrize(
    "asked",
    [
        {"just_count": "true"},  # X-Total-Count tells it
        {"also_archived": "true"},  # nothing is put away here
        {"interface_used": "iOS"},  # how a report came is not told
    ],
)
def test_what_is_not_done_here_changes_nothing(
    neighbour: Neighbour, month: list[Report], asked: dict[str, str]
) -> None:
    answer = neighbour.get("requests.json", **asked)

    assert [one["service_request_id"] for one in answer.json or []] == neighbour.ids()
    assert answer.headers["X-Total-Count"] == "5"


def test_an_rss_of_requests_is_no_form(neighbour: Neighbour) -> None:
    answer = neighbour.get("requests.rss")

    assert answer.status_code == 400
    assert ".json" in answer.text
