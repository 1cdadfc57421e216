"""Cells as plain numbers agree with H3's own functions, anywhere on earth."""

import random

import h3.api.basic_int as h3
import pytest

from reports.figures import cells
from reports.places import cell_of

PLACES = ((16.4675, 107.5885), (-33.9, 151.2), (64.1, -21.9), (0.0, 0.0))
RESOLUTIONS = range(cells.COARSEST, cells.FINEST + 1)
HUE = (107.5, 16.4, 107.62, 16.5)


@pytest.mark.parametrize("resolution", RESOLUTIONS)
def test_a_parent_is_h3s_own(resolution: int) -> None:
    for lat, lng in PLACES:
        cell = cell_of(lat, lng)

        parent = cells.parent_of(cell, resolution)

        assert parent == h3.cell_to_parent(cell, resolution)
        assert cells.resolution_of(parent) == resolution
        first, last = cells.all_of(resolution)
        assert first <= parent <= last


@pytest.mark.parametrize("resolution", RESOLUTIONS)
def test_a_cells_range_begins_and_ends_with_its_children_and_its_neighbours_lie_beyond(
    resolution: int,
) -> None:
    for lat, lng in PLACES:
        cell = cell_of(lat, lng, resolution)

        first, last = cells.stored_range(cell)

        children = sorted(h3.cell_to_children(cell, cells.STORED_RESOLUTION))
        assert (first, last) == (children[0], children[-1])
        for near in cells.around(cell):
            its_first, its_last = cells.stored_range(near)
            assert its_last < first or its_first > last


@pytest.mark.parametrize("resolution", RESOLUTIONS)
def test_a_box_is_covered_by_exactly_the_cells_that_touch_it(resolution: int) -> None:
    rng = random.Random(resolution)

    found = set(cells.covering(HUE, resolution))

    west, south, east, north = HUE
    for _ in range(2000):
        point = rng.uniform(south - 0.1, north + 0.1), rng.uniform(west - 0.1, east + 0.1)
        cell = cell_of(*point, resolution)
        assert (cell in found) == cells.touches(cell, HUE)
    assert len(found) == len(cells.covering(HUE, resolution))


@pytest.mark.parametrize("resolution", RESOLUTIONS)
def test_every_point_of_a_cells_children_lies_in_its_box(resolution: int) -> None:
    rng = random.Random(resolution)
    for _ in range(500):
        lat, lng = rng.uniform(16.0, 16.7), rng.uniform(107.0, 108.2)
        parent = cells.parent_of(cell_of(lat, lng), resolution)

        west, south, east, north = cells.box_of_stored(parent)

        assert west <= lng <= east and south <= lat <= north


def test_cells_are_joined_with_those_next_to_them_the_largest_group_first() -> None:
    middle = cell_of(*PLACES[0], 8)
    ring = sorted(cells.around(middle))
    far = cell_of(16.2, 107.9, 8)

    groups = cells.joined([far, middle, *ring])

    assert groups == [frozenset({middle, *ring}), frozenset({far})]
    assert len(ring) == 6
    assert cells.joined([]) == []


def test_an_outline_is_a_closed_ring_of_longitudes_and_latitudes() -> None:
    ring = cells.outline(cell_of(*PLACES[0], 8))

    assert ring[0] == ring[-1] and len(ring) == 7
    assert all(107 < lng < 108 and 16 < lat < 17 for lng, lat in ring)
