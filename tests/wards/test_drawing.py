"""The drawn map: true to shape, bounds that are round, names that do not lie on each other."""

from datetime import UTC, date, datetime
from itertools import combinations, pairwise

import h3.api.basic_int as h3
import pytest
from shapely import box

from reports.city.values import Area
from reports.figures.cells import resolution_of
from reports.figures.public.published import Published, Told
from tests.wards.conftest import HERE
from web.wards.ground import MAJOR, MINOR, WIDTH, Label, ground_for, labels, outlines
from web.wards.map_drawing import cells_of, steps_for
from web.wards.numbers import working_days, working_time
from web.wards.reading import Figures
from web.wards.trend import of as trend_of

HUE = (107.5, 16.4, 107.7, 16.5)


def test_a_kilometre_is_as_long_to_the_east_as_to_the_north() -> None:
    ground = ground_for(HUE)

    x0, y0 = ground.at(107.6, 16.45)
    east, _ = ground.at(107.6 + 0.01 / 0.9592, 16.45)  # the cosine of 16.45°
    _, north = ground.at(107.6, 16.46)

    assert east - x0 == pytest.approx(y0 - north, rel=0.001)
    assert 0 < x0 < WIDTH and 0 < y0 < ground.height


def test_what_lies_outside_the_picture_is_not_sent_along() -> None:
    ground = ground_for(HUE)

    near, far = outlines([box(107.55, 16.42, 107.65, 16.48), box(109, 18, 109.1, 18.1)], ground)

    assert not near.is_empty and far.is_empty


@pytest.mark.parametrize(
    ("counts", "steps"),
    [
        ([], [1, 2, 3, 4, 5]),
        ([5] * 30, [1, 2, 3, 4, 5]),
        ([*range(5, 56)], [10, 20, 30, 40, 50]),
        ([8, 900], [200, 400, 600, 800, 1000]),
    ],
)
def test_tones_begin_at_round_numbers(counts: list[int], steps: list[int]) -> None:
    assert steps_for(counts) == steps


def test_names_do_not_lie_on_each_other_and_those_with_most_people_come_first() -> None:
    ground = ground_for(HUE)
    places = [(107.52 + 0.004 * n, 16.42 + 0.002 * n) for n in range(40)]
    areas = [
        (
            Area(n, str(n), f"Phường {n}", "", "phuong", lat, lng, population=1000 - n),
            box(lng - 0.001, lat - 0.001, lng + 0.001, lat + 0.001),
        )
        for n, (lng, lat) in enumerate(places)
    ]

    placed = labels(areas, ground, {str(n): f"Thuận Hóa {n}" for n in range(40)})

    assert 3 < len(placed) < 40
    assert placed[0].words == "Thuận Hóa 0" and not placed[0].minor
    assert not any(lie_on_each_other(one, other) for one, other in combinations(placed, 2))
    assert all(one.minor <= other.minor for one, other in pairwise(placed))


def lie_on_each_other(one: Label, other: Label) -> bool:
    half = sum(len(label.words) * (MINOR if label.minor else MAJOR) * 0.5 for label in (one, other))
    return abs(one.x - other.x) < half / 2 and abs(one.y - other.y) < MINOR


def test_a_month_that_is_not_told_is_a_gap_in_the_line() -> None:
    trend = trend_of([month(1, 10), month(2, None), month(3, 20), month(4, 30)])

    assert trend.path.count("M") == 2 and trend.path.count("L") == 1
    assert [row.first.month for row in trend.rows] == [4, 3, 2, 1]
    assert trend_of([month(1, 10), month(2, 20)]).path == ""


def month(number: int, received: int | None) -> Figures:
    nothing = dict.fromkeys(
        ("public", "not_public", "resolved", "open", "rejected", "on_time", "median_h",
         "satisfied", "ratings")
    )  # fmt: skip
    return Figures(f"2026-{number:02}-01", HERE, received, at_least=False, **nothing)


@pytest.mark.parametrize(
    ("hours", "words", "days"),
    [
        (None, "–", "–"),
        (0, "chưa đến 1 giờ làm việc", "<0,1"),
        (6, "6 giờ làm việc", "0,8"),
        (8, "1 ngày làm việc", "1"),
        (22, "2,8 ngày làm việc", "2,8"),
    ],
)
def test_working_time_is_told_in_hours_of_a_day_then_in_days(
    hours: int | None, words: str, days: str
) -> None:
    assert working_time(hours) == words
    assert working_days(hours) == days


@pytest.mark.parametrize(
    ("at_seven", "at_six", "nowhere", "size"),
    [(8, 2, 0, 7), (8, 2, 90, 7), (5, 5, 0, 6), (5, 5, 90, 6), (0, 10, 90, 6)],
)
def test_a_size_is_fine_enough_that_places_most_of_what_the_coarsest_does(
    at_seven: int, at_six: int, nowhere: int, size: int
) -> None:
    cells = [(h3.latlng_to_cell(16.46, 107.6, 7), at_seven),
             (h3.latlng_to_cell(16.46, 107.6, 6), at_six), (None, nowhere)]  # fmt: skip
    atoms = [Told(True, None, cell, None, count) for cell, count in cells if count]
    now = datetime(2026, 11, 5, tzinfo=UTC)

    drawn = cells_of(Published(date(2026, 10, 1), now, now, {}, atoms))

    assert {resolution_of(one.cell) for one in drawn.cells} == {size}
    assert drawn.elsewhere == nowhere + (at_six if size == 7 else 0)
