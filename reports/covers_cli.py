"""`flask covers fill`: for reports that code of before the cover's column stored. See `covers`."""

from uuid import UUID

import click
from flask.cli import AppGroup

from app.database import db
from reports import covers

group = AppGroup("covers", help="The first photo of each report, as lists show it: fill.")
commands = [group]


@group.command("fill")
def fill() -> None:
    """Give each report that has photos and no cover its cover. Harmless beside the web."""
    after: UUID | None = covers.FIRST
    given = 0
    while after is not None:
        after, some = covers.fill(after)
        db.session.commit()
        given += some
    click.echo(f"{given} reports were given their cover.")
