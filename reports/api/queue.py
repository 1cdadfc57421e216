"""The officials' queue: what is mine, whoever must act soonest first."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response, stream_with_context

from app import pagination
from app.auth.guards import current, needs_scope, requires
from app.auth.scopes import Scope
from app.clock import now
from app.database import db
from app.http import json_answer
from app.limits import by_account, limit
from app.locale import current_locale
from app.openapi import Blueprint
from reports import asking, official_queue
from reports.api import schemas
from reports.cards import cards
from reports.city import snapshot
from reports.deadlines import is_overdue
from reports.feeds import exports, tables, turns
from reports.feeds.addresses import base_url
from reports.permissions import Permission, viewer_of
from reports.queue_in import QueueIn

blueprint = Blueprint("queue", __name__, url_prefix="/api/v1", description="Officials' work")


@blueprint.get("/queue")
@requires(Permission.QUEUE)
@needs_scope(Scope.OFFICES_READ)
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
        item["overdue"] = is_overdue(row.status, row.act_by, at)
    return json_answer(pagination.page(items, following), headers=pagination.page_links(following))


@blueprint.get("/queue.csv")
@requires(Permission.QUEUE)
@needs_scope(Scope.OFFICES_READ)
@limit("60 per hour", by=by_account)
@blueprint.arguments(QueueIn(exclude=("limit", "after", "sort")), location="query")
@blueprint.response(200, content_type="text/csv")
@blueprint.problems(403)
def read_queue_csv(query: dict[str, Any]) -> Response:
    """The whole queue as CSV, the newest first, however long; that it was taken is recorded."""
    at, city, locale = now(), snapshot.current(), current_locale()
    filters = asking.queue_filters(query, city, me=current().account_id, at=at)
    named = [name for name, value in query.items() if value is not None]
    viewer = viewer_of(current(), at)

    def answer() -> Response:
        pages = exports.begin(viewer, filters, named=named, centre_id=city.centre.id)
        db.session.commit()
        rows = tables.queue_csv(pages, city, locale, base_url(), at=at)
        response = Response(stream_with_context(rows), content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = 'attachment; filename="xom-queue.csv"'
        return response

    return turns.for_officials(answer)
