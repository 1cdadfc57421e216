"""The SQL of a request by itself: recorded while the request is answered, then sent again through
the bare driver. What the answer costs beyond that is the house's own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from sqlalchemy import Engine, event


@dataclass(frozen=True, slots=True)
class Statement:
    query: Any
    values: Any
    autocommit: bool


class _Recorder(psycopg.Cursor[Any]):
    """Notes whatever is executed, the queue's statements on the raw connection too."""

    heard: list[Statement] | None = None

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        if _Recorder.heard is not None:
            autocommit = self.connection.autocommit
            _Recorder.heard.append(Statement(query, params, autocommit))
        return super().execute(query, params, **options)


@contextmanager
def recorded(engine: Engine) -> Iterator[list[Statement]]:
    """Everything that the engine's connections execute within."""
    heard: list[Statement] = []

    def checkout(connection: Any, *_: Any) -> None:
        connection.cursor_factory = _Recorder

    def checkin(connection: Any, *_: Any) -> None:
        if connection is not None:
            connection.cursor_factory = psycopg.Cursor

    event.listen(engine, "checkout", checkout)
    event.listen(engine, "checkin", checkin)
    _Recorder.heard = heard
    try:
        yield heard
    finally:
        _Recorder.heard = None
        event.remove(engine, "checkout", checkout)
        event.remove(engine, "checkin", checkin)


class Replay:
    """Two connections, as the house uses: one autocommit for reads, one with transactions."""

    def __init__(self, url: str, options: str) -> None:
        self.autocommit = psycopg.connect(url, options=options, autocommit=True)
        self.transaction = psycopg.connect(url, options=options)

    def run(self, statements: list[Statement]) -> None:
        """Send them and fetch the rows. What they wrote is undone: they can be sent again."""
        for one in statements:
            connection = self.autocommit if one.autocommit else self.transaction
            cursor = connection.execute(one.query, one.values)
            if cursor.description:
                cursor.fetchall()
        if self.transaction.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
            self.transaction.rollback()

    def close(self) -> None:
        self.autocommit.close()
        self.transaction.close()
