"""Figures that tell whether messages get out: queue age, deliveries by result, what was given up.

Each reads an index; none counts the whole table.
"""

from collections.abc import Iterator

from sqlalchemy import Connection, text

from app.metrics import Row, register
from notifications.attempts import ALARM


def queue_age(connection: Connection) -> Iterator[Row]:
    """How long the delivery that is due for longest has waited, in seconds, by urgency."""
    rows = connection.execute(
        text(
            "select u.urgent, (select extract(epoch from now() - d.due_at) from delivery d"
            " where d.state = 'due' and d.urgent = u.urgent and d.due_at <= now()"
            " order by d.due_at limit 1) from (values (false), (true)) as u(urgent)"
        )
    )
    for urgent, seconds in rows:
        yield ("yes" if urgent else "no",), float(seconds or 0)


def deliveries_by_result(connection: Connection) -> Iterator[Row]:
    """What became of deliveries within the last hour, by channel and result."""
    rows = connection.execute(
        text(
            "select channel, state, count(*) from delivery"
            " where done_at > now() - interval '1 hour' group by 1, 2"
        )
    )
    for channel, state, count in rows:
        yield (channel, state), count


def dead_letters(connection: Connection) -> Iterator[Row]:
    """Deliveries that were given up and that nobody has tried again, by channel."""
    rows = connection.execute(
        text("select channel, count(*) from delivery where state = 'dead' group by 1")
    )
    for channel, count in rows:
        yield (channel,), count


def alarms(connection: Connection) -> Iterator[Row]:
    """Deliveries that wait because a provider refuses this city's credentials, by channel."""
    rows = connection.execute(
        text(
            "select channel, count(*) from delivery"
            " where state = 'due' and error like :alarm group by 1"
        ),
        {"alarm": f"{ALARM}%"},
    )
    for channel, count in rows:
        yield (channel,), count


def jobs(connection: Connection) -> Iterator[Row]:
    """Jobs of the queue, of every kind, by state; finished ones are deleted."""
    rows = connection.execute(
        text(
            "select status::text, count(*) from procrastinate_jobs"
            " where status in ('todo', 'doing', 'failed') group by 1"
        )
    )
    for status, count in rows:
        yield (status,), count


def register_figures() -> None:
    """Show them at /metrics."""
    register(
        "xom_delivery_queue_age_seconds",
        "Age of the oldest delivery that is due",
        ["urgent"],
        queue_age,
    )
    register(
        "xom_deliveries_last_hour",
        "Deliveries done with in the last hour",
        ["channel", "result"],
        deliveries_by_result,
    )
    register("xom_dead_letters", "Deliveries given up", ["channel"], dead_letters)
    register(
        "xom_delivery_alarms",
        "Deliveries waiting because a provider refuses us",
        ["channel"],
        alarms,
    )
    register("xom_jobs", "Jobs in the queue", ["status"], jobs)
