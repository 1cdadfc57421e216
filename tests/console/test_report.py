"""One report in the console: what is told of it, and every step by its form, without scripts."""

import re
from io import BytesIO
from uuid import uuid4

from sqlalchemy import text

from app.database import db
from reports import tasks
from reports.statuses import Role
from tests.console.conftest import Browser, Desk, words
from tests.web.desks import a_jpeg
from web.console.session import HOME


def order_in(page: str) -> dict[str, str]:
    """The hidden fields of the form that is open on a page: its id, and the version looked at."""
    form = page[page.index('id="step-form"') :]
    return {name: re.search(rf'name="{name}" value="([^"]*)"', form)[1] for name in ("id", "seen")}  # type: ignore[index]


def takes(browser: Browser, code: str, step: str, **fields: object) -> str:
    """Open a step's form and send it; the words of what comes back."""
    page = browser.get(f"/reports/{code}?step={step}").text
    return words(browser.post(f"/reports/{code}/steps/{step}", **order_in(page), **fields))


def test_it_tells_why_it_is_here_by_when_and_what_was_said(desk: Desk) -> None:
    sent = desk.submits(description="Cống nghẹt trước chợ.", place_note="cạnh tiệm vàng")
    desk.accepted(sent["id"])

    said = desk.at(Role.DISPATCHER).sees(f"/reports/{sent['code']}")

    assert "Cống nghẹt trước chợ." in said
    assert "cạnh tiệm vàng" in said
    assert "Điểm nằm trong" in said  # the router's own reason
    assert "5 ngày làm việc, không tính ngày tiếp nhận" in said
    assert "Tiếp nhận" in said
    assert "NPA-" in said  # and no name


def test_a_refusal_by_mistake_is_taken_up_again_from_its_page(desk: Desk) -> None:
    sent = desk.submits()
    dispatcher = desk.at(Role.DISPATCHER)
    takes(dispatcher, sent["code"], "reject", reason="unclear", note="Chưa rõ ở đâu.")
    assert "Nhận lại" in dispatcher.sees(f"/reports/{sent['code']}")
    assert "Đề nghị xem lại" not in dispatcher.sees(f"/reports/{sent['code']}")

    said = takes(dispatcher, sent["code"], "reconsider", note="Nhầm phản ánh khác.")

    assert "Mới gửi" in said
    assert "Nhầm phản ánh khác." in said
    english = desk.at(Role.DISPATCHER, lang="en").sees(f"/reports/{sent['code']}")
    assert "Take up again" in english


def test_in_english_all_of_it_is_english(desk: Desk) -> None:
    sent = desk.submits()
    desk.accepted(sent["id"])

    said = desk.at(Role.DISPATCHER, lang="en").sees(f"/reports/{sent['code']}")

    assert "5 working days, not counting the day of acceptance" in said
    assert "What happened" in said
    assert not re.search(r"Diễn biến|Người phản ánh|Hạn được tính", said)


def test_a_step_that_lacks_something_says_so_and_keeps_what_was_typed(desk: Desk) -> None:
    sent = desk.submits()
    browser = desk.at(Role.DISPATCHER)
    page = browser.get(f"/reports/{sent['code']}?step=reject").text

    answer = browser.post(
        f"/reports/{sent['code']}/steps/reject", **order_in(page), note="Chưa rõ ở đâu."
    )

    assert answer.status_code == 422
    assert 'id="wrong-reason"' in answer.text
    assert "Chưa rõ ở đâu." in answer.text
    assert desk.scalar("select status from report where id = :id", id=sent["id"]) == "submitted"


def test_a_form_sent_twice_is_one_step(desk: Desk) -> None:
    sent = desk.submits()
    browser = desk.at(Role.DISPATCHER)
    order = order_in(browser.get(f"/reports/{sent['code']}?step=ask").text)

    for _ in range(2):
        browser.post(f"/reports/{sent['code']}/steps/ask", **order, note="Ngập tới đâu?")

    asked = "select count(*) from status_change where report_id = :id and step = 'ask'"
    assert desk.scalar(asked, id=sent["id"]) == 1


def test_who_acts_on_an_old_version_is_told_what_changed_and_may_go_on(desk: Desk) -> None:
    sent = desk.submits()
    browser = desk.at(Role.DISPATCHER)
    order = order_in(browser.get(f"/reports/{sent['code']}?step=ask").text)
    desk.accepted(sent["id"])

    first = browser.post(f"/reports/{sent['code']}/steps/ask", **order, note="Ngập tới đâu?")

    assert first.status_code == 412
    assert "đã có thay đổi" in words(first)
    assert "Ngập tới đâu?" in first.text
    again = browser.post(
        f"/reports/{sent['code']}/steps/ask", **order_in(first.text), note="Ngập tới đâu?"
    )
    assert "Đã gửi câu hỏi." in words(again)


def test_the_pin_is_moved_by_what_a_map_writes(desk: Desk) -> None:
    sent = desk.submits()
    browser = desk.at(Role.DISPATCHER)

    wrong = takes(browser, sent["code"], "amend", pin="ở chợ")
    right = takes(browser, sent["code"], "amend", pin="16.4600, 107.5900")

    assert "Cần hai số: vĩ độ,kinh độ." in wrong
    assert "Đã sửa thông tin." in right
    assert desk.scalar("select lat from report where id = :id", id=sent["id"]) == 16.46


def test_a_box_that_nobody_touched_changes_nothing(desk: Desk) -> None:
    sent = desk.submits(category="dien-nguy-hiem")

    takes(desk.at(Role.DISPATCHER), sent["code"], "accept", has_urgent="yes", urgent="yes")

    assert desk.scalar("select urgent from report where id = :id", id=sent["id"]) is True


def test_only_the_centre_learns_who_it_is_and_that_is_on_record(desk: Desk) -> None:
    sent = desk.submits()
    desk.accepted(sent["id"])
    officer = desk.at(Role.OFFICER, desk.office_of(sent["id"]))
    dispatcher = desk.at(Role.DISPATCHER)

    refused = officer.post(f"/reports/{sent['code']}/reporter", reason="Hỏi thêm vị trí")
    nameless = dispatcher.post(f"/reports/{sent['code']}/reporter", reason=" ")
    told = dispatcher.post(f"/reports/{sent['code']}/reporter", reason="Hỏi thêm vị trí")

    assert refused.status_code == 403
    assert nameless.status_code == 422
    assert "Ghi lý do" in words(nameless)
    assert 'aria-describedby="wrong-reason"' in nameless.text
    assert "không để tên" in words(told)
    read = "select count(*) from audit_entry where action = 'identity.reveal' and reason = :why"
    assert desk.scalar(read, why="Hỏi thêm vị trí") == 1


def test_likely_the_same_thing_stands_beside_it_and_is_merged_from_there(desk: Desk) -> None:
    first = desk.submits(lat=16.4801, lng=107.5901, description="Ngập ở ngã ba.")
    second = desk.submits(lat=16.4802, lng=107.5902, description="Nước ngập ngã ba.")
    browser = desk.at(Role.DISPATCHER)

    page = browser.sees(f"/reports/{second['code']}")
    merged = takes(browser, second["code"], "merge", target_code=first["code"])

    assert "Ngập ở ngã ba." in page
    assert "cùng lĩnh vực, cách" in page
    assert "Đã gộp phản ánh." in merged
    assert f"Đã gộp vào {first['code']}" in merged


def test_merging_into_a_code_that_is_not_there_is_told_beside_the_field(desk: Desk) -> None:
    sent = desk.submits()

    said = takes(desk.at(Role.DISPATCHER), sent["code"], "merge", target_code="000-000-000-X")

    assert "Không có phản ánh nào mang mã này." in said


def test_a_planned_answer_needs_its_day(desk: Desk) -> None:
    sent = desk.submits(category="o-nhiem")
    desk.accepted(sent["id"])
    officer = desk.at(Role.OFFICER, desk.office_of(sent["id"]))
    takes_start = officer.post(
        f"/reports/{sent['code']}/steps/start", id=uuid4(), seen=desk_version(desk, sent["id"])
    )

    said = takes(officer, sent["code"], "resolve", outcome="planned", note="Sẽ làm vào tháng sau.")
    done = takes(
        officer,
        sent["code"],
        "resolve",
        outcome="planned",
        note="Sẽ làm vào tháng sau.",
        planned_for="2027-03-01",
    )

    assert takes_start.status_code == 200
    assert "ngày" in said
    assert "Đã gửi kết quả." in done
    assert "Đã lên kế hoạch" in done


def test_all_that_an_answer_lacks_is_told_at_once_each_beside_its_field(desk: Desk) -> None:
    sent = desk.submits(category="lan-chiem")
    desk.accepted(sent["id"])
    officer = desk.at(Role.OFFICER, desk.office_of(sent["id"]))
    version = desk_version(desk, sent["id"])
    officer.post(f"/reports/{sent['code']}/steps/start", id=uuid4(), seen=version)
    page = officer.get(f"/reports/{sent['code']}?step=resolve").text
    address = f"/reports/{sent['code']}/steps/resolve"
    hidden = order_in(page)
    no_picture = (BytesIO(b"no picture"), "hong.jpg")

    nothing = officer.post(address, **hidden)
    fixed = officer.post(address, **hidden, outcome="fixed")
    planned = officer.post(address, **hidden, outcome="planned")
    broken = officer.post(address, **hidden, outcome="fixed", photos=no_picture)

    assert "Ngày sẽ làm xong (cần có khi đã lên kế hoạch)" in re.sub(r"<[^>]+>", "", page)
    assert missing_in(nothing.text) == ["outcome", "note"]
    assert missing_in(fixed.text) == ["note", "photos"]
    assert missing_in(planned.text) == ["planned_for", "note"]
    assert missing_in(broken.text) == ["note", "photos"]
    assert "hong.jpg: Tệp này không phải ảnh" in words(broken)
    assert desk_version(desk, sent["id"]) == version + 1


def missing_in(page: str) -> list[str]:
    """The fields beside which something is told, in their order."""
    return re.findall(r'<p class="field-error" id="wrong-(\w+)"', page)


def desk_version(desk: Desk, report_id: str) -> int:
    return int(desk.scalar("select version from report where id = :id", id=report_id))


def test_another_site_cannot_send_our_forms(desk: Desk) -> None:
    sent = desk.submits()
    browser = desk.at(Role.DISPATCHER)
    path = f"{HOME}/reports/{sent['code']}/notes"
    note = {"id": str(uuid4()), "text": "Từ trang khác."}

    statuses = [
        browser.client.post(path, data=note, headers=headers).status_code
        for headers in (
            {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
            {"Sec-Fetch-Site": "same-site"},
            {"Origin": "https://evil.example"},
            {},
        )
    ]

    assert statuses == [403] * 4
    assert desk.scalar("select count(*) from note where report_id = :id", id=sent["id"]) == 0
    ours = browser.client.post(path, data=note, headers={"Origin": "http://localhost"})
    assert ours.status_code == 303


def test_the_api_takes_no_cookie(desk: Desk) -> None:
    browser = desk.at(Role.DISPATCHER)

    assert browser.client.get("/api/v1/queue").status_code == 401
    assert browser.get("/queue").status_code == 200


def test_a_photo_that_arrived_need_not_be_sent_again_with_what_was_wrong(desk: Desk) -> None:
    sent = desk.submits(category="o-nhiem")
    desk.accepted(sent["id"])
    officer = desk.at(Role.OFFICER, desk.office_of(sent["id"]))
    version = desk_version(desk, sent["id"])
    officer.post(f"/reports/{sent['code']}/steps/start", id=uuid4(), seen=version)
    order = order_in(officer.get(f"/reports/{sent['code']}?step=resolve").text)
    picture = (BytesIO(a_jpeg()), "sau.jpg")

    wordless = officer.post(
        f"/reports/{sent['code']}/steps/resolve", **order, outcome="fixed", photos=picture
    )
    kept = re.search(r'name="photo" value="([^"]+)"', wordless.text)
    done = officer.post(
        f"/reports/{sent['code']}/steps/resolve",
        **order_in(wordless.text),
        outcome="fixed",
        note="Đã dọn.",
        photo=kept[1] if kept else "",
    )

    assert wordless.status_code == 422
    assert f'src="/console/photos/{kept[1]}-400.jpg"' in wordless.text if kept else False
    assert "Đã gửi kết quả." in words(done)
    stored = "select count(*) from photo p join status_change c on c.id = p.change_id"
    assert desk.scalar(f"{stored} where c.report_id = :id", id=sent["id"]) == 1


def test_nobody_stores_pictures_with_a_step_that_is_not_theirs(desk: Desk) -> None:
    sent = desk.submits(category="o-nhiem")
    desk.accepted(sent["id"])
    before = desk.scalar("select count(*) from photo")

    answer = desk.at(Role.LEADER).post(
        f"/reports/{sent['code']}/steps/resolve",
        id=uuid4(),
        seen=2,
        outcome="fixed",
        note="Xong.",
        photos=(BytesIO(a_jpeg("#335577")), "sau.jpg"),
    )

    assert answer.status_code == 403
    assert desk.scalar("select count(*) from photo") == before


def test_a_note_is_held_to_the_same_bounds_as_over_the_api(desk: Desk) -> None:
    sent = desk.submits()
    browser = desk.at(Role.DISPATCHER)

    nameless = browser.post(f"/reports/{sent['code']}/notes", id="x", text="Đã gọi.")
    endless = browser.post(f"/reports/{sent['code']}/notes", id=uuid4(), text="a" * 2001)

    assert (nameless.status_code, endless.status_code) == (422, 422)
    assert desk.scalar("select count(*) from note where report_id = :id", id=sent["id"]) == 0


def test_nobody_is_said_to_write_a_step_that_there_is_not(desk: Desk) -> None:
    sent = desk.submits()
    code = sent["code"]
    desk.at(Role.DISPATCHER).post(f"/reports/{code}/here", doing="dancing")

    said = desk.at(Role.LEADER).get(f"/reports/{code}/state").json

    assert [other["doing"] for other in said["others"]] == [""]
    assert desk.at(Role.LEADER).get(f"/reports/{code}").status_code == 200


def test_a_form_sent_after_the_session_ended_comes_back_to_its_page(desk: Desk) -> None:
    sent = desk.submits()
    browser = desk.stranger()
    page = f"http://localhost{HOME}/reports/{sent['code']}?step=ask"

    answer = browser.client.post(
        f"{HOME}/reports/{sent['code']}/steps/ask",
        data={"note": "Ngập tới đâu?"},
        headers={"Sec-Fetch-Site": "same-origin", "Referer": page},
    )

    assert f"next=/console/reports/{sent['code']}?step%3Dask" in answer.headers["Location"]


def test_browsers_may_say_that_a_form_comes_from_here(desk: Desk) -> None:
    page = desk.at(Role.DISPATCHER).get("/queue")

    assert page.headers["Referrer-Policy"] == "same-origin"  # else Origin is null, and refused


def test_who_looked_at_what_is_forgotten_by_the_night(desk: Desk) -> None:
    sent = desk.submits()
    desk.at(Role.DISPATCHER).post(f"/reports/{sent['code']}/here", doing="")
    with desk.app.app_context():
        db.session.execute(text("update presence set seen_at = now() - interval '1 hour'"))
        db.session.commit()

        tasks.sweep(0)

    assert desk.scalar("select count(*) from presence") == 0


def test_whoever_goes_there_is_shown_the_way_by_the_maps_of_their_phone(desk: Desk) -> None:
    sent = desk.submits()
    browser = desk.at(Role.DISPATCHER)

    android = browser.get(f"/reports/{sent['code']}").text
    iphone = browser.get(f"/reports/{sent['code']}", **{"User-Agent": "iPhone"}).text

    assert 'href="geo:16.4675,107.5885?q=16.4675,107.5885"' in android
    assert 'href="https://maps.apple.com/?daddr=16.4675,107.5885"' in iphone


def test_a_link_to_merge_brings_the_code_along_and_shows_whose_it_is(desk: Desk) -> None:
    sent, other = desk.submits(), desk.submits(description="Rác đổ đầy ngõ.")
    browser = desk.at(Role.DISPATCHER)

    form = browser.get(f"/reports/{sent['code']}?step=merge&target_code={other['code']}").text

    assert f'name="target_code" value="{other["code"]}"' in form
    assert "Rác đổ đầy ngõ." in form


def test_two_that_are_unlike_are_merged_only_once_that_was_read(desk: Desk) -> None:
    sent = desk.submits(category="o-nhiem")
    far = desk.submits(category="rac-thai", lat=16.45, lng=107.55)
    browser = desk.at(Role.DISPATCHER)

    told = takes(browser, sent["code"], "merge", target_code=far["code"])
    done = takes(browser, sent["code"], "merge", target_code=far["code"], sure=far["code"])

    assert "thuộc lĩnh vực khác" in told
    assert "km" in told
    assert "Đã gộp phản ánh." in done
