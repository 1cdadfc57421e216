"""Offices that nobody signs in for work by the links in their letters."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from email.message import EmailMessage
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import text
from werkzeug.test import TestResponse

from app.clock import now
from app.database import db
from bench.loopback import SmtpSink
from notifications import delivery
from reports import clockwork
from reports.city import snapshot
from reports.desk import office_accounts, office_links
from reports.models import Report
from reports.statuses import Role
from tests.console.conftest import OWN_SITE, Desk, words
from tests.console.forms import a_picture
from tests.console.test_evidence import a_photo

OFFICE, ADDRESS = "huewaco", "truc@huewaco.example"
WORDS = "Ống nước vỡ trước nhà, gọi tôi số 0905 123 456."
LINK = re.compile(r"https?://[^/\s]+(/console/office/[\w-]+)")


@dataclass
class Post:
    """The city's mail, and an office that is reached by nothing else."""

    desk: Desk
    smtp: SmtpSink

    def accepted(self, **facts: object) -> str:
        """A report that the centre gave to the office; its id."""
        sent = self.desk.submits(**{"description": WORDS, **facts})
        self.desk.accepted(sent["id"], office=OFFICE)
        return str(sent["id"])

    def letters(self) -> list[EmailMessage]:
        """What has arrived there by now."""
        self.desk.run_jobs()
        return [letter for recipient, letter in self.smtp.received if recipient == ADDRESS]

    def link(self) -> str:
        """The path in the latest letter."""
        found = LINK.search(body_of(self.letters()[-1]))
        assert found
        return found[1]

    def state(self, report_id: str) -> str:
        return str(self.desk.scalar("select status from report where id = :id", id=report_id))


def body_of(letter: EmailMessage) -> str:
    plain = letter.get_body(("plain",))
    assert plain
    return str(plain.get_content())


@pytest.fixture
def post(desk: Desk) -> Iterator[Post]:
    app = desk.app
    before = app.extensions["xom.config"], app.extensions["xom.notifications"]
    address(desk, ADDRESS)
    with SmtpSink() as smtp:
        config = replace(before[0], smtp_url=smtp.url, mail_from="xom@hue.example")
        app.extensions["xom.config"] = config
        app.extensions["xom.notifications"] = replace(before[1], config=config)
        yield Post(desk, smtp)
        if opened := app.extensions.pop("xom.post", None):
            delivery.close(opened)
    app.extensions["xom.config"], app.extensions["xom.notifications"] = before
    address(desk, None)


def address(desk: Desk, email: str | None) -> None:
    with desk.app.app_context():
        db.session.execute(
            text("update office set email = :email where code = :code"),
            {"email": email, "code": OFFICE},
        )
        db.session.execute(text("update city set version = version + 1"))
        db.session.commit()
        snapshot.forget()


def nobody(desk: Desk) -> FlaskClient:
    """A browser that signed in nowhere."""
    return desk.app.test_client(use_cookies=False)


def form_of(page: TestResponse) -> dict[str, str]:
    """The hidden fields with which a step is taken."""
    names = ("id", "seen")
    found = {n: re.search(rf'name="{n}" value="([^"]+)"', page.text) for n in names}
    return {name: one[1] for name, one in found.items() if one}


def take(desk: Desk, link: str, step: str, *, seen: int, **fields: object) -> TestResponse:
    given = {"id": str(uuid4()), "seen": str(seen), **fields}
    address = f"{link}/steps/{step}"
    return nobody(desk).post(address, data=given, headers=OWN_SITE, follow_redirects=True)


def version(desk: Desk, report_id: str) -> int:
    return int(desk.scalar("select version from report where id = :id", id=report_id))


def code(desk: Desk, report_id: str) -> str:
    return str(desk.scalar("select code from report where id = :id", id=report_id))


def picture() -> tuple[BytesIO, str]:
    data = BytesIO()
    Image.new("RGB", (640, 480), (90, 60, 120)).save(data, "JPEG")
    data.seek(0)
    return data, "xong.jpg"


# The letter ------------------------------------------------------------------------------------


def test_an_office_without_accounts_gets_a_letter_whose_link_opens_the_report(post: Post) -> None:
    post.accepted()

    letter = post.letters()[-1]
    page = nobody(post.desk).get(post.link())

    assert "Việc mới" in str(letter["Subject"])
    assert "không cần đăng nhập" in body_of(letter)
    assert "List-Unsubscribe" not in letter
    assert page.status_code == 200
    assert "Ống nước vỡ trước nhà" in words(page)
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in page.headers["Cache-Control"]


def test_nothing_of_the_reporter_stands_in_the_letter_or_on_the_page(post: Post) -> None:
    report_id = post.accepted()
    post.desk.call(
        "POST",
        f"/reports/{report_id}/notes",
        post.desk.official(Role.DISPATCHER),
        json={"id": str(uuid4()), "text": "Người gửi là hàng xóm của tôi."},
    )

    link = post.link()
    told = words(nobody(post.desk).get(link)) + body_of(post.letters()[-1])

    assert "0905" not in told and "NPA-" not in told
    assert "hàng xóm" not in told


def test_numbers_in_answers_to_questions_are_masked_too(post: Post) -> None:
    post.accepted(category="o-nhiem", answers={"khi-nao": "Ban đêm, gọi 0912 345 678."})

    told = words(nobody(post.desk).get(post.link()))

    assert "Ban đêm" in told
    assert "0912" not in told and "345 678" not in told


def test_the_token_is_stored_nowhere(post: Post) -> None:
    post.accepted()
    token = post.link().rpartition("/")[2]

    for table in ("office_link", "message", "delivery", "procrastinate_jobs", "audit_entry"):
        rows = post.desk.scalar(f"select string_agg(t::text, ' ') from {table} t")
        assert token not in (rows or ""), table


def test_an_office_with_people_is_told_at_their_desks(post: Post) -> None:
    before = len(post.letters())
    sent = post.desk.submits()
    post.desk.official(Role.OFFICER, "hepco")
    post.desk.accepted(sent["id"], office="hepco")

    assert len(post.letters()) == before
    assert not post.desk.scalar(
        "select count(*) from office_link where report_id = :id", id=sent["id"]
    )


def test_nobody_signs_in_with_the_offices_account(post: Post) -> None:
    post.accepted()
    with post.desk.app.app_context():
        office = snapshot.current().office(OFFICE)
        assert office
        account_id = office_accounts.account_id_of(office.id)

    row = "email is null and password_hash is null and kind = 'official'"
    proofless = f"select {row} from account where id = :id"
    assert post.desk.scalar(proofless, id=account_id) is True
    assert not post.desk.scalar("select count(*) from token where account_id = :id", id=account_id)


def test_reminders_go_there_too_with_the_same_link(post: Post) -> None:
    report_id = post.accepted()
    first, before = post.link(), len(post.letters())

    with post.desk.app.app_context():
        due = db.session.get_one(Report, UUID(report_id)).due_at
        assert due
        clockwork.tick(due + timedelta(minutes=1), limit=1000)
        db.session.commit()
    reminders = post.letters()[before:]

    # Other tests' reports are reminded of as well, in whatever order.
    mine = [one for one in reminders if first in body_of(one)]
    assert any("hạn" in str(one["Subject"]).lower() for one in mine)


def test_a_letter_that_is_refused_shows_to_the_dispatcher(post: Post) -> None:
    post.smtp.refuse("RCPT", "550 no such mailbox")
    report_id = post.accepted()
    post.letters()

    page = post.desk.at(Role.DISPATCHER).sees(f"/reports/{report_id}")

    assert "thư không gửi được (smtp 550)" in page
    state = "select d.state from delivery d join message m on m.id = d.message_id"
    assert post.desk.scalar(f"{state} where m.subject = :s", s=f"report:{report_id}") == "dead"


def test_without_a_mail_server_the_letter_waits_and_says_so(desk: Desk) -> None:
    address(desk, ADDRESS)
    sent = desk.submits()
    desk.accepted(sent["id"], office=OFFICE)

    desk.run_jobs()

    assert "email is not set up" in desk.at(Role.DISPATCHER).sees(f"/reports/{sent['id']}")
    desk.app.extensions.pop("xom.post", None)
    address(desk, None)


# Working by it ---------------------------------------------------------------------------------


def test_the_office_begins_asks_resolves_with_a_photo_as_itself(post: Post) -> None:
    report_id = post.accepted()
    link, desk = post.link(), post.desk

    begun = take(desk, link, "start", seen=version(desk, report_id))
    done = take(
        desk,
        link,
        "resolve",
        seen=version(desk, report_id),
        outcome="fixed",
        note="Đã thay ống.",
        photos=picture(),
    )

    assert "Đã bắt đầu xử lý." in words(begun)
    assert done.status_code == 200, words(done)
    assert post.state(report_id) == "resolved"
    by = desk.scalar(
        "select a.name from status_change c join account a on a.id = c.account_id"
        " where c.report_id = :id and c.step = 'resolve'",
        id=report_id,
    )
    assert by.endswith("(qua thư)")
    shown = re.findall(r'src="(/console/office/[^"]+-400\.jpg)"', nobody(desk).get(link).text)
    assert shown and nobody(desk).get(shown[0]).status_code == 200


def test_of_its_photos_moment_and_distance_are_kept_as_of_others(post: Post) -> None:
    report_id = post.accepted()
    link, desk = post.link(), post.desk
    take(desk, link, "start", seen=version(desk, report_id))

    photo = BytesIO(a_photo(80, days_ago=12.5, at=(16.5, 107.5885))), "xong.jpg"
    fields = {"outcome": "fixed", "note": "Đã thay ống.", "photos": photo}
    take(desk, link, "resolve", seen=version(desk, report_id), **fields)

    seen = desk.at(Role.DISPATCHER).sees(f"/reports/{code(desk, report_id)}")
    assert "Chụp 12 ngày trước khi có phản ánh." in seen
    assert "Chụp cách điểm ghim" in seen


def test_photos_are_taken_in_for_a_step_that_is_offered_alone(post: Post) -> None:
    report_id = post.accepted()
    link, desk = post.link(), post.desk
    photos = "select count(*) from photo"
    before = desk.scalar(photos)

    fields = {"outcome": "fixed", "note": "Đã thay ống."}
    refused = take(desk, link, "resolve", seen=version(desk, report_id), photos=picture(), **fields)
    take(desk, link, "start", seen=version(desk, report_id), photos=picture())

    assert refused.status_code >= 400
    assert desk.scalar(photos) == before
    assert post.state(report_id) == "in_progress"


def test_no_more_than_a_dozen_photos_are_taken_in(post: Post) -> None:
    report_id = post.accepted()
    link, desk = post.link(), post.desk
    take(desk, link, "start", seen=version(desk, report_id))
    before = desk.scalar("select count(*) from photo")

    def sends(**more: object) -> None:
        photos = [(BytesIO(a_picture(size=(640, 480 + 8 * n))), f"{n}.jpg") for n in range(14)]
        seen = version(desk, report_id)
        take(desk, link, "resolve", seen=seen, outcome="fixed", photos=photos, **more)

    sends(photo=[str(uuid4()) for _ in range(13)])
    assert desk.scalar("select count(*) from photo") == before
    sends()
    assert desk.scalar("select count(*) from photo") == before + 12


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_what_is_wrong_is_told_beside_the_field_and_nothing_typed_is_lost(
    post: Post, lang: str
) -> None:
    report_id = post.accepted()
    link, desk = post.link(), post.desk
    take(desk, link, "start", seen=version(desk, report_id))

    page = nobody(desk).post(
        f"{link}/steps/resolve?lang={lang}",
        data={
            "id": str(uuid4()),
            "seen": str(version(desk, report_id)),
            "outcome": "planned",
            "note": "Tuần sau thay.",
        },
        headers=OWN_SITE,
    )

    assert page.status_code == 422
    assert "Tuần sau thay." in page.text
    assert 'id="wrong-planned_for"' in page.text
    assert ("ngày" if lang == "vi" else "date") in words(page)
    assert post.state(report_id) == "in_progress"


def test_a_step_on_an_older_version_is_held_and_says_what_changed(post: Post) -> None:
    report_id = post.accepted()
    link, desk = post.link(), post.desk
    seen = version(desk, report_id)
    take(desk, link, "start", seen=seen)

    page = take(desk, link, "ask", seen=seen, note="Số nhà nào?")

    assert page.status_code == 412
    assert "Trong lúc bạn soạn, đã có thay đổi" in words(page)
    assert "Số nhà nào?" in page.text


def test_handing_back_ends_the_link(post: Post) -> None:
    report_id = post.accepted()
    link, desk = post.link(), post.desk

    page = take(desk, link, "return", seen=version(desk, report_id), note="Ống của tòa nhà.")

    assert "Đã chuyển trả" in words(page)
    assert post.state(report_id) == "returned"
    gone = nobody(desk).get(link)
    assert gone.status_code == 404
    assert "không còn ở đơn vị bạn" in words(gone)


def test_a_script_that_asked_for_a_part_is_led_to_the_whole_page(post: Post) -> None:
    report_id = post.accepted()
    link, desk = post.link(), post.desk
    take(desk, link, "return", seen=version(desk, report_id), note="Ống của tòa nhà.")

    headers = {"HX-Request": "true", "HX-Target": "div#report"}
    answer = nobody(desk).get(f"{link}?said=return", headers=headers)

    assert answer.headers["HX-Redirect"] == f"{link}?said=return"
    assert not answer.text


def test_an_old_link_stays_dead_when_the_report_comes_back(post: Post) -> None:
    report_id = post.accepted()
    old, desk = post.link(), post.desk
    centre = desk.official(Role.DISPATCHER)
    desk.takes(centre, "forward", report_id, office="hepco")
    desk.takes(centre, "forward", report_id, office=OFFICE)

    new = post.link()

    assert new != old
    assert nobody(desk).get(old).status_code == 404
    assert nobody(desk).get(new).status_code == 200


def test_steps_of_the_centre_are_not_the_offices(post: Post) -> None:
    report_id = post.accepted()
    link, desk = post.link(), post.desk

    for step in ("accept", "forward", "merge", "hide", "assign", "nonsense"):
        page = take(desk, link, step, seen=version(desk, report_id), note="?", office="hepco")
        assert page.status_code == 404, step
    assert post.state(report_id) == "accepted"


def test_more_time_is_asked_for_by_the_office(post: Post) -> None:
    report_id = post.accepted()
    link, desk = post.link(), post.desk
    until = (now() + timedelta(days=40)).date().isoformat()

    page = take(
        desk, link, "ask_extension", seen=version(desk, report_id), note="Chờ vật tư", until=until
    )

    assert page.status_code == 200, words(page)
    assert desk.scalar("select extension_until from report where id = :id", id=report_id)


def test_an_office_that_joined_reads_and_takes_no_step(post: Post) -> None:
    desk = post.desk
    sent = desk.submits(description=WORDS)
    desk.accepted(sent["id"])
    desk.takes(desk.official(Role.DISPATCHER), "join", sent["id"], office=OFFICE)
    link = post.link()

    page = nobody(desk).get(link)
    refused = take(desk, link, "start", seen=version(desk, sent["id"]))

    assert "không có việc nào chờ đơn vị bạn" in words(page)
    assert refused.status_code in {403, 409}


def test_a_link_opens_its_own_report_and_pictures_alone(post: Post) -> None:
    desk = post.desk
    post.accepted()
    link = post.link()
    data = BytesIO()
    Image.new("RGB", (320, 240), (10, 120, 60)).save(data, "JPEG")
    reporter = desk.resident()
    photo = desk.photo(reporter, data.getvalue())
    other = desk.submits(reporter, photos=[photo])
    desk.accepted(other["id"], office=OFFICE)

    assert nobody(desk).get(f"{link}/photos/{photo}.jpg").status_code == 404
    assert nobody(desk).get(f"{post.link()}/photos/{photo}.jpg").status_code == 200


@pytest.mark.parametrize(("lang", "sentence"), [("vi", "không đúng"), ("en", "is not right")])
def test_a_wrong_link_says_what_to_do(desk: Desk, lang: str, sentence: str) -> None:
    page = nobody(desk).get(f"/console/office/nonsense?lang={lang}")

    assert page.status_code == 404
    assert sentence in words(page)


def test_a_link_ends_after_thirty_days(post: Post) -> None:
    post.accepted()
    token = post.link().rpartition("/")[2]

    with post.desk.app.app_context():
        later = now() + timedelta(days=31)
        with pytest.raises(office_links.LinkEnded):
            office_links.open_link(token, locale="vi", at=later)


def test_another_sites_form_takes_no_step(post: Post) -> None:
    report_id = post.accepted()
    given = {"id": str(uuid4()), "seen": str(version(post.desk, report_id))}

    answer = nobody(post.desk).post(f"{post.link()}/steps/start", data=given)

    assert answer.status_code == 403
    assert post.state(report_id) == "accepted"


# The centre ------------------------------------------------------------------------------------


def test_the_centre_sees_when_it_was_opened_writes_again_and_withdraws(post: Post) -> None:
    report_id = post.accepted()
    old, desk = post.link(), post.desk
    nobody(desk).get(old)
    centre = desk.at(Role.DISPATCHER)

    assert "đã mở 1 lần" in centre.sees(f"/reports/{report_id}")

    again = centre.post(f"/reports/{report_id}/office-links/{OFFICE}/send")
    new = post.link()

    assert "Thư có đường dẫn mới sẽ đi ngay." in words(again)
    assert new != old and nobody(desk).get(old).status_code == 404
    assert nobody(desk).get(new).status_code == 200

    centre.post(f"/reports/{report_id}/office-links/{OFFICE}/revoke")

    assert "hết hạn hoặc bị thu hồi" in words(nobody(desk).get(new))
    for action in ("office_link.send", "office_link.revoke"):
        assert desk.scalar("select count(*) from audit_entry where action = :a", a=action)


def test_officers_and_leaders_neither_see_the_letters_nor_send_them(post: Post) -> None:
    report_id = post.accepted()
    leader = post.desk.at(Role.LEADER)

    assert "Đơn vị nhận qua thư" not in leader.sees(f"/reports/{report_id}")
    answer = leader.post(f"/reports/{report_id}/office-links/{OFFICE}/send")
    assert answer.status_code == 403


def test_an_office_that_signs_in_is_written_to_by_nobody(post: Post) -> None:
    sent = post.desk.submits()
    post.desk.accepted(sent["id"])
    office = post.desk.office_of(sent["id"])

    answer = post.desk.at(Role.DISPATCHER).post(f"/reports/{sent['id']}/office-links/{office}/send")

    assert answer.status_code == 409
    assert "không nhận phản ánh này qua thư" in words(answer)
