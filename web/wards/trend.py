"""Months in a row: a small line of reports received, and the rows beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from web.wards.reading import Figures

WIDTH, HEIGHT = 320, 72
ROOM, BELOW = 8, 8
LEAST = 3  # months; two points are no line


@dataclass(frozen=True, slots=True)
class Row:
    first: date
    figures: Figures


@dataclass(frozen=True, slots=True)
class Trend:
    """`path` is SVG's `d`, empty where there is no line to draw; `last` its last point. Newest row
    first."""

    rows: list[Row]
    path: str
    last: tuple[float, float] | None


def of(history: Sequence[Figures]) -> Trend:
    """Of months, oldest first."""
    rows = [Row(date.fromisoformat(one.code), one) for one in history]
    points = _points([one.received for one in history])
    known = [point for point in points if point]
    path = _path(points) if len(known) >= LEAST else ""
    return Trend(rows[::-1], path, known[-1] if path else None)


def _points(values: Sequence[int | None]) -> list[tuple[float, float] | None]:
    """From nothing upwards: a line that began at its lowest month would make much of little."""
    high = max((one for one in values if one), default=1)
    across = (WIDTH - 2 * ROOM) / max(1, len(values) - 1)
    upright = (HEIGHT - ROOM - BELOW) / high
    return [
        None
        if one is None
        else (round(ROOM + n * across, 1), round(HEIGHT - BELOW - one * upright, 1))
        for n, one in enumerate(values)
    ]


def _path(points: Sequence[tuple[float, float] | None]) -> str:
    """A month that is not told is a gap."""
    parts, pen = [], "M"
    for point in points:
        if point is None:
            pen = "M"
            continue
        parts.append(f"{pen}{point[0]} {point[1]}")
        pen = "L"
    return "".join(parts)
