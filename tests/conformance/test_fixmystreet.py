"""FixMyStreet as a neighbour (the contract's §8): it polls updates, sends requests and updates, and
fetches requests, in XML alone. What it sends is written here as its own client writes it.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.clock import now
from reports.statuses import Role
from tests.conformance.conftest import Town, moment, picture
from tests.conformance.contract import assert_valid, from_xml

HOURS_2 = timedelta(hours=2)


def polled(town: Town, key: str = "app", **span: str) -> list[dict[str, Any]]:
    """As it asks each time: the last two hours, with its key and its jurisdiction."""
    until = now() + timedelta(seconds=1)
    span = {"start_date": moment(until - HOURS_2), "end_date": moment(until)} | span
    sent = {"jurisdiction_id": "hue", "api_key": town.keys[key], **span}
    root, found = town.xml("servicerequestupdates", **sent)
    assert root == "service_request_updates"
    return list(found)


def of(code: str, found: list[dict[str, Any]]) -> list[tuple[str, str | None]]:
    return [
        (one["status"], one["description"]) for one in found if one["service_request_id"] == code
    ]


def send(town: Town, **differs: str) -> str:
    """A problem as its client sends it; the id that it keeps."""
    fields = {
        "jurisdiction_id": "hue",
        "api_key": town.keys["app"],
        "service_code": town.plain,
        "description": "title: Đèn tắt\n\ndetail: Tắt cả đoạn.\n\nurl: https://fms.example/report/7"
        "\n\nSubmitted via FixMyStreet\n",
        "first_name": "Lan",
        "last_name": "Trần Thị",
        "email": "lan@example.org",
        "lat": "16.467500",
        "long": "107.588500",
        "deviceid": "fms",
        "attribute[easting]": "529000",
        "attribute[northing]": "179000",
        "attribute[fixmystreet_id]": "7",
    } | differs
    answer = town.post("requests.xml", data={n: v for n, v in fields.items() if v})
    assert answer.status_code == 200, answer.text
    root, told = from_xml(answer.content)
    assert root == "service_requests"
    return str(told[0]["service_request_id"])


def comment(town: Town, code: str, status: str, /, **differs: Any) -> httpx.Response:
    """A comment as its client sends it."""
    fields = {
        "jurisdiction_id": "hue",
        "api_key": town.keys["app"],
        "service_request_id": code,
        "service_request_id_ext": "7",
        "update_id": str(uuid4().int % 10**9),
        "updated_datetime": "2026-11-21T10:00:00+07:00",
        "status": status,
        "description": "Vẫn còn tắt.",
        "first_name": "Lan",
        "last_name": "Trần Thị",
        "title": "",
        "email": "lan@example.org",
        "public_anonymity_required": "TRUE",
        "email_alerts_requested": "FALSE",
    } | differs
    return town.post("servicerequestupdates.xml", data=fields)


def taken(answer: httpx.Response) -> str:
    assert answer.status_code == 200, answer.text
    root, told = from_xml(answer.content)
    assert root == "service_request_updates"
    return str(told[0]["update_id"])


def resolve(town: Town, code: str, outcome: str = "fixed") -> None:
    site, report_id = town.site, town.report_id(code)
    officer = site.officer_of(report_id)
    site.takes(officer, "start", report_id)
    site.takes(officer, "resolve", report_id, outcome=outcome, note="Đã thay bóng.")


# Polling ---------------------------------------------------------------------------------------


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


# Sending updates -------------------------------------------------------------------------------


def test_a_comment_waits_for_a_person_and_is_known_by_the_id_that_it_got(town: Town) -> None:
    code = send(town)
    town.accepts(code)

    update_id = taken(comment(town, code, "OPEN", description="Gọi tôi: 0905 123 456."))

    query = "select text, published_at is null from comment where id = :id"
    row = town.site.scalar(f"select row_to_json(c) from ({query}) c", id=update_id)
    assert list(row.values()) == ["Gọi tôi: •••.", True]
    assert town.status(code) == "accepted"


def test_who_wrote_a_comment_is_kept_nowhere(town: Town) -> None:
    code = send(town, first_name="", last_name="", email="")
    town.accepts(code)
    names = {"first_name": "Chimcánhcụt", "last_name": "Namcực", "email": "cut@bang.example"}

    taken(comment(town, code, "OPEN", **names))

    query = """select count(*) from comment, account, audit_entry
                where comment.text ~ 'cánhcụt' or account.name ~ 'cánhcụt'
                   or account.email ~ 'bang' or audit_entry.reason ~ 'bang'"""
    assert town.site.scalar(query) == 0


@pytest.mark.parametrize("status", ["REOPEN", "reopen", "OPEN", "Open"])
def test_its_reporter_says_in_any_case_that_it_is_not_done(town: Town, status: str) -> None:
    code = send(town)
    town.accepts(code)
    resolve(town, code)

    taken(comment(town, code, status))

    assert town.status(code) == "in_progress"


def test_its_reporter_says_that_it_is_done(town: Town) -> None:
    code = send(town)
    town.accepts(code)
    resolve(town, code)

    taken(comment(town, code, "FIXED", description="Sáng rồi, cảm ơn."))

    assert town.status(code) == "closed"


@pytest.mark.parametrize("status", ["CLOSED", "IN_PROGRESS", "NO_FURTHER_ACTION", "DUPLICATE"])
def test_what_a_neighbour_may_not_do_is_a_comment(town: Town, status: str) -> None:
    code = town.codes["photographed"]  # somebody else's
    before = town.status(code)

    taken(comment(town, code, status))

    assert town.status(code) == before


def test_a_status_that_nobody_knows_is_told_with_those_there_are(town: Town) -> None:
    answer = comment(town, town.codes["open"], "HALF_DONE")

    assert answer.status_code == 400
    description = from_xml(answer.content)[1][0]["description"]
    assert description.startswith("status: ")
    assert "IN_PROGRESS" in description


@pytest.mark.parametrize(
    "name", ["service_request_id", "update_id", "updated_datetime", "status", "description"]
)
def test_each_of_the_five_fields_is_needed(town: Town, name: str) -> None:
    answer = comment(town, town.codes["open"], "OPEN", **{name: ""})

    assert answer.status_code == 400
    told = [error["description"] for error in from_xml(answer.content)[1]]
    assert len(told) == 1
    assert told[0].startswith(f"{name}: ")


def test_the_same_update_again_is_answered_alike_and_another_under_its_id_is_400(
    town: Town,
) -> None:
    code = town.codes["open"]
    sent = {"update_id": str(uuid4()), "description": "Ngập thêm."}

    first, again = (taken(comment(town, code, "OPEN", **sent)) for _ in range(2))
    other = comment(town, code, "OPEN", update_id=sent["update_id"], description="Khác.")

    assert first == again
    assert other.status_code == 400
    query = "select count(*) from comment where text = 'Ngập thêm.'"
    assert town.site.scalar(query) == 1


def test_a_request_that_is_not_there_is_404(town: Town) -> None:
    assert comment(town, "000-000-000-A", "OPEN").status_code == 404
    assert comment(town, town.codes["private"], "OPEN").status_code == 404


# An office's own system ------------------------------------------------------------------------


def test_an_offices_system_works_a_request_to_its_end(town: Town) -> None:
    """By its client's role: the machine that holds its officers holds it as well."""
    code = send(town)
    town.accepts(code, office=town.offices["open"])

    for status, words in (("IN_PROGRESS", "Đội đã xuất phát."), ("FIXED", "Đã thay bóng.")):
        taken(comment(town, code, status, api_key=town.keys["office"], description=words))

    assert town.status(code) == "resolved"
    assert of(code, polled(town)) == [
        ("open", None),
        ("in_progress", None),
        ("unchanged", "Đội đã xuất phát."),
        ("fixed", "Đã thay bóng."),
    ]


def test_an_offices_system_sends_a_photo_of_its_repair(town: Town) -> None:
    code = send(town)
    town.accepts(code, office=town.offices["open"])
    fields = {"api_key": town.keys["office"], "service_request_id": code, "update_id": "r-1",
              "status": "FIXED", "updated_datetime": "2026-11-21T10:00:00Z",
              "description": "Đã thay bóng."}  # fmt: skip
    files = {"photo1": ("a.jpg", picture("navy"), "image/jpeg")}

    answers = [town.post("servicerequestupdates.json", data=fields, files=files) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200], answers[0].text
    assert_valid("update_taken", answers[0].json())
    assert answers[0].json() == answers[1].json()
    update_id = answers[0].json()[0]["update_id"]
    assert town.site.scalar("select count(*) from photo where change_id = :id", id=update_id) == 1


def test_what_the_machine_forbids_is_400_in_its_own_words(town: Town) -> None:
    answer = comment(town, town.codes["open"], "REOPEN", api_key=town.keys["office"])

    assert answer.status_code == 400
    assert "“" in from_xml(answer.content)[1][0]["description"]


def test_an_offices_system_reads_what_is_its_own_though_nobody_else_may(town: Town) -> None:
    code = send(town)
    town.accepts(code, office=town.offices["open"], hold_back=True)

    assert of(code, polled(town, key="office")) == [("open", None)]
    assert of(code, polled(town, key="reader")) == []


def test_another_offices_work_stays_shut(town: Town) -> None:
    code = send(town)
    office = town.site.call("GET", "/categories")  # any office but the one that the client is of
    assert office
    with town.site.app.app_context():
        from reports.city import snapshot

        codes_ = [c for c in snapshot.current().office_by_code if c != town.offices["open"]]
    town.accepts(code, office=codes_[0], hold_back=True)

    assert of(code, polled(town, key="office")) == []
    assert comment(town, code, "FIXED", api_key=town.keys["office"]).status_code == 404


# Sending and fetching requests -----------------------------------------------------------------


def test_a_place_that_was_not_pinpointed_is_asked_for(town: Town) -> None:
    fields = {"api_key": town.keys["app"], "service_code": town.plain, "description": "Đèn tắt.",
              "address_id": "#NOTPINPOINTED#"}  # fmt: skip

    answer = town.post("requests.xml", data=fields)

    assert answer.status_code == 400
    assert_valid("errors", [
        {"code": int(error["code"]), "description": error["description"]}
        for error in from_xml(answer.content)[1]
    ])  # fmt: skip


def test_a_fetched_request_has_what_its_client_needs(town: Town) -> None:
    needed = {"service_request_id", "lat", "long", "updated_datetime", "requested_datetime",
              "status", "service_code", "service_name", "description"}  # fmt: skip
    span = {"start_date": moment(now() - timedelta(days=30)), "end_date": moment(now())}

    _, found = town.xml("requests", **span)

    assert found
    for one in found:
        assert all(one[name] for name in needed)


def test_it_is_told_which_services_are_private(town: Town) -> None:
    _, services = town.xml("services")

    private = [one for one in services if "private" in (one["keywords"] or "").split(",")]
    assert private
    assert all(one["service_name"] == one["service_name"].strip() for one in services)


def test_the_story_is_told_to_dispatchers_as_well(town: Town) -> None:
    """What came through a neighbour lies in the queue as everything else does."""
    code = send(town)
    dispatcher = town.site.official(Role.DISPATCHER)

    seen = town.site.call("GET", f"/reports/{town.report_id(code)}", dispatcher)

    assert seen["status"] == "submitted"
    assert seen["description"].startswith("title: Đèn tắt\n\ndetail: Tắt cả đoạn.")
