"""Saying that something published should not be."""

from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import fields

from app.auth.guards import current, signed_in
from app.clock import now
from app.database import db
from app.errors import NotFound
from app.http import json_answer
from app.limits import by_account, limit
from app.openapi import Blueprint, Schema, Text
from reports import complaints, ownership
from reports.api.reports import visible
from reports.api.voice_schemas import ComplaintOut
from reports.cards import Plain
from reports.desk.models import Complaint

blueprint = Blueprint(
    "complaints", __name__, url_prefix="/api/v1", description="About what is published"
)


class ComplaintIn(Schema):
    id = fields.UUID(required=True, metadata={"description": "Made by the caller"})
    text = Text(most=1000, required=True)
    comment = fields.UUID(load_default=None, metadata={"description": "Of this report"})
    photo = fields.UUID(load_default=None, metadata={"description": "Of this report"})


@blueprint.post("/reports/<uuid:report_id>/complaints")
@signed_in
@limit("20 per hour", by=by_account)
@blueprint.arguments(ComplaintIn)
@blueprint.response(201, ComplaintOut)
@blueprint.alt_response(200, schema=ComplaintOut, description="It was here already")
@blueprint.problems(404, 409)
def complain(told: dict[str, Any], report_id: UUID) -> Response:
    """Say that this report, one of its photos or a comment should not be public, and why. Somebody
    at the centre decides; you hear."""
    report, _ = visible(str(report_id))
    complaint, created = complaints.complain(
        report,
        told["id"],
        told["text"],
        comment_id=told["comment"],
        photo_id=told["photo"],
        by=current().account_id,
        at=now(),
    )
    db.session.commit()
    return json_answer(_out(complaint), 201 if created else 200)


@blueprint.get("/complaints/<uuid:complaint_id>")
@signed_in
@blueprint.response(200, ComplaintOut)
@blueprint.problems(404)
def read(complaint_id: UUID) -> Response:
    """What came of a complaint of mine."""
    complaint = db.session.get(Complaint, complaint_id)
    mine = complaint and ownership.is_same_person(complaint.account_id, current().account_id)
    if complaint is None or not mine:
        raise NotFound
    return json_answer(_out(complaint))


def _out(complaint: Complaint) -> Plain:
    return {
        "id": complaint.id,
        "report": complaint.report_id,
        "text": complaint.text,
        "at": complaint.at,
        "decision": complaint.decision,
        "answer": complaint.answer or None,
        "decided_at": complaint.decided_at,
    }
