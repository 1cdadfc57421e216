"""Merging areas, and offices that succeed each other: previewed, then done in one act.

The old rows end with a successor and keep their names; open work, roles, duty, rules and
subscriptions go over. Nothing here commits.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import shapely
from sqlalchemy import select

from app import audit
from app.database import db
from reports.city import snapshot
from reports.city.importing import locked_city
from reports.city.models import Area, CityProfile, Office, RoutingRule, Subscription
from reports.city.planning import (
    Plan,
    Preview,
    Work,
    day_of,
    prepare,
    preview_merger,
    preview_succession,
    rules_of,
    two_offices,
)
from reports.city.succeeding import Handover, hand_over


def merge_areas(plan: Plan, *, by: UUID | None, at: datetime) -> Preview:
    """Merge, all in the caller's transaction; what was moved. Flushes, does not commit."""
    told = preview_merger(plan, at=at)
    work = prepare(plan, at)
    area = _merged_area(work)
    office = work.stays or _new_committee(work, area)
    kept, dropped = rules_of(work)
    for row in work.old:
        _end(row, area.code, work.day)
    for committee in work.committees:
        _end(committee, office.code, work.day)
    _reissue(kept, dropped, area, work.day)
    db.session.flush()
    names = " và ".join(row.name_vi for row in work.old)
    names_en = " and ".join(row.name_en for row in work.old)
    moved = hand_over(
        Handover(
            at=at,
            why_vi=f"{names} nhập vào {area.name_vi}.",
            why_en=f"{names_en} became part of {area.name_en}.",
            offices={committee.id: office for committee in work.committees},
            areas={row.id: area for row in work.old},
        )
    )
    _move_subscriptions([row.id for row in work.old], area.id)
    _changed(work.city)
    _record("areas.merge", f"area:{area.code}", by, at)
    return replace(told, reports=moved)


def succeed_office(old: str, new: str, *, by: UUID | None, at: datetime) -> Preview:
    """End an office; another takes over its work, people, duty and the offices below it."""
    told = preview_succession(old, new, at=at)
    before, after = two_offices(old, new, at)
    _end(before, after.code, day_of(locked_city(), at))
    for below in db.session.scalars(select(Office).where(Office.parent_code == before.code)):
        below.parent_code = after.code if below.code != after.code else before.parent_code
    db.session.flush()
    moved = hand_over(
        Handover(
            at=at,
            why_vi=f"{after.name_vi} tiếp nhận việc của {before.name_vi}.",
            why_en=f"{after.name_en} took over from {before.name_en}.",
            offices={before.id: after},
        )
    )
    _changed(locked_city())
    _record("offices.succeed", f"office:{before.code}", by, at)
    return replace(told, reports=moved)


def _merged_area(work: Work) -> Area:
    """The new area, or the one that takes the others in: their ground, people and old names."""
    parts = [*([work.into] if work.into else []), *work.old]
    area, plan = work.into, work.plan
    whole = _union(parts)
    facts: dict[str, Any] = {
        "name_vi": plan.name_vi,
        "name_en": plan.name_en,
        "kind": plan.kind,
        "seat": plan.seat or None,
        "other_names": _other_names(parts, plan.name_vi),
        "population": _sum([part.population for part in parts]),
        "area_km2": _sum([part.area_km2 for part in parts]),
        "boundary": shapely.to_wkb(whole) if whole is not None else None,
        "approximate": any(part.approximate for part in parts),
    }
    if area is not None:
        for name, value in facts.items():
            setattr(area, name, value)
        return area
    inner = whole.representative_point() if whole is not None else None
    lat, lng = (inner.y, inner.x) if inner else (work.old[0].lat, work.old[0].lng)
    fresh = Area(code=plan.into, lat=round(lat, 6), lng=round(lng, 6), valid_from=work.day, **facts)
    db.session.add(fresh)
    db.session.flush()
    return fresh


def _union(parts: Sequence[Area]) -> Any:
    shapes = shapely.from_wkb([part.boundary for part in parts if part.boundary is not None])
    return shapely.make_valid(shapely.union_all(shapes)) if len(shapes) else None


def _other_names(parts: Sequence[Area], name: str) -> list[str]:
    """So that people still find it by what they called it."""
    said = [one for part in parts for one in (part.name_vi, *part.other_names)]
    return [one for one in dict.fromkeys(said) if one != name]


def _sum(values: Sequence[Any]) -> Any:
    known = [value for value in values if value is not None]
    return round(sum(known), 2) if known else None


def _new_committee(work: Work, area: Area) -> Office:
    plan, pattern = work.plan, work.city.settings["committee"]
    parents = [row.parent_code for row in work.committees if row.parent_code]
    office = Office(
        code=plan.office_code,
        name_vi=plan.office_name_vi,
        name_en=plan.office_name_en,
        kind="committee",
        parent_code=parents[0] if parents else pattern.get("parent"),
        area_code=area.code,
        address=area.seat,
        valid_from=work.day,
    )
    db.session.add(office)
    db.session.flush()
    return office


def _reissue(kept: list[RoutingRule], dropped: list[RoutingRule], area: Area, day: date) -> None:
    """End the old areas' rules; those that go over are written anew for the new area."""
    for rule in kept:
        code = f"{rule.category_code or 'any'}@{area.code}"
        taken = db.session.scalar(select(RoutingRule).where(RoutingRule.code == code))
        code = f"{code}-{day:%Y%m%d}" if taken else code
        _end(rule, code, day)
        db.session.add(
            RoutingRule(
                code=code,
                category_code=rule.category_code,
                area_code=area.code,
                office_code=rule.office_code,
                valid_from=day,
            )
        )
    for rule in dropped:
        _end(rule, None, day)


def _move_subscriptions(old: list[int], new: int) -> None:
    """To the new area; a wish that somebody has for it already is not kept twice."""
    wishes = list(
        db.session.scalars(
            select(Subscription)
            .where(Subscription.area_id.in_([new, *old]))
            .order_by(Subscription.id)
        )
    )
    wishes.sort(key=lambda wish: wish.area_id != new)
    seen: set[tuple[Any, ...]] = set()
    for wish in wishes:
        same = (wish.account_id, wish.category_id, wish.lat, wish.lng, wish.radius_m)
        if same in seen:
            db.session.delete(wish)
        seen.add(same)
        wish.area_id = new
    db.session.flush()


def _end(row: Any, successor: str | None, day: date) -> None:
    row.valid_until = max(day, row.valid_from)
    row.successor_code = successor


def _changed(city: CityProfile) -> None:
    city.version += 1
    db.session.flush()
    snapshot.forget()


def _record(action: str, subject: str, by: UUID | None, at: datetime) -> None:
    audit.record(action, subject=subject, actor_id=by, fields=("reports", "roles", "rules"), at=at)
