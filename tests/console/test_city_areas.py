"""Areas at the console: drawn, listed, merged after a preview."""

from reports.statuses import Role
from tests.console.conftest import Desk, words

HERE, BESIDE = "19789", "19753"
AREA_OF = "select a.code from report r join area a on a.id = r.area_id where r.id = :i"


def test_every_area_is_drawn_and_listed_with_its_committee(desk: Desk) -> None:
    page = desk.at(Role.ADMIN).get("/city/areas")

    areas = desk.scalar("select count(*) from area where valid_until is null")
    whole_city = page.text.split('class="whole-map"')[1].split("</svg>")[0]
    assert whole_city.count("<path d=") == areas
    assert page.text.count('<tr id="area-') == areas
    assert "UBND phường" in words(page)


def test_a_merger_is_told_and_then_done_once_confirmed(desk: Desk) -> None:
    admin = desk.at(Role.ADMIN)
    sent = desk.submits()
    desk.accepted(sent["id"])
    area = desk.scalar(AREA_OF, i=sent["id"])
    into = next(code for code in (HERE, BESIDE) if code != area)
    form = {"old": [area], "into": into}

    told = admin.post("/city/areas/merge", **form)
    before = desk.scalar("select count(*) from area where valid_until is not null")
    done = admin.post("/city/areas/merge", **form, sure="yes")

    assert "1 phản ánh chưa xong" in words(told)
    assert 'class="marked"' in told.text
    assert before == 0
    assert "Đã sáp nhập." in words(done)
    assert desk.scalar(AREA_OF, i=sent["id"]) == into
    assert desk.scalar("select actor_id from audit_entry where action = 'areas.merge'")


def test_a_merger_of_areas_that_do_not_touch_is_warned_of(desk: Desk) -> None:
    admin = desk.at(Role.ADMIN)
    here = "select lat, lng from area where code = :here"
    order = f"(select power(a.lat - h.lat, 2) + power(a.lng - h.lng, 2) from ({here}) h)"
    ask = f"select code from area a where code <> :here and valid_until is null order by {order}"
    next_to, far = (desk.scalar(f"{ask} {way} limit 1", here=BESIDE) for way in ("asc", "desc"))
    name = desk.scalar("select name_vi from area where code = :c", c=far)

    near = words(admin.post("/city/areas/merge", old=[next_to], into=BESIDE))
    apart = words(admin.post("/city/areas/merge", old=[next_to, far], into=BESIDE))

    assert "Không giáp" not in near
    assert f"{name}. Kiểm tra lại xem có chọn nhầm không." in apart


def test_a_merger_of_nothing_or_without_a_name_is_told_and_keeps_what_was_typed(
    desk: Desk,
) -> None:
    admin, english = desk.at(Role.ADMIN), desk.at(Role.ADMIN, lang="en")
    before = desk.scalar("select version from city")

    nothing = admin.post("/city/areas/merge", into="19813")
    nameless = english.post("/city/areas/merge", old=["19813", "19815"], code="99999", into="")

    assert nothing.status_code == nameless.status_code == 422
    assert "chưa nêu địa bàn nào" in words(nothing)
    assert "a new area needs a name" in words(nameless)
    assert 'value="99999"' in nameless.text and 'value="19815" checked' in nameless.text
    assert desk.scalar("select version from city") == before


def test_only_administrators_see_areas(desk: Desk) -> None:
    assert desk.at(Role.DISPATCHER).get("/city/areas").status_code == 403
    assert desk.at(Role.HEAD).post("/city/areas/merge").status_code == 403
