"""Routing rules at the console: tried out, added, given away, ended."""

from reports.statuses import Role
from tests.console.conftest import Desk, words

THUAN_HOA = "19789"


def test_the_try_out_names_the_office_the_rule_and_why(desk: Desk) -> None:
    admin = desk.at(Role.ADMIN)

    told = admin.sees("/city/rules?try=yes&try_category=mat-dien&point=16.4675,%20107.5885")

    assert "quy tắc mat-dien" in told
    assert "Được chọn." in told
    assert "Chỉ nhận khi không quy tắc nào phù hợp." in told


def test_a_rule_that_loses_says_to_which_and_why(desk: Desk) -> None:
    admin = desk.at(Role.ADMIN)
    admin.post("/city/rules", category="mat-dien", area=THUAN_HOA, office="so-y-te")

    told = admin.sees(f"/city/rules?try=yes&try_category=mat-dien&try_area={THUAN_HOA}")

    assert f"Thua quy tắc mat-dien@{THUAN_HOA}" in told
    assert "đúng lĩnh vực và đúng địa bàn" in told


def test_rules_that_have_not_begun_or_have_ended_are_told_with_their_day(desk: Desk) -> None:
    admin = desk.at(Role.ADMIN)
    admin.post("/city/rules", category="khac", area="19815", office="csgt", valid_from="2031-05-01")
    admin.post("/city/rules", category="khac", area="19813", office="csgt")
    admin.post("/city/rules/khac@19813/end")

    coming = admin.sees("/city/rules?try=yes&try_category=khac&try_area=19815")
    over = desk.at(Role.ADMIN, lang="en").sees(
        "/city/rules?try=yes&try_category=khac&try_area=19813"
    )

    assert "Chưa có hiệu lực, bắt đầu ngày 1/5/2031." in coming
    assert "No longer in force since" in over


def test_a_rule_with_an_end_is_not_given_away(desk: Desk) -> None:
    admin = desk.at(Role.ADMIN)
    admin.post("/city/rules/an-ninh/end")

    answer = admin.post("/city/rules/an-ninh/office", office="so-y-te")

    assert answer.status_code == 409
    assert "đã có ngày kết thúc" in words(answer)


def test_a_report_code_is_tried_as_far_as_it_is_public(desk: Desk) -> None:
    sent = desk.submits(category="khac")
    admin = desk.at(Role.ADMIN, lang="en")

    hidden = admin.get(f"/city/rules?try=yes&code={sent['code']}")
    desk.accepted(sent["id"])
    seen = admin.get(f"/city/rules?try=yes&code={sent['code']}")

    assert hidden.status_code == 404
    assert "rule khac" in words(seen)


def test_a_point_that_is_no_point_or_lies_elsewhere_is_told_beside_its_field(desk: Desk) -> None:
    admin, english = desk.at(Role.ADMIN), desk.at(Role.ADMIN, lang="en")
    address = "/city/rules?try=yes&try_category=khac&point="

    wrong, far = admin.get(f"{address}abc"), english.get(f"{address}21.0,105.8")

    assert wrong.status_code == 422
    assert "Ghi vĩ độ, kinh độ" in words(wrong)
    assert 'value="abc"' in wrong.text
    assert "This point is outside the city" in words(far)


def test_a_second_rule_for_the_same_is_refused_and_what_was_chosen_stays(desk: Desk) -> None:
    admin = desk.at(Role.ADMIN)
    before = desk.scalar("select count(*) from routing_rule")

    answer = admin.post("/city/rules", category="di-tich", area="", office="so-y-te")

    assert answer.status_code == 422
    assert "Hai quy tắc cho cùng một việc" in words(answer)
    assert 'value="so-y-te" selected' in answer.text
    assert desk.scalar("select count(*) from routing_rule") == before


def test_a_rule_goes_over_to_another_office_and_new_reports_with_it(desk: Desk) -> None:
    admin = desk.at(Role.ADMIN)

    answer = admin.post("/city/rules/vien-thong/office", office="so-du-lich")

    assert answer.status_code == 200
    sent = desk.submits(category="vien-thong")
    assert desk.office_of(sent["id"]) == "so-du-lich"
    assert (
        desk.scalar("select successor_code from routing_rule where code = 'vien-thong'") is not None
    )


def test_a_rule_that_ends_can_be_taken_up_again(desk: Desk) -> None:
    admin = desk.at(Role.ADMIN)

    admin.post("/city/rules/giao-duc/end")
    ended = desk.office_of(desk.submits(category="giao-duc")["id"])
    admin.post("/city/rules/giao-duc/end", again="yes")
    again = desk.office_of(desk.submits(category="giao-duc")["id"])

    assert ended.startswith("ubnd-")
    assert again == "so-gddt"


def test_every_change_of_a_rule_is_recorded_with_who_did_it(desk: Desk) -> None:
    admin = desk.at(Role.ADMIN)

    admin.post("/city/rules/du-lich/end")

    actor = desk.scalar(
        "select actor_id from audit_entry where action = 'rules.edit' and subject = 'rule:du-lich'"
    )
    assert actor == admin.account_id


def test_officers_and_dispatchers_do_not_come_in(desk: Desk) -> None:
    for role in (Role.DISPATCHER, Role.LEADER):
        assert desk.at(role).get("/city/rules").status_code == 403
        assert (
            desk.at(role).post("/city/rules", category="khac", office="so-y-te").status_code == 403
        )
