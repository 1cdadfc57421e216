"""The working calendar at the console: told before, done when confirmed, deadlines worked out."""

from datetime import date, timedelta

from sqlalchemy import text

from app.database import db
from reports import tasks
from reports.city import calendar, snapshot
from reports.statuses import Role
from tests.console.conftest import Desk, words


def the_next_working_day(desk: Desk) -> date:
    """After today, and before the deadline of a report that is accepted now."""
    with desk.app.app_context():
        city = snapshot.current()
        days = (city.day + timedelta(days=ahead) for ahead in range(1, 20))
        return next(day for day in days if city.calendar.spans_on(day))


def work_out(desk: Desk) -> None:
    """What the worker does some seconds later."""
    with desk.app.app_context():
        db.session.execute(text("update procrastinate_jobs set scheduled_at = null"))
        db.session.commit()
    desk.run_jobs()


def due_of(desk: Desk, report_id: str) -> object:
    return desk.scalar("select due_at from report where id = :id", id=report_id)


def test_a_day_off_says_how_many_deadlines_move_and_does_nothing_yet(desk: Desk) -> None:
    sent = desk.submits()
    desk.accepted(sent["id"])
    admin, day = desk.at(Role.ADMIN), the_next_working_day(desk)
    before = due_of(desk, sent["id"])

    asked = admin.post("/city/calendar/days", day=str(day), working="no", note="Lũ lớn")

    assert "1 phản ánh đang mở sẽ đổi hạn." in words(asked)
    assert due_of(desk, sent["id"]) == before
    assert desk.scalar("select count(*) from calendar_correction where note = 'Lũ lớn'") == 0


def test_a_day_off_that_is_confirmed_moves_them_and_its_undoing_moves_them_back(
    desk: Desk,
) -> None:
    sent = desk.submits()
    desk.accepted(sent["id"])
    admin, day = desk.at(Role.ADMIN), the_next_working_day(desk)
    before = due_of(desk, sent["id"])
    form = {"day": str(day), "working": "no", "note": "Bão số 12", "sure": "yes"}

    answer = admin.post("/city/calendar/days", **form)
    work_out(desk)
    moved = due_of(desk, sent["id"])
    admin.post(f"/city/calendar/days/{day}/remove", sure="yes")
    work_out(desk)

    assert "đang được tính lại" in words(answer)
    assert moved > before  # type: ignore[operator]
    assert due_of(desk, sent["id"]) == before
    assert desk.scalar("select count(*) from audit_entry where action = 'calendar.correct'") == 2


def test_deadlines_are_worked_out_all_the_same_when_the_worker_was_killed(desk: Desk) -> None:
    sent = desk.submits()
    desk.accepted(sent["id"])
    before = due_of(desk, sent["id"])
    form = {"day": str(the_next_working_day(desk)), "working": "no", "note": "Lũ", "sure": "yes"}
    desk.at(Role.ADMIN).post("/city/calendar/days", **form)
    with desk.app.app_context():
        killed = "update procrastinate_jobs set status = 'doing' where task_name = :task"
        db.session.execute(text(killed), {"task": calendar.RECOMPUTE})
        db.session.commit()

        tasks.deadlines_left_behind(0)
        again = calendar.left_behind()
    work_out(desk)

    assert due_of(desk, sent["id"]) > before  # type: ignore[operator]
    assert not again


def test_what_is_missing_is_told_beside_its_field(desk: Desk) -> None:
    admin, english = desk.at(Role.ADMIN), desk.at(Role.ADMIN, lang="en")

    vi = admin.post("/city/calendar/days", day="", working="no", note="Lễ")
    en = english.post("/city/calendar/days", day="2027-01-04", working="yes", note="")

    assert vi.status_code == en.status_code == 422
    assert 'id="wrong-f-day"' in vi.text and 'value="Lễ"' in vi.text
    assert "1 to 200 characters." in words(en)


def test_new_hours_are_held_against_what_a_day_can_be(desk: Desk) -> None:
    english = desk.at(Role.ADMIN, lang="en")
    form = {"valid_from": "2030-01-01", "months": ["1", "2"], "weekdays": ["0", "1"]}
    before = desk.scalar("select count(*) from working_hours")

    wrong = english.post("/city/calendar/hours", **form, from0="13:00", to0="07:30", sure="yes")
    asked = english.post("/city/calendar/hours", **form, from0="07:00", to0="15:00")
    english.post("/city/calendar/hours", **form, from0="07:00", to0="15:00", sure="yes")

    assert "spans follow each other" in words(wrong)
    assert "No open report gets another deadline." in words(asked)
    assert "Monday to Tuesday" in words(asked)
    assert desk.scalar("select count(*) from working_hours") == before + 1


def test_hours_that_have_begun_stay(desk: Desk) -> None:
    admin = desk.at(Role.ADMIN)
    begun = desk.scalar("select min(id) from working_hours where valid_from < '2026-01-01'")

    answer = admin.post(f"/city/calendar/hours/{begun}/remove")

    assert answer.status_code == 409
    assert "đã áp dụng rồi nên không bỏ được" in words(answer)


def test_only_administrators_see_the_calendar(desk: Desk) -> None:
    assert desk.at(Role.DISPATCHER).get("/city/calendar").status_code == 403
    assert desk.at(Role.HEAD).post("/city/calendar/days").status_code == 403


def test_corrections_stand_in_the_order_of_holidays(desk: Desk) -> None:
    admin = desk.at(Role.ADMIN)
    for day in ("2031-12-24", "2031-03-05"):
        admin.post("/city/calendar/days", day=day, working="no", note=f"Lũ {day}", sure="yes")

    page = admin.sees("/city/calendar?year=2031")

    assert page.index("Lũ 2031-03-05") < page.index("Lũ 2031-12-24")
