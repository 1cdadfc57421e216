"""What is told of a month, made from its reports: atoms, totals, numbers in fives. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple
from uuid import UUID

from reports.figures.public.atoms import PEOPLE, ROOM, Atom, Row, partition
from reports.figures.public.margins import safe_groups
from reports.figures.public.rounding import REST, Answered, parts

#: Raise with every change of how a month is cut or rounded; a published month keeps its own.
RULES_VERSION = 1


class Source(NamedTuple):
    """One report as it is counted. `shown`: anyone may read it; `settled`: what is not shown will
    stay so (see `atoms.Row.lasts`)."""

    reporter: UUID | int
    area: int
    cell: int
    category: int
    office: int
    shown: bool
    settled: bool
    fate: str
    on_time: bool | None
    resolve_s: int | None
    ratings: int
    satisfied: int

    def row(self) -> Row:
        lasts = self.shown or self.settled
        return Row(self.reporter, self.area, self.cell, self.category, lasts)

    def answered(self) -> Answered:
        return Answered(
            self.reporter,
            self.area,
            self.category,
            self.office,
            self.fate,
            self.on_time,
            self.resolve_s,
            self.ratings,
            self.satisfied,
        )


@dataclass(frozen=True, slots=True)
class Contents:
    """Atoms of both kinds, and `told`: what they do not carry, as plain values.

    `told` is {rules, categories: {shown: {id: reports}, hidden: …}, areas, by_category, offices:
    {id: {counts, median_h}}, median_h}; id 0 is all others together. An id that is missing is not
    told: too few people, or none."""

    shown: Sequence[Atom]
    hidden: Sequence[Atom]
    told: Mapping[str, Any]


def contents_of(sources: Sequence[Source]) -> Contents:
    """Cut and round a month. What may be read by anyone and what may not are cut apart."""
    shown = partition([one.row() for one in sources if one.shown])
    hidden = partition([one.row() for one in sources if not one.shown], least=PEOPLE + ROOM)
    answered = [one.answered() for one in sources]
    areas = frozenset(atom.place.area for atom in shown if atom.place.area is not None)
    told = {
        "rules": RULES_VERSION,
        "categories": {
            "shown": _totals(shown, PEOPLE),
            "hidden": _totals(hidden, PEOPLE + ROOM),
        },
        "areas": _rounded(answered, "area", areas),
        "by_category": _rounded(answered, "category"),
        "offices": _rounded(answered, "office"),
        "median_h": next((one.median_h for one in parts(answered, _all).values()), None),
    }
    return Contents(shown, hidden, told)


def _totals(atoms: Sequence[Atom], least: int) -> dict[str, int]:
    """How many reports of each category that may be told alone; the others together under 0."""
    count = Counter(row.category for atom in atoms for row in atom.rows)
    totals: Counter[int] = Counter()
    for group in safe_groups(atoms, least=least):
        key = next(iter(group)) if len(group) == 1 else REST
        totals[key] += sum(count[category] for category in group)
    return {str(key): totals[key] for key in sorted(totals)}


def _rounded(
    answered: Iterable[Answered], name: str, told: frozenset[int] | None = None
) -> dict[str, Any]:
    found = parts(answered, lambda row: int(getattr(row, name)), told=told)
    return {str(key): asdict(found[key]) for key in sorted(found)}


def _all(row: Answered) -> int:
    return 1
