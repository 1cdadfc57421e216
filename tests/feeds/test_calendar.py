"""An office's deadlines in an official's calendar: what is in it, and for how long."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select, text

from app.auth import accounts
from app.auth.models import Account
from app.database import db
from reports import roles
from reports.feeds import calendar_links
from reports.feeds.calendar_links import MOST, NotYourOffice, TooManyCalendars
from reports.feeds.models import CalendarLink
from reports.models import Report
from reports.permissions import Viewer
from reports.statuses import Role
from tests.console.conftest import Desk, desk, desk_house
from tests.feeds.conftest import House, Reader, office_of, publish

__all__ = ["desk", "desk_house"]

WARD = "ubnd-19789"


def address(house: House, viewer: Viewer, office: str, *, mine: bool = False) -> str:
    """The secret address of a new calendar."""
    _, token = calendar_links.make(
        viewer, house.city.office(office), mine=mine, name="", at=house.at
    )
    return f"/feeds/calendar/{token}.ics"


def events(read: Reader, path: str) -> list[Any]:
    answer = read(path)
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "text/calendar"
    return list(Calendar.from_ical(answer.data).walk("VEVENT"))


def codes(found: list[Any]) -> set[str]:
    return {re.search(r"\d{3}-\d{3}-\d{3}-[A-Z]", str(e["summary"]))[0] for e in found}  # type: ignore[index]


def spoken(report: Report) -> str:
    code = report.code
    return f"{code[:3]}-{code[3:6]}-{code[6:9]}-{code[9]}"


@pytest.fixture
def report(house: House) -> Report:
    return publish(house, description="Cống nghẹt trước nhà bà Hoa, gọi 0905 123 456.")


@pytest.fixture
def officer(house: House, report: Report) -> Viewer:
    return house.official(Role.OFFICER, office_of(house, report))


def test_each_open_deadline_of_the_office_is_an_event_that_ends_then(
    house: House, read: Reader, report: Report, officer: Viewer
) -> None:
    publish(house, "Minh", category="thu-tuc")  # another office's, or this one's: its own test
    path = address(house, officer, office_of(house, report))

    event = next(e for e in events(read, path) if spoken(report) in e["summary"])

    assert event["dtend"].dt == report.due_at
    assert event["dtend"].dt - event["dtstart"].dt == timedelta(minutes=30)
    kind = house.city.categories_by_id[report.category_id]
    assert str(event["summary"]) == f"Hạn: {kind.name_vi} · {spoken(report)}"
    assert str(event["location"]) == house.city.area_by_id[report.area_id].name_vi
    assert str(event["url"]).endswith(f"/console/reports/{spoken(report)}")
    assert str(event["uid"]).startswith(str(report.id))
    assert int(event["sequence"]) == report.version
    assert str(event["transp"]) == "TRANSPARENT"


def test_the_file_is_as_the_standard_wants_it_to_the_octet(
    house: House, read: Reader, report: Report, officer: Viewer
) -> None:
    """RFC 5545: 3.1 (lines), 3.4 and 3.6 (what a calendar holds), 3.6.1 (what an event must)."""
    path = address(house, officer, office_of(house, report))

    body = read(path).data

    lines = body.split(b"\r\n")
    assert body.endswith(b"\r\n") and b"\n" not in body.replace(b"\r\n", b"")
    assert max(map(len, lines)) <= 75 and any(line.startswith(b" ") for line in lines)
    assert all(line.decode() for line in lines[:-1])  # no letter is cut in two, none is empty
    calendar = Calendar.from_ical(body)
    assert not calendar.errors and calendar["version"] == "2.0" and calendar["prodid"]
    found = calendar.walk("VEVENT")
    assert found and len({event["uid"] for event in found}) == len(found)
    for event in found:
        assert not event.errors
        for name in ("dtstamp", "dtstart", "dtend"):
            assert event[name].dt.utcoffset() == timedelta(0), name
            assert re.fullmatch(rb"\d{8}T\d{6}Z", event[name].to_ical()), name
    assert calendar.to_ical() == body


def test_services_outside_read_no_words_no_place_and_nothing_of_private_matters(
    house: House, read: Reader, report: Report, officer: Viewer
) -> None:
    private = publish(house, "Minh", category="thu-tuc")
    head = house.official(Role.HEAD, office_of(house, private))
    both = [
        read(address(house, viewer, office_of(house, one))).text
        for viewer, one in ((officer, report), (head, private))
    ]

    said = re.sub("\r\n ", "", "".join(both))

    assert "Cống" not in said and "0905" not in said and "GEO" not in said
    assert f"SUMMARY:Hạn: {spoken(private)}\r\n" in said
    assert house.city.categories_by_id[private.category_id].name_vi not in said


def test_what_rests_and_what_is_done_is_not_in_it(
    house: House, read: Reader, report: Report, officer: Viewer
) -> None:
    path = address(house, officer, office_of(house, report))
    house.takes(officer, "ask", report, note="Số nhà bao nhiêu?")
    resting = events(read, path)
    house.takes("Lan", "answer", report, note="Số 5.")
    running = events(read, path)
    house.takes(officer, "start", report)
    house.takes(officer, "resolve", report, outcome="explained", note="Đã nạo vét.")
    done = events(read, path)

    assert spoken(report) not in codes(resting)
    assert spoken(report) in codes(running)
    assert spoken(report) not in codes(done)


def test_it_can_hold_what_is_given_to_oneself_alone(
    house: House, read: Reader, report: Report, officer: Viewer
) -> None:
    office = office_of(house, report)
    path = address(house, officer, office, mine=True)
    before = events(read, path)

    house.takes(house.official(Role.HEAD, office), "assign", report, person=officer.account_id)

    assert before == []
    assert codes(events(read, path)) == {spoken(report)}


def test_another_offices_work_is_not_in_it(house: House, read: Reader, report: Report) -> None:
    path = address(house, house.official(Role.OFFICER, "so-du-lich"), "so-du-lich")

    assert events(read, path) == []


def test_what_is_said_against_ones_own_office_is_not_in_it_whichever_post_one_holds(
    house: House, read: Reader, app: Flask
) -> None:
    against = publish(house, category="thai-do")
    accused = against.accused_office_id
    assert accused
    above = office_of(house, against)
    head = house.official(Role.HEAD, above)
    path = address(house, head, above)
    seen = codes(events(read, path))
    assert head.account_id
    account_id = head.account_id

    roles.grant(account_id, Role.OFFICER, house.city.offices_by_id[accused], by=None, at=house.at)  # type: ignore[arg-type]

    assert spoken(against) in seen
    assert spoken(against) not in codes(events(read, path))


def test_a_withdrawn_address_opens_nothing(house: House, read: Reader, officer: Viewer,
                                           report: Report) -> None:  # fmt: skip
    path = address(house, officer, office_of(house, report))
    link = db.session.scalars(select(CalendarLink)).one()
    assert officer.account_id and read(path).status_code == 200

    calendar_links.revoke(officer.account_id, link.id, at=house.at)

    assert read(path).status_code == 404


def test_whoever_no_longer_works_for_the_office_reads_it_no_more(
    house: House, read: Reader, officer: Viewer, report: Report
) -> None:
    office = house.city.offices_by_id[report.office_id]
    path = address(house, officer, office.code)
    assert officer.account_id and read(path).status_code == 200

    roles.revoke(officer.account_id, Role.OFFICER, office, by=None, at=house.at)  # type: ignore[arg-type]

    assert read(path).status_code == 404


def test_a_disabled_account_reads_nothing_and_old_addresses_stay_dead(
    house: House, read: Reader, officer: Viewer, report: Report
) -> None:
    path = address(house, officer, office_of(house, report))
    account = db.session.get_one(Account, officer.account_id)

    accounts.disable(account, at=house.at)
    disabled = read(path).status_code
    account.disabled_at = None
    enabled = read(path).status_code

    assert (disabled, enabled) == (404, 404)


def test_it_is_the_same_until_something_changes(
    house: House, read: Reader, officer: Viewer, report: Report
) -> None:
    path = address(house, officer, office_of(house, report))
    first = read(path)

    again = read(path, If_None_Match=first.headers["ETag"])
    house.takes(officer, "start", report)
    changed = read(path, If_None_Match=first.headers["ETag"])

    assert (again.status_code, again.data) == (304, b"")
    assert changed.status_code == 200 and "Đang xử lý" in re.sub("\r\n ", "", changed.text)
    assert first.headers["Cache-Control"] == "private, no-cache"


def test_only_its_digest_is_stored_and_what_is_read_is_noted_to_the_hour(
    house: House, read: Reader, officer: Viewer, report: Report
) -> None:
    path = address(house, officer, office_of(house, report))
    token = path.rpartition("/")[2].removesuffix(".ics")
    read(path)

    stored = db.session.scalar(text("select c::text from calendar_link c"))
    read_at: datetime = db.session.scalars(select(CalendarLink.read_at)).one()
    read(path)

    assert stored and token not in stored
    assert db.session.scalars(select(CalendarLink.read_at)).one() == read_at


def test_only_of_ones_own_office_and_only_so_many(house: House, officer: Viewer, report: Report,
                                                  app: Flask) -> None:  # fmt: skip
    office = office_of(house, report)
    with pytest.raises(NotYourOffice):
        address(house, officer, "so-du-lich")
    with pytest.raises(NotYourOffice):
        address(house, house.official(Role.LEADER), office)
    for _ in range(MOST):
        address(house, officer, office)

    with pytest.raises(TooManyCalendars):
        address(house, officer, office)


def test_nobody_withdraws_an_address_of_somebody_else(
    house: House, officer: Viewer, report: Report
) -> None:
    address(house, officer, office_of(house, report))
    link = db.session.scalars(select(CalendarLink)).one()
    other = house.official(Role.HEAD, office_of(house, report))
    assert other.account_id

    with pytest.raises(calendar_links.NoSuchCalendar):
        calendar_links.revoke(other.account_id, link.id, at=house.at)


# In the console ---------------------------------------------------------------------------------


def test_an_officer_makes_an_address_sees_it_once_and_withdraws_it(desk: Desk) -> None:
    officer = desk.at(Role.OFFICER, WARD)
    assert "Lịch của tôi" in officer.sees("/me")

    made = officer.post("/me/calendars", office=WARD, what="office", name="Điện thoại")
    token = re.search(r"/feeds/calendar/([\w-]{43})\.ics</textarea>", made.text)
    assert token and f"webcal://127.0.0.1:8000/feeds/calendar/{token[1]}.ics" in made.text
    listed = officer.get("/me/calendars").text
    link = re.search(r"/me/calendars/([\w-]{36})/withdraw", listed)
    assert link
    feed = f"/feeds/calendar/{token[1]}.ics"
    opened = desk.app.test_client().get(feed).status_code
    withdrawn = officer.post(f"/me/calendars/{link[1]}/withdraw")

    assert "Điện thoại" in listed and token[1] not in listed
    assert "Đã thu hồi" in withdrawn.text
    assert (opened, desk.app.test_client().get(feed).status_code) == (200, 404)


def test_who_works_for_no_office_is_told_so(desk: Desk) -> None:
    leader = desk.at(Role.LEADER)

    assert "dành cho cán bộ và lãnh đạo của một đơn vị" in leader.sees("/me/calendars")
    refused = leader.post("/me/calendars", office=WARD, what="office")
    assert refused.status_code == 403 and "mà bạn là cán bộ hoặc lãnh đạo" in refused.text
    assert "/me/calendars" not in leader.get("/me").text
