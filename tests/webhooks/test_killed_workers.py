"""Workers killed with SIGKILL at every named point: no event lost, none acted upon twice.

Each test that finds nothing wrong has a twin below in which something is: a worker that is broken
on purpose must be caught, or a green run would mean nothing.
"""

import os
import signal
import subprocess
import sys
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from threading import Thread
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import text

from app.auth.models import Account, AccountKind
from app.clock import now
from app.config import ROOT
from app.database import db
from app.factory import create_app
from app.jobs import schedule
from bench.loopback import WebhookReceiver
from notifications.webhooks import endpoints
from notifications.webhooks.claims import LEASE, OF_ONE
from notifications.webhooks.endpoints import Wish
from notifications.webhooks.models import PUBLIC
from notifications.webhooks.outbox import happened
from tests.conftest import config_for

EVENTS = 30


@dataclass
class Town:
    """One neighbour, who keeps what it was told."""

    app: Flask
    receiver: WebhookReceiver

    def tell(self) -> None:
        """Thirty events, each with its job."""
        for number in range(EVENTS):
            happened(
                event_id=uuid4(),
                type="report.changed",
                subject=f"report:{number:04}",
                readers={PUBLIC},
                at=now(),
            )
            db.session.commit()

    def told(self) -> Counter[str]:
        """What the neighbour acted upon, how often: it knows a repeat by its id."""
        return Counter(str(one.body["data"]["subject"]) for one in self.receiver.seen())

    def lost(self) -> set[str]:
        return {f"report:{number:04}" for number in range(EVENTS)} - set(self.told())

    def doubled(self) -> dict[str, int]:
        return {subject: times for subject, times in self.told().items() if times > 1}

    def states(self) -> Counter[str]:
        db.session.rollback()
        rows = db.session.execute(text("select state, count(*) from webhook_delivery group by 1"))
        return Counter({row.state: int(row.count) for row in rows})


@pytest.fixture
def town(own_database: str) -> Iterator[Town]:
    """On a database of its own, whose commits are real."""
    app = create_app(config_for(own_database))
    with app.app_context(), WebhookReceiver() as receiver:
        owner = Account(kind=AccountKind.OFFICIAL, locale="vi", email="an@hue.example")
        db.session.add(owner)
        db.session.flush()
        wish = Wish(url=f"{receiver.url}/xom")
        _, secret = endpoints.register(uuid4(), wish, reader=PUBLIC, by=owner.id, at=now())
        assert secret is not None
        receiver.secret = secret
        db.session.commit()
        yield Town(app, receiver)
        db.session.remove()
        db.engine.dispose()


def work(town: Town, *variants: str, crash_at: str = "") -> int:
    """Run a worker until the queue is empty, or until it is killed; its exit code."""
    config = town.app.extensions["xom.config"]
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("XOM_")},
        "XOM_ENV": "test",
        "DATABASE_URL": config.database_url,
        "SECRET_KEY": config.secret_key,
        "XOM_IDENTITY_KEY": urlsafe_b64encode(config.identity_key).decode(),
        "CRASH_AT": crash_at,
    }
    if not crash_at:
        del environment["CRASH_AT"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.webhooks.worker_process", *variants],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        timeout=60,
        check=False,
    )
    said = (done.stdout + done.stderr).decode()
    assert done.returncode in {0, -signal.SIGKILL}, said
    assert "ended with status: Error" not in said, said
    return done.returncode


def recover(town: Town) -> None:
    """What a healthy worker does once the lease of whoever was killed is over, and its heartbeat
    old."""
    for statement in (
        "update webhook_delivery set due_at = due_at - cast(:lease as interval)"
        " where state = 'due'",
        "update webhook_endpoint set rests_until = rests_until - cast(:lease as interval)",
    ):
        db.session.execute(text(statement), {"lease": LEASE})
    db.session.execute(
        text("update procrastinate_workers set last_heartbeat = now() - interval '5 minutes'")
    )
    waiting = set(
        db.session.scalars(text("select task_name from procrastinate_jobs where status = 'todo'"))
    )
    for task in {"notifications.retry_stalled", "notifications.webhooks.sweep"} - waiting:
        schedule(task, {"timestamp": 0})
    db.session.commit()
    assert work(town) == 0


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
