"""A city whose months can be published: many people, made by copying what one resident sent."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import h3.api.basic_int as h3
import pytest
from sqlalchemy import insert, select

from app.auth.models import Account, AccountKind
from app.database import db
from reports import codes
from reports.city.snapshot import City
from reports.figures.public import published
from reports.models import Report
from reports.places import to_mercator
from reports.statuses import Status
from tests.reports.conftest import House, app, house, house_app, house_database, keep_figures

__all__ = ["app", "house", "house_app", "house_database", "keep_figures"]

MARCH, APRIL = datetime(2026, 3, 9, 3, tzinfo=UTC), datetime(2026, 4, 20, 3, tzinfo=UTC)


@dataclass
class Town:
    """Reports in bulk. Each is a copy of one that a resident sent, at another place and time."""

    house: House
    pattern: dict[str, Any]
    made: int = 0
    people: list[UUID] = field(default_factory=list)
    waiting: list[dict[str, Any]] = field(default_factory=list)

    @property
    def city(self) -> City:
        return self.house.city

    def person(self, number: int) -> UUID:
        """The account of somebody by number."""
        while len(self.people) <= number:
            self.people.append(UUID(int=0xC17 << 96 | len(self.people)))
        return self.people[number]

    def sends(
        self,
        who: int,
        *,
        at: datetime,
        area: str = "19789",
        spot: tuple[float, float] | None = None,
        category: str | None = None,
        **columns: Any,
    ) -> UUID:
        """Somebody's report, published unless its columns say otherwise; stored by `settle`."""
        self.made += 1
        here = self.city.area_by_code[area]
        lat, lng = spot or (here.lat, here.lng)
        kind = self.city.category_by_code[category or self.house.plain_category()]
        x, y = to_mercator(lat, lng)
        row = self.pattern | {
            "id": UUID(int=0xFAC7 << 96 | self.made),
            "code": codes.new_code(),
            "reporter_id": self.person(who),
            "area_id": here.id,
            "category_id": kind.id,
            "lat": round(lat, 5),
            "lng": round(lng, 5),
            "spot": f"({x:.2f},{y:.2f})",
            "cell": h3.latlng_to_cell(lat, lng, 10),
            "submitted_at": at,
            "accepted_at": at,
            "published_at": None if kind.private else at + timedelta(hours=1),
            "status": Status.ACCEPTED,
        }
        self.waiting.append(row | columns)
        return UUID(int=0xFAC7 << 96 | self.made)

    def settle(self) -> None:
        """Store them, and the people who sent them; figures follow."""
        there = set(db.session.scalars(select(Account.id)))
        accounts = [
            {"id": one, "kind": AccountKind.RESIDENT, "locale": "vi"}
            for one in self.people
            if one not in there
        ]
        if accounts:
            db.session.execute(insert(Account), accounts)
        db.session.execute(insert(Report), self.waiting)
        self.waiting.clear()
        db.session.flush()
        keep_figures()


@pytest.fixture
def town(house: House) -> Town:
    published.forget()
    return Town(house, pattern_of(house))


def pattern_of(house: House) -> dict[str, Any]:
    """The columns of a real report that may be copied, without those that the database makes. The
    report itself is undone."""
    undone = db.session.begin_nested()
    report = house.submits()
    pattern = {
        column.name: getattr(report, column.name)
        for column in Report.__table__.columns
        if not column.computed
    }
    undone.rollback()
    house.people.clear()
    return pattern
