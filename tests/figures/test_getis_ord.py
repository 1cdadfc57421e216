"""Gi*: by hand on a small grid, against a plain reckoning on large ones, and under mere chance."""

import math
import random
from statistics import mean, pstdev

import h3.api.basic_int as h3
import numpy as np
import pytest

from reports.figures import getis_ord, hotspots
from reports.places import cell_of

HUE = cell_of(16.4675, 107.5885, 8)


def disk(radius: int) -> list[int]:
    return sorted(h3.grid_disk(HUE, radius))


def test_by_hand_on_seven_cells() -> None:
    """The middle has 7, its six neighbours 0. Mean 1, variance 49/7 - 1 = 6.

    The middle's neighbourhood is everything: W = n, so nothing is left to compare with. A
    neighbour's is four cells (itself, the middle, two others): sum 7, expected 4, and the spread
    sqrt(6) * sqrt((7 * 4 - 16) / 6) = sqrt(12): Gi* = 3 / sqrt(12)."""
    values = dict.fromkeys(disk(1), 0.0) | {HUE: 7.0}

    z = getis_ord.gi_star(values)

    assert z[HUE] == 0
    for cell in values.keys() - {HUE}:
        assert z[cell] == pytest.approx(3 / math.sqrt(12))


def test_by_hand_on_a_middle_with_two_rings() -> None:
    """Nineteen cells, the inner seven hold 2, the outer twelve 0: mean 14/19, variance 28/19 minus
    its square. The middle's seven: (14 - 7 * 14/19) / (S * sqrt((19 * 7 - 49) / 18))."""
    values = {cell: 2.0 if cell in disk(1) else 0.0 for cell in disk(2)}
    spread = math.sqrt(28 / 19 - (14 / 19) ** 2)

    z = getis_ord.gi_star(values)

    assert z[HUE] == pytest.approx((14 - 98 / 19) / (spread * math.sqrt(84 / 18)))
    assert max(z, key=lambda cell: z[cell]) == HUE


def test_a_cell_alone_is_held_against_all() -> None:
    """Reach 0: how many standard deviations from the mean; 6 / sqrt(6) and -1 / sqrt(6) here."""
    values = dict.fromkeys(disk(1), 0.0) | {HUE: 7.0}

    z = getis_ord.gi_star(values, reach=0)

    assert z[HUE] == pytest.approx(math.sqrt(6))
    assert {round(one, 9) for cell, one in z.items() if cell != HUE} == {
        round(-1 / math.sqrt(6), 9)
    }


def naive(values: dict[int, float], reach: int) -> dict[int, float]:
    """Gi* by whole matrices, as the formula stands in the paper."""
    known = sorted(values)
    x = np.array([values[cell] for cell in known])
    weights = np.array([[float(h3.grid_distance(a, b) <= reach) for b in known] for a in known])
    n, spread = len(x), x.std()
    w, w2 = weights.sum(axis=1), (weights**2).sum(axis=1)
    z = (weights @ x - x.mean() * w) / (spread * np.sqrt((n * w2 - w**2) / (n - 1)))
    return dict(zip(known, z.tolist(), strict=True))


@pytest.mark.parametrize("seed", range(5))
def test_it_equals_the_formula_reckoned_by_matrices(seed: int) -> None:
    rng = random.Random(seed)
    chosen = rng.sample(disk(8), 150)  # with holes, as a city has
    values = {cell: rng.gauss(0, 1) + rng.randint(0, 3) for cell in chosen}

    for reach in hotspots.REACHES:
        assert getis_ord.gi_star(values, reach=reach) == pytest.approx(naive(values, reach))


def test_values_that_are_all_alike_have_no_hot_spot() -> None:
    assert set(getis_ord.gi_star(dict.fromkeys(disk(3), 4.0)).values()) == {0.0}
    assert getis_ord.gi_star({}) == {}
    assert getis_ord.gi_star({HUE: 1.0}) == {HUE: 0.0}


def test_the_false_share_is_bounded_as_benjamini_and_hochberg_do_it() -> None:
    """Their own rule on ten p-values: the largest rank with p <= 0.05 * rank / 10 is the fourth,
    and whatever stands before it counts too, though the third alone would fail."""
    p_values = dict(enumerate([0.001, 0.008, 0.018, 0.0199, 0.03, 0.2, 0.3, 0.4, 0.6, 0.9]))

    assert getis_ord.discovered(p_values) == {0, 1, 2, 3}
    assert getis_ord.discovered({1: 0.06, 2: 0.5}) == frozenset()
    assert getis_ord.discovered({}) == frozenset()


def test_the_tail_is_that_of_the_normal_distribution() -> None:
    assert getis_ord.upper_p(0) == 0.5
    assert getis_ord.upper_p(1.6448536) == pytest.approx(0.05)
    assert getis_ord.upper_p(3.0902323) == pytest.approx(0.001)


def crowded(rng: random.Random) -> dict[int, float]:
    """A city: people by the thousand in the middle, a handful at its edges."""
    return {
        cell: 8000 * math.exp(-h3.grid_distance(HUE, cell) / 3) * rng.uniform(0.5, 1.5)
        for cell in disk(20)
    }


def drawn(rng: np.random.Generator, people: dict[int, float], reports: int) -> dict[int, int]:
    """Everybody reports alike."""
    everybody = sum(people.values())
    expected = [reports * people[cell] / everybody for cell in people]
    drawn_counts = rng.poisson(expected).tolist()
    return {cell: n for cell, n in zip(people, drawn_counts, strict=True) if n}


@pytest.mark.parametrize("reports", [100, 500, 3_000, 30_000])
def test_where_everybody_reports_alike_almost_nothing_is_hot(reports: int) -> None:
    """However crowded the middle is. Twenty cities, 1,261 cells each."""
    people = crowded(random.Random(1))
    rng = np.random.default_rng(7)

    hot, spread = [], []
    for _ in range(20):
        counts = drawn(rng, people, reports)
        found = hotspots.find(counts, people)
        hot.append(len(found.z))
        compared = getis_ord.field(counts, found.expected, hotspots.LEAST_EXPECTED)
        excess = {
            cell: getis_ord.residual(counts.get(cell, 0), found.expected[cell]) for cell in compared
        }
        spread.append(pstdev(getis_ord.gi_star(excess).values()))

    assert sum(many > 0 for many in hot) <= 3
    assert mean(spread) == pytest.approx(1, abs=0.5)


def test_a_planted_hot_spot_is_found_and_the_crowd_beside_it_is_not() -> None:
    people = crowded(random.Random(1))
    counts = drawn(np.random.default_rng(11), people, 3_000)
    planted = h3.latlng_to_cell(16.50, 107.64, 8)
    around = set(h3.grid_disk(planted, 1))
    for cell in around:
        counts[cell] = counts.get(cell, 0) + 12

    hot = hotspots.find(counts, people)

    assert planted in hot.z
    assert hot.z.keys() <= set(h3.grid_disk(planted, 2))
    assert HUE not in hot.z and counts[HUE] > counts[planted]  # a crowd, and no hot spot
    assert sum(hot.expected.values()) == pytest.approx(sum(counts.values()))


def test_a_single_street_is_a_hot_spot_too_and_its_quiet_neighbours_are_not() -> None:
    people = crowded(random.Random(1))
    counts = drawn(np.random.default_rng(13), people, 1_000)
    street = h3.latlng_to_cell(16.51, 107.65, 8)
    counts[street] = counts.get(street, 0) + 30

    hot = hotspots.find(counts, people)

    assert max(hot.z, key=lambda cell: hot.z[cell]) == street
    assert hot.z.keys() <= set(h3.grid_disk(street, 1))
    assert all(counts.get(cell, 0) > hot.expected[cell] for cell in hot.z)
    assert any(not counts.get(cell) for cell in h3.grid_ring(street, 1))


def test_without_populations_every_cell_is_expected_to_have_the_same() -> None:
    people = dict.fromkeys(disk(10))
    counts = dict.fromkeys(disk(10), 2) | dict.fromkeys(disk(1), 15)

    hot = hotspots.find(counts, people)

    assert HUE in hot.z and len(set(hot.expected.values())) == 1
