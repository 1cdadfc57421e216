"""What is told in fives: how many were answered, in time, rated well. Such numbers are of parts of
an atom, and the other part may be one person's; a multiple of five leaves room for that.

Each number is rounded once, for one of the parts below, and of several months what was rounded is
added. So a number told leaves five true ones possible; beside the total of all parts, three at
least (`whole`). Pure.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median_low
from typing import NamedTuple
from uuid import UUID

from reports.figures.public.atoms import PEOPLE

STEP = 5
HALF = STEP // 2
FOR_MEDIAN = 10  # people who were answered; fewer have no median
REST = 0  # all that are too small to be told by themselves


class Answered(NamedTuple):
    """What became of one report, as `report_fact` has it; times in working seconds."""

    reporter: UUID | int
    area: int
    category: int
    office: int
    fate: str
    on_time: bool | None
    resolve_s: int | None
    ratings: int
    satisfied: int


#: Each is a count of reports (ratings: of ratings).
COUNTS: Mapping[str, Callable[[Answered], int]] = {
    "open": lambda row: row.fate == "open",
    "resolved": lambda row: row.fate == "resolved",
    "rejected": lambda row: row.fate == "rejected",
    "timed": lambda row: row.on_time is not None,
    "on_time": lambda row: bool(row.on_time),
    "ratings": lambda row: row.ratings,
    "satisfied": lambda row: row.satisfied,
}


@dataclass(frozen=True, slots=True)
class Part:
    """All reports of an area, a category or an office: counts in fives, a median in whole hours."""

    counts: dict[str, int]
    median_h: int | None


def in_fives(number: int) -> int:
    """The nearest multiple of five: 0 stands for up to two."""
    return (number + HALF) // STEP * STEP


def parts(
    rows: Iterable[Answered], key: Callable[[Answered], int], *, told: frozenset[int] | None = None
) -> dict[int, Part]:
    """By `key`, those that stand for PEOPLE (and are `told`, where that is given); the others under
    REST, if they do so together."""
    groups: dict[int, list[Answered]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    few = [
        one
        for one in groups
        if _people(groups[one]) < PEOPLE or (told is not None and one not in told)
    ]
    rest = [row for one in few for row in groups.pop(one)]
    if _people(rest) >= PEOPLE:
        groups[REST] = rest
    return {one: _part(group) for one, group in groups.items()}


def whole(rows: Sequence[Answered], told: Iterable[Part]) -> Part:
    """All reports together, beside the parts of them that are told.

    Each number is rounded by itself, since the sum of many roundings may be far off. But where it
    would narrow a part's number down to fewer than three (four parts told as 0, all as 10: each is
    2), the sum of the parts is told."""
    parts_told, part = list(told), _part(list(rows))
    for name, number in part.counts.items():
        numbers = [one.counts[name] for one in parts_told]
        if not leaves_room(number, numbers):
            part.counts[name] = sum(numbers)
    return part


def leaves_room(total: int, numbers: Sequence[int]) -> bool:
    """Beside a total in fives, could each of these still be one of three numbers?"""
    most = sum(number + HALF for number in numbers)
    least = sum(max(0, number - HALF) for number in numbers)
    return most - (total - HALF) >= HALF and (total + HALF) - least >= HALF


def _part(rows: list[Answered]) -> Part:
    counts = {"received": in_fives(len(rows))}
    counts |= {name: in_fives(sum(map(of, rows))) for name, of in COUNTS.items()}
    return Part(counts, _median_hours(rows))


def _median_hours(rows: list[Answered]) -> int | None:
    answered = [row for row in rows if row.resolve_s is not None]
    if _people(answered) < FOR_MEDIAN:
        return None
    middle = median_low(row.resolve_s for row in answered if row.resolve_s is not None)
    return round(middle / 3600)


def _people(rows: Iterable[Answered]) -> int:
    return len({row.reporter for row in rows})
