"""What somebody asks to be done to a report, and the moment in which it is done."""

from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import orjson

from reports.city.snapshot import City
from reports.city.values import Category, Office
from reports.models import Report
from reports.permissions import OFFICE_ROLES, Viewer
from reports.statuses import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class StepOrder:
    """A step as somebody asks for it. Which fields it needs or takes is in `statuses.STEPS`."""

    id: UUID  # made by the caller: a repeat is known by it
    step: str
    note: str = ""
    office: str | None = None  # code
    person: UUID | None = None
    reason: str | None = None
    outcome: str | None = None
    photos: tuple[UUID, ...] = ()
    planned_for: datetime | None = None
    until: datetime | None = None
    category: str | None = None  # code
    area: str | None = None  # code
    lat: float | None = None
    lng: float | None = None
    urgent: bool | None = None
    hold_back: bool | None = None
    show_numbers: bool | None = None
    target: UUID | None = None

    def given(self) -> frozenset[str]:
        """The names of the fields that carry something."""
        names = {field.name for field in fields(self)} - {"id", "step"}
        return frozenset(name for name in names if getattr(self, name) not in (None, "", ()))

    def digest(self) -> bytes:
        """SHA-256 of the content: what makes two orders the same."""
        return sha256(orjson.dumps(asdict(self), option=orjson.OPT_SORT_KEYS)).digest()


@dataclass(slots=True, kw_only=True)
class Move:
    """A step being taken: on which report, by whom and as what, when, under which rules."""

    report: Report
    order: StepOrder
    by: Viewer
    role: Role
    city: City
    at: datetime
    facts: dict[str, Any] = field(default_factory=dict)  # what else changed, for the history
    followers: list[Report] = field(default_factory=list)  # moved to the new lead by a merge
    office_before: Office | None = None  # who led when the step was asked for
    shown_before: bool = False  # … and whether the public saw it
    accused_before: int | None = None  # … and which office it was about

    def __post_init__(self) -> None:
        self.shown_before = self.report.shown
        self.accused_before = self.report.accused_office_id
        self.office_before = self.city.offices_by_id.get(self.report.office_id)

    @property
    def category(self) -> Category:
        return self.city.categories_by_id[self.report.category_id]

    def acting_office_id(self) -> int | None:
        """The office in whose name the step is taken; none for reporters and the system."""
        if self.role is Role.DISPATCHER:
            return self.city.centre.id
        if self.role in OFFICE_ROLES:
            mine = self.by.offices(*OFFICE_ROLES)
            led = self.office_before
            return led.id if led and led.id in mine else min(mine)
        return None
