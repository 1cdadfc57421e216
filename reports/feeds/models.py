"""The table of calendars that officials have subscribed to."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.clock import now
from app.database import Base


class CalendarLink(Base):
    """An official's secret address of an office's deadlines; only its SHA-256 is stored."""

    __tablename__ = "calendar_link"
    __table_args__ = (
        Index(
            "ix_calendar_link_account",
            "account_id",
            postgresql_where=text("revoked_at is null"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    mine: Mapped[bool] = mapped_column(default=False)  # what is given to them alone
    name: Mapped[str] = mapped_column(String(60), default="")  # where they use it, in their words
    sha256: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    read_at: Mapped[datetime | None]  # lately, to the hour
    revoked_at: Mapped[datetime | None]
