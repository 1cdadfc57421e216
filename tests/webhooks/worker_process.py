"""A real worker in a process of its own, that tells neighbours until the queue is empty and can be
killed.

    DATABASE_URL=… CRASH_AT=after_post python -m tests.webhooks.worker_process [VARIANT]

The variants are broken on purpose: they show that the tests which use this can fail.
"""

import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import procrastinate
from aiohttp import ClientSession
from flask import Flask
from sqlalchemy import Select, select

from app import jobs
from app.auth.models import Account
from app.config import Config
from app.crash import crash_point
from app.database import init_database
from app.jobs import run_worker
from app.logs import init_logs
from notifications import tasks as messages
from notifications.ports import init_notifications
from notifications.webhooks import outcomes, rounds, tasks
from notifications.webhooks.claims import Claim
from notifications.webhooks.outcomes import Result
from notifications.webhooks.ports import Asked
from notifications.webhooks.posting import Answered

assert messages, tasks  # what `flask worker` imports: it registers the tasks

Clock = Callable[[], datetime]
Stop = Callable[[], bool]


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
    tell = rounds.tell

    async def wrong(
        claims: Sequence[Claim], outside: ClientSession, *, clock: Clock, stop: Stop
    ) -> dict[int, Result]:
        outcomes.write_down(claims, {one.id: Answered(200, 1) for one in claims}, clock())
        crash_point("after_mark")
        return await tell(claims, outside, clock=clock, stop=stop)

    rounds.tell = wrong


def new_ids() -> None:
    """Gives each try an id of its own, so that a receiver cannot tell a repeat."""
    tell = rounds.tell

    async def wrong(
        claims: Sequence[Claim], outside: ClientSession, *, clock: Clock, stop: Stop
    ) -> dict[int, Result]:
        renamed = [replace(one, event_id=uuid4()) for one in claims]
        return await tell(renamed, outside, clock=clock, stop=stop)

    rounds.tell = wrong


def one_line() -> None:
    """Has no place of their own for those who wait for other systems."""

    async def together(
        working: procrastinate.App, places: dict[str, int], how: dict[str, Any]
    ) -> None:
        async with working.open_async():
            await working.run_worker_async(concurrency=1, **how)

    jobs._side_by_side = together


def for_ever() -> None:
    """Works until it is told to stop."""


VARIANTS = {
    "marks_first": marks_first,
    "new_ids": new_ids,
    "one_line": one_line,
    "for_ever": for_ever,
}


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
    run_worker(app, url, concurrency=1, until_empty="for_ever" not in sys.argv)


if __name__ == "__main__":
    main()
