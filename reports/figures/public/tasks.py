"""Jobs: months published for everybody on their day. Only the worker imports this."""

import structlog

from app.clock import now
from app.database import db
from app.errors import Unavailable
from app.jobs import queue
from reports.figures.public import publishing

log = structlog.get_logger()


@queue.periodic(cron="20 * * * *", periodic_id="public_months")
@queue.task(name="reports.public_months", queueing_lock="reports.public_months")
def public_months(timestamp: int) -> None:
    """Every hour: months whose cut-off has come; and what is to be said of earlier ones."""
    try:
        publish_due()
    except Unavailable as waiting:  # no city, or figures that are being made: another hour
        db.session.rollback()
        log.info("no month published", because=waiting.code)


def publish_due() -> int:
    """Publish what is due; how many months. Each is committed by itself."""
    published = 0
    for period in publishing.due(at=now()):
        published += publishing.publish(period, at=now())
        db.session.commit()
    publishing.note_changes(at=now())
    db.session.commit()
    return published
