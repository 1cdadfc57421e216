"""A report on paper: everything of it, and nothing internal unless that was asked for."""

from uuid import uuid4

from reports.statuses import Role
from tests.console.conftest import Desk


def a_story(desk: Desk) -> tuple[dict[str, str], str]:
    """A report with a note, a person who does it, and an answer; and its office."""
    sent = desk.submits(description="Nắp cống vỡ trước cổng chợ.", category="khac")
    desk.accepted(sent["id"])
    office = desk.office_of(sent["id"])
    officer = desk.official(Role.OFFICER, office)
    desk.takes(officer, "start", sent["id"])
    note = {"id": str(uuid4()), "text": "Gọi cho công ty môi trường rồi."}
    desk.call("POST", f"/reports/{sent['id']}/notes", officer, json=note)
    person = str(desk.account_of(officer))
    desk.takes(officer, "assign", sent["id"], person=person, note="Anh làm giúp nhé.")
    desk.takes(officer, "resolve", sent["id"], outcome="fixed", note="Đã thay nắp mới.")
    return sent, office


def test_the_printed_page_tells_all_facts_and_no_internal_words(desk: Desk) -> None:
    sent, office = a_story(desk)

    page = desk.at(Role.OFFICER, office).sees(f"/reports/{sent['code']}/print")

    assert f"Phản ánh {sent['code']}" in page
    assert "Nắp cống vỡ trước cổng chợ." in page
    assert "Trạng thái Đã xử lý: Đã khắc phục" in page
    assert "Đã thay nắp mới." in page
    assert f"/reports/{sent['code']}" in page
    assert "Gọi cho công ty môi trường rồi." not in page
    assert "Giao người xử lý" not in page


def test_with_the_notes_it_says_that_it_is_not_to_be_passed_on(desk: Desk) -> None:
    sent, office = a_story(desk)

    page = desk.at(Role.OFFICER, office).sees(f"/reports/{sent['code']}/print?notes=1")

    assert "Gọi cho công ty môi trường rồi." in page
    assert "Anh làm giúp nhé." in page
    assert "Có ghi chú nội bộ, không chuyển ra ngoài" in page


def test_only_those_who_see_the_report_print_it(desk: Desk) -> None:
    sent, _ = a_story(desk)
    path = f"/reports/{sent['code']}/print"

    assert desk.at(Role.OFFICER, "so-y-te").get(path).status_code == 404
    assert desk.at(Role.ADMIN).get(path).status_code == 403
    assert desk.stranger().get(path, follow=False).status_code == 302


def test_the_reports_page_leads_to_its_print(desk: Desk) -> None:
    sent = desk.submits()

    page = desk.at(Role.DISPATCHER).get(f"/reports/{sent['code']}").text

    assert f'href="/console/reports/{sent["code"]}/print"' in page


def test_the_public_address_is_printed_only_of_what_is_public(desk: Desk) -> None:
    shown, held_back = desk.submits(), desk.submits()
    desk.accepted(shown["id"])
    desk.accepted(held_back["id"], hold_back=True)
    dispatcher = desk.at(Role.DISPATCHER)

    pages = [dispatcher.get(f"/reports/{one['code']}/print").text for one in (shown, held_back)]

    assert ["Trang công khai" in page for page in pages] == [True, False]
    assert ['class="print-square"' in page for page in pages] == [True, False]
