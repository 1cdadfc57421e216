"""One step on many reports: chosen, said once, done one by one, told, stopped, undone."""

import os
import re
import signal
import subprocess
import sys
from base64 import b64encode
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from werkzeug.test import TestResponse

from app.clock import now
from app.config import ROOT
from app.database import db
from reports.desk import bulk, bulk_work
from reports.desk.models import BulkRun
from reports.permissions import Viewer, roles_held
from reports.statuses import Role
from tests.console.conftest import Browser, Desk, words


def pick(desk: Desk, *sent: dict[str, str]) -> str:
    """Reports as a form carries them, at the version that they have now."""
    return ",".join(f"{UUID(one['id']).hex}.{version(desk, one)}" for one in sent)


def version(desk: Desk, sent: dict[str, str]) -> int:
    return int(desk.scalar("select version from report where id = :id", id=sent["id"]))


def status(desk: Desk, sent: dict[str, str]) -> str:
    return str(desk.scalar("select status from report where id = :id", id=sent["id"]))


def begins(browser: Browser, step: str, picked: str, **fields: str) -> TestResponse:
    """Send the form of a bulk run; the page that follows."""
    return browser.post("/bulk", id=str(uuid4()), step=step, picked=picked, **fields)


def run_of(answer: TestResponse) -> str:
    found = re.search(r"/console/bulk/([0-9a-f-]{36})", answer.request.path)
    assert found, words(answer)[:600]
    return found[1]


def in_progress(desk: Desk, **facts: str) -> dict[str, str]:
    sent = desk.submits(**facts)
    desk.accepted(sent["id"])
    desk.takes(desk.officer_of(sent["id"]), "start", sent["id"])
    return sent


# Choosing --------------------------------------------------------------------------------------


def test_rows_have_a_box_for_those_who_work_on_reports_and_none_for_a_leader(desk: Desk) -> None:
    sent = desk.submits()

    box = f'name="pick" value="{UUID(sent["id"]).hex}.1"'

    assert box in desk.at(Role.DISPATCHER).get("/queue").text
    leaders = desk.at(Role.LEADER).get("/queue").text
    assert sent["code"] in leaders
    assert box not in leaders


def test_the_page_says_which_steps_fit_how_many_of_those_chosen(desk: Desk) -> None:
    new, taken = desk.submits(), desk.submits()
    desk.accepted(taken["id"])

    page = words(desk.at(Role.DISPATCHER).post("/bulk/new", picked=pick(desk, new, taken)))

    assert "Đã chọn 2 phản ánh" in page
    assert re.search(r"Tiếp nhận 1 trên 2 Không hoàn tác hàng loạt được", page)
    assert re.search(r"Gộp phản ánh cả 2 Hoàn tác được", page)
    assert "Báo kết quả" not in page


def test_the_form_says_what_is_done_to_how_many_and_why_not_to_the_others(desk: Desk) -> None:
    new, taken = desk.submits(), desk.submits()
    desk.accepted(taken["id"])

    answer = desk.at(Role.DISPATCHER).post(
        "/bulk/new", picked=pick(desk, new, taken), step="accept"
    )

    page = words(answer)
    assert "Tiếp nhận: 1 phản ánh" in page
    assert "1 phản ánh không làm được bước này, sẽ để nguyên" in page
    assert "Không làm được bước “Tiếp nhận” khi phản ánh đang ở trạng thái “Đã tiếp nhận”." in page


def test_all_that_fit_the_filters_are_chosen_at_once(desk: Desk) -> None:
    several = [desk.submits(description="Bảng hiệu rơi xuống vỉa hè.") for _ in range(3)]

    page = desk.at(Role.DISPATCHER).post(
        "/bulk/new", all="yes", query="?status=submitted&q=bang+hieu+roi", step="accept"
    )

    assert "Tiếp nhận: 3 phản ánh" in words(page)
    assert all(UUID(one["id"]).hex in page.text for one in several)


def test_nothing_chosen_is_told_in_both_languages(desk: Desk) -> None:
    in_vietnamese = desk.at(Role.DISPATCHER).post("/bulk/new")
    in_english = desk.at(Role.DISPATCHER, lang="en").post("/bulk/new")

    assert in_vietnamese.status_code == in_english.status_code == 422
    assert "Chưa chọn phản ánh nào." in words(in_vietnamese)
    assert "No report was chosen." in words(in_english)


def test_more_than_two_thousand_are_refused(desk: Desk) -> None:
    many = ",".join(f"{uuid4().hex}.1" for _ in range(bulk.MOST + 1))

    answer = desk.at(Role.DISPATCHER).post("/bulk/new", picked=many)

    assert answer.status_code == 422
    assert "Nhiều nhất 2000 phản ánh một lượt." in words(answer)


# Doing -----------------------------------------------------------------------------------------


def test_a_dispatcher_accepts_many_and_reads_how_it_went(desk: Desk) -> None:
    first, second = desk.submits(), desk.submits()

    answer = begins(desk.at(Role.DISPATCHER), "accept", pick(desk, first, second))

    assert "Đang chờ tới lượt" in words(answer)
    assert 'hx-trigger="every 2s"' in answer.text
    desk.run_jobs()
    page = desk.at(Role.DISPATCHER).get(f"/bulk/{run_of(answer)}")
    assert "Đã làm hết Đã làm 2 trên 2 phản ánh." in words(page)
    assert "hx-trigger" not in page.text
    assert (status(desk, first), status(desk, second)) == ("accepted", "accepted")


def test_a_report_that_changed_since_it_was_chosen_is_left_alone_and_named(desk: Desk) -> None:
    same, changed = desk.submits(), desk.submits(description="Cây đổ ngang đường.")
    picked = pick(desk, same, changed)
    desk.takes(desk.official(Role.DISPATCHER), "amend", changed["id"], urgent=True)

    run = run_of(begins(desk.at(Role.DISPATCHER), "accept", picked))
    desk.run_jobs()

    page = desk.at(Role.DISPATCHER).sees(f"/bulk/{run}")
    assert "Đã làm 1 trên 2 phản ánh; 1 không làm được." in page
    assert "Phản ánh này vừa thay đổi. Xem lại rồi làm tiếp. (Sửa thông tin)" in page
    assert "Cây đổ ngang đường." in page
    in_english = desk.at(Role.DISPATCHER, lang="en").sees(f"/bulk/{run}")
    assert "This has changed meanwhile. Look again, then go on. (Correct the facts)" in in_english
    assert (status(desk, same), status(desk, changed)) == ("accepted", "submitted")


def test_what_failed_is_tried_again_on_the_reports_as_they_are_now(desk: Desk) -> None:
    changed = desk.submits()
    picked = pick(desk, changed)
    desk.takes(desk.official(Role.DISPATCHER), "amend", changed["id"], urgent=True)
    run = run_of(begins(desk.at(Role.DISPATCHER), "accept", picked))
    desk.run_jobs()

    answer = desk.at(Role.DISPATCHER).post(f"/bulk/{run}/again")
    desk.run_jobs()

    assert answer.status_code == 200
    assert "Đã làm 1 trên 1 phản ánh." in desk.at(Role.DISPATCHER).sees(f"/bulk/{run}")
    assert status(desk, changed) == "accepted"


def test_an_answer_to_many_is_filled_in_for_each(desk: Desk) -> None:
    first, second = in_progress(desk, category="khac"), in_progress(desk, category="khac")
    officer = desk.at(Role.OFFICER, desk.office_of(first["id"]))

    begins(
        officer,
        "resolve",
        pick(desk, first, second),
        outcome="explained",
        note="Phản ánh {code} ở {area}: đã kiểm tra.",
    )
    desk.run_jobs()

    for sent in (first, second):
        said = desk.scalar(
            "select note from status_change where report_id = :id and step = 'resolve'",
            id=sent["id"],
        )
        assert said == f"Phản ánh {sent['code']} ở {sent['area']['name']}: đã kiểm tra."


def test_a_reporter_who_reads_english_is_answered_in_english(desk: Desk) -> None:
    phone = desk.resident()
    desk.call("PATCH", "/me", phone, json={"locale": "en"})
    sent = desk.submits(phone, category="khac")
    desk.accepted(sent["id"])
    desk.takes(desk.officer_of(sent["id"]), "start", sent["id"])
    officer = desk.at(Role.OFFICER, desk.office_of(sent["id"]))

    begins(
        officer,
        "ask",
        pick(desk, sent),
        note="Số nhà nào?",
        note_en="Which house, about {code}?",
    )
    desk.run_jobs()

    said = desk.scalar(
        "select note from status_change where report_id = :id and step = 'ask'", id=sent["id"]
    )
    assert said == f"Which house, about {sent['code']}?"


def test_the_words_can_be_seen_filled_in_before_they_are_sent(desk: Desk) -> None:
    sent = in_progress(desk, category="khac")
    officer = desk.at(Role.OFFICER, desk.office_of(sent["id"]))

    page = officer.post(
        "/bulk/new", picked=pick(desk, sent), step="resolve", note="Về {code}", look="yes"
    )

    assert f"Với {sent['code']}: Về {sent['code']}" in words(page)
    assert status(desk, sent) == "in_progress"


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("vi", "Chọn một kết quả."),
        ("en", "Choose a result."),
    ],
)
def test_a_missing_field_is_told_beside_it_and_nothing_typed_is_lost(
    desk: Desk, lang: str, sentence: str
) -> None:
    sent = in_progress(desk, category="khac")
    officer = desk.at(Role.OFFICER, desk.office_of(sent["id"]), lang=lang)
    before = desk.scalar("select count(*) from bulk_run")

    answer = begins(officer, "resolve", pick(desk, sent), note="Đã thay bóng đèn.")

    assert answer.status_code == 422
    assert sentence in words(answer)
    assert "Đã thay bóng đèn." in answer.text
    assert desk.scalar("select count(*) from bulk_run") == before


def test_the_place_in_the_reporters_words_is_not_for_a_published_reply(desk: Desk) -> None:
    sent = in_progress(desk, category="khac")
    officer = desk.at(Role.OFFICER, desk.office_of(sent["id"]))

    answer = begins(officer, "resolve", pick(desk, sent), outcome="fixed", note="Ở {place}.")

    assert answer.status_code == 422
    assert "Lời này được công khai, mà {place} là lời người phản ánh nói riêng." in words(answer)


def test_an_officer_cannot_forward_in_bulk_what_is_the_centres_to_forward(desk: Desk) -> None:
    sent = in_progress(desk)
    officer = desk.at(Role.OFFICER, desk.office_of(sent["id"]))

    answer = begins(officer, "forward", pick(desk, sent), office="so-y-te")

    assert answer.status_code == 422
    assert "Không phản ánh nào trong số đã chọn làm được bước này." in words(answer)


def test_others_reports_are_not_even_counted(desk: Desk) -> None:
    sent = in_progress(desk, description="Riêng của phường.")

    answer = desk.at(Role.OFFICER, "so-y-te").post("/bulk/new", picked=pick(desk, sent))

    assert "Đã chọn 0 phản ánh" in words(answer)
    assert "Riêng của phường." not in words(answer)


def test_a_run_is_its_makers_alone(desk: Desk) -> None:
    run = run_of(begins(desk.at(Role.DISPATCHER), "accept", pick(desk, desk.submits())))

    head = desk.at(Role.HEAD)

    assert head.get(f"/bulk/{run}").status_code == 404
    assert head.post(f"/bulk/{run}/stop").status_code == 404
    assert desk.stranger().get(f"/bulk/{run}", follow=False).status_code == 302
    desk.run_jobs()


def test_whoever_lost_the_role_meanwhile_does_nothing_more(desk: Desk) -> None:
    sent = in_progress(desk, category="khac")
    office = desk.office_of(sent["id"])
    token = desk._appointed(Role.OFFICER, office)
    desk.officials[(Role.OFFICER, "gone")] = token
    run_id = uuid4()
    with desk.app.app_context():
        account = desk.account_of(token)
        by = Viewer(account, roles_held(account, now()))
        picks = [bulk.Pick(UUID(sent["id"]), version(desk, sent))]
        bulk.begin(run_id, "ask", {"note": "Ở đâu?"}, picks, by=by, at=now())
        db.session.commit()
        db.session.execute(
            text("update role_grant set until = now() where account_id = :id"), {"id": account}
        )
        db.session.commit()

    desk.run_jobs()

    assert desk.scalar("select failed from bulk_run where id = :id", id=run_id) == 1
    assert status(desk, sent) == "in_progress"


def test_the_same_form_sent_twice_is_one_run(desk: Desk) -> None:
    form = {"id": str(uuid4()), "step": "accept", "picked": pick(desk, desk.submits())}
    dispatcher = desk.at(Role.DISPATCHER)

    first, second = dispatcher.post("/bulk", **form), dispatcher.post("/bulk", **form)

    assert run_of(first) == run_of(second) == form["id"]
    desk.run_jobs()
    assert desk.scalar("select done from bulk_run where id = :id", id=form["id"]) == 1


def test_a_worker_killed_in_the_middle_of_a_report_does_each_once(desk: Desk) -> None:
    first, second = desk.submits(), desk.submits()
    run = run_of(begins(desk.at(Role.DISPATCHER), "accept", pick(desk, first, second)))

    assert worker_killed_at(desk, "bulk_step_taken") == -signal.SIGKILL

    assert status(desk, first) == "submitted"  # what was not committed did not happen
    with desk.app.app_context():
        assert UUID(run) not in bulk_work.left_behind(at=now())
        late = now() + 2 * bulk_work.SILENT_FOR
        assert UUID(run) in bulk_work.left_behind(at=late)
        bulk.put_to_work(db.session.get_one(BulkRun, UUID(run)))  # as the clock's task does
        db.session.commit()
    desk.run_jobs()
    steps = "select count(*) from status_change where report_id = any(:ids) and step = 'accept'"
    assert desk.scalar(steps, ids=[first["id"], second["id"]]) == 2
    assert desk.scalar("select state || done from bulk_run where id = :id", id=run) == "finished2"


def worker_killed_at(desk: Desk, point: str) -> int:
    """A worker as an operator starts it, killed by `kill -9` at a named point; how it ended."""
    config = desk.app.extensions["xom.config"]
    environment = os.environ | {
        "XOM_ENV": "test",
        "DATABASE_URL": config.database_url.replace("+psycopg", ""),
        "SECRET_KEY": config.secret_key,
        "XOM_IDENTITY_KEY": b64encode(config.identity_key).decode(),
        "XOM_STORAGE_URL": config.storage_url,
        "CRASH_AT": point,
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    return subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, timeout=120, check=False
    ).returncode


# Stopping and undoing --------------------------------------------------------------------------


def test_a_run_is_stopped_and_goes_on_with_what_was_left(desk: Desk) -> None:
    sent = [desk.submits() for _ in range(3)]
    dispatcher = desk.at(Role.DISPATCHER)
    run = run_of(begins(dispatcher, "accept", pick(desk, *sent)))
    with desk.app.app_context():
        bulk_work.take_next(UUID(run), at=now())
        db.session.commit()

    stopped = words(dispatcher.post(f"/bulk/{run}/stop"))
    desk.run_jobs()

    assert "Đã dừng Đã làm 1 trên 3 phản ánh." in stopped
    assert [status(desk, one) for one in sent] == ["accepted", "submitted", "submitted"]
    dispatcher.post(f"/bulk/{run}/go-on")
    desk.run_jobs()
    assert "Đã làm 3 trên 3 phản ánh." in dispatcher.sees(f"/bulk/{run}")


def test_stopping_what_is_over_is_refused_with_a_sentence(desk: Desk) -> None:
    dispatcher = desk.at(Role.DISPATCHER)
    run = run_of(begins(dispatcher, "accept", pick(desk, desk.submits())))
    desk.run_jobs()

    answer = dispatcher.post(f"/bulk/{run}/stop")

    assert answer.status_code == 409
    assert "Lượt làm này không còn ở chỗ làm được việc đó." in words(answer)


def test_many_are_merged_into_one_and_taken_apart_again(desk: Desk) -> None:
    lead, second, third = desk.submits(), desk.submits(), desk.submits()
    dispatcher = desk.at(Role.DISPATCHER)

    answer = begins(dispatcher, "merge", pick(desk, lead, second, third), target=lead["code"])
    desk.run_jobs()

    run = run_of(answer)
    assert [status(desk, one) for one in (lead, second, third)] == ["submitted", "merged", "merged"]
    assert "Hoàn tác cả lượt" in dispatcher.sees(f"/bulk/{run}")
    undoing = dispatcher.post(f"/bulk/{run}/undo", id=str(uuid4()))
    desk.run_jobs()
    assert status(desk, second) == status(desk, third) == "submitted"
    assert "Đã làm 2 trên 2 phản ánh." in dispatcher.sees(f"/bulk/{run_of(undoing)}")
    assert "Lượt này đã được hoàn tác" in dispatcher.sees(f"/bulk/{run}")


def test_a_code_that_is_nobodys_is_told_beside_the_field(desk: Desk) -> None:
    picked = pick(desk, desk.submits(), desk.submits())

    answer = begins(desk.at(Role.DISPATCHER), "merge", picked, target_code="000-000-000-X")

    assert answer.status_code == 422
    assert "Không có phản ánh nào mang mã này. Xem lại mã." in words(answer)


def test_what_is_unlike_is_merged_only_once_that_was_read(desk: Desk) -> None:
    lead, alike = desk.submits(category="o-nhiem"), desk.submits(category="o-nhiem")
    other = desk.submits(category="rac-thai")
    dispatcher = desk.at(Role.DISPATCHER)
    picked, target = pick(desk, lead, alike, other), lead["code"]

    told = begins(dispatcher, "merge", picked, target=target)
    done = begins(dispatcher, "merge", picked, target=target, sure=target)

    assert told.status_code == 422
    assert "1 phản ánh khác lĩnh vực" in words(told)
    assert f'<option value="{target}" selected>' in told.text
    assert f'name="sure" value="{target}"' in told.text
    assert run_of(done)


def test_no_code_of_a_report_out_of_sight_is_told_from_one_that_is_none(desk: Desk) -> None:
    mine = desk.submits(category="lan-chiem")
    desk.accepted(mine["id"])
    unseen = desk.submits(category="dien-nguy-hiem")
    officer = desk.at(Role.OFFICER, desk.office_of(mine["id"]))

    answers = [
        begins(officer, "merge", pick(desk, mine), target_code=code)
        for code in (unseen["code"], "000-000-000-X")
    ]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert not any('name="sure"' in answer.text for answer in answers)


def test_reports_given_to_somebody_go_back_to_whoever_had_them(desk: Desk) -> None:
    sent = in_progress(desk)
    office = desk.office_of(sent["id"])
    before = desk.at(Role.OFFICER, office).account_id
    desk.takes(desk.officer_of(sent["id"]), "assign", sent["id"], person=str(before))
    head = desk.at(Role.HEAD, office)

    run = run_of(begins(head, "assign", pick(desk, sent), person=str(head.account_id)))
    desk.run_jobs()

    held = "select assignee_id from report where id = :id"
    assert desk.scalar(held, id=sent["id"]) == head.account_id
    head.post(f"/bulk/{run}/undo", id=str(uuid4()))
    desk.run_jobs()
    assert desk.scalar(held, id=sent["id"]) == before


def test_undoing_a_publication_asks_why_and_hides(desk: Desk) -> None:
    sent = desk.submits()
    desk.accepted(sent["id"], hold_back=True)
    dispatcher = desk.at(Role.DISPATCHER)
    run = run_of(begins(dispatcher, "publish", pick(desk, sent)))
    desk.run_jobs()
    shown = "select shown from report where id = :id"
    assert desk.scalar(shown, id=sent["id"]) is True

    refused = dispatcher.post(f"/bulk/{run}/undo", id=str(uuid4()))

    assert refused.status_code == 422
    assert "Ghi vì sao ẩn." in words(refused)
    dispatcher.post(f"/bulk/{run}/undo", id=str(uuid4()), note="Công khai nhầm.")
    desk.run_jobs()
    assert desk.scalar(shown, id=sent["id"]) is False


@pytest.mark.parametrize(
    ("lang", "label"),
    [
        ("vi", "Vì sao xử lý tiếp, không đợi trả lời (bắt buộc)"),
        ("en", "Why work goes on without the answer (required)"),
    ],
)
def test_undoing_a_question_says_before_that_it_takes_a_note(
    desk: Desk, lang: str, label: str
) -> None:
    sent = in_progress(desk, category="khac")
    officer = desk.at(Role.OFFICER, desk.office_of(sent["id"]), lang=lang)
    run = run_of(begins(officer, "ask", pick(desk, sent), note="Số nhà nào?"))
    desk.run_jobs()

    page = officer.get(f"/bulk/{run}")

    assert label in words(page)
    assert re.search(r'<textarea id="undo-note"[^>]* required', page.text)
    officer.post(f"/bulk/{run}/undo", id=str(uuid4()), note="Đã tìm ra nhà.")
    desk.run_jobs()
    assert status(desk, sent) == "in_progress"


def test_what_changed_after_the_run_is_not_undone(desk: Desk) -> None:
    lead, other = desk.submits(), desk.submits()
    dispatcher = desk.at(Role.DISPATCHER)
    run = run_of(begins(dispatcher, "merge", pick(desk, other), target_code=lead["code"]))
    desk.run_jobs()
    desk.takes(desk.official(Role.DISPATCHER), "unmerge", other["id"])

    undoing = run_of(dispatcher.post(f"/bulk/{run}/undo", id=str(uuid4())))
    desk.run_jobs()

    page = dispatcher.sees(f"/bulk/{undoing}")
    assert "1 không làm được" in page
    assert "(Tách phản ánh)" in page


def test_an_acceptance_has_no_way_back_in_bulk(desk: Desk) -> None:
    dispatcher = desk.at(Role.DISPATCHER)
    run = run_of(begins(dispatcher, "accept", pick(desk, desk.submits())))
    desk.run_jobs()

    answer = dispatcher.post(f"/bulk/{run}/undo", id=str(uuid4()))

    assert answer.status_code == 409
    assert "Không hoàn tác hàng loạt được: người phản ánh" in dispatcher.sees(f"/bulk/{run}")


def test_what_was_sent_to_another_office_goes_back_while_untouched(desk: Desk) -> None:
    untouched, begun = desk.submits(), desk.submits()
    for one in (untouched, begun):
        desk.accepted(one["id"])
    before = desk.office_of(untouched["id"])
    dispatcher = desk.at(Role.DISPATCHER)
    begin = begins(dispatcher, "forward", pick(desk, untouched, begun), office="so-xay-dung")
    run = run_of(begin)
    desk.run_jobs()
    assert desk.office_of(untouched["id"]) == "so-xay-dung"
    desk.takes(desk.officer_of(begun["id"]), "start", begun["id"])
    assert "về đơn vị trước đó; hạn được tính lại." in dispatcher.sees(f"/bulk/{run}")

    undoing = run_of(dispatcher.post(f"/bulk/{run}/undo", id=str(uuid4())))
    desk.run_jobs()

    assert (desk.office_of(untouched["id"]), status(desk, untouched)) == (before, "accepted")
    assert (desk.office_of(begun["id"]), status(desk, begun)) == ("so-xay-dung", "in_progress")
    assert "1 không làm được" in dispatcher.sees(f"/bulk/{undoing}")


def test_old_runs_are_listed_newest_first(desk: Desk) -> None:
    dispatcher = desk.at(Role.DISPATCHER)
    begins(dispatcher, "accept", pick(desk, desk.submits()))
    desk.run_jobs()

    page = dispatcher.sees("/bulk")

    assert "Tiếp nhận" in page
    assert "Đã làm hết 1 / 1 0" in page
    assert "Chưa có lượt nào" in desk.at(Role.OFFICER, "so-y-te").sees("/bulk")


def test_a_long_run_is_done_in_slices_between_which_others_may_pass(desk: Desk) -> None:
    sent = [desk.submits() for _ in range(3)]
    run = run_of(begins(desk.at(Role.DISPATCHER), "accept", pick(desk, *sent)))

    slice_of, bulk_work.SLICE = bulk_work.SLICE, 2
    try:
        desk.run_jobs()
        left_over = status(desk, sent[2])
        desk.run_jobs()
    finally:
        bulk_work.SLICE = slice_of

    assert left_over == "submitted"
    assert status(desk, sent[2]) == "accepted"
    assert desk.scalar("select state from bulk_run where id = :id", id=run) == "finished"
