"""Taking a step from its form. What is wrong is told beside the field; nothing typed is lost."""

from flask import Response, request
from marshmallow import ValidationError

from app import problems
from app.auth.guards import current, requires
from app.clock import now
from app.database import db
from app.errors import NotFound, XomError
from app.http import body_up_to
from app.limits import by_account, limit
from app.locale import current_locale
from reports import taking, workflow
from reports.city import snapshot
from reports.errors import NoSuchReport
from reports.models import Report, StatusChange
from reports.permissions import Permission
from reports.presenting import View
from reports.statuses import STEPS
from web.console.blueprint import blueprint
from web.console.done import done_word
from web.console.drawing import me
from web.console.report import back_to, find, is_mine, no_longer_here, show
from web.console.step_form import StepForm, order_of, read_form, store_photos, with_error

MOST_BYTES = 100 * 1024 * 1024  # a dozen photos of a telephone


@blueprint.post("/reports/<code>/steps/<step>")
@requires(Permission.QUEUE)
@limit("1200 per hour", by=by_account)
@body_up_to(MOST_BYTES)
def take_step(code: str, step: str) -> Response:
    """Take a step on the version that was looked at."""
    if step not in STEPS:
        raise NotFound
    form = read_form(step, request.form)
    try:
        shown, view = find(code)
    except NoSuchReport:
        return _out_of_sight(code, form)
    report_id, seen = shown.id, form.seen
    try:
        if may_bring_photos(step, shown, view):
            files = request.files.getlist("photos")
            form = store_photos(form, files, current().account_id, of=shown)
        order = order_of(form, shown, view, snapshot.current())
        taken = taking.take(
            report_id, order, by=me(), seen=lambda: seen, locale=current_locale(), at=now()
        )
        db.session.commit()
    except (XomError, ValidationError) as error:
        db.session.rollback()
        return _again(code, form, error)
    return back_to(taken.report, said=step)


def may_bring_photos(step: str, shown: Report, view: View) -> bool:
    """Pictures are taken in for a step that takes them, of whoever may take it: else anybody who
    reads a report could fill the store."""
    offered = {one.name for one in workflow.allowed_steps(shown, by=view.viewer, at=now())}
    return "photos" in STEPS[step].takes and step in offered


def _again(code: str, form: StepForm, error: XomError | ValidationError) -> Response:
    """The form as it was filled in, with what to put right; where somebody sent the report to
    another office meanwhile, what was written in it."""
    try:
        shown, view = find(code)
    except NoSuchReport:
        return _out_of_sight(code, form)
    response = show(shown, view, form=with_error(form, error, shown))
    kind = problems.FieldsInvalid if isinstance(error, ValidationError) else type(error)
    response.status_code = problems.kind_of(kind)[0]
    return response


def _out_of_sight(code: str, form: StepForm) -> Response:
    """Somebody sent the report to another office meanwhile; or this very form did, whose answer
    was lost on the way."""
    done = done_word(form.step) if is_mine(db.session.get(StatusChange, form.id)) else None
    return no_longer_here(code, form.values.get("note", ""), done=done)
