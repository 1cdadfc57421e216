"""Saved filters: keeping the queue's filter under a name, and putting those kept in order."""

from uuid import UUID

from flask import Response, request, url_for
from marshmallow import ValidationError

from app.auth.guards import requires
from app.database import db
from app.errors import XomError
from app.locale import current_locale
from reports.city import snapshot
from reports.desk import saved
from reports.permissions import Permission
from web.console.blueprint import blueprint
from web.console.drawing import go, me, page
from web.console.filter_words import bounds_of
from web.console.wrong import status_of, wrong_in


@blueprint.get("/filters")
@requires(Permission.QUEUE)
def filters() -> Response:
    """My filters in order, and those that are shared with me."""
    return _draw_list()


@blueprint.get("/filters/new")
@requires(Permission.QUEUE)
def filter_new() -> Response:
    """A name for the filter that the address carries."""
    return _draw_new(request.query_string.decode("ascii", "replace"))


@blueprint.post("/filters")
@requires(Permission.QUEUE)
def filter_save() -> Response:
    form = request.form
    query = form.get("query", "")
    try:
        saved.save(me(), form.get("name", ""), query, office_id=_office(form.get("office")))
        db.session.commit()
    except (XomError, ValidationError) as error:
        db.session.rollback()
        return _draw_new(query, error=error)
    return _to_list()


@blueprint.post("/filters/<uuid:filter_id>")
@requires(Permission.QUEUE)
def filter_change(filter_id: UUID) -> Response:
    """Another name, shared or not."""
    form = request.form
    try:
        office = _office(form.get("office"))
        saved.change(me(), filter_id, form.get("name", ""), office_id=office)
        db.session.commit()
    except XomError as error:
        db.session.rollback()
        return _draw_list(filter_id, error)
    return _to_list()


@blueprint.post("/filters/<uuid:filter_id>/<any(up, down):way>")
@requires(Permission.QUEUE)
def filter_move(filter_id: UUID, way: str) -> Response:
    saved.move(me(), filter_id, up=way == "up")
    db.session.commit()
    return _to_list()


@blueprint.post("/filters/<uuid:filter_id>/delete")
@requires(Permission.QUEUE)
def filter_delete(filter_id: UUID) -> Response:
    saved.delete(me(), filter_id)
    db.session.commit()
    return _to_list()


def _draw_list(wrong_id: UUID | None = None, error: XomError | None = None) -> Response:
    viewer = me()
    rows = saved.for_viewer(viewer)
    told = [
        {
            "row": row,
            "mine": row.account_id == viewer.account_id,
            "may_delete": saved.may_delete(viewer, row),
            "bounds": bounds_of(saved.asked_for(row.query)),
            "wrong": wrong_in(error, {"name", "office"}) if error and row.id == wrong_id else {},
        }
        for row in rows
    ]
    typed = request.form if error else {}
    response = page("console/filters.html", told=told, offices=_offices(), typed=typed)
    response.status_code = status_of(error) if error else 200
    return response


def _draw_new(query: str, error: XomError | ValidationError | None = None) -> Response:
    response = page(
        "console/filter_new.html",
        query=query,
        bounds=bounds_of(saved.asked_for(query)),
        offices=_offices(),
        typed=request.form,
        wrong=wrong_in(error, {"name", "office"}) if error else {},
    )
    response.status_code = status_of(error) if error else 200
    return response


def _offices() -> list[tuple[int, str]]:
    """With whom a filter may be shared."""
    names = snapshot.current().names[current_locale()].offices
    return [(office, names[office]["name"]) for office in sorted({o for _, o in me().held})]


def _office(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None


def _to_list() -> Response:
    return go(url_for("console.filters"))
