"""Figures that tell whether other systems are told: what waits, what was given up, who is off."""

from collections.abc import Iterator

from sqlalchemy import Connection, text

from app.metrics import Row, register
from notifications.webhooks.history import MOST_COUNTED


def queue_age(connection: Connection) -> Iterator[Row]:
    """How long the event that is due for longest has waited, in seconds, of endpoints that take
    what they are sent: one that fails is told of apart."""
    seconds = connection.execute(
        text(
            "select extract(epoch from now() - min(d.due_at))"
            " from webhook_endpoint e cross join lateral ("
            "  select due_at from webhook_delivery where endpoint_id = e.id and state = 'due'"
            "  order by due_at limit 1"
            " ) as d"
            " where d.due_at <= now() and e.off_at is null and e.failing_since is null"
        )
    ).scalar_one()
    yield (), float(seconds or 0)


def endpoints(connection: Connection) -> Iterator[Row]:
    """Endpoints by how they stand."""
    rows = connection.execute(
        text(
            "select case when off_at is not null then 'off'"
            " when failing_since is not null then 'failing' else 'well' end, count(*)"
            " from webhook_endpoint where removed_at is null group by 1"
        )
    )
    for state, number in rows:
        yield (state,), number


def dead_letters(connection: Connection) -> Iterator[Row]:
    """Events given up that nobody has sent again; of one endpoint no more than are counted."""
    number = connection.execute(
        text(
            "select count(*) from webhook_endpoint e cross join lateral ("
            "  select from webhook_delivery where endpoint_id = e.id and state = 'dead' limit :most"
            " ) as d where e.removed_at is null"
        ),
        {"most": MOST_COUNTED},
    ).scalar_one()
    yield (), number


def register_webhook_figures() -> None:
    """Show them at /metrics."""
    register(
        "xom_webhook_queue_age_seconds",
        "Age of the oldest event that is due to an endpoint that answers",
        [],
        queue_age,
    )
    register("xom_webhooks", "Webhooks by how they stand", ["state"], endpoints)
    register("xom_webhook_dead_letters", "Events given up", [], dead_letters)
