"""The officials' queue: what is mine, whoever must act soonest first."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response

from app import pagination
from app.auth.guards import current, requires
from app.clock import now
from app.http import json_answer
from app.locale import current_locale
from app.openapi import Blueprint
from reports import asking, official_queue
from reports.api import schemas
from reports.cards import cards
from reports.city import snapshot
from reports.permissions import Permission, viewer_of
from reports.queue_in import QueueIn
from reports.statuses import Status

blueprint = Blueprint("queue", __name__, url_prefix="/api/v1", description="Officials' work")


@blueprint.get("/queue")
@requires(Permission.QUEUE)
@blueprint.arguments(QueueIn, location="query")
@blueprint.response(200, schemas.QueueOut)
@blueprint.problems(403)
def read_queue(query: dict[str, Any]) -> Response:
    """The reports that wait for my office (or, for dispatchers, for anybody)."""
    at, city, locale = now(), snapshot.current(), current_locale()
    newest, limit = query["sort"] == "newest", query["limit"]
    filters = asking.queue_filters(query, city, me=current().account_id, at=at)
    after = pagination.decode_cursor(query["after"], datetime, UUID) if query["after"] else None
    rows = official_queue.page(
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
