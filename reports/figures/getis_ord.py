"""Getis-Ord Gi*: where do high values lie together, more than chance would put them?

Pure. For each cell the sum over itself and its neighbours (weight 1 each) is held against what it
would be if the values were dealt out at random over all cells:

    Gi* = (sum - mean * W) / (S * sqrt((n * W - W * W) / (n - 1)))

with n cells, their mean and standard deviation S, and W cells in the neighbourhood (Ord and Getis,
1995, with binary weights). Under chance it is about normal, so its upper tail is the p-value; with
so many cells at once the false discovery rate is bounded (Benjamini and Hochberg, 1995).
"""

from collections.abc import Hashable, Iterable, Mapping
from math import erfc, sqrt
from typing import TypeVar

from reports.figures import cells

Tested = TypeVar("Tested", bound=Hashable)
FALSE_SHARE = 0.05  # of the cells that are called hot, at most so many by chance


def residual(count: int, expected: float) -> float:
    """How far a count lies from what was to be expected, as Freeman and Tukey (1950) measure it:
    for a Poisson count its spread is about 1, whether few or many were expected."""
    return sqrt(count) + sqrt(count + 1) - sqrt(4 * expected + 1)


def gi_star(values: Mapping[int, float], *, reach: int = 1) -> dict[int, float]:
    """The statistic of each cell, for its neighbourhood of `reach`: 1 with its six neighbours, 0
    alone, where it is how far the cell stands out from all (a spike that neighbours would dilute).

    0 everywhere when all values are alike, or fewer than three."""
    n = len(values)
    mean = sum(values.values()) / n if n else 0.0
    spread = sqrt(max(sum(one * one for one in values.values()) / n - mean * mean, 0.0)) if n else 0
    if n < 3 or spread < 1e-12:
        return dict.fromkeys(values, 0.0)
    return {cell: _of_one(cell, values, mean, spread, reach) for cell in values}


def _of_one(
    cell: int, values: Mapping[int, float], mean: float, spread: float, reach: int
) -> float:
    n, near = len(values), [values[cell]]
    if reach:
        near += [values[one] for one in cells.around(cell) if one in values]
    weight = len(near)
    by_chance = spread * sqrt((n * weight - weight * weight) / (n - 1))
    return (sum(near) - mean * weight) / by_chance if by_chance else 0.0


def upper_p(z: float) -> float:
    """How often chance alone would give so much or more."""
    return erfc(z / sqrt(2)) / 2


def discovered(p_values: Mapping[Tested, float]) -> frozenset[Tested]:
    """What is called significant, with at most FALSE_SHARE of it by chance."""
    ranked = sorted(p_values.items(), key=lambda pair: pair[1])
    passed = [
        rank for rank, (_, p) in enumerate(ranked, start=1) if p <= FALSE_SHARE * rank / len(ranked)
    ]
    return frozenset(cell for cell, _ in ranked[: max(passed, default=0)])


def expected_of(counts: Mapping[int, int], people: Mapping[int, float]) -> dict[int, float]:
    """What each cell would have if everybody reported alike: the sum stays the same."""
    everybody, everything = sum(people.values()), sum(counts.values())
    rate = everything / everybody if everybody else 0.0
    return {cell: people[cell] * rate for cell in people}


def field(counts: Mapping[int, int], expected: Mapping[int, float], least: float) -> Iterable[int]:
    """The cells that are compared: those where reports were to be expected, or are.

    Where hardly anything is expected a count says nothing by staying at zero: thousands of such
    cells would make the spread seem small, and any crowd a hot spot.
    """
    return (cell for cell in expected if expected[cell] >= least or counts.get(cell, 0) > 0)
