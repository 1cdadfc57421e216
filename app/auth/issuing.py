"""The keys of API clients: issued, changed, replaced, revoked, put back; and how much each is used.
Each act is in the audit log, where a key is named by how it begins. Flushes, never commits.

Ids are made by the caller: a repeat is answered with what is here, but a key's text is shown once.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from app.auth import api_keys
from app.auth.api_clients import client, record
from app.auth.client_models import ApiKey, ApiKeyUse
from app.auth.key_errors import (
    EnoughKeys,
    KeyEndsInThePast,
    KeyGone,
    NoSuchClient,
    SameIdOtherKey,
)
from app.auth.models import Account
from app.auth.ports import ports
from app.auth.scopes import Scope
from app.database import db

PER_MINUTE = 60
PER_DAY = 10_000
#: How long a replaced key goes on beside the new one, unless told otherwise.
OVERLAP = timedelta(days=7)
#: For how long a revoked key can be put back: a slip is noticed sooner, a leak should stay closed.
PUT_BACK_WITHIN = timedelta(hours=24)
MOST_LIVE_KEYS = 20
#: For how long it is known how much a key was used.
USE_REMEMBERED = timedelta(days=400)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyTerms:
    """What a key is for, and how often it may be used. `expires_at` None: until it is revoked."""

    label: str = ""
    scopes: frozenset[Scope]
    per_minute: int = PER_MINUTE
    per_day: int = PER_DAY
    expires_at: datetime | None = None


def issue(
    client_id: UUID, key_id: UUID, terms: KeyTerms, *, by: UUID | None, at: datetime
) -> tuple[ApiKey, str | None]:
    """A new key and its text, which is kept nowhere; no text for a repeat.

    Raises NoSuchClient, KeyEndsInThePast, EnoughKeys, SameIdOtherKey.
    """
    found = client(client_id, locked=True)
    if (known := db.session.get(ApiKey, key_id)) is not None:
        if known.account_id != client_id or terms_of(known) != terms:
            raise SameIdOtherKey
        return known, None
    _require_ahead(terms.expires_at, at)
    if sum(is_live(key, at) for key in found.keys) >= MOST_LIVE_KEYS:
        raise EnoughKeys(most=MOST_LIVE_KEYS)
    key, text = _added(client_id, key_id, terms, by, at)
    record("api_key.issue", client_id, by, at, "key", reason=key.shown)
    return key, text


def change_key(
    client_id: UUID, key_id: UUID, terms: KeyTerms, *, by: UUID | None, at: datetime
) -> bool:
    """Other scopes, limits, label or end; False when nothing differs. Its text stays.

    Raises NoSuchClient (of a key that is not there too), KeyGone, KeyEndsInThePast.
    """
    key = key_of(client_id, key_id, locked=True)
    before = terms_of(key)
    if before == terms:
        return False
    if not is_live(key, at):
        raise KeyGone
    if terms.expires_at != before.expires_at:
        _require_ahead(terms.expires_at, at)
    _set_terms(key, terms)
    changed = [name for name in _TERMS if getattr(before, name) != getattr(terms, name)]
    record("api_key.change", client_id, by, at, *changed, reason=key.shown)
    return True


def replace_key(
    client_id: UUID,
    key_id: UUID,
    new_id: UUID,
    *,
    overlap: timedelta = OVERLAP,
    by: UUID | None,
    at: datetime,
) -> tuple[ApiKey, str | None]:
    """A key of the same terms in place of one, which goes on for `overlap` beside it. The new one
    ends when the old one was to end. Raises NoSuchClient, KeyGone, SameIdOtherKey, EnoughKeys.
    """
    old = key_of(client_id, key_id, locked=True)
    if (known := db.session.get(ApiKey, new_id)) is not None:
        if known.account_id != client_id or known.id == key_id:
            raise SameIdOtherKey
        return known, None
    if not is_live(old, at):
        raise KeyGone
    new, text = issue(client_id, new_id, terms_of(old), by=by, at=at)
    ends = at + overlap
    old.expires_at = min(old.expires_at, ends) if old.expires_at else ends
    record("api_key.replace", client_id, by, at, "expires_at", reason=old.shown)
    return new, text


def revoke(client_id: UUID, key_id: UUID, *, by: UUID | None, at: datetime) -> bool:
    """It works no more, from the next request on; False when it was revoked before."""
    key = key_of(client_id, key_id, locked=True)
    if key.revoked_at is not None:
        return False
    key.revoked_at = at
    record("api_key.revoke", client_id, by, at, "revoked_at", reason=key.shown)
    return True


def put_back(client_id: UUID, key_id: UUID, *, by: UUID | None, at: datetime) -> bool:
    """Undo a revocation within a day; False when it is not revoked. Raises KeyGone."""
    key = key_of(client_id, key_id, locked=True)
    if key.revoked_at is None:
        return False
    if not can_be_put_back(key, at):
        raise KeyGone
    key.revoked_at = None
    record("api_key.put_back", client_id, by, at, "revoked_at", reason=key.shown)
    return True


def key_of(client_id: UUID, key_id: UUID, *, locked: bool = False) -> ApiKey:
    """Raises NoSuchClient, also when the key is another client's."""
    if locked:
        client(client_id, locked=True)  # one after the other: keys are counted
    key = db.session.get(ApiKey, key_id, populate_existing=locked)
    if key is None or key.account_id != client_id:
        raise NoSuchClient
    return key


def is_live(key: ApiKey, at: datetime) -> bool:
    return key.revoked_at is None and (key.expires_at is None or key.expires_at > at)


def may(client_id: UUID, scope: Scope, at: datetime) -> bool:
    """Has this client, if it is open, any live key of this scope?"""
    live = (
        select(ApiKey.id)
        .join(Account, Account.id == ApiKey.account_id)
        .where(
            ApiKey.account_id == client_id,
            ApiKey.scopes.contains([str(scope)]),
            ApiKey.revoked_at.is_(None),
            ApiKey.expires_at.is_(None) | (ApiKey.expires_at > at),
            Account.disabled_at.is_(None),
        )
    )
    return bool(db.session.scalar(select(live.exists())))


def can_be_put_back(key: ApiKey, at: datetime) -> bool:
    """Was it revoked lately, and would it work again?"""
    lately = key.revoked_at is not None and key.revoked_at > at - PUT_BACK_WITHIN
    return lately and (key.expires_at is None or key.expires_at > at)


def terms_of(key: ApiKey) -> KeyTerms:
    return KeyTerms(
        label=key.label,
        scopes=frozenset(Scope(one) for one in key.scopes),
        per_minute=key.per_minute,
        per_day=key.per_day,
        expires_at=key.expires_at,
    )


_TERMS = ("label", "scopes", "per_minute", "per_day", "expires_at")


def _set_terms(key: ApiKey, terms: KeyTerms) -> None:
    key.label = terms.label
    key.scopes = [str(one) for one in Scope if one in terms.scopes]
    key.per_minute, key.per_day = terms.per_minute, terms.per_day
    key.expires_at = terms.expires_at


def _added(
    client_id: UUID, key_id: UUID, terms: KeyTerms, by: UUID | None, at: datetime
) -> tuple[ApiKey, str]:
    text, kept, shown = api_keys.new_key()
    key = ApiKey(
        id=key_id, account_id=client_id, sha256=kept, shown=shown, made_by=by, created_at=at
    )
    _set_terms(key, terms)
    db.session.add(key)
    return key, text


def _require_ahead(expires_at: datetime | None, at: datetime) -> None:
    if expires_at is not None and expires_at <= at:
        raise KeyEndsInThePast


# Usage -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DayOfUse:
    """How often one key was used on one day of the city."""

    key_id: UUID
    day: date
    requests: int
    refused: int


def today(at: datetime) -> date:
    """The city's."""
    return at.astimezone(ZoneInfo(ports().timezone())).date()


def usage(client_id: UUID, *, days: int, at: datetime) -> list[DayOfUse]:
    """The days on which keys of a client were used, oldest first, today included."""
    since = today(at) - timedelta(days=days - 1)
    rows = db.session.execute(
        select(ApiKeyUse.key_id, ApiKeyUse.day, ApiKeyUse.requests, ApiKeyUse.refused)
        .join(ApiKey, ApiKey.id == ApiKeyUse.key_id)
        .where(ApiKey.account_id == client_id, ApiKeyUse.day >= since)
        .order_by(ApiKeyUse.day, ApiKey.created_at, ApiKey.id)
    )
    return [DayOfUse(*row) for row in rows]


def last_used(clients: Collection[UUID]) -> Mapping[UUID, datetime]:
    """When each key of these clients was let in last; those never used are not there."""
    rows = db.session.execute(
        select(ApiKeyUse.key_id, func.max(ApiKeyUse.last_at).label("last_at"))
        .join(ApiKey, ApiKey.id == ApiKeyUse.key_id)
        .where(ApiKey.account_id.in_(clients))
        .group_by(ApiKeyUse.key_id)
    )
    return {one.key_id: one.last_at for one in rows}
