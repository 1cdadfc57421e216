"""Workers, people and steps at one webhook at once, each on a connection of its own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from time import sleep
from uuid import UUID

from sqlalchemy import text

from app.clock import now
from app.database import db
from notifications.webhooks import endpoints, outcomes, replay
from notifications.webhooks.claims import Claim, claim_due
from notifications.webhooks.models import OffBecause, WebhookEndpoint
from notifications.webhooks.outbox import happened
from notifications.webhooks.posting import Answered
from tests.webhooks.town import Town, changed, town

__all__ = ["town"]

A_WHILE = 0.5  # seconds for which somebody keeps what they have locked


def test_a_step_waits_for_nobody_who_removes_a_webhook(town: Town) -> None:
    with beside(town, lambda one: endpoints.remove(one, at=now())):
        db.session.execute(text("set local lock_timeout = '100ms'"))
        told = happened(changed("report:1"))
        db.session.commit()

    assert told == 1, "it was there still"
    assert db.session.scalar(text("select removed_at is not null from webhook_endpoint"))


def test_what_arrived_is_written_down_though_somebody_switches_the_webhook_off_meanwhile(
    town: Town,
) -> None:
    town.tell(3)
    lent = lend()

    with beside(town, lambda one: None, then=switch_off):
        outcomes.write_down(lent, {one.id: Answered(200, 1) for one in lent}, now())

    assert town.states() == {"sent": 3}
    assert endpoints.named(lent[0].endpoint_id).off_because is OffBecause.HAND


def test_one_delivery_is_sent_again_while_a_worker_writes_down(town: Town) -> None:
    town.tell(3)
    lent = lend()

    def again(one: WebhookEndpoint) -> None:
        replay.one(one, lent[2].id, at=now())

    with beside(town, lambda one: None, then=again):
        outcomes.write_down(lent, {one.id: Answered(500, 1) for one in lent}, now())

    assert town.states() == {"due": 3}


def test_a_replay_takes_no_webhook_from_the_worker_that_has_it(town: Town) -> None:
    town.tell(3)
    lent = lend()
    endpoint = endpoints.locked(lent[0].endpoint_id)
    endpoint.failures = 1  # as after a failure: it might rest
    replay.one(endpoint, lent[0].id, at=now())
    db.session.commit()

    assert claim_due(now(), most=9) == []
    outcomes.write_down(lent, {one.id: Answered(200, 1) for one in lent}, now())
    assert town.states() == {"sent": 3}


def lend() -> list[Claim]:
    (lent,) = claim_due(now(), most=9)
    db.session.commit()
    return lent


def switch_off(endpoint: WebhookEndpoint) -> None:
    endpoints.switch_off(endpoint, OffBecause.HAND, at=now())


@contextmanager
def beside(
    town: Town,
    first: Callable[[WebhookEndpoint], None],
    *,
    then: Callable[[WebhookEndpoint], None] = lambda one: None,
) -> Iterator[None]:
    """Somebody locks the webhook and does the first; the block begins; a while later they do the
    rest, and commit."""
    endpoint_id: UUID = db.session.scalars(text("select id from webhook_endpoint")).one()
    db.session.commit()
    has_it, failed = Event(), list[Exception]()

    def act() -> None:
        with town.app.app_context():
            try:
                endpoint = endpoints.locked(endpoint_id)
                first(endpoint)
                db.session.flush()
                has_it.set()
                sleep(A_WHILE)
                then(endpoint)
                db.session.commit()
            except Exception as error:  # told by the test
                failed.append(error)

    somebody = Thread(target=act)
    somebody.start()
    assert has_it.wait(10)
    try:
        yield
    finally:
        somebody.join()
    db.session.rollback()
    assert failed == []
