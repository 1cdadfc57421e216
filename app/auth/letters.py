"""Letters that open something for an official: sent after the commit, outside any transaction; and
the one that lets them choose a new password.

Of a link only the SHA-256 of its secret is kept, so nobody can be sent the same one again.
"""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

import structlog
from sqlalchemy import select, update

from app.auth import accounts
from app.auth.errors import AddressRefused, CodeNotSent, LetterGone
from app.auth.models import Account, PasswordLetter
from app.auth.otp import Letter
from app.auth.ports import ports
from app.database import db

log = structlog.get_logger()

LIFETIME = timedelta(hours=24)  # of a letter for a new password
_LONGEST = 100


def send(letter: Letter) -> bool:
    """By the city's mail; False when it has none, or the server did not take it."""
    sender = ports().mail_code
    if sender is None:
        return False
    try:
        sender.send(letter.recipient, letter.text)
    except (CodeNotSent, AddressRefused):
        log.warning("a letter to an official was not sent")
        return False
    return True


def new_secret() -> tuple[str, bytes]:
    """What stands in the link, and what is kept of it."""
    secret = secrets.token_urlsafe(32)
    return secret, fingerprint(secret)


def fingerprint(secret: str) -> bytes:
    return sha256(secret[:_LONGEST].encode("utf-8", "surrogatepass")).digest()


def write_for_password(account: Account, *, at: datetime) -> str:
    """A new letter's secret; those before are dead. The old password works meanwhile. Flushes."""
    db.session.execute(
        update(PasswordLetter)
        .where(PasswordLetter.account_id == account.id, PasswordLetter.used_at.is_(None))
        .values(used_at=at)
    )
    secret, kept = new_secret()
    db.session.add(
        PasswordLetter(sha256=kept, account_id=account.id, created_at=at, expires_at=at + LIFETIME)
    )
    db.session.flush()
    return secret


def whose_password(secret: str, *, at: datetime) -> Account:
    """Who may choose a password by this letter; raises LetterGone."""
    return _letter(secret, at=at, locked=False)[1]


def choose_password(secret: str, password: str, *, at: datetime) -> Account:
    """Once. Every session of theirs ends. Flushes. Raises LetterGone, WeakPassword."""
    letter, account = _letter(secret, at=at, locked=True)
    accounts.set_password(account, password, at=at)
    letter.used_at = at
    db.session.flush()
    return account


def _letter(secret: str, *, at: datetime, locked: bool) -> tuple[PasswordLetter, Account]:
    query = (
        select(PasswordLetter, Account)
        .join(Account, Account.id == PasswordLetter.account_id)
        .where(
            PasswordLetter.sha256 == fingerprint(secret),
            PasswordLetter.expires_at > at,
            PasswordLetter.used_at.is_(None),
            Account.disabled_at.is_(None),
        )
    )
    if locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = db.session.execute(query).one_or_none()
    if found is None:
        raise LetterGone
    return found[0], found[1]
