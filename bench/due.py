"""The deadlines of generated reports, by the house's own calendar: days once for each date, the
clocks that still run report by report.
"""

from datetime import UTC, datetime

import numpy as np

from bench.lives import Columns, Sent, Words
from bench.tickets import DAY_S, ZONE_S, Ints
from reports import clocks, deadlines, timetable
from reports.city.snapshot import City
from reports.statuses import OPEN, S


def deadlines_of(sent: Sent, lives: Columns, city: City, *, until: int) -> Columns:
    """Every column of `report` that tells by when, and when to look at it again."""
    term, accepted, reopened = _terms(sent, city), lives["accepted_at"], lives["reopened_at"]
    urgent_due = sent.submitted + deadlines.URGENT_HOURS * 3600
    first = np.where(lives["urgent"], urgent_due, _due(accepted, term, city))
    again = _due(reopened, np.full(len(term), clocks.REOPENED), city)
    columns = {
        "first_due_at": first,
        "due_at": np.where(reopened > 0, again, first),
        "due_from": np.maximum(accepted, reopened),
        "first_due_term": np.where(accepted > 0, term, ""),
        "due_term": np.where(reopened > 0, clocks.REOPENED, np.where(accepted > 0, term, "")),
    }
    return columns | _running(sent, lives | columns, city, until)


def _terms(sent: Sent, city: City) -> Words:
    ids, which = np.unique(sent.category, return_inverse=True)
    kinds = [city.categories_by_id[int(number)] for number in ids]
    return np.array([deadlines.term_of(kind, urgent=kind.urgent) for kind in kinds])[which]


def _due(since: Ints, term: Words, city: City) -> Ints:
    """Where there is a moment to count from: days are equal for all reports of one date."""
    found = np.zeros(len(since), int)
    for name in set(np.unique(term[since > 0]).tolist()) - {deadlines.URGENT}:
        here = np.flatnonzero((since > 0) & (term == name))
        in_days = name.endswith("d")
        keys = (since[here] + ZONE_S) // DAY_S * DAY_S - ZONE_S if in_days else since[here]
        starts, which = np.unique(keys, return_inverse=True)
        due = [
            _seconds(deadlines.due_at(city.calendar, name, submitted_at=at, accepted_at=at))
            for at in map(_moment, starts)
        ]
        found[here] = np.array(due)[which]
    return found


def _running(sent: Sent, lives: Columns, city: City, until: int) -> Columns:
    """The centre's clock, the reminder ladder and the next moment to look, of what is open."""
    found = {
        name: np.zeros(len(sent.submitted), int)
        for name in ("centre_due_at", "reminded", "escalated_at", "next_check_at")
    }
    resolved = lives["status"] == S.RESOLVED
    closes = lives["resolved_at"] + int(timetable.CONFIRM_WITHIN.total_seconds())
    found["next_check_at"] = np.where(resolved, closes, 0)
    for index in np.flatnonzero(np.isin(lives["status"], [*OPEN])).tolist():
        _run(index, sent, lives, found, city, until)
    return found


def _run(index: int, sent: Sent, lives: Columns, found: Columns, city: City, until: int) -> None:
    status, coming = S(lives["status"][index]), []
    if status in timetable.WITH_THE_CENTRE:
        since = _moment(max(sent.submitted[index], lives["returned_at"][index]))
        found["centre_due_at"][index] = coming_at = _seconds(clocks.centre_due_at(city, since))
        found["reminded"][index] = coming_at <= until
        coming.append(coming_at)
    if status is S.WAITING:
        since = _moment(lives["waiting_since"][index])
        days = timetable.ANSWER_WITHIN_DAYS
        coming.append(_seconds(deadlines.due_after_days(city.calendar, since, days)))
    if status in timetable.HELD:
        due, urgent = _moment(lives["due_at"][index]), bool(lives["urgent"][index])
        rungs = [timetable.rung_at(rung, due, city, urgent=urgent) for rung in timetable.LADDER]
        found["reminded"][index] = sum(_seconds(at) <= until for at in rungs)
        coming += map(_seconds, rungs)
    if lives["urgent"][index] and status in {S.SUBMITTED, S.ACCEPTED}:
        told = sent.submitted[index] + int(timetable.TAKEN_WITHIN.total_seconds())
        found["escalated_at"][index] = told if told <= until else 0
        coming.append(told)
    found["next_check_at"][index] = min((at for at in coming if at > until), default=0)


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
