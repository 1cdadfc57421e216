"""Workers killed with SIGKILL at every named point: no event lost, none acted upon twice.

Each test that finds nothing wrong has a twin below in which something is: a worker that is broken
on purpose must be caught, or a green run would mean nothing.
"""

import signal
from threading import Thread

import pytest

from notifications.webhooks.claims import OF_ONE
from tests.webhooks.town import EVENTS, Town, recover, town, work

__all__ = ["town"]


@pytest.mark.parametrize("point", ["after_claim", "after_post", "before_mark"])
def test_what_a_killed_worker_held_is_told_by_the_next(town: Town, point: str) -> None:
    town.tell()

    assert work(town, crash_at=point) == -signal.SIGKILL
    assert town.states()["sent"] == 0
    recover(town)

    assert town.lost() == set()
    assert town.doubled() == {}
    assert town.states() == {"sent": EVENTS}
    if point == "before_mark":
        assert len(town.receiver.asked) == EVENTS + OF_ONE, "a batch went twice, under its ids"


def test_a_healthy_worker_tells_each_once_and_in_order(town: Town) -> None:
    town.tell()

    assert work(town) == 0

    assert len(town.receiver.asked) == EVENTS
    numbers = [one.body["sequence"] for one in town.receiver.received]
    assert numbers == sorted(numbers)


def test_two_workers_at_once_tell_each_once_and_in_order(town: Town) -> None:
    town.tell()
    others = [Thread(target=work, args=(town,)) for _ in range(2)]
    for one in others:
        one.start()
    for one in others:
        one.join()

    assert len(town.receiver.asked) == EVENTS
    numbers = [one.body["sequence"] for one in town.receiver.received]
    assert numbers == sorted(numbers)


def test_a_worker_that_marks_before_it_sends_is_caught(town: Town) -> None:
    town.tell()

    assert work(town, "marks_first", crash_at="after_mark") == -signal.SIGKILL
    recover(town)

    assert len(town.lost()) == OF_ONE


def test_a_worker_that_sends_repeats_under_new_ids_is_caught(town: Town) -> None:
    town.tell()

    assert work(town, "new_ids", crash_at="before_mark") == -signal.SIGKILL
    recover(town)

    assert len(town.doubled()) == OF_ONE
