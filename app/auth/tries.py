"""How often an official's password may be tried: from one place, of one account, by one network;
and the codes of a second factor, by whoever has the password.

Somebody who guesses from many places must not shut an official out of their own desk: where they
signed in lately, what others try elsewhere does not count against them (docs/adr/0018).
"""

import hmac
from datetime import datetime, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.dialects.postgresql import insert

from app.auth import counters
from app.auth.counters import Limit
from app.auth.errors import LockedOut, TooManySecondCodes
from app.auth.models import Account, SignInPlace
from app.database import db, reading
from app.keys import session_key

REMEMBERED = timedelta(days=30)  # since the last sign-in from a place
_QUARTER = timedelta(minutes=15)
#: One place trying one address; all strange places together trying it; one place trying many.
FROM_ONE_PLACE = Limit("passwords by address and e-mail", 5, _QUARTER)
BY_ADDRESS = Limit("passwords by address", 60, _QUARTER)
TO_ONE_ACCOUNT = Limit("passwords by e-mail", 30, _QUARTER)
#: Three of a million codes are right at a time: a guesser has even odds after some fifteen years.
CODES_FROM_ONE_PLACE = (
    Limit("codes by account and address", 5, _QUARTER),
    Limit("codes by account, address and day", 20, timedelta(days=1)),
)
CODES_TO_ONE_ACCOUNT = Limit("codes by account and day", 40, timedelta(days=1))


def count_try(email: str, network: str, at: datetime) -> None:
    """Count one more try; raises LockedOut when there were too many."""
    _count(FROM_ONE_PLACE, f"{network} {email}", at)
    _count(BY_ADDRESS, network, at)
    if not _signed_in_lately(email, network, at):
        _count(TO_ONE_ACCOUNT, email, at)


def note_success(account: Account, email: str, network: str, at: datetime) -> None:
    """Signed in: the wrong passwords before are forgiven here, and the place is remembered."""
    forgive(email, network)
    row = insert(SignInPlace).values(account_id=account.id, place=_place(network), seen_at=at)
    db.session.execute(
        row.on_conflict_do_update(
            index_elements=[SignInPlace.account_id, SignInPlace.place], set_={"seen_at": at}
        )
    )


def forgive(email: str, network: str) -> None:
    """The right password; if it was enough is for a second factor to say."""
    counters.forget(FROM_ONE_PLACE, f"{network} {email}")


def count_code(account: Account, network: str, at: datetime) -> None:
    """Count one more code of a second factor; raises TooManySecondCodes. As with passwords, what
    strangers try does not shut an official out of a place where they signed in lately."""
    email = (account.email or "").lower()
    counted = [(limit, f"{account.id} {network}") for limit in CODES_FROM_ONE_PLACE]
    if not _signed_in_lately(email, network, at):
        counted.append((CODES_TO_ONE_ACCOUNT, str(account.id)))
    for limit, who in counted:
        if wait := counters.seconds_to_wait(limit, who, at):
            raise TooManySecondCodes(retry_after=wait, minutes=-(-wait // 60))


def forgive_codes(account: Account, network: str) -> None:
    """The right code: the wrong ones before, from here, are forgiven."""
    for limit in CODES_FROM_ONE_PLACE:
        counters.forget(limit, f"{account.id} {network}")


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
