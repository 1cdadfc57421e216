"""A real worker in a process of its own, that tells neighbours until the queue is empty and can be
killed.

    DATABASE_URL=… CRASH_AT=after_post python -m tests.webhooks.worker_process [VARIANT]

The variants are broken on purpose: they show that the tests which use this can fail.
"""

import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import Select, select

from app.auth.models import Account
from app.config import Config
from app.crash import crash_point
from app.database import init_database
from app.jobs import run_worker
from app.logs import init_logs
from notifications import tasks as messages
from notifications.ports import init_notifications
from notifications.webhooks import delivery, tasks
from notifications.webhooks.claims import Claim
from notifications.webhooks.delivery import Result
from notifications.webhooks.ports import Asked
from notifications.webhooks.posting import Answered

assert messages, tasks  # what `flask worker` imports: it registers the tasks


class Plain:
    """Events that say what they are of."""

    def events(self) -> Collection[str]:
        return ()

    def data(self, asked: Asked, facts: Mapping[str, Any]) -> dict[str, Any]:
        return {"subject": asked.subject}

    def owners(self, reader: str, made_by: UUID) -> Select[Any]:
        return select(Account.id).where(Account.id == made_by)


def marks_first() -> None:
    """Writes down that everything arrived, and sends it afterwards."""
    send_all, write_down = delivery.send_all, delivery.write_down

    def wrong(claims: Sequence[Claim], at: datetime) -> dict[int, Result]:
        write_down(claims, {one.id: Answered(200, 1) for one in claims}, at)
        crash_point("after_mark")
        return send_all(claims, at)

    delivery.send_all = wrong


def new_ids() -> None:
    """Gives each try an id of its own, so that a receiver cannot tell a repeat."""
    send_all = delivery.send_all

    def wrong(claims: Sequence[Claim], at: datetime) -> dict[int, Result]:
        return send_all([replace(one, event_id=uuid4()) for one in claims], at)

    delivery.send_all = wrong


VARIANTS = {"marks_first": marks_first, "new_ids": new_ids}


def main() -> None:
    config = Config.from_env()
    for variant in sys.argv[1:]:
        VARIANTS[variant]()
    app = Flask("worker")  # of the house, only what a delivery needs: it starts in half the time
    app.extensions["xom.config"] = config
    init_logs(app, config)
    init_database(app, config.database_url)
    init_notifications(app, webhooks=Plain())
    url = config.database_url.replace("postgresql+psycopg://", "postgresql://")
    run_worker(app, url, until_empty=True)


if __name__ == "__main__":
    main()
