"""How often something was tried in a window of time: limits that hold on every host."""

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import bindparam, delete
from sqlalchemy.dialects.postgresql import insert

from app.auth.models import Counter
from app.database import reading
from app.keys import session_key

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_COUNT = (
    insert(Counter)
    .values(key=bindparam("key"), window_start=bindparam("window_start"), count=1)
    .on_conflict_do_update(
        index_elements=[Counter.key, Counter.window_start], set_={"count": Counter.count + 1}
    )
    .returning(Counter.count)
)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many of `what` in each window."""

    what: str
    most: int
    window: timedelta

    def start(self, at: datetime) -> datetime:
        return at - (at - _EPOCH) % self.window

    def wait(self, at: datetime) -> int:
        """Seconds until the next window, at least 1."""
        return max(1, int((self.start(at) + self.window - at).total_seconds()))


def seconds_to_wait(limit: Limit, who: str, at: datetime) -> int:
    """Count one more; 0 while within the limit, else the seconds until it is lifted.

    Counted on an autocommit connection: it holds although the request is then refused and rolled
    back, and no row stays locked while a password is hashed or a message sent.
    """
    row = {"key": _key(limit, who), "window_start": limit.start(at)}
    with reading() as connection:
        count: int = connection.execute(_COUNT, row).scalar_one()
    return limit.wait(at) if count > limit.most else 0


def forget(limit: Limit, who: str) -> None:
    """Start anew for one person, such as after a right password."""
    with reading() as connection:
        connection.execute(delete(Counter).where(Counter.key == _key(limit, who)))


def _key(limit: Limit, who: str) -> bytes:
    return hmac.digest(session_key("counter"), f"{limit.what}\n{who}".encode(), "sha256")
