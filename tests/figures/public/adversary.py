"""Somebody who asks the public figures ten thousand times and adds and takes away what they are
told. They know nothing but answers; whether what is left over is somebody, the test looks up.

`Secrets` is the truth that no adversary has: which reports stand behind each group that was
published, and who sent them. `attack` returns what was found, in words; nothing is what it should
find.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

import h3.api.basic_int as h3
from flask.testing import FlaskClient

from reports.figures.cells import parent_of, resolution_of
from tests.figures.public.closing_in import FEW, Reports

ENOUGH = 500  # findings, after which nobody need ask on


@dataclass(frozen=True, slots=True)
class Secret:
    """One report, as only the city knows it."""

    number: int
    reporter: object
    month: date
    area: str
    cell: int  # of resolution 10
    category: str
    office: str
    shown: bool
    fate: str
    on_time: bool | None
    ratings: int
    satisfied: int
    id: str | None  # of a public one


@dataclass(slots=True)
class Group:
    """What was published of some reports, and which they are."""

    month: date
    shown: bool
    area: str | None
    cell: int | None
    category: str | None
    reports: Reports


@dataclass
class Secrets:
    reports: dict[int, Secret]
    groups: list[Group]
    found: list[str] = field(default_factory=list)
    sets: dict[Reports, str] = field(default_factory=dict)

    def people(self, numbers: Iterable[int]) -> int:
        return len({self.reports[number].reporter for number in numbers})

    def of(self, first: date) -> list[Group]:
        """The groups of a month."""
        return [group for group in self.groups if group.month == first]

    def told(self, what: str, number: int | None, behind: Reports) -> None:
        """An answer was `number`: so many must stand behind it, else the test understands the
        answer wrongly and proves nothing."""
        if number is None and not behind:
            return
        if len(behind) != (number or 0):
            self.found.append(f"{what}: {number} was told, {len(behind)} stand behind it")
        self.know(what, behind)

    def know(self, what: str, behind: Reports) -> None:
        """The adversary knows how many these are, so they may not be few."""
        if behind and behind not in self.sets:
            self.sets[behind] = what
            self.look_at(what, behind)

    def look_at(self, what: str, behind: Reports) -> None:
        """These, and these less all that anyone may read one by one."""
        hidden = frozenset(one for one in behind if not self.reports[one].shown)
        for name, some in ((what, behind), (f"{what}, less the public ones", hidden)):
            if self.people(some) in FEW:
                self.found.append(f"{name}: {self.people(some)} people")


def together(groups: Iterable[Group]) -> Reports:
    return frozenset(one for group in groups for one in group.reports)


class Question:
    """Months, perhaps a category and a ward; and what truly stands behind each cell of it."""

    def __init__(self, query: dict[str, str], secrets: Secrets) -> None:
        self.query = query
        self.behind: dict[int, dict[int, Reports]] = {r: {} for r in range(6, 10)}
        for group in filter(self._holds, secrets.groups):
            if group.cell is not None:
                self._put(group, group.cell)

    def _holds(self, group: Group) -> bool:
        in_time = self.query["from"] <= group.month.isoformat() < self.query["to"]
        alike = self.query.get("category") in {None, group.category}
        return in_time and alike and self.query.get("area") in {None, group.area}

    def _put(self, group: Group, cell: int) -> None:
        for resolution in range(6, resolution_of(cell) + 1):
            parent = parent_of(cell, resolution)
            cells = self.behind[resolution]
            cells[parent] = cells.get(parent, frozenset()) | group.reports

    def __str__(self) -> str:
        return str(self.query)


class Adversary:
    """Asks, remembers, and takes one answer from another."""

    def __init__(self, client: FlaskClient, secrets: Secrets, seed: int) -> None:
        self.client, self.secrets, self.chance = client, secrets, Random(seed)
        self.asked = self.listed = 0
        self.kept: dict[str, Any] = {}
        self.hidden_unions: dict[date, list[Reports]] = defaultdict(list)

    def ask(self, path: str) -> Any:
        self.asked += 1
        answer = self.client.get(f"/api/v1{path}")
        assert answer.status_code == 200, (path, answer.text[:300])
        if path in self.kept and self.kept[path] != answer.data:
            self._moved(path, answer)
        self.kept[path] = answer.data
        return answer.json if answer.is_json else answer.text

    def _moved(self, path: str, answer: Any) -> None:
        self.secrets.found.append(f"{path}: another answer than before")
        del answer

    # The map ---------------------------------------------------------------------------------

    def look_at_maps(self, queries: int) -> None:
        """Boxes, resolutions, months, categories, wards; each map against coarser and wider ones
        of the same question."""
        until = self.asked + queries
        while self.asked < until and len(self.secrets.found) < ENOUGH:
            question = self._question()
            by_resolution = {r: self._map(question, r, None) for r in range(6, 10)}
            self._take_children_from_parents(question, by_resolution)
            for _ in range(12):
                self._box_within_box(question, by_resolution)

    def _question(self) -> Question:
        months = sorted({group.month for group in self.secrets.groups})
        first = self.chance.randrange(len(months))
        last = self.chance.randrange(first, len(months))
        question = {"from": months[first].isoformat(), "to": next_month(months[last]).isoformat()}
        every = list(self.secrets.reports.values())
        if self.chance.random() < 0.5:
            question["category"] = self.chance.choice(every).category
        if self.chance.random() < 0.4:
            question["area"] = self.chance.choice(every).area
        return Question(question, self.secrets)

    def _map(self, question: Question, resolution: int, box: str | None) -> dict[int, int]:
        query = question.query | {"resolution": str(resolution)} | ({"bbox": box} if box else {})
        path = "/heatmap?" + "&".join(f"{name}={value}" for name, value in sorted(query.items()))
        answer = self.ask(path)
        cells = {int(item["cell"], 16): item["count"] for item in answer["items"]}
        for cell, count in cells.items():
            self.secrets.told(path, count, question.behind[resolution][cell])
        return cells

    def _take_children_from_parents(
        self, question: Question, maps: dict[int, dict[int, int]]
    ) -> None:
        for coarse in range(6, 9):
            for cell, count in maps[coarse].items():
                children = [c for c in maps[coarse + 1] if parent_of(c, coarse) == cell]
                left = count - sum(maps[coarse + 1][child] for child in children)
                self._left(f"{question} {cell:x} less its children", left)
                behind = question.behind
                theirs = [behind[coarse + 1][child] for child in children]
                self.secrets.know(
                    f"{question} {cell:x} less its children",
                    behind[coarse][cell] - frozenset[int]().union(*theirs),
                )

    def _box_within_box(self, question: Question, maps: dict[int, dict[int, int]]) -> None:
        """A box that leaves some cells of a wider map out: the difference is those cells alone."""
        resolution = self.chance.choice(range(6, 10))
        if not maps[resolution]:
            return
        lat, lng = h3.cell_to_latlng(self.chance.choice(list(maps[resolution])))
        size = self.chance.choice([0.001, 0.01, 0.05, 0.2])
        box = f"{lng - size:.6f},{lat - size:.6f},{lng + size:.6f},{lat + size:.6f}"
        inner = self._map(question, resolution, box)
        for cell, count in inner.items():
            self._left(f"{question} {cell:x} in a box", maps[resolution].get(cell, 0) - count)
        left = sum(maps[resolution].values()) - sum(inner.values())
        self._left(f"{question} outside {box}", left)

    # Totals ----------------------------------------------------------------------------------

    def look_at_totals(self) -> None:
        """By ward, category and month, each less all that is known within it."""
        for first in sorted({group.month for group in self.secrets.groups}):
            span = f"from={first}&to={next_month(first)}"
            self._wards(first, self.ask(f"/indicators?by=area&{span}"))
            self._categories(first, self.ask(f"/indicators?by=category&{span}"))

    def _wards(self, first: date, answer: Any) -> None:
        for kind, shown in (("published", True), ("not_public", False)):
            mine = [g for g in self.secrets.of(first) if g.shown is shown]
            total = answer["total"]["sums"][kind]
            self.secrets.told(f"{first} {kind}", total, together(mine))
            for group in answer["groups"]:
                area = None if group["code"] == "rest" else group["code"]
                what = f"{first} {kind} in {group['code']}"
                told = [g for g in mine if g.area == area]
                self.secrets.told(what, group["sums"][kind], together(told))

    def _categories(self, first: date, answer: Any) -> None:
        """A category's total is no sum of groups: it is held against every union of them."""
        for kind, shown in (("published", True), ("not_public", False)):
            mine = [g for g in self.secrets.of(first) if g.shown is shown]
            every = frozenset(one for g in mine for one in g.reports)
            alone = [g["code"] for g in answer["groups"] if g["sums"][kind] is not None]
            sets = {code: self._in_category(every, code) for code in alone if code != "rest"}
            if "rest" in alone:
                sets["rest"] = every - frozenset().union(*sets.values())
            for group in answer["groups"]:
                if (number := group["sums"][kind]) is not None:
                    behind = sets[group["code"]]
                    if len(behind) != number:
                        self.secrets.found.append(f"{first} {kind} {group['code']}: {number}")
            self._unions(f"{first} {kind}", list(sets.values()), mine)
            if not shown:
                self.hidden_unions[first] = [
                    frozenset[int]().union(*some) for some in _choices([*sets.values()])
                ]

    def _unions(self, what: str, sets: list[Reports], groups: list[Group]) -> None:
        """All unions of categories, each less the groups within it, and what covers it less it."""
        for bits, some in enumerate(_choices(sets), 1):
            union = frozenset[int]().union(*some)
            inside = [g.reports for g in groups if g.reports <= union]
            touching = [g.reports for g in groups if not g.reports.isdisjoint(union)]
            for name, left in (
                ("less what lies within", union - frozenset().union(*inside)),
                ("what covers it, less it", frozenset().union(*touching) - union),
            ):
                if self.secrets.people(left) in FEW:
                    self.secrets.found.append(f"{what} {bits:b} {name}")

    def _in_category(self, every: Reports, code: str) -> Reports:
        return frozenset(one for one in every if self.secrets.reports[one].category == code)

    # Files and lists -------------------------------------------------------------------------

    def look_at_files(self) -> None:
        """Each group's line, and the number of rows beside the total of what may be read."""
        for month in self.ask("/open-data")["items"]:
            first = date.fromisoformat(f"{month['month']}-01")
            lines = self.ask(f"/open-data/{month['month']}-groups.csv").splitlines()[1:]
            groups = self.secrets.of(first)
            for line, group in zip(lines, groups, strict=True):
                self.secrets.told(f"groups.csv {line}", int(line.rsplit(",", 1)[1]), group.reports)
            rows = len(self.ask(f"/open-data/{month['month']}.csv").splitlines()) - 1
            self._left(f"{first} published less its rows", (month["published"] or rows) - rows)

    def look_at_lists(self, queries: int) -> None:
        """The public list of reports, in wards and categories: what it holds is known one by one,
        so only what groups hold beside it counts. It must hold nothing that is not public."""
        known = {one.id for one in self.secrets.reports.values() if one.shown}
        every = list(self.secrets.reports.values())
        for _ in range(queries):
            one = self.chance.choice(every)
            path = f"/reports?limit=100&area={one.area}&category={one.category}"
            items = self.ask(path)["items"]
            for item in items:
                if item["id"] not in known:
                    self.secrets.found.append(f"{path}: {item['id']} is not public")
            self.listed += len(items)

    def pairs(self) -> None:
        """Everything that is known, each less each that lies within it: by true membership, even
        where nobody could know that it does."""
        sets = sorted(self.secrets.sets, key=len)
        holding: dict[int, list[int]] = defaultdict(list)
        for place, one in enumerate(sets):
            for number in one:
                holding[number].append(place)
        for place, one in enumerate(sets):
            rarest = min(one, key=lambda number: len(holding[number]))
            for other in holding[rarest]:
                if other > place and one <= sets[other]:
                    what = f"{self.secrets.sets[sets[other]]} less {self.secrets.sets[one]}"
                    self.secrets.look_at(what, sets[other] - one)

    def _left(self, what: str, number: int) -> None:
        """A difference of two numbers of which one question holds the other."""
        if number < 0 or number in FEW:
            self.secrets.found.append(f"{what}: {number}")


def attack(client: FlaskClient, secrets: Secrets, *, queries: int, seed: int = 1) -> Adversary:
    adversary = Adversary(client, secrets, seed)
    adversary.look_at_totals()
    adversary.look_at_files()
    adversary.look_at_lists(queries // 20)
    adversary.look_at_maps(queries - adversary.asked)
    adversary.pairs()
    return adversary


def _choices(sets: list[Reports]) -> Iterator[list[Reports]]:
    """Every way to take some of these."""
    for bits in range(1, 1 << len(sets)):
        yield [one for number, one in enumerate(sets) if bits >> number & 1]


def next_month(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)
