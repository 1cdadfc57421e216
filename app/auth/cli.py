"""`flask accounts …` and `flask audit verify`: the operator's hand on accounts and their record."""

import click
from flask.cli import AppGroup

from app import audit
from app.auth import accounts, passwords, totp
from app.auth.models import Account
from app.database import db

officials = AppGroup("accounts", help="Make, list, disable officials' accounts; set passwords.")
audit_log = AppGroup("audit", help="The audit log.")
commands = [officials, audit_log]


@officials.command("create")
@click.argument("email")
@click.option("--name", required=True, help="As the office knows them.")
def create(email: str, name: str) -> None:
    """Make an account for EMAIL and print its first password, once."""
    password = passwords.generated()
    account = accounts.create_official(email, name, password)
    _record("account.create", account, "email", "name", "password")
    db.session.commit()
    click.echo(f"{account.email} can now sign in. Password, shown this once: {password}")
    click.echo(f"It has no role yet. Next: flask roles grant {account.email} ROLE OFFICE")


@officials.command("list")
def list_accounts() -> None:
    """All officials, and who is disabled."""
    found = accounts.officials()
    for account in found:
        state = f"disabled {account.disabled_at:%Y-%m-%d}" if account.disabled_at else "active"
        click.echo(f"{account.email}  {account.name}  {state}")
    if not found:
        click.echo("There are no officials yet. Next: flask accounts create EMAIL --name NAME")


@officials.command("disable")
@click.argument("email")
def disable(email: str) -> None:
    """Close EMAIL's account: sessions and devices are dead at the next request."""
    account = accounts.official(email)
    accounts.disable(account)
    _record("account.disable", account, "disabled_at")
    db.session.commit()
    click.echo(f"{account.email} is signed out everywhere and cannot sign in any more.")


@officials.command("enable")
@click.argument("email")
def enable(email: str) -> None:
    """Open EMAIL's account again; its roles are as they were."""
    account = accounts.official(email)
    accounts.enable(account)
    _record("account.enable", account, "disabled_at")
    db.session.commit()
    click.echo(f"{account.email} can sign in again.")


@officials.command("password")
@click.argument("email")
def new_password(email: str) -> None:
    """Give EMAIL a new password and print it, once. Signs them out everywhere."""
    account, password = accounts.official(email), passwords.generated()
    accounts.set_password(account, password)
    _record("account.password", account, "password")
    db.session.commit()
    click.echo(f"New password of {account.email}, shown this once: {password}")


@officials.command("no-second-factor")
@click.argument("email")
def no_second_factor(email: str) -> None:
    """Take EMAIL's second factor away, who lost the phone and the recovery codes."""
    account = accounts.official(email)
    if totp.turn_off(account):
        _record("account.second_factor_removed", account, "second_factor")
        db.session.commit()
        click.echo(f"{account.email} signs in by the password alone, until they set it up again.")
    else:
        click.echo(f"{account.email} had no second factor.")


@audit_log.command("verify")
@click.option("--seen", metavar="ENTRY:HASH", help="An entry noted earlier, from the log.")
def verify(seen: str | None) -> None:
    """Is the audit log as it was written? Exits with 1 when it is not."""
    problems = audit.verify_chain(seen=_noted(seen) if seen else None)
    for problem in problems:
        click.echo(problem.sentence)
    if problems:
        raise click.ClickException("The audit log is not as it was written.")
    click.echo(f"The audit log is whole: {audit.length()} entries.")


def _noted(seen: str) -> tuple[int, str]:
    entry, _, digest = seen.partition(":")
    if not entry.isdigit() or len(digest) != 64:
        raise click.BadParameter("must be a number, a colon and 64 hexadecimal digits")
    return int(entry), digest.lower()


def _record(action: str, account: Account, *fields: str) -> None:
    audit.record(action, subject=f"account:{account.id}", actor_id=None, fields=fields)
