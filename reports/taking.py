"""Taking a step on a report as somebody saw it: the row locked, a repeat known, the version held
against what is there now. What the step does is `workflow.move`'s. Flushes, never commits.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.errors import PreconditionRequired, Stale
from reports import presenting, timeline, workflow
from reports.city import snapshot
from reports.errors import NoSuchReport, SameIdOtherStep
from reports.models import Report, StatusChange
from reports.orders import StepOrder
from reports.permissions import Viewer
from reports.presenting import View


@dataclass(frozen=True, slots=True)
class Taken:
    """What a step left behind; `new` unless this very order had been taken before."""

    report: Report
    change: StatusChange
    new: bool


def take(
    report_id: UUID,
    order: StepOrder,
    *,
    by: Viewer,
    seen: Callable[[], int | None],
    locale: str,
    at: datetime,
) -> Taken:
    """Take the step on the version that was `seen`: officials must say which, residents may. It is
    asked for last, since a repeat is answered whatever it says.

    Raises NoSuchReport, PreconditionRequired, Stale (with what changed since), or what the step's
    own rule says.
    """
    report = workflow.locked(report_id, *([order.target] if order.target else []))
    if report is None:
        raise NoSuchReport
    view = presenting.view_of(report, by, snapshot.current(), locale)
    change = _repeated(order, report_id, by, view)
    if change is not None:
        return Taken(report, change, new=False)
    if view is None:
        raise NoSuchReport
    _require_version(report, by, view, seen())
    return Taken(report, workflow.move(report, order, by=by, at=at), new=True)


def _repeated(
    order: StepOrder, report_id: UUID, by: Viewer, view: View | None
) -> StatusChange | None:
    """What this order did already: told to whoever took the step, though the report may be theirs
    to see no longer. Others who do not see the report learn nothing of the id."""
    try:
        return workflow.repeated(order, report_id, by)
    except SameIdOtherStep:
        if view is None:
            raise NoSuchReport from None
        raise


def _require_version(report: Report, by: Viewer, view: View, seen: int | None) -> None:
    """An official acts on the version they saw; residents may leave it out."""
    if seen is None and by.is_official and not view.own:
        raise PreconditionRequired(field="If-Match")
    if seen is not None and seen != report.version:
        changed = workflow.changes_since(report, seen)
        heard = [change for change in changed if timeline.tells_step(change["step"], view)]
        raise Stale(version=report.version, changed=heard)
