"""`flask api-clients …`: programs of neighbours, with keys. A key's text is shown once."""

from uuid import UUID, uuid4

import click
from flask.cli import AppGroup

from app.auth import api_clients, issuing
from app.auth.api_clients import Client
from app.auth.issuing import KeyTerms
from app.auth.scopes import Scope
from app.clock import now
from app.database import db
from reports.city import snapshot
from reports.desk import clients

group = AppGroup("api-clients", help="Programs of neighbours, with keys: make, list, close, open.")
commands = [group]

_scopes = click.Choice([str(scope) for scope in Scope])
_count = click.IntRange(min=1)


@group.command("make")
@click.argument("name")
@click.argument("contact_email")
@click.option("--scope", "scopes", type=_scopes, multiple=True, required=True, help="What for.")
@click.option("--office", help="The office it works for, by code.")
@click.option("--per-minute", type=_count, default=issuing.PER_MINUTE, show_default=True)
@click.option("--per-day", type=_count, default=issuing.PER_DAY, show_default=True)
def make(
    name: str,
    contact_email: str,
    scopes: tuple[str, ...],
    office: str | None,
    per_minute: int,
    per_day: int,
) -> None:
    """A client called NAME, and a key for it. CONTACT_EMAIL is whoever answers for it."""
    client_id, at = uuid4(), now()
    allowed = frozenset(Scope(scope) for scope in scopes)
    terms = KeyTerms(scopes=allowed, per_minute=per_minute, per_day=per_day)
    api_clients.make(client_id, name, contact_email, by=None, at=at)
    clients.work_for(client_id, office, city=snapshot.current(), by=None, at=at)
    _, text = issuing.issue(client_id, uuid4(), terms, by=None, at=at)
    db.session.commit()
    click.echo(f"Client {client_id}. Its key, shown this once:\n{text}")


@group.command("list")
def list_clients() -> None:
    """All of them, with how many keys they have in use."""
    found = api_clients.clients()
    for one in found:
        click.echo(f"{one.account.id}  {one.account.name}  {one.row.contact_email}  {_how(one)}")
    if not found:
        click.echo("There are no API clients.")


@group.command("close")
@click.argument("client_id", type=click.UUID)
def close(client_id: UUID) -> None:
    """No key of it works any more, at once."""
    api_clients.close(client_id, by=None, at=now())
    db.session.commit()
    click.echo("It is closed.")


@group.command("open")
@click.argument("client_id", type=click.UUID)
def reopen(client_id: UUID) -> None:
    """Its keys work again."""
    api_clients.reopen(client_id, by=None, at=now())
    db.session.commit()
    click.echo("It is open.")


def _how(one: Client) -> str:
    if one.account.disabled_at is not None:
        return "closed"
    live = sum(issuing.is_live(key, now()) for key in one.keys)
    return f"{live} key{'s' * (live != 1)} in use"
