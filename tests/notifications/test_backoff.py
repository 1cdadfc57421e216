"""When a letter is tried again, and when it is quiet: the rules, against a slow recount."""

from datetime import UTC, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.backoff import (
    FIRST_WAIT,
    LONGEST_WAIT,
    MOST_TRIES,
    SLOW_WAIT,
    Hours,
    quiet_until,
    wait_before,
)
from notifications.channels.letters import RETRY_AFTER_MOST, seconds_after

HUE = "Asia/Ho_Chi_Minh"
times = st.builds(time, st.integers(0, 23), st.integers(0, 59))
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(st.integers(1, 60), st.integers(0, 2**32))
def test_waits_double_up_to_an_hour_and_are_spread(tries: int, seed: int) -> None:
    wait = wait_before(tries, chance=Random(seed))

    ideal = min(FIRST_WAIT * 2 ** min(tries - 1, 30), LONGEST_WAIT)
    assert ideal / 2 <= wait <= ideal


@given(st.integers(1, 60), st.floats(0, 86_400), st.integers(0, 2**32))
def test_never_sooner_than_the_provider_asked(tries: int, asked: float, seed: int) -> None:
    assert wait_before(tries, after=asked, chance=Random(seed)) >= timedelta(seconds=asked)


def test_a_refusal_of_ourselves_is_retried_slowly() -> None:
    assert wait_before(1, slow=True, chance=Random(1)) >= SLOW_WAIT / 2


@given(st.integers(0, 2**32))
def test_all_tries_together_take_about_a_day(seed: int) -> None:
    chance = Random(seed)

    total = sum((wait_before(n, chance=chance) for n in range(1, MOST_TRIES)), timedelta())

    assert timedelta(hours=12) <= total <= timedelta(hours=26)


@given(moments, times, times)
def test_quiet_hours_equal_a_minute_by_minute_count(at: datetime, since: time, until: time) -> None:
    zone, at = ZoneInfo(HUE), at.replace(second=0, microsecond=0)

    def is_quiet(moment: datetime) -> bool:
        clock = moment.astimezone(zone).time()
        if since <= until:
            return since <= clock < until
        return clock >= since or clock < until

    end = at
    while is_quiet(end):
        end += timedelta(minutes=1)

    assert quiet_until(at, Hours(since, until), HUE) == (end if end != at else None)


NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        ("0", 0.0),
        ("-3", 0.0),
        ("Fri, 20 Nov 2026 03:02:00 GMT", 120.0),
        ("Fri, 20 Nov 2020 03:02:00 GMT", 0.0),
        ("99999999", RETRY_AFTER_MOST),
        ("soon", None),
        ("nan", None),
        ("", None),
        (None, None),
    ],
)
def test_a_retry_after_header_is_read_in_both_forms(
    header: str | None, seconds: float | None
) -> None:
    assert seconds_after(header, NOW) == seconds
