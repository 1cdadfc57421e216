"""The queue: whose work is seen, narrowed, counted, looked at as a map and a table."""

import re
from uuid import uuid4

import pytest

from reports.statuses import Role
from tests.console.conftest import Browser, Desk, words


def codes_on(browser: Browser, query: str) -> list[str]:
    """The codes of the rows, in order."""
    page = browser.get(f"/queue?{query}")
    assert page.status_code == 200, words(page)[:300]
    return re.findall(r'<article class="row"[^>]*data-code="([^"]+)"', page.text)


def test_a_dispatcher_sees_what_was_sent_and_an_officer_only_what_is_theirs(desk: Desk) -> None:
    sent = desk.submits(description="Cống trước trường Quốc Học nghẹt.")
    office = desk.office_of(sent["id"])

    assert "Cống trước trường Quốc Học nghẹt." in desk.at(Role.DISPATCHER).sees("/queue")
    assert sent["code"] not in desk.at(Role.OFFICER, office).sees("/queue")

    desk.accepted(sent["id"])

    assert sent["code"] in desk.at(Role.OFFICER, office).sees("/queue")
    assert sent["code"] not in desk.at(Role.OFFICER, "so-y-te").sees("/queue")


def test_who_must_act_soonest_stands_first_and_the_newest_when_asked(desk: Desk) -> None:
    word = uuid4().hex[:8]
    calm = desk.submits(description=f"Chậm {word}", category="o-nhiem")
    desk.accepted(calm["id"])
    urgent = desk.submits(description=f"Gấp {word}", category="dien-nguy-hiem")
    desk.accepted(urgent["id"])
    browser = desk.at(Role.DISPATCHER)

    assert codes_on(browser, f"q={word}") == [urgent["code"], calm["code"]]
    assert codes_on(browser, f"q={word}&sort=newest") == [urgent["code"], calm["code"]]
    assert codes_on(browser, f"q={word}&urgent=true") == [urgent["code"]]
    assert codes_on(browser, f"q={word}&urgent=false") == [calm["code"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("category=o-nhiem", True),
        ("category=tieng-on", False),
        ("area=19789", True),
        ("area=19753", False),
        ("status=submitted", True),
        ("status=resolved", False),
        ("status=all", True),
        ("photo=false", True),
        ("photo=true", False),
        ("source=app", True),
        ("source=phone", False),
        ("person=nobody", True),
        ("person=me", False),
        ("due=overdue", False),
        ("due=week", True),
        ("near=16.4675,107.5885&radius=100", True),
        ("near=16.30,107.70&radius=100", False),
        ("cell=884160a097fffff", True),
        ("cell=864160a0fffffff", True),
        ("cell=884160a091fffff", False),
        ("since=2020-01-01", True),
        ("until=2020-01-01", False),
        ("since=2020-01-01&until=2090-01-01&category=&area=&person=", True),
    ],
)
def test_it_is_narrowed_by_what_the_address_says(desk: Desk, query: str, found: bool) -> None:  # noqa: FBT001
    word = uuid4().hex[:8]
    sent = desk.submits(description=f"Lọc {word}", category="o-nhiem")

    assert codes_on(desk.at(Role.DISPATCHER), f"q={word}&{query}") == [sent["code"]] * found


def test_words_are_found_without_their_marks_and_a_code_as_it_is_read_aloud(desk: Desk) -> None:
    sent = desk.submits(description="Cống nghẹt ở ngã ba Bãi Dâu.")
    browser = desk.at(Role.DISPATCHER)

    assert sent["code"] in codes_on(browser, "q=nga+ba+bai+dau")
    assert codes_on(browser, f"q={sent['code'].replace('-', ' ')}") == [sent["code"]]


def test_what_is_wrong_in_the_address_is_told_in_words(desk: Desk) -> None:
    browser = desk.at(Role.DISPATCHER)

    for query, said in (
        ("category=khong-co", "lĩnh vực"),
        ("status=xong", "Không có trạng thái"),
        ("near=day", "Cần hai số"),
        ("cell=day", "Mã ô “day” không đúng"),
        ("person=ai-do", "Chọn “me”"),
        ("since=hom-nay", "Cần một ngày"),
        ("after=abc", "trang"),
    ):
        answer = browser.get(f"/queue?{query}")

        assert answer.status_code in {400, 422}, query
        assert said in words(answer), words(answer)[:400]
        assert "Về danh sách việc" in words(answer)


def test_a_hexagon_of_the_map_is_told_by_its_ward_and_how_wide_it_is(desk: Desk) -> None:
    browser = desk.at(Role.DISPATCHER)

    page = browser.sees("/queue?cell=884160a097fffff")

    assert re.search(r"Ô trên bản đồ:? (Phường|Xã) [^:]+, rộng khoảng 900 m", page), page


def test_the_counts_at_the_side_are_those_of_the_lists(desk: Desk) -> None:
    sent = desk.submits()
    desk.accepted(sent["id"])
    browser = desk.at(Role.DISPATCHER)

    told = browser.get("/counts").json

    for name, query in (("new", "status=submitted"), ("open", "status=open")):
        heading = browser.sees(f"/queue?{query}")
        assert f"{told[name][0]} phản ánh" in heading
    assert told["urgent"][0] == len(codes_on(browser, "urgent=true"))


def test_a_list_that_is_dear_to_count_says_there_is_more_and_how_much_a_moment_later(
    desk: Desk,
) -> None:
    word = uuid4().hex[:8]
    for number in range(41):
        desk.submits(description=f"{number} {word}")
    browser = desk.at(Role.DISPATCHER)

    page = browser.get(f"/queue?q={word}").text
    told = browser.get(f"/queue/length?q={word}").text

    assert "hơn 40</span> phản ánh" in page
    assert f'hx-get="/console/queue/length?q={word}"' in page
    assert told.startswith("41<")
    assert 'hx-swap-oob="innerHTML:#pick-length">41<' in told


def test_counts_that_did_not_change_are_not_sent_again(desk: Desk) -> None:
    browser = desk.at(Role.DISPATCHER)
    first = browser.get("/counts")

    again = browser.get("/counts", **{"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 304


def test_what_narrows_the_list_stands_above_it_and_is_let_go_one_by_one(desk: Desk) -> None:
    browser = desk.at(Role.DISPATCHER)

    told = browser.sees("/queue?due=overdue&near=16.4675,107.5885&radius=300")
    page = browser.get("/queue?due=overdue&near=16.4675,107.5885&radius=300").text

    assert "Bỏ lọc theo Hạn: quá hạn" in told
    assert "Bỏ lọc theo Quanh điểm: 16.4675,107.5885" in told
    alone = re.findall(r'class="bound" href="([^"]+)"', page)
    assert alone == [
        "/console/queue?near=16.4675,107.5885&amp;radius=300",
        "/console/queue?due=overdue",
    ]
    assert 'class="bound"' not in browser.get("/queue?q=ngập&sort=newest&status=open").text


def test_the_next_page_goes_on_where_the_last_one_ended(desk: Desk) -> None:
    word = uuid4().hex[:8]
    sent = {desk.submits(description=f"{n} {word}")["code"] for n in range(52)}
    browser = desk.at(Role.DISPATCHER)
    first = browser.get(f"/queue?q={word}")
    more = re.search(r'id="rows-more"><a class="button" href="([^"]+)"', first.text)
    assert more

    second = browser.client.get(more[1].replace("&amp;", "&"))

    seen = re.findall(r'data-code="([^"]+)"', first.text + second.text)
    assert len(seen) == 52
    assert set(seen) == sent


def test_a_list_is_also_a_map_and_a_table_with_the_columns_one_chose(desk: Desk) -> None:
    word = uuid4().hex[:8]
    sent = desk.submits(description=f"Bản đồ {word}")
    browser = desk.at(Role.DISPATCHER)

    drawn = browser.get(f"/queue?q={word}&view=map").text
    table = browser.sees(f"/queue?q={word}&view=table&cols=code&cols=office")

    assert drawn.count('class="pin') == 1
    assert f"/console/reports/{sent['code']}?q={word}" in drawn
    assert "Mã Đơn vị" in table
    assert "Gửi lúc" not in table.split("Hiện các cột này")[1]
    assert browser.get("/queue?q=khongcogi&view=map").status_code == 200


def test_nobody_is_let_in_without_signing_in_and_then_goes_where_they_wanted(desk: Desk) -> None:
    sent = desk.submits()
    door = desk.stranger().get(f"/reports/{sent['code']}?q=x", follow=False)

    assert door.status_code == 302
    assert door.headers["Location"].startswith("/console/sign-in?next=/console/reports/")


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example", "/\\evil.example", "/me", "javascript:x"]
)
def test_the_door_leads_nowhere_else(desk: Desk, wanted: str) -> None:
    page = desk.stranger().get(f"/sign-in?next={wanted}").text

    assert 'name="next" value="/console"' in page
