"""What anyone is told: hexagons, and figures by area, category, office and month.

Every number is a sum of what was published of whole months, so that no two answers differ by few
people (`atoms`, `margins`); what became of reports is told of the public ones (`outcomes`).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

import h3.api.basic_int as h3

from reports.figures.cells import Box, parent_of, resolution_of
from reports.figures.public.asked import Months, OneAtATime
from reports.figures.public.contents import OUTCOMES_SINCE
from reports.figures.public.outcomes import REST
from reports.figures.public.published import Published, Told


class By(StrEnum):
    AREA = "area"
    CATEGORY = "category"
    OFFICE = "office"
    MONTH = "month"


class What(StrEnum):
    """What a month tells of a group, or not."""

    SHOWN = "shown"
    HIDDEN = "hidden"
    OUTCOMES = "outcomes"


@dataclass(frozen=True, slots=True)
class Heat:
    """A cell: its reports, and how many of them anyone may read."""

    cell: int
    reports: int
    shown: int


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Cells, and what they do not hold: `elsewhere` are reports whose place is told less exactly
    than asked for, `mixed` those whose category is not told (when one was asked for)."""

    cells: list[Heat]
    elsewhere: int
    mixed: int


def heat(
    asked: Months,
    *,
    resolution: int,
    box: Box | None = None,
    category: int | None = None,
    area: int | None = None,
) -> HeatMap:
    """Reports by cell of a resolution from 6 to 9. A box picks the cells whose middle it holds."""
    every, shown, elsewhere, mixed = Counter[int](), Counter[int](), 0, 0
    for atom in _atoms(asked, area):
        if category is not None and atom.category_id != category:
            mixed += atom.reports if atom.category_id is None else 0
        elif atom.cell is None or resolution_of(atom.cell) < resolution:
            elsewhere += atom.reports
        else:
            cell = parent_of(atom.cell, resolution)
            every[cell] += atom.reports
            shown[cell] += atom.reports if atom.shown else 0
    cells = sorted(cell for cell in every if box is None or _holds(box, cell))
    return HeatMap([Heat(cell, every[cell], shown[cell]) for cell in cells], elsewhere, mixed)


def _atoms(asked: Months, area: int | None) -> Iterable[Told]:
    return (
        atom for one in asked.found for atom in one.atoms if area is None or atom.area_id == area
    )


def _holds(box: Box, cell: int) -> bool:
    lat, lng = h3.cell_to_latlng(cell)
    return bool(box[0] <= lng <= box[2] and box[1] <= lat <= box[3])


@dataclass(slots=True)
class Group:
    """Figures of one area, category, office or month, or of all.

    `shown` and `hidden` are reports that anyone may read, and that nobody may; None is "not told":
    too few, or none. `counts` holds what became of the public ones, as far as it is told in each of
    the months that tell any. `lacks`: what some month told nothing of, so that it is added up of
    the other months alone.
    """

    key: int | date | None
    shown: int | None = None
    hidden: int | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    median_h: int | None = None
    months: int = 0
    lacks: frozenset[What] = frozenset()

    def tells(self, what: What) -> bool:
        match what:
            case What.SHOWN:
                return self.shown is not None
            case What.HIDDEN:
                return self.hidden is not None
        return bool(self.counts)

    @property
    def received(self) -> int | None:
        """Both together; of the rest there is none: each kind has its own."""
        if self.key == REST:
            return None
        return None if self.shown is None or self.hidden is None else self.shown + self.hidden

    def add(self, other: "Group") -> None:
        """One more month."""
        self.shown, self.hidden = _sum(self.shown, other.shown), _sum(self.hidden, other.hidden)
        self.counts = _added(self.counts, other.counts)
        self.lacks |= {what for what in What if not other.tells(what)}
        self.median_h = other.median_h if self.months == 0 else None  # of two months there is none
        self.months += 1


@dataclass(frozen=True, slots=True)
class Only:
    """What figures are narrowed to, by id: one thing, or nothing."""

    area: int | None = None
    category: int | None = None
    office: int | None = None

    def one(self) -> tuple[By, int] | None:
        """Raises OneAtATime when there are two."""
        named = ((By.AREA, self.area), (By.CATEGORY, self.category), (By.OFFICE, self.office))
        given = [(by, key) for by, key in named if key is not None]
        if len(given) > 1:
            raise OneAtATime(field=str(given[1][0]))
        return given[0] if given else None


def indicators(asked: Months, *, by: By | None, only: Only) -> tuple[Group, list[Group]]:
    """The total, and its groups: those that are told, the others together under 0. Where a month of
    the range was not published, whatever is added up of the others is "so many or more"."""
    total, groups = _added_up(asked, by=by, only=only)
    if asked.missing:
        for group in (total, *(() if by is By.MONTH else groups)):
            group.lacks, group.median_h = frozenset(What), None
    return total, groups


def _added_up(asked: Months, *, by: By | None, only: Only) -> tuple[Group, list[Group]]:
    one = only.one()
    if one and by not in {None, By.MONTH}:
        raise OneAtATime
    if by is None or by is By.MONTH:
        monthly = [_narrowed(month, one) for month in asked.found]
        return _together(None, monthly), monthly if by else []
    parts = [_groups(month, by) for month in asked.found]
    keys = {key for part in parts for key in part}
    total = _together(None, [_total(month) for month in asked.found])
    return total, [_joined(key, parts) for key in sorted(keys, key=lambda key: (key == REST, key))]


def _narrowed(month: Published, one: tuple[By, int] | None) -> Group:
    """A month, all of it or one area, category or office; keyed by its first day."""
    group = _groups(month, one[0]).get(one[1], Group(None)) if one else _total(month)
    group.key = month.first
    return group


def _together(key: int | date | None, groups: list[Group]) -> Group:
    total = Group(key)
    for group in groups:
        total.add(group)
    return total


def _joined(key: int, parts: list[dict[int, Group]]) -> Group:
    return _together(key, [part.get(key, Group(key)) for part in parts])


def _total(month: Published) -> Group:
    group = Group(month.first, month.reports(shown=True), month.reports(shown=False))
    if part := _outcomes(month, "all"):
        group.counts, group.median_h = part["counts"], part["median_h"]
    return group


def _outcomes(month: Published, of: str) -> Mapping[str, Any]:
    """What is told of a month's `areas`, `by_category`, `offices` or `all`."""
    told: Mapping[str, Any] | None = month.told[of]
    return told if told and month.told["rules"] >= OUTCOMES_SINCE else {}


def _groups(month: Published, by: By) -> dict[int, Group]:
    match by:
        case By.AREA:
            return _by_area(month)
        case By.CATEGORY:
            return _by_category(month)
        case _:
            return _by_office(month)


def _by_office(month: Published) -> dict[int, Group]:
    """Public reports alone: an area less its committee would be few people."""
    groups = _with_parts({}, _outcomes(month, "offices"))
    for group in groups.values():
        group.shown = group.counts["published"]
    return groups


def _by_area(month: Published) -> dict[int, Group]:
    groups: dict[int, Group] = {}
    for atom in month.atoms:
        key = atom.area_id or REST
        group = groups.setdefault(key, Group(key))
        if atom.shown:
            group.shown = _sum(group.shown, atom.reports)
        else:
            group.hidden = _sum(group.hidden, atom.reports)
    return _with_parts(groups, _outcomes(month, "areas"))


def _by_category(month: Published) -> dict[int, Group]:
    told = month.told["categories"]
    keys = {int(key) for kind in ("shown", "hidden") for key in told[kind]}
    groups = {
        key: Group(key, told["shown"].get(str(key)), told["hidden"].get(str(key))) for key in keys
    }
    parts = {key: part for key, part in _outcomes(month, "by_category").items() if int(key) != REST}
    return _with_parts(groups, parts)


def _with_parts(groups: dict[int, Group], parts: Mapping[str, Any]) -> dict[int, Group]:
    for key, part in parts.items():
        group = groups.setdefault(int(key), Group(int(key)))
        group.counts, group.median_h = part["counts"], part["median_h"]
    return groups


def _added(one: Mapping[str, int], other: Mapping[str, int]) -> Mapping[str, int]:
    """What both have, added; of what tells nothing nothing is added."""
    if not one or not other:
        return one or other
    return {name: one[name] + other[name] for name in one if name in other}


def _sum(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else one + other
