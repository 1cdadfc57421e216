"""What stands on an official's desk in the morning, as plain words for a letter. Whose desk holds
what is for whoever hands this in (`ports`).
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

MOST_LINES = 10  # of each pile; the letter says how many there are besides


@dataclass(frozen=True, slots=True)
class Line:
    """One piece of work: nothing personal, no free text. Of a private matter only the code."""

    code: str
    category_vi: str | None
    category_en: str | None
    area_vi: str | None
    area_en: str | None
    left_vi: str
    left_en: str


@dataclass(frozen=True, slots=True)
class Pile:
    count: int = 0
    lines: tuple[Line, ...] = ()  # the most pressing, up to MOST_LINES


@dataclass(frozen=True, slots=True)
class Desk:
    new: Pile = field(default_factory=Pile)  # nobody has begun
    today: Pile = field(default_factory=Pile)  # due before the day ends
    overdue: Pile = field(default_factory=Pile)

    @property
    def is_empty(self) -> bool:
        return not (self.new.count or self.today.count or self.overdue.count)


class Desks(Protocol):
    def are_open(self, at: datetime) -> bool:
        """Is the day of this moment a working day?"""
        ...

    def of(self, account_id: UUID, at: datetime) -> Desk:
        """What stands on somebody's desk at a moment."""
        ...


class NoDesks:
    """A house without work."""

    def are_open(self, at: datetime) -> bool:
        return True

    def of(self, account_id: UUID, at: datetime) -> Desk:
        return Desk()
