"""What became of each report until a given moment: its status, with the times that belong to it.

Every report gets its whole life drawn, from being sent to being closed; what lies beyond the moment
has not happened yet. So the share of open reports follows from the handling times. Times are Unix
seconds, 0 stands for none; columns have the names they have in `report`. Deadlines: `due`.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.tickets import DAY_S, Ints
from reports.city.snapshot import City
from reports.statuses import S

Columns = dict[str, NDArray[Any]]
Flags = NDArray[np.bool_]
Words = NDArray[np.str_]

FATES = {"handled": 0.915, S.REJECTED: 0.04, S.WITHDRAWN: 0.015, S.MERGED: 0.03}
SLOW, SLOW_DAYS = 0.3, 120  # so many wait much longer: for a budget, a season; half of them so long
ACCEPTED_WITHIN_S = 8 * 3600  # half of them: nights and weekends count
STARTED_AFTER_S = 1.5 * DAY_S  # on average
WAITING, RETURNED = 0.06, 0.02  # shares of what an office has
STOPPED_WITHIN_S = 2 * DAY_S  # … of the moment: a question rests five working days at most
SEEN_LATER = 0.9  # of what was accepted by itself: a person has looked, and published it
CONFIRMED = 0.4  # by the reporter; the rest close by themselves after seven days
CLOSES_AFTER_S = 7 * DAY_S
HELD_BACK, HIDDEN = 0.01, 0.005
LEADS_WITHIN_S = 14 * DAY_S  # a duplicate follows a report that is at most so much older
#: How many steps lead to a status, the sending counted: the report's version there.
STEPS_TO = {S.ACCEPTED: 2, S.IN_PROGRESS: 3, S.RESOLVED: 4, S.CLOSED: 5, S.REJECTED: 2,
            S.WITHDRAWN: 2, S.MERGED: 3, S.WAITING: 4, S.RETURNED: 4}  # fmt: skip


@dataclass(frozen=True)
class Sent:
    """What is known when a report arrives, in the order of sending."""

    submitted: Ints
    category: Ints  # ids
    ward: Ints
    handled_s: Ints  # from the start of the work to its end
    reopened: Ints  # how often, if it comes to that


@dataclass(frozen=True)
class Kinds:
    """What the categories say of each report."""

    auto: Flags
    urgent: Flags
    private: Flags


@dataclass(frozen=True)
class Whole:
    """Lives as they will have been."""

    sent: Sent
    kinds: Kinds
    accepted: Ints
    started: Ints
    resolved: Ints
    closed: Ints
    fate: Words  # one of FATES
    lead: Ints  # index of the report to follow, -1 where there is none


def lives(sent: Sent, city: City, *, until: int, rng: np.random.Generator) -> Columns:
    """Drawn whole, and cut off at `until`."""
    whole = _drawn(sent, _kinds(sent, city), rng)
    status = _status_at(whole, until)
    before = np.where(status == S.MERGED, S.ACCEPTED.value, "").astype("<U12")
    _interrupt(status, before, rng)
    columns = {"status": status, "status_before": before, "urgent": whole.kinds.urgent}
    columns |= _work(whole, status, before, until)
    columns |= _publication(whole, columns, until, rng)
    columns["lead"] = np.where(status == S.MERGED, whole.lead, -1)
    columns["version"] = _versions(whole, columns)
    return columns


def _kinds(sent: Sent, city: City) -> Kinds:
    ids, which = np.unique(sent.category, return_inverse=True)
    found = [city.categories_by_id[int(number)] for number in ids]
    return Kinds(
        auto=np.array([one.auto_accept for one in found])[which],
        urgent=np.array([one.urgent for one in found])[which],
        private=np.array([one.private for one in found])[which],
    )


def _drawn(sent: Sent, kinds: Kinds, rng: np.random.Generator) -> Whole:
    n = len(sent.submitted)
    by_hand = rng.lognormal(np.log(ACCEPTED_WITHIN_S), 1.0, n)
    wait = np.select([kinds.auto, kinds.urgent], [0, rng.uniform(60, 900, n)], by_hand)
    accepted = sent.submitted + wait.astype(int)
    started = accepted + 60 + rng.exponential(STARTED_AFTER_S, n).astype(int)
    slow = (rng.random(n) < SLOW) * rng.lognormal(np.log(SLOW_DAYS * DAY_S), 1.0, n)
    resolved = started + 60 + sent.handled_s + slow.astype(int)
    soon = np.minimum(rng.exponential(1.5 * DAY_S, n), CLOSES_AFTER_S)
    quiet = np.where(rng.random(n) < CONFIRMED, soon, CLOSES_AFTER_S).astype(int)
    fate = rng.choice([*FATES], n, p=[*FATES.values()])
    lead = _leads(sent, fate)
    fate = np.where((fate == S.MERGED) & (lead < 0), "handled", fate)
    return Whole(sent, kinds, accepted, started, resolved, resolved + quiet, fate, lead)


def _leads(sent: Sent, fate: Words) -> Ints:
    """The last report of the same kind in the same ward, if it is recent; else -1."""
    order = np.lexsort((sent.submitted, sent.category, sent.ward))
    group = (sent.ward * 10_000 + sent.category)[order]
    place = np.arange(len(order))
    last = np.maximum.accumulate(np.where(fate[order] == "handled", place, -1))
    found = last >= 0
    found &= group[last] == group
    found &= sent.submitted[order] - sent.submitted[order][last] < LEADS_WITHIN_S
    leads = np.empty(len(order), int)
    leads[order] = np.where(found, order[last], -1)
    return leads


def _status_at(whole: Whole, until: int) -> Words:
    held, fate = whole.accepted <= until, whole.fate
    cases = {
        S.REJECTED: held & (fate == S.REJECTED),
        S.WITHDRAWN: held & (fate == S.WITHDRAWN),
        S.MERGED: (whole.started <= until) & (fate == S.MERGED),
        S.CLOSED: whole.closed <= until,
        S.RESOLVED: whole.resolved <= until,
        S.IN_PROGRESS: whole.started <= until,
        S.ACCEPTED: held,
    }
    return np.select([*cases.values()], [*cases], S.SUBMITTED).astype("<U12")


def _interrupt(status: Words, before: Words, rng: np.random.Generator) -> None:
    """Some of what offices have waits for an answer, or went back to the centre."""
    held = np.isin(status, [S.ACCEPTED, S.IN_PROGRESS])
    draw = rng.random(len(status))
    waits = held & (draw < WAITING)
    before[waits] = status[waits]
    status[waits] = S.WAITING
    status[held & (draw > 1 - RETURNED)] = S.RETURNED


def _work(whole: Whole, status: Words, before: Words, until: int) -> Columns:
    """The times of what was done, each where it has happened."""
    has_office = ~np.isin(status, [S.SUBMITTED, S.REJECTED, S.WITHDRAWN])
    done = np.isin(status, [S.RESOLVED, S.CLOSED])
    begun = done | (status == S.IN_PROGRESS) | (before == S.IN_PROGRESS)
    again = done & (whole.sent.reopened > 0)
    spent = whole.resolved - whole.started
    last = np.where(begun, whole.started, whole.accepted)
    stopped = until - np.minimum((until - last) // 2, STOPPED_WITHIN_S)
    early = np.isin(status, [S.REJECTED, S.WITHDRAWN])
    columns = {
        "accepted_at": np.where(has_office, whole.accepted, 0),
        "assigned_at": np.where(has_office, whole.accepted, 0),
        "started_at": np.where(begun, whole.started, 0),
        "waiting_since": np.where(status == S.WAITING, stopped, 0),
        "resolved_at": np.where(done, whole.resolved, 0),
        "first_resolved_at": np.where(done, whole.resolved - again * spent // 2, 0),
        "reopened_at": np.where(again, whole.resolved - spent // 4, 0),
        "reopened": np.where(again, whole.sent.reopened, 0),
        "closed_at": np.where(status == S.CLOSED, whole.closed, early * whole.accepted),
        "returned_at": np.where(status == S.RETURNED, stopped, 0),
    }
    columns["assigned_at"] = np.maximum(columns["assigned_at"], columns["returned_at"])
    steps = [columns[name] for name in columns if name not in {"reopened", "first_resolved_at"}]
    columns["changed_at"] = np.maximum.reduce([whole.sent.submitted, *steps])
    return columns


def _publication(whole: Whole, columns: Columns, until: int, rng: np.random.Generator) -> Columns:
    """A dispatcher's accept publishes; an automatic one waits until somebody has looked."""
    n, auto = len(whole.accepted), whole.kinds.auto
    at = whole.accepted + auto * rng.integers(3600, 12 * 3600, n)
    held_back = (rng.random(n) < HELD_BACK) & (columns["accepted_at"] > 0)
    seen = (~auto | (rng.random(n) < SEEN_LATER)) & (at <= until)
    shows = seen & (columns["accepted_at"] > 0) & ~held_back & ~whole.kinds.private
    return {
        "published_at": np.where(shows, at, 0),
        "held_back": held_back,
        "hidden": rng.random(n) < HIDDEN,
    }


def _versions(whole: Whole, columns: Columns) -> Ints:
    status = columns["status"]
    steps: Ints = np.select([status == name for name in STEPS_TO], [*STEPS_TO.values()], 1)
    published_later = whole.kinds.auto & (columns["published_at"] > 0)
    steps += 2 * columns["reopened"] + published_later
    return steps
