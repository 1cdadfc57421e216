"""When an event is tried again, and when an endpoint is left alone."""

from datetime import UTC, datetime, timedelta
from random import Random

from notifications.webhooks.backoff import (
    MOST_TRIES,
    OFF_AFTER,
    OFF_DAYS,
    WAITS,
    is_given_up,
    rest_after,
    wait_before,
)

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


def test_an_event_is_tried_for_three_days_and_no_longer() -> None:
    waits = [wait_before(tries, after=None, chance=Random(1)) for tries in range(1, MOST_TRIES)]

    total = sum((wait for wait in waits if wait), timedelta())
    assert timedelta(days=2, hours=18) < total < timedelta(days=3, hours=12)
    assert wait_before(MOST_TRIES, after=None, chance=Random(1)) is None


def test_each_wait_is_near_the_one_recommended() -> None:
    for tries, wait in enumerate(WAITS, 1):
        found = wait_before(tries, after=None, chance=Random(tries))

        assert found is not None
        assert wait * 0.9 <= found <= wait * 1.1


def test_what_the_receiver_asks_for_is_the_least() -> None:
    assert wait_before(1, after=600.0, chance=Random(1)) == timedelta(minutes=10)


def test_an_endpoint_rests_longer_with_each_failure_but_for_minutes_at_most() -> None:
    rests = [rest_after(failures) for failures in (1, 2, 3, 50, 5000)]

    assert rests == sorted(rests)
    assert rests[0] == timedelta(seconds=5)
    assert rests[-1] == timedelta(minutes=5)


def test_an_endpoint_is_given_up_after_five_days_without_success() -> None:
    assert not is_given_up(None, 0, NOW)
    assert not is_given_up(NOW - OFF_AFTER + timedelta(minutes=1), OFF_DAYS, NOW)
    assert is_given_up(NOW - OFF_AFTER, OFF_DAYS, NOW)


def test_a_failure_now_and_one_last_week_are_no_five_days_without_success() -> None:
    assert not is_given_up(NOW - 2 * OFF_AFTER, OFF_DAYS - 1, NOW)
