"""Who follows whom: rows that ended name a successor, which may have ended too. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Protocol, TypeVar


class Dated(Protocol):
    """A row that is valid for a time and may name its successor."""

    @property
    def code(self) -> str: ...
    @property
    def valid_from(self) -> date: ...
    @property
    def valid_until(self) -> date | None: ...
    @property
    def successor_code(self) -> str | None: ...


Row = TypeVar("Row", bound=Dated)


def is_valid(row: Dated, day: date) -> bool:
    """`valid_until` is the first day on which the row no longer holds."""
    return row.valid_from <= day and (row.valid_until is None or day < row.valid_until)


def follow(code: str, rows: Mapping[str, Row], day: date) -> Row | None:
    """The row that stands for this code on that day: itself, or the first valid successor.

    None for a code that nobody knows, that has no successor, or that has not begun.
    """
    seen: set[str] = set()
    row = rows.get(code)
    while row is not None and not is_valid(row, day) and row.code not in seen:
        seen.add(row.code)
        begun = row.valid_from <= day
        row = rows.get(row.successor_code) if begun and row.successor_code else None
    return row if row is not None and is_valid(row, day) else None


def circles(successors: Mapping[str, str | None]) -> Iterable[list[str]]:
    """Each chain of successors that comes back to itself, as the codes on it."""
    cleared: set[str] = set()
    for code in successors:
        path: list[str] = []
        here: str | None = code
        while here and here in successors and here not in cleared and here not in path:
            path.append(here)
            here = successors[here]
        if here in path:
            yield path[path.index(here) :]
        cleared.update(path)
