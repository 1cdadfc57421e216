"""A report's life after it was sent: deadlines, waiting, returning, merging, reopening, ending."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.database import db
from reports import assignments, clockwork, errors
from reports.models import Report
from reports.permissions import Viewer
from reports.statuses import Role, Status
from tests.reports.conftest import MONDAY, House

HUE = ZoneInfo("Asia/Ho_Chi_Minh")


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HUE).astimezone(UTC)


@pytest.fixture
def dispatcher(house: House) -> Viewer:
    return house.official(Role.DISPATCHER)


def lead_of(house: House, report: Report) -> str:
    return house.city.offices_by_id[report.office_id].code


def officer_of(house: House, report: Report, role: Role = Role.OFFICER) -> Viewer:
    return house.official(role, lead_of(house, report))


def accepted(house: House, dispatcher: Viewer, who: str = "Lan") -> Report:
    report = house.submits(who)
    house.takes(dispatcher, "accept", report)
    return report


def resolved(house: House, dispatcher: Viewer, who: str = "Lan") -> Report:
    report = accepted(house, dispatcher, who)
    officer = officer_of(house, report)
    house.takes(officer, "start", report)
    house.takes(officer, "resolve", report, outcome="explained", note="Đã nạo vét.")
    return report


# Accepting ---------------------------------------------------------------------------------------


def test_acceptance_publishes_assigns_and_starts_the_clock(
    house: House, dispatcher: Viewer
) -> None:
    report = accepted(house, dispatcher)

    assert report.shown
    assert report.accepted_at == report.published_at == report.assigned_at == MONDAY
    assert report.centre_due_at is None
    assert report.due_at == report.first_due_at == local("2026-03-11 17:00")


def test_a_report_held_back_is_accepted_but_not_shown(house: House, dispatcher: Viewer) -> None:
    report = house.submits()

    house.takes(dispatcher, "accept", report, hold_back=True)

    assert report.status == Status.ACCEPTED
    assert not report.shown


def test_the_office_and_its_reason_are_on_record(house: House, dispatcher: Viewer) -> None:
    report = accepted(house, dispatcher)

    lead, *others = assignments.present(report.id)

    assert not others
    assert (lead.part, lead.office_id) == ("lead", report.office_id)
    assert "Thuận Hóa" in lead.reason_vi
    assert lead.area_id == report.area_id


def test_the_reporter_and_the_officers_hear_of_an_acceptance(
    house: House, dispatcher: Viewer
) -> None:
    report = house.submits()
    officer = officer_of(house, report)

    house.takes(dispatcher, "accept", report)

    assert house.messages("Lan") == ["accepted"]
    assert house.messages(officer) == ["new_work"]


# Waiting -----------------------------------------------------------------------------------------


def test_waiting_rests_both_deadlines_for_as_long_as_it_lasts(
    house: House, dispatcher: Viewer
) -> None:
    report = accepted(house, dispatcher)
    officer = officer_of(house, report)
    house.at = local("2026-03-04 08:30")
    house.takes(officer, "ask", report, note="Cống nào, trước số nhà mấy?")
    house.at = local("2026-03-06 08:30")

    house.takes("Lan", "answer", report, note="Trước số 12.")

    assert report.status == Status.ACCEPTED
    assert report.first_due_at == report.due_at == local("2026-03-13 17:00")
    assert "answered" in house.messages(officer)


def test_a_deadline_missed_before_the_question_stays_missed(
    house: House, dispatcher: Viewer
) -> None:
    report = accepted(house, dispatcher)
    house.at = local("2026-03-16 08:30")
    house.takes(officer_of(house, report), "ask", report, note="Ở đâu?")
    house.at = local("2026-03-18 08:30")

    house.takes("Lan", "answer", report, note="Trước số 12.")

    assert report.first_due_at == local("2026-03-11 17:00")


def test_a_third_question_is_refused(house: House, dispatcher: Viewer) -> None:
    report = accepted(house, dispatcher)
    officer = officer_of(house, report)
    for _ in range(2):
        house.takes(officer, "ask", report, note="Ở đâu?")
        house.takes("Lan", "answer", report, note="Ở đây.")

    with pytest.raises(errors.AskedTwice):
        house.takes(officer, "ask", report, note="Ở đâu?")


def test_a_question_without_an_answer_ends_by_itself_after_five_working_days(
    house: House, dispatcher: Viewer
) -> None:
    report = accepted(house, dispatcher)
    house.takes(officer_of(house, report), "ask", report, note="Ở đâu?")

    clockwork.tick(local("2026-03-09 16:59"))
    still_waiting = report.status
    clockwork.tick(local("2026-03-09 17:00"))

    assert still_waiting == Status.WAITING
    assert report.status == Status.ACCEPTED
    assert house.changes(report.id)[-1] == "resume"


def test_only_whoever_asked_or_the_centre_may_go_on(house: House, dispatcher: Viewer) -> None:
    report = accepted(house, dispatcher)
    house.takes(dispatcher, "ask", report, note="Ở đâu?")

    with pytest.raises(errors.StepNotYours):
        house.takes(officer_of(house, report), "resume", report, note="Thôi.")


def test_a_rest_counts_on_each_deadline_by_its_own_clock(house: House, dispatcher: Viewer) -> None:
    report = accepted(house, dispatcher)
    house.takes(dispatcher, "amend", report, urgent=True)
    house.at = MONDAY + timedelta(hours=1)
    house.takes(dispatcher, "ask", report, note="Dây nào?")
    house.at = MONDAY + timedelta(hours=25)

    house.takes("Lan", "answer", report, note="Dây thấp nhất.")

    assert report.due_at == MONDAY + timedelta(hours=28)
    assert report.first_due_at == local("2026-03-12 17:00")  # one working day later


# Returning and forwarding ------------------------------------------------------------------------


def test_a_return_starts_the_centres_clock_and_a_forward_gives_a_new_date(
    house: House, dispatcher: Viewer
) -> None:
    report = accepted(house, dispatcher)
    first_office = lead_of(house, report)
    house.at = local("2026-03-03 08:30")
    house.takes(officer_of(house, report), "return", report, note="Việc của công ty thoát nước.")
    assert report.centre_due_at == local("2026-03-04 08:30")
    other = next(o.code for o in house.city.office_by_code.values() if o.kind == "utility")

    house.takes(dispatcher, "forward", report, office=other)

    assert lead_of(house, report) == other != first_office
    assert report.status == Status.ACCEPTED
    assert report.first_due_at == local("2026-03-11 17:00")
    assert report.due_at == local("2026-03-12 17:00")
    assert house.messages("Lan") == ["accepted", "forwarded"]


def test_after_two_returns_the_centres_head_decides_for_good(
    house: House, dispatcher: Viewer
) -> None:
    report = accepted(house, dispatcher)
    offices = [o.code for o in house.city.office_by_code.values() if o.kind == "department"]
    house.takes(officer_of(house, report), "return", report, note="Không phải việc của chúng tôi.")
    house.takes(dispatcher, "forward", report, office=offices[0])
    house.takes(officer_of(house, report), "return", report, note="Cũng không phải.")

    with pytest.raises(errors.HeadDecides):
        house.takes(dispatcher, "forward", report, office=offices[1])
    house.takes(house.official(Role.HEAD), "forward", report, office=offices[1])

    with pytest.raises(errors.NotReturnable):
        house.takes(officer_of(house, report), "return", report, note="Vẫn không phải.")


def test_an_office_that_gave_a_report_back_no_longer_acts_on_it(
    house: House, dispatcher: Viewer
) -> None:
    report, other = accepted(house, dispatcher), accepted(house, dispatcher, "Minh")
    officer = officer_of(house, report)

    house.takes(officer, "return", report, note="Không phải việc của chúng tôi.")

    with pytest.raises(errors.StepNotYours):
        house.takes(officer, "merge", report, target=other.id)


# Extension, evidence, planning -------------------------------------------------------------------


def test_an_extension_is_asked_by_the_head_granted_by_the_centre_and_kept_apart_from_the_first_date(
    house: House, dispatcher: Viewer
) -> None:
    report = accepted(house, dispatcher)
    head = officer_of(house, report, Role.HEAD)
    until = local("2026-03-20 17:00")
    house.takes(head, "ask_extension", report, note="Chờ vật tư.", until=until)

    house.takes(dispatcher, "grant_extension", report)

    assert report.due_at == until
    assert report.first_due_at == local("2026-03-11 17:00")
    assert "extended" in house.messages("Lan")
    with pytest.raises(errors.AlreadyAsked):
        house.takes(head, "ask_extension", report, note="Nữa.", until=until + timedelta(days=9))


def test_a_category_with_evidence_wants_a_photo_of_the_repair(
    house: House, dispatcher: Viewer
) -> None:
    category = next(
        c
        for c in house.city.offered_categories()
        if c.evidence and not c.urgent and not any(q.get("required") for q in c.questions)
    )
    report = house.submits(category=category.code)
    house.takes(dispatcher, "accept", report)
    officer = officer_of(house, report)
    house.takes(officer, "start", report)

    with pytest.raises(errors.EvidenceMissing):
        house.takes(officer, "resolve", report, outcome="fixed", note="Đã sửa.")


def test_a_plan_needs_its_date(house: House, dispatcher: Viewer) -> None:
    report = accepted(house, dispatcher)
    officer = officer_of(house, report)
    house.takes(officer, "start", report)

    with pytest.raises(errors.DateMissing):
        house.takes(officer, "resolve", report, outcome="planned", note="Quý sau.")


def test_moving_the_pin_leaves_every_promise_as_it_was(house: House, dispatcher: Viewer) -> None:
    reopened = resolved(house, dispatcher)
    house.takes("Lan", "reopen", reopened, note="Chưa xong.")
    promised = reopened.due_at

    house.takes(dispatcher, "amend", reopened, lat=16.4676, lng=107.5886)

    assert reopened.due_at == promised == local("2026-03-05 17:00")


def test_a_granted_date_is_not_taken_back_by_another_category(
    house: House, dispatcher: Viewer
) -> None:
    report = accepted(house, dispatcher)
    until = local("2026-03-20 17:00")
    head = officer_of(house, report, Role.HEAD)
    house.takes(head, "ask_extension", report, note="Chờ vật tư.", until=until)
    house.takes(dispatcher, "grant_extension", report)

    house.takes(dispatcher, "amend", report, category="rac-thai")

    assert report.due_at == until


def test_a_ward_may_be_named_where_a_person_knows_better_than_the_pin(
    house: House, dispatcher: Viewer
) -> None:
    report = house.submits()

    house.takes(dispatcher, "amend", report, area="19753")

    assert house.city.area_by_id[report.area_id].code == "19753"
    with pytest.raises(errors.UnknownArea):
        house.takes(dispatcher, "amend", report, area="no-such")


def test_an_extension_that_would_come_too_early_by_now_is_not_granted(
    house: House, dispatcher: Viewer
) -> None:
    report = accepted(house, dispatcher)
    head = officer_of(house, report, Role.HEAD)
    until = local("2026-03-12 17:00")
    house.takes(head, "ask_extension", report, note="Chờ vật tư.", until=until)
    house.at = local("2026-03-16 09:00")

    with pytest.raises(errors.DateNotLater):
        house.takes(dispatcher, "grant_extension", report)


def test_an_urgent_report_keeps_what_was_waited_when_it_is_accepted_and_forwarded(
    house: House, dispatcher: Viewer
) -> None:
    report = house.submits(category="dien-nguy-hiem")
    house.at = MONDAY + timedelta(hours=1)
    house.takes(dispatcher, "ask", report, note="Trụ số mấy?")
    house.at = MONDAY + timedelta(hours=11)
    house.takes("Lan", "answer", report, note="Trụ 14.")
    waited = MONDAY + timedelta(hours=14)
    assert report.due_at == report.first_due_at == waited

    house.takes(dispatcher, "accept", report)
    house.takes(dispatcher, "forward", report, office="hepco")

    assert report.due_at == report.first_due_at == waited


def test_what_is_urgent_binds_the_centre_by_its_four_hours_too(
    house: House, dispatcher: Viewer
) -> None:
    report = house.submits()
    own = report.centre_due_at

    house.takes(dispatcher, "amend", report, urgent=True)
    urgent = report.act_by
    house.takes(dispatcher, "amend", report, urgent=False)

    assert urgent == report.submitted_at + timedelta(hours=4)
    assert report.centre_due_at == own


def test_an_urgent_category_is_the_centres_by_the_same_hour_as_the_reporter_was_told(
    house: House,
) -> None:
    report = house.submits(category="dien-nguy-hiem")

    assert report.urgent
    assert report.centre_due_at == report.due_at == report.submitted_at + timedelta(hours=4)


def test_the_centre_s_clock_rests_while_the_centre_waits_for_an_answer(
    house: House, dispatcher: Viewer
) -> None:
    report = house.submits()
    before = report.centre_due_at
    house.takes(dispatcher, "ask", report, note="Ở đâu?")
    house.at = local("2026-03-02 16:00")

    house.takes("Lan", "answer", report, note="Ở đây.")

    assert before == local("2026-03-03 08:30")
    assert report.centre_due_at == local("2026-03-03 16:00")


# Ending and reopening ----------------------------------------------------------------------------


def test_a_result_that_nobody_disputes_is_closed_after_seven_days(
    house: House, dispatcher: Viewer
) -> None:
    report = resolved(house, dispatcher)

    clockwork.tick(MONDAY + timedelta(days=7) - timedelta(seconds=1))
    before = report.status
    clockwork.tick(MONDAY + timedelta(days=7))

    assert before == Status.RESOLVED
    assert report.status == Status.CLOSED
    assert report.closed_at == MONDAY + timedelta(days=7)


def test_reopening_gives_three_working_days_and_leaves_the_first_result_on_record(
    house: House, dispatcher: Viewer
) -> None:
    report = resolved(house, dispatcher)
    first_result = report.first_resolved_at
    house.at = local("2026-03-05 10:00")

    house.takes("Lan", "reopen", report, note="Nước vẫn ngập.")
    house.at = local("2026-03-06 10:00")
    house.takes(officer_of(house, report), "resolve", report, outcome="fixed", note="Đã làm lại.")

    assert report.reopened == 1
    assert report.due_at == local("2026-03-10 17:00")
    assert report.first_due_at == local("2026-03-11 17:00")
    assert report.first_resolved_at == first_result


def test_nobody_reopens_after_thirty_days(house: House, dispatcher: Viewer) -> None:
    report = resolved(house, dispatcher)
    house.takes("Lan", "confirm", report)
    house.at = MONDAY + timedelta(days=30, seconds=1)

    with pytest.raises(errors.TooLate):
        house.takes("Lan", "reopen", report, note="Hỏng lại rồi.")


def test_a_refusal_may_be_disputed_once(house: House, dispatcher: Viewer) -> None:
    report = house.submits()
    house.takes(dispatcher, "reject", report, reason="unclear", note="Chưa rõ ở đâu.")
    house.takes("Lan", "reconsider", report, note="Trước cổng trường.")
    assert report.status == Status.SUBMITTED
    house.takes(dispatcher, "reject", report, reason="unclear", note="Vẫn chưa rõ.")

    with pytest.raises(errors.OnlyOnce):
        house.takes("Lan", "reconsider", report, note="Sao lại thế.")


def test_the_centre_mends_its_refusal_and_the_reporters_own_word_is_not_used_up(
    house: House, dispatcher: Viewer
) -> None:
    report = house.submits()
    house.takes(dispatcher, "reject", report, reason="personal", note="Có chuyện riêng.")

    house.takes(dispatcher, "reconsider", report, note="Nhầm phản ánh khác, xin lỗi bạn.")

    assert report.status == Status.SUBMITTED
    assert report.hidden  # what was refused for its words is shown when the centre says so
    house.takes(dispatcher, "reject", report, reason="unclear", note="Chưa rõ ở đâu.")
    house.takes(dispatcher, "reconsider", report, note="Lại nhầm.")
    house.takes(dispatcher, "reject", report, reason="unclear", note="Vẫn chưa rõ.")
    house.takes("Lan", "reconsider", report, note="Trước cổng trường.")
    assert report.status == Status.SUBMITTED


def test_the_centre_takes_nothing_up_again_after_thirty_days(
    house: House, dispatcher: Viewer
) -> None:
    report = house.submits()
    house.takes(dispatcher, "reject", report, reason="unclear", note="Chưa rõ ở đâu.")
    house.at = house.at + timedelta(days=30, seconds=1)

    with pytest.raises(errors.TooLate):
        house.takes(dispatcher, "reconsider", report, note="Nhầm.")


def test_a_report_looked_at_anew_starts_a_new_life(house: House, dispatcher: Viewer) -> None:
    report = accepted(house, dispatcher)
    officer = officer_of(house, report)
    house.takes(dispatcher, "reject", report, reason="unclear", note="Chưa rõ.")
    house.takes("Lan", "reconsider", report, note="Trước cổng trường.")
    house.at = local("2026-03-18 09:00")

    house.takes(dispatcher, "accept", report, hold_back=True)

    assert report.first_due_at == local("2026-03-27 17:00")
    assert not report.shown
    assert report.office_id in {office for _, office in officer.held}


def test_what_was_refused_for_its_words_is_no_longer_shown(
    house: House, dispatcher: Viewer
) -> None:
    report = accepted(house, dispatcher)

    house.takes(dispatcher, "reject", report, reason="abusive", note="Lời lẽ không phù hợp.")

    assert not report.shown


# Merging -----------------------------------------------------------------------------------------


def test_chains_of_merged_reports_are_flattened_and_all_hear_the_news_once(
    house: House, dispatcher: Viewer
) -> None:
    first, second, third = (accepted(house, dispatcher, who) for who in ("Lan", "Minh", "Hoa"))
    house.takes(dispatcher, "merge", first, target=second.id)
    house.takes(dispatcher, "merge", second, target=third.id)
    db.session.refresh(first)

    house.takes(officer_of(house, third), "start", third)

    assert first.lead_id == second.lead_id == third.id
    for who in ("Lan", "Minh", "Hoa"):
        assert house.messages(who).count("started") == 1


def test_a_report_is_not_merged_into_a_finished_one(house: House, dispatcher: Viewer) -> None:
    done, late = resolved(house, dispatcher, "Minh"), accepted(house, dispatcher)

    with pytest.raises(errors.CannotMerge):
        house.takes(dispatcher, "merge", late, target=done.id)


def test_taking_apart_restores_the_status_before(house: House, dispatcher: Viewer) -> None:
    target, report = accepted(house, dispatcher, "Minh"), accepted(house, dispatcher)
    house.takes(officer_of(house, report), "start", report)
    house.takes(dispatcher, "merge", report, target=target.id)

    house.takes(dispatcher, "unmerge", report)

    assert (report.status, report.lead_id) == (Status.IN_PROGRESS, None)


def test_whoever_was_merged_may_reopen_the_lead(house: House, dispatcher: Viewer) -> None:
    target, report = accepted(house, dispatcher, "Minh"), accepted(house, dispatcher)
    house.takes(dispatcher, "merge", report, target=target.id)
    officer = officer_of(house, target)
    house.takes(officer, "start", target)
    house.takes(officer, "resolve", target, outcome="fixed", note="Xong.")

    house.takes("Lan", "reopen", target, note="Chỗ tôi chưa xong.")

    assert target.status == Status.IN_PROGRESS


def test_a_merged_chain_hears_which_report_it_follows_now(house: House, dispatcher: Viewer) -> None:
    first, second, third = (accepted(house, dispatcher, who) for who in ("Lan", "Minh", "Hoa"))
    house.takes(dispatcher, "merge", first, target=second.id)

    house.takes(dispatcher, "merge", second, target=third.id)

    assert house.messages("Lan").count("merged") == 2


def test_a_report_that_others_follow_is_not_withdrawn(house: House, dispatcher: Viewer) -> None:
    lead, report = accepted(house, dispatcher, "Minh"), accepted(house, dispatcher)
    house.takes(dispatcher, "merge", report, target=lead.id)
    house.at = MONDAY + timedelta(minutes=1)

    with pytest.raises(errors.OthersFollow):
        house.takes("Minh", "withdraw", lead)


def test_a_question_survives_being_merged_and_taken_apart(house: House, dispatcher: Viewer) -> None:
    target, report = accepted(house, dispatcher, "Minh"), accepted(house, dispatcher)
    officer = officer_of(house, report)
    house.takes(officer, "start", report)
    house.takes(officer, "ask", report, note="Ở đâu?")
    house.takes(dispatcher, "merge", report, target=target.id)
    house.takes(dispatcher, "unmerge", report)

    house.takes("Lan", "answer", report, note="Ở đây.")

    assert report.status == Status.IN_PROGRESS


# Recurrence --------------------------------------------------------------------------------------


def test_the_third_time_at_one_spot_reaches_the_head(house: House, dispatcher: Viewer) -> None:
    first = accepted(house, dispatcher)
    head = officer_of(house, first, Role.HEAD)
    done(house, first)
    house.at = MONDAY + timedelta(days=7)
    second = accepted(house, dispatcher)
    done(house, second)
    assert "recurring" not in house.messages(head)
    house.at = MONDAY + timedelta(days=14)

    third = accepted(house, dispatcher)
    elsewhere = house.submits(place=(16.4698, 107.5786))
    house.takes(dispatcher, "accept", elsewhere)

    assert [report.recurrence for report in (first, second, third, elsewhere)] == [1, 2, 3, 1]
    assert third.recurs_from_id == second.id
    assert house.messages(head).count("recurring") == 1


def done(house: House, report: Report) -> None:
    officer = officer_of(house, report)
    house.takes(officer, "start", report)
    house.takes(officer, "resolve", report, outcome="explained", note="Đã nhắc nhở.")


def test_two_who_report_the_same_at_once_are_no_recurrence(
    house: House, dispatcher: Viewer
) -> None:
    accepted(house, dispatcher)
    house.at = MONDAY + timedelta(minutes=5)

    second = accepted(house, dispatcher, "Minh")

    assert (second.recurrence, second.recurs_from_id) == (1, None)


# Order ids ---------------------------------------------------------------------------------------


def test_a_step_sent_twice_is_taken_once(house: House, dispatcher: Viewer) -> None:
    report = house.submits()
    change = house.takes(dispatcher, "accept", report)

    again = house.takes(dispatcher, "accept", report, id=change.id)

    assert again.id == change.id
    assert house.changes(report.id) == ["submit", "accept"]


def test_an_id_used_for_one_step_is_not_taken_for_another(house: House, dispatcher: Viewer) -> None:
    report = house.submits()
    change = house.takes(dispatcher, "accept", report)

    with pytest.raises(errors.SameIdOtherStep):
        house.takes(dispatcher, "hide", report, id=change.id, note="Nhầm.")
