"""Who reads which updates: everybody, whoever sent a report, the office that works on it."""

from reports.models import Report
from reports.permissions import Viewer
from reports.statuses import Role
from tests.open311.test_updates import (
    HOUR,
    at_work,
    dispatcher,
    house,
    officer_of,
    read,
    told,
)
from tests.reports.conftest import House

__all__ = ["dispatcher", "house"]


def test_what_is_not_shown_is_nobodys_update(house: House, dispatcher: Viewer) -> None:
    report = house.submits()
    house.takes(dispatcher, "accept", report, hold_back=True)

    assert read(house) == []
    assert read(house, Viewer(house.person("Minh").account_id)) == []


def test_whoever_sent_a_report_hears_of_it_unpublished_and_is_asked(
    house: House, dispatcher: Viewer
) -> None:
    report = house.submits("a client")
    client = Viewer(house.person("a client").account_id)
    house.takes(dispatcher, "accept", report, hold_back=True)
    house.at += HOUR
    house.takes(officer_of(house, report), "ask", report, note="Trước số nhà nào?")

    found = read(house, client)

    assert told(found) == [("open", ""), ("investigating", "Trước số nhà nào?")]


def test_an_office_reads_what_it_works_on_its_inner_steps_included(
    house: House, dispatcher: Viewer
) -> None:
    report, officer = at_work(house, dispatcher)
    house.takes(dispatcher, "hide", report, note="Lộ mặt người.")
    house.at += HOUR
    house.takes(officer, "ask", report, note="Cống nào?")
    house.at += HOUR
    house.takes("Lan", "answer", report, note="Trước số 12, gọi 0905 123 456.")
    house.at += HOUR

    found = read(house, officer)

    assert told(found) == [
        ("open", ""),
        ("in_progress", ""),
        ("unchanged", "Lộ mặt người."),
        ("investigating", "Cống nào?"),
        ("in_progress", "Trước số 12, gọi 0905 123 456."),
    ]
    elsewhere = next(code for code in house.city.office_by_code if code != lead_code(house, report))
    assert read(house, house.official(Role.OFFICER, elsewhere)) == []


def lead_code(house: House, report: Report) -> str:
    return house.city.offices_by_id[report.office_id].code


def test_the_office_that_is_accused_hears_nothing_of_it(house: House, dispatcher: Viewer) -> None:
    report, officer = at_work(house, dispatcher)
    report.accused_office_id = report.office_id
    house.takes(dispatcher, "hide", report, note="Về chính đơn vị.")

    assert read(house, officer) == []
