"""Names of wards on a drawing: none over another, none over the edge, the largest ward first."""

import re
from collections.abc import Sequence

from reports.statuses import Role
from tests.console.conftest import Desk
from web.console.map_names import Box, Placed, Wanted, place

PHONE, SCREEN = 28, 18  # the height of letters


def ward(name: str, left: float, top: float, right: float, bottom: float) -> Wanted:
    seen = Box(left, top, right, bottom)
    return Wanted(
        name,
        (left + right) / 2,
        (top + bottom) / 2,
        seen,
        lambda x, y: left <= x <= right and top <= y <= bottom,
    )


def placed(
    wards: list[Wanted], taken: Sequence[Box] = (), points: Sequence[Box] = ()
) -> dict[str, Placed | None]:
    found = place(wards, taken=taken, points=points, letters=(SCREEN, PHONE), width=800, height=640)
    return {one.name: spot for one, spot in zip(wards, found, strict=True)}


def test_of_two_names_at_one_place_the_larger_ward_keeps_its_own() -> None:
    small, large = ward("Vỹ Dạ", 380, 300, 420, 340), ward("Phú Xuân", 200, 120, 600, 520)

    found = placed([small, large])

    assert found["Phú Xuân"] == Placed(400, 320, wide=False)
    assert found["Vỹ Dạ"] is None


def test_a_name_that_fits_smaller_letters_alone_stands_on_wide_screens_alone() -> None:
    found = placed([ward("Phường Thuận Hóa", 300, 300, 410, 340)])

    spot = found["Phường Thuận Hóa"]
    assert spot is not None
    assert spot.wide


def test_a_name_moves_away_from_a_point_and_off_the_edge() -> None:
    under = ward("Phú Xuân", 200, 120, 600, 520)
    at_the_edge = ward("Phường Hương Trà", 0, 560, 220, 600)

    found = placed([under, at_the_edge], points=[Box(382, 302, 418, 338)])

    moved, inside = found["Phú Xuân"], found["Phường Hương Trà"]
    assert moved is not None
    assert (moved.x, moved.y) != (400, 320)
    assert inside is not None
    assert inside.x > 110


def test_the_map_of_a_list_writes_each_name_once_and_says_which_are_for_wide_screens(
    desk: Desk,
) -> None:
    for number in range(4):
        desk.submits(lat=16.44 + number / 50, lng=107.55 + number / 50)

    page = desk.at(Role.DISPATCHER).get("/queue?status=all&view=map").text

    names = re.findall(r'<text(?: class="wide")? x="[\d.]+" y="[\d.]+">([^<]+)</text>', page)
    assert len(names) == len(set(names)) > 3
