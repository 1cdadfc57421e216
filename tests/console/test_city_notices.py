"""Notices at the console: written for some areas, seen by residents, taken down."""

from datetime import timedelta

from app.clock import now
from reports.statuses import Role
from tests.console.conftest import Desk, words

WORDS = "Nước sông lên, đường ven sông tạm cấm xe."
LATER = f"{now() + timedelta(hours=20):%Y-%m-%dT%H:%M}"


def test_the_centre_writes_a_notice_that_residents_of_the_area_read(desk: Desk) -> None:
    dispatcher = desk.at(Role.DISPATCHER)

    answer = dispatcher.post(
        "/notices", kind="flood", text_vi=WORDS, areas=["19789", "19813"], ends_at=LATER
    )

    assert "Đã đăng thông báo." in words(answer)
    told = next(one for one in desk.call("GET", "/notices")["items"] if one["text"] == WORDS)
    assert told["areas"] == ["19789", "19813"]


def test_a_notice_without_words_or_end_is_told_and_nothing_typed_is_lost(desk: Desk) -> None:
    admin, english = desk.at(Role.ADMIN), desk.at(Role.ADMIN, lang="en")
    before = desk.scalar("select count(*) from notice")

    endless = admin.post("/notices", kind="road", text_vi="Đường Lê Lợi sửa.", areas="19813")
    wordless = english.post("/notices", kind="road", ends_at=LATER)
    empty = admin.post("/notices", kind="road")

    assert endless.status_code == wordless.status_code == empty.status_code == 422
    assert "Chọn ngày và giờ, ví dụ 07:30 ngày 1/12/2026." in words(endless)
    assert "Chọn ngày và giờ" in words(empty)
    assert "Ghi nội dung thông báo" in words(empty)
    assert "Đường Lê Lợi sửa." in words(endless)
    assert 'value="19813" checked' in endless.text
    assert "A notice needs its words" in words(wordless)
    assert desk.scalar("select count(*) from notice") == before


def test_the_same_form_sent_twice_is_one_notice(desk: Desk) -> None:
    admin = desk.at(Role.ADMIN)
    form = {"id": "6f1e8a52-7c1d-4d7e-9a55-0c8f1b9f3a10", "kind": "water", "text_vi": "Cúp nước."}

    for _ in range(2):
        assert admin.post("/notices", ends_at=LATER, **form).status_code == 200

    assert desk.scalar("select count(*) from notice where text_vi = 'Cúp nước.'") == 1


def test_a_notice_that_is_taken_down_stands_among_those_that_are_over(desk: Desk) -> None:
    admin = desk.at(Role.ADMIN)
    admin.post("/notices", kind="power", text_vi="Cúp điện khu phố 3.", ends_at=LATER)
    notice = desk.scalar("select id from notice where text_vi = 'Cúp điện khu phố 3.'")

    answer = admin.post(f"/notices/{notice}/end")

    assert "gỡ lúc" in words(answer)
    assert all(one["id"] != str(notice) for one in desk.call("GET", "/notices")["items"])
    assert admin.post(f"/notices/{notice}/end").status_code == 200


def test_the_head_of_a_ward_reads_notices_and_writes_none(desk: Desk) -> None:
    head = desk.at(Role.HEAD, "so-y-te")

    read = head.get("/notices")
    written = head.post("/notices", kind="road", text_vi="Không phải việc này.", ends_at=LATER)

    assert read.status_code == 200
    assert "Viết thông báo" not in words(read)
    assert written.status_code == 403
    assert desk.at(Role.OFFICER, "so-y-te").get("/notices").status_code == 403
