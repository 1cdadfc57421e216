"""Residents of a cell: each ward's people spread evenly over its area."""

import pytest
from shapely import Polygon, box

from reports.figures import cells, population
from reports.figures.population import People
from reports.places import cell_of

MIDDLE = cell_of(16.47, 107.58, 8)
WEST, SOUTH, EAST, NORTH = cells.bounds(MIDDLE)
AROUND = box(WEST - 0.05, SOUTH - 0.05, EAST + 0.05, NORTH + 0.05)


def hexagon(cell: int) -> Polygon:
    return Polygon(cells.outline(cell))


def test_a_cell_within_a_ward_has_its_share_of_the_wards_area() -> None:
    people = People([AROUND], [10_000])

    share = hexagon(MIDDLE).area / AROUND.area
    assert people.of([MIDDLE])[MIDDLE] == pytest.approx(10_000 * share)


def test_a_cell_on_the_border_has_people_of_both_wards() -> None:
    half = (WEST + EAST) / 2
    west = box(WEST - 0.05, SOUTH - 0.05, half, NORTH + 0.05)
    east = box(half, SOUTH - 0.05, EAST + 0.05, NORTH + 0.05)
    people = People([west, east], [8_000, 2_000])

    shares = [hexagon(MIDDLE).intersection(one).area / one.area for one in (west, east)]
    expected = 8_000 * shares[0] + 2_000 * shares[1]
    assert people.of([MIDDLE])[MIDDLE] == pytest.approx(expected)


@pytest.mark.parametrize("resolution", [6, 7, 8, 9])
def test_all_cells_together_have_all_the_people(resolution: int) -> None:
    people = People([AROUND], [10_000])

    found = people.of(people.everywhere(resolution))

    assert sum(many or 0 for many in found.values()) == pytest.approx(10_000)


def test_outside_all_wards_nobody_lives_and_where_a_wards_people_are_not_known_nobody_can_say() -> (
    None
):
    far = cell_of(10.0, 106.0, 8)

    assert People([AROUND], [10_000]).of([far]) == {far: 0.0}
    assert People([AROUND], [None]).of([MIDDLE, far]) == {MIDDLE: None, far: 0.0}
    assert People([], []).everywhere(8) == []
    assert People([], []).of([MIDDLE]) == {MIDDLE: 0.0}


def test_no_rate_is_told_where_next_to_nobody_lives() -> None:
    assert population.per_thousand(3, 1_500) == 2.0
    assert population.per_thousand(3, 49.9) is None
    assert population.per_thousand(3, None) is None
    assert population.per_thousand(0, 50) == 0.0
