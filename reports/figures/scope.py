"""What figures are told for, one by one, and what they are narrowed to. Pure."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

Key = int | date | None  # of a group: an id, a first day; None for the total


class By(StrEnum):
    """What figures are told for, one by one."""

    OFFICE = "office"  # that leads now, or is proposed
    AREA = "area"
    CATEGORY = "category"
    DAY = "day"
    WEEK = "week"  # from Monday
    MONTH = "month"


class Before(NamedTuple):
    """A report under the category and the office that it had before, and whether anyone read it."""

    report_id: UUID
    category_id: int
    office_id: int
    published: bool


@dataclass(frozen=True, slots=True)
class Scope:
    """What figures are narrowed to, by id; None is all of them. `hidden`: reports that are left
    out, being about somebody who must not learn of them (`rights`). `as_before`: reports that are
    counted under what they were before (`frozen.left_out`). `only`: no others are counted."""

    area: int | None = None
    category: int | None = None
    office: int | None = None
    hidden: frozenset[UUID] = frozenset()
    as_before: frozenset[Before] = frozenset()
    only: frozenset[UUID] | None = None

    def values(self) -> dict[str, int]:
        """The ids that were given, by the column that holds them."""
        given = {"area_id": self.area, "category_id": self.category, "office_id": self.office}
        return {column: one for column, one in given.items() if one is not None}

    def bounds(self) -> dict[str, Any]:
        """What facts are narrowed by, with the names of their conditions."""
        bounds: dict[str, Any] = self.values()
        if self.hidden:
            bounds["hidden"] = list(self.hidden)
        if self.only is not None:
            bounds["only"] = list(self.only)
        if self.as_before:
            columns = zip(*self.as_before, strict=True)
            bounds |= {name: list(column) for name, column in zip(AS_BEFORE, columns, strict=True)}
        return bounds

    def corrections(self) -> list[tuple[int, "Scope"]]:
        """Roll-ups hold every report as it is now. What has to be taken away from them (-1): what
        is not counted, or as it was before; and that is added as it was (1)."""
        moved = frozenset(one.report_id for one in self.as_before)
        others = self.hidden | moved
        found = [(-1, replace(self, hidden=frozenset(), as_before=frozenset(), only=others))]
        found += [(1, replace(self, hidden=frozenset(), only=moved))] if moved else []
        return found if others else []


EVERYTHING = Scope()
#: The names under which a statement takes `as_before`, column by column.
AS_BEFORE = tuple(f"before_{column}" for column in Before._fields)

TIMES = frozenset({By.DAY, By.WEEK, By.MONTH})
#: The column that holds the key of each, in facts and in roll-ups.
DIMENSIONS = {By.AREA: "area_id", By.CATEGORY: "category_id", By.OFFICE: "office_id"}
