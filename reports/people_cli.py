"""`flask people …`: erasing at a person's request, and again after an old backup was restored; a
new number for somebody who lost their phone.
"""

from uuid import UUID

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select

from app.auth import phones
from app.auth.models import Account, AuditEntry
from app.clock import now
from app.config import Config
from app.database import db
from app.errors import NotFound
from reports import identity, own_contacts
from reports.city import snapshot
from reports.erasure import ERASED, erase

people = AppGroup("people", help="Erase people, list the erased, change a lost number.")
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


class NobodyHasIt(NotFound):
    code = "nobody-has-it"
    vi = "Không có tài khoản nào với mã hoặc số này."
    en = "No account has this id or this number."


@people.command("change-phone")
@click.argument("account_or_number")
@click.argument("new_number")
@click.option("--reason", required=True, help="How it was made sure who asks. Kept in the log.")
def change_phone(account_or_number: str, new_number: str, reason: str) -> None:
    """Give whoever has ACCOUNT_OR_NUMBER (an account's id, or their old number) the NEW_NUMBER.

    For somebody who lost their phone and has shown who they are. Signs them out everywhere; the old
    number is told by text message.
    """
    if not reason.strip():
        raise click.BadParameter("must say something", param_hint="--reason")
    account_id, phone = _account_id(account_or_number), _number(new_number)
    letter = own_contacts.replace_phone(
        account_id, phone, city=snapshot.current(), reason=reason.strip(), at=now()
    )
    db.session.commit()
    own_contacts.tell_old_number(letter)
    click.echo(f"{account_id} signs in with {phones.masked(phone)} from now on.")


def _account_id(text: str) -> UUID:
    try:
        found: UUID | None = UUID(text)
    except ValueError:
        found = identity.account_of_phone(_number(text))
    account = db.session.get(Account, found) if found else None
    if account is None or account.disabled_at:  # erased, perhaps: then there is no key any more
        raise NobodyHasIt
    return account.id


def _number(text: str) -> str:
    config: Config = current_app.extensions["xom.config"]
    return phones.normalised(text, region=config.phone_region, countries=config.phone_countries)
