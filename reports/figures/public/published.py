"""The months that were published, in memory: they never change, so each is read once a process."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from flask import current_app
from sqlalchemy import Connection, select

from app.database import reading
from reports.figures.group_names import GroupName
from reports.figures.periods import month
from reports.figures.public.models import PublicAtom, PublicMonth
from reports.figures.scope import By

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Told:
    """One atom as it was published."""

    shown: bool
    area_id: int | None
    cell: int | None
    category_id: int | None
    reports: int


@dataclass(frozen=True, slots=True)
class Published:
    """A month: its atoms, and what they do not carry (`contents.Contents.told`), with `names`:
    {area, category, office: {id: [code, vi, en]}}."""

    first: date
    published_at: datetime
    as_of: datetime
    told: Mapping[str, Any]
    atoms: Sequence[Told]

    @property
    def until(self) -> date:
        return month(self.first.year, self.first.month + 1).since

    def name(self, by: By, key: int) -> GroupName:
        """What an area, a category or an office was called when the month was published."""
        code, vi, en = self.told["names"][by][str(key)]
        return GroupName(code, vi, en)

    def reports(self, *, shown: bool) -> int | None:
        """How many reports of a kind; None is not told."""
        counts = [atom.reports for atom in self.atoms if atom.shown is shown]
        return sum(counts) if counts else None


def all_published() -> list[tuple[date, datetime]]:
    """The months that were published, oldest first, and when."""
    with reading() as connection:
        query = select(PublicMonth.month, PublicMonth.published_at).order_by(PublicMonth.month)
        return [(first, at) for first, at in connection.execute(query)]


def published(keys: Sequence[tuple[date, datetime]]) -> list[Published]:
    """These months, in their order."""
    kept: dict[tuple[date, datetime], Published]
    kept = current_app.extensions.setdefault("xom.published", {})
    missing = [first for first, at in keys if (first, at) not in kept]
    if missing:
        with reading() as connection:
            for one in _read(connection, missing):
                kept[one.first, one.published_at] = one
    return [kept[key] for key in keys]


def kept_beside(name: str, make: Callable[[], Value]) -> Value:
    """What else this process keeps of published months, until they are forgotten."""
    kept: dict[str, Any] = current_app.extensions.setdefault("xom.beside_published", {})
    found: Value = kept.setdefault(name, make())
    return found


def forget() -> None:
    """Read all months anew: after some were taken back, and between tests."""
    for name in ("xom.published", "xom.beside_published"):
        current_app.extensions.pop(name, None)


def _read(connection: Connection, firsts: Sequence[date]) -> list[Published]:
    months = connection.execute(
        select(
            PublicMonth.month, PublicMonth.published_at, PublicMonth.as_of, PublicMonth.told
        ).where(PublicMonth.month.in_(firsts))
    )
    atoms: dict[date, list[Told]] = {first: [] for first in firsts}
    for row in connection.execute(
        select(
            PublicAtom.month,
            PublicAtom.shown,
            PublicAtom.area_id,
            PublicAtom.cell,
            PublicAtom.category_id,
            PublicAtom.reports,
        )
        .where(PublicAtom.month.in_(firsts))
        .order_by(PublicAtom.month, PublicAtom.number)
    ):
        atoms[row[0]].append(Told(*row[1:]))
    return [Published(first, at, as_of, told, atoms[first]) for first, at, as_of, told in months]
