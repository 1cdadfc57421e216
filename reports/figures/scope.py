"""What figures are told for, one by one, and what they are narrowed to. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
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


@dataclass(frozen=True, slots=True)
class Scope:
    """What figures are narrowed to, by id; None is all of them. `hidden`: reports that are left
    out, being about somebody who must not learn of them (`rights`)."""

    area: int | None = None
    category: int | None = None
    office: int | None = None
    hidden: frozenset[UUID] = frozenset()

    def values(self) -> dict[str, int]:
        """The ids that were given, by the column that holds them."""
        given = {"area_id": self.area, "category_id": self.category, "office_id": self.office}
        return {column: one for column, one in given.items() if one is not None}

    def bounds(self) -> dict[str, Any]:
        """What facts are narrowed by, with the names of their conditions."""
        return {**self.values(), **({"hidden": list(self.hidden)} if self.hidden else {})}


EVERYTHING = Scope()

TIMES = frozenset({By.DAY, By.WEEK, By.MONTH})
#: The column that holds the key of each, in facts and in roll-ups.
DIMENSIONS = {By.AREA: "area_id", By.CATEGORY: "category_id", By.OFFICE: "office_id"}
