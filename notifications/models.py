"""Tables of what people are told: a message is what one person hears, a delivery is one attempt
to bring it to one device or address.
"""

from datetime import datetime, time
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    SmallInteger,
    String,
    Time,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.auth.models import one_of
from app.clock import now
from app.database import Base, OneOf


class DeviceKind(StrEnum):
    FCM_TOKEN = "fcm_token"
    FCM_FID = "fcm_fid"
    WEBPUSH = "webpush"


class Channel(StrEnum):
    FCM = "fcm"
    WEBPUSH = "webpush"
    EMAIL = "email"
    SMS = "sms"


class Way(StrEnum):
    """How a person may be reached, as they see it: both kinds of push are one."""

    PUSH = "push"
    EMAIL = "email"
    SMS = "sms"


class Choice(StrEnum):
    ALWAYS = "always"
    OTHERWISE = "otherwise"  # only when no device of theirs takes a push
    NEVER = "never"


class DeliveryState(StrEnum):
    DUE = "due"  # waits for its time, or for the worker that claimed it to be done
    SENT = "sent"
    STALE = "stale"  # not sent: overtaken by newer news of its subject, or no longer wanted
    GONE = "gone"  # the device no longer exists
    DEAD = "dead"  # given up; an admin sees it


class Message(Base):
    """One person, one piece of news. `change_id` is what it is about: unique for each person."""

    __tablename__ = "message"
    __table_args__ = (
        Index("uq_message_change_account", "change_id", "account_id", unique=True),
        Index("ix_message_inbox", "account_id", "at", "id"),
        Index("ix_message_subject", "account_id", "subject", "at"),  # is there newer news of it?
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    change_id: Mapped[UUID]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(60))  # what the news is of; the newest wins
    payload: Mapped[dict[str, Any]]
    urgent: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class Device(Base):
    """One installed app. `address` is an FCM token or fid, or a Web Push subscription (JSON)."""

    __tablename__ = "device"
    __table_args__ = (
        CheckConstraint(one_of("kind", DeviceKind), name="kind"),
        Index("ix_device_account", "account_id"),
    )

    installation_id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[DeviceKind] = mapped_column(OneOf(DeviceKind, 10))
    address: Mapped[str] = mapped_column(String(4096))
    address_sha256: Mapped[bytes] = mapped_column(unique=True)
    locale: Mapped[str] = mapped_column(String(5))
    created_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime] = mapped_column(default=now)


class Delivery(Base):
    __tablename__ = "delivery"
    __table_args__ = (
        CheckConstraint(one_of("state", DeliveryState), name="state"),
        CheckConstraint(one_of("channel", Channel), name="channel"),
        Index(
            "uq_delivery_target",
            "message_id",
            "channel",
            "installation_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        Index(
            "ix_delivery_due",
            text("urgent desc"),
            "due_at",
            postgresql_where=text("state = 'due'"),
        ),
        Index("ix_delivery_dead", "done_at", "id", postgresql_where=text("state = 'dead'")),
        Index("ix_delivery_done", "done_at", postgresql_using="brin"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    message_id: Mapped[UUID] = mapped_column(ForeignKey("message.id"))
    channel: Mapped[Channel] = mapped_column(OneOf(Channel, 8))
    installation_id: Mapped[UUID | None]  # no foreign key: devices are forgotten, history stays
    urgent: Mapped[bool] = mapped_column(default=False)  # as its message; goes first
    state: Mapped[DeliveryState] = mapped_column(OneOf(DeliveryState, 6), default=DeliveryState.DUE)
    due_at: Mapped[datetime]  # a claim moves it ahead; a killed worker's claim comes due again
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)
    done_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(300))


class Preference(Base):
    """A person's choice for one group of news and one way; without a row the default holds."""

    __tablename__ = "preference"
    __table_args__ = (
        CheckConstraint(one_of("way", Way), name="way"),
        CheckConstraint(one_of("choice", Choice), name="choice"),
    )

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    group: Mapped[str] = mapped_column(String(20), primary_key=True)
    way: Mapped[Way] = mapped_column(OneOf(Way, 8), primary_key=True)
    choice: Mapped[Choice] = mapped_column(OneOf(Choice, 10))


class MailDigest(Base):
    """An official who has the mail about their work gathered into one letter a working day, at a
    local hour. Without a row each letter leaves by itself. What is urgent always does.
    """

    __tablename__ = "mail_digest"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    at: Mapped[time] = mapped_column(Time)
    told_until: Mapped[datetime]  # what was new by then has been told


class QuietHours(Base):
    """Local hours in which nothing but urgent news is sent. `since` may be after `until`; equal
    ones mean none at all, which is a choice too: without a row the default holds.
    """

    __tablename__ = "quiet_hours"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    since: Mapped[time] = mapped_column(Time)
    until: Mapped[time] = mapped_column(Time)
