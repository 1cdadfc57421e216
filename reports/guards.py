"""What a report's own history forbids, step by step: limits on asking, returning, reopening.

Each raises a sentence. The same guards answer "what may I do now?": a button that is shown works.
"""

from collections.abc import Callable
from datetime import timedelta

from reports import merging
from reports.assignments import joined_offices
from reports.errors import (
    AlreadyAsked,
    AskedTwice,
    DateNotLater,
    HeadDecides,
    NoExtensionAsked,
    NotPublishable,
    NotReturnable,
    NotThere,
    OnlyOnce,
    OthersFollow,
    StepNotYours,
    TooLate,
    UrgentIsNotExtended,
)
from reports.orders import Move
from reports.permissions import OFFICE_ROLES, is_centre_head
from reports.statuses import Role, Step
from reports.vocabulary import step_words

WITHIN = timedelta(days=30)  # to reopen, or to ask again after a refusal
MOST_QUESTIONS = 2
RETURNS_BEFORE_THE_HEAD_DECIDES = 2


def check(step: Step, move: Move) -> None:
    """Raise the sentence of whatever this report's history forbids."""
    guard = GUARDS.get(step.name)
    if guard is not None:
        guard(move)


def head_decides(move: Move) -> bool:
    """After two returns only the centre's head may say whose it is."""
    return move.report.returned >= RETURNS_BEFORE_THE_HEAD_DECIDES


def _reconsider(move: Move) -> None:
    """A reporter disputes a refusal once; the centre mends its own as often as it must."""
    if move.role is Role.REPORTER and move.report.reconsidered:
        raise OnlyOnce()
    _within_30_days(move)


def _ask(move: Move) -> None:
    if move.report.asked >= MOST_QUESTIONS:
        raise AskedTwice()


def _resume(move: Move) -> None:
    """Whoever asked may go on without the answer, and so may the centre and time itself."""
    asker = move.report.asked_by_office_id in move.by.offices(*OFFICE_ROLES)
    if move.role in OFFICE_ROLES and not asker:
        raise StepNotYours(**step_words("resume"))


def _return(move: Move) -> None:
    if not move.report.returnable or move.report.office_id == move.city.centre.id:
        raise NotReturnable()


def _unjoin(move: Move) -> None:
    if not joined_offices(move.report.id):
        raise NotThere()


def _forward(move: Move) -> None:
    if head_decides(move) and not is_centre_head(move.by, centre_id=move.city.centre.id):
        raise HeadDecides()


def _ask_extension(move: Move) -> None:
    if move.report.urgent:
        raise UrgentIsNotExtended()
    if move.report.extended or move.report.extension_until:
        raise AlreadyAsked()


def _extension_pending(move: Move) -> None:
    if move.report.extension_until is None:
        raise NoExtensionAsked()


def _grant(move: Move) -> None:
    _extension_pending(move)
    until = move.report.extension_until
    if until and until <= max(move.at, move.report.due_at or move.at):
        raise DateNotLater(field="until")


def _withdraw(move: Move) -> None:
    """Others follow it: what they reported is not one person's to take back."""
    just_sent = move.report.submitted_at == move.at  # nobody can follow it yet
    if not just_sent and merging.followers(move.report):
        raise OthersFollow()


def _within_30_days(move: Move) -> None:
    ended = move.report.closed_at or move.report.resolved_at
    if ended is None or move.at - ended > WITHIN:
        raise TooLate(days=WITHIN.days)


def _publish(move: Move) -> None:
    if move.category.private:
        raise NotPublishable()


GUARDS: dict[str, Callable[[Move], None]] = {
    "reconsider": _reconsider,
    "ask": _ask,
    "resume": _resume,
    "return": _return,
    "forward": _forward,
    "unjoin": _unjoin,
    "ask_extension": _ask_extension,
    "grant_extension": _grant,
    "refuse_extension": _extension_pending,
    "reopen": _within_30_days,
    "publish": _publish,
    "withdraw": _withdraw,
}
