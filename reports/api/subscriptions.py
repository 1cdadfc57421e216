"""What I follow: wards, categories, circles."""

from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import fields, validate

from app.auth.guards import current, signed_in
from app.clock import now
from app.database import db
from app.http import json_answer
from app.locale import current_locale
from app.openapi import Blueprint, Schema, latitude, longitude
from app.schemas import Whole
from reports import asking, presenting, subscriptions
from reports.api.named import NamedOut
from reports.cards import Plain
from reports.city import snapshot
from reports.city.models import Subscription

blueprint = Blueprint("following", __name__, url_prefix="/api/v1", description="What I follow")


class SubscriptionIn(Schema):
    area = fields.String(load_default=None, validate=validate.Length(max=60))
    category = fields.String(load_default=None, validate=validate.Length(max=60))
    lat = latitude(load_default=None)
    lng = longitude(load_default=None)
    radius = Whole(
        load_default=None,
        validate=validate.Range(50, subscriptions.FARTHEST_M),
        metadata={"description": "Metres"},
    )


class SubscriptionOut(Schema):
    id = fields.UUID()
    area = fields.Nested(NamedOut, only=("code", "name"), allow_none=True)
    category = fields.Nested(NamedOut, allow_none=True)
    lat = fields.Float(allow_none=True)
    lng = fields.Float(allow_none=True)
    radius = fields.Integer(allow_none=True)


class SubscriptionsOut(Schema):
    items = fields.List(fields.Nested(SubscriptionOut))
    next = fields.String(allow_none=True)


@blueprint.put("/me/subscriptions/<uuid:subscription_id>")
@signed_in
@blueprint.arguments(SubscriptionIn)
@blueprint.response(200, SubscriptionOut)
@blueprint.problems(403, 409)
def follow(wish: dict[str, Any], subscription_id: UUID) -> Response:
    """Follow a ward, a category, a circle, or what they share. The id is the phone's own."""
    filters = asking.filters_from(
        {"area": wish["area"], "category": wish["category"]}, snapshot.current()
    )
    row = subscriptions.follow(
        subscription_id,
        current().account_id,
        area_id=filters.area_id,
        category_id=filters.category_id,
        circle=(wish["lat"], wish["lng"], wish["radius"]),
        at=now(),
    )
    db.session.commit()
    return json_answer(_told(row))


@blueprint.get("/me/subscriptions")
@signed_in
@blueprint.response(200, SubscriptionsOut)
def followed() -> Response:
    """All that I follow."""
    rows = subscriptions.followed(current().account_id)
    return json_answer({"items": [_told(row) for row in rows], "next": None})


@blueprint.delete("/me/subscriptions/<uuid:subscription_id>")
@signed_in
@blueprint.response(204)
def unfollow(subscription_id: UUID) -> None:
    """Follow it no longer."""
    subscriptions.unfollow(subscription_id, current().account_id)
    db.session.commit()


def _told(row: Subscription) -> Plain:
    city, locale = snapshot.current(), current_locale()
    return {
        "id": row.id,
        "area": row.area_id and presenting.area_name(city, row.area_id, locale),
        "category": row.category_id and presenting.category_name(city, row.category_id, locale),
        "lat": row.lat,
        "lng": row.lng,
        "radius": row.radius_m,
    }
