"""One step on many reports: chosen on the queue, said once what will be done to how many, then a
page that tells how far it is.
"""

from collections.abc import Mapping, Sequence
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
from reports.city import snapshot
from reports.desk import answers, bulk
from reports.desk.models import BulkItem, BulkRun, RunState
from reports.models import Report
from reports.permissions import OFFICE_ROLES, Permission
from reports.statuses import STEPS, Role
from web.console import bulk_form
from web.console.blueprint import blueprint
from web.console.bulk_form import SHOWN, Chosen
from web.console.drawing import go, me, page, part, target
from web.console.marks import headline
from web.console.wrong import status_of, wrong_in

TOLD = 200  # failures on a run's page
#: What undoing means, said before starting.
WAYS_BACK = {
    "merge": ("Hoàn tác được: tách ra, mỗi phản ánh như trước.",
              "Can be undone: they are taken apart again, each as it was."),
    "assign": ("Hoàn tác được: giao lại cho người trước đó.",
               "Can be undone: each goes back to whoever had it."),
    "publish": ("Hoàn tác được: ẩn lại. Ai đã đọc thì vẫn biết.",
                "Can be undone: they are hidden again. Who has read them still knows."),
    "ask": ("Hoàn tác được: xử lý tiếp, không đợi trả lời. Câu hỏi thì đã gửi đi.",
            "Can be undone: work goes on without the answer. The question has been sent."),
}  # fmt: skip
NO_WAY_BACK = ("Không hoàn tác hàng loạt được: người phản ánh và đơn vị được báo ngay.",
               "Cannot be undone in bulk: the reporter and the office hear at once.")  # fmt: skip
STATES = {
    RunState.WAITING: ("Đang chờ tới lượt", "Waiting for its turn"),
    RunState.RUNNING: ("Đang làm", "Under way"),
    RunState.FINISHED: ("Đã làm hết", "Finished"),
    RunState.STOPPED: ("Đã dừng", "Stopped"),
}


@blueprint.app_template_global("may_pick")
def may_pick() -> bool:
    """Is there a step that the caller could take on many reports?"""
    return bool(me().offices(Role.DISPATCHER, *OFFICE_ROLES))


# Choosing and beginning ------------------------------------------------------------------------


@blueprint.post("/bulk/new")
@requires(Permission.QUEUE)
def bulk_new() -> Response:
    """What may be done with what was chosen; with a step, its form."""
    chosen, step = bulk_form.read_chosen(me()), request.form.get("step", "")
    if not step:
        return _draw_steps(chosen)
    if step not in bulk.OFFERED:
        raise bulk.NotInBulk
    values = bulk_form.typed(step)
    try:
        preview = _preview(step, values, chosen) if "look" in request.form else None
    except (XomError, ValidationError) as error:
        return _draw_form(step, chosen, values, error=error)
    return _draw_form(step, chosen, values, preview=preview)


@blueprint.post("/bulk")
@requires(Permission.QUEUE)
@limit("300 per hour", by=by_account)
def bulk_begin() -> Response:
    """Begin a run; the same form again is the same run."""
    chosen, step = bulk_form.read_chosen(me()), request.form.get("step", "")
    if step not in bulk.OFFERED:
        raise bulk.NotInBulk
    values = bulk_form.typed(step)
    try:
        fields = bulk_form.fields_of(step, values, me())
        run = bulk.begin(_id_given(), step, fields, chosen.picks, by=me(), at=now())
        db.session.commit()
    except (XomError, ValidationError) as error:
        db.session.rollback()
        return _draw_form(step, chosen, values, error=error)
    return _to(run)


def _draw_steps(chosen: Chosen) -> Response:
    reports = bulk.chosen(me(), chosen.picks)
    steps = bulk.steps_for(reports, by=me(), at=now())
    told = [(name, number, way_back(name)) for name, number in steps.items()]
    facts = _named(reports) | {"chosen": chosen, "number": len(reports), "most": bulk.MOST}
    return page("console/bulk_new.html", step=None, steps=told, **facts)


def _draw_form(
    step: str,
    chosen: Chosen,
    values: Mapping[str, str],
    *,
    error: XomError | ValidationError | None = None,
    preview: tuple[str, str] | None = None,
) -> Response:
    """The form of a step, with what it will be done to and what not."""
    reports = bulk.chosen(me(), chosen.picks)
    sorted_ = bulk.sort_out(step, reports, by=me(), at=now(), target=bulk_form.target_of(values))
    locale, asked = current_locale(), bulk_form.ASKS[step]
    refused = [(_line(report), why.sentence(locale)) for report, why in sorted_.refused[:SHOWN]]
    response = page(
        "console/bulk_new.html",
        step=step,
        asked=asked,
        chosen=chosen,
        most=bulk.MOST,
        number=len(sorted_.fits),
        refused=refused,
        not_fitting=len(sorted_.refused),
        way_back=way_back(step),
        run_id=uuid_in(request.form.get("id")) or uuid4(),
        values=values,
        wrong=wrong_in(error, asked) if error else {},
        preview=preview,
        needs=STEPS[step].needs,
        placeholder_words=answers.PLACEHOLDERS,
        **_named(sorted_.fits),
        **bulk_form.offers(step, me(), sorted_.fits),
    )
    response.status_code = status_of(error) if error else 200
    return response


def _preview(step: str, values: Mapping[str, str], chosen: Chosen) -> tuple[str, str] | None:
    """The words as the first of the reports would have them: (code, words)."""
    for name in ("note", "note_en"):
        answers.check_placeholders(values.get(name, ""), step, field=name)
    fits = bulk.sort_out(step, bulk.chosen(me(), chosen.picks), by=me(), at=now()).fits
    if not fits:
        return None
    english = values.get("note_en", "")
    locale = answers.reader_of(fits[0]) if english else "vi"
    text = english if locale == "en" else values.get("note", "")
    filled = answers.fill(text, fits[0], snapshot.current(), locale, now())
    return codes.spoken(fits[0].code), filled


def _named(reports: list[Report]) -> dict[str, Any]:
    """Some of them by name, so that one sees what is about to happen."""
    return {"lines": [_line(report) for report in reports[:SHOWN]], "unnamed": len(reports) - SHOWN}


def _line(report: Report) -> dict[str, Any]:
    names = snapshot.current().names[current_locale()]
    category = names.categories[report.category_id]["name"]
    return {
        "code": codes.spoken(report.code),
        "title": headline(report.description, category),
        "category": category,
        "area": names.areas[report.area_id]["name"],
        "status": report.status,
    }


def way_back(step: str) -> str:
    """Can it be undone, and what would that do?"""
    return in_words(*WAYS_BACK.get(step, NO_WAY_BACK))


# A run -----------------------------------------------------------------------------------------


@blueprint.get("/bulk")
@requires(Permission.QUEUE)
def bulk_runs() -> Response:
    """My runs, newest first."""
    return page("console/bulk_runs.html", runs=bulk.of(me()), state_word=_state_word)


@blueprint.get("/bulk/<uuid:run_id>")
@requires(Permission.QUEUE)
def bulk_run(run_id: UUID) -> Response:
    """How far it is; the part that changes is asked for again while it works."""
    return _draw_run(bulk.find(run_id, me()))


def _draw_run(run: BulkRun, *, error: XomError | ValidationError | None = None) -> Response:
    back = bulk.UNDONE_BY.get(run.step)
    facts: dict[str, Any] = {
        "run": run,
        "state_word": _state_word,
        "live": run.state in {RunState.WAITING, RunState.RUNNING},
        "left": bulk.left(run),
        "failed": _outcomes(bulk.failures(run, most=TOLD)),
        "done": _outcomes(bulk.successes(run, most=SHOWN)),
        "may_undo": bulk.may_undo(run),
        "undone_by": bulk.undone_by(run),
        "back": back,
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
        (_line(report) if report.id in seen else {"code": codes.spoken(report.code)})
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
    return _to(run)


@blueprint.post("/bulk/<uuid:run_id>/go-on")
@requires(Permission.QUEUE)
def bulk_go_on(run_id: UUID) -> Response:
    """With what was left when it was stopped."""
    run = bulk.find(run_id, me(), locked=True)
    bulk.go_on(run)
    db.session.commit()
    return _to(run)


@blueprint.post("/bulk/<uuid:run_id>/again")
@requires(Permission.QUEUE)
def bulk_again(run_id: UUID) -> Response:
    """What failed, once more."""
    run = bulk.find(run_id, me(), locked=True)
    bulk.try_again(run)
    db.session.commit()
    return _to(run)


@blueprint.post("/bulk/<uuid:run_id>/undo")
@requires(Permission.QUEUE)
@limit("300 per hour", by=by_account)
def bulk_undo(run_id: UUID) -> Response:
    """A run of its own that takes this one back."""
    run, note = bulk.find(run_id, me(), locked=True), request.form.get("note", "")
    try:
        undoing = bulk.undo(run, _id_given(), note=normalise(note).strip(), by=me(), at=now())
        db.session.commit()
    except (XomError, ValidationError) as error:
        db.session.rollback()
        return _draw_run(bulk.find(run_id, me()), error=error)
    return _to(undoing)


def _to(run: BulkRun) -> Response:
    return go(url_for("console.bulk_run", run_id=run.id))


def _state_word(run: BulkRun) -> str:
    return in_words(*STATES[run.state])


def _id_given() -> UUID:
    """The id that the form was drawn with: a repeat is known by it."""
    found = uuid_in(request.form.get("id"))
    if found is None:
        raise NotFound
    return found
