"""`flask roles …`: who holds which role for which office. Each command says what it did."""

import click
from flask.cli import AppGroup
from sqlalchemy import func, select

from app.auth import accounts
from app.auth.models import Account
from app.clock import now
from app.database import db
from reports.city.models import Office, RoleGrant
from reports.errors import UnknownOffice
from reports.roles import HELD, grant, revoke
from reports.statuses import Role

roles = AppGroup("roles", help="Give, take away and list officials' roles.")
commands = [roles]

#: Offices that work by letters and API clients have a name alone.
_holder = func.coalesce(Account.email, Account.name)
_role = click.Choice([str(role) for role in HELD])


@roles.command("grant")
@click.argument("email")
@click.argument("role", type=_role)
@click.argument("office")
def grant_role(email: str, role: str, office: str) -> None:
    """Give EMAIL a ROLE for an OFFICE (its code)."""
    account, place = accounts.official(email), _office(office)
    given = grant(account.id, Role(role), place, by=None, at=now())
    db.session.commit()
    done = "is now" if given else "was already"
    click.echo(f"{email} {done} {role} of {place.name_en} ({office}).")


@roles.command("revoke")
@click.argument("email")
@click.argument("role", type=_role)
@click.argument("office")
def revoke_role(email: str, role: str, office: str) -> None:
    """Take a ROLE for an OFFICE from EMAIL, from this moment."""
    account, place = accounts.official(email), _office(office)
    taken = revoke(account.id, Role(role), place, by=None, at=now())
    db.session.commit()
    done = "is no longer" if taken else "was not"
    click.echo(f"{email} {done} {role} of {place.name_en} ({office}).")


@roles.command("list")
@click.argument("email", required=False)
def list_roles(email: str | None) -> None:
    """Who holds what now; with EMAIL, that person alone."""
    query = (
        select(_holder, RoleGrant.role, Office.code, RoleGrant.since)
        .join(Account, Account.id == RoleGrant.account_id)
        .join(Office, Office.id == RoleGrant.office_id)
        .where(RoleGrant.until.is_(None) | (RoleGrant.until > now()))
        .order_by(_holder, RoleGrant.role, Office.code)
    )
    if email:
        query = query.where(Account.id == accounts.official(email).id)
    rows = db.session.execute(query).all()
    for holder, role, office, since in rows:
        click.echo(f"{holder}  {role}  {office}  since {since:%Y-%m-%d}")
    if not rows:
        click.echo("Nobody holds a role." if not email else f"{email} holds no role.")


def _office(code: str) -> Office:
    office = db.session.scalar(select(Office).where(Office.code == code))
    if office is None:
        raise UnknownOffice
    return office
