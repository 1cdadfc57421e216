"""Small lines over months as drawings: no script, no outside service, and they print."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, ROOM = 100, 36, 3
LARGE = (520, 170)
MARGINS = (56, 12, 30, 26)  # left, right, top, bottom of the large one


@dataclass(frozen=True, slots=True)
class Drawn:
    """A line as SVG's `d`, its points, and where what is marked stands (x, words)."""

    path: str
    points: list[tuple[float, float]]
    marks: list[tuple[float, str]]


@dataclass(frozen=True, slots=True)
class Scale:
    """The value of each line across, with its height in the drawing."""

    ticks: list[tuple[float, float]]


def small(values: Sequence[float | None], marks: Sequence[tuple[int, str]] = ()) -> Drawn:
    known = [one for one in values if one is not None]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    return _drawn(values, marks, low, high, (WIDTH, HEIGHT), (ROOM, ROOM, ROOM, ROOM))


def large(
    values: Sequence[float | None], marks: Sequence[tuple[int, str]], *, whole: float | None = None
) -> tuple[Drawn, Scale]:
    """From nothing up to a round number above the highest; `whole` where that is known, as 1."""
    known = [one for one in values if one is not None]
    high = whole or _round_above(max(known, default=0.0))
    drawn = _drawn(values, marks, 0.0, high, LARGE, MARGINS)
    left_free = LARGE[1] - MARGINS[2] - MARGINS[3]
    ticks = [(high * n / 2, round(MARGINS[2] + left_free * (1 - n / 2), 1)) for n in range(3)]
    return drawn, Scale(ticks)


def _drawn(
    values: Sequence[float | None],
    marks: Sequence[tuple[int, str]],
    low: float,
    high: float,
    size: tuple[int, int],
    margins: tuple[int, int, int, int],
) -> Drawn:
    left, right, top, bottom = margins
    across = (size[0] - left - right) / max(1, len(values) - 1)
    upright = (size[1] - top - bottom) / ((high - low) or 1)
    flat = (size[1] - top - bottom) / 2 if high == low else 0.0
    spots: list[tuple[float, float] | None] = [
        None
        if one is None
        else (
            round(left + n * across, 1),
            round(size[1] - bottom - flat - (one - low) * upright, 1),
        )
        for n, one in enumerate(values)
    ]
    placed = [(round(left + n * across, 1), words) for n, words in marks]
    return Drawn(_path(spots), [spot for spot in spots if spot], placed)


def _path(spots: Sequence[tuple[float, float] | None]) -> str:
    """Where nothing is known the line has a gap."""
    parts, pen = [], "M"
    for spot in spots:
        if spot is None:
            pen = "M"
            continue
        parts.append(f"{pen}{spot[0]} {spot[1]}")
        pen = "L"
    return "".join(parts)


def _round_above(value: float) -> float:
    power = 1.0
    while value > power * 10:
        power *= 10
    while value and value <= power:
        power /= 10
    return next((n * power for n in (1, 2, 4, 6, 8, 10) if n * power >= value), 10 * power)


def places(count: int) -> list[float]:
    """Where each of so many values stands, across the large drawing."""
    across = (LARGE[0] - MARGINS[0] - MARGINS[1]) / max(1, count - 1)
    return [round(MARGINS[0] + n * across, 1) for n in range(count)]
