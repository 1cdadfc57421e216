"""A city's facts as plain frozen values, for the pure rules and the snapshot. No SQL, no Flask.

A row holds on the days `valid_from <= day < valid_until`; its successor takes over afterwards.
A category's questions are dicts whose shape `reports.questions` checks answers against, and
docs/city.md tells.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
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
    valid_from: date = date.min
    valid_until: date | None = None


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
    valid_from: date = date.min
    valid_until: date | None = None


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
    questions: tuple[dict[str, Any], ...] = field(default=(), hash=False)
    deadline_days: int | None = 7
    deadline_hours: int | None = None
    urgent: bool = False
    auto_accept: bool = False
    evidence: bool = False
    private: bool = False
    about_officials: bool = False
    #: {channel_vi, channel_en, phone?, url?}: the report is pointed there and not stored
    legal_channel: dict[str, Any] | None = field(default=None, hash=False)
    position: int = 0
    retired: bool = False
    successor_code: str | None = None
    valid_from: date = date.min
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """(category, area or none) → office; None stands for any."""

    id: int
    code: str
    category_code: str | None
    area_code: str | None
    office_code: str
    successor_code: str | None = None
    valid_from: date = date.min
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Hotline:
    """A number to call now, and the words that make the house offer it."""

    number: str
    vi: str
    en: str
    words: tuple[str, ...] = ()
    own: bool = False  # the city's own line


@dataclass(frozen=True, slots=True)
class Landmark:
    """A place that everybody knows by its name: a market, a station, a bridge."""

    name: str
    lat: float
    lng: float
    other_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """The city itself: names, zone, how far outside is still near, whom to call in danger."""

    folder: str
    name_vi: str
    name_en: str
    timezone: str
    holidays: str  # country code for `holidays`
    near_metres: int
    hotlines: tuple[Hotline, ...] = ()
    landmarks: tuple[Landmark, ...] = ()
    area_kinds: dict[str, dict[str, str]] = field(default_factory=dict, hash=False)
    settings: dict[str, Any] = field(default_factory=dict, hash=False)
    changed_at: datetime = datetime(2000, 1, 1, tzinfo=UTC)  # the city's data, last
