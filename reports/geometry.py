"""Boxes and circles on the map as SQL on `report.spot`, in Web-Mercator metres.

The conditions are made once; `box_values` and `circle_values` are what their parameters stand for.
"""

from math import cos, radians
from typing import Any

from sqlalchemy import ColumnElement, text

from reports.places import to_mercator

Box = tuple[float, float, float, float]  # west, south, east, north, in degrees

#: The GiST index hands reports out in this order.
NEAREST_FIRST = text("report.spot <-> cast(:centre as point)")


def mercator_metres(metres: float, lat: float) -> float:
    """Metres on the ground as Web-Mercator metres, which grow with the latitude."""
    return metres / cos(radians(lat))


# One parameter each, of PostgreSQL's own types: a plan that is kept then works nothing out by row.
def spot_in_box(table: str) -> ColumnElement[bool]:
    """`table` is the report's, or a subquery's by name."""
    return text(f"{table}.spot <@ cast(:box as box)")  # type: ignore[return-value]


def spot_in_circle(table: str) -> ColumnElement[bool]:
    return text(f"{table}.spot <@ cast(:circle as circle)")  # type: ignore[return-value]


WITHIN_CIRCLE = spot_in_circle("report")
#: The same where so much lies within that it is looked for in a list's order: put so that no index
#: of places can serve, and so that the planner expects to find much.
SPREAD_OVER_CIRCLE: ColumnElement[bool] = text(
    "report.spot <-> center(cast(:wide_circle as circle)) <= radius(cast(:wide_circle as circle))"
)  # type: ignore[assignment]
SPREAD_OVER_BOX: ColumnElement[bool] = text(
    "abs(report.spot[0] - (center(cast(:wide_box as box)))[0]) <= width(cast(:wide_box as box)) / 2"
    " and abs(report.spot[1] - (center(cast(:wide_box as box)))[1])"
    " <= height(cast(:wide_box as box)) / 2"
)  # type: ignore[assignment]


def box_values(west: float, south: float, east: float, north: float) -> dict[str, str]:
    left, bottom = to_mercator(south, west)
    right, top = to_mercator(north, east)
    return {"box": f"({right},{top}),({left},{bottom})"}


def circle_values(lat: float, lng: float, metres: float) -> dict[str, str]:
    x, y = to_mercator(lat, lng)
    return {"circle": f"<({x},{y}),{mercator_metres(metres, lat)}>", "centre": f"({x},{y})"}


def within_circle(lat: float, lng: float, metres: float) -> ColumnElement[bool]:
    """Reports within so many metres of a point, where a statement is made anew each time."""
    condition: Any = WITHIN_CIRCLE
    circle = circle_values(lat, lng, metres)["circle"]
    bound: ColumnElement[bool] = condition.bindparams(circle=circle)
    return bound
