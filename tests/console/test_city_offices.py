"""Offices at the console: the tree, contacts, new ones, and one that hands over."""

from reports.statuses import Role
from tests.console.conftest import Desk, words
from tests.console.filled import fields_of


def test_a_contact_is_changed_and_residents_see_it(desk: Desk) -> None:
    admin = desk.at(Role.ADMIN)
    form = fields_of(admin, "/city/offices/so-y-te")

    answer = admin.post("/city/offices/so-y-te", **form | {"phone": "0234 123 456"})

    assert "Đã lưu." in words(answer)
    assert desk.call("GET", "/offices/so-y-te")["phone"] == "0234 123 456"
    assert "0234 123 456" in admin.sees("/city/offices")


def test_an_office_cannot_stand_below_itself(desk: Desk) -> None:
    english = desk.at(Role.ADMIN, lang="en")
    above = desk.scalar("select parent_code from office where code = 'so-y-te'")
    form = fields_of(english, f"/city/offices/{above}")

    answer = english.post(f"/city/offices/{above}", **form | {"parent": "so-y-te"})

    assert answer.status_code == 422
    assert "Parents go in a circle" in words(answer)


def test_a_new_office_takes_a_rule_and_a_committee_needs_its_area(desk: Desk) -> None:
    admin = desk.at(Role.ADMIN)
    form = {"code": "bql-cho", "kind": "department", "name_vi": "Ban quản lý chợ",
            "name_en": "Markets board"}  # fmt: skip

    added = admin.post("/city/offices/new", **form)
    wrong = admin.post(
        "/city/offices/new", **form | {"code": "ub-x", "kind": "committee", "area": ""}
    )
    admin.post("/city/rules", category="an-toan-thuc-pham", area="19813", office="bql-cho")

    assert "Ban quản lý chợ" in words(added)
    assert wrong.status_code == 422
    assert "UBND cần một địa bàn" in words(wrong)
    assert desk.scalar("select count(*) from office where code = 'ub-x'") == 0
    assert desk.scalar("select count(*) from routing_rule where office_code = 'bql-cho'") == 1


def test_a_succession_tells_what_moves_and_moves_it_only_once_confirmed(desk: Desk) -> None:
    admin = desk.at(Role.ADMIN)
    sent = desk.submits(category="du-lich")
    desk.accepted(sent["id"])
    assert desk.office_of(sent["id"]) == "so-du-lich"

    told = admin.post("/city/offices/so-du-lich/succeed", successor="so-y-te")
    before = desk.office_of(sent["id"])
    done = admin.post("/city/offices/so-du-lich/succeed", successor="so-y-te", sure="yes")

    assert "1 phản ánh chưa xong" in words(told)
    assert before == "so-du-lich"
    assert "Đã bàn giao." in words(done)
    assert desk.office_of(sent["id"]) == "so-y-te"
    assert desk.scalar("select actor_id from audit_entry where action = 'offices.succeed'")


def test_a_successor_must_be_chosen_and_the_centre_stays(desk: Desk) -> None:
    admin, english = desk.at(Role.ADMIN), desk.at(Role.ADMIN, lang="en")

    nobody = admin.post("/city/offices/csgt/succeed", successor="")
    centre = english.post("/city/offices/hue-ioc/succeed", successor="so-y-te", sure="yes")

    assert nobody.status_code == centre.status_code == 422
    assert "Không sáp nhập được" in words(nobody)
    assert "a city always needs its centre" in words(centre)


def test_only_administrators_change_offices(desk: Desk) -> None:
    for role in (Role.DISPATCHER, Role.LEADER):
        assert desk.at(role).get("/city/offices").status_code == 403
        assert desk.at(role).post("/city/offices/csgt/succeed", successor="x").status_code == 403
