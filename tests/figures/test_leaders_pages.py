"""The leaders' page and the page of a permanent link as a browser gets them, over a month whose
figures are known (`story`). How they look is `tests/dashboard`.
"""

import json
import re
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from reports.figures import periods
from reports.statuses import Role
from tests.figures.conftest import Counted
from tests.figures.story import ANIMALS, TOURISM
from tests.reports.test_api import Api
from tests.web.small import lay_small_build, serve_from
from web.dashboard.asked import period_from
from web.dashboard.kept import rows

MARCH = "period=2026-03"


class Desk(Api):
    """Somebody at the leaders' page."""

    def reads(self, path: str) -> str:
        answer = self.client.get(f"/dashboard{path}", headers=self.headers)
        assert answer.status_code == 200, answer.text[:500]
        return str(answer.text)


@pytest.fixture(scope="module", autouse=True)
def _pages(house_app: Flask, tmp_path_factory: pytest.TempPathFactory) -> None:
    serve_from(house_app, lay_small_build(Path(tmp_path_factory.mktemp("pages"))))


@pytest.fixture
def leader(house_app: Flask, story: Counted) -> Desk:
    return Desk(house_app, story.official(Role.LEADER).account_id)


def words(html: str) -> str:
    """What is read, without marks: on one line."""
    plain = re.sub(r"<(svg|title|script|head)\b.*?</\1>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", plain)).split())


def kept(leader: Desk, **asked: Any) -> str:
    body = {"from": "2026-03-01", "to": "2026-04-01", **asked}
    answer = leader("POST", "/figures/links", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.get_json()["token"])


# The page ---------------------------------------------------------------------------------------


def test_what_was_sent_is_not_told_as_accepted(leader: Desk) -> None:
    """The list ends with all of them, those that were not accepted too."""
    html = leader.reads(f"?{MARCH}")

    assert "Phản ánh gửi đến 31" in words(html)
    assert ">Tiếp nhận<" not in html + leader.reads(f"/links/{kept(leader)}")


def test_that_none_came_after_many_is_told_as_a_change(leader: Desk) -> None:
    every = leader.reads("?period=2026-03-17..2026-03-29").split('id="more-title"')[1]

    line = words(every[: every.index("Khẩn cấp")])
    assert "Phản ánh gửi đến 0 " in line
    assert line.endswith("−100%")


def test_the_map_is_told_of_which_moment_the_figures_are(leader: Desk) -> None:
    html = leader.reads(f"?{MARCH}")

    found = re.search(r'id="board">(.*?)</script>', html)
    assert found
    board = json.loads(found[1])
    answer = leader("GET", "/indicators?from=2026-03-01&to=2026-04-01").get_json()
    assert (board["as_of"], board["zone"]) == (answer["as_of"], "Asia/Ho_Chi_Minh")


def test_the_table_tells_what_stands_behind_each_number_and_what_offices_held(
    leader: Desk,
) -> None:
    """Tourism has 7, 5 of them answered and late; it held 8."""
    html = leader.reads(f"?{MARCH}")

    found = re.findall(r"<tr>\s*<th scope=\"row\">(.*?)</tr>", html, re.DOTALL)
    row = next(words(one) for one in found if "Sở Du lịch" in one)
    assert row == "Sở Du lịch 7 0% n = 5 12,2 n = 5 6,1 n = 8 tổng 49,1"
    assert "Ngày giữ" in html
    assert "Ngày giữ" not in leader.reads(f"?{MARCH}&by=area")


def test_a_card_of_fewer_than_five_is_grey_and_says_that_these_are_too_few(leader: Desk) -> None:
    asked = "from=2026-03-01&to=2026-04-01&by=category"
    groups = leader("GET", f"/indicators?{asked}").get_json()["groups"]
    samples = {one["code"]: one["figures"]["on_time"]["sample"] for one in groups}
    few = next(code for code, sample in samples.items() if 0 < sample < 5)

    of_few = card(leader.reads(f"?{MARCH}&category={few}"), "on_time")
    of_many = card(leader.reads(f"?{MARCH}"), "on_time")

    assert 'class="figure-value muted"' in of_few
    assert f"quá ít để kết luận: n = {samples[few]} phản ánh" in words(of_few)
    assert 'class="figure-value"' in of_many
    assert "n = 20 phản ánh" in words(of_many) and "quá ít" not in words(of_many)


def card(html: str, key: str) -> str:
    return html.split(f'id="figure-{key}"')[1].split("</article>", maxsplit=1)[0]


def test_until_a_day_of_the_month_is_over_the_month_before_is_shown() -> None:
    shown = [period_from({}, date(2026, 12, day)) for day in (1, 2)]

    assert shown == [periods.month(2026, 11), periods.month(2026, 12)]


# A permanent link -------------------------------------------------------------------------------


def test_a_link_says_whose_figures_it_holds(leader: Desk, story: Counted) -> None:
    area = story.city.area("19789")
    assert area
    token = kept(leader, category=ANIMALS, office=TOURISM, area=area.code)

    html = leader.reads(f"/links/{token}")

    heading = words(html[html.index("<h1>") : html.index("</h1>")])
    names = (story.city.office(TOURISM), area, story.city.category(ANIMALS))
    assert heading == "Số liệu tháng 3/2026: " + " · ".join(one.name_vi for one in names if one)
    assert "Số liệu tháng 3/2026: cả thành phố" in leader.reads(f"/links/{kept(leader)}")


def test_a_link_says_what_changed_and_how_many_stand_behind_each_figure(leader: Desk) -> None:
    """One report in February, 31 in March; 11 of 20 in time."""
    html = leader.reads(f"/links/{kept(leader, by='office')}")

    said = words(html)
    assert re.search(r"đúng số này\. 31 n = 31 · \+30 ", said)
    assert "55% n = 20" in said
    row = words(re.findall(r"<tr><th scope=\"row\">Sở Du lịch</th>(.*?)</tr>", html)[0])
    assert re.fullmatch(r"7 0% n = 5 98 giờ n = 5", row)


def test_an_office_that_gave_away_all_it_led_stays_in_a_links_table(leader: Desk) -> None:
    told = leader("GET", f"/figures/links/{kept(leader, by='office')}").get_json()
    gave_away, had_nothing, *_ = told["groups"]
    gave_away["sums"] |= {"received": 0, "held_reports": 1}
    had_nothing["sums"] |= {"received": 0, "held_reports": 0}

    names = [row.name for row in rows(told)]

    assert gave_away["name"] in names
    assert had_nothing["name"] not in names


def test_a_link_to_a_single_figure_has_a_page_too(leader: Desk) -> None:
    html = leader.reads(f"/links/{kept(leader, by='day', figures='received')}")

    assert "Theo ngày" in html
    assert "Đúng hạn" not in html
