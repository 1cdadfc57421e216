"""A city with neighbours' systems on loopback, which verify what they are told."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from app.clock import now
from app.database import db
from bench.loopback import WebhookReceiver
from notifications.webhooks import delivery, endpoints
from notifications.webhooks.endpoints import Wish
from notifications.webhooks.models import PUBLIC, WebhookDelivery, WebhookEndpoint
from reports.statuses import Role
from reports.webhook_events import reader_of
from tests.reports.conftest import House, app, house, house_app, house_database

__all__ = ["app", "house", "house_app", "house_database"]


@dataclass
class Neighbours:
    """Systems that are told, and what is brought to them."""

    house: House
    receivers: list[WebhookReceiver] = field(default_factory=list)

    def listen(
        self,
        office: str | None = None,
        *,
        punctual: bool = True,
        delay: float = 0.0,
        **wish: object,
    ) -> tuple[WebhookReceiver, WebhookEndpoint]:
        """One that reads as an office, or as the public."""
        receiver = WebhookReceiver(punctual=punctual, delay=delay).start()
        self.receivers.append(receiver)
        reader = reader_of(self.house.office_id(office)) if office else PUBLIC
        admin = self.house.official(Role.ADMIN)
        assert admin.account_id is not None
        asked = Wish(**{"url": f"{receiver.url}/xom", **wish})  # type: ignore[arg-type]
        made, secret = endpoints.register(
            uuid4(), asked, reader=reader, by=admin.account_id, at=now()
        )
        assert secret is not None
        receiver.secret = secret
        db.session.commit()
        return receiver, made

    def bring(self, at: datetime | None = None) -> int:
        """Send what is due."""
        db.session.commit()
        return delivery.drain(clock=lambda: at or now())

    def deliveries(self, endpoint: WebhookEndpoint) -> list[WebhookDelivery]:
        db.session.expire_all()
        rows = select(WebhookDelivery).where(WebhookDelivery.endpoint_id == endpoint.id)
        return list(db.session.scalars(rows.order_by(WebhookDelivery.id)))

    def states(self, endpoint: WebhookEndpoint) -> list[str]:
        return [str(one.state) for one in self.deliveries(endpoint)]

    def only(self, endpoint: WebhookEndpoint) -> WebhookDelivery:
        (one,) = self.deliveries(endpoint)
        return one

    def fresh(self, endpoint_id: UUID) -> WebhookEndpoint:
        db.session.expire_all()
        return endpoints.named(endpoint_id)

    def let_pass(self, time: timedelta) -> None:
        """What waits came due so much earlier."""
        db.session.execute(update(WebhookDelivery).values(due_at=WebhookDelivery.due_at - time))
        db.session.execute(
            update(WebhookEndpoint).values(
                rests_until=WebhookEndpoint.rests_until - time,
                lent_until=WebhookEndpoint.lent_until - time,
            )
        )
        db.session.commit()


@pytest.fixture
def neighbours(house: House) -> Iterator[Neighbours]:
    found = Neighbours(house)
    yield found
    for receiver in found.receivers:
        receiver.stop()


@pytest.fixture
def dispatch(house: House) -> Callable[..., object]:
    """Steps of the centre."""
    dispatcher = house.official(Role.DISPATCHER)
    return lambda step, report, **order: house.takes(dispatcher, step, report, **order)
