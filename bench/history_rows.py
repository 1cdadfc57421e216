"""What hangs on generated reports: steps, offices, supporters, ratings."""

import numpy as np

from bench.copytext import NULL, Text, bytes_of, constant, numbers, times, words
from bench.report_rows import reports_of
from bench.rows import PERSON, Batch, Table, Tables
from bench.tickets import DAY_S, Ints
from reports.statuses import Role, S

SUPPORTED, MOST_SUPPORTERS = 0.12, 12
JOINED = 0.02  # a second office works along
SENDING, STEP = 3, 4  # kinds of numbers that become ids; see rows

#: The step that led to each status: its name, the status before, and whose it is.
LAST_STEP: dict[str, tuple[str, str, Role]] = {
    S.ACCEPTED: ("accept", S.SUBMITTED, Role.DISPATCHER),
    S.IN_PROGRESS: ("start", S.ACCEPTED, Role.OFFICER),
    S.WAITING: ("ask", "", Role.OFFICER),  # before it: as the report remembers
    S.RETURNED: ("return", S.ACCEPTED, Role.OFFICER),
    S.RESOLVED: ("resolve", S.IN_PROGRESS, Role.OFFICER),
    S.CLOSED: ("confirm", S.RESOLVED, Role.SYSTEM),
    S.REJECTED: ("reject", S.SUBMITTED, Role.DISPATCHER),
    S.MERGED: ("merge", S.ACCEPTED, Role.DISPATCHER),
    S.WITHDRAWN: ("withdraw", S.SUBMITTED, Role.REPORTER),
}


def tables_of(batch: Batch) -> Tables:
    """Every table of a batch, in an order in which each row finds what it points at."""
    supporters = _supporters(batch)
    return {
        "account": batch.strangers(),
        "report": reports_of(batch, supporters),
        "status_change": _joined(_sendings(batch), _last_steps(batch)),
        "assignment": _joined(_leading(batch), _joining(batch)),
        "support": _supports(batch, supporters),
        "rating": _ratings(batch),
    }


def _joined(first: Table, second: Table) -> Table:
    return {name: [*first[name], *second[name]] for name in first}


def _sendings(batch: Batch) -> Table:
    n = len(batch)
    return {
        "id": batch.source.ids(batch.number, SENDING),
        "report_id": batch.ids,
        "version": constant("1", n),
        "step": constant("submit", n),
        "before": constant(NULL, n),
        "after": constant(S.SUBMITTED, n),
        "at": times(batch.columns["submitted_at"]),
        "account_id": batch.reporters,
        "role": constant(Role.REPORTER, n),
        "note": constant("", n),
        "facts": constant("{}", n),
        "digest": bytes_of(batch.ids),
    }


def _last_steps(batch: Batch) -> Table:
    columns, n = batch.columns, len(batch)
    here = np.flatnonzero(columns["status"] != S.SUBMITTED)
    steps = [LAST_STEP[status] for status in columns["status"][here].tolist()]
    remembered = columns["status_before"][here]
    before = np.array([before for _, before, _ in steps] or [""])
    change_ids = batch.source.ids(batch.number[here], STEP)
    n = len(here)
    return {
        "id": change_ids,
        "report_id": _picked(batch.ids, here),
        "version": numbers(columns["version"][here]),
        "step": [name for name, _, _ in steps],
        "before": words(np.where(before == "", remembered, before)),
        "after": words(columns["status"][here]),
        "at": times(columns["changed_at"][here]),
        "account_id": [_actor(batch, steps[k][2], index) for k, index in enumerate(here.tolist())],
        "role": [role for _, _, role in steps],
        "note": constant("", n),
        "facts": constant("{}", n),
        "digest": bytes_of(change_ids),
    }


def _actor(batch: Batch, role: Role, index: int) -> str:
    officials = batch.source.officials
    if role is Role.REPORTER:
        return batch.reporters[index]
    if role is Role.OFFICER:
        return officials.officer_of[int(batch.columns["office_id"][index])]
    return officials.system if role is Role.SYSTEM else officials.dispatcher


def _leading(batch: Batch) -> Table:
    """The office proposed, or the one that leads, with the router's reason."""
    columns, made = batch.columns, batch.source.made
    pairs = zip(columns["ward"].tolist(), columns["category"].tolist(), strict=True)
    chosen = [made.choices[ward][kind] for ward, kind in pairs]
    since = np.maximum(columns["submitted_at"], columns["assigned_at"])
    return {
        "report_id": batch.ids,
        "office_id": numbers(columns["office_id"]),
        "part": np.where(columns["assigned_at"] > 0, "lead", "proposed").tolist(),
        "rule_id": [str(choice.rule.id) if choice.rule else NULL for choice in chosen],
        "area_id": [str(made.wards[ward].id) for ward in columns["ward"].tolist()],
        "reason_vi": [choice.reason_vi for choice in chosen],
        "reason_en": [choice.reason_en for choice in chosen],
        "since": times(since),
    }


def _joining(batch: Batch) -> Table:
    """Here and there another office works along."""
    columns = batch.columns
    draw = batch.rng.random(len(batch)) < JOINED
    offices = np.unique(columns["office_id"])
    other = batch.rng.choice(offices, len(batch))
    here = np.flatnonzero(draw & (columns["assigned_at"] > 0) & (other != columns["office_id"]))
    return {
        "report_id": _picked(batch.ids, here),
        "office_id": numbers(other[here]),
        "part": constant("join", len(here)),
        "rule_id": constant(NULL, len(here)),
        "area_id": constant(NULL, len(here)),
        "reason_vi": constant("Cùng phối hợp.", len(here)),
        "reason_en": constant("Works along.", len(here)),
        "since": times(columns["assigned_at"][here]),
    }


def _supporters(batch: Batch) -> Ints:
    """How many follow each report; only what is shown can be found and followed."""
    n = len(batch)
    many = np.minimum(batch.rng.geometric(0.45, n), MOST_SUPPORTERS)
    shown = (batch.columns["published_at"] > 0) & ~batch.columns["hidden"]
    return np.where(shown & (batch.rng.random(n) < SUPPORTED), many, 0)


def _supports(batch: Batch, supporters: Ints) -> Table:
    """People next to the reporter by number: each another, and never the reporter."""
    here = np.repeat(np.arange(len(batch)), supporters)
    first = np.cumsum(supporters) - supporters
    place = np.arange(len(here)) - first[here]
    person = (batch.person[here] + 1 + place) % batch.source.people
    at = batch.columns["published_at"][here] + batch.rng.integers(0, 3 * DAY_S, len(here))
    return {
        "report_id": _picked(batch.ids, here),
        "account_id": batch.source.ids(person, PERSON),
        "at": times(np.minimum(at, batch.source.until)),
    }


def _ratings(batch: Batch) -> Table:
    """The tickets' own stars, once the work is done."""
    columns = batch.columns
    here = np.flatnonzero((columns["stars"] > 0) & (columns["resolved_at"] > 0))
    at = columns["resolved_at"][here] + batch.rng.integers(0, 2 * DAY_S, len(here))
    return {
        "report_id": _picked(batch.ids, here),
        "account_id": _picked(batch.reporters, here),
        "stars": numbers(columns["stars"][here]),
        "comment": constant("", len(here)),
        "at": times(np.minimum(at, batch.source.until)),
    }


def _picked(texts: Text, here: Ints) -> Text:
    return [texts[index] for index in here.tolist()]
