"""A month's reports cut into atoms: groups that stand for enough people, which overlap nowhere.

Whatever the public is told exactly is a sum of atoms. So the difference of any two answers is a
sum of atoms as well, and stands for nobody or for enough people. Pure.

Two kinds of reports are cut apart from each other: those that anyone may read one by one (their
number is no secret, so what remains of an atom when they are taken away must not be small), and
those that nobody may. An atom holds the one kind or the other.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple
from uuid import UUID

from reports.figures.cells import parent_of

PEOPLE = 5  # at least so many stand behind whatever is told
#: … and so many more behind what cannot be read one by one: a report that the centre takes up
#: after all, and publishes later, is then known, and those that remain are still PEOPLE.
ROOM = 2
FINEST, COARSEST = 9, 6  # resolutions of the cells of atoms


class Row(NamedTuple):
    """One report: who sent it, where (an area, a cell of resolution 10), and of what kind.

    `lasts`: it will stay on its side. What the centre has not looked at yet may be published
    tomorrow, so nobody is hidden among such reports: their people do not count."""

    reporter: UUID | int
    area: int
    cell: int
    category: int
    lasts: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """What an atom tells of its reports; None is "not told", and nothing is told by leaving out."""

    area: int | None = None
    cell: int | None = None
    category: int | None = None


@dataclass(frozen=True, slots=True)
class Atom:
    place: Place
    rows: tuple[Row, ...]


def people(rows: Iterable[Row]) -> int:
    """How many different people stand behind these reports, of those that last."""
    return len({row.reporter for row in rows if row.lasts})


def partition(rows: Sequence[Row], *, least: int = PEOPLE) -> list[Atom]:
    """The atoms of these reports; none when all together stand for fewer than `least` people.

    By area, then by cells from coarse to fine, then by category. What is cut off must stand for
    `least` people, and so must what is left; else it is not cut off. No area in an atom: it is the
    rest of the city. So areas with few reports and with none look the same."""
    if people(rows) < least:
        return []
    return list(_cut(list(rows), Place(), _LEVELS, least))


def told_apart(parts: dict[int, list[Row]], least: int) -> tuple[dict[int, list[Row]], list[Row]]:
    """The parts that may be told, and the reports of all others together.

    The others stand for nobody or for `least` people: the smallest part that could be told is kept
    among them where they would be too few (complementary suppression)."""
    order = sorted(parts, key=lambda key: (people(parts[key]), key))
    rest: list[Row] = []
    while order and (people(parts[order[0]]) < least or (rest and people(rest) < least)):
        rest += parts[order.pop(0)]
    return {key: parts[key] for key in order}, rest


class _Level(NamedTuple):
    key: Callable[[Row], int]
    told: Callable[[Place, int], Place]
    ends: bool  # what is left here is cut no further by places


def _by_cells(resolution: int) -> _Level:
    return _Level(
        lambda row: parent_of(row.cell, resolution),
        lambda place, cell: replace(place, cell=cell),
        ends=True,
    )


_CATEGORY = _Level(
    lambda row: row.category, lambda place, category: replace(place, category=category), ends=False
)
_LEVELS = (
    _Level(lambda row: row.area, lambda place, area: replace(place, area=area), ends=True),
    *map(_by_cells, range(COARSEST, FINEST + 1)),
    _CATEGORY,
)


def _cut(rows: list[Row], place: Place, levels: Sequence[_Level], least: int) -> Iterator[Atom]:
    if not levels:
        yield Atom(place, tuple(rows))
        return
    level, finer = levels[0], levels[1:]
    told, rest = told_apart(gathered(rows, level.key), least)
    for key, part in told.items():
        yield from _cut(part, level.told(place, key), finer, least)
    if rest:
        yield from _cut(rest, place, (_CATEGORY,) if level.ends else (), least)


def gathered(rows: Iterable[Row], key: Callable[[Row], int]) -> dict[int, list[Row]]:
    """Reports by what `key` says of each."""
    parts: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        parts[key(row)].append(row)
    return dict(parts)
