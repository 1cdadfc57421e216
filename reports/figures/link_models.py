"""The table of permanent links."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class FigureLink(Base):
    """One frozen answer. A trigger refuses to change or delete it."""

    __tablename__ = "figure_link"

    token: Mapped[str] = mapped_column(String(24), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))  # who made it
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))  # whose figures; all
    asked: Mapped[dict[str, Any]]  # as the API takes it
    definitions_version: Mapped[int] = mapped_column(SmallInteger)
    as_of: Mapped[datetime]
    created_at: Mapped[datetime]
    answer: Mapped[bytes] = mapped_column(LargeBinary)  # JSON, byte for byte as it is answered
