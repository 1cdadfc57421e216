"""What somebody can work out of numbers that are rounded, or of a part beside the whole: how many
there are at least and at most in each set of reports that nobody may read.

Public reports are known one by one, so they are taken from every number. Then bounds close in on
each other: of the same reports told twice, of parts and their total, of a set within another. By
true membership, even where nobody could know it; so more is found than anybody could.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

Reports = frozenset[int]
EVER = 10**9
FEW = range(1, 5)


@dataclass
class Bounds:
    """At least and at most how many reports there are in each set, and what said so first."""

    least: dict[Reports, int] = field(default_factory=dict)
    most: dict[Reports, int] = field(default_factory=dict)
    what: dict[Reports, str] = field(default_factory=dict)
    wholes: list[tuple[Reports, list[Reports]]] = field(default_factory=list)
    exact: set[Reports] = field(default_factory=set)  # told so: others look at their differences

    def known(self, what: str, behind: Reports) -> None:
        self.exact.add(behind)
        self.told(what, behind, len(behind), len(behind))

    def told(self, what: str, behind: Reports, least: int, most: int) -> str | None:
        """An answer; what is wrong with it, if the truth does not lie in it."""
        self.what.setdefault(behind, what)
        self.least[behind] = max(least, self.least.get(behind, 0))
        self.most[behind] = min(most, self.most.get(behind, EVER))
        if not self.least[behind] <= len(behind) <= self.most[behind]:
            return f"{what}: from {least} to {most} was told, {len(behind)} stand behind it"
        return None

    def adds_up(self, whole: Reports, parts: Iterable[Reports]) -> None:
        """These parts are the whole, with what is told of none of them."""
        known = [*parts]
        if left := whole.difference(*known):
            known.append(left)
        for some in (whole, left):
            self.told("of all, what is told of no part", some, 0, EVER)
        self.wholes.append((whole, known))

    def close_in(self) -> None:
        """Until nothing more follows."""
        within = self._within()
        while self._by_wholes() | self._by_sets(within):
            pass

    def _within(self) -> list[tuple[Reports, Reports]]:
        """Sets that lie in others, unless both were told exactly."""
        sets = [one for one in self.what if one]
        loose = [one for one in sets if one not in self.exact]
        pairs = [(one, other) for one in loose for other in sets if one < other]
        return pairs + [(one, other) for one in self.exact if one for other in loose if one < other]

    def _by_wholes(self) -> bool:
        moved = False
        for whole, parts in self.wholes:
            least = sum(self.least[part] for part in parts)
            most = sum(self.most[part] for part in parts)
            moved |= self._set(whole, least, most)
            for part in parts:
                others = least - self.least[part], most - self.most[part]
                at_least = self.least[whole] - others[1]
                moved |= self._set(part, at_least, self.most[whole] - others[0])
        return moved

    def _by_sets(self, within: list[tuple[Reports, Reports]]) -> bool:
        moved = False
        for inner, outer in within:
            moved |= self._set(inner, 0, self.most[outer])
            moved |= self._set(outer, self.least[inner], EVER)
        return moved

    def _set(self, behind: Reports, least: int, most: int) -> bool:
        before = self.least[behind], self.most[behind]
        self.least[behind], self.most[behind] = max(before[0], least), min(before[1], most)
        return before != (self.least[behind], self.most[behind])

    def found(self, people: Callable[[Iterable[int]], int]) -> list[str]:
        """Sets of which it is certain that they are few people's, and differences of them."""
        self.close_in()
        ranges = [
            (self.what[one], one, self.least[one], self.most[one])
            for one in self.what
            if one not in self.exact
        ]
        ranges += [
            (
                f"{self.what[outer]} less {self.what[inner]}",
                outer - inner,
                self.least[outer] - self.most[inner],
                self.most[outer] - self.least[inner],
            )
            for inner, outer in self._within()
        ]
        return [
            f"{what}: from {least} to {most}, {people(behind)} people"
            for what, behind, least, most in ranges
            if least >= 1 and (most in FEW or (least == most and people(behind) in FEW))
        ]
