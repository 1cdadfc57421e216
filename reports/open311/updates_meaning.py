"""What a client's status means here, from where the report stands: steps, or words alone.

An office's client moves the report by the steps of `statuses.STEPS` that its roles allow; a client
that sent the report confirms, answers, reopens or takes it back as its reporter does; what anybody
else says is words. Whether a step may be taken is for `workflow.move` to say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.errors import Invalid
from reports.city import snapshot
from reports.models import Report
from reports.open311 import received
from reports.open311.status_words import status_word
from reports.permissions import OFFICE_ROLES, Viewer, standing
from reports.statuses import STEPS, Outcome, Role, Status

BEGINNING = frozenset({"start", "resume"})


class Told(StrEnum):
    """What a client may say of a report: FixMyStreet's words, whatever their case."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    INVESTIGATING = "investigating"
    ACTION_SCHEDULED = "action_scheduled"
    PLANNED = "planned"
    FIXED = "fixed"
    CLOSED = "closed"
    NO_FURTHER_ACTION = "no_further_action"
    NOT_COUNCILS_RESPONSIBILITY = "not_councils_responsibility"
    INTERNAL_REFERRAL = "internal_referral"
    FOR_TRIAGE = "for_triage"
    DUPLICATE = "duplicate"
    CANCELLED = "cancelled"
    REOPEN = "reopen"
    UNCHANGED = "unchanged"


class DuplicateOfWhat(Invalid):
    code = "duplicate-of-what"
    vi = "Ghi phản ánh này trùng với phản ánh nào, bằng mã của phản ánh đó."
    en = "Say which request this is a duplicate of, by its service_request_id."
    field = "attribute.duplicate_of"


@dataclass(frozen=True, slots=True, kw_only=True)
class SentUpdate:
    """An update as a client sent it."""

    id: UUID  # made of the client and its own id: a repeat is known by it
    request_id: str  # of the report: its code or id, however it was written
    told: Told
    words: str
    planned_for: datetime | None = None
    duplicate_of: str | None = None
    photos: tuple[UUID, ...] = ()  # taken in already, of whom `photos_for` says


@dataclass(frozen=True, slots=True)
class Way:
    """What an update means here: the steps in their order, none for words alone, and who takes
    them."""

    steps: Sequence[str]
    by: Viewer

    @property
    def speaks(self) -> bool:
        """Are the words said by the last step? Who begins work says them to everybody instead."""
        return bool(self.steps) and self.steps[-1] not in BEGINNING


#: How an office ends what it was asked to do, and as what.
OUTCOMES = {
    Told.FIXED: Outcome.FIXED,
    Told.CLOSED: Outcome.FIXED,
    Told.PLANNED: Outcome.PLANNED,
    Told.NO_FURTHER_ACTION: Outcome.EXPLAINED,
}
_AT_WORK = frozenset({Told.IN_PROGRESS, Told.INVESTIGATING, Told.ACTION_SCHEDULED})
_BY_OFFICE: Mapping[Told, Sequence[str]] = {
    Told.NOT_COUNCILS_RESPONSIBILITY: ("return",),
    Told.INTERNAL_REFERRAL: ("return",),
    Told.FOR_TRIAGE: ("return",),
    Told.DUPLICATE: ("merge",),
    Told.CANCELLED: ("withdraw",),
    Told.REOPEN: ("reopen",),
}
_BY_REPORTER: Mapping[Told, Sequence[str]] = {
    Told.FIXED: ("confirm",),
    Told.REOPEN: ("reopen", "reconsider"),
    Told.CANCELLED: ("withdraw",),
}
_DONE = frozenset({Status.RESOLVED, Status.CLOSED})
#: What clients that know open and closed alone call open.
_OPEN_WORDS = frozenset(
    {"open", "in_progress", "investigating", "planned", "action_scheduled", "for_triage"}
)


def way_of(update: SentUpdate, report: Report, by: Viewer) -> Way:
    """What an update means from where the report stands. A client takes a person's steps until that
    person signs in, and can take them itself.

    Clients send the status that a report has with them along with all that is said there: what the
    report has come to already moves nothing.
    """
    roles = standing(by, report, centre_id=snapshot.current().centre.id)
    if roles & OFFICE_ROLES:
        return Way(_office_steps(update, report), by)
    speaks_for_them = sent_it(report, by) and not received.reads_for_themselves(report)
    if Role.REPORTER in roles or speaks_for_them:
        return Way(_reporter_steps(update.told, report), in_its_place(report, by))
    return Way((), by)


def sent_it(report: Report, by: Viewer) -> bool:
    """Did this client send the report, for whoever its reporter is?"""
    client = by.account_id
    return client is not None and not report.erased_at and received.sender_of(report.id) == client


def in_its_place(report: Report, by: Viewer) -> Viewer:
    """The reporter, for whom the client that sent the report acts."""
    return Viewer(report.reporter_id) if sent_it(report, by) else by


def _office_steps(update: SentUpdate, report: Report) -> Sequence[str]:
    told = update.told
    if told is Told.PLANNED and update.planned_for is None:
        told = Told.ACTION_SCHEDULED
    if told is Told.OPEN and not _is_open_to_clients(report):
        told = Told.REOPEN  # which the machine leaves to reporters
    if told in OUTCOMES:
        return () if report.status in _DONE else (*_to_work(report), "resolve")
    if told in _AT_WORK:
        return () if _is_at_work(report) else _to_work(report)
    if told is Told.DUPLICATE and not update.duplicate_of:
        raise DuplicateOfWhat
    return _BY_OFFICE.get(told, ())


def _to_work(report: Report) -> Sequence[str]:
    """What brings a report to where its office works on it."""
    if report.status is Status.WAITING:
        started = report.status_before is Status.IN_PROGRESS
        return ("resume",) if started else ("resume", "start")
    return () if report.status is Status.IN_PROGRESS else ("start",)


def _is_at_work(report: Report) -> bool:
    return report.status is Status.IN_PROGRESS or (
        report.status in _DONE and _is_open_to_clients(report)
    )


def _reporter_steps(told: Told, report: Report) -> Sequence[str]:
    if told is Told.OPEN and report.status in _DONE and not _is_open_to_clients(report):
        told = Told.REOPEN
    wanted = [step for step in _BY_REPORTER.get(told, ()) if report.status in STEPS[step].before]
    if not wanted and report.status is Status.WAITING:
        return ("answer",)
    return wanted[:1]


def _is_open_to_clients(report: Report) -> bool:
    """Is the status that clients were told one that they call open?"""
    return status_word(report.status, report.outcome, report.rejection) in _OPEN_WORDS
