"""One door for every step of a report's life."""

from uuid import UUID

from flask import Response

from app.auth.guards import current, signed_in
from app.clock import now
from app.database import db
from app.errors import PreconditionRequired, Stale
from app.http import if_match, json_answer
from app.limits import by_account, limit
from app.locale import current_locale
from app.openapi import Blueprint
from reports import presenting, timeline, workflow
from reports.api import schemas
from reports.city import snapshot
from reports.errors import NoSuchReport, SameIdOtherStep
from reports.models import Report, StatusChange
from reports.orders import StepOrder
from reports.permissions import Viewer, viewer_of
from reports.presenting import View

VERSION = {
    "in": "header",
    "name": "If-Match",
    "description": "The version looked at, as the ETag has it: officials must send it",
    "schema": {"type": "string", "pattern": r'^(W/)?"v[0-9]{1,9}(-[0-9a-f]+)?"$'},
}

blueprint = Blueprint("steps", __name__, url_prefix="/api/v1", description="A report's steps")


@blueprint.post("/reports/<uuid:report_id>/steps")
@signed_in
@limit("600 per hour", by=by_account)
@blueprint.doc(parameters=[VERSION])
@blueprint.arguments(schemas.StepIn)
@blueprint.response(200, schemas.StepTakenOut)
@blueprint.problems(403, 404, 409, 412, 428)
def take_step(order: StepOrder, report_id: UUID) -> Response:
    """Take a step. Officials send the version they look at as `If-Match: "v7"`; a repeat of the
    same id answers with the first result, whatever the version is by then."""
    at = now()
    viewer = viewer_of(current(), at)
    report = workflow.locked(report_id, *([order.target] if order.target else []))
    if report is None:
        raise NoSuchReport
    view = _view_of(report, viewer)
    change = _repeated(order, report_id, viewer, view)
    if change is None:
        if view is None:
            raise NoSuchReport
        _require_version(report, viewer, view)
        change = workflow.move(report, order, by=viewer, at=at)
        db.session.commit()
    return _answer(report, change, viewer)


def _view_of(report: Report, viewer: Viewer) -> View | None:
    return presenting.view_of(report, viewer, snapshot.current(), current_locale())


def _repeated(
    order: StepOrder, report_id: UUID, viewer: Viewer, view: View | None
) -> StatusChange | None:
    """What this order did already: told to whoever took the step, though the report may be theirs
    to see no longer. Others who do not see the report learn nothing of the id."""
    try:
        return workflow.repeated(order, report_id, viewer)
    except SameIdOtherStep:
        if view is None:
            raise NoSuchReport from None
        raise


def _require_version(report: Report, viewer: Viewer, view: View) -> None:
    """An official acts on the version they saw; residents may leave it out."""
    version = if_match()
    if version is None and viewer.is_official and not view.own:
        raise PreconditionRequired(field="If-Match")
    if version is not None and version != report.version:
        changed = workflow.changes_since(report, version)
        heard = [change for change in changed if timeline.tells_step(change["step"], view)]
        raise Stale(version=report.version, changed=heard)


def _answer(report: Report, change: StatusChange, viewer: Viewer) -> Response:
    city, at = snapshot.current(), now()
    # What the step changed may also change what its taker sees now (a report handed back).
    seen = _view_of(report, viewer)
    body = {
        "change": presenting.change_out(change, city, current_locale()),
        "report": presenting.whole(report, seen, city, at) if seen else None,
    }
    return json_answer(body, headers={"ETag": f'"v{report.version}"'} if seen else None)
