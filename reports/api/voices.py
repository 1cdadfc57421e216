"""Support, ratings, comments, internal notes, and (to dispatchers) who the reporter is."""

from typing import Any
from uuid import UUID

from flask import Response

from app.auth.guards import current, requires, signed_in
from app.clock import now
from app.database import db
from app.errors import NotFound
from app.http import json_answer
from app.limits import by_account, limit
from app.locale import current_locale
from app.openapi import Blueprint
from reports import identity, looking, voices
from reports.api import schemas
from reports.api.reports import visible
from reports.api.voice_schemas import (
    CommentOut,
    ModeratedOut,
    RatingOut,
    SaidOut,
    SupportersOut,
)
from reports.models import Comment, Report
from reports.permissions import Permission, viewer_of
from reports.presenting import View
from reports.said_in import SaidIn

blueprint = Blueprint("voices", __name__, url_prefix="/api/v1", description="What others add")


@blueprint.put("/reports/<uuid:report_id>/support")
@signed_in
@limit("60 per hour", by=by_account)
@blueprint.response(200, SupportersOut)
@blueprint.problems(403, 404, 409)
def support(report_id: UUID) -> Response:
    """Me too: follow this report and hear what happens."""
    report, _ = visible(str(report_id))
    voices.require_at_home(report, current())
    voices.support(report, current().account_id, at=now())
    return _supporters(report)


@blueprint.delete("/reports/<uuid:report_id>/support")
@signed_in
@blueprint.response(200, SupportersOut)
@blueprint.problems(404)
def unsupport(report_id: UUID) -> Response:
    """Follow it no longer, though it may be hidden by now."""
    left = voices.unsupport(report_id, current().account_id)
    return _supporters(
        db.session.get_one(Report, report_id) if left else visible(str(report_id))[0]
    )


def _supporters(report: Report) -> Response:
    db.session.commit()
    db.session.refresh(report, ["supporters"])
    return json_answer({"supporters": report.supporters})


@blueprint.put("/reports/<uuid:report_id>/rating")
@signed_in
@blueprint.arguments(schemas.RatingIn)
@blueprint.response(200, RatingOut)
@blueprint.problems(403, 404)
def rate(rating: dict[str, Any], report_id: UUID) -> Response:
    """Rate the answer, 1 to 5 and words; a new rating replaces mine."""
    report, view = visible(str(report_id))
    voices.require_at_home(report, current())
    voices.require_concerned(report, view)
    voices.rate(report, rating["stars"], rating["comment"], by=current().account_id, at=now())
    db.session.commit()
    return json_answer(rating)


@blueprint.post("/reports/<uuid:report_id>/comments")
@signed_in
@limit("30 per hour", by=by_account)
@blueprint.arguments(SaidIn)
@blueprint.response(201, CommentOut)
@blueprint.alt_response(200, schema=CommentOut, description="It was here already")
@blueprint.problems(403, 404, 409)
def comment(said: dict[str, Any], report_id: UUID) -> Response:
    """Comment. The words of an office at work on the report are shown under its name; everybody
    else's wait for a person."""
    report, _ = visible(str(report_id))
    voices.require_at_home(report, current())
    at = now()
    by = viewer_of(current(), at)
    row, created = voices.comment(report, said["id"], said["text"], by=by, at=at)
    db.session.commit()
    body = {"id": row.id, "at": row.at, "published": row.published_at is not None}
    return json_answer(body, 201 if created else 200)


@blueprint.post("/reports/<uuid:report_id>/notes")
@requires(Permission.NOTES)
@blueprint.arguments(SaidIn)
@blueprint.response(201, SaidOut)
@blueprint.alt_response(200, schema=SaidOut, description="It was here already")
@blueprint.problems(403, 404, 409)
def note(said: dict[str, Any], report_id: UUID) -> Response:
    """Write an internal note, read by the offices that work on the report and the centre."""
    report, _ = _inside(report_id)
    at = now()
    by = viewer_of(current(), at)
    row, created = voices.note(report, said["id"], said["text"], by=by, at=at)
    db.session.commit()
    return json_answer({"id": row.id, "at": row.at}, 201 if created else 200)


@blueprint.put("/comments/<uuid:comment_id>/<any(shown, hidden):state>")
@requires(Permission.REVEAL)
@blueprint.response(200, ModeratedOut)
@blueprint.problems(403, 404)
def moderate(comment_id: UUID, state: str) -> Response:
    """A person has looked: show a resident's comment, or hide it."""
    said = db.session.get(Comment, comment_id)
    if said is None:
        raise NotFound
    _inside(said.report_id)
    voices.publish_comment(said, at=now(), shown=state == "shown")
    db.session.commit()
    return json_answer({"id": said.id, "state": state})


@blueprint.post("/reports/<uuid:report_id>/reporter")
@signed_in
@blueprint.arguments(schemas.RevealIn)
@blueprint.response(200, schemas.RevealedOut)
@blueprint.problems(403, 404)
def reveal(asked: dict[str, Any], report_id: UUID) -> Response:
    """Who the reporter is: to a dispatcher with a reason, to the handling office when the reporter
    chose to be open. Each reading is on record."""
    report, view = _inside(report_id)
    voices.require_may_reveal(report, view)
    person = identity.reveal(report.reporter_id, by=current(), reason=asked["reason"])
    db.session.commit()
    return json_answer({"name": person.name, "phone": person.phone, "email": person.email})


def _inside(report_id: UUID) -> tuple[Report, View]:
    return looking.inside(str(report_id), viewer_of(current(), now()), current_locale())
