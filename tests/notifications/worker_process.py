"""A real worker in a process of its own, that works until the queue is empty and can be killed.

    DATABASE_URL=… CRASH_AT=after_send python -m tests.notifications.worker_process [VARIANT]

The variants are broken on purpose: they show that the tests which use this can fail.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from flask import Flask

from app.config import Config
from app.crash import crash_point
from app.database import init_database
from app.jobs import run_worker
from app.logs import init_logs
from notifications import attempts, delivery, tasks
from notifications.attempts import Result
from notifications.channels.letters import Letter, Sent
from notifications.claims import Claim
from notifications.ports import init_notifications

assert tasks  # what `flask worker` imports: it registers the tasks


def marks_first() -> None:
    """Writes down that everything was sent, and sends it afterwards."""
    send_all, write_down = delivery.send_all, delivery.write_down

    def wrong(claims: Sequence[Claim], at: datetime) -> list[Result]:
        write_down(claims, [Sent() for _ in claims], at)
        crash_point("after_mark")
        return send_all(claims, at)

    delivery.send_all = wrong


def new_ids() -> None:
    """Gives each try an id of its own, so that a phone cannot tell a repeat."""
    letter: Callable[[attempts.Batch, Claim], Letter] = attempts.Batch._letter

    def wrong(batch: attempts.Batch, claim: Claim) -> Letter:
        return replace(letter(batch, claim), message_id=uuid4())

    attempts.Batch._letter = wrong  # type: ignore[method-assign]


VARIANTS = {"marks_first": marks_first, "new_ids": new_ids}


def main() -> None:
    config = Config.from_env()
    for variant in sys.argv[1:]:
        VARIANTS[variant]()
    app = Flask("worker")  # of the house, only what a delivery needs: it starts in half the time
    app.extensions["xom.config"] = config
    init_logs(app, config)
    init_database(app, config.database_url)
    init_notifications(app)
    url = config.database_url.replace("postgresql+psycopg://", "postgresql://")
    run_worker(app, url, until_empty=True)


if __name__ == "__main__":
    main()
