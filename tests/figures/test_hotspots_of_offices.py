"""What is hot for an office is held against the residents of where it works, not of the city."""

import random
from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask

from app.clock import now
from app.database import db
from reports.city import snapshot
from reports.figures import cells, hotspot_words, hotspots
from reports.figures.heatmap import Wanted
from reports.figures.hotspots import HotSpots
from reports.figures.population import People
from reports.permissions import Viewer
from reports.places import cell_of
from reports.statuses import Role
from tests.conftest import inside_one_transaction
from tests.figures.conftest import Counted
from tests.reports.conftest import MONDAY

QUIET, FLOODED = "19753", "19789"  # wards: where people report alike; where many do at one corner
PARKS = "tt-cay-xanh"
MARCH = Wanted(since=date(2026, 3, 1), until=date(2026, 4, 1))


@pytest.fixture(scope="module")
def house(house_app: Flask) -> Iterator[Counted]:
    """March. One town for all tests here, since none changes it."""
    with inside_one_transaction(house_app):
        snapshot.forget()
        town = Counted(snapshot.current(), MONDAY)
        report_where_people_live(town, [QUIET], 150, "lan-chiem")
        report_where_people_live(town, [FLOODED], 60, "lan-chiem")
        for number in range(20):
            town.submits(f"neighbour {number}", "lan-chiem", corner(town))
        report_where_people_live(town, wards_of_trees(town), 60, "cay-xanh")
        town.follow()
        db.session.commit()
        yield town
        snapshot.forget()


def report_where_people_live(town: Counted, areas: list[str], many: int, category: str) -> None:
    rng, people = random.Random(3), people_in(town, areas)
    everywhere = [one for one in people.everywhere(8) if area_of(town, one) in areas]
    weights = [people.of(everywhere)[cell] or 0 for cell in everywhere]
    answers = {"can-tro": "khong"} if category == "cay-xanh" else {}
    for number, cell in enumerate(rng.choices(everywhere, weights, k=many)):
        who = f"{areas[0]} {category} {number}"
        town.submits(who, category, cells.middle(cell), answers=answers)


def people_in(town: Counted, areas: list[str]) -> People:
    drawn, known = town.city.facts.boundaries, town.city.area_by_code
    return People([drawn[one] for one in areas], [known[one].population for one in areas])


def area_of(town: Counted, cell: int) -> str:
    return town.city.areas.locate(*cells.middle(cell)).area.code


def wards_of_trees(town: Counted) -> list[str]:
    """Those in which the rules send trees to the parks centre."""
    rules = town.city.rules.rules
    return [rule.area_code for rule in rules if rule.office_code == PARKS and rule.area_code]


def corner(town: Counted) -> tuple[float, float]:
    area = town.city.area_by_code[FLOODED]
    return area.lat, area.lng


def head(house: Counted, office: str) -> Viewer:
    return house.official(Role.HEAD, office)


def found(house: Counted, viewer: Viewer) -> HotSpots:
    return hotspots.hotspots(MARCH, viewer, at=now())


def test_a_ward_whose_people_report_alike_is_no_hot_spot_to_its_own_head(house: Counted) -> None:
    told = found(house, head(house, f"ubnd-{QUIET}"))

    assert told.spots == ()
    own = house.city.area_by_code[QUIET].id
    assert told.among == {own}
    assert sum(crowd.count for crowd in told.crowds) > 20  # though there are crowds


def test_a_corner_of_a_ward_is_hot_to_its_head_and_the_note_says_among_whom(
    house: Counted,
) -> None:
    told = found(house, head(house, f"ubnd-{FLOODED}"))

    assert len(told.spots) == 1
    assert cell_of(*corner(house), 8) in told.spots[0].cells
    assert len(told.spots[0].cells) <= 7
    name = house.city.area_by_code[FLOODED].name_vi
    said = hotspot_words.note(told, house.city, "vi")
    assert said.endswith(f"chỉ so với số dân ở địa bàn của đơn vị: {name}.")


def test_a_leader_who_asks_for_one_office_reads_the_same_as_its_head(house: Counted) -> None:
    office = f"ubnd-{FLOODED}"
    asked = Wanted(since=MARCH.since, until=MARCH.until, office_id=house.office_id(office))

    by_leader = hotspots.hotspots(asked, house.official(Role.LEADER), at=now())

    assert by_leader.spots == found(house, head(house, office)).spots


def test_what_rules_send_to_a_department_is_held_against_the_people_of_these_wards(
    house: Counted,
) -> None:
    told = found(house, head(house, PARKS))

    assert told.spots == ()
    assert told.among == {house.city.area_by_code[one].id for one in wards_of_trees(house)}


def test_a_department_of_the_whole_city_is_held_against_all_of_it(house: Counted) -> None:
    told = found(house, head(house, "so-xay-dung"))

    assert told.among is None


def test_of_an_office_that_works_nowhere_it_is_said_that_nothing_can_be(house: Counted) -> None:
    told = found(house, head(house, "viettel"))

    assert (told.spots, told.among) == ((), frozenset())
    said = {one: hotspot_words.note(told, house.city, one) for one in ("vi", "en")}
    assert "Chưa biết đơn vị phụ trách phường, xã nào" in said["vi"]
    assert "is not known" in said["en"]
    assert hotspot_words.none_found(told, "vi", 8) in said["vi"]  # and not that nowhere is hot
