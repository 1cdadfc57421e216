"""What became of a round, written down: its deliveries, and how the endpoint stands. Committed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

import structlog

from app.database import db
from notifications.webhooks import endpoints, letter
from notifications.webhooks.backoff import is_given_up, rest_after, wait_before
from notifications.webhooks.bodies import NotTold, Untellable
from notifications.webhooks.claims import Claim, Mark, write_marks
from notifications.webhooks.errors import NoSuchEndpoint
from notifications.webhooks.models import OffBecause, TellingState, WebhookEndpoint
from notifications.webhooks.posting import Answered, NotReached, Posted

GONE = 410  # a receiver's word for: nobody is here any more

log = structlog.get_logger()
_chance = Random()


@dataclass(frozen=True, slots=True)
class NotTried:
    """It was not its turn: the one before it failed, or the round's time was over. Costs no try."""


Result = Posted | NotTried | NotTold | Untellable


def write_down(claims: Sequence[Claim], results: Mapping[int, Result], at: datetime) -> None:
    """What became of one endpoint's deliveries and of itself, which is given back. Committed."""
    try:
        endpoint = endpoints.locked(claims[0].endpoint_id)
    except NoSuchEndpoint:  # removed meanwhile, with what was to be told
        db.session.commit()
        return
    marks = [mark_of(claim, results[claim.id], at) for claim in claims]
    write_marks(marks, at)
    if endpoint.lent_until == claims[0].lent_until:  # else another worker has it by now
        endpoint.lent_until = None
        _note(endpoint, [results[claim.id] for claim in claims], at)
    db.session.commit()
    log.info("webhooks tried", **Counter(str(mark.state) for mark in marks if mark.tried))


def mark_of(claim: Claim, result: Result, at: datetime) -> Mark:
    """The row's new state. A failure is tried again, but not for ever."""
    if isinstance(result, NotTried):  # back to its place in the row
        return Mark(claim, TellingState.DUE, min(claim.at, at), claim.tries - 1, tried=False)
    if isinstance(result, NotTold):
        return Mark(claim, TellingState.STALE, at, claim.tries - 1, tried=False)
    if isinstance(result, Answered) and result.is_taken:
        return Mark(
            claim,
            TellingState.SENT,
            at,
            claim.tries,
            status=result.status,
            took_ms=result.took_ms,
        )
    return _failed(claim, result, at)


def _failed(claim: Claim, result: Answered | NotReached | Untellable, at: datetime) -> Mark:
    answered = result if isinstance(result, Answered) else None
    wait = wait_before(claim.tries, after=answered.after if answered else None, chance=_chance)
    return Mark(
        claim,
        TellingState.DUE if wait is not None else TellingState.DEAD,
        at + (wait or timedelta()),
        claim.tries,
        error=None if isinstance(result, Answered) else result.why,
        status=answered.status if answered else None,
        took_ms=None if isinstance(result, Untellable) else result.took_ms,
    )


def _note(endpoint: WebhookEndpoint, results: Sequence[Result], at: datetime) -> None:
    """How the endpoint stands: well, failing and resting, or switched off."""
    asked = [one for one in results if isinstance(one, Answered | NotReached)]
    if any(_is_taken(one) for one in asked):
        endpoint.last_ok_at = at
        endpoints.forget_failures(endpoint)
    if asked and not _is_taken(asked[-1]):
        _note_failure(endpoint, asked[-1], at)


def _note_failure(endpoint: WebhookEndpoint, last: Posted, at: datetime) -> None:
    before = endpoint.failed_at
    endpoint.failing_since = endpoint.failing_since or at
    endpoint.failures += 1
    endpoint.failed_days += before is None or before.date() != at.date()
    endpoint.failed_at = at
    answered = last if isinstance(last, Answered) else None
    after = answered.after if answered else None
    endpoint.rests_until = at + rest_after(endpoint.failures, after=after)
    if answered and answered.status == GONE:
        _give_up(endpoint, OffBecause.GONE, at)
    elif is_given_up(endpoint.failing_since, endpoint.failed_days, at):
        _give_up(endpoint, OffBecause.FAILING, at)


def _is_taken(result: Posted) -> bool:
    return isinstance(result, Answered) and result.is_taken


def _give_up(endpoint: WebhookEndpoint, because: OffBecause, at: datetime) -> None:
    if endpoints.switch_off(endpoint, because, at=at):
        letter.tell_owners(endpoint, at=at)
        log.warning("a webhook was switched off", endpoint=endpoint.id, because=str(because))
