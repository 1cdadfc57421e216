"""The queue of a hexagon of the map: the reports that the map counts there, and no others."""

import random

import h3.api.basic_int as h3
import pytest

from reports import asking, official_queue
from reports.city import snapshot
from reports.figures.cells import BadCell
from reports.filters import Filters
from reports.models import Report
from reports.statuses import Role
from tests.reports.conftest import TRUONG_TIEN, House


def scattered(house: House) -> list[Report]:
    """Reports around the centre, by people of their own, close together and far apart."""
    rng, found = random.Random(5), []
    for number in range(40):
        near = 0.002 if number % 2 else 0.04
        lat, lng = (side + rng.uniform(-near, near) for side in TRUONG_TIEN)
        found.append(house.submits(f"person {number}", place=(lat, lng)))
    return found


@pytest.mark.parametrize("resolution", [6, 7, 8, 9, 10])
def test_a_cells_queue_holds_the_reports_that_lie_in_it(house: House, resolution: int) -> None:
    reports = scattered(house)
    dispatcher = house.official(Role.DISPATCHER)
    centre = house.city.centre.id
    parents = {report.id: h3.cell_to_parent(report.cell, resolution) for report in reports}
    assert len(set(parents.values())) > 1

    for cell in set(parents.values()):
        filters = Filters(cell=cell)
        inside = {report_id for report_id, parent in parents.items() if parent == cell}
        for newest in (False, True):
            for limit in (3, 50):
                rows = official_queue.page(
                    dispatcher, filters, centre_id=centre, limit=limit, after=None,
                    newest_first=newest,
                )  # fmt: skip
                assert {row.id for row in rows} <= inside
                assert len(rows) == min(len(inside), limit + 1)
        assert official_queue.length(dispatcher, filters, centre_id=centre) == len(inside)


@pytest.mark.parametrize(
    "written", ["", "zz", "8a4160a09087fff0000", "854160a3fffffff", "ffffffffffffffff", "-1", "1_0"]
)
def test_what_is_no_cell_of_the_map_is_refused_with_a_sentence(house: House, written: str) -> None:
    query = {"cell": written}

    if not written:
        assert asking.queue_filters(query, house.city, me=None, at=house.at).cell is None
        return
    with pytest.raises(BadCell):
        asking.queue_filters(query, snapshot.current(), me=None, at=house.at)
