"""Taking a city's rows from files: all of a file or nothing, and harmless when repeated.

A file adds and updates. What it does not mention stays, unless `replace` is asked for: then it ends
today. Every row keeps its id, so what refers to it stays linked. Nothing here commits.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from marshmallow import Schema, ValidationError
from sqlalchemy import select

from app.clock import now
from app.database import Base, db
from reports.city import checks, snapshot
from reports.city.changes import Changes
from reports.city.faults import BadFile, at_row, from_messages
from reports.city.files import Json, read_json, rows_of
from reports.city.models import (
    Area,
    CalendarCorrection,
    Category,
    CityProfile,
    Office,
    RoutingRule,
    WorkingHours,
)
from reports.city.schemas import (
    AreaRow,
    CategoryRow,
    CityRow,
    CorrectionRow,
    HoursRow,
    OfficeRow,
    RuleRow,
)


@dataclass(frozen=True, slots=True)
class Kind:
    """One sort of rows: its list in the file, its shape, its table."""

    name: str
    schema: type[Schema]
    model: type[Base]


AREAS = Kind("areas", AreaRow, Area)
OFFICES = Kind("offices", OfficeRow, Office)
CATEGORIES = Kind("categories", CategoryRow, Category)
RULES = Kind("rules", RuleRow, RoutingRule)


def import_offices(path: Path, *, replace: bool = False) -> Changes:
    return _import(OFFICES, path, replace=replace)


def import_categories(path: Path, *, replace: bool = False) -> Changes:
    return _import(CATEGORIES, path, replace=replace)


def import_rules(path: Path, *, replace: bool = False) -> Changes:
    return _import(RULES, path, replace=replace)


def import_area_facts(path: Path) -> Changes:
    """Names and figures of areas, without boundaries: those come by `boundaries.import_areas`.

    An area whose real boundary was imported is left as that import made it.
    """
    city = locked_city()
    rows = read_rows(AREAS, path)
    kept = existing_rows(AREAS)
    checks.areas(path.name, rows, kept, city)
    real = {code for code, row in kept.items() if row.boundary and not row.approximate}
    changes = put_rows(AREAS, [row for row in rows if row["code"] not in real])
    if skipped := sum(row["code"] in real for row in rows):
        changes.notes.append(f"  {skipped} areas with imported boundaries were left as they are.")
    return moved_on(changes)


def import_calendar(path: Path, *, replace: bool = False) -> Changes:
    """Working hours and corrections. The file's hours replace all; corrections are kept by day,
    and those that the file does not mention go when `replace` is asked for.
    """
    locked_city()
    content = read_json(path, "calendar")
    hours = loaded(HoursRow, path, rows_of(path, content, "hours"))
    given = content.get("corrections") or []
    corrections = loaded(CorrectionRow, path, given) if given else []
    checks.calendar(path.name, hours, corrections)
    changes = Changes("calendar")
    _put_hours(hours, changes)
    _put_corrections(corrections, changes, replace=replace)
    return moved_on(changes)


def import_profile(path: Path) -> Changes:
    """The city itself. A database holds one city: another folder's is refused."""
    content = {key: value for key, value in read_json(path, "city").items() if key != "format"}
    fresh = loaded(CityRow, path, [content], numbered=False)[0]
    checks.profile(path.name, fresh)
    row = db.session.scalar(select(CityProfile).with_for_update())
    changes = Changes("city")
    if row is None:
        db.session.add(CityProfile(**fresh))
        changes.added.append(fresh["name_vi"])
        db.session.flush()
        snapshot.forget()
        return changes
    checks.same_city(path.name, fresh, row)
    changed = _update(row, fresh)
    if changed:
        changes.changed[row.name_vi] = changed
    changes.same = 0 if changed else 1
    return moved_on(changes)


def locked_city() -> CityProfile:
    """The city's row, held until the transaction ends: imports come one after another."""
    city = db.session.scalar(select(CityProfile).with_for_update())
    if city is None:
        raise snapshot.NoCity()
    return city


def moved_on(changes: Changes) -> Changes:
    """Flush, and tell every process's snapshot when something did change."""
    db.session.flush()
    if not changes.nothing:
        locked_city().version += 1
        db.session.flush()
    snapshot.forget()
    return changes


def today() -> date:
    """The day it is in the city."""
    return now().astimezone(ZoneInfo(locked_city().timezone)).date()


def read_rows(kind: Kind, path: Path) -> list[Json]:
    """The rows of a file, validated one by one; `valid_from` at its head is every row's default."""
    content = read_json(path, kind.name)
    raw = rows_of(path, content, kind.name)
    since = content.get("valid_from")
    dated = [_dated(row, since) for row in raw]
    rows = loaded(kind.schema, path, dated)
    checks.unique(path.name, rows)
    return rows


def _dated(row: Any, since: Any) -> Any:
    return {"valid_from": since, **row} if since and isinstance(row, dict) else row


def loaded(schema: type[Schema], path: Path, raw: Any, *, numbered: bool = True) -> list[Json]:
    """Each row through its schema; all faults of the file are told at once."""
    reader, rows, faults = schema(), [], []
    for number, row in enumerate(raw, 1):
        try:
            rows.append(reader.load(row))
        except ValidationError as error:
            found = from_messages(error.messages)
            name = str(row["code"]) if isinstance(row, dict) and row.get("code") else None
            faults += at_row(found, path.name, number if numbered else 0, name)
    if faults:
        raise BadFile(faults)
    return rows


def existing_rows(kind: Kind) -> dict[str, Any]:
    rows: Iterable[Any] = db.session.scalars(select(kind.model))
    return {row.code: row for row in rows}


def _import(kind: Kind, path: Path, *, replace: bool) -> Changes:
    city = locked_city()
    rows = read_rows(kind, path)
    checks.references(kind.name, path.name, rows, city, whole=replace)
    changes = put_rows(kind, rows)
    if replace:
        end_others(kind, {row["code"] for row in rows}, changes)
    return moved_on(changes)


def put_rows(kind: Kind, rows: Iterable[Mapping[str, Any]]) -> Changes:
    """Add the new, update what differs, count what is the same."""
    changes, kept = Changes(kind.name), existing_rows(kind)
    for row in rows:
        old = kept.get(row["code"])
        if old is None:
            db.session.add(kind.model(**row))
            changes.added.append(named(row["code"], row.get("name_vi")))
        else:
            _note_update(changes, old, row)
    return changes


def end_others(kind: Kind, mentioned: set[str], changes: Changes) -> None:
    """End today whatever the file did not mention."""
    day = today()
    for code, row in sorted(existing_rows(kind).items()):
        if code not in mentioned and row.valid_until is None:
            row.valid_until = max(day, row.valid_from)
            changes.ended[named(code, getattr(row, "name_vi", None))] = None


def named(code: str, name: str | None) -> str:
    return f"{code} {name}" if name else code


def _note_update(changes: Changes, old: Any, row: Mapping[str, Any]) -> None:
    before = getattr(old, "name_vi", None)
    changed = _update(old, row)
    name = named(row["code"], row.get("name_vi") or before)
    if "name_vi" in changed:
        changes.renamed[name] = str(before)
        changed.remove("name_vi")
    if changed:
        changes.changed[name] = changed
    if name not in changes.changed and name not in changes.renamed:
        changes.same += 1


def _update(old: Any, row: Mapping[str, Any]) -> list[str]:
    """Set what differs; the names of the fields that did."""
    changed = [name for name, value in row.items() if getattr(old, name) != value]
    for name in changed:
        setattr(old, name, row[name])
    return changed


def _put_hours(hours: list[Json], changes: Changes) -> None:
    kept = list(db.session.scalars(select(WorkingHours)))
    have = [{name: getattr(row, name) for name in hours[0]} for row in kept]
    for row, facts in zip(kept, have, strict=True):
        if facts not in hours:
            db.session.delete(row)
            changes.ended[f"hours from {row.valid_from}"] = None
    for wanted in hours:
        if wanted in have:
            changes.same += 1
        else:
            db.session.add(WorkingHours(**wanted))
            changes.added.append(f"hours from {wanted['valid_from']}, months {wanted['months']}")


def _put_corrections(corrections: list[Json], changes: Changes, *, replace: bool) -> None:
    kept = {row.day: row for row in db.session.scalars(select(CalendarCorrection))}
    for row in corrections:
        name = f"{row['day']} {row['note']}"
        old = kept.get(row["day"])
        if old is None:
            db.session.add(CalendarCorrection(**row))
            changes.added.append(name)
        elif changed := _update(old, row):
            changes.changed[name] = changed
        else:
            changes.same += 1
    mentioned = {row["day"] for row in corrections}
    for day, old in kept.items():
        if replace and day not in mentioned:
            db.session.delete(old)
            changes.ended[f"{day} {old.note}"] = None
