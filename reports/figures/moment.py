"""All reads of one answer as of one moment, so that totals equal their parts while writes go on."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import Connection, Engine, select

from app.database import db
from app.errors import Unavailable
from reports.figures.models import FigureState


class FiguresNotReady(Unavailable):
    code = "figures-not-ready"
    vi = "Số liệu đang được tính lần đầu, chưa xem được. Thử lại sau {retry_after} giây."
    en = "Figures are being made for the first time. Try again in {retry_after} seconds."


class FiguresMadeAnew(FiguresNotReady):
    code = "figures-made-anew"
    vi = "Số liệu đang được tính lại từ đầu nên chưa chốt được. Thử lại sau {retry_after} giây."
    en = "Figures are being made anew: none can be frozen now. Try again in {retry_after} seconds."


@dataclass(frozen=True, slots=True)
class Moment:
    """Up to when the facts tell, and the city's working seconds at that moment. `anew`: facts are
    being made anew, slice by slice; sums are still those of before, so that what is counted from
    facts (days, what is overdue, comparisons) may differ from what it is a part of. `turn` is
    another after each turn of the keeper. Where there is much to follow a turn writes some of it
    and leaves `as_of`: by that alone no answer may be kept."""

    as_of: datetime
    worked: int
    anew: bool = False
    turn: datetime | None = None


@contextmanager
def at_one_moment() -> Iterator[Connection]:
    """A connection in one REPEATABLE READ, READ ONLY transaction.

    Within another one it is that one's: whoever reads several answers for one page or report does
    so under one `with at_one_moment()`. In a test that runs inside one connection's transaction,
    that connection is handed out.
    """
    if (outer := _open.get()) is not None:
        yield outer
        return
    with _begun() as connection:
        before = _open.set(connection)
        try:
            yield connection
        finally:
            _open.reset(before)


_open: ContextVar[Connection | None] = ContextVar("at_one_moment", default=None)


@contextmanager
def _begun() -> Iterator[Connection]:
    bind: Engine | Connection = db.engines[None]
    if isinstance(bind, Connection):
        yield bind
        return
    engine = current_app.extensions.get("xom.one_moment")
    if engine is None:
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        engine = current_app.extensions["xom.one_moment"] = bind.execution_options(**options)
    with engine.connect() as connection, connection.begin():
        yield connection


def moment_in(connection: Connection) -> Moment:
    """Raises FiguresNotReady before figures were made once."""
    known = (
        FigureState.as_of, FigureState.worked, FigureState.rebuild_after, FigureState.rest_until,
    )  # fmt: skip
    state = connection.execute(select(*known)).first()
    if state is None or state.as_of is None:
        raise FiguresNotReady(retry_after=60)
    anew = state.rebuild_after is not None
    return Moment(state.as_of, state.worked, anew=anew, turn=state.rest_until)


def settled_in(connection: Connection) -> Moment:
    """The same for whoever freezes what is read there: it must add up for ever.

    Raises FiguresNotReady, FiguresMadeAnew.
    """
    moment = moment_in(connection)
    if moment.anew:
        raise FiguresMadeAnew(retry_after=120)
    return moment
