"""A file of city data tried before it is taken: what it would change, and which open reports would
lie in another area by its boundaries. Nothing stays of a rehearsal: who asks for one rolls back.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select

from app import audit
from app.database import db
from app.jobs import defer
from reports.city import boundaries, importing, snapshot
from reports.city.building import read_facts
from reports.city.changes import Changes
from reports.city.models import RoleGrant
from reports.city.snapshot import City
from reports.models import Report
from reports.places import OutsideCity
from reports.statuses import OPEN

#: What a file may hold → how it is taken, and whether what it does not mention may end.
KINDS: Mapping[str, Callable[..., Changes]] = {
    "areas": boundaries.import_areas,
    "offices": importing.import_offices,
    "categories": importing.import_categories,
    "rules": importing.import_rules,
    "calendar": importing.import_calendar,
}
PARTS = ("added", "renamed", "moved_km2", "changed", "ended")


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What would change, and how many open reports would go from which area (code) to which; None
    is outside the city."""

    changes: Changes
    elsewhere: Mapping[tuple[str, str | None], int]
    hanging: Mapping[str, "Hanging"]  # by the name of each area that would end

    @property
    def moved(self) -> int:
        return sum(self.elsewhere.values())


@dataclass(frozen=True, slots=True)
class Hanging:
    """What still hangs on an area: open reports, rules, people of its committee."""

    reports: int
    rules: int
    people: int


def rehearse(kind: str, path: Path, *, replace: bool) -> Rehearsal:
    """Take the file within the caller's transaction, which is then to be rolled back. Raises
    BadFile with every fault."""
    before = snapshot.current()
    changes = KINDS[kind](path, replace=replace)
    db.session.flush()
    if kind != "areas" or changes.nothing:
        return Rehearsal(changes, {}, {})
    hanging = {name: _hanging(name.partition(" ")[0], before) for name in changes.ended}
    return Rehearsal(changes, _elsewhere(before), hanging)


def take(kind: str, path: Path, *, replace: bool, by: UUID | None) -> Changes:
    """Take the file for good. Flushes, and records it; a calendar has open deadlines worked out."""
    changes = KINDS[kind](path, replace=replace)
    if changes.nothing:
        return changes
    snapshot.forget()
    if kind == "calendar":
        defer("reports.recompute_deadlines", reason="Lịch làm việc được nạp lại.")
    changed = [part for part in PARTS if getattr(changes, part)]
    audit.record(f"{kind}.import", subject="city", actor_id=by, fields=changed)
    return changes


def _elsewhere(before: City) -> Mapping[tuple[str, str | None], int]:
    """Open reports whose pin the boundaries of this transaction put into another area."""
    after = snapshot.build(read_facts(db.session.connection(), before.day), before.day)
    spots = db.session.execute(
        select(Report.area_id, Report.lat, Report.lng).where(Report.status.in_(OPEN))
    )
    moved: Counter[tuple[str, str | None]] = Counter()
    for area_id, lat, lng in spots:
        code, anew = before.area_by_id[area_id].code, _area_at(after, lat, lng)
        if anew != code:
            moved[code, anew] += 1
    return moved


def _hanging(code: str, before: City) -> Hanging:
    area, committee = before.area_by_code.get(code), before.committee_of(code)
    open_ones = (Report.area_id == (area.id if area else None), Report.status.in_(OPEN))
    rules = [one for one in before.rules.rules if one.area_code == code]
    held = RoleGrant.until.is_(None) | (RoleGrant.until > func.now())
    theirs = (RoleGrant.office_id == (committee.id if committee else None), held)
    people = select(func.count(RoleGrant.account_id.distinct())).where(*theirs)
    reports = select(func.count()).select_from(Report).where(*open_ones)
    return Hanging(db.session.scalar(reports) or 0, len(rules), db.session.scalar(people) or 0)


def _area_at(city: City, lat: float, lng: float) -> str | None:
    try:
        return city.areas.locate(lat, lng).area.code
    except OutsideCity:
        return None
