"""The letter to whoever answers for an endpoint, when it was switched off by itself."""

from datetime import datetime
from urllib.parse import urlsplit
from uuid import uuid5

from app.database import db
from notifications import outbox
from notifications.ports import ports
from notifications.webhooks.models import WebhookEndpoint

KIND = "webhook_off"


def tell_owners(endpoint: WebhookEndpoint, *, at: datetime) -> None:
    """In this transaction, once for each time that it is switched off."""
    db.session.flush()
    outbox.tell(
        change_id=uuid5(endpoint.id, f"{endpoint.off_at}"),
        kind=KIND,
        people=ports().webhooks.owners(endpoint.reader, endpoint.made_by),
        subject=f"webhook:{endpoint.id}",
        payload={
            "webhook": urlsplit(endpoint.url).hostname,
            "reason": str(endpoint.off_because),
            "path": f"/console/admin/webhooks/{endpoint.id}",
        },
        at=at,
    )
