"""What offices have told everybody: the reply of the last result, without what was taken out of it
and without people's numbers. For many reports at once.
"""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on

from app.database import reading
from reports.city import contacts
from reports.city.snapshot import City
from reports.desk.models import RedactedReply
from reports.models import StatusChange

_change, _redacted = StatusChange.__table__.c, RedactedReply.__table__.c


def last_replies(report_ids: Collection[UUID], city: City) -> Mapping[UUID, str]:
    """The words of each one's last result. Ask for what everybody may see alone."""
    if not report_ids:
        return {}
    query = (
        select(_change.report_id, func.coalesce(_redacted.words, _change.note))
        .ext(distinct_on(_change.report_id))
        .outerjoin_from(
            StatusChange.__table__, RedactedReply.__table__, _redacted.change_id == _change.id
        )
        .where(_change.report_id.in_(report_ids), _change.step == "resolve")
        .order_by(_change.report_id, _change.version.desc())
    )
    with reading() as connection:
        rows = connection.execute(query).all()
    return {
        report_id: contacts.mask_all_but_offices(words, city) for report_id, words in rows if words
    }
