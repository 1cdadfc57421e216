"""What time does by itself: reminders up the ladder, urgent reports, the centre's own clock."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.database import db
from notifications.models import Message
from reports import clockwork
from reports.city.models import DutyShift
from reports.models import Report
from reports.permissions import Viewer
from reports.statuses import Role, Status
from tests.reports.conftest import MONDAY, House

HUE = ZoneInfo("Asia/Ho_Chi_Minh")


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HUE).astimezone(UTC)


@pytest.fixture
def dispatcher(house: House) -> Viewer:
    return house.official(Role.DISPATCHER)


def urgent_category(house: House) -> str:
    return next(
        c.code
        for c in house.city.offered_categories()
        if c.urgent and not c.auto_accept and not any(q.get("required") for q in c.questions)
    )


def of_office(house: House, role: Role, report: Report) -> Viewer:
    return house.official(role, house.city.offices_by_id[report.office_id].code)


def on_call(house: House, name: str, since: datetime, until: datetime) -> str:
    db.session.add(
        DutyShift(
            office_id=house.city.centre.id,
            account_id=house.person(name).account_id,
            since=since,
            until=until,
        )
    )
    db.session.flush()
    return name


def test_an_urgent_report_on_the_eve_of_tet_is_due_in_four_hours_and_wakes_the_roster(
    house: House,
) -> None:
    house.at = local("2026-02-16 18:00")  # the last day of the year of the Snake
    night = on_call(house, "Hùng", local("2026-02-16 17:00"), local("2026-02-17 07:00"))
    day = on_call(house, "Dung", local("2026-02-16 07:00"), local("2026-02-16 17:00"))

    report = house.submits(category=urgent_category(house))

    assert report.due_at == report.first_due_at == local("2026-02-16 22:00")
    assert house.messages(night) == ["submitted_urgent"]
    assert house.messages(day) == []
    assert db.session.query(Message).filter_by(kind="submitted_urgent").one().urgent


def test_with_nobody_on_the_roster_the_dispatchers_hear(house: House, dispatcher: Viewer) -> None:
    house.submits(category=urgent_category(house))

    assert house.messages(dispatcher) == ["submitted_urgent"]


def test_the_centres_head_hears_when_nobody_took_an_urgent_report_in_15_minutes(
    house: House, dispatcher: Viewer
) -> None:
    head = house.official(Role.HEAD)
    report = house.submits(category=urgent_category(house))
    house.takes(dispatcher, "accept", report)

    clockwork.tick(MONDAY + timedelta(minutes=14))
    in_time = house.messages(head)
    clockwork.tick(MONDAY + timedelta(minutes=15))
    clockwork.tick(MONDAY + timedelta(minutes=16))

    assert in_time == []
    assert house.messages(head) == ["escalated"]


def test_nobody_is_told_of_an_urgent_report_that_was_taken(
    house: House, dispatcher: Viewer
) -> None:
    head = house.official(Role.HEAD)
    report = house.submits(category=urgent_category(house))
    house.takes(dispatcher, "accept", report)
    house.takes(of_office(house, Role.OFFICER, report), "start", report)

    clockwork.tick(MONDAY + timedelta(minutes=20))

    assert house.messages(head) == []


def test_a_dispatcher_makes_a_report_urgent_and_the_roster_hears(
    house: House, dispatcher: Viewer
) -> None:
    on_duty = on_call(house, "Hùng", MONDAY - timedelta(hours=1), MONDAY + timedelta(hours=9))
    report = house.submits()
    house.at = MONDAY + timedelta(hours=1)

    house.takes(dispatcher, "amend", report, urgent=True)

    assert report.due_at == MONDAY + timedelta(hours=4)
    assert house.messages(on_duty) == ["submitted_urgent"]


def test_the_ladder_tells_the_officer_before_the_head_at_and_the_leaders_after_the_deadline(
    house: House, dispatcher: Viewer
) -> None:
    leader = house.official(Role.LEADER)
    report = house.submits()
    house.takes(dispatcher, "accept", report)
    officer = of_office(house, Role.OFFICER, report)
    head = of_office(house, Role.HEAD, report)
    told = {}

    for moment in ("2026-03-10 16:00", "2026-03-11 09:00", "2026-03-11 17:00", "2026-03-13 09:00"):
        clockwork.tick(local(moment))
        told[moment] = (
            "due_soon" in house.messages(officer),
            "due_now" in house.messages(head),
            "late" in house.messages("Lan"),
            "overdue_leaders" in house.messages(leader),
        )

    assert list(told.values()) == [
        (False, False, False, False),
        (True, False, False, False),
        (True, True, True, False),
        (True, True, True, True),
    ]


def test_each_rung_is_told_once_however_often_time_is_looked_at(
    house: House, dispatcher: Viewer
) -> None:
    report = house.submits()
    house.takes(dispatcher, "accept", report)
    head = of_office(house, Role.HEAD, report)

    for _ in range(3):
        clockwork.tick(local("2026-03-20 09:00"))

    assert house.messages(head).count("due_now") == 1


def test_the_centre_is_reminded_of_its_own_eight_hours(house: House) -> None:
    head = house.official(Role.HEAD)
    report = house.submits()

    clockwork.tick(report.centre_due_at or MONDAY)

    assert house.messages(head) == ["centre_late"]


def test_a_finished_report_is_never_looked_at_again(house: House, dispatcher: Viewer) -> None:
    report = house.submits()
    house.takes(dispatcher, "reject", report, reason="unclear", note="Chưa rõ.")

    assert report.status == Status.REJECTED
    assert report.next_check_at is None


def test_one_report_that_cannot_be_handled_does_not_hold_up_the_others(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = house.official(Role.HEAD)
    broken, sound = house.submits("Lan"), house.submits("Minh")
    remind = clockwork._remind

    def breaks_for_one(report: Report, *rest: object) -> None:
        if report is broken:
            raise RuntimeError("no such thing")
        remind(report, *rest)  # type: ignore[arg-type]

    # No real report makes it fail: the failure has to be put there.
    monkeypatch.setattr(clockwork, "_remind", breaks_for_one)
    at = sound.centre_due_at or MONDAY

    clockwork.tick(at)

    assert house.messages(head) == ["centre_late"]
    assert broken.next_check_at == at + clockwork.TRY_AGAIN


def test_a_corrected_calendar_moves_open_deadlines_and_says_so(
    house: House, dispatcher: Viewer
) -> None:
    from reports.city import snapshot
    from reports.city.models import CalendarCorrection, CityProfile

    report = house.submits()
    house.takes(dispatcher, "accept", report)
    day_off = local("2026-03-05 00:00").astimezone(HUE).date()
    db.session.add(CalendarCorrection(day=day_off, working=False, note="Nghỉ bão"))
    db.session.query(CityProfile).update({"version": CityProfile.version + 1})
    db.session.flush()
    snapshot.forget()

    moved = clockwork.recompute_deadlines(MONDAY, reason="Nghỉ bão ngày 5/3.")

    assert moved == 1
    assert report.due_at == report.first_due_at == local("2026-03-12 17:00")
    assert house.changes(report.id)[-1] == "recomputed"
