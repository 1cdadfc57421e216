"""Submitting a report: the whole story on one screen.

The id is made on the phone, so that sending again is harmless: the same id with the same content
by the same account is the same report, for ever. What was acknowledged is stored with its photos,
its proposed office and its reason, in one transaction.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select

from app.auth.guards import Caller
from app.auth.models import AccountKind
from app.database import db
from app.errors import Unavailable, XomError
from reports import announcements, ownership, photos, questions, submission_rows, workflow
from reports.city import snapshot
from reports.city.snapshot import City
from reports.city.values import Category
from reports.desk import reporter_limits
from reports.errors import (
    AnonymousNeedsItsOwnAccount,
    LegalChannel,
    NothingSaid,
    SameIdOtherReport,
    UnknownCategory,
)
from reports.models import Report
from reports.routing import choose_office
from reports.statuses import Identity
from reports.submissions import Routed, Submission

CODES_DRAWN = 5  # of a thousand million
#: Sent by people themselves; the rest, somebody at the centre wrote down for them.
THEIR_OWN = frozenset({"app", "open311"})


@dataclass(frozen=True, slots=True)
class Submitted:
    report: Report
    created: bool  # False: it was already here


def submit_report(submission: Submission, *, by: Caller, at: datetime) -> Submitted:
    """Store a report, route it, start the clock, tell whoever must hear at once.

    Raises an Invalid with a sentence for whatever is wrong, SameIdOtherReport (409), or
    `photos.MissingPhotos` naming the photos that have not arrived. Flushes; the edge commits.
    """
    try:
        city = snapshot.current()
        category = accepted_category(city, submission.category)
        require_substance(submission, by)
        urgent = questions.check(category, submission) or category.urgent
        if submission.source in THEIR_OWN and not urgent:
            reporter_limits.require_free(by.account_id, at=at)
        place = city.areas.locate(submission.lat, submission.lng)
        choice = choose_office(category, place, city)
    except XomError:
        # A repeat stays a repeat, even when the city's rules have changed since the first time.
        if known := _known(submission, by):
            return known
        raise
    routed = Routed(category, place, choice, urgent)
    submitted = _stored(submission, routed, city, by, at)
    if not submitted.created:
        return submitted
    report = submitted.report
    photos.attach(submission.photos, owner_id=report.reporter_id, report_id=report.id)
    if category.auto_accept:
        workflow.accept_by_itself(report, at=at)
    elif urgent:
        announcements.urgent_arrived(report, city, at=at)
    return submitted


def _stored(
    submission: Submission, routed: Routed, city: City, by: Caller, at: datetime
) -> Submitted:
    """The rows; or what is here already. A random code that is taken is drawn again."""
    for _ in range(CODES_DRAWN):
        report = submission_rows.insert(submission, routed, city, by=by.account_id, at=at)
        if report is not None:
            return Submitted(report, created=True)
        if known := _known(submission, by):
            return known
        if submission.identity is Identity.ANONYMOUS and _has_sent_one(by.account_id):
            raise AnonymousNeedsItsOwnAccount()
    raise Unavailable()


def accepted_category(city: City, code: str) -> Category:
    """The category, or the successor of a retired one; some matters are pointed elsewhere."""
    category = city.category(code)
    if category is None:
        raise UnknownCategory()
    if category.legal_channel:
        raise LegalChannel(**category.legal_channel)
    return category


def require_substance(submission: Submission, by: Caller) -> None:
    if not submission.description and not submission.photos:
        raise NothingSaid()
    is_anonymous = by.kind is AccountKind.ANONYMOUS
    if (submission.identity is Identity.ANONYMOUS) != is_anonymous:
        raise AnonymousNeedsItsOwnAccount()


def _has_sent_one(account_id: UUID) -> bool:
    return bool(db.session.scalar(select(exists().where(Report.reporter_id == account_id))))


def _known(submission: Submission, by: Caller) -> Submitted | None:
    """The report that this submission repeats; a Conflict when the id is somebody else's."""
    report = db.session.get(Report, submission.id)
    if report is None:
        return None
    same_person = ownership.is_same_person(report.reporter_id, by.account_id)
    if not same_person or report.digest != submission.digest():
        raise SameIdOtherReport()
    return Submitted(report, created=False)
