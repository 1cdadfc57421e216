"""What is left of a webhook that was removed, or switched off with very much to tell it."""

import pytest
from sqlalchemy import text

from app.clock import now
from app.database import db
from notifications.webhooks import endpoints, leftovers
from notifications.webhooks.errors import NoSuchEndpoint, SameIdOtherEndpoint
from notifications.webhooks.models import PUBLIC, OffBecause
from notifications.webhooks.outbox import happened, somebody_listens
from tests.webhooks.conftest import Neighbours
from tests.webhooks.town import changed


def tell(number: int) -> None:
    """So many events."""
    for _ in range(number):
        happened(changed("report:1"))
    db.session.commit()


def clear() -> int:
    """As the worker does each minute; in how many portions."""
    portions = 0
    while leftovers.clear_some(now()):
        db.session.commit()
        portions += 1
    return portions


def test_a_webhook_that_was_removed_is_nobodys_and_told_nothing(neighbours: Neighbours) -> None:
    receiver, endpoint = neighbours.listen()
    wish, maker = endpoints.wish_of(endpoint), endpoint.made_by
    tell(1)
    endpoints.remove(endpoints.locked(endpoint.id), at=now())

    assert not somebody_listens()
    tell(1)
    neighbours.bring()

    assert receiver.asked == [] and endpoints.of_readers(None) == []
    for find in (endpoints.named, endpoints.locked):
        with pytest.raises(NoSuchEndpoint):
            find(endpoint.id)
    with pytest.raises(SameIdOtherEndpoint):
        endpoints.register(endpoint.id, wish, reader=PUBLIC, by=maker, at=now())


def test_what_was_sent_to_it_goes_in_portions_and_the_webhook_last(
    neighbours: Neighbours, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Thousands of rows are slow to make.
    monkeypatch.setattr(leftovers, "AT_ONCE", 3)
    _, endpoint = neighbours.listen()
    _, stays = neighbours.listen()
    tell(7)
    endpoints.remove(endpoints.locked(endpoint.id), at=now())

    assert clear() == 4, "3, 3, 1, and the webhook"

    rows = db.session.scalars(text("select id from webhook_endpoint")).all()
    assert rows == [stays.id]
    assert db.session.scalar(text("select count(*) from webhook_delivery")) == 7


def test_what_waits_for_one_that_is_off_is_given_up_in_portions_and_never_sent(
    neighbours: Neighbours, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Thousands of rows are slow to make.
    monkeypatch.setattr(leftovers, "AT_ONCE", 3)
    receiver, endpoint = neighbours.listen()
    tell(7)

    endpoints.switch_off(endpoints.locked(endpoint.id), OffBecause.HAND, at=now())
    assert sorted(neighbours.states(endpoint)) == ["dead"] * 3 + ["due"] * 4
    neighbours.bring()
    clear()

    assert receiver.asked == []
    assert neighbours.states(endpoint) == ["dead"] * 7
