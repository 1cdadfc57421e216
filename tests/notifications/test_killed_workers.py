"""Workers killed with SIGKILL at every named point: nothing lost, nothing shown twice.

Each test that finds nothing wrong has a twin below in which something is: a worker that is broken
on purpose must be caught, or a green run would mean nothing.
"""

import os
import signal
import subprocess
import sys
from base64 import urlsafe_b64encode
from collections import Counter

import pytest
from sqlalchemy import text

from app.config import ROOT
from app.database import db
from app.jobs import schedule
from notifications.claims import LEASE
from tests.notifications.conftest import Outside, Town

PHONES = 230  # three batches


def work(town: Town, *variants: str, crash_at: str = "") -> int:
    """Run a worker until the queue is empty, or until it is killed; its exit code."""
    config = town.app.extensions["xom.config"]
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("XOM_")},
        "XOM_ENV": "test",
        "DATABASE_URL": config.database_url,
        "SECRET_KEY": config.secret_key,
        "XOM_IDENTITY_KEY": urlsafe_b64encode(config.identity_key).decode(),
        "XOM_FIREBASE_CREDENTIALS": config.firebase_credentials,
        "XOM_FCM_URL": config.fcm_url,
        "CRASH_AT": crash_at,
    }
    if not crash_at:
        del environment["CRASH_AT"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.notifications.worker_process", *variants],
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


def let_time_pass() -> None:
    """Until the lease of whoever was killed is over, and its heartbeat old."""
    db.session.execute(
        text("update delivery set due_at = due_at - cast(:lease as interval) where state = 'due'"),
        {"lease": LEASE},
    )
    db.session.execute(
        text("update procrastinate_workers set last_heartbeat = now() - interval '5 minutes'")
    )
    db.session.commit()


def defer_what_each_minute_brings() -> None:
    for task in ("notifications.retry_stalled", "notifications.sweep"):
        schedule(task, {"timestamp": 0})
    db.session.commit()


def lost(outside: Outside) -> set[str]:
    """Phones that show nothing."""
    return {phone(number) for number in range(PHONES)} - set(outside.fcm.shown())


def shown_twice(outside: Outside) -> Counter[str]:
    """Phones that show the one piece of news more than once."""
    return Counter({token: n for token, n in outside.fcm.shown().items() if n > 1})


def phone(number: int) -> str:
    return f"phone-{number:04}"


def tell_everybody(town: Town) -> None:
    town.tell(*[town.person(phone(number)) for number in range(PHONES)])


@pytest.mark.parametrize("point", ["after_claim", "after_send", "before_mark"])
def test_what_a_killed_worker_held_is_brought_by_the_next(own_town: Town, point: str) -> None:
    tell_everybody(own_town)

    assert work(own_town, crash_at=point) == -signal.SIGKILL
    assert own_town.states().count("sent") == 0
    let_time_pass()
    defer_what_each_minute_brings()
    assert work(own_town) == 0

    assert lost(own_town.outside) == set()
    assert shown_twice(own_town.outside) == Counter()
    assert own_town.states() == ["sent"] * PHONES
    assert own_town.jobs("notifications.deliver") == 0
    wire = sum(own_town.outside.fcm.sent().values())
    if point == "before_mark":
        assert wire >= PHONES + 100, "a whole batch went twice, and shows once"


def test_a_worker_killed_before_it_knew_what_to_send_is_replaced(own_town: Town) -> None:
    tell_everybody(own_town)
    # As a worker that was killed between taking the job and its first statement leaves it.
    take = text("select id from procrastinate_fetch_job_v2(null, null)")
    db.session.execute(take)
    db.session.commit()
    assert own_town.deliveries() == []

    let_time_pass()
    defer_what_each_minute_brings()
    work(own_town)

    assert lost(own_town.outside) == set()
    assert own_town.states() == ["sent"] * PHONES


def test_a_worker_that_marks_before_it_sends_is_caught(own_town: Town) -> None:
    tell_everybody(own_town)

    assert work(own_town, "marks_first", crash_at="after_mark") == -signal.SIGKILL
    recover(own_town)

    assert len(lost(own_town.outside)) >= 100


def test_a_worker_that_sends_repeats_under_new_ids_is_caught(own_town: Town) -> None:
    tell_everybody(own_town)

    assert work(own_town, "new_ids", crash_at="before_mark") == -signal.SIGKILL
    recover(own_town)

    assert len(shown_twice(own_town.outside)) >= 100


def recover(town: Town) -> None:
    """What a healthy worker would do, here in this process."""
    let_time_pass()
    moment = db.session.execute(text("select now()")).scalar_one()
    town.drain(moment)
