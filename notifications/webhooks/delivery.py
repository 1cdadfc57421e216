"""Sending what is due: endpoints are lent as they have something to be told, and each has a round
of its own, side by side with all others. A slow one costs its neighbours nothing.

A worker may be killed anywhere in here. What it held comes due again when its lease is over, under
the same id: none lost, and receivers know a repeat.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from procrastinate.exceptions import AlreadyEnqueued

from app.clock import now
from app.crash import crash_point
from app.database import db
from app.jobs import PATIENT, absorb, schedule
from notifications.ports import ports
from notifications.webhooks import rounds
from notifications.webhooks.claims import Claim, claim_due, next_due
from notifications.webhooks.posting import outside

TASK = "notifications.webhooks"
AT_ONCE = 64  # endpoints under way
SOON = timedelta(minutes=1)  # the sweep finds what comes due later
LOOK = 1.0  # seconds, while some are under way, between looks at what came due meanwhile


def drain(*, clock: Callable[[], datetime] = now, stop: Callable[[], bool] = bool) -> int:
    """Send what is due until nothing is, or until told to `stop`; how many were looked at."""
    seen = asyncio.run(_drain(clock, stop))
    _wake_when_due(clock())
    return seen


async def _drain(clock: Callable[[], datetime], stop: Callable[[], bool]) -> int:
    seen = 0
    under_way: set[asyncio.Task[None]] = set()
    async with outside(ports().config) as session:
        while True:
            lent = [] if stop() else _lend(clock(), AT_ONCE - len(under_way))
            seen += sum(len(claims) for claims in lent)
            for claims in lent:
                bringing = rounds.bring(claims, session, clock=clock, stop=stop)
                under_way.add(asyncio.create_task(bringing))
            if not under_way:
                return seen
            _, under_way = await asyncio.wait(
                under_way, timeout=LOOK, return_when=asyncio.FIRST_COMPLETED
            )


def _lend(at: datetime, most: int) -> list[list[Claim]]:
    """What is due now, for this drain alone. The jobs that ask for it are done with."""
    absorb(TASK)
    lent = claim_due(at, most=most)
    db.session.commit()
    if lent:
        crash_point("after_claim")
    return lent


def _wake_when_due(at: datetime) -> None:
    """What comes due within the minute has a job of its own; the sweep finds the rest."""
    due = next_due(at + SOON)
    if due is not None:
        due = max(due, at)
        once = f"webhooks {due:%H:%M:}{due.second // 5}"
        try:
            schedule("notifications.webhooks", {}, at=due, once=once, line=PATIENT)
        except AlreadyEnqueued:
            db.session.rollback()
            return
    db.session.commit()
