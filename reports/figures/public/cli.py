"""`flask figures publish`: months for everybody, by hand; else a job does it."""

import click

from app.clock import now
from app.database import db
from reports.figures.periods import Kind, Period, read_code
from reports.figures.public import publishing


def month_named(_: click.Context, parameter: click.Parameter, value: str | None) -> Period | None:
    """A month by its code, such as 2026-10."""
    if value is None:
        return None
    try:
        period = read_code(value)
    except ValueError:
        period = None
    if period is None or period.kind is not Kind.MONTH:
        raise click.BadParameter(f"{value!r} is no month such as 2026-10", param=parameter)
    return period


@click.command("publish")
@click.argument("month", callback=month_named, required=False)
@click.option("--early", is_flag=True, help="Do not wait for the day on which figures are settled.")
def publish(month: Period | None, *, early: bool) -> None:
    """Publish MONTH (2026-10) for everybody, or all that are due. What was published stays."""
    months = [month] if month else publishing.due(at=now(), early=early)
    published = 0
    for period in months:
        if publishing.publish(period, at=now(), early=early):
            db.session.commit()
            click.echo(f"{period.code} is published.")
            published += 1
    if not published:
        click.echo("Nothing new to publish.")
