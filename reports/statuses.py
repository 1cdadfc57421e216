"""The machine of a report's life, as data: statuses, steps, outcomes. Nothing here acts.

`STEPS` is the one table: `workflow` moves by it, the API and the pages ask it what may be done.
"""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    SUBMITTED = "submitted"  # stored; nobody has looked yet
    ACCEPTED = "accepted"  # an office has it, with a deadline
    IN_PROGRESS = "in_progress"  # the office is at work
    WAITING = "waiting"  # a question was asked; the deadline rests
    RETURNED = "returned"  # the office says it is not theirs; the centre decides
    RESOLVED = "resolved"  # the office says done; the reporter may reopen
    CLOSED = "closed"  # confirmed by the reporter, or by seven quiet days
    REJECTED = "rejected"  # not taken, with a reason
    MERGED = "merged"  # follows the report it was joined to
    WITHDRAWN = "withdrawn"  # taken back by the reporter


class Role(StrEnum):
    REPORTER = "reporter"  # who sent the report, or one that was merged into it
    DISPATCHER = "dispatcher"
    OFFICER = "officer"  # of the lead office
    HEAD = "head"  # of the lead office; may do whatever its officers may
    LEADER = "leader"
    ADMIN = "admin"
    SYSTEM = "system"


class Outcome(StrEnum):
    FIXED = "fixed"
    PLANNED = "planned"  # with a date
    EXPLAINED = "explained"
    NOT_FOUND = "not_found"


class Rejection(StrEnum):
    """Why the centre does not take a report."""

    OUTSIDE_SCOPE = "outside_scope"
    UNCLEAR = "unclear"
    ABUSIVE = "abusive"
    PERSONAL = "personal"
    ALREADY_ANSWERED = "already_answered"
    OTHER = "other"


class Identity(StrEnum):
    """Who may learn the reporter's name. The public never does."""

    OPEN = "open"  # the handling office
    CONFIDENTIAL = "confidential"  # only the centre, with a reason
    ANONYMOUS = "anonymous"  # nobody: the account was made for this report


S = Status
OPEN = frozenset({S.SUBMITTED, S.ACCEPTED, S.IN_PROGRESS, S.WAITING, S.RETURNED})
OFFICE = frozenset({Role.OFFICER, Role.HEAD})
CENTRE = frozenset({Role.DISPATCHER})


@dataclass(frozen=True, slots=True)
class Step:
    """One allowed move. `to` is None where the status stays, or is the one before."""

    name: str
    before: frozenset[Status]
    to: Status | None
    by: frozenset[Role]
    needs: tuple[str, ...] = ()  # fields of the order that must be given
    takes: tuple[str, ...] = ()  # fields that may be given besides


def _step(
    name: str,
    before: frozenset[Status] | set[Status],
    to: Status | None,
    by: frozenset[Role] | set[Role],
    needs: str = "",
    takes: str = "",
) -> Step:
    return Step(
        name, frozenset(before), to, frozenset(by), *(tuple(x.split()) for x in (needs, takes))
    )


_HELD = {S.ACCEPTED, S.IN_PROGRESS}
_DONE = {S.RESOLVED, S.CLOSED}
_ANY = frozenset(Status)

#: The table. Read a line as: step, from → to, who, what it needs, what it may also carry.
STEPS: dict[str, Step] = {
    step.name: step
    for step in (
        _step(
            "accept",
            {S.SUBMITTED},
            S.ACCEPTED,
            CENTRE | {Role.SYSTEM},
            "",
            "office urgent hold_back note category",
        ),
        _step(
            "reject",
            {S.SUBMITTED, S.ACCEPTED, S.RETURNED, S.WAITING},
            S.REJECTED,
            CENTRE,
            "reason note",
        ),
        _step("reconsider", {S.REJECTED}, S.SUBMITTED, CENTRE | {Role.REPORTER}, "note"),
        _step("start", {S.ACCEPTED}, S.IN_PROGRESS, OFFICE, "", "note"),
        _step("assign", {*_HELD, S.WAITING}, None, OFFICE, "", "person note"),
        _step("ask", {S.SUBMITTED, *_HELD}, S.WAITING, OFFICE | CENTRE, "note"),
        _step("answer", {S.WAITING}, None, {Role.REPORTER}, "note", "photos"),
        _step("resume", {S.WAITING}, None, OFFICE | CENTRE | {Role.SYSTEM}, "note"),
        _step("return", _HELD, S.RETURNED, OFFICE, "note", "office"),
        _step("forward", {*_HELD, S.RETURNED, S.WAITING}, S.ACCEPTED, CENTRE, "office", "note"),
        _step("join", OPEN, None, CENTRE, "office", "note"),
        _step("unjoin", OPEN, None, CENTRE, "office", "note"),
        _step("amend", OPEN, None, CENTRE, "", "category area lat lng urgent note"),
        _step("ask_extension", _HELD, None, {Role.HEAD}, "note until"),
        _step("grant_extension", _HELD, None, CENTRE, "", "note"),
        _step("refuse_extension", _HELD, None, CENTRE, "note"),
        _step("resolve", {S.IN_PROGRESS}, S.RESOLVED, OFFICE, "outcome note", "photos planned_for"),
        _step("send_back", {S.RESOLVED}, S.IN_PROGRESS, CENTRE, "note"),
        _step("confirm", {S.RESOLVED}, S.CLOSED, {Role.REPORTER, Role.SYSTEM}, "", "note"),
        _step("reopen", _DONE, S.IN_PROGRESS, {Role.REPORTER}, "note", "photos"),
        _step("merge", OPEN, S.MERGED, OFFICE | CENTRE, "target", "note"),
        _step("unmerge", {S.MERGED}, None, OFFICE | CENTRE, "", "note"),
        _step(
            "withdraw",
            {S.SUBMITTED, S.ACCEPTED, S.WAITING},
            S.WITHDRAWN,
            {Role.REPORTER},
            "",
            "note",
        ),
        _step("publish", _ANY - {S.WITHDRAWN}, None, CENTRE, "", "note show_numbers"),
        _step("hide", _ANY, None, CENTRE, "note"),
    )
}
