"""Which events there are, and whose they are to know."""

from collections.abc import Callable

from sqlalchemy import func, select

from app.database import db
from notifications import outbox
from notifications.webhooks.models import WebhookEvent
from reports import redaction, timeline, webhook_events
from reports.city import merger, snapshot
from reports.erasure import erase
from reports.models import Report
from reports.statuses import STEPS, Role
from reports.webhook_events import EVENTS
from tests.reports.conftest import House
from tests.webhooks.conftest import Neighbours

Dispatch = Callable[..., object]
OTHER = "so-y-te"


def lead(house: House, report: Report) -> str:
    return house.city.offices_by_id[report.office_id].code


def events() -> int:
    return db.session.scalar(select(func.count()).select_from(WebhookEvent)) or 0


def test_what_was_hidden_before_it_left_is_told_as_hidden_and_as_nothing_else(
    house: House, neighbours: Neighbours, dispatch: Dispatch
) -> None:
    receiver, _ = neighbours.listen()
    report = house.submits()

    dispatch("accept", report)
    by = house.official(Role.OFFICER, lead(house, report))
    house.takes(by, "start", report)
    house.takes(by, "ask", report, note="Ở số mấy?")
    house.takes("Lan", "answer", report, note="Số 3.")
    house.takes(by, "resolve", report, outcome="fixed", note="Đã nạo vét.")
    dispatch("hide", report, note="Lộ biển số.")
    neighbours.bring()

    assert receiver.types() == ["report.hidden"], "what was hidden meanwhile is told no more"


def test_each_event_of_a_public_report_reaches_the_citys_webhook(
    house: House, neighbours: Neighbours, dispatch: Dispatch
) -> None:
    receiver, _ = neighbours.listen()
    report = house.submits()
    dispatch("accept", report)
    by = house.official(Role.OFFICER, lead(house, report))

    house.takes(by, "start", report)
    house.takes(by, "ask", report, note="Ở số mấy?")
    house.takes("Lan", "answer", report, note="Số 3.")
    dispatch("amend", report, urgent=True)
    house.takes(by, "resolve", report, outcome="fixed", note="Đã nạo vét.")
    house.takes("Lan", "confirm", report)
    neighbours.bring()

    assert receiver.types() == [
        "report.published",
        "report.started",
        "report.changed",
        "report.resolved",
        "report.closed",
    ]
    assert receiver.unsigned == []


def test_the_public_hears_nothing_of_what_is_held_back(
    house: House, neighbours: Neighbours, dispatch: Dispatch
) -> None:
    receiver, _ = neighbours.listen()
    report = house.submits()

    dispatch("accept", report, hold_back=True)
    house.takes(house.official(Role.OFFICER, lead(house, report)), "start", report)
    neighbours.bring()

    assert receiver.received == []


def test_a_report_that_turns_private_is_taken_back_from_the_public(
    house: House, neighbours: Neighbours, dispatch: Dispatch
) -> None:
    receiver, _ = neighbours.listen()
    report = house.submits()
    dispatch("accept", report)
    neighbours.bring()

    dispatch("amend", report, category="thu-tuc")
    neighbours.bring()

    assert receiver.types() == ["report.published", "report.hidden"]
    left = receiver.seen()[1].body["data"]
    assert left["report"] is None and left["change"] is None
    assert left["id"] == str(report.id)


def test_an_office_hears_from_when_it_is_given_a_report_until_it_is_taken_away(
    house: House, neighbours: Neighbours, dispatch: Dispatch
) -> None:
    report = house.submits()
    receiver, _ = neighbours.listen(lead(house, report))
    other, _ = neighbours.listen(OTHER)

    dispatch("accept", report, hold_back=True)
    house.takes(house.official(Role.OFFICER, lead(house, report)), "start", report)
    neighbours.bring()
    house.at = house.at.replace(hour=house.at.hour + 1)
    dispatch("forward", report, office=OTHER)
    neighbours.bring()

    assert receiver.types() == ["report.assigned", "report.started", "report.unassigned"]
    assert receiver.seen()[2].body["data"]["report"] is None
    assert other.types() == ["report.assigned"]
    assert other.seen()[0].body["data"]["report"]["description"] == report.description


def test_what_is_taken_back_is_hidden_to_the_public_and_withdrawn_to_the_office(
    house: House, neighbours: Neighbours, dispatch: Dispatch
) -> None:
    report = house.submits()
    public, _ = neighbours.listen()
    office, _ = neighbours.listen(lead(house, report))
    dispatch("accept", report)
    neighbours.bring()
    house.takes("Lan", "withdraw", report)
    neighbours.bring()

    assert public.types() == ["report.published", "report.hidden"]
    assert office.types() == ["report.assigned", "report.withdrawn"]


def test_an_office_that_joins_hears_how_it_goes_on_until_it_leaves(
    house: House, neighbours: Neighbours, dispatch: Dispatch
) -> None:
    receiver, _ = neighbours.listen(OTHER)
    report = house.submits()
    dispatch("accept", report)
    house.at = house.at.replace(hour=house.at.hour + 1)

    dispatch("join", report, office=OTHER)
    neighbours.bring()
    house.takes(house.official(Role.OFFICER, lead(house, report)), "start", report)
    neighbours.bring()
    house.at = house.at.replace(hour=house.at.hour + 1)
    dispatch("unjoin", report, office=OTHER)
    neighbours.bring()

    assert receiver.types() == ["report.assigned", "report.started", "report.unassigned"]


def test_the_office_accused_hears_nothing_of_the_accusation(
    house: House, neighbours: Neighbours, dispatch: Dispatch
) -> None:
    report = house.submits(category="thai-do")
    assert report.accused_office_id is not None
    accused = house.city.offices_by_id[report.accused_office_id].code
    receiver, _ = neighbours.listen(accused)
    above, _ = neighbours.listen(lead(house, report))

    dispatch("accept", report)
    neighbours.bring()

    assert receiver.received == []
    assert above.types() == ["report.assigned"]


def test_the_office_that_it_turns_out_to_be_about_is_told_to_remove_its_copy(
    house: House, neighbours: Neighbours, dispatch: Dispatch
) -> None:
    """And learns nothing else: not what it is about now, nor what happens to it later."""
    report = house.submits(description="Cán bộ đòi thêm tiền.")
    accused, _ = neighbours.listen("ubnd-19789")
    dispatch("accept", report, office="ubnd-19789")
    neighbours.bring()

    house.at = house.at.replace(hour=house.at.hour + 1)
    dispatch("amend", report, category="thai-do")
    above, _ = neighbours.listen(lead(house, report))
    house.at = house.at.replace(hour=house.at.hour + 1)
    house.takes(house.official(Role.OFFICER, lead(house, report)), "start", report)
    neighbours.bring()

    assert report.accused_office_id == house.office_id("ubnd-19789")
    assert accused.types() == ["report.assigned", "report.unassigned"]
    assert accused.seen()[1].body["data"]["report"] is None
    assert accused.seen()[1].body["data"]["change"] is None
    assert above.types() == ["report.started"]


def test_whoever_is_erased_is_taken_back_from_neighbours_too(
    house: House, neighbours: Neighbours, dispatch: Dispatch
) -> None:
    report = house.submits(description="Nhà tôi ở số 3.")
    public, _ = neighbours.listen()
    office, _ = neighbours.listen(lead(house, report))
    dispatch("accept", report)
    neighbours.bring()

    erase(house.person("Lan").account_id, by=None, at=house.at)
    neighbours.bring()

    assert public.types() == ["report.published", "report.hidden"]
    assert office.types() == ["report.assigned", "report.changed"]
    assert office.seen()[1].body["data"]["report"]["description"] == ""


def test_words_that_are_taken_out_are_told_as_they_read_now(
    house: House, neighbours: Neighbours, dispatch: Dispatch
) -> None:
    receiver, _ = neighbours.listen()
    report = house.submits(description="Ông Tư bán cá đổ nước.")
    dispatch("accept", report)
    neighbours.bring()
    by = house.person("redactor").account_id

    seen = redaction.mark_of_words(report)
    redaction.redact_words(report, "Người bán cá đổ nước.", seen=seen, by=by, at=house.at)
    neighbours.bring()

    assert receiver.types() == ["report.published", "report.changed"]
    told = [one.body["data"]["report"]["description"] for one in receiver.seen()]
    assert told == ["Ông Tư bán cá đổ nước.", "Người bán cá đổ nước."]


def test_an_endpoint_hears_of_the_kinds_that_it_asked_for(
    house: House, neighbours: Neighbours, dispatch: Dispatch
) -> None:
    receiver, _ = neighbours.listen(events=("report.resolved",))
    report = house.submits()
    by = house.official(Role.OFFICER, lead(house, report))

    dispatch("accept", report)
    house.takes(by, "start", report)
    house.takes(by, "resolve", report, outcome="explained", note="Sẽ làm.")
    neighbours.bring()

    assert receiver.types() == ["report.resolved"]


def test_nothing_is_kept_where_nobody_listens(house: House, dispatch: Dispatch) -> None:
    dispatch("accept", house.submits())

    assert events() == 0


def test_what_is_rolled_back_was_never_told(
    house: House, neighbours: Neighbours, dispatch: Dispatch
) -> None:
    receiver, endpoint = neighbours.listen()
    report = house.submits()
    db.session.commit()

    dispatch("accept", report)
    db.session.rollback()
    neighbours.bring()

    assert receiver.received == []
    assert neighbours.deliveries(endpoint) == []
    assert events() == 0


def test_what_is_invented_is_told_to_no_neighbour(
    house: House, neighbours: Neighbours, dispatch: Dispatch
) -> None:
    neighbours.listen()

    with outbox.silence():
        dispatch("accept", house.submits())

    assert events() == 0


def test_numbers_of_one_reports_events_follow_its_versions(
    house: House, neighbours: Neighbours, dispatch: Dispatch
) -> None:
    receiver, _ = neighbours.listen()
    report = house.submits()
    by = house.official(Role.OFFICER, lead(house, report))

    dispatch("accept", report)
    house.takes(by, "start", report)
    house.takes(by, "resolve", report, outcome="explained", note="Sẽ làm.")
    neighbours.bring()

    numbers = [one.body["sequence"] for one in receiver.seen()]
    assert numbers == sorted(numbers) and len(set(numbers)) == 3


def test_an_offices_webhooks_are_its_successors(
    house: House, neighbours: Neighbours, dispatch: Dispatch
) -> None:
    report = house.submits()
    old = lead(house, report)
    _, endpoint = neighbours.listen(old)

    merger.succeed_office(old, OTHER, by=None, at=house.at)
    db.session.commit()
    snapshot.forget()
    moved = neighbours.fresh(endpoint.id)

    assert moved.reader == webhook_events.reader_of(house.office_id(OTHER))


def test_what_the_public_hears_of_is_what_its_timeline_tells() -> None:
    assert timeline.PUBLIC_STEPS - {"submit"} == webhook_events.TO_THE_PUBLIC


def test_every_event_of_a_step_has_its_words() -> None:
    assert set(webhook_events.OF_STEPS.values()) <= set(EVENTS)
    assert set(webhook_events.OF_STEPS) <= set(STEPS)
    assert all(vi and en for vi, en in EVENTS.values())
