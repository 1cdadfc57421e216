"""What has become of reports, as updates: who reads which, when, and in which words."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from flask import Flask

from app.database import db
from reports import redaction, voices
from reports.city import snapshot
from reports.models import Photo, Report
from reports.open311 import updates
from reports.open311.updates import Update
from reports.permissions import NOBODY, Viewer
from reports.statuses import Role
from tests.reports.conftest import MONDAY, House

HOUR = timedelta(hours=1)


@pytest.fixture
def house(app: Flask) -> House:
    """On a Monday morning, whenever the tests run."""
    return House(snapshot.current())


@pytest.fixture
def dispatcher(house: House) -> Viewer:
    return house.official(Role.DISPATCHER)


def officer_of(house: House, report: Report) -> Viewer:
    return house.official(Role.OFFICER, house.city.offices_by_id[report.office_id].code)


def read(
    house: House,
    viewer: Viewer = NOBODY,
    *,
    since: datetime = MONDAY,
    until: datetime = MONDAY + timedelta(days=30),
    newest: bool = False,
) -> list[Update]:
    db.session.flush()
    return updates.read(since, until, viewer=viewer, city=house.city, newest=newest)


def told(found: list[Update]) -> list[tuple[str, str]]:
    return [(one.status, one.words) for one in found]


def at_work(house: House, dispatcher: Viewer, **facts: object) -> tuple[Report, Viewer]:
    """A report that its office has begun, an hour between the steps."""
    report = house.submits(**facts)  # type: ignore[arg-type]
    house.at += HOUR
    house.takes(dispatcher, "accept", report)
    house.at += HOUR
    officer = officer_of(house, report)
    house.takes(officer, "start", report)
    house.at += HOUR
    return report, officer


# What everybody reads --------------------------------------------------------------------------


def test_the_steps_of_a_report_are_updates_oldest_first(house: House, dispatcher: Viewer) -> None:
    report, officer = at_work(house, dispatcher)
    house.takes(officer, "resolve", report, outcome="explained", note="Đã nạo vét.")

    found = read(house)

    assert told(found) == [
        ("open", ""),
        ("in_progress", ""),
        ("no_further_action", "Đã nạo vét."),
    ]
    assert {one.code for one in found} == {report.code}
    assert [one.at for one in found] == [MONDAY + HOUR * hours for hours in (1, 2, 3)]
    assert found[-1].detail == "resolved/explained"


@pytest.mark.parametrize(
    ("outcome", "word"),
    [
        ("fixed", "fixed"),
        ("planned", "planned"),
        ("explained", "no_further_action"),
        ("not_found", "no_further_action"),
    ],
)
def test_how_it_was_resolved_is_told_by_its_word(
    house: House, dispatcher: Viewer, outcome: str, word: str
) -> None:
    report, officer = at_work(house, dispatcher)
    planned = {"planned_for": MONDAY + timedelta(days=20)} if outcome == "planned" else {}

    house.takes(officer, "resolve", report, outcome=outcome, note="Đã xem.", **planned)

    assert read(house)[-1].status == word


@pytest.mark.parametrize(("outcome", "word"), [("fixed", "fixed"), ("explained", "closed")])
def test_what_the_reporter_confirms_stays_fixed_or_is_closed(
    house: House, dispatcher: Viewer, outcome: str, word: str
) -> None:
    report, officer = at_work(house, dispatcher)
    house.takes(officer, "resolve", report, outcome=outcome, note="Đã xem.")
    house.at += HOUR

    house.takes("Lan", "confirm", report)

    assert read(house)[-1].status == word


def test_what_was_reopened_after_a_repair_is_in_progress_again(
    house: House, dispatcher: Viewer
) -> None:
    report, officer = at_work(house, dispatcher)
    house.takes(officer, "resolve", report, outcome="fixed", note="Đã sửa.")
    house.at += HOUR

    house.takes("Lan", "reopen", report, note="Nước vẫn ngập.")

    assert told(read(house))[-1] == ("in_progress", "")


@pytest.mark.parametrize(
    ("reason", "word"),
    [
        ("outside_scope", "not_councils_responsibility"),
        ("already_answered", "no_further_action"),
        ("unclear", "closed"),
    ],
)
def test_a_refusal_is_told_by_its_reason(
    house: House, dispatcher: Viewer, reason: str, word: str
) -> None:
    report = house.submits()
    house.takes(dispatcher, "accept", report)
    house.at += HOUR

    house.takes(dispatcher, "reject", report, reason=reason, note="Không thuộc thành phố.")

    assert told(read(house))[-1] == (word, "")


def test_a_merged_report_is_a_duplicate(house: House, dispatcher: Viewer) -> None:
    lead, _ = at_work(house, dispatcher)
    double = house.submits("Minh")
    house.takes(dispatcher, "accept", double)
    house.at += HOUR

    house.takes(dispatcher, "merge", double, target=lead.id)

    last = read(house)[-1]
    assert (last.code, last.status) == (double.code, "duplicate")


def test_an_offices_reply_is_an_update_that_changes_nothing(
    house: House, dispatcher: Viewer
) -> None:
    report, officer = at_work(house, dispatcher)
    voices.comment(report, uuid4(), "Đội thi công đã đến.", by=officer, at=house.at)

    found = read(house)

    assert told(found)[-1] == ("unchanged", "Đội thi công đã đến.")


def test_what_residents_say_is_no_update(house: House, dispatcher: Viewer) -> None:
    report, _ = at_work(house, dispatcher)
    minh = Viewer(house.person("Minh").account_id)
    said = voices.comment(report, uuid4(), "Ngập cả nhà tôi.", by=minh, at=house.at).said
    voices.publish_comment(said, at=house.at, shown=True)

    assert len(read(house)) == 2


def test_peoples_numbers_are_hidden_and_what_was_left_out_stays_out(
    house: House, dispatcher: Viewer
) -> None:
    report, officer = at_work(house, dispatcher)
    words = "Anh Ba (0905 123 456) đã sửa."
    change = house.takes(officer, "resolve", report, outcome="fixed", note=words)

    assert read(house)[-1].words == "Anh Ba (•••) đã sửa."

    reply = redaction.replies(report)[0]
    by = dispatcher.account_id
    assert by
    redaction.redact_reply(report, change.id, "Đã sửa.", seen=reply.mark, by=by, at=house.at)

    assert read(house)[-1].words == "Đã sửa."


def test_the_photos_of_an_answer_come_along(house: House, dispatcher: Viewer) -> None:
    report, officer = at_work(house, dispatcher)
    photo = Photo(
        id=uuid4(), owner_id=officer.account_id, sha256=b"x" * 32, key="a.jpg",
        small_key="a-400.jpg", width=4, height=3, thumbhash=b"", likeness=0,
    )  # fmt: skip
    db.session.add(photo)
    db.session.flush()

    house.takes(officer, "resolve", report, outcome="fixed", note="Xong.", photos=(photo.id,))

    assert read(house)[-1].photos == (photo.id,)


# When ------------------------------------------------------------------------------------------


def test_a_span_holds_its_beginning_and_not_its_end(house: House, dispatcher: Viewer) -> None:
    at_work(house, dispatcher)

    found = read(house, since=MONDAY + HOUR, until=MONDAY + 2 * HOUR)

    assert [one.status for one in found] == ["open"]


def test_what_is_published_late_is_an_update_of_that_moment(
    house: House, dispatcher: Viewer
) -> None:
    """A neighbour asks for the last two hours each time: it must not miss what it could not see."""
    report = house.submits()
    house.takes(dispatcher, "accept", report, hold_back=True)
    house.at += HOUR
    officer = officer_of(house, report)
    house.takes(officer, "start", report)
    voices.comment(report, uuid4(), "Đang xử lý.", by=officer, at=house.at)
    house.at += timedelta(days=2)
    house.takes(dispatcher, "publish", report)

    found = read(house, since=house.at - 2 * HOUR)

    assert sorted(told(found)) == [("in_progress", ""), ("open", ""), ("unchanged", "Đang xử lý.")]
    assert {one.at for one in found} == {house.at}
    assert read(house, until=house.at) == []


def test_of_too_many_the_oldest_come_first_so_that_asking_on_misses_none(
    house: House, dispatcher: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updates, "MOST", 2)  # a thousand would take as many reports
    report, officer = at_work(house, dispatcher)
    house.takes(officer, "resolve", report, outcome="explained", note="Đã xem.")

    assert [one.status for one in read(house)] == ["open", "in_progress"]
    assert [one.status for one in read(house, newest=True)] == ["in_progress", "no_further_action"]
