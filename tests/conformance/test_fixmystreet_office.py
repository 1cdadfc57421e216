"""An office's own system, by its client's role: what its officers may do, and no more."""

from reports.city import snapshot
from tests.conformance.conftest import Town, picture
from tests.conformance.contract import assert_valid, from_xml
from tests.conformance.fixmystreet import comment, of, polled, send, taken


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
    with town.site.app.app_context():
        another = next(one for one in snapshot.current().office_by_code if one not in
                       town.offices.values())  # fmt: skip
    town.accepts(code, office=another, hold_back=True)

    assert of(code, polled(town, key="office")) == []
    assert comment(town, code, "FIXED", api_key=town.keys["office"]).status_code == 404
