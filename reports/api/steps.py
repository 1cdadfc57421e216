"""One door for every step of a report's life."""

from uuid import UUID

from flask import Response

from app.auth.guards import current, signed_in
from app.clock import now
from app.database import db
from app.http import if_match, json_answer
from app.limits import by_account, limit
from app.locale import current_locale
from app.openapi import Blueprint
from reports import presenting, taking
from reports.api import schemas
from reports.city import snapshot
from reports.models import Report, StatusChange
from reports.orders import StepOrder
from reports.permissions import Viewer, viewer_of
from reports.step_in import StepIn

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
@blueprint.arguments(StepIn)
@blueprint.response(200, schemas.StepTakenOut)
@blueprint.problems(403, 404, 409, 412, 428)
def take_step(order: StepOrder, report_id: UUID) -> Response:
    """Take a step. Officials send the version they look at as `If-Match: "v7"`; a repeat of the
    same id answers with the first result, whatever the version is by then."""
    at = now()
    viewer = viewer_of(current(), at)
    locale = current_locale()
    taken = taking.take(report_id, order, by=viewer, seen=if_match, locale=locale, at=at)
    if taken.new:
        db.session.commit()
    return _answer(taken.report, taken.change, viewer)


def _answer(report: Report, change: StatusChange, viewer: Viewer) -> Response:
    city, at = snapshot.current(), now()
    # What the step changed may also change what its taker sees now (a report handed back).
    seen = presenting.view_of(report, viewer, city, current_locale())
    body = {
        "change": presenting.change_out(change, city, current_locale()),
        "report": presenting.whole(report, seen, city, at) if seen else None,
    }
    return json_answer(body, headers={"ETag": f'"v{report.version}"'} if seen else None)
