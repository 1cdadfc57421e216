"""Every state of a report × everybody who might look → there or not, and with which fields.

The table is written from the design: anything unpublished is not there for the public; an office
sees what it leads or joins; the one accused never sees the accusation; whoever sent a report that
was merged follows the lead, and reads no unpublished words of others.
"""

from typing import Any
from uuid import UUID

import pytest

from app.database import db
from reports.models import Comment, Report
from reports.statuses import Role
from tests.rights.conftest import STATES
from tests.rights.world import CALLERS, PHONE, Case, World

#: state | what each caller sees: the Public side, the reporter's Own, the Inner side of officials,
#: what Follows for those merged into it, or nothing.
TABLE = """
               | anybody owner other supporter merged dispatcher officer joined elsewhere head leader admin accused
unpublished    | -       O     -     -         F      I          -       -      -         -    I      -     -
held_back      | -       O     -     -         F      I          I       I      -         I    I      -     -
automatic      | -       O     -     -         F      I          I       I      -         I    I      -     -
published      | P       O     P     P         P      I          I       I      P         I    I      P     P
answered       | P       O     P     P         P      I          I       I      P         I    I      P     P
hidden         | -       O     -     -         F      I          I       I      -         I    I      -     -
private        | -       O     -     -         F      I          I       I      -         I    I      -     -
became_private | -       O     -     -         F      I          I       I      -         I    I      -     -
against        | -       O     -     -         F      I          I       I      -         I    I      -     -
merged_shown   | P       O     P     P         P      I          I       I      P         I    I      P     P
merged_unseen  | -       O     -     -         -      I          -       -      -         -    I      -     -
rejected       | -       O     -     -         F      I          -       -      -         -    I      -     -
withdrawn      | -       O     -     -         -      I          I       I      -         I    I      -     -
erased         | -       -     -     -         F      I          I       I      -         I    I      -     -
"""  # noqa: E501

HEAD, *ROWS = (line.split("|") for line in TABLE.strip("\n").splitlines())
EXPECTED = {
    state.strip(): dict(zip(HEAD[1].split(), seen.split(), strict=True)) for state, seen in ROWS
}


def named(text: str) -> frozenset[str]:
    return frozenset(text.split())


PUBLIC = named(
    "id code version status outcome category office area lat lng description photos urgent "
    "submitted_at accepted_at published_at first_due_at due_at resolved_at closed_at planned_for "
    "status_name rejection reopened recurrence supporters lead steps"
)
OWN = PUBLIC | named("place_note answers identity captured_at consent published mine")
INNER = OWN | named(
    "centre_due_at waiting_since extension_until asked returned held_back hidden outside_m "
    "reporter assignee assignments recurs_from public_description"
)
SIGNED_IN = named("my_rating supported")  # what one said oneself
FOLLOWED = PUBLIC - {"description", "photos", "lat", "lng"}
FIELDS = {"P": PUBLIC, "O": OWN, "I": INNER, "F": FOLLOWED}

CARD = named(
    "id code version status outcome category area office description lat lng urgent submitted_at "
    "due_at first_due_at resolved_at closed_at supporters photo"
)
STEP = named("id kind step name status at by office note photos")
COMMENT = named("id kind at office mine published hidden note")
NOTE = named("id kind at office mine note")
PAIRS = [(state, who) for state in STATES for who in CALLERS]


def look(world: World, case: Case, who: str, tail: str = "") -> Any:
    return world.requests(case.people.get(who), "GET", f"/api/v1/reports/{case.report_id}{tail}")


def test_the_table_has_every_state_and_everybody() -> None:
    assert set(EXPECTED) == set(STATES)
    assert all(tuple(row) == CALLERS for row in EXPECTED.values())


@pytest.mark.parametrize("state", STATES)
def test_each_sees_the_report_as_the_table_says(
    world: World, cases: dict[str, Case], state: str
) -> None:
    case, seen = cases[state], {}

    for who in CALLERS:
        answer = look(world, case, who)
        seen[who] = kind_of(answer.json, who) if answer.status_code == 200 else "-"
        assert answer.status_code in {200, 404}

    assert seen == EXPECTED[state]


def kind_of(report: dict[str, Any], who: str) -> str:
    """Which view has exactly these fields; fields that no view has fail the test."""
    besides = frozenset() if who == "anybody" else SIGNED_IN
    found = [kind for kind, fields in FIELDS.items() if fields | besides == set(report)]
    assert found, f"no view has these fields: {sorted(report)}"
    return found[0]


def test_the_code_read_aloud_opens_nothing_more(world: World, cases: dict[str, Case]) -> None:
    for state, who in PAIRS:
        case = cases[state]
        answer = world.requests(case.people.get(who), "GET", f"/api/v1/reports/{case.code}")

        assert (answer.status_code == 200) == (EXPECTED[state][who] != "-"), (state, who)


def test_what_is_not_there_looks_like_what_never_was(world: World, cases: dict[str, Case]) -> None:
    never = look_for(world, None, "11111111-1111-4111-8111-111111111111")

    for state, who in PAIRS:
        if EXPECTED[state][who] == "-":
            case = cases[state]
            assert look_for(world, case.people.get(who), str(case.report_id)) == never, (state, who)


def look_for(world: World, account_id: Any, named: str) -> tuple[Any, ...]:
    """All that an answer tells, but for its own number."""
    answer = world.requests(account_id, "GET", f"/api/v1/reports/{named}")
    told = {name: value for name, value in answer.headers if name != "X-Request-ID"}
    body = answer.json
    return answer.status_code, told, {name: body[name] for name in body if name != "instance"}


def test_numbers_in_words_are_masked_for_whoever_is_outside(
    world: World, cases: dict[str, Case]
) -> None:
    for state, who in PAIRS:
        kind = EXPECTED[state][who]
        if kind in {"-", "F"} or state == "erased":
            continue
        words = look(world, cases[state], who).json["description"]

        assert (PHONE in words) == (kind in {"O", "I"}), (state, who)
        assert words.startswith("Cống nghẹt")


def test_an_official_reads_a_pseudonym_and_never_an_account(
    world: World, cases: dict[str, Case]
) -> None:
    for state, who in PAIRS:
        if EXPECTED[state][who] == "I":
            case = cases[state]
            answer = look(world, case, who)

            assert answer.json["reporter"].startswith("NPA-")
            assert str(case.people["owner"]) not in answer.text
            assert case.people["owner"].hex not in answer.text


@pytest.mark.parametrize("state", STATES)
def test_the_timeline_is_there_for_whoever_sees_the_report(
    world: World, cases: dict[str, Case], state: str
) -> None:
    for who in CALLERS:
        answer = look(world, cases[state], who, "/timeline")
        kind = EXPECTED[state][who]

        assert (answer.status_code == 200) == (kind != "-"), who
        for entry in answer.json.get("items", []):
            assert set(entry) == fields_of(entry, kind), (who, entry)


def fields_of(entry: dict[str, Any], kind: str) -> set[str]:
    if entry["kind"] == "step":
        return set(STEP | {"facts"} if kind == "I" else STEP)
    return set(COMMENT if entry["kind"] == "comment" else NOTE)


def test_steps_of_the_house_are_the_houses_own_business(
    world: World, cases: dict[str, Case]
) -> None:
    def told(who: str) -> list[str]:
        items = look(world, cases["hidden"], who, "/timeline").json["items"]
        return [entry["step"] for entry in items if entry["kind"] == "step"]

    public = ["submit", "accept", "start", "resolve"]
    assert told("owner") == told("merged") == public
    assert told("dispatcher") == ["submit", "accept", "join", "start", "resolve", "hide"]
    assert "xúc phạm" not in look(world, cases["hidden"], "owner", "/timeline").text


def test_a_private_matter_is_answered_to_its_reporter_and_not_to_those_merged_into_it(
    world: World, cases: dict[str, Case]
) -> None:
    for state, heard in (("hidden", True), ("private", False), ("against", False)):
        case = cases[state]
        followed = look(world, case, "merged", "/timeline").text
        picture = f"/api/v1/photos/{case.resolved_photo_id}.jpg"

        assert "Đã nạo vét." in look(world, case, "owner", "/timeline").text
        assert ("Đã nạo vét." in followed) == heard, state
        assert (str(case.resolved_photo_id) in followed) == heard
        asked = world.requests(case.people["merged"], "GET", picture)
        assert (asked.status_code == 200) == heard


def test_a_comment_waits_for_a_person_and_is_its_writers_meanwhile(
    world: World, cases: dict[str, Case]
) -> None:
    case = cases["published"]
    said = {who: str(case.comment_id) in look(world, case, who, "/timeline").text
            for who in CALLERS}  # fmt: skip

    readers = {"other", "dispatcher", "officer", "joined", "head", "leader"}
    assert {who for who, there in said.items() if there} == readers
    assert PHONE not in db.session.get_one(Comment, case.comment_id).text


def test_cards_of_lists_have_the_fields_of_a_card(world: World, cases: dict[str, Case]) -> None:
    people = cases["published"].people
    plain = world.requests(None, "GET", "/api/v1/reports").json["items"]
    near = world.requests(None, "GET", "/api/v1/reports?near=16.4675,107.5885").json["items"]
    queue = world.requests(people["dispatcher"], "GET", "/api/v1/queue").json["items"]
    mine = world.requests(people["owner"], "GET", "/api/v1/me/reports").json["items"]
    followed = world.requests(people["supporter"], "GET", "/api/v1/me/supported").json["items"]

    assert plain and near and queue and mine and followed
    assert {frozenset(card) for card in plain} == {CARD}
    assert {frozenset(card) for card in mine + followed} == {CARD | {"status_name", "asks_me"}}
    assert {frozenset(card) for card in near} == {CARD | {"metres"}}
    assert {frozenset(card) for card in queue} == {CARD | {"act_by", "overdue"}}


def test_lists_hold_what_their_reader_may_see_and_nothing_else(
    world: World, cases: dict[str, Case]
) -> None:
    """Whoever finds a report in any list could open it; the public's lists show the public side."""
    lists = [
        "/reports?limit=100", "/reports?near=16.4675,107.5885&radius=20000&limit=100",
        "/reports?bbox=107,16,108,17&limit=100", "/reports?q=cong&limit=100", "/me/supported",
    ]  # fmt: skip
    states = {str(case.report_id): state for state, case in cases.items()}

    for who in CALLERS:
        for path in lists:
            account_id = cases["published"].people.get(who)
            if account_id is None and path.startswith("/me"):
                continue
            items = world.requests(account_id, "GET", f"/api/v1{path}").json["items"]
            for item in items:
                state = states.get(item["id"], "published")
                assert EXPECTED[state]["anybody"] == "P", (who, path, state)
                assert PHONE not in item["description"]
                picture = item["photo"] and world.requests(
                    account_id, "GET", item["photo"]["small"]
                )
                assert picture is None or picture.status_code == 200, (who, path, state)


@pytest.mark.parametrize("who", ["dispatcher", "officer", "joined", "elsewhere", "head", "leader",
                                 "accused"])  # fmt: skip
def test_the_queue_holds_what_is_seen_from_inside(
    world: World, cases: dict[str, Case], who: str
) -> None:
    for state, case in cases.items():
        path = f"/api/v1/queue?status=all&limit=100&q={case.code}"
        found = world.requests(case.people[who], "GET", path).json["items"]

        inside = EXPECTED[state][who] == "I"
        assert [item["id"] for item in found] == [str(case.report_id)] * inside, (state, who)


def test_who_works_for_the_one_accused_sees_nothing_by_another_role(
    world: World, cases: dict[str, Case]
) -> None:
    """A dispatcher, or a leader, who is also somebody's officer there."""
    case = cases["against"]
    accused = world.house.city.offices_by_id[accused_of(case)]

    for role in (Role.DISPATCHER, Role.LEADER):
        both = world.somebody_with((role, world.house.city.centre), (Role.OFFICER, accused))
        path = f"/api/v1/queue?status=all&q={case.code}"

        assert world.requests(both, "GET", f"/api/v1/reports/{case.report_id}").status_code == 404
        assert world.requests(both, "GET", path).json["items"] == []


def accused_of(case: Case) -> int:
    accused = db.session.get_one(Report, case.report_id).accused_office_id
    assert accused
    return accused


def test_what_is_said_of_the_centre_is_steered_by_the_head_above_from_the_first(
    world: World,
) -> None:
    """The centre and the leaders who sit there do not see it; nor does it lie there unseen."""
    case = world.case("against_the_centre")
    people = {
        "dispatcher": case.people["dispatcher"],
        "leader": case.people["leader"],
        "officer above": world.official(Role.OFFICER, case.lead),
        "head above": world.official(Role.HEAD, case.lead),
        "head elsewhere": world.official(Role.HEAD, "so-du-lich"),
    }

    def finds(account_id: UUID) -> tuple[bool, bool]:
        path = f"/api/v1/queue?status=all&q={case.code}"
        seen = world.requests(account_id, "GET", f"/api/v1/reports/{case.report_id}")
        return seen.status_code == 200, bool(world.requests(account_id, "GET", path).json["items"])

    there = {who: finds(account_id) for who, account_id in people.items()}
    steps = world.requests(people["head above"], "GET", f"/api/v1/reports/{case.report_id}").json

    assert there == dict.fromkeys(people, (False, False)) | {"head above": (True, True)}
    assert {"accept", "reject"} <= {step["step"] for step in steps["steps"]}
