"""Hot spots of a city: found where they were planted, told in sentences, apart from crowds."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from app.clock import now
from app.database import db
from reports.city import snapshot
from reports.figures import cells, hotspot_words, hotspots
from reports.figures.heatmap import Wanted
from reports.figures.hotspots import Crowd, Spot
from reports.figures.periods import month
from reports.figures.population import people_of
from reports.permissions import Viewer
from reports.places import cell_of
from reports.statuses import Role
from tests.conftest import inside_one_transaction
from tests.figures.conftest import Counted
from tests.reports.conftest import MONDAY
from tests.reports.test_api import Api, official
from web.dashboard import spots
from web.dashboard.asked import Asked

BAI_DAU = (16.4893, 107.5960)
MARCH = (date(2026, 3, 1), date(2026, 4, 1))


@pytest.fixture(scope="module")
def house(house_app: Flask) -> Iterator[Counted]:
    """March: people report where they live, and twenty besides at one spot. April: there again.
    One town for all tests here, since none changes it."""
    with inside_one_transaction(house_app):
        snapshot.forget()
        town = Counted(snapshot.current(), MONDAY)
        report_where_people_live(town)
        for number in range(20):
            town.submits(f"neighbour {number}", category="ngap-nuoc", place=BAI_DAU)
        town.at = MONDAY + timedelta(days=31)
        for number in range(12):
            town.submits(f"later {number}", category="ngap-nuoc", place=BAI_DAU)
            town.submits(f"elsewhere {number}", place=(16.40 + number * 0.01, 107.60))
        town.follow()
        db.session.commit()
        yield town
        snapshot.forget()


def report_where_people_live(town: Counted) -> None:
    rng, people = random.Random(2), people_of(town.city)
    everywhere = people.everywhere(8)
    weights = [people.of(everywhere)[cell] or 0 for cell in everywhere]
    for number, cell in enumerate(rng.choices(everywhere, weights, k=50)):
        town.submits(f"person {number}", place=cells.middle(cell))


def leader(house: Counted) -> Viewer:
    return house.official(Role.LEADER)


def test_what_was_planted_is_found_named_and_new(house: Counted) -> None:
    wanted = Wanted(since=MARCH[0], until=MARCH[1])

    found = hotspots.hotspots(wanted, leader(house), at=now())

    assert len(found.spots) == 1
    spot = found.spots[0]
    assert cell_of(*BAI_DAU, 8) in spot.cells
    assert spot.is_new is True and spot.p < 0.001
    assert spot.category_count >= 20 and spot.count >= 20
    assert house.city.categories_by_id[spot.category].code == "ngap-nuoc"
    assert spot.expected < 10
    assert found.before is not None and found.before.since == date(2026, 2, 1)
    crowded = {crowd.cell for crowd in found.crowds}
    assert not crowded & set(spot.cells)


def test_what_was_hot_in_the_month_before_is_no_longer_new(house: Counted) -> None:
    wanted = Wanted(since=date(2026, 4, 1), until=date(2026, 5, 1))

    found = hotspots.hotspots(wanted, leader(house), at=now())

    assert [spot.is_new for spot in found.spots] == [False]


def test_without_a_beginning_there_is_nothing_that_it_could_be_new_to(house: Counted) -> None:
    found = hotspots.hotspots(Wanted(), leader(house), at=now())

    assert found.before is None and [spot.is_new for spot in found.spots] == [None]


def test_other_matters_leave_nothing_hot(house: Counted) -> None:
    category = house.city.category(house.plain_category())
    assert category is not None
    wanted = Wanted(since=MARCH[0], until=MARCH[1], category_id=category.id)

    assert hotspots.hotspots(wanted, leader(house), at=now()).spots == ()


def test_over_the_api_each_has_its_sentence_in_the_readers_language(
    house_app: Flask, house: Counted
) -> None:
    asked = "/hotspots?from=2026-03-01&to=2026-04-01"
    told: dict[str, Any] = {}
    for locale in ("vi", "en"):
        api = official(house_app, house, Role.LEADER)
        api.headers["Accept-Language"] = locale
        answer = api("GET", asked)
        assert answer.status_code == 200, answer.json
        told[locale] = answer.json

    vi, en = (told[locale]["spots"][0] for locale in ("vi", "en"))
    assert vi["title"].startswith("Điểm nóng mới: ngập úng")
    assert "khó có thể do ngẫu nhiên (Gi*, p < 0,001)" in vi["sentence"]
    assert en["title"].startswith("New hot spot: ")
    assert "hardly by chance (Gi*, p < 0.001)" in en["sentence"]
    assert vi["cells"] == en["cells"] and vi["new"] is True
    assert "Getis-Ord" in told["vi"]["note"] and "Getis-Ord" in told["en"]["note"]


def test_an_officer_and_a_resident_do_not_read_them(house_app: Flask, house: Counted) -> None:
    officer = official(house_app, house, Role.OFFICER, "ubnd-19789")
    resident = Api(house_app, house.person("Lan").account_id)

    assert officer("GET", "/hotspots").status_code == 403
    assert resident("GET", "/hotspots").status_code == 403


def test_sentences_say_numbers_the_way_their_readers_do(house: Counted) -> None:
    category = house.city.category("ngap-nuoc")
    area = house.city.area("19789")
    assert category and area
    spot = Spot(
        cells=(1, 2), count=1_843, expected=912.4, z=6.0, p=0.004, is_new=False, areas=(area.id,),
        category=category.id, category_count=10, landmark=None,
    )  # fmt: skip

    assert hotspot_words.sentence(spot, "vi") == (
        "1.843 phản ánh trong 2 ô liền nhau, khó có thể do ngẫu nhiên (Gi*, p < 0,01)."
        " Tính theo số dân thì khoảng 912."
    )
    assert hotspot_words.sentence(spot, "en") == (
        "1,843 reports in 2 adjoining cells, hardly by chance (Gi*, p < 0.01)."
        " By the number of residents about 912 would be expected."
    )
    assert hotspot_words.title(spot, house.city, "vi") == f"Điểm nóng ở {area.name_vi}"
    lonely = replace(spot, expected=0.02)
    assert hotspot_words.sentence(lonely, "vi").endswith("Tính theo số dân thì chưa đến 1.")
    assert "residents less than 1 would be expected" in hotspot_words.sentence(lonely, "en")
    crowd = Crowd(1, 52, 4.6, None)
    assert "52 phản ánh, tính theo số dân thì khoảng 4,6" in hotspot_words.crowd_sentence(
        crowd, "vi"
    )


def test_of_a_crowd_where_nobody_lives_it_is_not_said_what_residents_explain() -> None:
    nobody = Crowd(1, 52, 0.0, None)

    assert hotspot_words.crowd_sentence(nobody, "vi") == (
        "52 phản ánh ở nơi không có số dân để so, chưa đủ cơ sở để gọi là điểm nóng."
    )
    assert "no residents to hold them against" in hotspot_words.crowd_sentence(nobody, "en")


@pytest.mark.parametrize(
    ("chosen", "vi", "en"), [(0, "920 m", "920 m"), (7, "2,4 km", "2.4 km"), (10, "920 m", "920 m")]
)
def test_that_nowhere_is_hot_is_said_of_the_size_of_cells_that_the_reader_chose(
    house_app: Flask, house: Counted, chosen: int, vi: str, en: str
) -> None:
    quiet = Asked(period=month(2026, 1), resolution=chosen)
    told = {}
    for locale in ("vi", "en"):
        with house_app.test_request_context(headers={"Accept-Language": locale}):
            told[locale] = spots.hot(quiet, leader(house), at=now()).none

    assert told["vi"] == f"Ở cỡ ô khoảng {vi}, chưa nơi nào đủ cơ sở để gọi là điểm nóng."
    assert told["en"] == (
        f"With cells of about {en}, nowhere is there enough to call it a hot spot."
    )
