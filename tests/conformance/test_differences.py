"""Where clients and servers in the field differ (the contract's §1 and §5, and its table in §7.1):
each habit that this house takes, or leaves alone.
"""

from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest

from app.clock import now
from tests.conformance.conftest import Town, moment, picture
from tests.conformance.contract import assert_valid

HERE = {"lat": "16.4675", "long": "107.5885"}


# Pages -----------------------------------------------------------------------------------------


def test_pages_count_from_one_and_page_zero_is_the_first(town: Town) -> None:
    first, second = (town.ids(page=str(page), page_size="2") for page in (1, 2))

    assert town.ids(page="0", page_size="2") == first
    assert town.ids(page_size="2") == first
    assert len(first) == len(second) == 2
    assert not set(first) & set(second)


@pytest.mark.parametrize("name", ["page_size", "per_page", "limit", "max_requests"])
def test_a_page_is_as_long_as_is_asked_for_in_whatever_word(town: Town, name: str) -> None:
    assert town.ids(**{name: "3"}) == town.ids()[:3]


def test_an_offset_is_taken_too(town: Town) -> None:
    assert town.ids(limit="2", offset="2") == town.ids()[2:4]


def test_totals_are_told_in_headers_and_the_body_stays_an_array(town: Town) -> None:
    answer = town.get("requests.json", page_size="2", status="closed")

    assert isinstance(answer.json(), list)
    assert int(answer.headers["X-Total-Count"]) == len(town.ids(status="closed"))
    following = answer.links["next"]["url"]
    assert "page=2" in following and "page_size=2" in following and "status=closed" in following
    assert following.startswith(town.endpoint)
    assert "X-Total-Count" in answer.headers["Access-Control-Expose-Headers"]


def test_the_last_page_is_not_followed_by_another(town: Town) -> None:
    pages = -(-len(town.ids()) // 2)

    answer = town.get("requests.json", page=str(pages), page_size="2")

    assert answer.json()
    assert "next" not in answer.links
    assert {"first", "prev"} <= set(answer.links)


# Filters ---------------------------------------------------------------------------------------


def test_changes_since_a_moment_can_be_asked_for(town: Town) -> None:
    changed = town.requests()[0]["updated_datetime"]

    assert town.ids(updated_after=moment(now() + timedelta(minutes=5))) == []
    assert town.codes["photographed"] in town.ids(updated_after=moment(now() - timedelta(days=1)))
    assert town.codes["fixed"] not in town.ids(updated_after=moment(now() - timedelta(days=1)))
    assert town.codes["fixed"] in town.ids(
        updated_after=moment(now() - timedelta(days=40)),
        updated_before=moment(now() - timedelta(days=10)),
    )
    assert changed


def test_a_box_is_west_south_east_north(town: Town) -> None:
    assert town.codes["open"] in town.ids(bbox="107.5,16.4,107.7,16.6")
    assert town.ids(bbox="107.6,16.4,107.7,16.6") == []


def test_a_circle_is_a_point_and_metres(town: Town) -> None:
    assert town.codes["open"] in town.ids(**HERE, radius="100")
    assert town.ids(lat="16.40", long="107.60", radius="100") == []


def test_words_are_found_without_their_marks(town: Town) -> None:
    assert town.codes["open"] in town.ids(q="nghet")
    assert town.ids(q="không ai viết thế này") == []


def test_offices_are_asked_for_by_name_or_code(town: Town) -> None:
    found = town.json(f"requests/{town.codes['open']}", "requests")[0]

    for named in (found["agency_responsible"], town.offices["open"]):
        assert town.codes["open"] in town.ids(agency_responsible=named)
    assert town.ids(agency_responsible="không có") == []


def test_requests_with_a_photo_can_be_asked_for(town: Town) -> None:
    with_one = town.ids(has_photo="true")

    assert town.codes["photographed"] in with_one
    assert town.codes["open"] not in with_one
    assert town.codes["open"] in town.ids(has_photo="false")


def test_several_services_and_states_stand_with_commas_between(town: Town) -> None:
    service = town.requests()[0]["service_code"]

    assert town.ids(service_code=f"khong-co,{service}") == town.ids(service_code=service)
    assert town.ids(status="open,closed") == town.ids()
    assert set(town.ids(status="open") + town.ids(status="closed")) == set(town.ids())


def test_a_service_that_nobody_has_finds_nothing(town: Town) -> None:
    assert town.ids(service_code="khong-co") == []


def test_what_a_server_does_not_know_it_leaves_alone(town: Town) -> None:
    unknown = {"jurisdiction_id": "hue.example", "sort": "-updated", "callback": "go",
               "just_count": "true", "interface_used": "Web"}  # fmt: skip

    assert town.ids(**unknown) == town.ids()


def test_services_can_be_asked_for_at_a_point(town: Town) -> None:
    assert town.json("services", "services", **HERE) == town.json("services", "services")
    assert town.json("services", "services", lat="21.03", long="105.83") == []


# Moments ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    ["%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S.250Z", "%Y-%m-%dT%H:%M:%S+00:00",
     "%Y-%m-%dT%H:%M:%S 00:00", "%Y-%m-%d"],
)  # fmt: skip
def test_moments_are_read_as_clients_write_them(town: Town, written: str) -> None:
    """A plus sign in an address arrives as a space; three and others send whole days."""
    since = (now() - timedelta(days=30)).strftime(written)

    assert town.codes["open"] in town.ids(start_date=since)
    assert town.codes["old"] not in town.ids(start_date=since)


def test_the_end_of_a_span_is_not_in_it_and_its_beginning_is(town: Town) -> None:
    sent = town.json(f"requests/{town.codes['photographed']}", "requests")[0]["requested_datetime"]

    assert town.codes["photographed"] not in town.ids(
        start_date=moment(now() - timedelta(days=5)), end_date=sent
    )
    assert town.codes["photographed"] in town.ids(start_date=sent)


def test_the_newest_stand_first(town: Town) -> None:
    times = [one["requested_datetime"] for one in town.requests()]

    assert all(earlier >= later for earlier, later in pairwise(times))


# Extensions ------------------------------------------------------------------------------------


def test_extensions_are_kept_off_unless_asked_for(town: Town) -> None:
    plain = town.requests()[0]
    told = town.json("requests", "requests_extended", extensions="true")[0]

    assert {"notes", "attributes", "extended_attributes"} <= told.keys() - plain.keys()


@pytest.mark.parametrize(
    ("name", "detailed"),
    [("open", "IN_PROCESS"), ("fixed", "PROCESSED"), ("refused", "REJECTED")],
)
def test_extensions_tell_the_detailed_status(town: Town, name: str, detailed: str) -> None:
    path = f"requests/{town.codes[name]}"

    told = town.json(path, "requests_extended", extensions="true")[0]

    assert told["extended_attributes"]["detailed_status"] == detailed


def test_extensions_tell_duplicates_photos_and_what_happened(town: Town) -> None:
    def extended(name: str) -> dict[str, Any]:
        path = f"requests/{town.codes[name]}"
        return dict(town.json(path, "requests_extended", extensions="true")[0])

    double = extended("double")["extended_attributes"]
    assert double["duplicate"] is True
    assert double["parent_service_request_id"] == town.codes["open"]
    assert len(extended("photographed")["extended_attributes"]["photos"]) == 1
    notes = [(note["type"], note["description"]) for note in extended("fixed")["notes"]]
    assert notes[0] == ("submitted", None)
    assert notes[-1] == ("closed", "Đã nạo vét.")


# Sending ---------------------------------------------------------------------------------------


def test_the_key_is_taken_from_the_address_as_well(town: Town) -> None:
    fields = {"service_code": town.plain, **HERE, "description": "Đèn tắt."}

    answer = town.post("requests.json", params={"api_key": town.keys["app"]}, data=fields)

    assert answer.status_code == 200, answer.text
    assert_valid("created", answer.json())


def choices(town: Town) -> tuple[str, dict[str, Any], dict[str, str]]:
    """A service with a list of several, that list, and what it requires besides."""
    for service in town.json("services", "services"):
        if not service["metadata"]:
            continue
        path = f"services/{service['service_code']}"
        asked = town.json(path, "service_definition")["attributes"]
        several = next((one for one in asked if one["datatype"] == "multivaluelist"), None)
        if several:
            needed = {
                f"attribute[{one['code']}]": one["values"][0]["key"] if one["values"] else "1"
                for one in asked
                if one["required"] and one is not several
            }
            return service["service_code"], several, needed
    pytest.fail("the city asks for several of a list nowhere")


@pytest.mark.parametrize("brackets", ["", "[]"])
def test_several_values_are_repeated_with_brackets_or_without(town: Town, brackets: str) -> None:
    service, several, needed = choices(town)
    keys = [value["key"] for value in several["values"][:2]]
    fields = {"api_key": town.keys["app"], "service_code": service, **HERE, **needed,
              "description": "Thử.", f"attribute[{several['code']}]{brackets}": keys}  # fmt: skip

    answer = town.post("requests.json", data=fields)

    assert answer.status_code == 200, answer.text
    code = answer.json()[0]["service_request_id"]
    query = "select answers from report where id = :id"
    assert town.site.scalar(query, id=town.report_id(code))[several["code"]] == keys


def test_a_value_that_is_not_in_the_list_is_refused(town: Town) -> None:
    service, several, needed = choices(town)
    fields = {"api_key": town.keys["app"], "service_code": service, **HERE, **needed,
              "description": "Thử.", f"attribute[{several['code']}]": "khong-co"}  # fmt: skip

    answer = town.post("requests.json", data=fields)

    assert answer.status_code == 400
    assert several["code"] in answer.json()[0]["description"]


def test_an_attribute_that_is_not_asked_for_is_left_alone(town: Town) -> None:
    assert town.sends(**{"attribute[easting]": "777"})["service_request_id"]


@pytest.mark.parametrize("names", [["media"], ["media[]", "media[]"], ["photo1", "photo2"]])
def test_pictures_are_taken_whatever_their_parts_are_called(town: Town, names: list[str]) -> None:
    fields = {"api_key": town.keys["app"], "service_code": town.plain, **HERE,
              "description": "Có ảnh."}  # fmt: skip
    parts = [
        (name, (f"{number}.jpg", picture(f"#{number}0{number}0{number}0"), "image/jpeg"))
        for number, name in enumerate(names)
    ]

    answer = town.post("requests.json", data=fields, files=parts)

    assert answer.status_code == 200, answer.text
    query = "select count(*) from photo where report_id = :id"
    report_id = town.report_id(answer.json()[0]["service_request_id"])
    assert town.site.scalar(query, id=report_id) == len(names)


def test_an_address_of_a_picture_is_not_fetched_and_the_client_is_told(town: Town) -> None:
    asked = f"{town.site.url}/healthz"
    before = town.site.faults.seen.count("GET /healthz")

    sent = town.sends(media_url=asked)

    assert sent["service_request_id"]
    assert sent["service_notice"]
    assert town.site.faults.seen.count("GET /healthz") == before


def test_the_same_client_request_id_is_the_same_request(town: Town) -> None:
    """As offline queues need it; and by it the request is found again."""
    token = str(uuid4())

    first, again = (town.sends(client_request_id=token) for _ in range(2))

    assert first["service_request_id"] == again["service_request_id"]
    found = town.json(f"tokens/{token}", "token")
    assert found == [{"service_request_id": first["service_request_id"], "token": token}]


def test_what_concerns_a_private_home_is_taken_and_never_listed(town: Town) -> None:
    services = town.json("services", "services")
    private = next(one for one in services if "private" in one["keywords"].split(","))
    path = f"services/{private['service_code']}"
    needed = {
        f"attribute[{one['code']}]": one["values"][0]["key"] if one["values"] else "1"
        for one in town.json(path, "service_definition")["attributes"]
        if one["required"]
    }

    code = town.sends(service_code=private["service_code"], **needed)["service_request_id"]
    if town.status(code) == "submitted":
        town.accepts(code)

    assert code not in town.ids()
    assert town.get(f"requests/{code}.json").status_code == 404
