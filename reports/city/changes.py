"""What an import did, or would do: added, changed, renamed, ended; in words for the operator."""

from collections.abc import Mapping
from dataclasses import dataclass, field

SHOWN = 12


@dataclass(slots=True)
class Changes:
    """Names are "code name". Nothing changed when all but `same` and `notes` are empty."""

    what: str
    same: int = 0
    added: list[str] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)  # name → the name before
    moved_km2: dict[str, float] = field(default_factory=dict)  # name → area that changed sides
    changed: dict[str, list[str]] = field(default_factory=dict)  # name → fields
    ended: dict[str, str | None] = field(default_factory=dict)  # name → successor's name
    notes: list[str] = field(default_factory=list)

    @property
    def nothing(self) -> bool:
        return not (self.added or self.renamed or self.moved_km2 or self.changed or self.ended)

    @property
    def all_new(self) -> bool:
        """A first load: the list of everything tells nobody anything."""
        rest = self.same or self.renamed or self.moved_km2 or self.changed or self.ended
        return bool(self.added) and not rest

    def lines(self) -> list[str]:
        """A summary to print, the longest lists cut short."""
        if self.nothing:
            return [f"{self.what}: nothing changed ({self.same} the same).", *self.notes]
        if self.all_new:
            return [f"{self.what}: {len(self.added)} added.", *self.notes]
        parts = (
            _part("added", dict.fromkeys(self.added, "")),
            _part("renamed", {name: f"was {old}" for name, old in self.renamed.items()}),
            _part("boundary changed", {n: f"{km2:.2f} km²" for n, km2 in self._widest()}),
            _part("changed", {name: ", ".join(what) for name, what in self.changed.items()}),
            _part("ended", {n: f"succeeded by {s}" if s else "" for n, s in self.ended.items()}),
        )
        told = [line for part in parts for line in part]
        return [f"{self.what}: {self.same} the same.", *told, *self.notes]

    def _widest(self) -> list[tuple[str, float]]:
        return sorted(self.moved_km2.items(), key=lambda item: -item[1])


def _part(title: str, items: Mapping[str, str]) -> list[str]:
    if not items:
        return []
    shown = [f"    {name}{f' ({more})' if more else ''}" for name, more in items.items()]
    hidden = len(shown) - SHOWN
    tail = [f"    … and {hidden} more"] if hidden > 0 else []
    return [f"  {len(items)} {title}:", *shown[:SHOWN], *tail]
