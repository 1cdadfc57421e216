"""Receivers that take what they are sent, slowly: nobody else waits for them."""

import asyncio
import signal
import subprocess
from collections.abc import Callable
from dataclasses import replace
from time import monotonic

import pytest
from sqlalchemy import text

from app.clock import now
from app.database import db
from app.jobs import schedule
from bench.loopback import WebhookReceiver
from notifications.ports import ports
from notifications.webhooks import outcomes, rounds
from notifications.webhooks.claims import claim_due
from notifications.webhooks.models import TEST
from notifications.webhooks.outbox import happened
from notifications.webhooks.outcomes import NotTried
from notifications.webhooks.posting import outside
from tests.reports.conftest import House
from tests.webhooks.conftest import Neighbours
from tests.webhooks.town import Town, changed, town, until, worker

__all__ = ["town"]

Dispatch = Callable[..., object]
THINKS = 2.0  # seconds


def test_a_healthy_neighbour_is_told_and_written_down_while_a_slow_one_thinks(town: Town) -> None:
    with WebhookReceiver(delay=THINKS) as slow:
        town.listen(slow)
        town.tell(2)
        with worker(town) as running:
            assert slow.wait_until(lambda: len(slow.asked) == 1, 20)
            begun = monotonic()
            assert until(lambda: town.states()["sent"] == 2), "by the one that is not slow"
            town.tell(1)
            assert until(lambda: town.states()["sent"] == 3), "what happens meanwhile, too"
            assert monotonic() - begun < THINKS and slow.received == []
            running.communicate(timeout=30)

        assert len(slow.received) == len(town.receiver.received) == 3


def test_a_residents_message_waits_for_no_slow_receiver(town: Town) -> None:
    assert message_waits(town, "for_ever") < THINKS / 2


def test_a_message_that_waits_in_line_with_webhooks_is_caught(town: Town) -> None:
    assert message_waits(town, "for_ever", "one_line") > THINKS / 2


def message_waits(town: Town, *variants: str) -> float:
    """How long a job of messages waits while a receiver thinks, in seconds. The worker ends by
    itself when it is told to stop."""
    with WebhookReceiver(delay=THINKS) as slow, worker(town, *variants) as running:
        town.listen(slow)
        town.tell(2)
        assert slow.wait_until(lambda: len(slow.asked) == 1, 20)
        begun = monotonic()
        schedule("notifications.drain", {})
        db.session.commit()
        try:
            assert until(lambda: not waiting("notifications.drain"))
            return monotonic() - begun
        finally:
            stopped(running)


def stopped(running: "subprocess.Popen[bytes]") -> None:
    running.send_signal(signal.SIGTERM)
    said = running.communicate(timeout=30)[0].decode()
    assert running.returncode == 0, said


def waiting(task: str) -> int:
    db.session.rollback()
    query = text("select count(*) from procrastinate_jobs where task_name = :task")
    return int(db.session.execute(query, {"task": task}).scalar_one())


def test_a_round_begins_no_other_try_once_its_time_is_over(
    neighbours: Neighbours, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Fifteen seconds are long for a test.
    monkeypatch.setattr(rounds, "SECONDS", 0.3)
    receiver, endpoint = neighbours.listen(delay=0.2)
    happened(*[replace(changed(f"webhook:{endpoint.id}"), type=TEST) for _ in range(5)])

    results = told_in_one_round()

    assert len(receiver.received) == 2
    assert [isinstance(one, NotTried) for one in results] == [False, False, True, True, True]


def test_a_round_begins_no_other_try_once_the_worker_is_told_to_stop(
    neighbours: Neighbours,
) -> None:
    receiver, endpoint = neighbours.listen()
    happened(*[replace(changed(f"webhook:{endpoint.id}"), type=TEST) for _ in range(5)])
    asked = iter([False, True])

    told_in_one_round(stop=lambda: next(asked))

    assert len(receiver.received) == 1


def test_what_is_hidden_while_a_receiver_thinks_about_the_event_before_is_not_told(
    house: House, neighbours: Neighbours, dispatch: Dispatch
) -> None:
    receiver, _ = neighbours.listen(delay=0.5)
    first, second = house.submits("1"), house.submits("2")
    dispatch("accept", first)
    dispatch("accept", second)

    def hide() -> None:
        dispatch("hide", second, note="Lộ biển số.")
        db.session.commit()

    told_in_one_round(meanwhile=(receiver, hide))

    assert [one.body["data"]["id"] for one in receiver.received] == [str(first.id)]


def told_in_one_round(
    *,
    stop: Callable[[], bool] = bool,
    meanwhile: tuple[WebhookReceiver, Callable[[], None]] | None = None,
) -> list[outcomes.Result]:
    """What became of what is due to one endpoint. `meanwhile`: done once a receiver was asked."""
    db.session.commit()
    (lent,) = claim_due(now(), most=1)
    db.session.commit()

    async def tell() -> dict[int, outcomes.Result]:
        async with outside(ports().config) as session:
            telling = asyncio.create_task(rounds.tell(lent, session, clock=now, stop=stop))
            if meanwhile is not None:
                receiver, act = meanwhile
                while not receiver.asked:
                    await asyncio.sleep(0.01)
                act()
            return await telling

    return list(asyncio.run(tell()).values())
