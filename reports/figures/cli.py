"""`flask figures …`: follow what changed, make everything anew, look whether all is right; publish
months for everybody."""

from typing import Never

import click
from flask.cli import AppGroup
from sqlalchemy import func, select
from tqdm import tqdm

from app.database import db
from reports.figures import checking, keeping
from reports.figures.public.cli import publish
from reports.models import Report

group = AppGroup("figures", help="The leaders' figures: keep, rebuild, check.")
group.add_command(publish)
commands = [group]


@group.command("keep")
def keep() -> None:
    """Follow what changed, now and to the end: what the worker does every minute."""
    _turns()
    click.echo("The figures are up to date.")


@group.command("rebuild")
def rebuild() -> None:
    """Make every figure anew from the reports and their history. Killed, it goes on where it
    stood: by itself in the worker, or with `flask figures keep`. Readers see the old figures until
    the new ones are whole."""
    keeping.wait_for_turn()
    keeping.begin_anew()
    db.session.commit()
    _turns()
    click.echo("The figures were made anew.")


@group.command("check")
def check() -> None:
    """Work everything out again and say what differs. Changes nothing; exit code 1 if something
    differs."""
    with _bar() as bar:
        found = checking.differences(tell=bar.update)
    db.session.rollback()
    for what, rows in found.items():
        click.echo(f"{what}: {rows} differ")
    if found:
        raise click.ClickException("Some figures are wrong. Run `flask figures rebuild`.")
    click.echo("Every figure is what the reports say.")


def _turns() -> None:
    with _bar() as bar:
        more = True
        while more:
            keeping.wait_for_turn()
            turn = keeping.turn(paced=False)
            db.session.commit()
            bar.update(turn.reports)
            more = turn.more


def _bar() -> "tqdm[Never]":
    count = db.session.scalar(select(func.count()).select_from(Report))
    return tqdm(total=count, desc="reports", unit="", unit_scale=True, delay=2, leave=False)
