"""Who holds which role for which office, and what that allows on a given report.

A resident's rights come from the report (it is theirs), an official's from a role held for an
office. The one accused never sees a report against them; the office above takes their place.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from flask import has_request_context, request
from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    bindparam,
    exists,
    false,
    or_,
    select,
    type_coerce,
)

from app.auth.api_keys import ApiCaller
from app.auth.guards import Caller
from app.auth.models import AccountKind
from app.database import reading
from reports.city.models import RoleGrant
from reports.models import Assignment, Report
from reports.statuses import Role


class Permission(StrEnum):
    """What a route may ask for. Which report it may then touch is a matter of `standing`."""

    QUEUE = "queue"  # the officials' list of work
    NOTES = "notes"  # internal notes
    CENTRE = "centre"  # the centre's desk: triage, redaction, comments, complaints, limits
    REVEAL = "reveal"  # who the reporter is, with a reason
    FIGURES = "figures"  # the leaders' figures
    NOTICES = "notices"  # what everybody in some areas is told
    STAFF = "staff"  # officials' accounts: an admin's all, a head's those of their officers
    WEBHOOKS = "webhooks"  # other systems that are told: an admin the city's, a head their office's
    HAND_OVER = "hand-over"  # a colleague's open work, all at once
    ADMIN = "admin"


_ALLOWS: dict[Role, frozenset[Permission]] = {
    Role.DISPATCHER: frozenset(
        {
            Permission.QUEUE,
            Permission.NOTES,
            Permission.CENTRE,
            Permission.REVEAL,
            Permission.NOTICES,
        }
    ),
    Role.OFFICER: frozenset({Permission.QUEUE, Permission.NOTES}),
    Role.HEAD: frozenset(
        {
            Permission.QUEUE,
            Permission.NOTES,
            Permission.FIGURES,
            Permission.NOTICES,
            Permission.STAFF,
            Permission.WEBHOOKS,
            Permission.HAND_OVER,
        }
    ),
    Role.LEADER: frozenset({Permission.QUEUE, Permission.FIGURES}),
    Role.ADMIN: frozenset(
        {Permission.ADMIN, Permission.NOTICES, Permission.STAFF, Permission.WEBHOOKS}
    ),
}
OFFICE_ROLES = frozenset({Role.OFFICER, Role.HEAD})


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody looking: nobody in particular, a resident, or an official with roles."""

    account_id: UUID | None = None
    held: frozenset[tuple[Role, int]] = frozenset()

    @property
    def is_official(self) -> bool:
        return bool(self.held)

    @property
    def sees_all(self) -> bool:
        return bool({Role.DISPATCHER, Role.LEADER} & {role for role, _ in self.held})

    def offices(self, *roles: Role) -> frozenset[int]:
        """The offices for which one of `roles` is held."""
        return frozenset(office for role, office in self.held if role in roles)


NOBODY = Viewer()


def viewer_of(caller: Caller | None, at: datetime) -> Viewer:
    """The caller with the roles they hold at a moment; residents cost no query."""
    if caller is None:
        return NOBODY
    if not _may_hold_roles(caller):
        return Viewer(caller.account_id)
    if not has_request_context():
        return Viewer(caller.account_id, roles_held(caller.account_id, at))
    # The guard asks, then the view: within a request the answer stays.
    kept: dict[UUID, Viewer] = request.environ.setdefault("xom.viewers", {})
    if caller.account_id not in kept:
        kept[caller.account_id] = Viewer(caller.account_id, roles_held(caller.account_id, at))
    return kept[caller.account_id]


def _may_hold_roles(caller: Caller) -> bool:
    """An official; and a client where it entered by a scope: elsewhere it is as any resident."""
    if isinstance(caller, ApiCaller):
        return caller.entered_by is not None
    return caller.kind is AccountKind.OFFICIAL


_grant = RoleGrant.__table__.c
_HELD = select(type_coerce(_grant.role, String), _grant.office_id).where(
    _grant.account_id == bindparam("account_id"),
    _grant.since <= bindparam("at"),
    or_(_grant.until.is_(None), _grant.until > bindparam("at")),
)


def roles_held(account_id: UUID, at: datetime) -> frozenset[tuple[Role, int]]:
    """What is granted, and committed, at a moment."""
    with reading() as connection:
        rows = connection.execute(_HELD, {"account_id": account_id, "at": at}).all()
    return frozenset((Role(role), office) for role, office in rows)


def permits(viewer: Viewer, permission: str) -> bool:
    """May somebody with these roles enter a route that asks for `permission`?"""
    return any(permission in _ALLOWS[role] for role, _ in viewer.held)


def standing(viewer: Viewer, report: Report, *, centre_id: int) -> frozenset[Role]:
    """The roles in which a viewer may act on this report."""
    accused = report.accused_office_id
    roles = {
        role for role, office in viewer.held if office == report.office_id and office != accused
    }
    roles &= OFFICE_ROLES if report.assigned_at else frozenset()
    if Role.HEAD in roles and report.office_id == centre_id:
        roles.add(Role.DISPATCHER)  # what came back to the centre is its head's to decide
    if accused == centre_id:
        # The centre cannot steer a report against itself: the head above does.
        roles |= {Role.DISPATCHER} if Role.HEAD in roles or _heads(viewer, report) else set()
    elif viewer.offices(Role.DISPATCHER):
        roles.add(Role.DISPATCHER)
    if viewer.account_id == report.reporter_id:
        roles.add(Role.REPORTER)
    return frozenset(roles)


def _heads(viewer: Viewer, report: Report) -> bool:
    return report.office_id in viewer.offices(Role.HEAD)


def is_centre_head(viewer: Viewer, *, centre_id: int) -> bool:
    return centre_id in viewer.offices(Role.HEAD)


def may_give_notice(viewer: Viewer, *, centre_id: int) -> bool:
    """May the viewer speak for the city? Heads of other offices may not."""
    speaks = any(role in {Role.DISPATCHER, Role.ADMIN} for role, _ in viewer.held)
    return speaks or is_centre_head(viewer, centre_id=centre_id)


def works_on(viewer: Viewer, report: Report, joined: frozenset[int]) -> bool:
    """Does the viewer's office lead or join the report, without being the one accused?"""
    mine = viewer.offices(*OFFICE_ROLES) - {report.accused_office_id}
    leads = report.assigned_at is not None and report.office_id in mine
    return leads or bool(mine & joined)


def can_view_all_of(
    viewer: Viewer, report: Report, joined: frozenset[int], *, centre_id: int
) -> bool:
    """May the viewer see the report as officials do: unmasked, with its internal side?"""
    if works_on(viewer, report, joined):
        return True
    if report.accused_office_id == centre_id:
        return _heads(viewer, report)  # who steers it in the centre's place
    accused_is_mine = report.accused_office_id in {office for _, office in viewer.held}
    return viewer.sees_all and not accused_is_mine


def views_all_of(viewer: Viewer, *, centre_id: int) -> ColumnElement[bool]:
    """`can_view_all_of` of the reports of a statement; the two are held together by a table of
    viewers and reports (tests/reports/test_sight_in_sql.py)."""
    if not viewer.is_official:
        return false()
    accused = Report.accused_office_id
    about_centre = accused.is_not_distinct_from(centre_id)
    steers = and_(about_centre, Report.office_id.in_(viewer.offices(Role.HEAD)))
    mine_accused = accused.in_({office for _, office in viewer.held})
    others = and_(~about_centre, or_(accused.is_(None), ~mine_accused))
    return or_(_works_on(viewer), steers, others if viewer.sees_all else false())


def _works_on(viewer: Viewer) -> ColumnElement[bool]:
    """`works_on` likewise."""
    mine, accused = viewer.offices(*OFFICE_ROLES), Report.accused_office_id
    joins = exists().where(
        Assignment.report_id == Report.id,
        Assignment.until.is_(None),
        Assignment.part == "join",
        Assignment.office_id.in_(mine),
        Assignment.office_id.is_distinct_from(accused),
    )
    leads = and_(
        Report.assigned_at.is_not(None),
        Report.office_id.in_(mine),
        Report.office_id.is_distinct_from(accused),
    )
    return or_(leads, joins)
