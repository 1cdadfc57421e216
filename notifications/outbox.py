"""tell(): who hears of a change, written in the transaction of the change itself.

The messages and the one job that will deliver them appear with the commit and vanish with a
rollback, so nothing is told that did not happen and nothing that happened goes untold.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, DateTime, Select, String, exists, func, literal, select, text
from sqlalchemy.dialects.postgresql import JSONB, insert

from app.auth.client_models import ApiClient
from app.database import db
from app.jobs import schedule
from notifications.models import Message

URGENT_FIRST = 10  # the job's priority
_PROGRAMS = select(ApiClient.account_id)  # they read no messages: webhooks tell them
_silent: ContextVar[bool] = ContextVar("silent", default=False)


@contextmanager
def silence() -> Iterator[None]:
    """Nobody is told anything within: for what is invented, or brought over from elsewhere."""
    before = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(before)


def is_silent() -> bool:
    return _silent.get()


def tell(
    *,
    change_id: UUID,
    kind: str,
    people: Select[Any],
    subject: str,
    payload: dict[str, Any],
    urgent: bool = False,
    at: datetime,
) -> None:
    """Tell `people` (a select of account ids) about one change, once each however often called.

    `subject` names what the news is of (`report:<id>`): of two pushes about one subject the newer
    wins. `payload` is plain JSON; what a kind's texts need is in `kinds.KINDS`. A second call for
    the same change, for other people or another kind, rides on the first call's job.
    """
    if is_silent():
        return
    db.session.flush()
    person = people.distinct().subquery("person")
    told = (
        insert(Message)
        .from_select(
            ["id", "change_id", "account_id", "kind", "subject", "payload", "urgent", "at"],
            select(
                func.gen_random_uuid(),
                literal(change_id),
                person.c[0],
                literal(kind, String),
                literal(subject, String),
                literal(payload, JSONB),
                literal(urgent, Boolean),
                literal(at, DateTime(timezone=True)),
            ).where(person.c[0].not_in(_PROGRAMS)),
        )
        .on_conflict_do_nothing(index_elements=["change_id", "account_id"])
        .returning(Message.id)
        .cte("told")
    )
    # Rows that this very transaction wrote before this statement have had their job already.
    job_is_there = exists().where(
        Message.change_id == change_id, text("message.xmin = pg_current_xact_id()::xid")
    )
    somebody_new, job_is_there_now = db.session.execute(
        select(exists(select(told.c.id)), job_is_there)
    ).one()
    if somebody_new and not job_is_there_now:
        schedule(
            "notifications.deliver",
            {"change_id": str(change_id)},
            priority=URGENT_FIRST if urgent else 0,
        )
