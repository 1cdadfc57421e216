"""Jobs: reports published on their day, and their letters. Only the worker imports this."""

import structlog

from app.clock import now
from app.database import db
from app.errors import XomError
from app.jobs import queue
from reports.city.snapshot import NoCity
from reports.figures.frozen import publishing, sending
from reports.figures.frozen.contents import FiguresBehind, NothingReceived
from reports.figures.moment import FiguresNotReady

_WAITING = (NoCity, FiguresNotReady, FiguresBehind, NothingReceived)  # nobody's fault

log = structlog.get_logger()


@queue.periodic(cron="*/10 * * * *", periodic_id="figure_reports")
@queue.task(name="reports.figure_reports", queueing_lock="reports.figure_reports")
def figure_reports(timestamp: int) -> None:
    """Every ten minutes: the month and the quarter whose cut-off has come."""
    publish_due()


def publish_due() -> int:
    """Publish what is due; how many. Each is committed by itself."""
    at, made = now(), 0
    try:
        periods = publishing.due(at)
    except NoCity:
        return 0
    for period in periods:
        try:
            _, new = publishing.publish(period, by=None, at=at)
            db.session.commit()
            made += new
        except XomError as error:  # another ten minutes, and again
            db.session.rollback()
            tell = log.info if isinstance(error, _WAITING) else log.error
            tell("a report could not be published", period=period.code, why=error.code)
    return made


@queue.task(name="reports.figure_letters")
def figure_letters() -> None:
    """Deferred with each report that is published."""
    sending.send_due(now=now())


@queue.periodic(cron="*/5 * * * *", periodic_id="figure_letters_left")
@queue.task(name="reports.figure_letters_left", queueing_lock="reports.figure_letters_left")
def figure_letters_left(timestamp: int) -> None:
    """Every five minutes: letters to be tried again, and those that a killed worker left."""
    sending.send_due(now=now())
