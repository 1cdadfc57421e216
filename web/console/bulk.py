"""One step on many reports: chosen on the queue, then said once what will be done to how many. How
far it is stands on the page of the run (`bulk_run`).
"""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from flask import Response, request, url_for
from marshmallow import ValidationError

from app.auth.guards import requires
from app.clock import now
from app.database import db
from app.errors import XomError
from app.limits import by_account, limit
from app.locale import current_locale
from app.text import uuid_in
from reports import codes
from reports.city import snapshot
from reports.desk import answers, bulk
from reports.models import Report
from reports.permissions import OFFICE_ROLES, Permission
from reports.statuses import STEPS, Role
from web.console import bulk_form
from web.console.blueprint import blueprint
from web.console.bulk_form import SHOWN, Chosen, line_of
from web.console.bulk_run import id_given, to_run
from web.console.drawing import me, page
from web.console.ways_back import way_back
from web.console.wrong import status_of, wrong_in


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
        if step == "merge":
            bulk_form.require_alike(values, bulk.chosen(me(), chosen.picks), me())
        run = bulk.begin(id_given(), step, fields, chosen.picks, by=me(), at=now())
        db.session.commit()
    except (XomError, ValidationError) as error:
        db.session.rollback()
        return _draw_form(step, chosen, values, error=error)
    return to_run(run)


def _draw_steps(chosen: Chosen) -> Response:
    reports = bulk.chosen(me(), chosen.picks)
    steps = bulk.steps_for(reports, by=me(), at=now())
    told = [(name, number, way_back(name)) for name, number in steps.items()]
    facts = _named(reports) | {"chosen": chosen, "number": len(reports), "most": bulk.MOST}
    again = url_for("console.bulk_new")
    return page("console/bulk_new.html", again=again, step=None, steps=told, **facts)


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
    target = bulk_form.target_of(values, me())
    sorted_ = bulk.sort_out(step, reports, by=me(), at=now(), target=target.id if target else None)
    locale, asked = current_locale(), bulk_form.ASKS[step]
    refused = [(line_of(report), why.sentence(locale)) for report, why in sorted_.refused[:SHOWN]]
    response = page(
        "console/bulk_new.html",
        again=url_for("console.bulk_new"),
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
        target=line_of(target) if target else None,
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
    return {
        "lines": [line_of(report) for report in reports[:SHOWN]],
        "unnamed": len(reports) - SHOWN,
    }
