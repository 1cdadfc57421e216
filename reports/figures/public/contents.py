"""What is told of a month, made from its reports: atoms, totals, what became of them. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple
from uuid import UUID

from reports.figures.public.atoms import PEOPLE, ROOM, Atom, Row, partition
from reports.figures.public.margins import safe_groups
from reports.figures.public.outcomes import (
    REST,
    Answered,
    Part,
    parts,
    rated_apart,
    whole,
    with_ratings,
)

#: Raise with every change of how a month is cut or what is told of it; a published month keeps its
#: own. Of one whose rules are older than OUTCOMES_SINCE only the groups are told: rule 1 counted
#: outcomes of all reports, in fives, and that could tell of a single one. From rule 3 on no report
#: about officials is counted.
RULES_VERSION, OUTCOMES_SINCE = 3, 2


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
            self.shown,
            self.row().lasts,
        )


@dataclass(frozen=True, slots=True)
class Contents:
    """Atoms of both kinds, and `told`: what they do not carry, as plain values.

    `told` is {rules, categories: {shown: {id: reports}, hidden: …}, areas, by_category, offices:
    {id: {counts, median_h}}, all: {counts, median_h} or None}; id 0 is all others together. What
    is missing, an id or a count, is not told: too few people, or none."""

    shown: Sequence[Atom]
    hidden: Sequence[Atom]
    told: Mapping[str, Any]


def contents_of(sources: Sequence[Source]) -> Contents:
    """Cut a month. What may be read by anyone and what may not are cut apart."""
    shown = partition([one.row() for one in sources if one.shown])
    hidden = partition([one.row() for one in sources if not one.shown], least=PEOPLE + ROOM)
    answered = [one.answered() for one in sources]
    areas = frozenset(atom.place.area for atom in shown if atom.place.area is not None)
    in_areas = parts(answered, lambda row: row.area, told=areas)
    ratings = rated_apart(answered, areas)
    told = {
        "rules": RULES_VERSION,
        "categories": {
            "shown": _totals(shown, PEOPLE),
            "hidden": _totals(hidden, PEOPLE + ROOM),
        },
        "areas": _plain(with_ratings(in_areas, ratings)),
        "by_category": _plain(parts(answered, lambda row: row.category)),
        "offices": _plain(parts(answered, lambda row: row.office)),
        "all": asdict(whole(answered, ratings)) if in_areas else None,
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


def _plain(told: Mapping[int, Part]) -> dict[str, Any]:
    return {str(key): asdict(told[key]) for key in sorted(told)}
