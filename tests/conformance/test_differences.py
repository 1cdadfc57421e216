"""Where clients and servers in the field differ in what they ask for (the contract's §1, and its
table in §7.1): each habit that this house takes, or leaves alone.
"""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from app.clock import now
from tests.conformance.conftest import HERE, Town, moment
from tests.conformance.contract import assert_valid

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
    assert town.ids(updated_after=moment(now() + timedelta(minutes=5))) == []
    assert town.codes["photographed"] in town.ids(updated_after=moment(now() - timedelta(days=1)))
    assert town.codes["fixed"] not in town.ids(updated_after=moment(now() - timedelta(days=1)))
    assert town.codes["fixed"] in town.ids(
        updated_after=moment(now() - timedelta(days=40)),
        updated_before=moment(now() - timedelta(days=10)),
    )


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


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("jurisdiction_id", "hue.example"),
        ("interface_used", "Web"),
        ("callback", "go"),
        ("just_count", "true"),
        ("also_archived", "true"),
        ("sort", "nearest"),
    ],
)
def test_what_is_not_known_here_is_left_alone(town: Town, name: str, text: str) -> None:
    assert town.requests(**{name: text}) == town.requests()


def test_observations_are_not_kept_here_and_a_client_that_asks_for_one_is_told(town: Town) -> None:
    """All requests would be a wrong answer."""
    answer = town.get("requests.json", observation_key="7")

    assert answer.status_code == 400
    assert_valid("errors", answer.json())
    assert answer.json()[0]["description"].startswith("observation_key: ")


def test_a_feed_is_no_form_of_a_list(town: Town) -> None:
    """FixMyStreet's servers have `.rss`; feeds have an address of their own here."""
    assert town.get("requests.rss").status_code == 400
    assert town.get("../../feeds/reports.atom").status_code == 200


def test_pictures_are_asked_for_in_klarschiffs_word_too(town: Town) -> None:
    for wanted in ("true", "false"):
        assert town.ids(with_picture=wanted) == town.ids(has_photo=wanted)
    assert town.ids(with_picture="true") != town.ids()


def test_areas_are_asked_for_by_the_code_that_address_id_tells(town: Town) -> None:
    area = town.json(f"requests/{town.codes['open']}", "requests")[0]["address_id"]

    assert town.codes["open"] in town.ids(area_code=area)
    assert town.ids(area_code="19753,khong-co") == []


def test_services_are_asked_for_by_a_keyword(town: Town) -> None:
    """Klarschiff's: a word that the list of services tells."""
    services = town.json("services", "services")
    service = next(
        one for one in services if one["service_code"] == town.requests()[0]["service_code"]
    )
    words = [word for word in service["keywords"].split(",") if word]

    assert words
    for word in words:
        assert set(town.ids(service_code=service["service_code"])) <= set(town.ids(keyword=word))
    assert town.ids(keyword="khong-co") == []


@pytest.mark.parametrize(
    ("sort", "key", "newest"),
    [
        ("-updated", "updated_datetime", True),
        ("updated", "updated_datetime", False),
        ("-requested", "requested_datetime", True),
        ("requested", "requested_datetime", False),
    ],
)
def test_lists_are_sorted_as_mark_a_spot_asks(
    town: Town,
    sort: str,
    key: str,
    newest: bool,  # noqa: FBT001
) -> None:
    times = [one[key] for one in town.requests(sort=sort)]

    assert times == sorted(times, reverse=newest)
    assert len(set(times)) > 1


@pytest.mark.parametrize(
    ("asked", "there", "absent"),
    [
        ("IN_PROCESS", "open", "fixed"),
        ("processed", "fixed", "open"),
        ("REJECTED,PROCESSED", "refused", "open"),
    ],
)
def test_states_are_asked_for_in_citysdks_words(
    town: Town, asked: str, there: str, absent: str
) -> None:
    found = town.ids(detailed_status=asked)

    assert town.codes[there] in found
    assert town.codes[absent] not in found


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
    assert told["attributes"] == []  # what was answered is for the office


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
