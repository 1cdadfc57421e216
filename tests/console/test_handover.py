"""Handing over a colleague's open work in one act."""

from uuid import UUID, uuid4

import pytest
from werkzeug.test import TestResponse

from reports.desk import handover
from reports.statuses import Role
from tests.console.conftest import Browser, Desk, words
from tests.console.people import appoint, audited, signed_in

WARD, OTHER = "ubnd-19789", "so-y-te"


def assigned(desk: Desk, to: UUID, *, words: str = "Cống trước trường nghẹt.") -> dict[str, str]:
    """A report of the ward that somebody there has."""
    sent = desk.submits(description=words)
    desk.accepted(sent["id"], office=WARD)
    desk.takes(desk.official(Role.HEAD, WARD), "assign", sent["id"], person=str(to))
    return sent


def assignee(desk: Desk, sent: dict[str, str]) -> UUID | None:
    found: UUID | None = desk.scalar("select assignee_id from report where id = :i", i=sent["id"])
    return found


def hands_over(browser: Browser, who: UUID, to: UUID | str, **fields: str) -> TestResponse:
    form = {"id": str(uuid4()), "office": WARD, "from": str(who), "to": str(to)} | fields
    return browser.post("/handover", **form)


@pytest.fixture
def head(desk: Desk) -> Browser:
    return desk.at(Role.HEAD, WARD)


def test_a_head_sees_who_has_how_much_and_what_would_move(desk: Desk, head: Browser) -> None:
    minh, _ = appoint(desk, Role.OFFICER, WARD, name="Ông Minh")
    appoint(desk, Role.OFFICER, WARD, name="Bà Lan")
    sent = assigned(desk, minh, words="Nắp cống vỡ trước cổng chợ.")

    assert "Ông Minh 1 phản ánh đang mở" in head.sees("/handover")
    seen = head.sees(f"/handover?from={minh}")

    assert "Nắp cống vỡ trước cổng chợ." in seen and sent["code"] in seen
    assert "Bàn giao 1 phản ánh" in seen and "Bà Lan" in seen


def test_all_of_it_moves_in_one_act_and_the_result_is_told(desk: Desk, head: Browser) -> None:
    minh, _ = appoint(desk, Role.OFFICER, WARD, name="Ông Minh")
    lan, _ = appoint(desk, Role.OFFICER, WARD, name="Bà Lan")
    mine = [assigned(desk, minh) for _ in range(3)]
    others = assigned(desk, lan)
    before = audited(desk, "report.hand_over")

    answer = hands_over(head, minh, lan)

    told = words(answer)
    assert "Bàn giao việc của Ông Minh cho Bà Lan" in told
    assert "Đã chuyển 3 trên 3 phản ánh." in told
    here = told.rpartition("Đăng xuất")[2]
    assert "hàng loạt" not in here and "lượt" not in here
    assert all(f'href="/console/reports/{one["code"]}"' in answer.text for one in mine)
    assert {assignee(desk, one) for one in [*mine, others]} == {lan}
    assert audited(desk, "report.hand_over") == before + 1
    step = "select step from status_change where report_id = :i order by version desc limit 1"
    assert desk.scalar(step, i=mine[0]["id"]) == "assign"


def test_undoing_a_handover_brings_the_work_back_and_says_to_whom(desk: Desk) -> None:
    head = desk.at(Role.HEAD, WARD, lang="en")
    minh, _ = appoint(desk, Role.OFFICER, WARD, name="Ông Minh")
    sent = assigned(desk, minh)
    answer = hands_over(head, minh, "nobody")
    run = answer.request.path.rpartition("/")[2]

    undoing = head.post(f"/bulk/{run}/undo", id=str(uuid4()))
    desk.run_jobs()

    assert "Work of Ông Minh handed over, to nobody yet" in words(answer)
    assert "Handover undone, work back with Ông Minh" in words(undoing)
    assert assignee(desk, sent) == minh
    assert "This handover was undone" in head.sees(f"/handover/{run}")
    assert "Work of Ông Minh handed over" in head.sees("/bulk")


def test_an_office_that_there_is_not_is_none_of_mine(desk: Desk, head: Browser) -> None:
    minh, _ = appoint(desk, Role.OFFICER, WARD)
    lan, _ = appoint(desk, Role.OFFICER, WARD)
    sent = assigned(desk, minh)

    answer = hands_over(head, minh, lan, office="khong-co")

    assert answer.status_code == 404
    assert assignee(desk, sent) == minh
    assert head.get("/handover?office=khong-co").status_code == 404


def test_it_may_go_to_nobody_yet(desk: Desk, head: Browser) -> None:
    minh, _ = appoint(desk, Role.OFFICER, WARD)
    sent = assigned(desk, minh)

    hands_over(head, minh, "nobody")

    assert assignee(desk, sent) is None
    assert sent["code"] in head.get("/queue?person=nobody").text


def test_the_work_of_somebody_whose_account_is_closed_moves_too(desk: Desk, head: Browser) -> None:
    minh, _ = appoint(desk, Role.OFFICER, WARD, name="Ông Minh đã nghỉ")
    lan, _ = appoint(desk, Role.OFFICER, WARD)
    sent = assigned(desk, minh)
    head.post(f"/admin/accounts/{minh}/disable")

    assert "Ông Minh đã nghỉ không còn làm ở đơn vị" in head.sees("/handover")
    hands_over(head, minh, lan)

    assert assignee(desk, sent) == lan


def test_the_same_form_sent_twice_is_one_act(desk: Desk, head: Browser) -> None:
    minh, _ = appoint(desk, Role.OFFICER, WARD)
    lan, _ = appoint(desk, Role.OFFICER, WARD)
    assigned(desk, minh)
    run, before = str(uuid4()), audited(desk, "report.hand_over")

    first = hands_over(head, minh, lan, id=run)
    again = hands_over(head, minh, lan, id=run)

    assert words(first) == words(again)
    assert audited(desk, "report.hand_over") == before + 1


def test_what_changed_meanwhile_is_told_and_the_rest_moves(
    desk: Desk, head: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handover, "AT_ONCE", 0)  # all of it is a worker's, who comes later
    minh, _ = appoint(desk, Role.OFFICER, WARD)
    lan, _ = appoint(desk, Role.OFFICER, WARD)
    moved, changed = assigned(desk, minh), assigned(desk, minh)

    answer = hands_over(head, minh, lan)
    assert assignee(desk, moved) == minh
    desk.takes(desk.official(Role.HEAD, WARD), "start", changed["id"])
    desk.run_jobs()

    path = answer.request.path.removeprefix("/console")
    seen = head.sees(path)
    assert "Đã chuyển 1 trên 2 phản ánh; 1 không chuyển được." in seen
    assert f"{changed['code']} · Đang xử lý Phản ánh này vừa thay đổi." in seen
    assert f'href="/console/reports/{changed["code"]}"' in head.get(path).text
    assert (assignee(desk, moved), assignee(desk, changed)) == (lan, minh)


@pytest.mark.parametrize(
    ("lang", "sentences"),
    [
        ("vi", ("Chọn người nhận, hoặc", "không làm việc ở đơn vị", "Chọn người nhận khác")),
        ("en", ("Choose who takes it", "do not work in this office", "Choose somebody else")),
    ],
)
def test_a_wrong_choice_is_told_beside_its_field_and_moves_nothing(
    desk: Desk, lang: str, sentences: tuple[str, ...]
) -> None:
    head = desk.at(Role.HEAD, WARD, lang=lang)
    minh, _ = appoint(desk, Role.OFFICER, WARD)
    elsewhere, _ = appoint(desk, Role.OFFICER, OTHER)
    sent = assigned(desk, minh)

    for to, sentence in zip(("", elsewhere, minh), sentences, strict=True):
        answer = hands_over(head, minh, to)
        assert answer.status_code == 422
        assert sentence in words(answer)
        assert sent["code"] in answer.text
    assert assignee(desk, sent) == minh


def test_no_head_hands_over_the_work_of_another_office(desk: Desk, head: Browser) -> None:
    minh, _ = appoint(desk, Role.OFFICER, WARD)
    sent = assigned(desk, minh)
    other, theirs = desk.at(Role.HEAD, OTHER), {"id": str(uuid4()), "to": "nobody"}

    assert other.get(f"/handover?office={WARD}").status_code == 404
    assert other.post("/handover", office=WARD, **{"from": str(minh)}, **theirs).status_code == 404
    assert other.get(f"/handover/{uuid4()}").status_code == 404
    assert signed_in(desk, minh).get("/handover").status_code == 403
    assert desk.at(Role.ADMIN).get("/handover").status_code == 403
    assert assignee(desk, sent) == minh


def test_what_is_not_open_any_more_stays_with_whoever_did_it(desk: Desk, head: Browser) -> None:
    minh, _ = appoint(desk, Role.OFFICER, WARD)
    lan, _ = appoint(desk, Role.OFFICER, WARD)
    done, still = assigned(desk, minh), assigned(desk, minh)
    token = desk.official(Role.HEAD, WARD)
    desk.takes(token, "start", done["id"])
    desk.takes(token, "resolve", done["id"], outcome="explained", note="Đã giải thích tại chỗ.")

    hands_over(head, minh, lan)

    assert (assignee(desk, done), assignee(desk, still)) == (minh, lan)
