"""`flask city|areas|offices|categories|rules|calendar …`: a city's data in and out, and mergers.

The only place here that commits. Each command says what it did; `--dry-run` says it and undoes it.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import exists, select

from app import audit
from app.auth.models import AuditEntry
from app.clock import now
from app.database import db
from reports import clockwork
from reports.city import boundaries, exporting, folder, importing, merger, planning, snapshot
from reports.city.changes import Changes
from reports.city.demo import desks, loading, notices
from reports.city.demo_accounts import NoDemoInProduction

city = AppGroup("city", help="Load, export or look at the whole city.")
areas = AppGroup("areas", help="Areas and their boundaries: import, export, merge.")
offices = AppGroup("offices", help="Offices: import, export, succession.")
categories = AppGroup("categories", help="Categories: import, export.")
rules = AppGroup("rules", help="Routing rules: import, export.")
calendar = AppGroup("calendar", help="Working hours and corrections: import, export.")
commands: list[click.Group] = [city, areas, offices, categories, rules, calendar]

DEMO_REMOVED = "city.demo.remove"

_file = click.argument("file", type=click.Path(path_type=Path))
_dry = click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
_replace = click.option("--replace", is_flag=True, help="End today what the file does not mention.")


@city.command("load")
@click.argument("name")
@click.option("--if-empty", is_flag=True, help="Do nothing when a city is loaded already.")
@_dry
def load(name: str, *, if_empty: bool, dry_run: bool) -> None:
    """Load or update the city of a folder: NAME is its path, or one that is shipped (hue)."""
    if if_empty and snapshot.is_loaded():
        click.echo("A city is loaded already; nothing was done.")
        return
    _finish("city.load", folder.load_city(name), dry_run=dry_run)


@city.command("export")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def export(folder: Path) -> None:
    """Write the whole city into FOLDER, in the form that `flask city load` takes."""
    exporting.export_city(folder)
    db.session.rollback()
    click.echo(f"The city is in {folder}.")


@city.command("show")
def show() -> None:
    """What is loaded: counts, version, where the boundaries come from."""
    here = snapshot.current()
    rough = sum(area.approximate for area in here.area_by_code.values())
    kind = f"{rough} with approximate boundaries" if rough else "all with imported boundaries"
    click.echo(f"{here.profile.name_vi} ({here.profile.folder}), version {here.version}")
    click.echo(f"{len(here.area_by_code)} areas, {kind}")
    click.echo(f"{len(here.office_by_code)} offices, led by {here.centre.name_vi}")
    click.echo(f"{len(here.category_by_code)} categories, {len(here.rules.rules)} rules")


@city.command("demo")
@click.option("--remove", is_flag=True, help="Take the invented reports out again.")
@click.option("--unless-removed", is_flag=True, help="Do nothing where they were taken out before.")
def demo(*, remove: bool, unless_removed: bool) -> None:
    """Load some 900 invented reports, a third of them of the last 60 days; nobody is told."""
    if remove:
        count = loading.remove_demo_reports()
        notices.take_down()
        audit.record(DEMO_REMOVED, subject="city", actor_id=None)
        db.session.commit()
        click.echo(f"{count} invented reports were removed.")
        return
    if unless_removed and _demo_was_removed():
        click.echo("The invented reports were taken out before; nothing was done.")
        return
    if current_app.extensions["xom.config"].is_production:
        raise NoDemoInProduction
    count = loading.load_demo_reports(before=loading.BEFORE, progress=True)
    if count:
        notices.remember_floods(at=now())
    notices.put_up(at=now())
    desks.lay_out(at=now())
    db.session.commit()
    click.echo(f"{count} invented reports are loaded." if count else "They are loaded already.")


def _demo_was_removed() -> bool:
    return bool(db.session.scalar(select(exists().where(AuditEntry.action == DEMO_REMOVED))))


@areas.command("import")
@_file
@_replace
@click.option(
    "--valid-from", type=click.DateTime(["%Y-%m-%d"]), help="First day of new areas (today)."
)
@_dry
def import_areas(file: Path, *, replace: bool, valid_from: datetime | None, dry_run: bool) -> None:
    """Take areas with their true boundaries from a GeoJSON FILE (.geojson, .geojson.gz)."""
    since = valid_from.date() if valid_from else None
    done = boundaries.import_areas(file, replace=replace, since=since, progress=True)
    _finish("areas.import", [done], dry_run=dry_run)


@areas.command("merge")
@click.argument("old", nargs=-1, required=True)
@click.option("--into", required=True, metavar="CODE", help="Code of the area they become.")
@click.option("--name", default="", help="Its name; needed when the code is new.")
@click.option("--name-en", default="", help="Its English name.")
@click.option("--kind", default="", help="Its kind; that of the first if left out.")
@click.option("--seat", default="", help="Where its committee sits.")
@click.option("--office-code", default="", help="Code of its committee.")
@click.option("--office-name", default="", help="Name of its committee.")
@click.option("--office-name-en", default="", help="English name of its committee.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def merge(
    old: tuple[str, ...],
    into: str,
    name: str,
    name_en: str,
    kind: str,
    seat: str,
    office_code: str,
    office_name: str,
    office_name_en: str,
    *,
    yes: bool,
) -> None:
    """Merge OLD areas into one: work, roles, rules and subscriptions go over, in one act."""
    plan = planning.Plan(
        old=old,
        into=into,
        name_vi=name,
        name_en=name_en,
        kind=kind,
        seat=seat,
        office_code=office_code,
        office_name_vi=office_name,
        office_name_en=office_name_en,
    )
    _preview(planning.preview_merger(plan, at=now()), "Merge", yes=yes)
    done = merger.merge_areas(plan, by=None, at=now())
    db.session.commit()
    click.echo(f"Merged into {done.into}; {done.reports} reports moved.")


@offices.command("succeed")
@click.argument("old")
@click.argument("new")
@click.option("--yes", is_flag=True, help="Do not ask.")
def succeed(old: str, new: str, *, yes: bool) -> None:
    """End the office OLD; NEW takes over its work, people, duty and the offices below it."""
    _preview(planning.preview_succession(old, new, at=now()), "Hand over", yes=yes)
    done = merger.succeed_office(old, new, by=None, at=now())
    db.session.commit()
    click.echo(f"{done.office} took over; {done.reports} reports moved.")


def _preview(told: planning.Preview, verb: str, *, yes: bool) -> None:
    for line in told.lines():
        click.echo(line)
    db.session.rollback()  # nobody waits on our locks while somebody thinks
    if not yes:
        click.confirm(f"{verb}?", abort=True)


@calendar.command("import")
@_file
@_replace
@_dry
def import_calendar(file: Path, *, replace: bool, dry_run: bool) -> None:
    """Take working hours and corrections from FILE; open deadlines are worked out anew."""
    done = importing.import_calendar(file, replace=replace)
    _finish("calendar.import", [done], dry_run=dry_run)
    if dry_run or done.nothing:
        return
    moved = clockwork.recompute_deadlines(now(), reason="Lịch làm việc thay đổi.")
    db.session.commit()
    click.echo(f"{moved} open reports have a new deadline.")


def _taking(name: str, group: click.Group, take: Callable[..., Changes]) -> None:
    @group.command("import", help=f"Take {name} from FILE: all of it, or nothing.")
    @_file
    @_replace
    @_dry
    def run(file: Path, *, replace: bool, dry_run: bool) -> None:
        _finish(f"{name}.import", [take(file, replace=replace)], dry_run=dry_run)


def _giving(name: str, group: click.Group, give: Callable[[Path], int]) -> None:
    @group.command("export", help=f"Write all {name} to FILE, in the form that import takes.")
    @_file
    def run(file: Path) -> None:
        count = give(file)
        db.session.rollback()
        click.echo(f"{count} rows are in {file}.")


for _name, _group, _take in (
    ("offices", offices, importing.import_offices),
    ("categories", categories, importing.import_categories),
    ("rules", rules, importing.import_rules),
):
    _taking(_name, _group, _take)

for _name, _group, _give in (
    ("areas", areas, exporting.export_areas),
    ("offices", offices, exporting.export_offices),
    ("categories", categories, exporting.export_categories),
    ("rules", rules, exporting.export_rules),
    ("calendar", calendar, exporting.export_calendar),
):
    _giving(_name, _group, _give)


def _finish(action: str, done: Iterable[Changes], *, dry_run: bool) -> None:
    """Tell, then commit, or undo a dry run."""
    changes = list(done)
    for change in changes:
        for line in change.lines():
            click.echo(line)
    if dry_run:
        db.session.rollback()
        click.echo("Nothing was changed: this was a dry run.")
    elif any(not change.nothing for change in changes):
        audit.record(action, subject="city", actor_id=None, fields=_fields(changes))
        db.session.commit()
    else:
        db.session.commit()
    snapshot.forget()


def _fields(changes: Iterable[Changes]) -> list[str]:
    found: dict[str, Any] = {}
    for change in changes:
        for part in ("added", "renamed", "moved_km2", "changed", "ended"):
            if getattr(change, part):
                found[part] = True
    return list(found)
