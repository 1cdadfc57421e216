"""What somebody takes along: the figures as a table, and a permanent link to them as of now."""

from collections.abc import Mapping
from typing import Any

import orjson
from flask import Response, request, url_for

from app.auth.guards import current, requires
from app.clock import now
from app.database import db
from app.http import conditional, json_answer
from app.limits import by_account, limit
from app.locale import current_locale
from reports.city import snapshot
from reports.csv_text import csv_of
from reports.figures import links, telling
from reports.figures.asked import Asked, answer_to
from reports.figures.scope import By
from reports.permissions import Permission, viewer_of
from web.dashboard import kept
from web.dashboard.blueprint import blueprint, go, page
from web.dashboard.seen import what_is_seen


@blueprint.get("/figures.csv")
@requires(Permission.FIGURES)
def figures_csv() -> Response:
    """The table of what is shown, each figure a column."""
    locale, asked = current_locale(), _asked(request.args)
    rows = telling.table(answer_to(asked, at=now()), locale)
    response = Response(csv_of(rows), mimetype="text/csv")
    by = asked.by or "total"
    name = f"xom-{asked.period.code.replace('..', '_')}-{by}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@blueprint.post("/links")
@requires(Permission.FIGURES)
@limit("60 per hour", by=by_account)
def keep_link() -> Response:
    """Freeze what is shown, and go to where it stays."""
    at, city = now(), snapshot.current()
    asked = _asked(request.form)
    link = links.keep(asked, city, current_locale(), by=current().account_id, at=at)
    token = link.token
    db.session.commit()
    return go(url_for("dashboard.kept_link", token=token))


@blueprint.get("/links/<string:token>")
@requires(Permission.FIGURES)
def kept_link(token: str) -> Response:
    """The frozen figures as a page."""
    body = links.frozen(token, viewer_of(current(), now()))
    told: dict[str, Any] = orjson.loads(body)
    return page(
        "dashboard/kept.html",
        told=told,
        token=token,
        about=kept.about(told["scope"], snapshot.current()),
        sections=kept.sections(told),
        heads=kept.heads(told),
        rows=kept.rows(told),
    )


@blueprint.get("/links/<string:token>/data")
@requires(Permission.FIGURES)
def kept_data(token: str) -> Response:
    """… and byte for byte, as the API answers them."""
    body = links.frozen(token, viewer_of(current(), now()))
    return conditional(json_answer(body), token)


def _asked(query: Mapping[str, str]) -> Asked:
    seen = what_is_seen(query)
    one = seen.asked
    return Asked(period=one.period, by=By(one.group), scope=seen.scope, compare=one.compare)
