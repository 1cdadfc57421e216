"""What feed readers, map programs and spreadsheets ask for by addresses that they keep.

Days lie before the newest report, not before now: a database is kept, and measured again later.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select

from app.database import db
from bench import wsgi
from bench.wsgi import Environ
from reports.models import Report

ATOM, CSV, GEOJSON = (f"/feeds/reports.{ending}" for ending in ("atom", "csv", "geojson"))
ITEMS = "/ogc/collections/reports/items"


def requests(
    points: Sequence[Row[UUID, float, float]], ward: str, ward_box: str, city_box: str
) -> dict[str, Callable[[int], Environ]]:
    """By name; `points` are reports that are shown."""
    newest = db.session.scalars(select(func.max(Report.submitted_at))).one()
    day = (newest - timedelta(days=1)).date()
    week = {"from": f"{day - timedelta(days=6)}", "to": f"{day + timedelta(days=1)}"}
    _, lat, lng = points[0]
    return {
        "Atom, the city": _get(ATOM, {}),
        "Atom, a ward": _get(ATOM, {"area": ward}),
        "Atom, a rare category": _get(ATOM, {"category": "giao-duc"}),
        "Atom, around a point": _get(ATOM, {"near": f"{lat},{lng}", "radius": 1000}),
        "OGC, the newest 1,000": _get(ITEMS, {"limit": 1000}),
        "OGC, 100 in a ward's box": _get(ITEMS, {"bbox": ward_box}),
        "OGC, 1,000 in a ward's box": _get(ITEMS, {"bbox": ward_box, "limit": 1000}),
        "OGC, 1,000 in the city's box": _get(ITEMS, {"bbox": city_box, "limit": 1000}),
        "OGC, a street's box": _street(points),
        "CSV of a week": _get(CSV, week),
        "GeoJSON of a week": _get(GEOJSON, week),
    }


def _get(path: str, query: dict[str, Any]) -> Callable[[int], Environ]:
    return lambda number: wsgi.request("GET", path, query, number=number)


def _street(points: Sequence[Row[UUID, float, float]]) -> Callable[[int], Environ]:
    """Some 600 metres around a report."""

    def request(number: int) -> Environ:
        _, lat, lng = points[number % len(points)]
        box = f"{lng - 0.003:.5f},{lat - 0.003:.5f},{lng + 0.003:.5f},{lat + 0.003:.5f}"
        return wsgi.request("GET", ITEMS, {"bbox": box}, number=number)

    return request
