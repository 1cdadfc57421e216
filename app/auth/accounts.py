"""Accounts: made, joined, disabled; and officials' sign-in by password. Flushes, never commits."""

import re
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update

from app.addresses import network_of
from app.auth import demo, passwords, tokens, totp, tries
from app.auth.errors import (
    AccountDisabled,
    EmailTaken,
    NoSuchOfficial,
    NotAnEmail,
    SecondCodeNeeded,
    WrongPassword,
)
from app.auth.guards import Caller
from app.auth.models import Account, AccountKind
from app.auth.ports import ports
from app.clock import now
from app.database import db

#: The house itself, for automatic steps; its row comes with the migrations.
SYSTEM_ACCOUNT_ID = UUID("00000000-0000-0000-0000-000000000001")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


def create_guest(locale: str, *, anonymous: bool = False) -> Account:
    """A phone that has not signed in; `anonymous`: one made for a single report, never joined."""
    return _added(Account(kind=AccountKind.ANONYMOUS if anonymous else AccountKind.GUEST), locale)


def create_resident(locale: str) -> Account:
    return _added(Account(kind=AccountKind.RESIDENT), locale)


def create_official(email: str, name: str, password: str | None = None) -> Account:
    """An official's account, without any role yet; raises EmailTaken, NotAnEmail, WeakPassword."""
    email = plain_email(email)
    if official_by_email(email):
        raise EmailTaken
    hashed = passwords.hashed(password) if password is not None else None
    account = Account(kind=AccountKind.OFFICIAL, email=email, name=name, password_hash=hashed)
    return _added(account, "vi")


def plain_email(email: str, *, field: str = "email") -> str:
    """An address of somebody at work as it is kept; raises NotAnEmail."""
    email = _plain(email)
    if not _EMAIL.fullmatch(email) or len(email) > 254:
        raise NotAnEmail(field=field)
    return email


def official_by_email(email: str) -> Account | None:
    return db.session.scalar(select(Account).where(func.lower(Account.email) == _plain(email)))


def official(email: str) -> Account:
    """The official with this address; raises NoSuchOfficial."""
    account = official_by_email(email)
    if account is None:
        raise NoSuchOfficial(email=email)
    return account


def officials() -> Sequence[Account]:
    query = select(Account).where(Account.kind == AccountKind.OFFICIAL).order_by(Account.email)
    return db.session.scalars(query).all()


def check_password(
    email: str,
    password: str,
    *,
    code: str | None = None,
    address: str | None,
    at: datetime | None = None,
) -> Account:
    """The official with this password, and with this code where the account asks for one.

    Raises what `known_by_password` and `totp.check` do, and SecondCodeNeeded.
    """
    at = at or now()
    account = known_by_password(email, password, address=address, at=at)
    if totp.is_on(account):
        if not code:
            raise SecondCodeNeeded
        totp.check(account, code, address=address, at=at)
    note_sign_in(account, address=address, at=at)
    return account


def note_sign_in(account: Account, *, address: str | None, at: datetime) -> None:
    """All that is asked for was given: this place is one of theirs."""
    tries.note_success(account, _plain(account.email or ""), network_of(address), at)


def known_by_password(
    email: str, password: str, *, address: str | None, at: datetime | None = None
) -> Account:
    """The official with this password, whom a second factor may still be asked of. Only for who
    asks: all others call `check_password`. Raises WrongPassword, LockedOut, AccountDisabled.

    An unknown address takes as long and says the same as a wrong password, and so does a demo's
    official in a real city.
    """
    at, email, network = at or now(), _plain(email), network_of(address)
    tries.count_try(email, network, at)
    account = official_by_email(email)
    if not passwords.matches(account.password_hash if account else None, password) or not account:
        raise WrongPassword
    if demo.is_shut_out(account):
        raise WrongPassword
    if account.disabled_at:
        raise AccountDisabled
    tries.forgive(email, network)
    if passwords.is_outdated(account.password_hash or ""):
        account.password_hash = passwords.hashed(password)
    return account


def set_password(
    account: Account, password: str, *, keep: Caller | None = None, at: datetime | None = None
) -> None:
    """Change an official's password: whoever was signed in with the old one is out, but for the
    session that does it (`keep`)."""
    account.password_hash = passwords.hashed(password)
    if keep:
        tokens.revoke_others(keep, at=at)
    else:
        tokens.revoke_all(account.id, at=at)
    db.session.flush()


def disable(account: Account, *, at: datetime | None = None) -> None:
    """Close an account: tokens and devices are dead at the next request. Again is the same."""
    at = at or now()
    account.disabled_at = account.disabled_at or at
    tokens.revoke_all(account.id, at=at)
    for forget in ports().on_disable:
        forget(account.id)
    db.session.flush()


def enable(account: Account) -> None:
    account.disabled_at = None
    db.session.flush()


def join_guest(guest_id: UUID, account_id: UUID, *, at: datetime | None = None) -> bool:
    """Move what a guest had to the account it signed in to; False when it had moved before.

    An account made for one anonymous report is never joined. What the guest is sending in this
    very moment comes along: rows that name the guest hold its row until their commit, so the lock
    waits for them; and those that come later wait for the lock, then name the account instead
    (`reports.ownership.now_of`).
    """
    db.session.execute(select(Account.id).where(Account.id == guest_id).with_for_update())
    moved = db.session.scalar(
        update(Account)
        .where(
            Account.id == guest_id,
            Account.kind == AccountKind.GUEST,
            Account.joined_to.is_(None),
        )
        .values(joined_to=account_id)
        .returning(Account.id)
    )
    if moved is None:
        return False
    tokens.revoke_all(guest_id, at=at)
    for move in ports().join:
        move(guest_id, account_id)
    db.session.flush()
    return True


def _added(account: Account, locale: str) -> Account:
    account.locale = locale
    db.session.add(account)
    db.session.flush()
    return account


def _plain(email: str) -> str:
    return email.strip().lower()
