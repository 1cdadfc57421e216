"""What may be said of a difference between two figures: how much it is, and whether it is more than
what chance alone makes of such numbers.

Pure. Counts are taken as Poisson's, shares by Wilson's interval (E. B. Wilson, JASA 22, 1927), both
at 95%. Of times and of stars no test is cheap: nothing is claimed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import exp, lgamma, log, sqrt

#: Reports behind a figure, on both sides, before a change is told; of counts on one: from 3 to 60,
#: or from 50 to none, is what must not go unsaid, and Poisson's test holds for both.
LEAST = 10
Z95 = 1.959964
_NEGLIGIBLE = 1e-12


class Unit(StrEnum):
    COUNT = "count"
    SHARE = "share"  # of 1
    WORKING_SECONDS = "working_seconds"
    STARS = "stars"  # 1 to 5


class By(StrEnum):
    """What the amount of a change is counted in."""

    PERCENT = "percent"  # of counts: 12.0 is 12% more
    NUMBER = "number"  # of counts that were below LEAST: a percentage of so few would say nothing
    POINTS = "points"  # of shares: 2.1 is 2.1 percentage points more
    SECONDS = "seconds"  # of working time
    STARS = "stars"


class State(StrEnum):
    """Why a change is told, or is not."""

    TOLD = "told"
    NO_PAST = "no_past"  # nothing to hold it against
    TOO_FEW = "too_few"  # a sample is below LEAST
    RIPENING = "ripening"  # the older reports have had more time for it


@dataclass(frozen=True, slots=True)
class Change:
    """`amount` is None unless told. `sure`: more than mere fluctuation, None where not tested."""

    state: State
    by: By
    amount: float | None = None
    past: float | None = None
    past_sample: int | None = None
    sure: bool | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure's value with the number of reports behind it; for shares `hits` of `sample`."""

    value: float | None
    sample: int


_BY = {
    Unit.COUNT: By.PERCENT,
    Unit.SHARE: By.POINTS,
    Unit.WORKING_SECONDS: By.SECONDS,
    Unit.STARS: By.STARS,
}


def change(unit: Unit, now: Measured, past: Measured | None, *, ripening: bool = False) -> Change:
    """The change from `past` to `now`. What grew from fewer than LEAST is told by how many."""
    by = _by(unit, past)
    if past is None or past.value is None or now.value is None:
        return Change(State.NO_PAST, by)
    if ripening:
        return Change(State.RIPENING, by, None, past.value, past.sample)
    if _behind(unit, now, past) < LEAST:
        return Change(State.TOO_FEW, by, None, past.value, past.sample)
    amount = _amount(by, now.value, past.value)
    return Change(State.TOLD, by, amount, past.value, past.sample, _is_sure(unit, now, past))


def _by(unit: Unit, past: Measured | None) -> By:
    few = unit is Unit.COUNT and past is not None and past.sample < LEAST
    return By.NUMBER if few else _BY[unit]


def _behind(unit: Unit, now: Measured, past: Measured) -> int:
    """How many reports a change stands on."""
    samples = (now.sample, past.sample)
    return max(samples) if unit is Unit.COUNT else min(samples)


def _amount(by: By, now: float, past: float) -> float:
    match by:
        case By.PERCENT:
            return (now - past) / past * 100
        case By.POINTS:
            return (now - past) * 100
    return now - past


def _is_sure(unit: Unit, now: Measured, past: Measured) -> bool | None:
    if now.value is None or past.value is None:
        return None
    match unit:
        case Unit.COUNT:
            return abs(now.value - past.value) > Z95 * sqrt(now.value + past.value)
        case Unit.SHARE:
            low, high = wilson(now.value, now.sample)
            past_low, past_high = wilson(past.value, past.sample)
            return low > past_high or past_low > high
    return None


def wilson(share: float, sample: int, z: float = Z95) -> tuple[float, float]:
    """The interval in which the true share lies, by Wilson's score; (0, 1) for no sample."""
    if sample == 0:
        return 0.0, 1.0
    square = z * z / sample
    middle = (share + square / 2) / (1 + square)
    reach = z / (1 + square) * sqrt(share * (1 - share) / sample + square / (4 * sample))
    return max(0.0, middle - reach), min(1.0, middle + reach)


def p_of_as_many(count: int, past: int, exposure: float) -> float:
    """How likely `count` or more are, when `past` came at the same rate in the rest of the time.

    `exposure` is this period's part of all the days looked at. The conditional test of two Poisson
    rates (Przyborowski and Wilenski, 1940): so what is uncertain in the past counts too.
    """
    if count == 0:
        return 1.0
    total, odds, chance = count + past, (log(exposure), log(1 - exposure)), 0.0
    for hits in range(count, total + 1):
        term = _binomial(total, hits, odds)
        chance += term
        if hits > total * exposure and term <= chance * _NEGLIGIBLE:  # the rest shrinks faster yet
            break
    return min(1.0, chance)


def _binomial(total: int, hits: int, odds: tuple[float, float]) -> float:
    ways = lgamma(total + 1) - lgamma(hits + 1) - lgamma(total - hits + 1)
    return exp(ways + hits * odds[0] + (total - hits) * odds[1])


def significant(chances: Iterable[float], rate: float) -> float:
    """The largest chance that still counts when this many were looked at, so that at most `rate`
    of what is told is chance (Benjamini and Hochberg, 1995); 0 where none does."""
    ordered = sorted(chances)
    limits = (p for rank, p in enumerate(ordered, 1) if p <= rate * rank / len(ordered))
    return max(limits, default=0.0)
