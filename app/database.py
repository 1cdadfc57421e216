"""The database: one dialect, PostgreSQL 15 or later. Engine, session, base class, reading().

Verbs use `db.session` and flush; only the edge (view, job, command) commits. Hot reads use
`reading()`, an autocommit connection that costs no transaction.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask import Flask, Response, current_app, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, DateTime, Dialect, Engine, MetaData, String, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Session, registry


class Base(DeclarativeBase):
    """Base of all models: every constraint has a name, every time has a zone."""

    # A registry made here, not a type_annotation_map: Flask-SQLAlchemy copies the class's body,
    # and SQLAlchemy refuses to see both in one.
    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={
            datetime: DateTime(timezone=True),
            dict[str, Any]: JSONB,
            list[Any]: JSONB,
            list[str]: JSONB,
        },
    )


class OneOf(TypeDecorator[Any]):
    """A text column that holds one of an enum's values, and is read back as the enum."""

    impl = String
    cache_ok = True

    def __init__(self, values: type[StrEnum], length: int) -> None:
        super().__init__(length)
        self.values = values

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else str(self.values(value))

    def process_result_value(self, value: Any, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.values(value)


db = SQLAlchemy(model_class=Base, disable_autonaming=True)

#: Per connection: no JIT (it costs more than it saves on short queries), no endless statement.
CONNECT_OPTIONS = "-c jit=off -c statement_timeout=30s -c lock_timeout=5s -c timezone=UTC"


def engine_options(*, pool_size: int = 10) -> dict[str, Any]:
    """What every engine of the house is opened with."""
    return {
        "pool_size": pool_size,
        "max_overflow": 5,
        "pool_timeout": 3,
        "pool_pre_ping": False,
        "pool_use_lifo": True,
        "hide_parameters": True,  # they hold what people typed, and errors are logged
        "connect_args": {"options": CONNECT_OPTIONS, "connect_timeout": 5},
    }


def init_database(app: Flask, url: str) -> None:
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options()
    db.init_app(app)
    app.after_request(_end_read)


def _end_read(response: Response) -> Response:
    """A read ends with COMMIT. Closing the session would send ROLLBACK, upon which the driver
    forgets whatever it prepared on that connection, and each statement is planned anew."""
    if request.method in _READS and db.session.registry.has() and _is_unchanged(db.session()):
        try:
            db.session.commit()
        except SQLAlchemyError:  # the answer is ready, and nothing was to be stored
            db.session.rollback()
    return response


_READS = frozenset({"GET", "HEAD", "OPTIONS"})


def _is_unchanged(session: Session) -> bool:
    return not (session.new or session.dirty or session.deleted)


@contextmanager
def reading() -> Iterator[Connection]:
    """A connection for reads outside any transaction: each statement sees what is committed.

    In a test that runs inside one connection's transaction, that connection is handed out.
    """
    bind: Engine | Connection = db.engines[None]
    if isinstance(bind, Connection):
        yield bind
        return
    autocommit = current_app.extensions.get("xom.autocommit")
    if autocommit is None:
        autocommit = bind.execution_options(isolation_level="AUTOCOMMIT")
        current_app.extensions["xom.autocommit"] = autocommit
    with autocommit.connect() as connection:
        yield connection
