"""How often an official's password may be tried: from one place, of one account, by one network.

Somebody who guesses from many places must not shut an official out of their own desk: where they
signed in lately, what others try elsewhere does not count against them (docs/adr/0018).
"""

import hmac
from datetime import datetime, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.dialects.postgresql import insert

from app.auth import counters
from app.auth.counters import Limit
from app.auth.errors import LockedOut
from app.auth.models import Account, SignInPlace
from app.database import db, reading
from app.keys import session_key

REMEMBERED = timedelta(days=30)  # since the last sign-in from a place
_QUARTER = timedelta(minutes=15)
#: One place trying one address; all strange places together trying it; one place trying many.
FROM_ONE_PLACE = Limit("passwords by address and e-mail", 5, _QUARTER)
BY_ADDRESS = Limit("passwords by address", 60, _QUARTER)
TO_ONE_ACCOUNT = Limit("passwords by e-mail", 30, _QUARTER)


def count_try(email: str, network: str, at: datetime) -> None:
    """Count one more try; raises LockedOut when there were too many."""
    _count(FROM_ONE_PLACE, f"{network} {email}", at)
    _count(BY_ADDRESS, network, at)
    if not _signed_in_lately(email, network, at):
        _count(TO_ONE_ACCOUNT, email, at)


def note_success(account: Account, email: str, network: str, at: datetime) -> None:
    """The right password: the wrong ones before are forgiven here, and the place is remembered."""
    counters.forget(FROM_ONE_PLACE, f"{network} {email}")
    row = insert(SignInPlace).values(account_id=account.id, place=_place(network), seen_at=at)
    db.session.execute(
        row.on_conflict_do_update(
            index_elements=[SignInPlace.account_id, SignInPlace.place], set_={"seen_at": at}
        )
    )


def _count(limit: Limit, who: str, at: datetime) -> None:
    if wait := counters.seconds_to_wait(limit, who, at):
        raise LockedOut(retry_after=wait, minutes=-(-wait // 60))


def _signed_in_lately(email: str, network: str, at: datetime) -> bool:
    here = exists().where(
        func.lower(Account.email) == email,
        SignInPlace.account_id == Account.id,
        SignInPlace.place == _place(network),
        SignInPlace.seen_at > at - REMEMBERED,
    )
    with reading() as connection:
        return bool(connection.scalar(select(here)))


def _place(network: str) -> bytes:
    return hmac.digest(session_key("sign-in place"), network.encode(), "sha256")
