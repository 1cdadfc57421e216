"""FixMyStreet polls for what has become of problems (the contract's §8.1), and an office's own
system reads what is its own.
"""

from datetime import datetime, timedelta
from typing import Any

import httpx

from app.clock import now
from tests.conformance.conftest import Town, moment, picture
from tests.conformance.contract import from_xml
from tests.conformance.fixmystreet import of, polled, resolve, send


def test_a_problem_that_it_sent_is_followed_to_its_end(town: Town) -> None:
    code = send(town)
    town.accepts(code)
    resolve(town, code)

    assert of(code, polled(town)) == [
        ("open", None),
        ("in_progress", None),
        ("fixed", "Đã thay bóng."),
    ]


def test_an_update_has_what_its_client_reads(town: Town) -> None:
    code = send(town)
    town.accepts(code)

    update = next(one for one in polled(town) if one["service_request_id"] == code)

    needed = {"update_id", "service_request_id", "status", "updated_datetime", "description",
              "media_url"}  # fmt: skip
    assert needed <= update.keys()
    assert datetime.fromisoformat(update["updated_datetime"]).tzinfo


def test_the_photo_of_a_repair_comes_by_its_address(town: Town) -> None:
    code = send(town)
    town.accepts(code)
    site, report_id = town.site, town.report_id(code)
    officer = site.officer_of(report_id)
    photo = site.photo(officer, picture("olive"))
    site.takes(officer, "start", report_id)
    site.takes(officer, "resolve", report_id, outcome="fixed", note="Xong.", photos=[photo])

    last = [one for one in polled(town) if one["service_request_id"] == code][-1]

    shown = httpx.get(last["media_url"], trust_env=False)
    assert shown.headers["Content-Type"] == "image/jpeg"


def test_its_own_problem_is_followed_before_it_is_shown_to_anybody(town: Town) -> None:
    code = send(town)
    town.accepts(code, hold_back=True)

    assert of(code, polled(town)) == [("open", None)]
    assert of(code, polled(town, key="reader")) == []
    assert code not in [one["service_request_id"] for one in town.updates()]


def test_both_ends_of_a_span_are_in_it(town: Town) -> None:
    code = send(town)
    town.accepts(code)
    at = next(o for o in polled(town) if o["service_request_id"] == code)["updated_datetime"]

    assert of(code, polled(town, start_date=at, end_date=at)) == [("open", None)]


def test_an_update_keeps_its_id_so_that_it_is_taken_once(town: Town) -> None:
    code = send(town)
    town.accepts(code)

    first, again = ([o["update_id"] for o in polled(town)] for _ in range(2))

    assert first == again
    assert len(set(first)) == len(first)


def test_without_dates_the_last_day_is_told_and_a_wrong_key_is_refused(town: Town) -> None:
    since_yesterday = moment(now() - timedelta(days=1, minutes=-1))

    assert [o["update_id"] for o in town.updates(start_date=since_yesterday)] == [
        o["update_id"] for o in town.updates()
    ]
    assert town.get("servicerequestupdates.xml", api_key="xom_wrong").status_code == 403


def test_a_key_in_the_header_is_as_good_as_one_in_the_address(town: Town) -> None:
    code = send(town)
    town.accepts(code, hold_back=True)
    address = f"{town.endpoint}/servicerequestupdates.xml"

    def told(bearer: str) -> list[dict[str, Any]]:
        headers = {"Authorization": f"Bearer {bearer}"}
        answer = httpx.get(address, headers=headers, trust_env=False)
        assert answer.status_code == 200, answer.text
        return list(from_xml(answer.content)[1])

    assert of(code, told(town.keys["app"])) == [("open", None)]
    assert of(code, told(town.site.resident())) == []  # a person's token opens nothing more
