"""What a database error means for the caller: come back in a moment, or it is our bug.

Whoever reads these answers must be able to trust "nothing was stored": it is said only while no
commit was begun in the request.
"""

from collections.abc import Iterator

import psycopg
from flask import has_request_context, request
from sqlalchemy import Connection, Engine, event
from sqlalchemy import exc as sql

from app.errors import Unavailable

#: SQLSTATE → seconds after which the same request may well pass.
_BUSY = {
    "40001": 1,  # serialization_failure
    "40P01": 1,  # deadlock_detected
    "55P03": 2,  # lock_not_available
    "57014": 5,  # query_canceled: a statement ran into its time-out
    "53300": 5,  # too_many_connections
}
_ROLLED_BACK = frozenset({"40001", "40P01"})  # a commit that fails so has stored nothing
_READ_ONLY = "25006"  # a replica answers: the server is being changed over
_OUT_OF_TIME = frozenset({"25P03", "25P04"})  # the transaction was idle, or open, for too long
_COMMITTING = "xom.committing"


class DatabaseAway(Unavailable):
    code = "database-away"


class DatabaseBusy(Unavailable):
    """A lock, a deadlock, a slow statement: the same request may pass in a moment."""

    code = "database-busy"


class Unsure(Unavailable):
    """The connection broke during or after a commit: nobody can tell whether it was stored."""

    code = "unsure"
    vi = (
        "Mất kết nối đúng lúc đang lưu. Hãy gửi lại y như cũ sau {retry_after} giây: "
        "nếu đã lưu rồi thì không bị lưu thêm lần nữa."
    )
    en = (
        "The connection broke while this was being stored. Send the same again in {retry_after} "
        "seconds: if it was stored already, it will not be stored twice."
    )


@event.listens_for(Engine, "commit")
def _note_commit(_: Connection) -> None:
    if has_request_context():
        request.environ[_COMMITTING] = True


def database_trouble(error: BaseException) -> Unavailable | None:
    """What to tell about an error of the passing kind, even one wrapped by the queue; or None."""
    for cause in _causes(error):
        if (found := _trouble(cause)) is not None:
            begun = has_request_context() and _COMMITTING in request.environ
            return Unsure() if begun and sqlstate_of(cause) not in _ROLLED_BACK else found
    return None


def sqlstate_of(error: BaseException) -> str | None:
    """PostgreSQL's code of an error, through what wraps it."""
    for cause in _causes(error):
        state = getattr(getattr(cause, "orig", cause), "sqlstate", None)
        if isinstance(state, str):
            return state
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    found: BaseException | None = error
    while found is not None:
        yield found
        found = found.__cause__


def _trouble(error: BaseException) -> Unavailable | None:
    if isinstance(error, sql.TimeoutError):  # no free connection in the pool
        return DatabaseBusy(retry_after=2)
    if isinstance(error, sql.PendingRollbackError):  # 8s2b: after a lost connection
        return DatabaseAway() if error.code == "8s2b" else None
    original = getattr(error, "orig", error)
    if not isinstance(original, psycopg.Error):
        return None
    state = original.sqlstate
    if state in _BUSY:
        return DatabaseBusy(retry_after=_BUSY[state])
    lost = isinstance(original, psycopg.OperationalError) or getattr(
        error, "connection_invalidated", False
    )
    return DatabaseAway() if lost or state == _READ_ONLY or state in _OUT_OF_TIME else None
