"""Between the two pages of a sign-in: a ticket says that the password was right a moment ago.

It opens nothing by itself, and dies with the password that it was given for.
"""

import hmac
from datetime import UTC, datetime, timedelta
from uuid import UUID

from app.auth.models import Account
from app.database import db
from app.keys import session_key

LIFETIME = timedelta(minutes=5)


def issue(account: Account, *, at: datetime) -> str:
    """For whoever has just given the right password."""
    said = f"{account.id.hex}.{int((at + LIFETIME).timestamp())}"
    return f"{said}.{_sign(said, account)}"


def holder(ticket: str, *, at: datetime) -> Account | None:
    """Whose ticket this is, if it is one of ours, of now, and the account is open."""
    said, _, signature = ticket.rpartition(".")
    name, _, expires = said.partition(".")
    if not (ticket.isascii() and len(name) == 32 and expires.isdecimal() and len(expires) < 15):
        return None
    if datetime.fromtimestamp(int(expires), UTC) <= at:
        return None
    account = _account(name)
    if account is None or account.disabled_at:
        return None
    return account if hmac.compare_digest(signature, _sign(said, account)) else None


def _account(name: str) -> Account | None:
    try:
        return db.session.get(Account, UUID(hex=name))
    except ValueError:
        return None


def _sign(said: str, account: Account) -> str:
    text = f"{said}.{account.password_hash}".encode()
    return hmac.digest(session_key("sign-in ticket"), text, "sha256").hex()
