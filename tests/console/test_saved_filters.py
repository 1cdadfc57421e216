"""Saved filters: kept under a name, shared with the office, put in order, taken away."""

import re

import pytest

from reports.statuses import Role
from tests.console.conftest import Browser, Desk, words

WARD = "ubnd-19789"
DRAINS = "status=open&due=overdue"


def saves(browser: Browser, name: str, query: str = DRAINS, **fields: object) -> str:
    answer = browser.post("/filters", name=name, query=query, **fields)
    assert answer.status_code == 200, words(answer)
    return words(answer)


def id_of(desk: Desk, name: str) -> str:
    return str(desk.scalar("select id from saved_filter where name = :name", name=name))


def office_id(desk: Desk, code: str) -> int:
    return int(desk.scalar("select id from office where code = :code", code=code))


def test_a_filter_of_the_queue_is_saved_under_a_name_and_stands_at_the_side(desk: Desk) -> None:
    officer = desk.at(Role.OFFICER, WARD)

    assert "/console/filters/new?due=overdue" in officer.get("/queue?due=overdue").text
    form = officer.sees("/filters/new?status=open&due=overdue&after=x")
    saves(officer, "Quá hạn của tôi")

    assert "Trạng thái đang mở Hạn quá hạn" in form
    assert 'href="/console/queue?status=open&amp;due=overdue"' in officer.get("/queue").text
    assert "Quá hạn của tôi" in officer.sees("/queue")


def test_ones_own_filter_is_nobody_elses(desk: Desk) -> None:
    saves(desk.at(Role.OFFICER, WARD), "Riêng tôi xem")
    mine = id_of(desk, "Riêng tôi xem")
    head = desk.at(Role.HEAD, WARD)

    assert "Riêng tôi xem" not in head.sees("/filters")
    assert head.post(f"/filters/{mine}", name="Của tôi").status_code == 404
    assert head.post(f"/filters/{mine}/delete").status_code == 404
    assert head.post(f"/filters/{mine}/up").status_code == 404
    assert desk.at(Role.ADMIN).get("/filters").status_code == 403


def test_a_shared_filter_is_marked_and_its_offices_head_may_take_it_away(desk: Desk) -> None:
    saves(desk.at(Role.OFFICER, WARD), "Cả phường", office=office_id(desk, WARD))
    shared = id_of(desk, "Cả phường")
    head = desk.at(Role.HEAD, WARD)

    assert "Cả phường (chung)" in head.sees("/queue")
    assert "Dùng chung trong đơn vị" in head.sees("/filters")
    assert "Cả phường" not in desk.at(Role.OFFICER, "so-y-te").sees("/queue")
    head.post(f"/filters/{shared}/delete")
    assert "Cả phường" not in desk.at(Role.OFFICER, WARD).sees("/queue")


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("vi", "Đặt tên cho bộ lọc, để lần sau nhận ra."),
        ("en", "Give the filter a name, to know it by next time."),
    ],
)
def test_a_filter_without_a_name_is_asked_for_one(desk: Desk, lang: str, sentence: str) -> None:
    officer = desk.at(Role.OFFICER, "so-y-te", lang=lang)

    answer = officer.post("/filters", name="  ", query=DRAINS)

    assert answer.status_code == 422
    assert sentence in words(answer)
    assert 'value="status=open&amp;due=overdue"' in answer.text
    assert desk.scalar("select count(*) from saved_filter where name = ''") == 0


def test_what_the_queue_would_not_understand_is_not_saved(desk: Desk) -> None:
    officer = desk.at(Role.OFFICER, "so-y-te")

    empty = officer.post("/filters", name="Trống", query="after=1&colour=red")
    broken = officer.post("/filters", name="Hỏng", query="due=never")

    assert "Chưa lọc theo gì cả." in words(empty)
    assert broken.status_code == 422
    assert desk.scalar("select count(*) from saved_filter where name in ('Trống', 'Hỏng')") == 0


def test_a_filter_is_shared_with_ones_own_office_alone(desk: Desk) -> None:
    officer = desk.at(Role.OFFICER, "so-y-te")

    answer = officer.post("/filters", name="Lạ", query=DRAINS, office=office_id(desk, WARD))

    assert answer.status_code == 403
    assert "Chỉ chia sẻ được cho đơn vị của bạn." in words(answer)


def test_filters_are_renamed_and_moved(desk: Desk) -> None:
    dispatcher = desk.at(Role.DISPATCHER)
    for name in ("Một", "Hai", "Ba"):
        saves(dispatcher, name)

    dispatcher.post(f"/filters/{id_of(desk, 'Ba')}/up")
    dispatcher.post(f"/filters/{id_of(desk, 'Một')}/up")
    dispatcher.post(f"/filters/{id_of(desk, 'Hai')}", name="Nhì")

    side = re.findall(r'#bookmark"/></svg><span>([^<]+)', dispatcher.get("/queue").text)
    assert side == ["Một", "Ba", "Nhì"]


def test_the_thirty_first_filter_is_refused(desk: Desk) -> None:
    head = desk.at(Role.HEAD, "so-y-te")
    for number in range(30):
        head.post("/filters", name=f"Số {number}", query=DRAINS, follow=False)

    answer = head.post("/filters", name="Thừa", query=DRAINS)

    assert answer.status_code == 422
    assert "Đã có 30 bộ lọc. Xóa bớt rồi lưu tiếp." in words(answer)
