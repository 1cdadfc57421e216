"""The work of a bulk run: its step on one report after the other, each in a transaction of its own,
in the name and with the rights of whoever began it. Flushes; the job commits.

The run's row is locked while a report is done: so its counts are right, stopping waits for one
report at most, and two jobs of one run do each report once.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import structlog
from marshmallow import ValidationError
from sqlalchemy import func, select

from app.auth.models import Account
from app.crash import crash_point
from app.database import db
from app.errors import Stale, XomError
from app.sentences import field_errors
from reports import taking, vocabulary
from reports.city import snapshot
from reports.city.models import Office
from reports.desk import answers
from reports.desk.bulk import BESIDE
from reports.desk.models import BulkItem, BulkRun, RunState
from reports.errors import NoSuchReport
from reports.models import Assignment, Report, StatusChange
from reports.orders import StepOrder
from reports.permissions import Viewer, roles_held
from reports.step_in import StepIn

SLICE = 50  # reports a job does before it lets others pass
SILENT_FOR = timedelta(minutes=2)  # after that a run that is not over has lost its worker

log = structlog.get_logger()


def take_next(run_id: UUID, *, at: datetime) -> bool:
    """The step on the next report; False when there is none left, or the run was stopped."""
    run = db.session.scalar(
        select(BulkRun)
        .where(BulkRun.id == run_id, BulkRun.state.in_((RunState.WAITING, RunState.RUNNING)))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if run is None:
        return False
    item = db.session.scalar(
        select(BulkItem)
        .where(BulkItem.run_id == run_id, BulkItem.finished_at.is_(None))
        .order_by(BulkItem.position)
        .limit(1)
    )
    if item is None:
        run.state, run.finished_at = RunState.FINISHED, at
    else:
        run.state = RunState.RUNNING
        _do(run, item, at)
    db.session.flush()
    return item is not None


def left_behind(*, at: datetime) -> Sequence[UUID]:
    """Runs that are not over, and on which nobody has worked for a while."""
    last = select(func.max(BulkItem.finished_at)).where(BulkItem.run_id == BulkRun.id)
    quiet = func.coalesce(last.scalar_subquery(), BulkRun.created_at) < at - SILENT_FOR
    live = BulkRun.state.in_((RunState.WAITING, RunState.RUNNING))
    return db.session.scalars(select(BulkRun.id).where(live, quiet)).all()


def _do(run: BulkRun, item: BulkItem, at: datetime) -> None:
    """One report that cannot be done holds up no other: why is written beside it."""
    item.finished_at = at
    db.session.flush()
    try:
        with db.session.begin_nested():
            change = _take(run, item, at)
        item.change_id = change.id
        run.done += 1
        crash_point("bulk_step_taken")
    except (XomError, ValidationError) as error:
        _failed(run, item, *_sentences(error))
    except Exception:
        log.exception("a bulk step failed", run=str(run.id), report=str(item.report_id))
        _failed(run, item, *UNEXPECTED)


UNEXPECTED = (
    "Máy gặp lỗi khi làm phản ánh này, lỗi đã được ghi lại. Làm ở chính phản ánh đó, hoặc thử lại.",
    "Something went wrong with this report and was logged. Do it on the report itself, or try"
    " again.",
)


def _failed(run: BulkRun, item: BulkItem, vi: str, en: str) -> None:
    item.problem_vi, item.problem_en = vi[:500], en[:500]
    run.failed += 1


def _take(run: BulkRun, item: BulkItem, at: datetime) -> StatusChange:
    report = db.session.get(Report, item.report_id)
    if report is None:
        raise NoSuchReport
    order, by = _order(run, item, report, at), _viewer(run.account_id, at)
    taken = taking.take(report.id, order, by=by, seen=lambda: item.seen, locale="vi", at=at)
    return taken.change


def _viewer(account_id: UUID, at: datetime) -> Viewer:
    """Whoever began it, with the roles that they hold now: none, once their account is closed."""
    account = db.session.get(Account, account_id)
    is_open = account is not None and account.disabled_at is None
    return Viewer(account_id, roles_held(account_id, at) if is_open else frozenset())


def _order(run: BulkRun, item: BulkItem, report: Report, at: datetime) -> StepOrder:
    """The order on this report; its id follows from run and report, so that again is the same."""
    told: dict[str, Any] = {n: value for n, value in run.fields.items() if n not in BESIDE}
    in_english = run.fields.get("note_en", "")
    if told.get("note"):
        told["note"] = _words(told["note"], in_english, report, at)
    if run.undoes and run.step == "assign":
        told["person"] = _person_before(run.undoes, item.report_id)
    if run.undoes and run.step == "forward":
        told["office"] = _office_before(run.undoes, item.report_id)
    order_id = uuid5(run.id, str(item.report_id))
    order: StepOrder = StepIn().load({"id": str(order_id), "step": run.step} | told)
    return order


def _words(note: str, in_english: str, report: Report, at: datetime) -> str:
    """With the placeholders filled in; in English for a reporter who reads it, if there is any."""
    locale = answers.reader_of(report) if in_english else "vi"
    text = in_english if locale == "en" else note
    return answers.fill(text, report, snapshot.current(), locale, at)


def _person_before(run_id: UUID, report_id: UUID) -> str | None:
    """To whom a report was given before that run."""
    facts = db.session.scalar(
        select(StatusChange.facts)
        .join(BulkItem, BulkItem.change_id == StatusChange.id)
        .where(BulkItem.run_id == run_id, BulkItem.report_id == report_id)
    )
    before: str | None = (facts or {}).get("person", [None])[0]
    return before


def _office_before(run_id: UUID, report_id: UUID) -> str | None:
    """Which office had a report, or was proposed, before that run gave it to another."""
    return db.session.scalar(
        select(Office.code)
        .join(Assignment, Assignment.office_id == Office.id)
        .join(BulkItem, BulkItem.report_id == Assignment.report_id)
        .join(StatusChange, StatusChange.id == BulkItem.change_id)
        .where(
            BulkItem.run_id == run_id,
            BulkItem.report_id == report_id,
            Assignment.part.in_(("lead", "proposed")),
            Assignment.until == StatusChange.at,
        )
    )


def _sentences(error: XomError | ValidationError) -> tuple[str, str]:
    """Why it could not be done, in Vietnamese and in English."""
    if isinstance(error, ValidationError):
        found = next(field_errors(error.messages)).sentence
        return found.vi, str(found)
    vi, en = error.sentence("vi"), error.sentence("en")
    if isinstance(error, Stale) and (changed := error.facts.get("changed")):
        steps = [vocabulary.STEPS[change["step"]] for change in changed]
        vi += f" ({', '.join(words[0] for words in steps)})"
        en += f" ({', '.join(words[1] for words in steps)})"
    return vi, en
