"""What one report counts for, by what people did with it. March 2026: work from 7:30 to 11:30 and
from 13:00 to 17:00, Monday to Friday; the first Monday is the second."""

from datetime import date
from uuid import uuid4

import pytest

from app.auth.models import AccountKind
from app.database import db
from reports import erasure, voices
from reports.figures.models import ReportFact
from reports.models import Report
from reports.permissions import Viewer
from reports.statuses import Role
from tests.figures.conftest import Counted, local

HOUR = 3600


def at_work(house: Counted, report: Report, role: Role = Role.OFFICER) -> Viewer:
    """An official of the office that leads the report now."""
    codes = {one.id: one.code for one in house.city.offices_by_id.values()}
    return house.official(role, codes[report.office_id])


def accepted(house: Counted, **facts: object) -> Report:
    report = house.submits(**facts)  # type: ignore[arg-type]
    house.takes(house.official(Role.DISPATCHER), "accept", report)
    return report


def begun(house: Counted, **facts: object) -> Report:
    report = accepted(house, **facts)
    house.takes(at_work(house, report), "start", report)
    return report


def resolved(house: Counted, **facts: object) -> Report:
    report = begun(house, **facts)
    answers(house, report)
    return report


def answers(house: Counted, report: Report, outcome: str = "explained") -> None:
    house.takes(
        at_work(house, report), "resolve", report, outcome=outcome, note="Đã xem và trả lời."
    )


# Received ---------------------------------------------------------------------------------------


def test_a_report_counts_on_the_day_it_was_received_in_the_city(house: Counted) -> None:
    house.at = local(3, 0, 30)  # still the day before in UTC

    fact = house.fact(house.submits().id)

    assert fact.day == date(2026, 3, 3)
    assert (fact.fate, fact.reason, fact.published) == ("open", None, False)
    assert fact.accept_s is None and fact.resolve_s is None and fact.centre_s is None


def test_what_was_amended_counts_where_it_is_now(house: Counted) -> None:
    report = accepted(house)
    other = next(
        one for one in house.city.offered_categories()
        if one.id != report.category_id and not one.private and not one.about_officials
    )  # fmt: skip

    house.takes(house.official(Role.DISPATCHER), "amend", report, category=other.code)

    assert house.fact(report.id).category_id == other.id


def test_a_hidden_report_is_not_published(house: Counted) -> None:
    report = accepted(house)
    assert house.fact(report.id).published

    house.takes(house.official(Role.DISPATCHER), "hide", report, note="Lộ số nhà.")

    assert not house.fact(report.id).published


# The centre -------------------------------------------------------------------------------------


def test_acceptance_takes_the_working_time_since_sending(house: Counted) -> None:
    house.at = local(2, 16)
    report = house.submits()
    house.at = local(3, 8)
    house.takes(house.official(Role.DISPATCHER), "accept", report)

    fact = house.fact(report.id)

    assert fact.accept_s == fact.centre_s == HOUR + HOUR // 2
    assert fact.centre_in_time


def test_the_first_acceptance_counts_though_it_was_forwarded_later(house: Counted) -> None:
    report = accepted(house)
    house.later(hours=1)
    other = next(c for c in house.city.office_by_code if house.office_id(c) != report.office_id)

    house.takes(house.official(Role.DISPATCHER), "forward", report, office=other)

    assert house.fact(report.id).accept_s == 0


def test_the_centre_is_late_after_eight_working_hours(house: Counted) -> None:
    report = house.submits()  # 8:30
    house.at = local(3, 8, 31)
    house.takes(house.official(Role.DISPATCHER), "accept", report)

    fact = house.fact(report.id)

    assert fact.centre_s == 8 * HOUR + 60
    assert fact.centre_in_time is False


def test_a_report_that_came_back_is_the_centres_again(house: Counted) -> None:
    report = accepted(house)
    house.takes(at_work(house, report), "return", report, note="Không thuộc địa bàn.")
    house.later(hours=2)
    assert house.fact(report.id).centre_s is None  # not over

    office = next(c for c in house.city.office_by_code if c != house.city.centre.code)
    house.takes(house.official(Role.DISPATCHER), "forward", report, office=office)

    fact = house.fact(report.id)
    assert (fact.centre_s, fact.centre_in_time, fact.returned) == (2 * HOUR, True, 1)


def test_what_the_centre_asked_is_not_its_own_time(house: Counted) -> None:
    report = house.submits()
    house.later(hours=1)
    house.takes(house.official(Role.DISPATCHER), "ask", report, note="Số nhà mấy ạ?")
    house.later(hours=1)
    house.takes("Lan", "answer", report, note="Số 7.")
    house.later(minutes=30)
    house.takes(house.official(Role.DISPATCHER), "accept", report)

    fact = house.fact(report.id)

    assert fact.centre_s == HOUR + HOUR // 2
    assert fact.rest_s == HOUR
    assert fact.accept_s == 2 * HOUR + HOUR // 2


def test_what_accepts_itself_never_lay_with_the_centre(house: Counted) -> None:
    report = house.submits(category="rac-thai")  # is accepted as it arrives

    fact = house.fact(report.id)

    assert (fact.accept_s, fact.centre_s, fact.centre_in_time) == (0, None, None)


def test_an_urgent_report_is_late_at_the_centre_after_its_four_hours(house: Counted) -> None:
    house.at = local(2, 17, 30)  # after work
    report = house.submits()
    house.at = local(2, 21, 31)
    house.takes(house.official(Role.DISPATCHER), "accept", report, urgent=True)

    fact = house.fact(report.id)

    assert (fact.urgent, fact.centre_s, fact.centre_in_time) == (True, 0, False)


@pytest.mark.parametrize("reason", ["outside_scope", "other"])
def test_a_rejection_counts_by_its_reason(house: Counted, reason: str) -> None:
    report = house.submits()
    centre = house.official(Role.DISPATCHER)

    house.takes(centre, "reject", report, reason=reason, note="Không thuộc phạm vi.")

    fact = house.fact(report.id)
    assert (fact.fate, fact.reason) == ("rejected", reason)
    total = house.total()
    assert total["rejected"] == total[f"rejected_{reason}"] == total["received"] == 1


def test_a_rejection_taken_up_again_is_open(house: Counted) -> None:
    report = house.submits()
    centre = house.official(Role.DISPATCHER)
    house.takes(centre, "reject", report, reason="unclear", note="Chưa rõ chỗ nào.")
    house.later(hours=1)

    house.takes("Lan", "reconsider", report, note="Ngay cổng trường.")

    fact = house.fact(report.id)
    assert (fact.fate, fact.reason, fact.centre_s) == ("open", None, None)


def test_a_merged_and_a_withdrawn_report_have_their_own_fates(house: Counted) -> None:
    lead, follower, taken_back = house.submits("Lan"), house.submits("Mai"), house.submits("Tú")
    house.takes(house.official(Role.DISPATCHER), "merge", follower, target=lead.id)
    house.takes("Tú", "withdraw", taken_back)

    assert house.fact(follower.id).fate == "merged"
    assert house.fact(taken_back.id).fate == "withdrawn"
    total = house.total()
    assert (total["received"], total["open"], total["merged"], total["withdrawn"]) == (3, 1, 1, 1)


# The office -------------------------------------------------------------------------------------


def test_an_answer_takes_working_time_less_what_was_waited(house: Counted) -> None:
    report = begun(house)  # 8:30
    house.later(hours=1)
    house.takes(at_work(house, report), "ask", report, note="Chỗ nào ạ?")
    house.later(hours=1)
    house.takes("Lan", "answer", report, note="Cổng sau.")
    house.at = local(3, 8, 30)
    answers(house, report)

    fact = house.fact(report.id)

    assert fact.rest_s == HOUR
    assert fact.resolve_s == 7 * HOUR
    assert (fact.fate, fact.reason, fact.on_time) == ("resolved", "explained", True)
    assert house.held(report.id) == {report.office_id: 7 * HOUR}


def test_an_answer_that_was_sent_back_is_none(house: Counted) -> None:
    report = resolved(house)
    house.takes(house.official(Role.DISPATCHER), "send_back", report, note="Thiếu ngày làm.")

    fact = house.fact(report.id)
    assert (fact.fate, fact.resolve_s, fact.on_time) == ("open", None, None)
    assert fact.late_from == report.first_due_at

    house.later(hours=1)
    answers(house, report)
    assert house.fact(report.id).resolve_s == HOUR


def test_the_first_result_stays_when_the_reporter_says_it_is_not_done(house: Counted) -> None:
    report = resolved(house)
    house.later(days=1)
    house.takes("Lan", "reopen", report, note="Nước vẫn đọng.")

    fact = house.fact(report.id)

    assert (fact.fate, fact.resolve_s, fact.on_time, fact.reopened) == ("open", 0, True, 1)
    assert fact.late_from == report.due_at != report.first_due_at


def test_an_answer_after_the_first_deadline_is_late_whatever_was_granted(house: Counted) -> None:
    report = begun(house)
    assert report.due_at and report.first_due_at
    first = report.first_due_at
    head = at_work(house, report, Role.HEAD)
    until = local(30, 17)
    house.takes(head, "ask_extension", report, until=until, note="Chờ vật tư.")
    house.takes(house.official(Role.DISPATCHER), "grant_extension", report)
    assert house.fact(report.id).late_from == first < report.due_at
    house.at = local(20, 9)
    answers(house, report)

    fact = house.fact(report.id)

    assert first < house.at < until
    assert (fact.on_time, fact.extended) == (False, 1)


def test_an_extension_is_remembered_though_another_office_began_anew(house: Counted) -> None:
    report = begun(house)
    until = local(30, 17)
    house.takes(
        at_work(house, report, Role.HEAD), "ask_extension", report, until=until, note="Mưa."
    )
    house.takes(house.official(Role.DISPATCHER), "grant_extension", report)
    other = next(c for c in house.city.office_by_code if house.office_id(c) != report.office_id)

    house.takes(house.official(Role.DISPATCHER), "forward", report, office=other)

    assert (report.extended, house.fact(report.id).extended) == (0, 1)


def test_each_office_held_it_for_as_long_as_it_led(house: Counted) -> None:
    report = accepted(house)
    first = report.office_id
    house.later(hours=1)
    house.takes(at_work(house, report), "return", report, note="Không thuộc địa bàn.")
    house.later(minutes=30)
    second = next(
        code for code, one in house.city.office_by_code.items()
        if one.id not in {first, house.city.centre.id}
    )  # fmt: skip
    house.takes(house.official(Role.DISPATCHER), "forward", report, office=second)
    house.takes(at_work(house, report), "start", report)
    house.later(minutes=15)
    answers(house, report)

    held = house.held(report.id)

    assert held == {
        first: HOUR, house.city.centre.id: HOUR // 2, house.office_id(second): HOUR // 4
    }  # fmt: skip


def test_what_waits_is_not_overdue_and_rests_from_when_it_was_asked(house: Counted) -> None:
    report = begun(house)
    assert house.fact(report.id).late_from == report.first_due_at
    house.takes(at_work(house, report), "ask", report, note="Chỗ nào ạ?")

    fact = house.fact(report.id)

    assert (fact.late_from, fact.rest_s, fact.fate) == (None, 0, "open")
    assert fact.rest_from is not None
    total = house.total()
    assert (total["rested"], total["resting"], total["resting_from"]) == (1, 1, fact.rest_from)


# What others said -------------------------------------------------------------------------------


def test_ratings_add_up_and_four_stars_are_satisfied(house: Counted) -> None:
    lead, follower = begun(house), house.submits("Mai")
    house.takes(house.official(Role.DISPATCHER), "merge", follower, target=lead.id)
    answers(house, lead)
    people = {name: house.person(name).account_id for name in ("Lan", "Mai")}
    voices.rate(lead, 3, "", by=people["Lan"], at=house.at)
    voices.rate(lead, 5, "", by=people["Mai"], at=house.at)
    voices.rate(lead, 4, "Nhanh.", by=people["Lan"], at=house.at)  # in place of the three

    fact = house.fact(lead.id)

    assert (fact.ratings, fact.stars_sum, fact.satisfied) == (2, 9, 2)
    total = house.total()
    assert (total["rated"], total["ratings"], total["satisfied"]) == (1, 2, 2)


def test_a_comment_counts_when_it_is_published_and_is_answered_by_an_office(house: Counted) -> None:
    report = begun(house)
    lan = Viewer(house.person("Lan", AccountKind.RESIDENT).account_id)
    said = voices.comment(report, uuid4(), "Bao giờ xong?", by=lan, at=house.at).said
    assert house.fact(report.id).comments == 0
    voices.publish_comment(said, at=house.at, shown=True)
    assert (house.fact(report.id).comments, house.fact(report.id).unanswered) == (1, 1)
    house.later(hours=1)

    voices.comment(report, uuid4(), "Thứ sáu.", by=at_work(house, report), at=house.at)

    assert (house.fact(report.id).comments, house.fact(report.id).unanswered) == (1, 0)
    house.later(hours=1)
    later = voices.comment(report, uuid4(), "Cảm ơn.", by=lan, at=house.at).said
    voices.publish_comment(later, at=house.at, shown=True)
    assert house.fact(report.id).unanswered == 1


def test_a_result_answers_the_comments_before_it(house: Counted) -> None:
    report = begun(house)
    lan = Viewer(house.person("Lan").account_id)
    said = voices.comment(report, uuid4(), "Bao giờ xong?", by=lan, at=house.at).said
    voices.publish_comment(said, at=house.at, shown=True)
    house.later(hours=1)

    answers(house, report)

    assert (house.fact(report.id).comments, house.fact(report.id).unanswered) == (1, 0)


# Persons ----------------------------------------------------------------------------------------


def test_what_an_erased_person_reported_still_counts_and_their_words_do_not(house: Counted) -> None:
    report = resolved(house)
    lan = house.person("Lan")
    voices.rate(report, 5, "Cảm ơn.", by=lan.account_id, at=house.at)
    house.later(hours=1)
    said = voices.comment(report, uuid4(), "Tôi ở số 7.", by=Viewer(lan.account_id), at=house.at)
    voices.publish_comment(said.said, at=house.at, shown=True)
    before = house.fact(report.id)
    db.session.expunge(before)

    erasure.erase(lan.account_id, by=None, at=house.at)

    after = house.fact(report.id)
    differing = {
        column.name
        for column in ReportFact.__table__.columns
        if getattr(before, column.name) != getattr(after, column.name)
    }
    assert (before.comments, after.comments, after.satisfied) == (1, 0, 1)
    assert differing == {"comments", "unanswered", "published"}
    assert not after.published
