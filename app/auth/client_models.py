"""Tables of API clients: programs of neighbours, each an account of its own with keys."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.clock import now
from app.database import Base

MOST_A_MINUTE = 6_000
MOST_A_DAY = 1_000_000


class ApiClient(Base):
    """What is known of a client beside its account, which has its name."""

    __tablename__ = "api_client"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    contact_email: Mapped[str] = mapped_column(String(254))  # of whoever answers for it
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)


class ApiKey(Base):
    """One key of a client; only its SHA-256 is stored. A client has several while one follows the
    other."""

    __tablename__ = "api_key"
    __table_args__ = (
        CheckConstraint(f"per_minute between 1 and {MOST_A_MINUTE}", name="per_minute"),
        CheckConstraint(f"per_day between 1 and {MOST_A_DAY}", name="per_day"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("api_client.account_id"), index=True)
    sha256: Mapped[bytes] = mapped_column(unique=True)
    shown: Mapped[str] = mapped_column(String(16))  # how it begins, by which people know it
    label: Mapped[str] = mapped_column(String(80), default="")
    scopes: Mapped[list[str]]
    per_minute: Mapped[int]
    per_day: Mapped[int]
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class ApiKeyUse(Base):
    """How often a key was used on one day of the city; what its limits are held against."""

    __tablename__ = "api_key_use"

    key_id: Mapped[UUID] = mapped_column(ForeignKey("api_key.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    requests: Mapped[int]  # let in
    refused: Mapped[int]  # beyond a limit
    minute: Mapped[datetime]  # the one that `in_minute` counts
    in_minute: Mapped[int]
    last_at: Mapped[datetime]
