"""FixMyStreet sends comments and problems, and fetches requests (the contract's §8.2 to §8.4). What
it sends is written in `fixmystreet` as its own client writes it.
"""

from datetime import timedelta
from uuid import uuid4

import pytest

from app.clock import now
from reports.statuses import Role
from tests.conformance.conftest import Town, moment
from tests.conformance.contract import assert_valid, from_xml
from tests.conformance.fixmystreet import comment, resolve, send, taken

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


# Sending and fetching requests -----------------------------------------------------------------


def test_a_place_that_was_not_pinpointed_is_left_alone_beside_a_point(town: Town) -> None:
    code = send(town, address_id="#NOTPINPOINTED#")

    place = town.site.scalar(
        "select round(lat::numeric, 4) || ' ' || round(lng::numeric, 4) from report where id = :id",
        id=town.report_id(code),
    )
    assert place == "16.4675 107.5885"


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
