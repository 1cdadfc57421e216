"""Tables of what is told to other systems: endpoints, events, and each attempt to bring the one to
the other.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.auth.models import one_of
from app.clock import now
from app.database import Base, OneOf

PUBLIC = "public"  # the reader of whoever reads what anyone may
TEST = "webhook.test"  # the event that somebody asked for, to see whether it arrives


class OffBecause(StrEnum):
    """Why an endpoint is told nothing."""

    HAND = "hand"  # somebody switched it off
    FAILING = "failing"  # nothing arrived there for days
    GONE = "gone"  # it answered 410
    REVOKED = "revoked"  # the client that made it may have it no longer


class TellingState(StrEnum):
    DUE = "due"  # waits for its time, or for the worker that claimed it to be done
    SENT = "sent"
    STALE = "stale"  # not sent: by then not its reader's to know
    DEAD = "dead"  # given up; may be replayed


class WebhookEndpoint(Base):
    """Where events are sent. `reader` is as whom it reads: `public`, or `office:<id>`."""

    __tablename__ = "webhook_endpoint"
    __table_args__ = (CheckConstraint(one_of("off_because", OffBecause), name="off_because"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)  # made by the caller
    reader: Mapped[str] = mapped_column(String(40), index=True)
    url: Mapped[str] = mapped_column(String(2000))
    description: Mapped[str] = mapped_column(String(120), default="")
    events: Mapped[list[str]] = mapped_column(ARRAY(String(40)), default=list)  # empty: all
    locale: Mapped[str] = mapped_column(String(5), default="vi")  # of names in bodies
    made_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime] = mapped_column(default=now)

    secret: Mapped[bytes] = mapped_column(LargeBinary)  # sealed: see `signing`
    # Those before it, each with its end, sealed together; and the last of those ends.
    old_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    old_secret_until: Mapped[datetime | None]

    off_at: Mapped[datetime | None]
    off_because: Mapped[OffBecause | None] = mapped_column(OneOf(OffBecause, 8))
    failing_since: Mapped[datetime | None]  # the first failure after the last success
    failures: Mapped[int] = mapped_column(Integer, default=0)  # since then
    failed_days: Mapped[int] = mapped_column(SmallInteger, default=0)  # … and on how many days
    failed_at: Mapped[datetime | None]  # the last of them
    rests_until: Mapped[datetime | None]  # asked nothing before, after a failure
    lent_until: Mapped[datetime | None]  # a worker has it, and no other asks it before
    last_ok_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]  # nobody's any more: swept with what was sent to it


class WebhookEvent(Base):
    """Something that happened, once for all who are told of it. `facts` holds nobody's words."""

    __tablename__ = "webhook_event"
    __table_args__ = (Index("ix_webhook_event_at", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    #: Grows over all events. Those of one subject are numbered in the order in which they happened.
    sequence: Mapped[int] = mapped_column(BigInteger, Identity(), unique=True)
    type: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(60))  # what it is of: `report:<id>`
    readers: Mapped[list[str]] = mapped_column(ARRAY(String(40)))  # whose to know
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime]


class WebhookDelivery(Base):
    """One event on its way to one endpoint, and how it was answered last."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        CheckConstraint(one_of("state", TellingState), name="state"),
        Index("uq_webhook_delivery_event", "event_id", "endpoint_id", unique=True),
        Index(
            "ix_webhook_delivery_due",
            "endpoint_id",
            "due_at",
            "id",
            postgresql_where=text("state = 'due'"),
        ),
        Index("ix_webhook_delivery_page", "endpoint_id", "id"),
        Index("ix_webhook_delivery_dead", "endpoint_id", postgresql_where=text("state = 'dead'")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("webhook_event.id", ondelete="CASCADE"))
    endpoint_id: Mapped[UUID] = mapped_column(ForeignKey("webhook_endpoint.id", ondelete="CASCADE"))
    state: Mapped[TellingState] = mapped_column(OneOf(TellingState, 6), default=TellingState.DUE)
    due_at: Mapped[datetime]  # a claim moves it ahead; a killed worker's claim comes due again
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)
    done_at: Mapped[datetime | None]
    tried_at: Mapped[datetime | None]
    took_ms: Mapped[int | None]
    status: Mapped[int | None] = mapped_column(SmallInteger)  # of the last answer
    error: Mapped[str | None] = mapped_column(String(200))
