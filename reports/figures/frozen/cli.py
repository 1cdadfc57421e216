"""`flask figure-reports …`: reports on the figures, and who gets them by mail."""

from uuid import UUID, uuid4

import click
from flask.cli import AppGroup

from app.clock import now
from app.database import db
from app.text import normalise, on_one_line
from reports.city import snapshot
from reports.figures.frozen import listing, publishing, readers, saying
from reports.figures.frozen.readers import Wish

group = AppGroup("figure-reports", help="Monthly and quarterly reports: list, make, readers.")
commands = [group]


@group.command("list")
def list_reports() -> None:
    """All that were published, the newest period first."""
    zone = snapshot.current().profile.timezone
    reports = listing.newest_first()
    for report in reports:
        as_of = saying.moment(report.as_of.isoformat(), zone, "en")
        click.echo(f"{report.period}  no. {report.number}  figures as of {as_of}")
    if not reports:
        click.echo("No report was published yet.")


@group.command("make")
@click.argument("period")
@click.option("--amend", is_flag=True, help="Another one, when anything differs from the newest.")
def make(period: str, *, amend: bool) -> None:
    """Publish the report on PERIOD (2026-10, 2026-Q3); one that is there stays as it is."""
    found = publishing.period_of(period)
    report, made = publishing.publish(found, by=None, at=now(), amend=amend)
    db.session.commit()
    click.echo(f"{'Published' if made else 'Published before'}: {period}, no. {report.number}")


@group.command("readers")
def list_readers() -> None:
    """Who gets them by mail."""
    known = readers.current()
    for one in known:
        wants = " and ".join(
            word for word, wish in (("months", one.months), ("quarters", one.quarters)) if wish
        )
        click.echo(f"{one.id}  {one.email or 'an official'}  {one.name}  {wants}  {one.locale}")
    if not known:
        click.echo("Nobody gets reports by mail.")


@group.command("add-reader")
@click.argument("email")
@click.argument("name")
@click.option("--locale", type=click.Choice(["vi", "en"]), default="vi", show_default=True)
@click.option("--months/--no-months", default=True, help="Monthly reports.")
@click.option("--quarters/--no-quarters", default=True, help="Quarterly reports.")
def add_reader(email: str, name: str, *, locale: str, months: bool, quarters: bool) -> None:
    """Send reports to EMAIL, of NAME (an office or a person), from now on."""
    wish = Wish(
        id=uuid4(),
        name=on_one_line(normalise(name))[:120],
        email=email,
        locale=locale,
        months=months,
        quarters=quarters,
    )
    reader, _ = readers.add(wish, account_id=None, by=None, at=now())
    db.session.commit()
    click.echo(f"From the next report on: {reader.id}")


@group.command("end-reader")
@click.argument("reader_id", type=click.UUID)
def end_reader(reader_id: UUID) -> None:
    """Send no more reports to somebody on the list."""
    readers.end(reader_id, at=now())
    db.session.commit()
    click.echo("They get no more reports.")
