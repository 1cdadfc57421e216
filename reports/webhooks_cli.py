"""`flask webhooks …`: how the webhooks stand, switched off and on, and what they missed sent again.
Times are the city's own.
"""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import click
from flask.cli import AppGroup

from app import audit
from app.clock import now
from app.database import db
from notifications.webhooks import endpoints, history, replay
from notifications.webhooks.models import OffBecause, TellingState, WebhookEndpoint
from reports.city import snapshot
from reports.webhook_events import office_of

group = AppGroup("webhooks", help="Other systems that are told: list, off, on, replay.")
commands = [group]

_moment = click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d"])


@group.command("list")
def list_webhooks() -> None:
    """All of them, with what waits and what was given up."""
    found = endpoints.of_readers(None)
    counted = history.counts([one.id for one in found])
    for one in found:
        waiting = counted[one.id].get(TellingState.DUE, 0)
        given_up = counted[one.id].get(TellingState.DEAD, 0)
        click.echo(
            f"{one.id}  {_whose(one)}  {one.url}  {_how(one)}"
            f"  {waiting} waiting, {given_up} given up"
        )
    if not found:
        click.echo("No other system is told anything.")


@group.command("off")
@click.argument("webhook_id", type=click.UUID)
def off(webhook_id: UUID) -> None:
    """Tell it nothing more."""
    endpoint, at = endpoints.locked(webhook_id), now()
    if endpoints.switch_off(endpoint, OffBecause.HAND, at=at):
        _record("webhook.off", endpoint, at)
    db.session.commit()
    click.echo("It is off.")


@group.command("on")
@click.argument("webhook_id", type=click.UUID)
def on(webhook_id: UUID) -> None:
    """Tell it what happens from now on. What it missed: replay."""
    endpoint, at = endpoints.locked(webhook_id), now()
    if endpoints.switch_on(endpoint):
        _record("webhook.on", endpoint, at)
    db.session.commit()
    click.echo("It is on.")


@group.command("replay")
@click.argument("webhook_id", type=click.UUID)
@click.option("--since", type=_moment, required=True, help="What happened from then on.")
@click.option("--until", type=_moment, help="… and before then; now if left out.")
@click.option("--all", "all_of_them", is_flag=True, help="What arrived, too.")
def replay_missed(
    webhook_id: UUID, since: datetime, until: datetime | None, *, all_of_them: bool
) -> None:
    """Send again what was given up, waits for its next try, or happened while it was off."""
    zone, at = ZoneInfo(snapshot.current().profile.timezone), now()
    begin: datetime | None = since.replace(tzinfo=zone)
    end = until.replace(tzinfo=zone) if until else at
    total = 0
    while begin is not None:
        endpoint = endpoints.locked(webhook_id)
        queued = replay.missed(endpoint, since=begin, until=end, all_of_them=all_of_them, at=at)
        if queued.number:
            _record("webhook.replay", endpoint, at)
        db.session.commit()
        total += queued.number
        begin = queued.next_since if queued.next_since != begin else None
    click.echo(f"{total} {'event' if total == 1 else 'events'} will be sent.")


def _record(action: str, endpoint: WebhookEndpoint, at: datetime) -> None:
    audit.record(action, subject=f"webhook:{endpoint.id}", actor_id=None, at=at)


def _whose(endpoint: WebhookEndpoint) -> str:
    office_id = office_of(endpoint.reader)
    return "public" if office_id is None else snapshot.current().offices_by_id[office_id].code


def _how(endpoint: WebhookEndpoint) -> str:
    if endpoint.off_at is not None:
        return f"off ({endpoint.off_because})"
    return "failing" if endpoint.failing_since else "well"
