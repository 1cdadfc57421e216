"""The duty roster: who is on call for urgent reports, for which office, from when to when."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import click
from flask import current_app
from sqlalchemy import select

from app import audit
from app.auth import accounts, phones
from app.auth.models import Account
from app.clock import now
from app.config import Config
from app.database import db
from app.errors import Invalid
from reports import identity
from reports.city import snapshot
from reports.city.models import DutyShift
from reports.errors import UnknownOffice


class ShiftBackwards(Invalid):
    code = "shift-backwards"
    vi = "Ca trực phải kết thúc sau khi bắt đầu."
    en = "A shift must end after it begins."


def put_on_duty(
    office_code: str, account: Account, since: datetime, until: datetime, *, by: UUID | None = None
) -> DutyShift:
    """Put somebody on call. Flushes."""
    office = snapshot.current().office(office_code)
    if office is None:
        raise UnknownOffice
    if until <= since:
        raise ShiftBackwards
    shift = DutyShift(office_id=office.id, account_id=account.id, since=since, until=until)
    db.session.add(shift)
    db.session.flush()
    audit.record(
        "duty.add",
        subject=f"account:{account.id}",
        actor_id=by,
        fields=("office", "since", "until"),
    )
    return shift


def give_phone(account: Account, number: str, *, by: UUID | None = None) -> None:
    """The number that hears of urgent reports while no device takes a push; "" for none. Flushes.

    Raises NotAMobileNumber for what no text message can reach.
    """
    config: Config = current_app.extensions["xom.config"]
    phone = phones.normalised(number, region=config.phone_region) if number else ""
    identity.give_duty_phone(account.id, phone)
    audit.record("duty.phone", subject=f"account:{account.id}", actor_id=by, fields=("phone",))


def shifts_after(moment: datetime) -> Sequence[tuple[DutyShift, Account]]:
    """Shifts that have not ended yet, the earliest first."""
    rows = db.session.execute(
        select(DutyShift, Account)
        .join(Account, Account.id == DutyShift.account_id)
        .where(DutyShift.until > moment)
        .order_by(DutyShift.since)
    )
    return [(shift, account) for shift, account in rows]


@click.group("duty")
def commands() -> None:
    """Who is on call for urgent reports."""


@commands.command("add")
@click.argument("office")
@click.argument("email")
@click.argument("since", type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]))
@click.argument("until", type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]))
def add(office: str, email: str, since: datetime, until: datetime) -> None:
    """Put EMAIL on call for OFFICE from SINCE to UNTIL, in the city's own time."""
    zone = ZoneInfo(snapshot.current().profile.timezone)
    put_on_duty(
        office, accounts.official(email), since.replace(tzinfo=zone), until.replace(tzinfo=zone)
    )
    db.session.commit()
    click.echo(f"{email} is on call for {office} from {since:%H:%M %d/%m} to {until:%H:%M %d/%m}.")


@commands.command("phone")
@click.argument("email")
@click.argument("number", required=False, default="")
def phone(email: str, number: str) -> None:
    """Send urgent news to EMAIL by text message to NUMBER, when no device of theirs takes a push.

    Without NUMBER: no longer.
    """
    give_phone(accounts.official(email), number)
    db.session.commit()
    told = "by text message too" if number else "by no text message any more"
    click.echo(f"{email} hears of urgent reports {told}.")


@commands.command("list")
def list_shifts() -> None:
    """Who is on call now and later."""
    city = snapshot.current()
    zone = ZoneInfo(city.profile.timezone)
    for shift, account in shifts_after(now()):
        since, until = (moment.astimezone(zone) for moment in (shift.since, shift.until))
        office = city.offices_by_id[shift.office_id].code
        click.echo(f"{since:%d/%m %H:%M} to {until:%d/%m %H:%M}  {office}  {account.email}")


@commands.command("remove")
@click.argument("office")
@click.argument("email")
def remove(office: str, email: str) -> None:
    """Take EMAIL off all shifts for OFFICE that have not begun."""
    found = snapshot.current().office(office)
    if found is None:
        raise UnknownOffice
    gone = [
        shift
        for shift, account in shifts_after(now())
        if account.email == email and shift.office_id == found.id and shift.since > now()
    ]
    for shift in gone:
        db.session.delete(shift)
        audit.record("duty.remove", subject=f"account:{shift.account_id}", actor_id=None)
    db.session.commit()
    click.echo(f"{len(gone)} shifts removed.")
