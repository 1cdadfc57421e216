"""The queue: what is mine to see, whoever must act soonest first, narrowed as the address says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Response, request
from sqlalchemy import select

from app import pagination
from app.auth.guards import current, requires, signed_in
from app.auth.models import Account
from app.clock import now
from app.database import reading
from app.http import conditional, etag_for, json_answer
from app.locale import current_locale
from reports import asking, official_queue, spoken
from reports.cards import Plain, cards
from reports.city import snapshot
from reports.city.snapshot import City
from reports.deadlines import is_overdue
from reports.feeds import calendar_links
from reports.filters import Filters
from reports.pages import Rows
from reports.permissions import Permission
from reports.queue_in import QueueIn
from reports.statuses import OPEN, Status
from web.console import filter_form, mapping, table
from web.console.blueprint import blueprint
from web.console.drawing import me, page, part, target
from web.console.filter_words import Bound, bounds_of, without
from web.console.myself import official
from web.console.places import address_of, counts_for

ROWS = 40  # a page of the list
_SEEN_ANYWAY = frozenset({"q", "sort", "radius"})  # in the field, above the list, with the point
_NOT_A_FILTER = frozenset({"after", "lang", "step", "said"})


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the queue as it is drawn."""

    rows: list[Plain]
    length: int  # of the whole list, as far as `most` + 1
    most: int
    #: False where counting is dear: then the page tells that there is more, and asks for it after.
    newest: bool  # first; else whoever must act soonest
    counted: bool
    following: str | None  # the address of the next page
    query: dict[str, str]  # the filters as the address has them
    address: str  # the same, to be added to a report's, so that its list stays beside it


@blueprint.get("/queue")
@requires(Permission.QUEUE)
def queue() -> Response:
    """The list, with room for a report beside it."""
    listed = the_list()
    if target() in {"rows", "rows-more"}:
        response = part("console/rows.html", listed=listed, report=None)
        return conditional(response, etag_for(1, response.get_data()))
    if request.args.get("view") == "table":
        return page("console/table.html", listed=listed, **table.facts(), **choices())
    drawn = _map_of(listed) if request.args.get("view") == "map" else None
    return page("console/queue.html", listed=listed, report=None, list_map=drawn, **choices())


@blueprint.get("/queue/length")
@requires(Permission.QUEUE)
def length() -> Response:
    """How long the list is, where the page did not wait for it."""
    filters = _filters(QueueIn().load(asked()))
    found = official_queue.length(me(), filters, centre_id=snapshot.current().centre.id)
    return part("console/length.html", length=found, most=official_queue.MOST_COUNTED)


@blueprint.get("/counts")
@signed_in
def counts() -> Response:
    """How long each list at the side is; asked again every half minute, seldom told anew."""
    official()
    response = json_answer(counts_for(me()))
    return conditional(response, etag_for(1, response.get_data()))


def the_list() -> Listed:
    """The page of the queue that this request's address asks for."""
    given = asked()
    viewer, city, at = me(), snapshot.current(), now()
    query: dict[str, Any] = QueueIn().load(given | {"limit": ROWS})
    filters = _filters(query)
    # What has ended has no next deadline to stand by.
    newest = query["sort"] == "newest" or not filters.open_alone
    after = pagination.decode_cursor(query["after"], datetime, UUID) if query["after"] else None
    rows = official_queue.page(
        viewer,
        filters,
        centre_id=city.centre.id,
        limit=ROWS,
        after=after,
        newest_first=newest,
    )
    kept = {name: text for name, text in given.items() if name not in _NOT_A_FILTER}
    if kept.get("status") == "open":
        del kept["status"]  # as it is anyway
    following = None
    if len(rows) > ROWS:
        last = rows[ROWS - 1]
        cursor = pagination.encode_cursor(last.submitted_at if newest else last.act_by, last.id)
        following = address_of("console.queue", kept | _looks(), after=cursor)
    on_one_page = not after and not following
    counted = on_one_page or filters.are_cheap_to_count
    length, most = (len(rows) if on_one_page else ROWS + 1), ROWS
    if counted and not on_one_page:
        length = official_queue.length(viewer, filters, centre_id=city.centre.id)
        most = official_queue.MOST_COUNTED
    return Listed(
        rows=drawn_rows(rows[:ROWS], city, at),
        length=length,
        most=most,
        counted=counted,
        newest=newest,
        following=following,
        query=kept,
        address=f"?{urlencode(kept)}" if kept else "",
    )


def _filters(query: Mapping[str, Any]) -> Filters:
    return asking.queue_filters(query, snapshot.current(), me=current().account_id, at=now())


def _map_of(listed: Listed) -> dict[str, Any] | None:
    """Where the rows of this page lie; None for an empty list."""
    if not listed.rows:
        return None
    spots = [(row["lat"], row["lng"]) for row in listed.rows]
    drawn, points = mapping.of_points(snapshot.current(), spots, current_locale())
    return {"map": drawn, "points": list(zip(listed.rows, points, strict=True))}


def asked() -> dict[str, str]:
    """The filters of this request's address; a form sends those left empty too."""
    known = QueueIn().fields
    return {
        name: text.strip()
        for name, text in request.args.items()
        if name in known and name != "limit" and text.strip()
    }


def _looks() -> dict[str, Any]:
    """How the list is looked at, to go on so on its next page."""
    if request.args.get("view") != "table":
        return {}
    return {"view": "table", "cols": request.args.getlist("cols")}


def drawn_rows(rows: Rows, city: City, at: datetime) -> list[Plain]:
    """Cards with what a list of work says besides: whose, and how much time is left."""
    told = cards(rows, city, current_locale(), inside=True)
    names = _names({row.assignee_id for row in rows if row.assignee_id})
    return [
        card | time_left(row, city, at) | {"assignee": names.get(row.assignee_id)}
        for card, row in zip(told, rows, strict=True)
    ]


def time_left(row: Any, city: City, at: datetime) -> Plain:
    """The time that is left in words, and whether it is over."""
    if row.status not in OPEN or row.status == Status.WAITING:
        return {"left": None, "late": False}
    # The centre's own clock goes by working time, however urgent the report is.
    urgent = bool(row.urgent and row.due_at)
    words = spoken.time_left(city.calendar, row.act_by, at, current_locale(), urgent=urgent)
    return {"left": words, "late": is_overdue(row.status, row.act_by, at)}


def choices() -> Mapping[str, Any]:
    """What the list offers besides its rows."""
    viewer = me()
    return {
        "filter_fields": lambda query: filter_form.fields(viewer, query),
        "look_url": lambda query, view: address_of("console.queue", query, view=view),
        "bounds": _bounds,
        "has_calendar": bool(calendar_links.offices_for(viewer)),
    }


def _bounds(query: Mapping[str, str]) -> list[tuple[Bound, str]]:
    """What the list is narrowed by besides its words, each with the list's address without it."""
    told = [one for one in bounds_of(query) if one.name not in _SEEN_ANYWAY]
    return [(one, address_of("console.queue", without(query, one.name) | _looks())) for one in told]


def _names(accounts: set[UUID]) -> dict[UUID, str]:
    """Officials act by name, towards each other."""
    if not accounts:
        return {}
    with reading() as connection:
        found = connection.execute(select(Account.id, Account.name).where(Account.id.in_(accounts)))
        return {account_id: name or "" for account_id, name in found}
