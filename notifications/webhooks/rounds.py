"""One round: what is lent of one endpoint, told one after the other until one fails or the round's
time is over, and written down.

Each body is worked out when it leaves, not before: a slow receiver is told nothing that was taken
back while it thought about the one before. No transaction is open while anybody is asked, and none
when another round goes on: they share a session.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from time import monotonic

import structlog
from aiohttp import ClientSession

from app.crash import crash_point
from app.database import db
from notifications.ports import ports
from notifications.webhooks import bodies, outcomes
from notifications.webhooks.claims import Claim
from notifications.webhooks.outcomes import NotTried, Result
from notifications.webhooks.posting import Answered, NotReached, Parcel, post

SECONDS = 15.0  # after which a round begins no other try; the last of them may take as long again

log = structlog.get_logger()


async def bring(
    claims: Sequence[Claim],
    outside: ClientSession,
    *,
    clock: Callable[[], datetime],
    stop: Callable[[], bool],
) -> None:
    """Tell one endpoint what it is lent with. Its fault costs no other."""
    try:
        results = await tell(claims, outside, clock=clock, stop=stop)
        crash_point("before_mark")
        outcomes.write_down(claims, results, clock())
    except Exception:
        db.session.rollback()
        log.exception("a webhook's round failed", endpoint=claims[0].endpoint_id)


async def tell(
    claims: Sequence[Claim],
    outside: ClientSession,
    *,
    clock: Callable[[], datetime],
    stop: Callable[[], bool],
) -> dict[int, Result]:
    """What became of each, by the delivery's id."""
    results: dict[int, Result] = {claim.id: NotTried() for claim in claims}
    until = monotonic() + SECONDS
    for claim in claims:
        if stop() or monotonic() >= until:
            break
        result = results[claim.id] = await _try(claim, outside, clock())
        if isinstance(result, NotReached) or (isinstance(result, Answered) and not result.is_taken):
            break
    return results


async def _try(claim: Claim, outside: ClientSession, at: datetime) -> Result:
    ready = bodies.ready(claim, at)
    if not isinstance(ready, Parcel):
        return ready
    posted = await post(outside, ready, ports().config)
    crash_point("after_post")
    return posted
