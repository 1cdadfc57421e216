"""The duty roster at the console: a week of an office, its gaps, shifts added and taken off."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from app.clock import now
from reports.statuses import Role
from tests.console.conftest import Desk, words

OFFICE = "so-y-te"
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def local(hours: float) -> str:
    return f"{now().astimezone(ZONE) + timedelta(hours=hours):%Y-%m-%dT%H:%M}"


def test_a_shift_is_added_and_the_rest_of_the_week_shown_as_gaps(desk: Desk) -> None:
    admin, officer = desk.at(Role.ADMIN), desk.at(Role.OFFICER, OFFICE)
    day = (now().astimezone(ZONE) + timedelta(days=1)).date()

    answer = admin.post(
        "/city/duty",
        office=OFFICE,
        week=str(day),
        person=str(officer.account_id),
        since=f"{day}T08:00",
        until=f"{day}T17:30",
    )

    read = words(answer)
    assert "08:00–17:30 officer so-y-te" in read
    assert "00:00–08:00 không ai trực" in read
    assert "17:30–24:00 không ai trực" in read
    assert "Cả ngày không ai trực" in read


def test_a_shift_that_ends_before_it_begins_or_of_a_stranger_is_refused(desk: Desk) -> None:
    english, officer = desk.at(Role.ADMIN, lang="en"), desk.at(Role.OFFICER, OFFICE)
    stranger = desk.at(Role.OFFICER, "so-du-lich")
    before = desk.scalar("select count(*) from duty_shift")
    form = {"office": OFFICE, "since": local(30), "until": local(20)}

    backwards = english.post("/city/duty", **form, person=str(officer.account_id))
    strange = english.post("/city/duty", **form, person=str(stranger.account_id))
    timeless = english.post("/city/duty", office=OFFICE, person=str(officer.account_id), since="")

    assert "A shift must end after it begins." in words(backwards)
    assert f'value="{form["since"]}"' in backwards.text
    assert "They hold no role for this office." in words(strange)
    assert "Choose a day and a time." in words(timeless)
    assert desk.scalar("select count(*) from duty_shift") == before


def test_a_coming_shift_goes_and_a_running_one_ends_now(desk: Desk) -> None:
    admin, officer = desk.at(Role.ADMIN), desk.at(Role.OFFICER, "so-gddt")
    form = {"office": "so-gddt", "person": str(officer.account_id)}
    admin.post("/city/duty", **form, since=local(50), until=local(60))
    admin.post("/city/duty", **form, since=local(-2), until=local(6))
    mine = f"account_id = '{officer.account_id}'"
    coming = desk.scalar(f"select id from duty_shift where {mine} and since > now()")
    running = desk.scalar(f"select id from duty_shift where {mine} and since < now()")

    admin.post(f"/city/duty/{coming}/remove", office="so-gddt")
    admin.post(f"/city/duty/{running}/remove", office="so-gddt")
    again = admin.post(f"/city/duty/{running}/remove", office="so-gddt")

    assert desk.scalar(f"select count(*) from duty_shift where {mine}") == 1
    assert desk.scalar(f"select until <= now() from duty_shift where {mine}")
    assert again.status_code == 409
    assert "Ca này đã qua" in words(again)
    assert desk.scalar("select count(*) from audit_entry where action = 'duty.remove'") == 2


def test_only_administrators_see_the_roster(desk: Desk) -> None:
    assert desk.at(Role.HEAD, OFFICE).get("/city/duty").status_code == 403
    assert desk.at(Role.DISPATCHER).post("/city/duty").status_code == 403
