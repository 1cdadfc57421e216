"""Tables of a city's own facts. Each row is valid from a day, perhaps until a day, and may name
its successor: history keeps the old names, new work goes to the successor.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    func,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.auth.models import one_of
from app.clock import now
from app.database import Base, OneOf
from reports.statuses import Role


class OfficeKind(StrEnum):
    CENTRE = "centre"  # the city's own desk: dispatchers sit here; one a city
    DEPARTMENT = "department"
    UTILITY = "utility"
    COMMITTEE = "committee"  # of one area


class NoticeKind(StrEnum):
    FLOOD = "flood"
    POWER = "power"
    WATER = "water"
    ROAD = "road"
    OTHER = "other"


class CityProfile(Base):
    """One row: names, zone, hotlines, limits, and the version that tells readers to reload."""

    __tablename__ = "city"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, default=1)
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(
        default=now, onupdate=now, server_default=func.now()
    )  # moves with the version
    folder: Mapped[str] = mapped_column(String(60))  # which folder of data it came from
    name_vi: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    timezone: Mapped[str] = mapped_column(String(60))
    holidays: Mapped[str] = mapped_column(String(10))  # country code for `holidays`
    near_metres: Mapped[int] = mapped_column(default=1000)
    settings: Mapped[dict[str, Any]]  # hotlines, notices, legal channels, dangerous words


class Area(Base):
    """A ward, commune or special zone. `boundary` is WKB in WGS84 (lng, lat)."""

    __tablename__ = "area"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name_vi: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    other_names: Mapped[list[str]] = mapped_column(default=list)  # other spellings, former names
    kind: Mapped[str] = mapped_column(String(20))  # phuong, xa, dac_khu
    population: Mapped[int | None]
    area_km2: Mapped[float | None]
    seat: Mapped[str | None] = mapped_column(String(400))
    lat: Mapped[float]
    lng: Mapped[float]
    boundary: Mapped[bytes | None] = mapped_column(LargeBinary)
    approximate: Mapped[bool] = mapped_column(default=True)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    successor_code: Mapped[str | None] = mapped_column(String(20))


class Office(Base):
    __tablename__ = "office"
    __table_args__ = (CheckConstraint(one_of("kind", OfficeKind), name="kind"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name_vi: Mapped[str] = mapped_column(String(160))
    name_en: Mapped[str] = mapped_column(String(160))
    kind: Mapped[OfficeKind] = mapped_column(OneOf(OfficeKind, 12))
    parent_code: Mapped[str | None] = mapped_column(String(40))
    area_code: Mapped[str | None] = mapped_column(String(20))
    phone: Mapped[str | None] = mapped_column(String(30))
    email: Mapped[str | None] = mapped_column(String(254))
    address: Mapped[str | None] = mapped_column(String(400))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    successor_code: Mapped[str | None] = mapped_column(String(40))


class Category(Base):
    __tablename__ = "category"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name_vi: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    group: Mapped[str] = mapped_column(String(40))
    icon: Mapped[str] = mapped_column(String(40))
    help_vi: Mapped[str] = mapped_column(Text, default="")
    help_en: Mapped[str] = mapped_column(Text, default="")
    keywords: Mapped[list[str]] = mapped_column(default=list)
    questions: Mapped[list[Any]] = mapped_column(default=list)  # see docs/city.md
    deadline_days: Mapped[int | None]  # working days, or
    deadline_hours: Mapped[int | None]  # working hours
    urgent: Mapped[bool] = mapped_column(default=False)
    auto_accept: Mapped[bool] = mapped_column(default=False)
    evidence: Mapped[bool] = mapped_column(default=False)  # resolving needs a photo
    private: Mapped[bool] = mapped_column(default=False)  # in figures only, never shown
    about_officials: Mapped[bool] = mapped_column(default=False)
    legal_channel: Mapped[dict[str, Any] | None]  # set: pointed there and not stored
    position: Mapped[int] = mapped_column(default=0)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    successor_code: Mapped[str | None] = mapped_column(String(40))


class RoutingRule(Base):
    """(category, area or none) → office. The most specific that is valid wins."""

    __tablename__ = "routing_rule"
    __table_args__ = (Index("ix_routing_rule_pair", "category_code", "area_code"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    category_code: Mapped[str | None] = mapped_column(String(40))
    area_code: Mapped[str | None] = mapped_column(String(20))
    office_code: Mapped[str] = mapped_column(String(40))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    successor_code: Mapped[str | None] = mapped_column(String(60))


class WorkingHours(Base):
    """Hours of one season, from a day on: `spans` is [["07:30", "11:30"], …] in local time."""

    __tablename__ = "working_hours"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    valid_from: Mapped[date] = mapped_column(Date)
    months: Mapped[list[Any]]  # 1 to 12
    weekdays: Mapped[list[Any]]  # Monday is 0
    spans: Mapped[list[Any]]


class CalendarCorrection(Base):
    """An extra day off, or a Saturday worked instead: what a country decides late."""

    __tablename__ = "calendar_correction"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    working: Mapped[bool]
    note: Mapped[str] = mapped_column(String(200))


class RoleGrant(Base):
    """One account's role for one office, for a time."""

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint(one_of("role", Role), name="role"),
        Index("ix_role_grant_account", "account_id"),
        Index("ix_role_grant_office", "office_id", "role"),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    role: Mapped[Role] = mapped_column(OneOf(Role, 12))
    since: Mapped[datetime] = mapped_column(default=now)
    until: Mapped[datetime | None]
    deputy_of: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))  # stands in for


class DutyShift(Base):
    """Who is on call for urgent reports, for which office, from when to when."""

    __tablename__ = "duty_shift"
    __table_args__ = (
        CheckConstraint("until > since", name="order"),
        Index("ix_duty_shift_time", "office_id", "since", "until"),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    since: Mapped[datetime]
    until: Mapped[datetime]


class Subscription(Base):
    """A resident's wish to hear of public reports in an area, of a category, or in a circle."""

    __tablename__ = "subscription"
    __table_args__ = (
        CheckConstraint(
            "area_id is not null or category_id is not null or radius_m is not null",
            name="something",
        ),
        CheckConstraint("(radius_m is null) = (lat is null or lng is null)", name="circle"),
        Index("ix_subscription_account", "account_id"),
        Index("ix_subscription_area", "area_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"))
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"))
    lat: Mapped[float | None]
    lng: Mapped[float | None]
    radius_m: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=now)


class Notice(Base):
    """What the centre tells everybody in some areas, for a time: it knows of this already."""

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint(one_of("kind", NoticeKind), name="kind"),
        CheckConstraint("ends_at > starts_at", name="order"),
        CheckConstraint("ends_at <= starts_at + interval '30 days'", name="expiry"),
        CheckConstraint("text_vi <> '' or text_en <> ''", name="something"),
        Index("ix_notice_time", "ends_at", "starts_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[NoticeKind] = mapped_column(OneOf(NoticeKind, 12))
    text_vi: Mapped[str] = mapped_column(String(300), default="")
    text_en: Mapped[str] = mapped_column(String(300), default="")
    areas: Mapped[list[str]] = mapped_column(default=list)  # codes as written; none: all of it
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    withdrawn_at: Mapped[datetime | None]
