"""What became of a month's reports, as far as anyone is told.

Whoever takes the reports that anyone may read, one by one, from a number holds what nobody may
read. No rounding helps: a number in fives, or one drawn to either side of it, leaves a bounded
range, and the ranges of two parts with the same hidden report may meet in one. So outcomes are
counted of public reports alone: such a number is known to whoever counts them, and tells nothing
else. Of what nobody can count, two things are told all the same, each in one partition and no
more:

- ratings, by area: in each part enough people rated and enough did not (`rated_apart`); how many
  were satisfied in fives. The city's number is the sum of its parts', and narrows none down.
- how many were refused, of the whole city and in tens (`refused`): one number with ten true values.

Pure.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median_low
from typing import NamedTuple
from uuid import UUID

from reports.figures.public.atoms import PEOPLE, ROOM

STEP, TEN = 5, 10
HALF = STEP // 2
FOR_MEDIAN = 10  # people who were answered; fewer have no median
REST = 0  # all that are too small to be told by themselves


class Answered(NamedTuple):
    """What became of one report, as `report_fact` has it; times in working seconds. `lasts` as in
    `atoms.Row`, `shown`: anyone may read it."""

    reporter: UUID | int
    area: int
    category: int
    office: int
    fate: str
    on_time: bool | None
    resolve_s: int | None
    ratings: int
    satisfied: int
    shown: bool = True
    lasts: bool = True


#: Each is a count of public reports, and exact.
COUNTS: Mapping[str, Callable[[Answered], bool]] = {
    "published": lambda row: row.shown,
    "open": lambda row: row.fate == "open",
    "resolved": lambda row: row.fate == "resolved",
    "timed": lambda row: row.on_time is not None,
    "on_time": lambda row: bool(row.on_time),
}
#: What else a part may have: `rejected` (about, all reports), `ratings`, `satisfied` (about).
ROUNDED = ("rejected", "satisfied")


@dataclass(frozen=True, slots=True)
class Part:
    """The public reports of an area, a category, an office or all: counts by name, those that are
    told; a median in whole hours."""

    counts: dict[str, int]
    median_h: int | None


def in_fives(number: int) -> int:
    """The nearest multiple of five: 0 stands for up to two."""
    return (number + HALF) // STEP * STEP


def parts(
    rows: Iterable[Answered], key: Callable[[Answered], int], *, told: frozenset[int] | None = None
) -> dict[int, Part]:
    """Public reports by `key`, where they are PEOPLE's (and `told`, where that is given); the
    others under REST, if they are so together."""
    groups = _by((row for row in rows if row.shown), key)
    few = [
        one
        for one in groups
        if _people(groups[one]) < PEOPLE or (told is not None and one not in told)
    ]
    rest = [row for one in few for row in groups.pop(one)]
    if _people(rest) >= PEOPLE:
        groups[REST] = rest
    return {one: _part(group) for one, group in groups.items()}


def with_ratings(
    told: Mapping[int, Part], ratings: Mapping[int, dict[str, int]]
) -> dict[int, Part]:
    """Parts by area, each with its ratings where these are told. Those of the rest of the city are
    in `whole` alone: it is another rest than that of reports."""
    return {
        key: replace(part, counts=part.counts | (ratings.get(key, {}) if key != REST else {}))
        for key, part in told.items()
    }


def whole(rows: Sequence[Answered], ratings: Mapping[int, dict[str, int]]) -> Part:
    """All reports together: the public ones, the sum of the ratings, and how many were refused."""
    part = _part([row for row in rows if row.shown])
    for one in ratings.values():
        for name, count in one.items():
            part.counts[name] = part.counts.get(name, 0) + count
    if (about := refused(rows)) is not None:
        part.counts["rejected"] = about
    return part


def rated_apart(rows: Iterable[Answered], areas: Iterable[int]) -> dict[int, dict[str, int]]:
    """Ratings of public reports in these areas, and in all others under REST: {area: {ratings,
    satisfied}}. In each part PEOPLE were rated by and PEOPLE were not; an area that has too few of
    either is put to the rest, and the smallest others with it, until the rest has enough too."""
    alone = frozenset(areas)
    groups = _by(
        (row for row in rows if row.shown), lambda row: row.area if row.area in alone else REST
    )
    rest = [row for key in [*groups] if key == REST or not _mixed(groups[key])
            for row in groups.pop(key)]  # fmt: skip
    for key in sorted(groups, key=lambda key: (_people(groups[key]), key)):
        if not any(row.ratings for row in rest) or _mixed(rest):
            break
        rest += groups.pop(key)
    if _mixed(rest):
        groups[REST] = rest
    return {key: _ratings(group) for key, group in groups.items()}


def refused(rows: Iterable[Answered]) -> int | None:
    """How many were refused, public or not, in tens; None where it is not told.

    Of the refused that nobody may read, ten true numbers stay possible, from ten on; and of what
    nobody may read and was not refused, PEOPLE and ROOM are left, whichever is true."""
    every = list(rows)
    hidden = [row for row in every if not row.shown]
    known = sum(row.fate == "rejected" for row in every if row.shown)
    mine = [row for row in hidden if row.fate == "rejected"]
    told = (len(mine) + known + TEN // 2) // TEN * TEN
    least, most = told - TEN // 2 - known, told + TEN // 2 - 1 - known
    others = [row for row in hidden if row.fate != "rejected"]
    enough = all(_people(some) >= PEOPLE + ROOM for some in (mine, others))
    return told if enough and least >= TEN and len(hidden) - most >= PEOPLE + ROOM else None


def _mixed(rows: Iterable[Answered]) -> bool:
    """Were enough people's reports rated here, and enough people's not?"""
    sides = _by(rows, lambda row: int(row.ratings > 0))
    return all(_people(sides.get(side, ())) >= PEOPLE for side in (0, 1))


def _ratings(rows: Sequence[Answered]) -> dict[str, int]:
    satisfied = sum(row.satisfied for row in rows)
    return {"ratings": sum(row.ratings for row in rows), "satisfied": in_fives(satisfied)}


def _part(rows: Sequence[Answered]) -> Part:
    return Part({name: sum(map(of, rows)) for name, of in COUNTS.items()}, _median_hours(rows))


def _median_hours(rows: Iterable[Answered]) -> int | None:
    answered = [row for row in rows if row.resolve_s is not None]
    if _people(answered) < FOR_MEDIAN:
        return None
    middle = median_low(row.resolve_s for row in answered if row.resolve_s is not None)
    return round(middle / 3600)


def _by(rows: Iterable[Answered], key: Callable[[Answered], int]) -> dict[int, list[Answered]]:
    groups: dict[int, list[Answered]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return dict(groups)


def _people(rows: Iterable[Answered]) -> int:
    """Different people behind these, of those that last."""
    return len({row.reporter for row in rows if row.lasts})
