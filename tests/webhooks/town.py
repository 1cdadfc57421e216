"""A town with one neighbour, on a database of its own, and workers in processes of their own."""

import os
import signal
import subprocess
import sys
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import monotonic, sleep
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import text

from app.auth.models import Account, AccountKind
from app.clock import now
from app.config import ROOT
from app.database import db
from app.factory import create_app
from app.jobs import PATIENT, schedule
from bench.loopback import WebhookReceiver
from notifications.webhooks import endpoints
from notifications.webhooks.claims import LEASE
from notifications.webhooks.endpoints import Wish
from notifications.webhooks.models import PUBLIC
from notifications.webhooks.outbox import Happening, happened
from tests.conftest import config_for

EVENTS = 30


def changed(subject: str, reader: str = PUBLIC) -> Happening:
    """An event that says only of what it is."""
    return Happening(
        event_id=uuid4(), type="report.changed", subject=subject, readers={reader}, at=now()
    )


@dataclass
class Town:
    """One neighbour, who keeps what it was told."""

    app: Flask
    receiver: WebhookReceiver
    owner: UUID

    def listen(self, receiver: WebhookReceiver) -> UUID:
        """Register one more that reads as the public."""
        wish = Wish(url=f"{receiver.url}/xom")
        made, secret = endpoints.register(uuid4(), wish, reader=PUBLIC, by=self.owner, at=now())
        assert secret is not None
        receiver.secret = secret
        db.session.commit()
        return made.id

    def tell(self, number: int = EVENTS) -> None:
        """Thirty events, each with its job."""
        for one in range(number):
            happened(changed(f"report:{one:04}"))
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
        rows = db.session.execute(
            text("select state, count(*) as number from webhook_delivery group by 1")
        )
        return Counter({row.state: int(row.number) for row in rows})


@pytest.fixture
def town(own_database: str) -> Iterator[Town]:
    """On a database of its own, whose commits are real."""
    app = create_app(config_for(own_database))
    with app.app_context(), WebhookReceiver() as receiver:
        owner = Account(kind=AccountKind.OFFICIAL, locale="vi", email="an@hue.example")
        db.session.add(owner)
        db.session.flush()
        found = Town(app, receiver, owner.id)
        found.listen(receiver)
        yield found
        db.session.remove()
        db.engine.dispose()


def worker(town: Town, *variants: str, crash_at: str = "") -> "subprocess.Popen[bytes]":
    """A worker in a process of its own."""
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
    return subprocess.Popen(
        [sys.executable, "-m", "tests.webhooks.worker_process", *variants],
        env=environment,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def work(town: Town, *variants: str, crash_at: str = "") -> int:
    """Run a worker until the queue is empty, or until it is killed; its exit code."""
    with worker(town, *variants, crash_at=crash_at) as running:
        said = running.communicate(timeout=60)[0].decode()
    assert running.returncode in {0, -signal.SIGKILL}, said
    assert "ended with status: Error" not in said, said
    return running.returncode


def recover(town: Town) -> None:
    """What a healthy worker does once the lease of whoever was killed is over, and its heartbeat
    old."""
    for statement in (
        "update webhook_delivery set due_at = due_at - cast(:lease as interval)"
        " where state = 'due'",
        "update webhook_endpoint set lent_until = lent_until - cast(:lease as interval)",
    ):
        db.session.execute(text(statement), {"lease": LEASE})
    db.session.execute(
        text("update procrastinate_workers set last_heartbeat = now() - interval '5 minutes'")
    )
    waiting = set(
        db.session.scalars(text("select task_name from procrastinate_jobs where status = 'todo'"))
    )
    if "notifications.retry_stalled" not in waiting:
        schedule("notifications.retry_stalled", {"timestamp": 0})
    schedule("notifications.webhooks", {}, line=PATIENT)
    db.session.commit()
    assert work(town) == 0


def until(true: Callable[[], bool], seconds: float = 20.0) -> bool:
    """Wait for it; False when it took too long."""
    begun = monotonic()
    while not true():
        if monotonic() - begun > seconds:
            return False
        sleep(0.02)
    return True
