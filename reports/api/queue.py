"""The officials' queue: what is mine, whoever must act soonest first."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Response

from app import pagination
from app.auth.guards import current, requires
from app.clock import now
from app.http import json_answer
from app.locale import current_locale
from app.openapi import Blueprint
from reports import queries
from reports.api import parsing, schemas
from reports.cards import cards
from reports.city import snapshot
from reports.city.snapshot import City
from reports.permissions import Permission, viewer_of
from reports.statuses import Status

blueprint = Blueprint("queue", __name__, url_prefix="/api/v1", description="Officials' work")


@blueprint.get("/queue")
@requires(Permission.QUEUE)
@blueprint.arguments(schemas.QueueIn, location="query")
@blueprint.response(200, schemas.QueueOut)
@blueprint.problems(403)
def read_queue(query: dict[str, Any]) -> Response:
    """The reports that wait for my office (or, for dispatchers, for anybody)."""
    at, city, locale = now(), snapshot.current(), current_locale()
    newest, limit = query["sort"] == "newest", query["limit"]
    filters = parsing.filters_from(
        query | {"due_before": _due_before(query["due"], city, at)}, city
    )
    after = pagination.decode_cursor(query["after"], datetime, UUID) if query["after"] else None
    rows = queries.queue(
        viewer_of(current(), at),
        filters,
        centre_id=city.centre.id,
        limit=limit,
        after=after,
        newest_first=newest,
    )
    following = None
    if len(rows) > limit:
        last = rows[limit - 1]
        following = pagination.encode_cursor(last.submitted_at if newest else last.act_by, last.id)
    items = cards(rows[:limit], city, locale, inside=True)
    for item, row in zip(items, rows, strict=False):
        item["act_by"] = row.act_by
        # While a question waits for its answer, the deadline rests.
        item["overdue"] = row.status != Status.WAITING and row.act_by < at
    return json_answer(pagination.page(items, following), headers=pagination.page_links(following))


def _due_before(due: str | None, city: City, at: datetime) -> datetime | None:
    """Until when: this moment, the end of today, or of six days from now, in the city's zone."""
    if due is None or due == "overdue":
        return at if due else None
    zone = ZoneInfo(city.profile.timezone)
    days = 1 if due == "today" else 7
    day = at.astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(day, time.min, zone).astimezone(UTC)
