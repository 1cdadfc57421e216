"""The queue's side: names that exist, periodic jobs that run once, jobs whose workers died."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from procrastinate import App
from procrastinate.jobs import Job
from procrastinate.periodic import PeriodicDeferrer
from sqlalchemy import text

from app.config import ROOT
from app.database import db
from app.jobs import WorkerConnector, queue, schedule
from notifications import delivery, tasks
from notifications.webhooks import tasks as webhook_tasks
from tests.notifications.conftest import NOW, Town

MINUTE = 1_795_000_000 // 60 * 60  # a full minute, in seconds since 1970


def conninfo(town: Town) -> str:
    url: str = town.app.extensions["xom.config"].database_url
    return url.replace("postgresql+psycopg://", "postgresql://")


def with_queue(town: Town, act: Callable[[App], Awaitable[Any]]) -> Any:
    """What a worker's loop would await, on a connection of its own."""

    async def run() -> Any:
        with queue.replace_connector(WorkerConnector(conninfo=conninfo(town))) as working:
            async with working.open_async():
                return await act(working)

    return asyncio.run(run())


def test_every_task_that_is_deferred_by_name_exists() -> None:
    deferred = {
        name
        for path in (ROOT / "notifications").rglob("*.py")
        for name in re.findall(r'"(notifications\.[a-z_]+)"', path.read_text())
    }

    assert deferred and webhook_tasks
    assert deferred <= set(queue.tasks)


def test_two_schedulers_at_the_same_minute_defer_a_periodic_job_once(own_town: Town) -> None:
    async def tick(working: App) -> None:
        for _ in range(2):  # two workers: each has a deferrer of its own
            deferrer = PeriodicDeferrer(registry=working.periodic_registry)
            await deferrer.defer_jobs(deferrer.get_previous_tasks(at=MINUTE + 1))

    with_queue(own_town, tick)

    assert own_town.jobs("notifications.sweep") == 1
    assert own_town.jobs("notifications.retry_stalled") == 1


def test_the_next_minute_is_another_job_once_the_first_has_begun(own_town: Town) -> None:
    async def tick(working: App) -> None:
        for at in (MINUTE + 1, MINUTE + 61):
            deferrer = PeriodicDeferrer(registry=working.periodic_registry)
            await deferrer.defer_jobs(deferrer.get_previous_tasks(at=at))
            await working.connector.execute_query_async(
                "update procrastinate_jobs set status = 'doing'"
            )

    with_queue(own_town, tick)

    assert own_town.jobs("notifications.sweep") == 2


def stall(town: Town, *, attempts: int, once: str | None = None) -> None:
    """A job that a worker took and never finished."""
    schedule("notifications.drain", {}, once=once)
    db.session.execute(text("select id from procrastinate_fetch_job_v2(null, null)"))
    db.session.execute(text("update procrastinate_jobs set attempts = :n"), {"n": attempts})
    db.session.commit()


def statuses(town: Town) -> list[str]:
    db.session.rollback()
    query = text("select status::text from procrastinate_jobs order by id")
    return list(db.session.execute(query).scalars())


def retry_stalled(town: Town) -> None:
    async def run(working: App) -> None:
        await tasks.retry_stalled(SimpleNamespace(app=working), timestamp=MINUTE)

    with_queue(town, run)


def test_a_job_whose_worker_died_goes_back_into_the_queue(own_town: Town) -> None:
    stall(own_town, attempts=0)
    assert statuses(own_town) == ["doing"]

    retry_stalled(own_town)

    assert statuses(own_town) == ["todo"]


def test_a_job_that_kills_every_worker_is_put_aside(own_town: Town) -> None:
    stall(own_town, attempts=tasks.MOST_ATTEMPTS)

    retry_stalled(own_town)

    assert statuses(own_town) == ["failed"]


def test_a_dead_workers_job_whose_next_run_waits_already_holds_up_no_other(own_town: Town) -> None:
    stall(own_town, attempts=0, once="notifications.sweep")
    schedule("notifications.sweep", {"timestamp": MINUTE}, once="notifications.sweep")
    schedule("notifications.deliver", {"change_id": "x"})
    db.session.execute(
        text(
            "update procrastinate_jobs set status = 'doing'"
            " where task_name = 'notifications.deliver'"
        )
    )
    db.session.commit()

    retry_stalled(own_town)

    query = text("select task_name, status::text from procrastinate_jobs order by id")
    left = [tuple(row) for row in db.session.execute(query)]
    assert left == [("notifications.sweep", "todo"), ("notifications.deliver", "todo")]


def test_a_stalled_job_that_cannot_be_put_back_holds_up_no_other(own_town: Town) -> None:
    stall(own_town, attempts=0)
    stall(own_town, attempts=0)
    # Whatever the first one's trouble is: here the database refuses it.
    db.session.execute(
        text(
            "create function refuse() returns trigger language plpgsql as"
            " $$ begin raise exception 'not this one'; end $$"
        )
    )
    db.session.execute(
        text(
            "create trigger refuse before update on procrastinate_jobs for each row"
            " when (old.id = 1) execute function refuse()"
        )
    )
    db.session.commit()

    retry_stalled(own_town)

    assert statuses(own_town) == ["doing", "todo"]


def test_a_job_of_a_living_worker_is_left_alone(own_town: Town) -> None:
    db.session.execute(text("insert into procrastinate_workers (last_heartbeat) values (now())"))
    stall(own_town, attempts=0)
    db.session.execute(
        text("update procrastinate_jobs set worker_id = (select id from procrastinate_workers)")
    )
    db.session.commit()

    retry_stalled(own_town)

    assert statuses(own_town) == ["doing"]


def test_a_delivery_job_that_fails_is_tried_for_ever_and_ever_more_slowly() -> None:
    def seconds(attempts: int) -> float:
        job = Job(
            id=1, queue="default", lock=None, queueing_lock=None, task_name="x", attempts=attempts
        )
        decision = tasks.Patient().get_retry_decision(exception=ValueError(), job=job)
        assert decision.retry_at is not None
        return (decision.retry_at - datetime.now(UTC)).total_seconds()

    waits = [seconds(attempts) for attempts in (0, 1, 5, 50, 5000)]
    assert waits[:4] == sorted(waits[:4])
    assert 0 < waits[0] < 6
    assert waits[1] - waits[0] > 3  # each by seconds, not by the time between two looks
    assert waits[-1] <= tasks.LONGEST_WAIT
    assert abs(waits[-1] - waits[-2]) < 2  # the longest already, but for when it was asked


def test_a_worker_that_is_told_to_stop_leaves_the_rest_to_the_next(town: Town) -> None:
    change_id = town.tell(*[town.person(f"phone-{number:04}") for number in range(150)])
    asked = iter([False, True])

    delivery.deliver(change_id, clock=lambda: NOW, stop=lambda: next(asked))
    assert sorted(set(town.states())) == ["due", "sent"]

    town.drain(NOW)
    assert set(town.states()) == {"sent"}


def test_the_figures_tell_how_deliveries_fare(town: Town) -> None:
    town.outside.fcm.fail(400, "INVALID_ARGUMENT", address="bad-phone")
    town.outside.fcm.fail(403, "SENDER_ID_MISMATCH", address="alarmed-phone")
    people = [town.person(name) for name in ("good-phone", "bad-phone", "alarmed-phone")]
    moment = db.session.execute(text("select now()")).scalar_one()
    town.bring(*people, at=moment)

    page = town.app.test_client().get("/metrics").text

    assert 'xom_deliveries_last_hour{channel="fcm",result="sent"} 1.0' in page
    assert 'xom_deliveries_last_hour{channel="fcm",result="dead"} 1.0' in page
    assert 'xom_dead_letters{channel="fcm"} 1.0' in page
    assert 'xom_delivery_alarms{channel="fcm"} 1.0' in page
    assert 'xom_delivery_queue_age_seconds{urgent="no"}' in page
    assert "xom_figure_failed" in page
    for figure in re.findall(r'xom_figure_failed{figure="(xom_d\w+|xom_jobs)"} (\S+)', page):
        assert figure[1] == "0.0", figure
