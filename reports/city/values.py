"""A city's facts as plain frozen values, for the pure rules and the snapshot. No SQL, no Flask."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Area:
    id: int
    code: str
    name_vi: str
    name_en: str
    kind: str
    lat: float
    lng: float
    other_names: tuple[str, ...] = ()
    population: int | None = None
    area_km2: float | None = None
    seat: str | None = None
    approximate: bool = True
    successor_code: str | None = None


@dataclass(frozen=True, slots=True)
class Office:
    id: int
    code: str
    name_vi: str
    name_en: str
    kind: str  # centre | department | utility | committee
    parent_code: str | None = None
    area_code: str | None = None
    phone: str | None = None
    email: str | None = None
    address: str | None = None
    successor_code: str | None = None


@dataclass(frozen=True, slots=True)
class Category:
    id: int
    code: str
    name_vi: str
    name_en: str
    group: str = ""
    icon: str = ""
    help_vi: str = ""
    help_en: str = ""
    keywords: tuple[str, ...] = ()
    questions: tuple[dict[str, Any], ...] = ()
    deadline_days: int | None = 7
    deadline_hours: int | None = None
    urgent: bool = False
    auto_accept: bool = False
    evidence: bool = False
    private: bool = False
    about_officials: bool = False
    legal_channel: dict[str, Any] | None = field(default=None, hash=False)
    position: int = 0
    retired: bool = False
    successor_code: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """(category, area or none) → office; None stands for any."""

    id: int
    code: str
    category_code: str | None
    area_code: str | None
    office_code: str
