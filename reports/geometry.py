"""Boxes and circles on the map as SQL conditions on `report.spot`, in Web-Mercator metres."""

from math import cos, radians

from sqlalchemy import ColumnElement, text

from reports.places import to_mercator


def mercator_metres(metres: float, lat: float) -> float:
    """Metres on the ground as Web-Mercator metres, which grow with the latitude."""
    return metres / cos(radians(lat))


def within_circle(lat: float, lng: float, metres: float) -> ColumnElement[bool]:
    """Reports within so many metres of a point; the GiST index answers it."""
    x, y = to_mercator(lat, lng)
    return text("report.spot <@ circle(point(:x, :y), :r)").bindparams(
        x=x, y=y, r=mercator_metres(metres, lat)
    )  # type: ignore[return-value]


def within_box(west: float, south: float, east: float, north: float) -> ColumnElement[bool]:
    """Reports within a box given in degrees."""
    left, bottom = to_mercator(south, west)
    right, top = to_mercator(north, east)
    return text("report.spot <@ box(point(:l, :b), point(:r, :t))").bindparams(
        l=left, b=bottom, r=right, t=top
    )  # type: ignore[return-value]
