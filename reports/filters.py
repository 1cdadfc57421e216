"""What a list of reports is narrowed to.

Each bound is SQL made once, with a parameter of its own name. So a read that is narrowed by the
same bounds is one statement, made and compiled once (`queries`): making it anew for each request
costs more than running it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, bindparam, func, text

from reports import codes
from reports.figures import cells
from reports.geometry import (
    SPREAD_OVER_BOX,
    SPREAD_OVER_CIRCLE,
    WITHIN_CIRCLE,
    box_values,
    circle_values,
)
from reports.models import Report
from reports.statuses import OPEN, Status

Bounds = frozenset[str]  # names of BOUNDS
WIDE_M = 1_000  # metres; within fewer there are not too many to fetch and to sort
WIDE_CELL = 7  # resolution: those are 2.4 kilometres wide, coarser ones wider still
_CELL: Bounds = frozenset({"cell_box", "cell_from", "cell_to"})
_UNORDERED: Bounds = frozenset({"words", "circle"}) | _CELL
_COUNTED: Bounds = frozenset(
    {"open", "statuses", "urgent", "not_urgent", "due_before", "not_waiting", "unassigned"}
)

_report = Report.__table__.c

BOUNDS: Mapping[str, ColumnElement[bool]] = {
    "category_id": _report.category_id == bindparam("category_id"),
    "area_id": _report.area_id == bindparam("area_id"),
    "office_id": _report.office_id == bindparam("office_id"),
    "urgent": text("urgent"),  # type: ignore[dict-item]
    "not_urgent": text("not urgent"),  # type: ignore[dict-item]
    "since": _report.submitted_at >= bindparam("since"),
    "until": _report.submitted_at < bindparam("until"),
    "due_before": _report.act_by < bindparam("due_before"),
    "not_waiting": text("status <> 'waiting'"),  # type: ignore[dict-item]
    # Spelled as the partial indexes spell it, so that they serve.
    "open": text("status in ('submitted','accepted','in_progress','waiting','returned')"),  # type: ignore[dict-item]
    "statuses": _report.status.in_(bindparam("statuses", expanding=True)),
    "assignee_id": _report.assignee_id == bindparam("assignee_id"),
    # Their own work, and that of whom they stand in for now; an array, so that the index serves.
    "worker": text(
        "(assignee_id is not null and assignee_id = any(array("
        "select cast(:worker as uuid) union all select deputy_of from role_grant"
        " where account_id = cast(:worker as uuid) and deputy_of is not null"
        " and since <= now() and (until is null or until > now()))))"
    ),  # type: ignore[dict-item]
    "unassigned": _report.assignee_id.is_(None),
    "reporter_id": _report.reporter_id == bindparam("reporter_id"),
    "source": _report.source == bindparam("source"),
    "not_by_app": text("source <> 'app'"),  # type: ignore[dict-item]
    "with_photo": _report.cover.is_not(None),
    "without_photo": _report.cover.is_(None),
    "circle": WITHIN_CIRCLE,
    "wide_circle": SPREAD_OVER_CIRCLE,
    "wide_box": SPREAD_OVER_BOX,
    # A hexagon of the map: its numbers say which, the box lets the index of places serve.
    "cell_box": text("report.spot <@ cast(:cell_box as box)"),  # type: ignore[dict-item]
    "cell_from": _report.cell >= bindparam("cell_from", type_=BigInteger),
    "cell_to": _report.cell <= bindparam("cell_to", type_=BigInteger),
    "code": _report.code == bindparam("code"),
    # What nobody at the centre has looked at: new, or taken by itself and shown to nobody yet.
    "unseen": text(
        # The first half as the index spells it, which leaves few for the second.
        "(status = 'submitted' or accepted_at is not null and published_at is null"
        " and checked_at is null and not held_back and not hidden)"
        " and (status = 'submitted' or not exists (select 1"
        " from status_change where report_id = report.id and role = 'dispatcher'))"
    ),  # type: ignore[dict-item]
    "unchecked": text("status = 'resolved' and (checked_at is null or checked_at < resolved_at)"),  # type: ignore[dict-item]
    "words": func.xom_fold(_report.public_description).like(func.xom_fold(bindparam("words"))),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """None is no bound. Times are half open: [since, until)."""

    statuses: frozenset[Status] | None = None
    category_id: int | None = None
    area_id: int | None = None
    office_id: int | None = None
    urgent: bool | None = None
    since: datetime | None = None
    until: datetime | None = None
    due_before: datetime | None = None
    assignee_id: UUID | None = None
    worker: UUID | None = None  # theirs, or of somebody for whom they stand in
    unassigned: bool = False
    reporter_id: UUID | None = None
    source: str | None = None
    photo: bool | None = None  # with one, or without any
    around: tuple[float, float, float] | None = None  # latitude, longitude, metres
    cell: int | None = None  # a hexagon of the map, of any resolution that it shows
    not_waiting: bool = False  # without those whose deadline rests
    unseen: bool = False  # by anybody at the centre
    unchecked: bool = False  # answered, and nobody at the centre has read how
    words: str | None = None

    @property
    def open_alone(self) -> bool:
        """Does the list hold open work and nothing that has ended?"""
        return self.statuses is not None and self.statuses <= OPEN

    def bounds(self) -> Bounds:
        """The names of the bounds that were given."""
        return frozenset(self.values())

    @property
    def perhaps_common(self) -> Bounds:
        """What no index finds in a list's order: common words, a wide circle or hexagon."""
        close: Bounds = frozenset()
        if self.around is None or self.around[2] <= WIDE_M:
            close |= {"circle"}
        if self.cell is None or cells.resolution_of(self.cell) > WIDE_CELL:
            close |= _CELL
        return self.bounds() & (_UNORDERED - close)

    @property
    def are_cheap_to_count(self) -> bool:
        """Among everybody's: open work is counted in its indexes; what is sparse in there, words,
        or all there ever was, would be looked for through half the table."""
        return self.open_alone and self.bounds() <= _COUNTED

    def values(self) -> dict[str, Any]:
        """The bounds that were given, and what their parameters stand for."""
        wanted = {
            "category_id": self.category_id,
            "area_id": self.area_id,
            "office_id": self.office_id,
            "urgent": self.urgent or None,
            "not_urgent": True if self.urgent is False else None,
            "since": self.since,
            "until": self.until,
            "due_before": self.due_before,
            "assignee_id": self.assignee_id,
            "worker": self.worker,
            "unassigned": self.unassigned or None,
            "reporter_id": self.reporter_id,
            "source": self.source,
            "with_photo": self.photo or None,
            "without_photo": True if self.photo is False else None,
            "not_waiting": self.not_waiting or None,
            "unseen": self.unseen or None,
            "unchecked": self.unchecked or None,
        }
        given: dict[str, Any] = {name: one for name, one in wanted.items() if one is not None}
        # What follows from another bound is said too where an index is spelled so.
        if self.open_alone:
            given["open"] = True
        if self.statuses is not None and self.statuses != OPEN:
            given["statuses"] = sorted(self.statuses)
        if self.source not in {None, "app"}:
            given["not_by_app"] = True
        if self.around:
            given |= {"circle": circle_values(*self.around)["circle"]}
        if self.cell is not None:
            given |= _of_cell(self.cell)
        return given | _said(self.words) if self.words else given


def _of_cell(cell: int) -> dict[str, Any]:
    first, last = cells.stored_range(cell)
    box = box_values(*cells.box_of_stored(cell))["box"]
    return {"cell_box": box, "cell_from": first, "cell_to": last}


def _said(words: str) -> dict[str, str]:
    """Words without regard to diacritics, or a report's code read aloud."""
    code = codes.read_code(words)
    if code is not None:
        return {"code": code}
    escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return {"words": f"%{escaped}%"}


def narrowed(bounds: Iterable[str]) -> list[ColumnElement[bool]]:
    """The conditions of these bounds."""
    return [BOUNDS[name] for name in sorted(bounds)]
