"""A report's clocks: started, rested while a question waits, and worked out anew.

Two deadlines are kept. `first_due_at` is what the office is judged by: it moves only by waiting.
`due_at` is what the reporter is promised now. Beside each stands what it was counted by, a term
(`urgent`, `7d` or `16h`), so that both can be recomputed when a holiday is added. The rules of
working time are in `deadlines`.
"""

from datetime import datetime, timedelta

from reports import deadlines
from reports.city.snapshot import City
from reports.models import Report

REOPENED = "3d"  # what a reopening gives
CENTRE_HOURS = 8  # working hours to accept or to forward


def centre_due_at(city: City, at: datetime, *, promised: datetime | None = None) -> datetime:
    """Eight working hours; where more was promised to the reporter, and still lies ahead, by then:
    who has an urgent report has it within its four hours, the centre too."""
    own = deadlines.due_after_hours(city.calendar, at, CENTRE_HOURS)
    return min(own, promised) if promised and promised > at else own


def start(report: Report, city: City, at: datetime, *, term: str | None = None) -> None:
    """Start the office's clock at a moment: by the report's category, or by a term."""
    report.due_from = at
    report.due_term = term or _term(report, city)
    # Urgent counts from sending, whoever has it now: what was waited since counts too.
    report.rested_s = report.rested_total_s if report.due_term == deadlines.URGENT else 0
    report.due_at = _due(report, city, report.due_term, at, report.rested_s)
    if report.first_due_term is None or _is_first_word(report, at):
        report.first_due_term, report.first_due_at = report.due_term, report.due_at
    report.reminded = 0


def _is_first_word(report: Report, at: datetime) -> bool:
    """At acceptance the centre may still say that urgent is not, or the other way round."""
    return report.accepted_at == at and report.first_due_term != report.due_term


def forget(report: Report) -> None:
    """A report that the centre looks at anew has promised nothing yet."""
    report.first_due_at, report.first_due_term = None, None
    report.due_at, report.due_from, report.due_term = None, None, None
    report.rested_s, report.rested_total_s = 0, 0


def start_centre(report: Report, city: City, at: datetime) -> None:
    """The centre's time to accept or to forward."""
    promised = report.due_at if report.due_term == deadlines.URGENT else None
    report.centre_due_at = centre_due_at(city, at, promised=promised)
    report.reminded = 0


def rest(report: Report, at: datetime) -> None:
    report.waiting_since = at


def wake(report: Report, city: City, at: datetime) -> None:
    """End a rest: what was still ahead when it began moves on by the time that was waited.

    A deadline that had passed before the question was asked stays passed.
    """
    since = report.waiting_since
    report.waiting_since = None
    if since is None:
        return
    if report.due_at and report.due_at > since:
        waited = _waited(city, report.due_term, since, at)
        report.rested_s += waited
        report.due_at = _later(city, report.due_term, report.due_at, waited)
    if report.first_due_at and report.first_due_at > since:
        waited = _waited(city, report.first_due_term, since, at)
        report.rested_total_s += waited
        report.first_due_at = _later(city, report.first_due_term, report.first_due_at, waited)
    if report.centre_due_at and report.centre_due_at > since:
        waited = _waited(city, None, since, at)
        report.centre_due_at = _later(city, None, report.centre_due_at, waited)


def work_out_anew(report: Report, city: City) -> None:
    """The present deadline after its category or urgency was amended; the first one stays on
    record. A reopening's three days stay three, and a date that was granted is never shortened.

    Before acceptance only urgency promises anything: four hours from sending.
    """
    if report.due_from is None:
        _promise_urgent(report)
        _bind_centre(report, city)
        return
    if report.due_term != REOPENED or report.urgent:
        report.due_term = _term(report, city)
    anew = _due(report, city, report.due_term, report.due_from, report.rested_s)
    granted = report.due_at if report.extended else None
    report.due_at = max(anew, granted) if granted else anew


def _promise_urgent(report: Report) -> None:
    forget(report)
    if report.urgent:
        report.due_term = report.first_due_term = deadlines.URGENT
        report.due_at = report.first_due_at = deadlines.urgent_due_at(report.submitted_at)


def _bind_centre(report: Report, city: City) -> None:
    """To what is promised now; to its own hours again when urgent was taken back."""
    if not report.centre_due_at:
        return
    if report.due_at:
        report.centre_due_at = min(report.centre_due_at, report.due_at)
    else:
        report.centre_due_at = max(report.centre_due_at, centre_due_at(city, report.submitted_at))


def recompute(report: Report, city: City) -> bool:
    """Work out every deadline after the calendar was corrected; True when one of them moved.

    A date that was granted as an extension was promised as a date, and stays. The centre's own
    clock lives for hours: it is left as it was started.
    """
    before = (report.first_due_at, report.due_at)
    if report.accepted_at and report.first_due_term:
        report.first_due_at = _due(
            report, city, report.first_due_term, report.accepted_at, report.rested_total_s
        )
    if report.due_from and report.due_term and not report.extended:
        report.due_at = _due(report, city, report.due_term, report.due_from, report.rested_s)
    return before != (report.first_due_at, report.due_at)


def _term(report: Report, city: City) -> str:
    category = city.categories_by_id[report.category_id]
    return deadlines.term_of(category, urgent=report.urgent)


def _due(report: Report, city: City, term: str, counted_from: datetime, rested_s: int) -> datetime:
    due = deadlines.due_at(
        city.calendar, term, submitted_at=report.submitted_at, accepted_at=counted_from
    )
    return _later(city, term, due, rested_s)


def _waited(city: City, term: str | None, since: datetime, at: datetime) -> int:
    """Seconds of a rest, as the clock of that term counts them."""
    if term == deadlines.URGENT:
        return int((at - since).total_seconds())
    return deadlines.working_seconds_between(city.calendar, since, at)


def _later(city: City, term: str | None, due: datetime, seconds: int) -> datetime:
    if term == deadlines.URGENT:
        return due + timedelta(seconds=seconds)
    return deadlines.add_working_seconds(city.calendar, due, seconds) if seconds else due
