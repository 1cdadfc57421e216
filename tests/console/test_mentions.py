"""Officials named in a note hear of it; who may not see the report is neither offered nor told."""

import re
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from app.auth.models import Account
from app.database import db
from reports.city import snapshot
from reports.city.models import RoleGrant
from reports.desk.mentions import Person, named_in, plain
from reports.models import Report
from reports.statuses import Role
from tests.console.conftest import Browser, Desk, words
from tests.web.site import Site
from web.console.session import COOKIE

AN, ANH = Person(uuid4(), "Nguyễn Văn An", 1), Person(uuid4(), "Nguyễn Văn Anh", 1)
HUNG, HUONG = Person(uuid4(), "Lê Hùng", 1), Person(uuid4(), "Lê Hưng", 1)
DAO = Person(uuid4(), "Đào Đức", 2)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@Nguyễn Văn An xem giúp", {AN}),
        ("Nhờ @nguyen van anh, gấp", {ANH}),
        ("@Nguyễn Văn Anh", {ANH}),
        ("@dao duc và @Nguyễn Văn An.", {DAO, AN}),
        ("@Lê Hưng", {HUONG}),
        ("@le hung", {HUNG, HUONG}),
        ("@Nguyễn Văn", set()),
        ("@Nguyễn Văn Anhh", set()),
        ("thu@Nguyễn Văn An", set()),
        ("Nguyễn Văn An không có dấu", set()),
        ("@", set()),
    ],
)
def test_names_are_known_by_the_longest_with_and_without_diacritics(
    text: str, expected: set[Person]
) -> None:
    named = named_in(text, [AN, ANH, HUNG, HUONG, DAO])

    assert {person for one in named for person in one.people} == expected


def test_letters_and_marks_typed_apart_are_the_same_name() -> None:
    apart = "@Nguye\u0302\u0303n Va\u0306n An"

    assert named_in(plain(apart), [AN])


@pytest.fixture
def work(desk: Desk) -> tuple[str, str]:
    """A report that an office has: its id, the office."""
    sent = desk.submits()
    desk.accepted(sent["id"])
    return sent["id"], desk.office_of(sent["id"])


def called(desk: Desk, role: Role, office: str | None, name: str) -> Browser:
    """An official of this name."""
    browser = desk.at(role, office)
    with desk.app.app_context():
        db.session.get_one(Account, browser.account_id).name = name
        db.session.commit()
    return browser


def notes(by: Browser, report_id: str, text: str) -> str:
    answer = by.post(f"/reports/{report_id}/notes", id=uuid4(), text=text)
    assert answer.status_code == 200, words(answer)
    return answer.text


def hears(desk: Desk, who: UUID, report_id: str) -> int:
    query = "select count(*) from message where account_id = :who and kind = 'mentioned'"
    return int(desk.scalar(f"{query} and subject = :s", who=who, s=f"report:{report_id}"))


def test_whoever_is_named_hears_once_and_the_name_is_marked(
    desk: Desk, work: tuple[str, str]
) -> None:
    report_id, office = work
    officer = called(desk, Role.OFFICER, office, "Trần Thị Bưởi")
    centre = desk.at(Role.DISPATCHER)

    page = notes(centre, report_id, "Nhờ @tran thi buoi xem <b>ngay</b>, @Trần Thị Bưởi nhé.")

    assert hears(desk, officer.account_id, report_id) == 1
    assert page.count('<b class="mention">') == 2
    assert "&lt;b&gt;ngay&lt;/b&gt;" in page
    assert "Ghi chú nội bộ" in officer.sees("/inbox")


def test_whoever_may_not_see_the_report_is_not_offered_and_not_told(
    desk: Desk, work: tuple[str, str]
) -> None:
    report_id, office = work
    officer = called(desk, Role.OFFICER, office, "Trần Thị Bưởi")
    stranger = called(desk, Role.OFFICER, "so-y-te", "Phan Văn Ngoài")
    leader = called(desk, Role.LEADER, None, "Đỗ Lãnh Đạo")

    offered = officer.get(f"/reports/{report_id}/people").json
    notes(officer, report_id, "@Phan Văn Ngoài và @Đỗ Lãnh Đạo xem")

    names = {one["name"] for one in offered}
    assert "Trần Thị Bưởi" in names
    assert not names & {"Phan Văn Ngoài", "Đỗ Lãnh Đạo"}
    assert not hears(desk, stranger.account_id, report_id)
    assert not hears(desk, leader.account_id, report_id)
    assert stranger.get(f"/reports/{report_id}/people").status_code == 404
    assert leader.get(f"/reports/{report_id}/people").status_code == 403


def test_somebody_of_the_office_accused_is_not_offered_at_the_centre_either(
    desk: Desk, work: tuple[str, str]
) -> None:
    report_id, _ = work
    both = called(desk, Role.DISPATCHER, "hue-ioc", "Ngô Hai Vai")
    centre = desk.at(Role.DISPATCHER)
    assert "Ngô Hai Vai" in centre.get(f"/reports/{report_id}/people").text

    with desk.app.app_context():
        accused = snapshot.current().office("so-y-te")
        assert accused
        theirs = {"account_id": both.account_id, "office_id": accused.id, "role": Role.OFFICER}
        db.session.add(RoleGrant(**theirs, since=datetime(2020, 1, 1, tzinfo=UTC)))
        db.session.get_one(Report, UUID(report_id)).accused_office_id = accused.id
        db.session.commit()

    assert "Ngô Hai Vai" not in centre.get(f"/reports/{report_id}/people").text


def test_whoever_names_themselves_hears_nothing(desk: Desk, work: tuple[str, str]) -> None:
    report_id, office = work
    officer = called(desk, Role.OFFICER, office, "Trần Thị Bưởi")

    notes(officer, report_id, "@Trần Thị Bưởi sẽ làm")

    assert not hears(desk, officer.account_id, report_id)


def test_the_same_note_sent_twice_tells_once(desk: Desk, work: tuple[str, str]) -> None:
    report_id, office = work
    officer = called(desk, Role.OFFICER, office, "Trần Thị Bưởi")
    centre, note_id = desk.at(Role.DISPATCHER), uuid4()

    for _ in range(2):
        centre.post(f"/reports/{report_id}/notes", id=note_id, text="@Trần Thị Bưởi")

    assert hears(desk, officer.account_id, report_id) == 1


def test_before_it_is_accepted_only_the_centre_is_offered(desk: Desk) -> None:
    sent = desk.submits()
    office = desk.office_of(sent["id"])
    called(desk, Role.OFFICER, office, "Trần Thị Bưởi")
    called(desk, Role.DISPATCHER, None, "Hồ Điều Phối")

    offered = desk.at(Role.DISPATCHER).get(f"/reports/{sent['id']}/people").json

    assert "Hồ Điều Phối" in {one["name"] for one in offered}
    assert "Trần Thị Bưởi" not in {one["name"] for one in offered}


def test_a_name_is_chosen_with_the_keys_in_a_real_browser(
    site: Site,
    chromium: Chromium,
) -> None:
    sent = site.submits()
    site.accepted(sent["id"])
    token = site.officer_of(sent["id"])
    with site.app.app_context():
        account = db.session.get_one(Account, site.account_of(token))
        account.name = "Trần Thị Bưởi"
        db.session.commit()
    context = chromium.new_context(locale="vi-VN", viewport={"width": 390, "height": 844})
    context.add_cookies([{"name": COOKIE, "value": token, "url": f"{site.url}/console"}])
    page = context.new_page()
    page.goto(f"{site.url}/console/reports/{sent['id']}")

    field = page.locator("#note-text")
    field.press_sequentially("Nhờ @buoi")
    option = page.get_by_role("option", name=re.compile("Trần Thị Bưởi"))
    expect(option).to_have_attribute("aria-selected", "true")
    field.press("Enter")

    expect(field).to_have_value("Nhờ @Trần Thị Bưởi ")
    expect(option).to_have_count(0)
    context.close()
