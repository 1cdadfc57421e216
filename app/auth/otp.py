"""One-time codes by text message or e-mail: six digits, ten minutes, one use, five tries.

The newest five codes of a number or address all work, since messages arrive late and out of order;
a wrong try counts against each of them, and one use uses them all. Each is for one purpose, which
its text names: who is talked out of a code to sign in has not given their number away.
"""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Row, and_, func, select, update

from app.addresses import network_of
from app.auth import counters
from app.auth.counters import Limit
from app.auth.errors import CodeUsedUp, NoLiveCode, TooManyCodes, WrongCode
from app.auth.models import OneTimeCode
from app.clock import now
from app.database import db, reading
from app.keys import session_key

LIFETIME = timedelta(minutes=10)
TRIES = 5
LIVE_AT_MOST = 5
A_DAY_AT_MOST = 10
#: An address may be a whole mobile network behind one translator, so these are wide.
BY_ADDRESS = (
    Limit("codes by address and hour", 60, timedelta(hours=1)),
    Limit("codes by address and day", 300, timedelta(days=1)),
)


class Purpose(StrEnum):
    """What a code is good for, and nothing else."""

    SIGN_IN = "sign-in"
    NUMBER = "number"  # another number for an account
    EMAIL = "email"  # an address for an account's news


#: Those to phones fit one message: 70 letters.
_TEXTS = {
    (Purpose.SIGN_IN, "vi"): "Mã đăng nhập Xóm: {code}. Có hiệu lực 10 phút. Đừng đưa mã cho ai.",
    (
        Purpose.SIGN_IN,
        "en",
    ): "Xóm sign-in code: {code}. Valid 10 minutes. Do not give it to anyone.",
    (Purpose.NUMBER, "vi"): "Mã đổi số ở Xóm: {code}. Có hiệu lực 10 phút. Đừng đưa mã cho ai.",
    (
        Purpose.NUMBER,
        "en",
    ): "Xóm code for a new number: {code}. Valid 10 minutes. Tell nobody.",
    (Purpose.EMAIL, "vi"): (
        "Mã nhận tin Xóm qua email này: {code}. Có hiệu lực 10 phút. Đừng đưa mã cho ai."
    ),
    (Purpose.EMAIL, "en"): (
        "Code for news from Xóm at this address: {code}. Valid for 10 minutes. "
        "Do not give it to anyone."
    ),
}


@dataclass(frozen=True, slots=True)
class Letter:
    """A text on its way to a phone or an e-mail address; sent after the commit, outside any
    transaction."""

    recipient: str
    text: str


def write_code(
    recipient: str,
    address: str | None,
    *,
    purpose: Purpose = Purpose.SIGN_IN,
    locale: str = "vi",
    at: datetime | None = None,
) -> Letter:
    """Make a code for a number (E.164) or an e-mail address; raises TooManyCodes. Says nothing of
    who has it. `address` is the network address that asks."""
    at = at or now()
    _bound_by_address(address, at)
    whom = _recipient(recipient)
    _bound_by_recipient(whom, at)
    code = f"{secrets.randbelow(10**6):06}"
    row = OneTimeCode(id=uuid4(), recipient=whom, created_at=at, expires_at=at + LIFETIME)
    row.code_hmac = _fingerprint(row.id.bytes, code, purpose)
    db.session.add(row)
    db.session.flush()
    return Letter(recipient, _TEXTS[purpose, locale].format(code=code))


def use_code(
    recipient: str, code: str, *, purpose: Purpose = Purpose.SIGN_IN, at: datetime | None = None
) -> None:
    """Use a code up, in the caller's transaction; raises WrongCode, CodeUsedUp or NoLiveCode. One
    for another purpose is a wrong one.

    The try itself counts at once, whatever becomes of the transaction.
    """
    at, whom = at or now(), _recipient(recipient)
    tried = _count_try(whom, at)
    if not tried:
        raise CodeUsedUp if _was_tried_out(whom, at) else NoLiveCode
    right = [row.id for row in tried if _is_right(row, code, purpose)]
    if not right:
        left = TRIES - min(row.tries for row in tried)
        raise WrongCode(tries_left=left) if left else CodeUsedUp
    used = db.session.scalars(
        update(OneTimeCode)
        .where(OneTimeCode.recipient == whom, OneTimeCode.used_at.is_(None))
        .values(used_at=at)
        .returning(OneTimeCode.id)
    )
    if not set(right) & set(used):
        raise NoLiveCode  # another request used it in this very moment


def _count_try(recipient: bytes, at: datetime) -> Sequence[Row[UUID, bytes, int]]:
    """Count one try against every live code of a recipient, at once and atomically."""
    live = select(OneTimeCode.id).where(_is_live(recipient, at))
    counted = (
        update(OneTimeCode)
        .where(OneTimeCode.id.in_(live.order_by(OneTimeCode.id).with_for_update()))
        .values(tries=OneTimeCode.tries + 1)
        .returning(OneTimeCode.id, OneTimeCode.code_hmac, OneTimeCode.tries)
    )
    with reading() as connection:
        return connection.execute(counted).all()


def _is_live(recipient: bytes, at: datetime) -> ColumnElement[bool]:
    return and_(_is_valid(recipient, at), OneTimeCode.tries < TRIES)


def _is_valid(recipient: bytes, at: datetime) -> ColumnElement[bool]:
    return and_(
        OneTimeCode.recipient == recipient,
        OneTimeCode.used_at.is_(None),
        OneTimeCode.expires_at > at,
    )


def _is_right(row: Row[UUID, bytes, int], code: str, purpose: Purpose) -> bool:
    return hmac.compare_digest(row.code_hmac, _fingerprint(row.id.bytes, code, purpose))


def _was_tried_out(recipient: bytes, at: datetime) -> bool:
    query = select(OneTimeCode.id).where(_is_valid(recipient, at)).limit(1)
    return db.session.scalar(query) is not None


def _bound_by_address(address: str | None, at: datetime) -> None:
    network = network_of(address)
    for limit in BY_ADDRESS:
        wait = counters.seconds_to_wait(limit, network, at)
        if wait:
            raise _too_many(wait)


def _bound_by_recipient(recipient: bytes, at: datetime) -> None:
    """At most five live codes and ten a day; requests for one of them wait for each other."""
    lock = int.from_bytes(recipient[:8], signed=True)
    db.session.execute(select(func.pg_advisory_xact_lock(lock)))
    today = db.session.scalars(
        select(OneTimeCode)
        .where(OneTimeCode.recipient == recipient, OneTimeCode.created_at > at - timedelta(days=1))
        .order_by(OneTimeCode.created_at)
    ).all()
    live = [c for c in today if c.used_at is None and c.expires_at > at and c.tries < TRIES]
    if len(live) >= LIVE_AT_MOST:
        raise _too_many((live[0].expires_at - at).total_seconds())
    if len(today) >= A_DAY_AT_MOST:
        raise _too_many((today[0].created_at + timedelta(days=1) - at).total_seconds())


def _too_many(wait: float) -> TooManyCodes:
    seconds = max(1, int(wait))
    return TooManyCodes(retry_after=seconds, minutes=-(-seconds // 60))


def _recipient(recipient: str) -> bytes:
    return hmac.digest(session_key("code recipient"), recipient.lower().encode(), "sha256")


def _fingerprint(row: bytes, code: str, purpose: Purpose) -> bytes:
    said = f"{purpose}:{code}".encode()
    return hmac.digest(session_key("code"), row + said, "sha256")
