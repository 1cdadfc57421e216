"""Secrets that follow each other: none is taken from a receiver before its time."""

from datetime import timedelta

import pytest

from app.clock import now
from app.database import db
from notifications.webhooks import endpoints, replay
from notifications.webhooks.errors import EnoughSecrets
from notifications.webhooks.models import WebhookEndpoint
from tests.webhooks.conftest import Neighbours

HOUR = timedelta(hours=1)


def renewed(endpoint: WebhookEndpoint, overlap: timedelta = 2 * HOUR) -> str:
    secret = endpoints.rotate(endpoints.locked(endpoint.id), overlap=overlap, at=now())
    db.session.commit()
    return secret


def signing_at(endpoint: WebhookEndpoint, later: timedelta) -> list[str]:
    one = endpoints.named(endpoint.id)
    return endpoints.opened(one.id, one.secret, one.old_secret, one.old_secret_until, now() + later)


def is_believed(neighbours: Neighbours, endpoint: WebhookEndpoint) -> bool:
    """Whether the receiver, with the secret that it has, takes what is sent now."""
    receiver = neighbours.receivers[0]
    before = len(receiver.received)
    replay.test(endpoints.locked(endpoint.id), at=now())
    neighbours.bring()
    return len(receiver.received) > before


def test_a_secret_that_was_renewed_twice_by_mistake_signs_until_its_own_end(
    neighbours: Neighbours,
) -> None:
    receiver, endpoint = neighbours.listen()
    first = receiver.secret

    second, third = renewed(endpoint), renewed(endpoint, 5 * HOUR)

    assert is_believed(neighbours, endpoint)
    assert signing_at(endpoint, HOUR) == [third, second, first]
    assert signing_at(endpoint, 3 * HOUR) == [third, second]
    assert signing_at(endpoint, 6 * HOUR) == [third]


def test_after_a_leak_all_that_were_before_are_dead_at_once(neighbours: Neighbours) -> None:
    _, endpoint = neighbours.listen()
    renewed(endpoint)

    last = renewed(endpoint, timedelta(0))

    assert not is_believed(neighbours, endpoint)
    assert signing_at(endpoint, timedelta(0)) == [last]


def test_so_many_sign_beside_each_other_and_no_more(neighbours: Neighbours) -> None:
    _, endpoint = neighbours.listen()
    for _ in range(endpoints.MOST_OLD_SECRETS):
        renewed(endpoint)

    with pytest.raises(EnoughSecrets):
        renewed(endpoint)
    db.session.rollback()

    assert is_believed(neighbours, endpoint)
    assert renewed(endpoint, timedelta(0))


def test_one_that_the_house_cannot_read_any_more_is_replaced(neighbours: Neighbours) -> None:
    receiver, endpoint = neighbours.listen()
    endpoint.secret = b"\x01sealed under another key, long ago"
    db.session.commit()

    receiver.secret = renewed(endpoint)

    assert is_believed(neighbours, endpoint)
