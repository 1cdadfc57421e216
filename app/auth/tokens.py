"""Bearer tokens: 32 random bytes, of which only the SHA-256 is stored.

Nothing is written when a token is used, but for a phone's that is past half its life: it is
renewed, so that nobody who keeps using the app has to sign in again.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, delete, select, update

from app.auth import demo
from app.auth.models import Account, AccountKind, Token
from app.clock import now
from app.database import db, reading

LIFETIMES = {
    AccountKind.GUEST: timedelta(days=400),
    AccountKind.ANONYMOUS: timedelta(days=3650),  # the phone's only way back to its report
    AccountKind.RESIDENT: timedelta(days=180),
    AccountKind.OFFICIAL: timedelta(hours=12),  # a working day; never renewed
}
_RENEWED = frozenset({AccountKind.GUEST, AccountKind.ANONYMOUS, AccountKind.RESIDENT})
_LONGEST = 200

_account, _token = Account.__table__.c, Token.__table__.c
_FIND = (
    select(
        _account.id,
        _account.kind,
        _account.locale,
        _token.expires_at,
        _account.totp_since.is_not(None),
        _account.name,
    )
    .join_from(Token.__table__, Account.__table__, _token.account_id == _account.id)
    .where(
        _token.sha256 == bindparam("sha256"),
        _token.expires_at > bindparam("at"),
        _token.revoked_at.is_(None),
        _account.disabled_at.is_(None),
    )
)
_FIND_IN_A_REAL_CITY = _FIND.where(demo.is_nobody_of_a_demo(_account.email))


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever sent this request, as their token says."""

    account_id: UUID
    kind: AccountKind
    locale: str
    token_sha256: bytes = field(repr=False)
    expires_at: datetime | None = field(default=None, repr=False, compare=False)
    second_factor: bool = field(default=False, repr=False, compare=False)  # is theirs set up?
    name: str | None = field(default=None, repr=False, compare=False)  # an official's


def issue(account: Account, *, at: datetime | None = None) -> str:
    """A new token for an account. It is never seen again: only its SHA-256 is kept."""
    token, since = secrets.token_urlsafe(32), at or now()
    db.session.add(
        Token(
            sha256=_digest(token),
            account_id=account.id,
            created_at=since,
            expires_at=since + LIFETIMES[account.kind],
        )
    )
    db.session.flush()
    return token


def find(token: str, *, at: datetime | None = None) -> Caller | None:
    """Whose live token this is, in one statement. The hot path of every signed-in request."""
    if len(token) > _LONGEST:
        return None
    digest = _digest(token)
    query = _FIND_IN_A_REAL_CITY if demo.is_real_city() else _FIND
    with reading() as connection:
        row = connection.execute(query, {"sha256": digest, "at": at or now()}).one_or_none()
    if row is None:
        return None
    account_id, kind, locale, *more = row
    return Caller(account_id, AccountKind(kind), locale, digest, *more)


def is_past_half(caller: Caller, at: datetime) -> bool:
    """Has this token, of a kind that is renewed, less than half its life left?"""
    if caller.kind not in _RENEWED or caller.expires_at is None:
        return False
    return caller.expires_at - at < LIFETIMES[caller.kind] / 2


def renew(caller: Caller, at: datetime) -> None:
    db.session.execute(
        update(Token)
        .where(Token.sha256 == caller.token_sha256)
        .values(expires_at=at + LIFETIMES[caller.kind])
    )


def sessions_of(account_id: UUID, *, at: datetime) -> Sequence[Token]:
    """Where somebody is signed in: their live tokens, newest first."""
    live = Token.account_id == account_id, Token.expires_at > at, Token.revoked_at.is_(None)
    return db.session.scalars(select(Token).where(*live).order_by(Token.created_at.desc())).all()


def forget(digest: bytes) -> None:
    """End one token, row and all; again is the same. Kept marked, it would tell when: and who ends
    several at one moment has told that they are one person's."""
    db.session.execute(delete(Token).where(Token.sha256 == digest))


def revoke_all(account_id: UUID, *, at: datetime | None = None) -> None:
    """Kill every token of an account: dead at the next request."""
    _revoke(Token.account_id == account_id, at or now())


def revoke_others(caller: Caller, *, at: datetime | None = None) -> None:
    """Kill every token of the caller's account but the one of this request."""
    others = Token.account_id == caller.account_id, Token.sha256 != caller.token_sha256
    _revoke(and_(*others), at or now())


def _revoke(which: ColumnElement[bool], at: datetime) -> None:
    db.session.execute(update(Token).where(which, Token.revoked_at.is_(None)).values(revoked_at=at))


def _digest(token: str) -> bytes:
    return sha256(token.encode("utf-8", "surrogatepass")).digest()
