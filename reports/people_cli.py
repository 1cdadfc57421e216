"""`flask people …`: erasing at a person's request, and again after an old backup was restored."""

from uuid import UUID

import click
from flask.cli import AppGroup
from sqlalchemy import select

from app.auth.models import Account, AuditEntry
from app.clock import now
from app.database import db
from reports.erasure import ERASED, erase

people = AppGroup("people", help="Erase people, and list whom the log says were erased.")
commands = [people]


@people.command("erase")
@click.argument("account_ids", nargs=-1, type=click.UUID, required=True)
def erase_people(account_ids: tuple[UUID, ...]) -> None:
    """Erase the people behind these accounts: names, words, photos, devices. There is no way back.

    For a list, such as `erased` printed before a restore: xargs flask people erase < LIST
    """
    for account_id in account_ids:
        if db.session.get(Account, account_id) is None:
            click.echo(f"{account_id} is not here: nothing to erase.")
            continue
        erase(account_id, by=None, at=now())
        db.session.commit()
        click.echo(f"{account_id} is erased.")


@people.command("erased")
def list_erased() -> None:
    """The accounts that were erased, one a line. Keep it with the backups: see docs/adr/0006."""
    subjects = db.session.scalars(
        select(AuditEntry.subject).where(AuditEntry.action == ERASED).distinct()
    )
    for subject in subjects:
        click.echo(subject.removeprefix("account:"))
