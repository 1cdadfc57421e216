"""Answer templates: what answers are begun from, kept here, and tried on a real report."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response, request, url_for

from app.auth.guards import requires
from app.clock import now
from app.database import db
from app.errors import Forbidden, XomError
from app.locale import current_locale
from app.text import normalise
from reports import codes, looking, official_queue
from reports.city import snapshot
from reports.desk import answers
from reports.desk.answers import Draft
from reports.desk.models import AnswerTemplate
from reports.errors import NoSuchReport
from reports.filters import Filters
from reports.models import Report
from reports.permissions import Permission
from reports.statuses import Outcome
from web.console.blueprint import blueprint
from web.console.drawing import go, me, page
from web.console.wrong import status_of, wrong_in

FIELDS = frozenset({"name", "step", "office", "category", "outcome", "text_vi", "text_en", "code"})


@blueprint.get("/templates")
@requires(Permission.QUEUE)
def templates() -> Response:
    """What my offices may use; whoever keeps some also sees those that were retired."""
    viewer = me()
    return page(
        "console/templates.html",
        rows=[_told(row) for row in answers.listed(viewer)],
        retired=[
            _told(row)
            for row in answers.listed(viewer, retired=True)
            if answers.may_keep(viewer, row.office_id)
        ],
        may_write=answers.keeps_any(viewer),
    )


@blueprint.get("/templates/new")
@requires(Permission.QUEUE)
def template_new() -> Response:
    if not answers.keeps_any(me()):
        raise answers.NotYourTemplates
    return _draw(None, {"step": "resolve"})


@blueprint.get("/templates/<uuid:template_id>")
@requires(Permission.QUEUE)
def template(template_id: UUID) -> Response:
    row = answers.find(template_id, me())
    values = _values_of(row)
    return _draw(row, values, preview=_preview(values))


@blueprint.post("/templates")
@requires(Permission.QUEUE)
def template_add() -> Response:
    """Keep a new one, or only try it on a report."""
    return _write(None)


@blueprint.post("/templates/<uuid:template_id>")
@requires(Permission.QUEUE)
def template_change(template_id: UUID) -> Response:
    return _write(answers.find(template_id, me()))


@blueprint.post("/templates/<uuid:template_id>/<any(retire, restore):act>")
@requires(Permission.QUEUE)
def template_retire(template_id: UUID, act: str) -> Response:
    row = answers.find(template_id, me())
    answers.retire(row, by=me(), at=now() if act == "retire" else None)
    db.session.commit()
    return _to_list()


def _write(row: AnswerTemplate | None) -> Response:
    values = {n: normalise(t).strip() for n, t in request.form.items() if n in FIELDS}
    row_id = row.id if row else None
    try:
        if "look" in request.form:
            return _draw(row, values, preview=_preview(values))
        answers.write(_draft(values), by=me(), city=snapshot.current(), at=now(), row=row)
        db.session.commit()
    except Forbidden:
        raise
    except XomError as error:
        db.session.rollback()
        return _draw(answers.find(row_id, me()) if row_id else None, values, error=error)
    return _to_list()


def _draft(values: Mapping[str, str]) -> Draft:
    office, outcome = values.get("office", ""), values.get("outcome")
    return Draft(
        name=values.get("name", ""),
        step=values.get("step", ""),
        office_id=int(office) if office.isascii() and office.isdigit() else None,
        category=values.get("category") or None,
        outcome=Outcome(outcome) if outcome in set(Outcome) else None,
        text_vi=values.get("text_vi", ""),
        text_en=values.get("text_en", ""),
    )


def _preview(values: Mapping[str, str]) -> dict[str, str] | None:
    """The words on a real report: the one of the code that was typed, or the first of the queue."""
    for name in ("text_vi", "text_en"):
        answers.check_placeholders(values.get(name, ""), values.get("step", ""), field=name)
    report = _report_named(values["code"]) if values.get("code") else _first()
    if report is None:
        return None
    return {
        "code": codes.spoken(report.code),
        "vi": answers.fill(values.get("text_vi", ""), report, snapshot.current(), "vi", now()),
        "en": answers.fill(values.get("text_en", ""), report, snapshot.current(), "en", now()),
    }


def _report_named(code: str) -> Report:
    try:
        return looking.inside(code, me(), current_locale())[0]
    except NoSuchReport:
        raise NoSuchReport(field="code") from None


def _first() -> Report | None:
    rows = official_queue.page(
        me(), Filters(), centre_id=snapshot.current().centre.id, limit=1, after=None
    )
    return db.session.get(Report, rows[0].id) if rows else None


def _draw(
    row: AnswerTemplate | None,
    values: Mapping[str, str],
    *,
    error: XomError | None = None,
    preview: dict[str, str] | None = None,
) -> Response:
    viewer, city, locale = me(), snapshot.current(), current_locale()
    everybodys, offices = answers.kept_by(viewer)
    names = city.names[locale]
    response = page(
        "console/template.html",
        row=row,
        values=values,
        may_write=answers.may_keep(viewer, row.office_id) if row else answers.keeps_any(viewer),
        everybodys=everybodys,
        my_offices=[(office, names.offices[office]["name"]) for office in sorted(offices)],
        steps=answers.STEPS,
        outcomes=list(Outcome),
        categories=[
            (one.code, names.categories[one.id]["name"]) for one in city.offered_categories()
        ],
        placeholders=answers.PLACEHOLDERS,
        preview=preview,
        looked="look" in request.form,
        wrong=wrong_in(error, FIELDS) if error else {},
    )
    response.status_code = status_of(error) if error else 200
    return response


def _values_of(row: AnswerTemplate) -> dict[str, str]:
    category = snapshot.current().categories_by_id.get(row.category_id) if row.category_id else None
    return {
        "name": row.name,
        "step": row.step,
        "office": str(row.office_id) if row.office_id is not None else "",
        "category": category.code if category else "",
        "outcome": str(row.outcome or ""),
        "text_vi": row.text_vi,
        "text_en": row.text_en,
    }


def _told(row: AnswerTemplate) -> dict[str, Any]:
    """A line of the list."""
    locale = current_locale()
    names = snapshot.current().names[locale]
    return {
        "row": row,
        "text": answers.text_in(row, locale),
        "category": names.categories[row.category_id]["name"] if row.category_id else None,
        "office": names.offices[row.office_id]["name"] if row.office_id is not None else None,
        "may_keep": answers.may_keep(me(), row.office_id),
    }


def _to_list() -> Response:
    return go(url_for("console.templates"))
