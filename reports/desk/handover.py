"""Handing over all open work of a colleague in one act: each report is assigned anew, as a run in
bulk (`bulk`), so that it goes on by itself, tells what did not move and why, and can be undone.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from app import audit
from app.auth.models import Account
from app.database import db
from app.errors import Invalid, NotFound
from app.text import in_order
from reports import roles
from reports.desk import bulk
from reports.desk.models import BulkRun
from reports.filters import Filters
from reports.models import Report
from reports.permissions import Viewer
from reports.statuses import OPEN, Role

AT_ONCE = 100  # reports that are handed over while one waits; more are a worker's


class ToThemselves(Invalid):
    code = "to-themselves"
    vi = "Chọn người nhận khác với người giao."
    en = "Choose somebody else than who hands over."
    field = "to"


class NotAColleague(Invalid):
    code = "not-a-colleague"
    vi = "Người này không làm việc ở đơn vị. Chọn một người trong danh sách."
    en = "They do not work in this office. Choose somebody from the list."
    field = "to"


class NothingToHandOver(Invalid):
    code = "nothing-to-hand-over"
    vi = "Người này không còn phản ánh nào đang mở ở đơn vị."
    en = "They have no open report in this office any more."
    field = "from"


@dataclass(frozen=True, slots=True)
class Burden:
    """Somebody with open work in an office."""

    account_id: UUID
    name: str
    reports: int
    leaves: bool  # no longer works here, or the account is closed


@dataclass(frozen=True, slots=True)
class Plan:
    """What would move, and what would not, with the reason."""

    picks: list[bulk.Pick]
    sorted: bulk.Sorted
    more: bool  # than one run takes: then it is done twice


@dataclass(frozen=True, slots=True)
class Parties:
    """Between whom work was handed over, by name; to nobody yet: None."""

    leaver: str
    taker: str | None


def parties(run: BulkRun) -> Parties | None:
    """Of a run that is a handover, or undoes one; None of any other."""
    leaver, taker = bulk.leaver_of(run), run.fields.get("person")
    if leaver is None:
        return None
    return Parties(_name(leaver), _name(UUID(taker)) if taker else None)


def _name(account_id: UUID) -> str:
    account = db.session.get_one(Account, account_id)
    return account.name or account.email or ""


def burdens(viewer: Viewer, office_id: int, *, at: datetime) -> list[Burden]:
    """Who has open work in an office that the viewer heads, the gone first. Raises NotFound."""
    _require_head(viewer, office_id)
    rows = db.session.execute(
        select(Report.assignee_id, Account.name, func.count())
        .join(Account, Account.id == Report.assignee_id)
        .where(Report.office_id == office_id, Report.status.in_(OPEN))
        .group_by(Report.assignee_id, Account.name)
    ).all()
    here = {account_id for account_id, _ in colleagues(office_id, at=at)}
    found = [
        Burden(account_id, name or "", number, account_id not in here)
        for account_id, name, number in rows
        if account_id is not None
    ]
    return sorted(found, key=lambda one: (not one.leaves, in_order(one.name)))


def colleagues(office_id: int, *, at: datetime) -> list[tuple[UUID, str]]:
    """Who may be given work there: account, name."""
    return roles.workers([office_id], at)


def plan(viewer: Viewer, office_id: int, leaver: UUID, *, at: datetime) -> Plan:
    """All open reports of theirs in this office, those due soonest first. Raises NotFound."""
    _require_head(viewer, office_id)
    wanted = Filters(statuses=OPEN, office_id=office_id, assignee_id=leaver)
    picks, more = bulk.matching(viewer, wanted, newest_first=False)
    return Plan(picks, bulk.sort_out("assign", bulk.chosen(viewer, picks), by=viewer, at=at), more)


def hand_over(
    run_id: UUID, viewer: Viewer, office_id: int, leaver: UUID, to: UUID | None, *, at: datetime
) -> BulkRun:
    """Give all of it to a colleague, or to nobody; again is the same. Flushes, and records it.

    Raises NotFound, ToThemselves, NotAColleague, NothingToHandOver.
    """
    if db.session.get(BulkRun, run_id):
        return bulk.find(run_id, viewer)
    if to == leaver:
        raise ToThemselves
    if to is not None and not roles.works_for(to, office_id, at=at):
        raise NotAColleague
    found = plan(viewer, office_id, leaver, at=at)
    if not found.sorted.fits:
        raise NothingToHandOver
    fields = {"leaver": str(leaver)} | ({"person": str(to)} if to else {})
    run = bulk.begin(run_id, "assign", fields, found.picks, by=viewer, at=at)
    audit.record(
        "report.hand_over",
        subject=f"account:{leaver}",
        actor_id=viewer.account_id,
        fields=("assignee",),
        reason=f"run {run_id}",
    )
    return run


def _require_head(viewer: Viewer, office_id: int) -> None:
    if office_id not in viewer.offices(Role.HEAD):
        raise NotFound
