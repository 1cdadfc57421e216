"""The people behind each audience, as queries of account ids for a message's statement."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import cos, radians
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select, union

from app.auth.models import Account
from reports.city.models import DutyShift, RoleGrant, Subscription
from reports.city.snapshot import City
from reports.models import Report, Support
from reports.statuses import Role

People = Select[UUID]
METRES_A_DEGREE = 111_195.0


class Audience(StrEnum):
    REPORTER = "reporter"  # of this report alone
    REPORTERS = "reporters"  # whoever sent it or one merged into it, and their supporters
    OFFICERS = "officers"  # of the office that leads
    HEADS = "heads"  # of the office that leads
    ASSIGNEE = "assignee"  # whoever it was given to in the office that leads, and their deputies
    JOINED = "joined"  # officers of the office that this step names
    CENTRE = "centre"  # the dispatchers
    CENTRE_HEADS = "centre_heads"
    ASKER = "asker"  # whoever asked the question
    ON_DUTY = "on_duty"
    LEADERS = "leaders"
    SUBSCRIBERS = "subscribers"


@dataclass(frozen=True, slots=True)
class News:
    kind: str
    to: Audience


def people(
    audience: Audience, report: Report, city: City, at: datetime, *, named_office: int | None = None
) -> People:
    """Who belongs to an audience of this report at a moment."""
    accused = report.accused_office_id
    centre: tuple[Role, int | None] = (Role.DISPATCHER, None)
    centre_heads: tuple[Role, int | None] = (Role.HEAD, city.centre.id)
    if accused == city.centre.id:  # the office above steers in the centre's place
        centre = centre_heads = (Role.HEAD, report.office_id)
    held = {
        Audience.LEADERS: (Role.LEADER, None),
        Audience.CENTRE: centre,
        Audience.CENTRE_HEADS: centre_heads,
        Audience.HEADS: (Role.HEAD, report.office_id),
        Audience.OFFICERS: (Role.OFFICER, report.office_id),
        Audience.JOINED: (Role.OFFICER, named_office),
        Audience.ASKER: _asker(report, city),
    }
    if audience in held:
        role, office_id = held[audience]
        return _but_for(accused, holders(at, role, office_id=office_id))
    if audience is Audience.ON_DUTY:
        return _but_for(accused, on_duty(report, city, at))
    if audience is Audience.ASSIGNEE:
        return _assignee(report, at)
    if audience is Audience.REPORTER:
        return select(Report.reporter_id).where(Report.id == report.id)
    return reporters(report) if audience is Audience.REPORTERS else subscribers(report)


def _but_for(accused_id: int | None, query: People) -> People:
    """Nobody who holds a role in the office accused hears of the accusation."""
    if accused_id is None:
        return query
    theirs = select(RoleGrant.account_id).where(RoleGrant.office_id == accused_id)
    return query.where(query.selected_columns[0].not_in(theirs))


def _assignee(report: Report, at: datetime) -> People:
    deputies = (
        select(RoleGrant.account_id)
        .where(RoleGrant.deputy_of == report.assignee_id, RoleGrant.office_id == report.office_id)
        .where(_holds(at))
    )
    together = union(
        select(Account.id.label("account_id")).where(Account.id == report.assignee_id),
        _but_for(report.accused_office_id, deputies),
    ).subquery()
    return select(together.c.account_id)


def reporters(report: Report) -> People:
    """The reporter, those merged into this report, and everybody who supports one of them."""
    mine = or_(Report.id == report.id, Report.lead_id == report.id)
    together = union(
        select(Report.reporter_id.label("account_id")).where(mine),
        select(Support.account_id).join(Report, Report.id == Support.report_id).where(mine),
    ).subquery()
    return select(together.c.account_id)


def subscribers(report: Report) -> People:
    """Whoever follows this area, this category, or a circle around this spot."""
    here: ColumnElement[bool] = and_(
        Subscription.area_id.is_(None) | (Subscription.area_id == report.area_id),
        Subscription.category_id.is_(None) | (Subscription.category_id == report.category_id),
        Subscription.radius_m.is_(None) | _within_circle(report),
    )
    return select(Subscription.account_id).where(here)


def _within_circle(report: Report) -> ColumnElement[bool]:
    """Haversine in SQL would be exact; a degree of latitude is 111,195 m, and a subscription's
    circle is drawn by hand, so the flat distance serves."""
    north = (Subscription.lat - report.lat) * METRES_A_DEGREE
    east = (Subscription.lng - report.lng) * METRES_A_DEGREE * cos(radians(report.lat))
    return north * north + east * east <= Subscription.radius_m * Subscription.radius_m


def holders(at: datetime, role: Role, *, office_id: int | None = None) -> People:
    """Whoever holds a role now, for one office or for any."""
    query = select(RoleGrant.account_id).where(RoleGrant.role == role, _holds(at))
    return query if office_id is None else query.where(RoleGrant.office_id == office_id)


def _holds(at: datetime) -> ColumnElement[bool]:
    return and_(RoleGrant.since <= at, RoleGrant.until.is_(None) | (RoleGrant.until > at))


def on_duty(report: Report, city: City, at: datetime) -> People:
    """The roster of the office and of the centre; where nobody is on it, the dispatchers.

    Somebody whose account was disabled is nobody: their shift must not silence an urgent report.
    """
    shift = and_(
        DutyShift.office_id.in_([report.office_id, city.centre.id]),
        DutyShift.since <= at,
        DutyShift.until > at,
        DutyShift.account_id.in_(select(Account.id).where(Account.disabled_at.is_(None))),
    )
    nobody = ~select(DutyShift.id).where(shift).exists()
    together = union(
        select(DutyShift.account_id).where(shift), holders(at, Role.DISPATCHER).where(nobody)
    ).subquery()
    return select(together.c.account_id)


def _asker(report: Report, city: City) -> tuple[Role, int | None]:
    asked_by = report.asked_by_office_id
    if asked_by is None or asked_by == city.centre.id:
        return Role.DISPATCHER, None
    return Role.OFFICER, asked_by
