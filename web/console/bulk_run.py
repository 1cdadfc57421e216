"""The page of a run in bulk, a handover's too: how far it is, what could not be done and why; to
stop it, go on, try again, undo it.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from flask import Response, request, url_for
from marshmallow import ValidationError
from sqlalchemy import Row

from app.auth.guards import requires
from app.clock import now
from app.database import db
from app.errors import NotFound, XomError
from app.limits import by_account, limit
from app.locale import current_locale, in_words
from app.text import normalise, uuid_in
from reports import codes
from reports.desk import bulk, handover
from reports.desk.models import BulkItem, BulkRun, RunState
from reports.models import Report
from reports.permissions import Permission
from reports.statuses import STEPS
from web.console.blueprint import blueprint
from web.console.bulk_form import SHOWN, line_of
from web.console.drawing import go, me, page, part, target
from web.console.ways_back import way_back
from web.console.wrong import status_of, wrong_in

TOLD = 200  # failures on a run's page
STATES = {
    RunState.WAITING: ("Đang chờ tới lượt", "Waiting for its turn"),
    RunState.RUNNING: ("Đang làm", "Under way"),
    RunState.FINISHED: ("Đã làm hết", "Finished"),
    RunState.STOPPED: ("Đã dừng", "Stopped"),
}
HANDED_OVER = ("Đã xong", "Done")  # of a handover nobody says that it has finished doing


@blueprint.get("/bulk")
@requires(Permission.QUEUE)
def bulk_runs() -> Response:
    """My runs, newest first."""
    runs = [(run, handover.parties(run)) for run in bulk.of(me())]
    return page("console/bulk_runs.html", runs=runs, state_word=_state_word, address=address_of)


@blueprint.get("/bulk/<uuid:run_id>")
@requires(Permission.QUEUE)
def bulk_run(run_id: UUID) -> Response:
    """How far it is; the part that changes is asked for again while it works."""
    return _draw_run(bulk.find(run_id, me()))


@blueprint.get("/handover/<uuid:run_id>")
@requires(Permission.HAND_OVER)
def handover_run(run_id: UUID) -> Response:
    """How a handover went: the same, in its own words and its own place."""
    return _draw_run(bulk.find(run_id, me()))


def _draw_run(run: BulkRun, *, error: XomError | ValidationError | None = None) -> Response:
    back = bulk.UNDONE_BY.get(run.step)
    facts: dict[str, Any] = {
        "run": run,
        "handed": handover.parties(run),
        "address": address_of(run),
        "address_of": address_of,
        "state_word": _state_word,
        "live": run.state in {RunState.WAITING, RunState.RUNNING},
        "left": bulk.left(run),
        "failed": _outcomes(bulk.failures(run, most=TOLD)),
        "done": _outcomes(bulk.successes(run, most=SHOWN)),
        "may_undo": bulk.may_undo(run),
        "undone_by": bulk.undone_by(run),
        "back": back,
        "no_way_back": "" if back else way_back(run.step),
        "back_needs_note": back is not None and "note" in STEPS[back].needs,
        "undo_id": uuid_in(request.form.get("id")) or uuid4(),
        "typed_note": request.form.get("note", ""),
        "wrong": wrong_in(error, {"note"}) if error else {},
    }
    draw = part if target() == "run" else page
    template = "console/bulk_run_part.html" if target() == "run" else "console/bulk_run.html"
    response = draw(template, **facts)
    response.status_code = status_of(error) if error else 200
    return response


def _outcomes(rows: Sequence[Row[Report, BulkItem]]) -> list[dict[str, Any]]:
    """Each report with why not; of one that is theirs to see no longer, its code alone."""
    vi = current_locale() == "vi"
    seen = {report.id for report in bulk.seen_by(me(), [report for report, _ in rows])}
    return [
        (line_of(report) if report.id in seen else {"code": codes.spoken(report.code)})
        | {"why": item.problem_vi if vi else item.problem_en}
        for report, item in rows
    ]


@blueprint.post("/bulk/<uuid:run_id>/stop")
@requires(Permission.QUEUE)
def bulk_stop(run_id: UUID) -> Response:
    """No further report."""
    run = bulk.find(run_id, me(), locked=True)
    bulk.stop(run, at=now())
    db.session.commit()
    return to_run(run)


@blueprint.post("/bulk/<uuid:run_id>/go-on")
@requires(Permission.QUEUE)
def bulk_go_on(run_id: UUID) -> Response:
    """With what was left when it was stopped."""
    run = bulk.find(run_id, me(), locked=True)
    bulk.go_on(run)
    db.session.commit()
    return to_run(run)


@blueprint.post("/bulk/<uuid:run_id>/again")
@requires(Permission.QUEUE)
def bulk_again(run_id: UUID) -> Response:
    """What failed, once more."""
    run = bulk.find(run_id, me(), locked=True)
    bulk.try_again(run)
    db.session.commit()
    return to_run(run)


@blueprint.post("/bulk/<uuid:run_id>/undo")
@requires(Permission.QUEUE)
@limit("300 per hour", by=by_account)
def bulk_undo(run_id: UUID) -> Response:
    """A run of its own that takes this one back."""
    run, note = bulk.find(run_id, me(), locked=True), request.form.get("note", "")
    try:
        undoing = bulk.undo(run, id_given(), note=normalise(note).strip(), by=me(), at=now())
        db.session.commit()
    except (XomError, ValidationError) as error:
        db.session.rollback()
        return _draw_run(bulk.find(run_id, me()), error=error)
    return to_run(undoing)


def address_of(run: BulkRun) -> str:
    """Where it is told how far it is."""
    handed = bulk.leaver_of(run) is not None
    return url_for("console.handover_run" if handed else "console.bulk_run", run_id=run.id)


def to_run(run: BulkRun) -> Response:
    return go(address_of(run))


def _state_word(run: BulkRun) -> str:
    handed = bulk.leaver_of(run) is not None and run.state is RunState.FINISHED
    return in_words(*(HANDED_OVER if handed else STATES[run.state]))


def id_given() -> UUID:
    """The id that the form was drawn with: a repeat is known by it."""
    found = uuid_in(request.form.get("id"))
    if found is None:
        raise NotFound
    return found
