"""What other clients and neighbours ask for over Open311, as requests.

Times lie before the newest report, not before now: a database is kept, and measured again later.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select

from app.database import db
from bench import wsgi
from bench.wsgi import Environ
from reports.models import Report

PATH = "/open311/v2"
SPAN = timedelta(days=89)
TWO_HOURS = timedelta(hours=2)  # as far back as FixMyStreet asks each time

Requests = dict[str, Callable[[int], Environ]]


def requests(points: Sequence[Row[UUID, float, float]]) -> Requests:
    """By name; `points` are reports that are shown."""
    last = db.session.scalars(select(func.max(Report.submitted_at))).one()
    days, until = {"start_date": _at(last - SPAN)}, {"updated_before": _at(last)}
    lately = {"updated_after": _at(last - TWO_HOURS), **until}
    quarter = {"updated_after": _at(last - SPAN), **until}
    long_ago = {"updated_after": _at(last - SPAN), "updated_before": _at(last - SPAN + TWO_HOURS)}
    page = {**days, "page_size": 100}
    asked = {
        "requests, 100 of 90 days": page,
        "requests, 1,000 of 90 days": days,
        "requests, page 500": {**page, "page": 500},
        "requests, page 1,000, past the end": {**page, "page": 1000},
        "requests, closed ones": {**page, "status": "closed"},
        "requests, changed in 2 hours": {**lately, "page_size": 100},
        "requests, changed last 90 days ago": {**long_ago, "page_size": 100},
        "requests, changed in 90 days": {**quarter, "page_size": 100},
        "requests, changed in 2 hours, by when": {**lately, "page_size": 100, "sort": "-updated"},
        "requests, changed in 90 days, by when": {**quarter, "sort": "-updated", "page_size": 100},
        "requests, by common words": {**page, "q": "ổ gà"},
        "requests, by words that nobody used": {**page, "q": "xyzzyk"},
        "requests, in a box": {**page, "bbox": _around(points)},
        "requests, 100 with extensions": {**page, "extensions": "true"},
    }
    hours = {"start_date": _at(last - TWO_HOURS), "end_date": _at(last)}
    month = {"start_date": _at(last - SPAN), "end_date": _at(last)}
    return {
        **{name: _get("requests", query) for name, query in asked.items()},
        "one request": _one(points),
        "updates of 2 hours": _get("servicerequestupdates", hours),
        "updates of 90 days, 1,000": _get("servicerequestupdates", month),
    }


def _at(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _around(points: Sequence[Row[UUID, float, float]]) -> str:
    """Some kilometres: as a desk's map shows a ward."""
    _, lat, lng = points[0]
    return f"{lng - 0.02:.5f},{lat - 0.02:.5f},{lng + 0.02:.5f},{lat + 0.02:.5f}"


def _get(name: str, query: dict[str, Any]) -> Callable[[int], Environ]:
    return lambda number: wsgi.request("GET", f"{PATH}/{name}.json", query, number=number)


def _one(points: Sequence[Row[UUID, float, float]]) -> Callable[[int], Environ]:
    def request(number: int) -> Environ:
        found = points[number % len(points)]
        return wsgi.request("GET", f"{PATH}/requests/{found.id}.json", number=number)

    return request
