"""What people are told of real steps, word for word where it matters."""

from datetime import timedelta

from app.auth.models import Account
from app.clock import now
from app.database import db
from reports.city.models import DutyShift
from reports.statuses import Role
from tests.reports.conftest import MONDAY, House


def test_a_rejected_reporter_reads_why(house: House) -> None:
    dispatcher = house.official(Role.DISPATCHER)
    report = house.submits()

    house.takes(dispatcher, "reject", report, reason="unclear", note="Chưa rõ ở đâu.")

    assert "chưa rõ việc gì hoặc ở đâu" in house.texts("Lan")[-1]


def test_a_reporter_hears_that_the_centre_takes_the_report_up_again(house: House) -> None:
    dispatcher, colleague = house.official(Role.DISPATCHER), house.official(Role.DISPATCHER)
    report = house.submits()
    house.takes(dispatcher, "reject", report, reason="unclear", note="Chưa rõ ở đâu.")
    heard = len(house.texts(colleague))

    house.takes(dispatcher, "reconsider", report, note="Nhầm phản ánh khác.")

    # Both at one moment: in no order.
    assert any("Trung tâm nhận lại phản ánh này" in text for text in house.texts("Lan"))
    assert len(house.texts(colleague)) == heard


def test_a_merged_reporter_reads_which_report_theirs_follows(house: House) -> None:
    dispatcher = house.official(Role.DISPATCHER)
    lead, report = house.submits("Minh"), house.submits("Lan")
    for one in (lead, report):
        house.takes(dispatcher, "accept", one)

    house.takes(dispatcher, "merge", report, target=lead.id)

    digits = lead.code[:3]
    assert any(f"Cùng một việc với phản ánh {digits}-" in text for text in house.texts("Lan"))


def test_the_centre_reads_until_when_more_time_is_asked_for(house: House) -> None:
    dispatcher = house.official(Role.DISPATCHER)
    report = house.submits()
    house.takes(dispatcher, "accept", report)
    head = house.official(Role.HEAD, house.city.offices_by_id[report.office_id].code)

    until = MONDAY + timedelta(days=18)
    house.takes(head, "ask_extension", report, note="Chờ vật tư.", until=until)

    assert "đề nghị gia hạn đến 08:30 thứ Sáu 20/3" in house.texts(dispatcher)[-1]


def test_the_centre_reads_who_handed_a_report_back(house: House) -> None:
    dispatcher = house.official(Role.DISPATCHER)
    report = house.submits()
    house.takes(dispatcher, "accept", report)
    office = house.city.offices_by_id[report.office_id]

    house.takes(house.official(Role.OFFICER, office.code), "return", report, note="Không phải.")

    assert f"{office.name_vi} chuyển trả" in house.texts(dispatcher)[-1]


def test_a_shift_of_somebody_who_left_does_not_silence_an_urgent_report(house: House) -> None:
    dispatcher = house.official(Role.DISPATCHER)
    gone = house.person("Hùng")
    db.session.get_one(Account, gone.account_id).disabled_at = now()
    db.session.add(
        DutyShift(
            office_id=house.city.centre.id,
            account_id=gone.account_id,
            since=MONDAY - timedelta(hours=1),
            until=MONDAY + timedelta(hours=9),
        )
    )
    urgent = next(c for c in house.city.offered_categories() if c.urgent and not c.auto_accept)

    house.submits(category=urgent.code)

    assert house.messages(dispatcher) == ["submitted_urgent"]
