"""What each step changes besides the status: one small function a step. `workflow.move` alone
calls them; what a report's own history forbids is in `guards`.

A function answers the status to go to where the table leaves it open, else None.
"""

from collections.abc import Callable, Iterator
from datetime import datetime

from app.errors import Invalid
from reports import assignments, choices, clocks, guards, merging
from reports.errors import (
    AlreadyTheirs,
    AlreadyThere,
    DateMissing,
    DateNotLater,
    EvidenceMissing,
    NothingToAmend,
    NotOfThisOffice,
    NotThere,
    StepNeeds,
    UnknownArea,
    WordsRedacted,
)
from reports.masking import is_redacted, mask_numbers
from reports.orders import Move
from reports.places import cell_of, to_mercator
from reports.recurrence import link_recurrence
from reports.roles import works_for
from reports.statuses import Outcome, Rejection, Role, Status, Step
from reports.vocabulary import lack_words

#: Refused for what it says: it must not stay readable where it was published.
NOT_FOR_THE_PUBLIC = frozenset({Rejection.ABUSIVE, Rejection.PERSONAL})


def apply(step: Step, move: Move) -> Status | None:
    """Change what belongs to the step; the status where the table leaves it open."""
    return EFFECTS[step.name](move)


# The centre ------------------------------------------------------------------------------------


def accept(move: Move) -> None:
    report, order = move.report, move.order
    if order.category:
        move.facts["category"] = [move.category.code, choices.category_named(move).code]
        report.category_id = choices.category_named(move).id
        report.hidden = report.hidden or move.category.private
    report.urgent = report.urgent if order.urgent is None else order.urgent
    report.accepted_at = report.accepted_at or move.at
    report.centre_due_at = None
    assignments.lead(report, choices.accepted(move), at=move.at)
    clocks.start(report, move.city, move.at)
    link_recurrence(report)
    report.held_back = bool(order.hold_back)
    if report.held_back:
        report.published_at = None
    if move.role is Role.DISPATCHER and not report.held_back and not move.category.private:
        report.published_at = report.published_at or move.at
    _note_office(move)


def reject(move: Move) -> None:
    report = move.report
    report.rejection = move.order.reason
    report.hidden = report.hidden or move.order.reason in NOT_FOR_THE_PUBLIC
    move.facts["reason"] = move.order.reason
    _end(move)


def reconsider(move: Move) -> None:
    """Back to the beginning. What the centre takes up again stays hidden until it is published."""
    report = move.report
    if move.role is Role.REPORTER:
        report.reconsidered, report.hidden = True, False
    report.rejection, report.closed_at = None, None
    report.accepted_at, report.assigned_at, report.started_at = None, None, None
    clocks.forget(report)
    clocks.work_out_anew(report, move.city)
    clocks.start_centre(report, move.city, move.at)
    assignments.lead(report, choices.proposed(move), at=move.at, part="proposed")


def forward(move: Move) -> None:
    report = move.report
    office = choices.office_named(move)
    if office.id == report.office_id and report.status != Status.RETURNED:
        raise AlreadyThere()
    clocks.wake(report, move.city, move.at)
    report.returnable = not guards.head_decides(move)
    report.extension_until, report.status_before = None, None
    report.extended = 0
    report.accepted_at = report.accepted_at or move.at
    report.centre_due_at = None
    assignments.lead(report, choices.by_hand(move, office), at=move.at)
    clocks.start(report, move.city, move.at)
    _note_office(move)


def join(move: Move) -> None:
    office = choices.office_named(move)
    if office.id in {row.office_id for row in assignments.present(move.report.id)}:
        raise AlreadyThere()
    choice = choices.by_hand(move, office)
    assignments.join(
        move.report, office, at=move.at, reason_vi=choice.reason_vi, reason_en=choice.reason_en
    )
    move.facts["office"] = office.code


def unjoin(move: Move) -> None:
    office = choices.office_named(move)
    if not assignments.unjoin(move.report, office, at=move.at):
        raise NotThere()
    move.facts["office"] = office.code


def amend(move: Move) -> None:
    report, order = move.report, move.order
    if not order.given() - {"note"}:
        raise NothingToAmend()
    if (order.lat is None) != (order.lng is None):
        lacks = "lng" if order.lng is None else "lat"
        raise StepNeeds(field=lacks, **lack_words("amend", lacks))
    if order.category:
        move.facts["category"] = [move.category.code, choices.category_named(move).code]
        report.category_id = choices.category_named(move).id
        report.hidden = report.hidden or move.category.private
    if order.urgent is not None:
        move.facts["urgent"] = [report.urgent, order.urgent]
        report.urgent = order.urgent
    if order.lat is not None and order.lng is not None:
        _move_pin(move, order.lat, order.lng)
    if order.area:
        _give_to_area(move, order.area)
    if report.status == Status.SUBMITTED:
        assignments.lead(report, choices.routed(move), at=move.at, part="proposed")
    elif order.category or order.lat is not None:
        _past_the_accused(move)
    if order.category or order.urgent is not None:
        clocks.work_out_anew(report, move.city)


def _past_the_accused(move: Move) -> None:
    """What turns out to be about officials leaves the office it is about. Else nobody changes:
    to whom it goes is for `forward` to say."""
    report, choice = move.report, choices.routed(move)
    if choice.accused is None:
        return
    assignments.unjoin(report, choice.accused, at=move.at)
    if report.office_id == choice.accused.id:
        assignments.lead(report, choice, at=move.at)


def grant_extension(move: Move) -> None:
    report = move.report
    report.due_at, report.extension_until = report.extension_until, None
    report.extended += 1
    report.reminded = 0


def refuse_extension(move: Move) -> None:
    move.report.extension_until = None


def send_back(move: Move) -> None:
    move.report.resolved_at, move.report.outcome, move.report.planned_for = None, None, None


def publish(move: Move) -> None:
    report = move.report
    report.published_at = report.published_at or move.at
    report.hidden, report.held_back = False, False
    if move.order.show_numbers is not None:
        if is_redacted(report.public_description, of=report.description):
            raise WordsRedacted()
        shown = move.order.show_numbers
        report.public_description = (
            report.description if shown else mask_numbers(report.description)
        )


def hide(move: Move) -> None:
    move.report.hidden = True


# The office ------------------------------------------------------------------------------------


def start(move: Move) -> None:
    move.report.started_at = move.at


def assign(move: Move) -> None:
    report, person = move.report, move.order.person
    if person == report.assignee_id:
        raise AlreadyTheirs()
    if person is not None and not works_for(person, report.office_id, at=move.at):
        raise NotOfThisOffice()
    move.facts["person"] = [str(one) if one else None for one in (report.assignee_id, person)]
    report.assignee_id = person


def return_(move: Move) -> None:
    report = move.report
    move.facts["from"] = move.office_before.code if move.office_before else None
    if move.order.office:
        move.facts["suggested"] = choices.office_named(move).code
    report.returned += 1
    report.extension_until = None
    centre = move.city.centre
    assignments.lead(report, choices.by_hand(move, centre), at=move.at)
    clocks.start_centre(report, move.city, move.at)


def ask_extension(move: Move) -> None:
    until = move.order.until
    if until is None or until <= move.at or (move.report.due_at and until <= move.report.due_at):
        raise DateNotLater(field="until")
    move.report.extension_until = until
    move.facts["until"] = until.isoformat()


def resolve(move: Move) -> None:
    report, order = move.report, move.order
    outcome = Outcome(order.outcome or "")
    for lack in outcome_lacks(move):
        raise lack
    report.planned_for = _planned_for(move, outcome)
    report.extension_until = None
    report.outcome = outcome
    report.resolved_at = move.at
    if not report.reopened:
        report.first_resolved_at = move.at  # what the first deadline is held against
    move.facts["outcome"] = str(outcome)


# Either side -----------------------------------------------------------------------------------


def ask(move: Move) -> None:
    report = move.report
    report.asked += 1
    report.status_before = report.status
    report.asked_by_office_id = move.acting_office_id()
    clocks.rest(report, move.at)


def go_on(move: Move) -> Status:
    """Answer and resume alike: back to the status before, the rest added to the deadlines."""
    report = move.report
    back_to = report.status_before or Status.ACCEPTED
    report.status_before = None
    clocks.wake(report, move.city, move.at)
    return back_to


# The reporter ----------------------------------------------------------------------------------


def confirm(move: Move) -> None:
    _end(move)


def reopen(move: Move) -> None:
    report = move.report
    report.reopened += 1
    report.reopened_at = report.reopened_at or move.at
    report.resolved_at, report.closed_at = None, None
    report.outcome, report.planned_for = None, None
    clocks.start(report, move.city, move.at, term=clocks.REOPENED)


def withdraw(move: Move) -> None:
    _end(move)


def _end(move: Move) -> None:
    move.report.closed_at = move.at
    move.report.centre_due_at, move.report.waiting_since = None, None
    move.report.status_before = None


# What several of them need ---------------------------------------------------------------------


def _move_pin(move: Move, lat: float, lng: float) -> None:
    report = move.report
    place = move.city.areas.locate(lat, lng)
    move.facts["pin"] = [[report.lat, report.lng], [lat, lng]]
    x, y = to_mercator(lat, lng)
    report.lat, report.lng = round(lat, 5), round(lng, 5)
    report.spot, report.cell = f"({x:.2f},{y:.2f})", cell_of(lat, lng)
    report.area_id, report.outside_m = place.area.id, place.outside_m


def _give_to_area(move: Move, code: str) -> None:
    """The ward that a person knows better than the pin."""
    area = move.city.area(code)
    if area is None:
        raise UnknownArea()
    move.facts["area"] = [move.city.area_by_id[move.report.area_id].code, area.code]
    move.report.area_id, move.report.outside_m = area.id, 0


def outcome_lacks(move: Move) -> Iterator[Invalid]:
    """What an outcome needs of its own: a photo of the repair, the day of a plan."""
    outcome, order = move.order.outcome, move.order
    if outcome == Outcome.FIXED and move.category.evidence and not order.photos:
        yield EvidenceMissing()
    if outcome == Outcome.PLANNED and order.planned_for is None:
        yield DateMissing()


def _planned_for(move: Move, outcome: Outcome) -> datetime | None:
    if outcome is not Outcome.PLANNED:
        return None
    if move.order.planned_for and move.order.planned_for <= move.at:
        raise DateNotLater(field="planned_for")
    return move.order.planned_for


def _note_office(move: Move) -> None:
    move.facts["office"] = move.city.offices_by_id[move.report.office_id].code


EFFECTS: dict[str, Callable[[Move], Status | None]] = {
    "accept": accept,
    "reject": reject,
    "reconsider": reconsider,
    "start": start,
    "assign": assign,
    "ask": ask,
    "answer": go_on,
    "resume": go_on,
    "return": return_,
    "forward": forward,
    "join": join,
    "unjoin": unjoin,
    "amend": amend,
    "ask_extension": ask_extension,
    "grant_extension": grant_extension,
    "refuse_extension": refuse_extension,
    "resolve": resolve,
    "send_back": send_back,
    "confirm": confirm,
    "reopen": reopen,
    "merge": merging.merge,
    "unmerge": merging.unmerge,
    "withdraw": withdraw,
    "publish": publish,
    "hide": hide,
}
