"""What a client sent: whose a report is that came through Open311, and by which id they know it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class Open311Request(Base):
    __tablename__ = "open311_request"
    __table_args__ = (
        Index("uq_open311_request_client", "client_id", "client_request_id", unique=True),
    )

    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id"), primary_key=True)
    client_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))  # the client's account
    #: Its own id of the request: by it a repeat is known, and it is the request's token.
    client_request_id: Mapped[str | None] = mapped_column(String(100), index=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary)  # of what was sent, but for who sent it
    at: Mapped[datetime]
