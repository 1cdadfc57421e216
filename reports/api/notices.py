"""Notices: anyone reads those that stand; the centre gives and ends them."""

from typing import Any
from uuid import UUID

import orjson
from flask import Response
from marshmallow import fields, post_load, validate

from app.auth.guards import anyone, current, requires
from app.clock import now
from app.database import db
from app.http import compressed, conditional, etag_for, json_answer
from app.limits import by_account, limit
from app.locale import current_locale
from app.openapi import Blueprint, Moment, Schema, Text
from reports import notices
from reports.city import snapshot
from reports.city.models import NoticeKind
from reports.notices import Told, Wording
from reports.permissions import Permission, viewer_of

blueprint = Blueprint("notices", __name__, url_prefix="/api/v1", description="What is known")

PUBLIC = "public, max-age=60"
MOST_AREAS = 100  # more than that is the whole city


class NoticeIn(Schema):
    id = fields.UUID(required=True, metadata={"description": "Made by the caller"})
    kind = fields.Enum(NoticeKind, by_value=True, required=True)
    text_vi = Text(most=300, lines=False, load_default="")
    text_en = Text(most=300, lines=False, load_default="")
    areas = fields.List(
        fields.String(validate=validate.Length(1, 20)),
        load_default=list,
        validate=validate.Length(max=MOST_AREAS),
        metadata={"description": "Codes of areas; none: the whole city"},
    )
    starts_at = Moment(load_default=None, metadata={"description": "Left out: now"})
    ends_at = Moment(required=True, metadata={"description": "At most 30 days later"})

    @post_load
    def _made(self, loaded: dict[str, Any], **_: Any) -> tuple[UUID, Wording]:
        notice_id = loaded.pop("id")
        return notice_id, Wording(**{**loaded, "areas": tuple(loaded["areas"])})


class NoticeOut(Schema):
    id = fields.UUID()
    kind = fields.String(validate=validate.OneOf([str(kind) for kind in NoticeKind]))
    text = fields.String(metadata={"description": "In the caller's language where there is one"})
    areas = fields.List(
        fields.String(), metadata={"description": "Codes of areas; none: the whole city"}
    )
    starts_at = fields.AwareDateTime()
    ends_at = fields.AwareDateTime()


class NoticesOut(Schema):
    items = fields.List(fields.Nested(NoticeOut))
    next = fields.String(allow_none=True)


@blueprint.get("/notices")
@anyone
@limit("1200 per minute")  # a whole mobile network's phones may ask from one address
@blueprint.response(200, NoticesOut)
def read_notices() -> Response:
    """What the centre tells everybody now: what endangers people first, then the newest; 200 at
    most. Of all areas: a phone keeps it for bad days, and shows what concerns its own above the
    form."""
    city = snapshot.current()
    told = notices.live(city, locale=current_locale(), at=now())
    raw = orjson.dumps({"items": told, "next": None})
    return compressed(conditional(json_answer(raw), etag_for(city.version, raw), cache=PUBLIC))


@blueprint.post("/notices")
@requires(Permission.NOTICES)
@limit("60 per hour", by=by_account)
@blueprint.arguments(NoticeIn)
@blueprint.response(201, NoticeOut)
@blueprint.alt_response(200, schema=NoticeOut, description="It was here already")
@blueprint.problems(403, 409)
def give_notice(asked: tuple[UUID, Wording]) -> Response:
    """Tell everybody in some areas, until a time. Dispatchers, the centre's head, admins."""
    notice_id, wording = asked
    me, city, at = current(), snapshot.current(), now()
    notices.require_may_give(viewer_of(me, at), city)
    notice, given = notices.give(notice_id, wording, city, by=me.account_id, at=at)
    told: Told = notices.told(notice, city, locale=current_locale())
    db.session.commit()
    return json_answer(told, 201 if given else 200)


@blueprint.delete("/notices/<uuid:notice_id>")
@requires(Permission.NOTICES)
@blueprint.response(204)
@blueprint.problems(403, 404)
def end_notice(notice_id: UUID) -> None:
    """Take a notice down before its time; again is the same."""
    me, at = current(), now()
    notices.require_may_give(viewer_of(me, at), snapshot.current())
    notices.end(notice_id, by=me.account_id, at=at)
    db.session.commit()
