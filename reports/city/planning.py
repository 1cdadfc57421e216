"""What a merger of areas, or an office's succession, would do: looked up, checked, told.

Changes nothing. `merger` acts by the same look-up.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import shapely
from sqlalchemy import func, select

from app.database import db
from app.errors import Invalid
from reports.city.importing import locked_city
from reports.city.models import Area, CityProfile, Office, RoleGrant, RoutingRule, Subscription
from reports.city.succeeding import touched
from reports.city.succession import is_valid
from reports.models import Report

TOUCHING_DEGREES = 0.0005  # some fifty metres


class CannotMergeAreas(Invalid):
    code = "cannot-merge-areas"
    vi = "Không sáp nhập được: {why_vi}"
    en = "These cannot be merged: {why_en}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Which areas become which. The new code may be new, or that of an area that takes them in.

    What is left empty is worked out: the committee's name by the city's own pattern, the kind and
    the seat from the first of the old.
    """

    old: tuple[str, ...]
    into: str
    name_vi: str = ""
    name_en: str = ""
    kind: str = ""
    seat: str = ""
    office_code: str = ""
    office_name_vi: str = ""
    office_name_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a merger or a succession would move, for a person to look at first."""

    into: str  # code and name
    ended: tuple[str, ...]
    office: str  # who takes over
    ended_offices: tuple[str, ...] = ()
    reports: int = 0
    accounts: int = 0
    roles: int = 0
    subscriptions: int = 0
    rules: tuple[str, ...] = ()
    dropped_rules: tuple[str, ...] = ()  # a rule of another old area says the same or otherwise
    km2: float | None = None
    notes: tuple[str, ...] = field(default=())
    apart: tuple[str, ...] = ()  # codes of those that touch none of the others

    def lines(self) -> list[str]:
        told = [
            f"Ends: {', '.join(self.ended)}",
            f"Into: {self.into}",
            f"Office: {self.office}"
            + (f" (in place of {', '.join(self.ended_offices)})" if self.ended_offices else ""),
            f"Moves: {self.reports} unfinished reports, {self.roles} roles of {self.accounts} "
            f"accounts, {self.subscriptions} subscriptions, {len(self.rules)} rules",
        ]
        told += [f"  rule {rule}" for rule in self.rules]
        told += [f"  dropped: {rule}" for rule in self.dropped_rules]
        if self.apart:
            told.append(f"Lie apart from the rest: {', '.join(self.apart)}")
        return [*told, *self.notes]


@dataclass(slots=True)
class Work:
    """Everything a merger needs, looked up and checked once."""

    city: CityProfile
    day: date
    old: list[Area]
    into: Area | None
    plan: Plan
    committees: list[Office]  # of the old areas, and not the one that stays
    stays: Office | None  # the committee that the new area already has


def preview_merger(plan: Plan, *, at: datetime) -> Preview:
    """What `merge_areas` would do. Changes nothing. Raises CannotMergeAreas."""
    work = prepare(plan, at)
    kept, dropped = rules_of(work)
    office_ids = [office.id for office in work.committees]
    area_ids = [area.id for area in work.old]
    names = work.plan
    return Preview(
        into=f"{names.into} {names.name_vi}" + ("" if work.into else " (new)"),
        ended=tuple(f"{area.code} {area.name_vi}" for area in work.old),
        office=_office_told(work),
        ended_offices=tuple(f"{office.code} {office.name_vi}" for office in work.committees),
        subscriptions=_count(Subscription, Subscription.area_id.in_(area_ids)),
        rules=tuple(
            f"{rule.code}: {rule.category_code or 'any'} → {rule.office_code}" for rule in kept
        ),
        dropped_rules=tuple(f"{rule.code} → {rule.office_code}" for rule in dropped),
        notes=_approximate_note(work),
        apart=_apart([*([work.into] if work.into else []), *work.old]),
        **_counts(office_ids, area_ids, at),
    )


def preview_succession(old: str, new: str, *, at: datetime) -> Preview:
    """What `succeed_office` would do. Changes nothing. Raises CannotMergeAreas."""
    before, after = two_offices(old, new, at)
    return Preview(
        into=f"{after.code} {after.name_vi}",
        ended=(f"{before.code} {before.name_vi}",),
        office=f"{after.code} {after.name_vi}",
        rules=tuple(
            f"{rule.code}: read through its successor"
            for rule in db.session.scalars(
                select(RoutingRule).where(RoutingRule.office_code == before.code)
            )
        ),
        **_counts([before.id], [], at),
    )


def prepare(plan: Plan, at: datetime) -> Work:
    city = locked_city()
    day = day_of(city, at)
    rows = {row.code: row for row in db.session.scalars(select(Area))}
    into = rows.get(plan.into)
    old = [_present(rows, code, day) for code in dict.fromkeys(plan.old) if code != plan.into]
    if not old:
        raise _cannot("chưa nêu địa bàn nào.", "no area was named.")
    if into is not None and not is_valid(into, day):
        raise _cannot(f"{into.code} đã kết thúc.", f"{into.code} has ended.")
    named = _named(plan, old, into, city)
    offices = [row for row in db.session.scalars(select(Office)) if is_valid(row, day)]
    stays = next((row for row in offices if into and row.area_code == into.code), None)
    codes = {row.code for row in old}
    committees = [row for row in offices if row.area_code in codes]
    if stays is None and any(
        row.code == named.office_code for row in db.session.scalars(select(Office))
    ):
        raise _cannot(
            f"đơn vị {named.office_code} đã có; chọn mã khác.",
            f"the office {named.office_code} exists already; choose another code.",
        )
    return Work(city, day, old, into, named, committees, stays)


def _present(rows: dict[str, Area], code: str, day: date) -> Area:
    row = rows.get(code)
    if row is None:
        raise _cannot(f"không có địa bàn {code}.", f"there is no area {code}.")
    if not is_valid(row, day):
        raise _cannot(f"{code} đã kết thúc.", f"{code} has ended already.")
    return row


def _named(plan: Plan, old: list[Area], into: Area | None, city: CityProfile) -> Plan:
    """The plan with what it left empty filled in."""
    name_vi = plan.name_vi or (into.name_vi if into else "")
    if not name_vi:
        raise _cannot("địa bàn mới cần tên.", "a new area needs a name (--name).")
    name_en = plan.name_en or (into.name_en if into else name_vi)
    kind = plan.kind or (into or old[0]).kind
    if kind not in city.settings["area_kinds"]:
        raise _cannot(f"không có loại “{kind}”.", f"there is no kind “{kind}”.")
    pattern = city.settings["committee"]
    filled = {
        "code": plan.into,
        "area_vi": name_vi[:1].lower() + name_vi[1:],
        "area_en": name_en,
    }
    return replace(
        plan,
        name_vi=name_vi,
        name_en=name_en,
        kind=kind,
        seat=plan.seat or (into or old[0]).seat or "",
        office_code=plan.office_code or pattern["code"].format(**filled),
        office_name_vi=plan.office_name_vi or pattern["name_vi"].format(**filled),
        office_name_en=plan.office_name_en or pattern["name_en"].format(**filled),
    )


def rules_of(work: Work) -> tuple[list[RoutingRule], list[RoutingRule]]:
    """Rules of the old areas that go over, and those that another rule already answers for."""
    codes = [row.code for row in work.old]
    rows = [
        rule
        for rule in db.session.scalars(select(RoutingRule).order_by(RoutingRule.code))
        if is_valid(rule, work.day)
    ]
    answered = {rule.category_code for rule in rows if rule.area_code == work.plan.into}
    kept: list[RoutingRule] = []
    dropped: list[RoutingRule] = []
    # In the order in which the areas were named: the first one's rule counts.
    theirs = [rule for code in codes for rule in rows if rule.area_code == code]
    for rule in theirs:
        (dropped if rule.category_code in answered else kept).append(rule)
        answered.add(rule.category_code)
    return kept, dropped


def two_offices(old: str, new: str, at: datetime) -> tuple[Office, Office]:
    day = day_of(locked_city(), at)
    found = []
    for code in (old, new):
        row = db.session.scalar(select(Office).where(Office.code == code))
        if row is None:
            raise _cannot(f"không có đơn vị {code}.", f"there is no office {code}.")
        if not is_valid(row, day):
            raise _cannot(f"{code} đã kết thúc.", f"{code} has ended.")
        found.append(row)
    before, after = found
    if before is after:
        raise _cannot("một đơn vị không tự kế tiếp mình.", "an office cannot succeed itself.")
    if before.kind == "centre":
        raise _cannot(
            "thành phố luôn cần một trung tâm; đổi tên nó thay vì kết thúc.",
            "a city always needs its centre: rename it instead.",
        )
    return before, after


def _counts(office_ids: list[int], area_ids: list[int], at: datetime) -> dict[str, Any]:
    grants = select(RoleGrant).where(
        RoleGrant.office_id.in_(office_ids),
        RoleGrant.until.is_(None) | (RoleGrant.until > at),
    )
    held = db.session.scalars(grants).all()
    return {
        "reports": _count(Report, touched(office_ids, area_ids, at)),
        "roles": len(held),
        "accounts": len({grant.account_id for grant in held}),
    }


def _count(model: Any, which: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(which)) or 0


def _office_told(work: Work) -> str:
    if work.stays:
        return f"{work.stays.code} {work.stays.name_vi}"
    return f"{work.plan.office_code} {work.plan.office_name_vi} (new)"


def _apart(parts: list[Area]) -> tuple[str, ...]:
    """Those from which no chain of neighbours leads to the first. What has no boundary is passed
    over; boundaries drawn by different hands meet within some metres."""
    shapes = {one.code: shapely.from_wkb(one.boundary) for one in parts if one.boundary is not None}
    away = list(shapes)
    reached = [away.pop(0)] if away else []
    for code in reached:
        near = [one for one in away if shapely.dwithin(shapes[code], shapes[one], TOUCHING_DEGREES)]
        reached += near
        away = [one for one in away if one not in near]
    return tuple(away)


def _approximate_note(work: Work) -> tuple[str, ...]:
    rough = any(area.approximate for area in work.old)
    return ("The boundary is the union of approximate ones.",) if rough else ()


def day_of(city: CityProfile, at: datetime) -> date:
    """The day it is in the city."""
    return at.astimezone(ZoneInfo(city.timezone)).date()


def _cannot(vi: str, en: str) -> CannotMergeAreas:
    return CannotMergeAreas(why_vi=vi, why_en=en)
