"""The same adversary, on what became of reports: answered, on time, refused, rated."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tests.figures.public.adversary import Adversary, Secret, Secrets, next_month
from tests.figures.public.closing_in import FEW, Bounds

#: What is told of outcomes; the adversary holds each against the public reports that have it.
OUTCOMES: Mapping[str, Callable[[Secret], bool]] = {
    "open": lambda one: one.fate == "open",
    "resolved": lambda one: one.fate == "resolved",
    "rejected": lambda one: one.fate == "rejected",
    "timed": lambda one: one.on_time is not None,
    "on_time": lambda one: bool(one.on_time),
}


@dataclass
class OnOutcomes:
    """`of_all`: outcomes that are told of all reports, and not of the public ones alone; `ranges`:
    how far below and above a number that is told so the true one may be."""

    adversary: Adversary
    of_all: frozenset[str] = frozenset({"rejected"})
    ranges: Mapping[str, tuple[int, int]] = field(default_factory=lambda: {"rejected": (5, 4)})
    otherwise: tuple[int, int] = (2, 2)

    @property
    def secrets(self) -> Secrets:
        return self.adversary.secrets

    def look(self) -> None:
        """By ward, category and office, less the rows of the open data: what is left is of reports
        that nobody may read, and the bounds of all that is left are held against each other."""
        for first in sorted({group.month for group in self.secrets.groups}):
            bounds = Bounds()
            self._know_groups(first, bounds)
            for by in ("area", "category", "office"):
                answer = self.adversary.ask(
                    f"/indicators?by={by}&from={first}&to={next_month(first)}"
                )
                for name in OUTCOMES:
                    self._outcome(name, by, first, answer, bounds)
                self._ratings(by, first, answer)
            self.secrets.found += bounds.found(self.secrets.people)

    def _know_groups(self, first: date, bounds: Bounds) -> None:
        """How many reports that nobody may read there are in each group, each category, and all
        wherever the answers tell it; also in all that are public matters."""
        hidden = [group.reports for group in self.secrets.of(first) if not group.shown]
        unions = self.adversary.hidden_unions[first]
        for behind in {*hidden, frozenset[int]().union(*hidden), *unions}:
            bounds.known(f"{first} not public", behind)

    def _outcome(self, name: str, by: str, first: date, answer: Any, bounds: Bounds) -> None:
        parts = []
        numbers = {group["code"]: group["sums"][name] for group in answer["groups"]}
        told = {code: number for code, number in numbers.items() if number is not None}
        for code, number in [*told.items(), (None, answer["total"]["sums"][name])]:
            if number is None:
                continue
            having = [one for one in self._in(by, first, code, told) if OUTCOMES[name](one)]
            public = sum(one.shown for one in having)
            what = f"{first} {name} by {by} in {code}"
            if name not in self.of_all:
                self._same(what, number, public)
                continue
            behind = frozenset(one.number for one in having if not one.shown)
            least, most = self._range(name, answer, number)
            wrong = bounds.told(what, behind, max(0, least - public), most - public)
            self.secrets.found += [wrong] if wrong else []
            parts += [behind] if code else []
        if name in self.of_all:
            every = self._in(by, first, None, told)
            bounds.adds_up(
                frozenset(o.number for o in every if OUTCOMES[name](o) and not o.shown), parts
            )

    def _in(self, by: str, first: date, code: str | None, told: Iterable[str]) -> list[Secret]:
        """The reports of a group; of the rest those of no group that is told; of None all."""
        month = [one for one in self.secrets.reports.values() if one.month == first]
        if code is None:
            return month
        if code == "rest":
            return [one for one in month if getattr(one, by) not in {*told}]
        return [one for one in month if getattr(one, by) == code]

    def _same(self, what: str, number: int, public: int) -> None:
        """What is told of public reports is what anyone counts; else it tells of others."""
        if number != public:
            self.secrets.found.append(f"{what}: {number}, but {public} can be read")

    def _ratings(self, by: str, first: date, answer: Any) -> None:
        """Nobody sees who rated: neither those that did may be few, in a part, nor the others."""
        if answer["total"]["sums"]["ratings"] is None:
            return
        left = [one for one in self._in(by, first, None, ()) if one.shown]
        content = answer["total"]["sums"]["satisfied"]
        for group in answer["groups"]:
            sums = group["sums"]
            if (number := sums["ratings"]) is None:
                continue
            mine = [one for one in left if getattr(one, by) == group["code"]]
            left = [one for one in left if one not in mine]
            content -= sums["satisfied"]
            what = f"{first} ratings by {by} in {group['code']}"
            self._rated(what, mine, number)
            self._content(what, number, self._range("satisfied", answer, sums["satisfied"]))
        told = sum(group["sums"]["ratings"] or 0 for group in answer["groups"])
        number = answer["total"]["sums"]["ratings"] - told
        self._rated(f"{first} ratings by {by}, of no part", left, number)
        about = self._range("satisfied", answer, content)
        self._content(f"{first} ratings by {by}, of no part", number, about)

    def _rated(self, what: str, reports: list[Secret], number: int) -> None:
        if sum(one.ratings for one in reports) != number:
            self.secrets.found.append(f"{what}: {number} is told")
        for rated in (True, False):
            some = [one.number for one in reports if bool(one.ratings) is rated]
            if number and self.secrets.people(some) in FEW:
                self.secrets.found.append(f"{what}, {rated}: {self.secrets.people(some)} people")

    def _content(self, what: str, ratings: int, about: tuple[int, int]) -> None:
        least, most = max(0, about[0]), min(ratings, about[1])
        for name, low, high in (("are", least, most), ("are not", ratings - most, ratings - least)):
            if low >= 1 and high in FEW:
                self.secrets.found.append(f"{what}: {low} to {high} {name} content")

    def _range(self, name: str, answer: Any, told: int) -> tuple[int, int]:
        """From where to where a number may lie that was told so."""
        below, above = (0, 0)
        if name in answer["rounded"]:
            below, above = self.ranges.get(name, self.otherwise)
        return told - below, told + above
