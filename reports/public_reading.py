"""What everybody may read of many reports at once: what happened, what offices replied, comments.
Ask for what is shown alone. Of one report, as any viewer reads it: `timeline`; its rules hold here.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import distinct_on

from app.database import reading
from reports.city.snapshot import City
from reports.desk.models import RedactedReply
from reports.models import Comment, StatusChange
from reports.statuses import Status
from reports.timeline import PUBLIC_NOTES, PUBLIC_STEPS, tells_words_of, words_told

_change, _comment = StatusChange.__table__.c, Comment.__table__.c
_redacted = RedactedReply.__table__.c


@dataclass(frozen=True, slots=True)
class Said:
    """A step that everybody reads of, or (`step` is None) a comment; words may be empty."""

    id: UUID
    report_id: UUID
    at: datetime
    office_id: int | None
    words: str
    step: str | None = None
    role: str = ""
    after: Status | None = None

    @property
    def shows_pictures(self) -> bool:
        """Do the pictures that came with it belong to its words?"""
        return self.step in PUBLIC_NOTES


def last_replies(report_ids: Collection[UUID], city: City) -> Mapping[UUID, str]:
    """The words of each one's last result."""
    if not report_ids:
        return {}
    query = (
        _with_what_is_left(select(_change.report_id, _change.note, _redacted.words))
        .ext(distinct_on(_change.report_id))
        .where(_change.report_id.in_(report_ids), _change.step == "resolve")
        .order_by(_change.report_id, _change.version.desc())
    )
    with reading() as connection:
        rows = connection.execute(query).all()
    told = {row.report_id: _public(row.note, row.words, city) for row in rows}
    return {report_id: words for report_id, words in told.items() if words}


def steps(report_ids: Collection[UUID], city: City) -> Sequence[Said]:
    """Oldest first within each report."""
    columns = (_change.id, _change.report_id, _change.at, _change.office_id, _change.step,
               _change.role, _change.after, _change.note, _redacted.words)  # fmt: skip
    query = (
        _with_what_is_left(select(*columns))
        .where(_change.report_id.in_(report_ids), _change.step.in_(PUBLIC_STEPS))
        .order_by(_change.report_id, _change.version)
    )
    with reading() as connection:
        rows = connection.execute(query).all()
    return [_step(row, city) for row in rows]


def comments(report_ids: Collection[UUID], city: City) -> Sequence[Said]:
    shown = _comment.published_at.is_not(None), _comment.hidden_at.is_(None)
    columns = (_comment.id, _comment.report_id, _comment.at, _comment.office_id, _comment.text)
    query = select(*columns).where(_comment.report_id.in_(report_ids), *shown)
    with reading() as connection:
        rows = connection.execute(query.order_by(_comment.at)).all()
    return [
        Said(row.id, row.report_id, row.at, row.office_id, _public(row.text, None, city))
        for row in rows
    ]


def _step(row: Any, city: City) -> Said:
    heard = tells_words_of(row.step, inside=False, own=False)
    words = _public(row.note, row.words, city) if heard else ""
    return Said(row.id, row.report_id, row.at, row.office_id, words, row.step, row.role, row.after)


def _public(note: str, left: str | None, city: City) -> str:
    return words_told(note, left, city, inside=False, own=False)


def _with_what_is_left(query: Select[Any]) -> Select[Any]:
    return query.outerjoin_from(
        StatusChange.__table__, RedactedReply.__table__, _redacted.change_id == _change.id
    )
