"""The city's total of each category, beside the atoms: a second cut through the same reports.

Two cuts together can tell more than each: all of a category, less the atoms that hold nothing
else, is what lies in the others, and that may be one person's. So categories are told together
until no sum and difference of both cuts stands for few people.

That this suffices: let D be a set of reports whose number follows from both cuts by adding and
taking away. Each report lies in one atom t and in one group k of categories, so whether it is in D
is a(t) + b(k), for some numbers a and b. Within what hangs together these differ by whole numbers;
so D falls into layers, each of which is a union of atoms less a union S of groups that lies
wholly within it: the atoms that S touches, without S (`_beside`), and perhaps whole atoms more.
Each layer is disjoint from the others. It is enough then that `_beside(S)` is never small, for
any S. It can be small only when S holds, of each atom that it touches, every group that has many
people there; such S are unions of the `_closures`, which are few. Pure.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from reports.figures.public.atoms import PEOPLE, Atom, Row, people, told_apart

Group = frozenset[int]  # categories that are told as one
MOST_UNIONS = 2_000  # beyond it, groups are joined rather than all unions looked through


def safe_groups(atoms: Sequence[Atom], *, least: int = PEOPLE) -> list[Group]:
    """The finest groups of categories found whose totals may be told beside these atoms."""
    by_category: dict[int, list[Row]] = defaultdict(list)
    for atom in atoms:
        for row in atom.rows:
            by_category[row.category].append(row)
    told, rest = told_apart(by_category, least)
    groups = [frozenset({category}) for category in told]
    groups += [frozenset(row.category for row in rest)] if rest else []
    while (pair := _unsafe(groups, atoms, least)) is not None:
        groups = [group for group in groups if group not in pair] + [pair[0] | pair[1]]
    return sorted(groups, key=sorted)


def _unsafe(
    groups: Sequence[Group], atoms: Sequence[Atom], least: int
) -> tuple[Group, Group] | None:
    """Two groups that must be told as one; None when all is safe."""
    table = _table(groups, atoms)
    unions = _unions(_closures(groups, table, least))
    if unions is None:
        first, second = sorted(groups, key=lambda group: _size(group, table))[:2]
        return first, second
    for union in unions:
        beside = _beside(union, table)
        if beside and people(row for rows in beside.values() for row in rows) < least:
            inner = {group for group in union if any(_meet(group, one, table) for one in beside)}
            pairs = ((one, other) for one in inner for other in beside)
            return min(pairs, key=lambda pair: tuple(_size(one, table) for one in pair))
    return None


_Table = Sequence[Mapping[Group, list[Row]]]  # one atom after the other: its reports by group


def _table(groups: Sequence[Group], atoms: Sequence[Atom]) -> _Table:
    group_of = {category: group for group in groups for category in group}
    table = []
    for atom in atoms:
        cells: dict[Group, list[Row]] = defaultdict(list)
        for row in atom.rows:
            cells[group_of[row.category]].append(row)
        table.append(dict(cells))
    return table


def _beside(union: frozenset[Group], table: _Table) -> dict[Group, list[Row]]:
    """What lies in the atoms that these groups touch, and is none of theirs; by group."""
    beside: dict[Group, list[Row]] = defaultdict(list)
    for cells in table:
        if not union.isdisjoint(cells):
            for group, rows in cells.items():
                if group not in union:
                    beside[group] += rows
    return beside


def _closures(groups: Iterable[Group], table: _Table, least: int) -> set[frozenset[Group]]:
    """For each group, the smallest set with it whose neighbourhood hides nobody in a crowd: with a
    group, all that have `least` people in an atom that it touches."""
    pulls: dict[Group, set[Group]] = {group: {group} for group in groups}
    for cells in table:
        crowds = {group for group, rows in cells.items() if people(rows) >= least}
        for group in cells:
            pulls[group] |= crowds
    return {_reached(group, pulls) for group in groups}


def _reached(start: Group, pulls: Mapping[Group, set[Group]]) -> frozenset[Group]:
    seen, edge = {start}, {start}
    while edge:
        edge = {other for one in edge for other in pulls[one]} - seen
        seen |= edge
    return frozenset(seen)


def _unions(closures: Iterable[frozenset[Group]]) -> set[frozenset[Group]] | None:
    """All unions; None when they are too many to look through."""
    unions: set[frozenset[Group]] = set()
    for closure in sorted(closures, key=lambda one: (len(one), sorted(map(sorted, one)))):
        unions |= {closure} | {union | closure for union in unions}
        if len(unions) > MOST_UNIONS:
            return None
    return unions


def _meet(one: Group, other: Group, table: _Table) -> bool:
    return any(one in cells and other in cells for cells in table)


def _size(group: Group, table: _Table) -> tuple[int, list[int]]:
    return people(row for cells in table for row in cells.get(group, ())), sorted(group)
