"""Bulk runs: one step on many reports. Choosing them, what each step would be taken on, beginning,
stopping, trying again, undoing. The steps themselves are taken by a job (`bulk_work`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from marshmallow import ValidationError
from sqlalchemy import Row, func, select, update

from app.database import db, reading
from app.errors import Conflict, Invalid, NotFound, XomError
from app.jobs import schedule
from reports import official_queue, workflow
from reports.city import snapshot
from reports.desk import answers
from reports.desk.models import BulkItem, BulkRun, RunState
from reports.errors import NoSuchReport, StepNeeds
from reports.filters import Filters
from reports.models import Assignment, Report, StatusChange
from reports.permissions import Viewer, can_view_all_of
from reports.statuses import STEPS
from reports.step_in import StepIn
from reports.vocabulary import lack_words

MOST = 2000  # reports of one run
PRIORITY = -10  # messages and deadlines go first
#: What may be done to many at once, in the order in which it is offered.
OFFERED = ("accept", "forward", "start", "assign", "ask", "resolve", "merge", "publish")
#: How it is undone, where the machine allows it.
UNDONE_BY = {
    "merge": "unmerge",
    "assign": "assign",
    "forward": "forward",  # to the office that it came from
    "publish": "hide",
    "ask": "resume",
}
#: Steps whose words may hold placeholders, and be in the reporter's language.
WORDED = frozenset({"ask", "resolve"})
#: What a run keeps beside the fields of its order: the words for those who read English, and of a
#: handover whose work it was.
BESIDE = ("note_en", "leaver")
_LIVE = (RunState.WAITING, RunState.RUNNING)
_NOBODY_ELSE = UUID(int=0)  # stands in an order that is only looked at


class NothingChosen(Invalid):
    code = "nothing-chosen"
    vi = "Chưa chọn phản ánh nào. Đánh dấu vài dòng, hoặc chọn tất cả theo bộ lọc."
    en = "No report was chosen. Tick some, or choose all that fit the filters."


class NothingToDo(Invalid):
    code = "nothing-to-do"
    vi = "Không phản ánh nào trong số đã chọn làm được bước này. Chọn bước khác."
    en = "None of the chosen reports can take this step. Choose another."


class TooManyChosen(Invalid):
    code = "too-many-chosen"
    vi = "Nhiều nhất {most} phản ánh một lượt. Chọn bớt lại."
    en = "At most {most} reports at a time. Choose fewer."


class NotInBulk(Invalid):
    code = "not-in-bulk"
    vi = "Bước này không làm hàng loạt được. Làm ở từng phản ánh."
    en = "This step is not taken in bulk. Take it on each report."
    field = "step"


class IsTheTarget(Conflict):
    code = "is-the-target"
    vi = "Các phản ánh khác được gộp vào phản ánh này."
    en = "The others are merged into this one."


class PublishedAlready(Conflict):
    code = "published-already"
    vi = "Đã công khai từ trước."
    en = "It is published already."


class RunNotThere(Conflict):
    """The run is not in a state for that."""

    code = "run-not-there"
    vi = "Lượt làm này không còn ở chỗ làm được việc đó. Xem lại tiến độ."
    en = "This run is past that. Look at its progress again."


@dataclass(frozen=True, slots=True)
class Pick:
    """A report as it was seen when it was chosen."""

    report_id: UUID
    seen: int


@dataclass(frozen=True, slots=True)
class Sorted:
    """The chosen reports by whether a step may be taken on them."""

    fits: list[Report]
    refused: list[tuple[Report, XomError]]


# Choosing --------------------------------------------------------------------------------------


def matching(viewer: Viewer, filters: Filters, *, newest_first: bool) -> tuple[list[Pick], bool]:
    """All that the viewer's queue has within the filters, in its order, as far as MOST; and whether
    there were more."""
    rows = official_queue.page(
        viewer,
        filters,
        centre_id=snapshot.current().centre.id,
        limit=MOST,
        after=None,
        newest_first=newest_first,
    )
    return [Pick(row.id, row.version) for row in rows[:MOST]], len(rows) > MOST


def chosen(viewer: Viewer, picks: Sequence[Pick]) -> list[Report]:
    """The reports behind the picks, in their order, as far as the viewer may see them as officials
    do. Raises TooManyChosen."""
    if len(picks) > MOST:
        raise TooManyChosen(most=MOST)
    ids = list(dict.fromkeys(pick.report_id for pick in picks))
    by_id = {row.id: row for row in db.session.scalars(select(Report).where(Report.id.in_(ids)))}
    return seen_by(viewer, [by_id[report_id] for report_id in ids if report_id in by_id])


def seen_by(viewer: Viewer, reports: Sequence[Report]) -> list[Report]:
    """Those of them that the viewer sees as officials do."""
    joined, centre = _joined([report.id for report in reports]), snapshot.current().centre.id
    return [
        report
        for report in reports
        if can_view_all_of(viewer, report, joined.get(report.id, frozenset()), centre_id=centre)
    ]


def _joined(ids: Iterable[UUID]) -> Mapping[UUID, frozenset[int]]:
    query = select(Assignment.report_id, Assignment.office_id).where(
        Assignment.report_id.in_(list(ids)), Assignment.until.is_(None), Assignment.part == "join"
    )
    found: dict[UUID, frozenset[int]] = {}
    with reading() as connection:
        for report_id, office_id in connection.execute(query):
            found[report_id] = found.get(report_id, frozenset()) | {office_id}
    return found


def steps_for(reports: Sequence[Report], *, by: Viewer, at: datetime) -> dict[str, int]:
    """On how many of them each step may be taken; steps that fit none are left out."""
    counted = {name: len(sort_out(name, reports, by=by, at=at).fits) for name in OFFERED}
    return {name: number for name, number in counted.items() if number}


def sort_out(
    step: str,
    reports: Sequence[Report],
    *,
    by: Viewer,
    at: datetime,
    target: UUID | None = None,
) -> Sorted:
    """Which of them may take the step, and why the others may not."""
    if step not in OFFERED:
        raise NotInBulk
    told = [(report, _refusal(step, report, by=by, at=at, target=target)) for report in reports]
    return Sorted(
        [report for report, why in told if why is None],
        [(report, why) for report, why in told if why is not None],
    )


def _refusal(
    step: str, report: Report, *, by: Viewer, at: datetime, target: UUID | None
) -> XomError | None:
    if step == "merge" and report.id == target:
        return IsTheTarget()
    if step == "publish" and report.shown:
        return PublishedAlready()
    return workflow.refusal(STEPS[step], report, by=by, at=at)


# Beginning -------------------------------------------------------------------------------------


def begin(
    run_id: UUID,
    step: str,
    fields: Mapping[str, Any],
    picks: Sequence[Pick],
    *,
    by: Viewer,
    at: datetime,
) -> BulkRun:
    """Write the run down and put its job into the queue; the same id again is the same run.

    `fields` are the order's, as plain values, and what stands BESIDE them.
    Flushes. Raises ValidationError or StepNeeds by field, NothingToDo.
    """
    if known := _known(run_id, by):
        return known
    check_fields(step, fields)
    seen = {pick.report_id: pick.seen for pick in picks}
    target = UUID(fields["target"]) if fields.get("target") else None
    fits = sort_out(step, chosen(by, picks), by=by, at=at, target=target).fits
    if not fits:
        raise NothingToDo
    items = [(report.id, seen[report.id]) for report in fits]
    return _written(run_id, step, dict(fields), items, by=by, at=at)


def check_fields(step: str, fields: Mapping[str, Any]) -> None:
    """Would these fields make an order? Raises ValidationError or StepNeeds, by field."""
    told = {name: value for name, value in fields.items() if name not in BESIDE}
    order = StepIn().load({"id": str(_NOBODY_ELSE), "step": step} | told)
    given = order.given()
    for name in STEPS[step].needs:
        if name not in given:
            raise StepNeeds(field=name, **lack_words(step, name))
    if fields.get("outcome") == "planned" and not fields.get("planned_for"):
        raise StepNeeds(field="planned_for", **lack_words(step, "planned_for"))
    for name in ("note", "note_en"):
        if step in WORDED:
            answers.check_placeholders(str(fields.get(name) or ""), step, field=name)


def _written(
    run_id: UUID,
    step: str,
    fields: dict[str, Any],
    items: Sequence[tuple[UUID, int]],
    *,
    by: Viewer,
    at: datetime,
    undoes: UUID | None = None,
) -> BulkRun:
    if by.account_id is None:
        raise NotFound
    run = BulkRun(
        id=run_id,
        account_id=by.account_id,
        step=step,
        fields=fields,
        state=RunState.WAITING,
        total=len(items),
        undoes=undoes,
        created_at=at,
    )
    db.session.add(run)
    db.session.flush()
    db.session.add_all(
        BulkItem(run_id=run_id, report_id=report_id, position=place, seen=seen)
        for place, (report_id, seen) in enumerate(items)
    )
    db.session.flush()
    put_to_work(run)
    return run


def put_to_work(run: BulkRun) -> None:
    schedule("reports.bulk", {"run_id": str(run.id)}, priority=PRIORITY)


# Looking at them -------------------------------------------------------------------------------


def find(run_id: UUID, viewer: Viewer, *, locked: bool = False) -> BulkRun:
    """A run of the viewer's own. Raises NotFound."""
    query = select(BulkRun).where(BulkRun.id == run_id, BulkRun.account_id == viewer.account_id)
    if locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    run = db.session.scalar(query)
    if run is None:
        raise NotFound
    return run


def of(viewer: Viewer, *, most: int = 100) -> Sequence[BulkRun]:
    """Their runs, newest first."""
    mine = select(BulkRun).where(BulkRun.account_id == viewer.account_id)
    return db.session.scalars(mine.order_by(BulkRun.created_at.desc()).limit(most)).all()


def failures(run: BulkRun, *, most: int) -> Sequence[Row[Report, BulkItem]]:
    """The reports on which it could not be done, each with why."""
    return _told(run, BulkItem.problem_vi.is_not(None), most)


def successes(run: BulkRun, *, most: int) -> Sequence[Row[Report, BulkItem]]:
    return _told(run, BulkItem.change_id.is_not(None), most)


def _told(run: BulkRun, which: Any, most: int) -> Sequence[Row[Report, BulkItem]]:
    return db.session.execute(
        select(Report, BulkItem)
        .join(BulkItem, BulkItem.report_id == Report.id)
        .where(BulkItem.run_id == run.id, which)
        .order_by(BulkItem.position)
        .limit(most)
    ).all()


def undone_by(run: BulkRun) -> BulkRun | None:
    """The run that undid this one, if there is one."""
    return db.session.scalar(select(BulkRun).where(BulkRun.undoes == run.id))


def leaver_of(run: BulkRun) -> UUID | None:
    """Whose work a handover moves, or the undoing of one brings back; None of any other run."""
    text: str | None = run.fields.get("leaver")
    return UUID(text) if text else None


def may_undo(run: BulkRun) -> bool:
    """Only once, when it has ended, and where the machine has a way back."""
    over = run.state not in _LIVE and run.undoes is None and run.done > 0
    return over and run.step in UNDONE_BY and undone_by(run) is None


# Going on, or back -----------------------------------------------------------------------------


def stop(run: BulkRun, *, at: datetime) -> None:
    """No further report; what was done stays. Flushes. The row is locked."""
    if run.state not in _LIVE:
        raise RunNotThere
    run.state, run.finished_at = RunState.STOPPED, at
    db.session.flush()


def go_on(run: BulkRun) -> None:
    """With what was left when it was stopped. Flushes. The row is locked."""
    if run.state != RunState.STOPPED or run.done + run.failed >= run.total:
        raise RunNotThere
    _start_again(run)


def try_again(run: BulkRun) -> None:
    """What failed, on the reports as they are now: whoever asks has read why. Flushes."""
    if run.state in _LIVE or not run.failed:
        raise RunNotThere
    now_at = select(Report.version).where(Report.id == BulkItem.report_id).scalar_subquery()
    db.session.execute(
        update(BulkItem)
        .where(BulkItem.run_id == run.id, BulkItem.problem_vi.is_not(None))
        .values(finished_at=None, problem_vi=None, problem_en=None, seen=now_at),
        execution_options={"synchronize_session": False},
    )
    run.failed = 0
    _start_again(run)


def undo(run: BulkRun, undo_id: UUID, *, note: str, by: Viewer, at: datetime) -> BulkRun:
    """A new run that takes back what this one did, where nothing has happened since. Flushes.
    Raises RunNotThere, StepNeeds (a note, where the way back needs one)."""
    if known := _known(undo_id, by):
        return known
    if not may_undo(run):
        raise RunNotThere
    step = UNDONE_BY[run.step]
    if "note" in STEPS[step].needs and not note:
        raise StepNeeds(field="note", **lack_words(step, "note"))
    if len(note) > answers.MOST_WORDS:
        raise ValidationError({"note": [f"Longer than maximum length {answers.MOST_WORDS}."]})
    done = (
        select(BulkItem.report_id, StatusChange.version)
        .join(StatusChange, StatusChange.id == BulkItem.change_id)
        .where(BulkItem.run_id == run.id)
        .order_by(BulkItem.position)
    )
    items = [(row.report_id, row.version) for row in db.session.execute(done)]
    fields = {"note": note} if note else {}
    fields |= {name: run.fields[name] for name in ("leaver",) if name in run.fields}
    return _written(undo_id, step, fields, items, by=by, at=at, undoes=run.id)


def _start_again(run: BulkRun) -> None:
    run.state, run.finished_at = RunState.WAITING, None
    db.session.flush()
    put_to_work(run)


def _known(run_id: UUID, by: Viewer) -> BulkRun | None:
    run = db.session.get(BulkRun, run_id)
    if run is not None and run.account_id != by.account_id:
        raise NoSuchReport
    return run


def left(run: BulkRun) -> int:
    """How many reports it has still to do."""
    query = select(func.count()).where(BulkItem.run_id == run.id, BulkItem.finished_at.is_(None))
    return int(db.session.scalar(query) or 0)
