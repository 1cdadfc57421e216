"""Keys of API clients: whose a key is, what it may do, how often, and how often it was used.

A key is `xom_` and 32 random bytes; only its SHA-256 is stored. Its use is counted with each
request by one statement of its own, outside the request's transaction: the limits hold on every
host, and what is refused or rolled back counts too (docs/adr/0036).
"""

import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import has_request_context, request
from sqlalchemy import ColumnElement, Integer, bindparam, case, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from app.auth.client_models import ApiKey, ApiKeyUse
from app.auth.key_errors import KeyLimitReached, KeyMissing, KeyRefused, ScopeMissing
from app.auth.models import Account, AccountKind
from app.auth.ports import ports
from app.auth.scopes import Scope
from app.auth.tokens import Caller
from app.clock import now
from app.database import reading
from app.limits import tell

PREFIX = "xom_"
#: So much of a key is kept readable, for people to tell one from another.
SHOWN = len(PREFIX) + 8
_LONGEST = 200
_ADMITTED = "xom.api_key"  # in a request's environ: who was let in, by the key's digest

_account, _key, _use = Account.__table__.c, ApiKey.__table__.c, ApiKeyUse.__table__.c


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiCaller(Caller):
    """A program that sent a key. The roles that its client holds count in a request that it
    entered by a scope (`entered_by`), and nowhere else."""

    key_id: UUID
    scopes: frozenset[Scope]
    per_minute: int = field(repr=False)
    per_day: int = field(repr=False)
    entered_by: Scope | None = None


def new_key() -> tuple[str, bytes, str]:
    """A key's text, never to be seen again; what is kept of it; how it begins."""
    text = PREFIX + secrets.token_urlsafe(32)
    return text, digest(text), text[:SHOWN]


def digest(text: str) -> bytes:
    return sha256(text.encode("utf-8", "surrogatepass")).digest()


def looks_like_one(text: str) -> bool:
    return text.startswith(PREFIX)


_FIND = (
    select(
        _account.id,
        _account.locale,
        _account.name,
        _key.sha256,
        _key.id.label("key_id"),
        _key.scopes,
        _key.per_minute,
        _key.per_day,
        _key.expires_at,
    )
    .join_from(ApiKey.__table__, Account.__table__, _key.account_id == _account.id)
    .where(
        _key.sha256 == bindparam("sha256"),
        _key.revoked_at.is_(None),
        or_(_key.expires_at.is_(None), _key.expires_at > bindparam("at")),
        _account.disabled_at.is_(None),
    )
)


def find(text: str, *, at: datetime | None = None) -> ApiCaller | None:
    """Whose live key this is, in one statement. Nothing is counted: see `admit` and `require`."""
    if not looks_like_one(text) or len(text) > _LONGEST:
        return None
    with reading() as connection:
        found = connection.execute(_FIND, {"sha256": digest(text), "at": at or now()})
        row = found.one_or_none()
    if row is None:
        return None
    return ApiCaller(
        account_id=row.id,
        kind=AccountKind.CLIENT,
        locale=row.locale,
        token_sha256=row.sha256,
        expires_at=row.expires_at,
        name=row.name,
        key_id=row.key_id,
        scopes=frozenset(Scope(one) for one in row.scopes if one in set(Scope)),
        per_minute=row.per_minute,
        per_day=row.per_day,
    )


def admit(text: str, scope: Scope | None = None, *, at: datetime | None = None) -> ApiCaller:
    """Who sends this key, counted once a request; by `scope`, if they have it, with their roles.

    Raises KeyRefused (unknown, expired, revoked, or its client is closed) and KeyLimitReached.
    """
    at = at or now()
    caller = _admitted(text) or find(text, at=at)
    if caller is None:
        raise KeyRefused
    if _admitted(text) is None:
        _count(caller, at)
        _remember(caller)
    return replace(caller, entered_by=scope if scope in caller.scopes else None)


def require(text: str | None, scope: Scope, *, at: datetime | None = None) -> ApiCaller:
    """Who sends this key and has this scope. Raises KeyMissing, ScopeMissing, and as `admit`."""
    if not text:
        raise KeyMissing
    caller = admit(text, scope, at=at)
    if caller.entered_by is None:
        raise ScopeMissing(scope=str(scope))
    return caller


def _admitted(text: str) -> ApiCaller | None:
    """Who this request was let in as before, so that no request is counted twice."""
    if not has_request_context():
        return None
    known: ApiCaller | None = request.environ.get(_ADMITTED)
    return known if known and known.token_sha256 == digest(text) else None


def _remember(caller: ApiCaller) -> None:
    if has_request_context():
        request.environ[_ADMITTED] = caller


# Counting --------------------------------------------------------------------------------------

_new = insert(ApiKeyUse).values(
    key_id=bindparam("key"),
    day=bindparam("of_day"),
    requests=1,
    refused=0,
    minute=bindparam("of_minute"),
    in_minute=1,
    last_at=bindparam("at"),
)
_same_minute: ColumnElement[bool] = _use.minute == _new.excluded.minute
#: No row comes back from it when a limit is reached.
_COUNT = _new.on_conflict_do_update(
    index_elements=[_use.key_id, _use.day],
    set_={
        "requests": _use.requests + 1,
        "in_minute": case((_same_minute, _use.in_minute + 1), else_=1),
        "minute": _new.excluded.minute,
        "last_at": _new.excluded.last_at,
    },
    where=(~_same_minute | (_use.in_minute < bindparam("per_minute", type_=Integer)))
    & (_use.requests < bindparam("per_day", type_=Integer)),
).returning(_use.requests, _use.in_minute)
_REFUSE = (
    update(ApiKeyUse)
    .where(_use.key_id == bindparam("key"), _use.day == bindparam("of_day"))
    .values(refused=_use.refused + 1)
    .returning(_use.requests)
)


def _count(caller: ApiCaller, at: datetime) -> None:
    """One more request of this key; raises KeyLimitReached. The answer's headers tell how many are
    left."""
    local = at.astimezone(ZoneInfo(ports().timezone()))
    of_use: dict[str, Any] = {"key": caller.key_id, "of_day": local.date()}
    limits = {"per_minute": caller.per_minute, "per_day": caller.per_day}
    minute = at.replace(second=0, microsecond=0)
    with reading() as connection:
        row = connection.execute(
            _COUNT, {**of_use, **limits, "of_minute": minute, "at": at}
        ).one_or_none()
        used = row.requests if row else connection.execute(_REFUSE, of_use).scalar_one()
    this_minute, this_day = 60 - at.second, _seconds_to_midnight(local)
    if row is None:
        by_day = used >= caller.per_day
        most, wait = (caller.per_day, this_day) if by_day else (caller.per_minute, this_minute)
        tell(most, left=0, ends_in=wait)
        raise KeyLimitReached(most=most, retry_after=wait)
    tell(caller.per_minute, left=caller.per_minute - row.in_minute, ends_in=this_minute)
    tell(caller.per_day, left=caller.per_day - used, ends_in=this_day)


def _seconds_to_midnight(local: datetime) -> int:
    tomorrow = datetime.combine(local.date() + timedelta(days=1), datetime.min.time(), local.tzinfo)
    return max(1, int((tomorrow - local).total_seconds()))
