"""Narrowing the queue to what lies around a place, by its name or by a point."""

import re

from reports.statuses import Role
from tests.console.conftest import Desk, words


def test_a_place_is_found_by_name_and_its_reports_listed_with_the_filters_there_were(
    desk: Desk,
) -> None:
    near = desk.submits(description="Rác gần chợ.", lat=16.4725, lng=107.5885)
    far = desk.submits(description="Rác ở xa.", lat=16.41, lng=107.52)
    dispatcher = desk.at(Role.DISPATCHER)
    assert 'formaction="/console/around"' in dispatcher.get("/queue").text

    found = dispatcher.get("/around?near=cho dong ba&status=all&radius=1000").text

    places = re.findall(r'<a class="choice" href="/console([^"]+)"', found)
    listed = dispatcher.get(places[0].replace("&amp;", "&"))
    assert near["code"] in listed.text
    assert far["code"] not in listed.text
    assert "Trạng thái: tất cả" in words(listed)
    assert 'name="radius" min="50" max="20000" step="50" value="1000"' in listed.text


def test_a_point_goes_straight_to_the_list(desk: Desk) -> None:
    near = desk.submits(lat=16.4725, lng=107.5885)

    answer = desk.at(Role.DISPATCHER).get("/around?near=16.4725, 107.5886&radius=200")

    assert "Quanh điểm: 16.4725, 107.5886" in words(answer)
    assert near["code"] in answer.text


def test_a_name_that_nobody_knows_is_said_and_stays_as_it_was_typed(desk: Desk) -> None:
    vi, en = desk.at(Role.DISPATCHER), desk.at(Role.DISPATCHER, lang="en")

    told = vi.get("/around?near=Quán Mây Hồng&category=rac-thai")

    assert "Không có chỗ nào tên như vậy." in words(told)
    assert 'value="Quán Mây Hồng"' in told.text
    assert 'name="category" value="rac-thai"' in told.text
    assert "No place of that name." in en.sees("/around?near=Quán Mây Hồng")


def test_a_row_tells_code_ward_and_category_in_this_order(desk: Desk) -> None:
    sent = desk.submits(description="Một dòng để đọc.")

    seen = desk.at(Role.DISPATCHER).sees("/queue?status=all&q=Một dòng để đọc")

    assert re.search(rf"{sent['code']} · (Phường|Xã) [^·]+ · Ngập úng, thoát nước", seen)
