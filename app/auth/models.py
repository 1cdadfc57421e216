"""Accounts and what proves them. Names, phones and addresses of residents are not here: they
live behind `reports.identity`, encrypted. Officials act by name, so theirs is.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.clock import now
from app.database import Base, OneOf


class AccountKind(StrEnum):
    GUEST = "guest"  # a phone that has not signed in
    ANONYMOUS = "anonymous"  # made for one report alone, never joined to another account
    RESIDENT = "resident"  # signed in by phone number or Firebase
    OFFICIAL = "official"  # works for the city; roles say where
    CLIENT = "client"  # a program of a neighbour, by its keys: see `client_models`
    SYSTEM = "system"  # the house itself, for automatic steps


def one_of(column: str, values: type[StrEnum]) -> str:
    """The SQL of a CHECK that a text column holds one of an enum's values."""
    return f"{column} in ({', '.join(repr(str(value)) for value in values)})"


class Account(Base):
    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint(one_of("kind", AccountKind), name="kind"),
        Index("uq_account_email", text("lower(email)"), unique=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    kind: Mapped[AccountKind] = mapped_column(OneOf(AccountKind, 12))
    locale: Mapped[str] = mapped_column(String(5), default="vi")
    created_at: Mapped[datetime] = mapped_column(default=now)
    disabled_at: Mapped[datetime | None]
    joined_to: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), index=True)
    email: Mapped[str | None] = mapped_column(String(254))  # officials only
    name: Mapped[str | None] = mapped_column(String(120))  # officials and clients only
    password_hash: Mapped[str | None] = mapped_column(String(200))
    totp_key: Mapped[bytes | None]  # sealed; see `totp`
    totp_since: Mapped[datetime | None]  # confirmed by a first code; until then it is not asked for
    totp_step: Mapped[int | None] = mapped_column(BigInteger)  # of the last code: none serves twice


class Token(Base):
    """A bearer token; only its SHA-256 is stored."""

    __tablename__ = "token"

    sha256: Mapped[bytes] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class SignInPlace(Base):
    """A network from which an official signed in: an HMAC, forgotten after 30 days."""

    __tablename__ = "sign_in_place"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    place: Mapped[bytes] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime]


class OneTimeCode(Base):
    """A code sent to a phone: alive for ten minutes, for one use, for five tries."""

    __tablename__ = "one_time_code"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    recipient: Mapped[bytes] = mapped_column(index=True)  # HMAC of the phone number
    code_hmac: Mapped[bytes]
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """For an official whose phone is gone: one use in place of a code."""

    __tablename__ = "recovery_code"

    code_hmac: Mapped[bytes] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    used_at: Mapped[datetime | None]


class PasswordLetter(Base):
    """A letter by which an official chooses a new password; only its SHA-256 is kept."""

    __tablename__ = "password_letter"

    sha256: Mapped[bytes] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Counter(Base):
    """How often something happened in a window: limits that hold across processes."""

    __tablename__ = "counter"

    key: Mapped[bytes] = mapped_column(primary_key=True)  # HMAC of what is counted
    window_start: Mapped[datetime] = mapped_column(primary_key=True)
    count: Mapped[int]


class AuditEntry(Base):
    """One act worth answering for: ids and field names, never values; chained by hash."""

    __tablename__ = "audit_entry"

    # The place in the chain, given by `app.audit`: without gaps, so no sequence.
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None]
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(80), index=True)
    fields: Mapped[list[str]]
    reason: Mapped[str | None] = mapped_column(String(500))
    previous: Mapped[bytes]
    hash: Mapped[bytes]


class AuditHead(Base):
    """One row: how long the chain is and where it ends, sealed, so that a cut end shows."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False, default=1)
    entries: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[bytes]  # of the last entry
    seal: Mapped[bytes]
