"""Where the names of wards stand on a drawing, so that each can be read: the largest ward first. A
name that would stand over another one, over a point or over the edge moves a little, or is left
out.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

LETTER = 0.6  # of a letter's height is its width, on the average
LINE = 1.25
ROOM = 6  # units around a name
#: How a name may move, the shortest way first: in its own width, and in lines.
MOVES = sorted(
    ((aside, lines) for lines in range(-4, 5) for aside in (0, 0.25, -0.25, 0.5, -0.5)),
    key=lambda move: abs(move[0]) * 6 + abs(move[1]),
)
SPILL = 1.6  # a name may be wider than its ward, so many times


@dataclass(frozen=True, slots=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """A name, a point within what is seen of its ward, and how much that is."""

    name: str
    x: float
    y: float
    seen: Box
    holds: Callable[[float, float], bool]  # is this place within what is seen?


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a name's middle is, on its line; `wide`: there is room for it on wide screens alone."""

    x: float
    y: float
    wide: bool


def place(
    wanted: Sequence[Wanted],
    *,
    taken: Sequence[Box],
    points: Sequence[Box] = (),
    letters: tuple[int, int],
    width: int,
    height: int,
) -> list[Placed | None]:
    """A place for each name, or none. `taken` is kept free; `points` where that can be. `letters`:
    their height on a wide screen, and on a phone, where the drawing is smaller."""
    frame = Box(0, 0, width, height)
    order = sorted(range(len(wanted)), key=lambda n: -_area(wanted[n].seen))
    found: dict[int, Placed] = {}
    for size, wide in ((letters[1], False), (letters[0], True)):
        kept = [*taken, *(_box(wanted[n].name, one.x, one.y, size) for n, one in found.items())]
        for n in order:
            if n in found or (spot := _free(wanted[n], size, frame, kept, points)) is None:
                continue
            found[n] = Placed(*spot, wide)
            kept.append(_box(wanted[n].name, *spot, size))
    return [found.get(n) for n in range(len(wanted))]


def _free(
    one: Wanted, size: float, frame: Box, kept: Sequence[Box], points: Sequence[Box]
) -> tuple[float, float] | None:
    """The first of its places that is free of points too, else the one with the fewest on it."""
    found: dict[tuple[float, float], int] = {}
    for spot in _spots(one, size, frame, kept):
        found[spot] = sum(point.meets(_box(one.name, *spot, size)) for point in points)
        if not found[spot]:
            break
    return min(found, key=found.__getitem__, default=None)


def _spots(
    one: Wanted, size: float, frame: Box, kept: Sequence[Box]
) -> Iterator[tuple[float, float]]:
    long = len(one.name) * size * LETTER
    if long > (one.seen.right - one.seen.left) * SPILL:
        return
    for aside, lines in MOVES:
        x = min(max(one.x + aside * long, long / 2 + ROOM), frame.right - long / 2 - ROOM)
        y = one.y + lines * size * LINE
        box = _box(one.name, x, y, size)
        within = frame.top <= box.top and box.bottom <= frame.bottom
        if within and not _met(box, kept) and one.holds(x, y):
            yield round(x, 1), round(y, 1)


def _met(box: Box, others: Sequence[Box]) -> bool:
    return any(box.meets(other) for other in others)


def _box(name: str, x: float, y: float, size: float) -> Box:
    """Of a name whose line is at `y`: what hangs below it is a quarter of a line."""
    half = len(name) * size * LETTER / 2 + ROOM
    return Box(x - half, y - size - ROOM / 2, x + half, y + size * 0.25 + ROOM / 2)


def _area(box: Box) -> float:
    return (box.right - box.left) * (box.bottom - box.top)
