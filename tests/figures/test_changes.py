"""What may be said of two numbers: how much, whether at all, and whether it is more than chance."""

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.figures.changes import (
    By,
    Change,
    Measured,
    State,
    Unit,
    change,
    p_of_as_many,
    significant,
    wilson,
)


def test_counts_change_by_percent_shares_by_points_times_by_seconds() -> None:
    count = change(Unit.COUNT, Measured(112, 112), Measured(100, 100))
    share = change(Unit.SHARE, Measured(0.914, 1000), Measured(0.893, 1000))
    time = change(Unit.WORKING_SECONDS, Measured(70_200, 50), Measured(81_720, 60))
    stars = change(Unit.STARS, Measured(4.5, 50), Measured(4.2, 60))

    assert (count.by, count.amount) == (By.PERCENT, 12.0)
    assert (share.by, round(share.amount or 0, 6)) == (By.POINTS, 2.1)
    assert (time.by, time.amount) == (By.SECONDS, -11_520)
    assert (stars.by, round(stars.amount or 0, 6)) == (By.STARS, 0.3)
    assert {one.state for one in (count, share, time, stars)} == {State.TOLD}


def test_a_change_keeps_what_it_is_held_against() -> None:
    found = change(Unit.SHARE, Measured(0.9, 40), Measured(0.8, 30))

    assert (found.past, found.past_sample) == (0.8, 30)


@pytest.mark.parametrize(
    ("now", "past"),
    [(Measured(0.9, 9), Measured(0.5, 100)), (Measured(0.9, 100), Measured(0.5, 9))],
)
def test_a_share_of_fewer_than_ten_on_either_side_is_not_compared(
    now: Measured, past: Measured
) -> None:
    found = change(Unit.SHARE, now, past)

    assert found.state is State.TOO_FEW
    assert found.amount is None
    assert found.past == past.value  # the numbers themselves are no secret


@pytest.mark.parametrize(
    ("now", "past", "by", "amount"),
    [
        (9, 500, By.PERCENT, -98.2),
        (0, 50, By.PERCENT, -100.0),
        (60, 3, By.NUMBER, 57),
        (40, 0, By.NUMBER, 40),
    ],
)
def test_what_rose_or_fell_most_is_told_from_a_few_by_how_many(
    now: int, past: int, by: By, amount: float
) -> None:
    found = change(Unit.COUNT, Measured(now, now), Measured(past, past))

    assert (found.state, found.by, found.amount) == (State.TOLD, by, pytest.approx(amount))
    assert found.sure is True


def test_counts_below_ten_on_both_sides_are_too_few_to_tell() -> None:
    found = change(Unit.COUNT, Measured(9, 9), Measured(2, 2))

    assert (found.state, found.amount, found.past) == (State.TOO_FEW, None, 2)


def test_nothing_of_which_there_is_no_past_has_changed() -> None:
    of_nothing = Measured(None, 0)

    assert change(Unit.COUNT, Measured(50, 50), None) == Change(State.NO_PAST, By.PERCENT)
    assert change(Unit.SHARE, Measured(0.5, 50), of_nothing).state is State.NO_PAST
    assert change(Unit.SHARE, of_nothing, Measured(0.5, 50)).state is State.NO_PAST


def test_what_older_reports_have_had_more_time_for_is_not_compared() -> None:
    found = change(Unit.COUNT, Measured(50, 50), Measured(100, 100), ripening=True)

    assert (found.state, found.amount, found.past) == (State.RIPENING, None, 100)


def test_a_small_difference_of_counts_is_mere_fluctuation() -> None:
    # 1.96 x the root of 190 is 27.02
    assert change(Unit.COUNT, Measured(108, 108), Measured(82, 82)).sure is False
    assert change(Unit.COUNT, Measured(109, 109), Measured(81, 81)).sure is True


def test_shares_whose_intervals_overlap_are_mere_fluctuation() -> None:
    few = change(Unit.SHARE, Measured(0.9, 40), Measured(0.8, 40))
    many = change(Unit.SHARE, Measured(0.9, 4000), Measured(0.8, 4000))

    assert (few.sure, many.sure) == (False, True)


def test_of_times_nothing_is_claimed() -> None:
    assert change(Unit.WORKING_SECONDS, Measured(10, 99), Measured(900, 99)).sure is None


def test_wilsons_interval_is_that_of_the_book() -> None:
    """Newcombe, Statistics in Medicine 17 (1998), table I: 81 of 263, and 15 of 148, 0 of 20."""
    told = {
        (hits, of): [round(end, 4) for end in wilson(hits / of, of)]
        for hits, of in ((81, 263), (15, 148), (0, 20), (29, 29))
    }

    assert told == {
        (81, 263): [0.2553, 0.3662],
        (15, 148): [0.0624, 0.1605],
        (0, 20): [0.0, 0.1611],
        (29, 29): [0.8830, 1.0],
    }


@given(st.integers(0, 60), st.integers(0, 60), st.sampled_from([0.05, 0.3, 0.5, 0.9]))
def test_the_chance_of_as_many_is_the_sum_of_its_cases(
    count: int, past: int, exposure: float
) -> None:
    total = count + past
    plainly = sum(
        comb(total, hits) * exposure**hits * (1 - exposure) ** (total - hits)
        for hits in range(count, total + 1)
    )

    assert p_of_as_many(count, past, exposure) == pytest.approx(plainly, rel=1e-6, abs=1e-12)


def test_very_many_reports_cost_no_time_and_no_overflow() -> None:
    assert p_of_as_many(9_000, 40_000, 30 / 395) == 0.0
    assert p_of_as_many(3_300, 40_000, 30 / 395) > 0.2


def test_benjamini_and_hochberg_decide_as_in_their_own_example() -> None:
    """Their paper (1995), section 4.1: of 15 p-values at 0.05, the four smallest count."""
    chances = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240,
        0.4262, 0.5719, 0.6528, 0.7590, 1.0,
    ]  # fmt: skip

    assert significant(chances, 0.05) == 0.0095
    assert significant([0.5, 0.6], 0.05) == 0.0
    assert significant([], 0.05) == 0.0
