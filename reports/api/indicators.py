"""The leaders' figures over HTTP: of a period, along thirteen months, what is new, and frozen under
a permanent link."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import orjson
from flask import Response

from app.auth.guards import anyone, caller, current, requires
from app.clock import now
from app.database import db
from app.http import compressed, conditional, json_answer
from app.limits import by_account, limit
from app.locale import current_locale
from app.openapi import Blueprint, file_schema
from reports import asking
from reports.api import figure_schemas as schemas
from reports.api import public_answers
from reports.city import snapshot
from reports.city.snapshot import City
from reports.csv_text import csv_of
from reports.figures import links, news, telling, trends
from reports.figures.asked import Asked, EmptyPeriod, answer_to, figures_from, told_to
from reports.figures.definitions import FIGURES, VERSION
from reports.figures.periods import DAY, Kind, Period, containing
from reports.figures.public import telling as public
from reports.figures.rights import scope_for
from reports.figures.scope import By, Scope
from reports.permissions import Permission, permits, viewer_of

#: … beside JSON, with `format=csv`.
AS_CSV = {200: {"content": {"text/csv": {"schema": file_schema("text/csv")}}}}

blueprint = Blueprint("indicators", __name__, url_prefix="/api/v1", description="Figures of many")


@blueprint.get("/indicators")
@anyone
@limit(public_answers.LIMIT, by=public_answers.by_stranger)
@blueprint.arguments(schemas.IndicatorsIn, location="query")
@blueprint.doc(responses=AS_CSV)
@blueprint.response(200, schemas.AnswerOut)
@blueprint.problems(403)
def read_indicators(query: dict[str, Any]) -> Response:
    """The figures of a period, in total and by group. Leaders read all, an office's head those of
    their own office, everybody else what was published of whole months."""
    at, city, locale = now(), snapshot.current(), current_locale()
    viewer = viewer_of(caller(), at)
    if not permits(viewer, Permission.FIGURES):
        return _public(query, city, locale)
    asked = _asked(query, city, scope_for(viewer, _scope(query, city)))
    if query["format"] == "csv":
        table = telling.table(answer_to(asked, at=at), locale, asked.keys)
        return _csv(csv_of(table), asked.period.code, asked.by)
    return compressed(json_answer(told_to(asked, city, locale, at=at)))


def _public(query: dict[str, Any], city: City, locale: str) -> Response:
    is_csv = query["format"] == "csv"

    def made() -> bytes:
        told = public.indicators_told(query, city, locale)
        return "".join(public.csv_told(told, locale)).encode() if is_csv else orjson.dumps(told)

    kind = "text/csv" if is_csv else "application/json"
    response = public_answers.answer("indicators", query, made, kind)
    if is_csv:
        response.headers["Content-Disposition"] = _named("public", query["by"])
    return response


@blueprint.get("/indicators/definitions")
@anyone
@blueprint.response(200, schemas.DefinitionsOut)
def read_definitions() -> Response:
    """What each figure means, in plain words, and where its rule stands."""
    items = [telling.definition_of(figure, current_locale()) for figure in FIGURES]
    return json_answer({"version": VERSION, "items": items})


@blueprint.get("/indicators/trend")
@requires(Permission.FIGURES)
@blueprint.arguments(schemas.TrendIn, location="query")
@blueprint.response(200, schemas.TrendOut)
def read_trend(query: dict[str, Any]) -> Response:
    """Figures by month, up to the month of a day, with Tết and floods to be marked beside them."""
    at, city, locale = now(), snapshot.current(), current_locale()
    keys = figures_from(query["figures"]) or None
    found = trends.trend(
        query["until"] or city.calendar.local_day(at),
        scope=_allowed(query, city),
        at=at,
        count=query["months"],
    )
    return compressed(json_answer(telling.trend_of(found, locale, keys)))


@blueprint.get("/indicators/news")
@requires(Permission.FIGURES)
@blueprint.arguments(schemas.NewsIn, location="query")
@blueprint.response(200, schemas.NewsOut)
def read_news(query: dict[str, Any]) -> Response:
    """What came well above its own past twelve months: at most three sentences."""
    at, city = now(), snapshot.current()
    found = news.news(_period(query, city), scope=_allowed(query, city), at=at)
    items = [telling.news_of(one, city, current_locale()) for one in found or ()]
    return json_answer({"compared": found is not None, "items": items})


@blueprint.post("/figures/links")
@requires(Permission.FIGURES)
@limit("60 per hour", by=by_account)
@blueprint.arguments(schemas.AskedIn, required=False)
@blueprint.response(201, schemas.LinkOut)
def keep_link(query: dict[str, Any]) -> Response:
    """Freeze an answer with its definitions, cut-off and samples under a permanent link."""
    at, city = now(), snapshot.current()
    asked = _asked(query, city, _allowed(query, city))
    link = links.keep(asked, city, current_locale(), by=current().account_id, at=at)
    answer = {"token": link.token, "url": links.PATH + link.token, "as_of": link.as_of}
    db.session.commit()
    return json_answer(answer, 201)


@blueprint.get("/figures/links/<string:token>")
@requires(Permission.FIGURES)
@blueprint.response(200, schemas.FrozenOut)
def read_link(token: str) -> Response:
    """The answer that was frozen, byte for byte. May it still be read is asked each time."""
    body = links.frozen(token, viewer_of(current(), now()))
    return conditional(json_answer(body), token)


def _scope(query: Mapping[str, Any], city: City) -> Scope:
    filters = asking.filters_from({name: query[name] for name in _SCOPE}, city)
    return Scope(filters.area_id, filters.category_id, filters.office_id)


_SCOPE = ("area", "category", "office")


def _allowed(query: Mapping[str, Any], city: City) -> Scope:
    """What of the scope that was asked for the caller, an official, may read."""
    return scope_for(viewer_of(current(), now()), _scope(query, city))


def _asked(query: Mapping[str, Any], city: City, scope: Scope) -> Asked:
    return Asked(
        period=_period(query, city),
        by=query["by"],
        scope=scope,
        compare=query["compare"],
        figures=figures_from(query["figures"]),
    )


def _period(query: Mapping[str, Any], city: City) -> Period:
    """The days that were asked for; a month where an end, or both, are not given."""
    since: date | None = query["since"]
    until: date | None = query["until"]
    if since is None:
        day = until - DAY if until else city.calendar.local_day(now())
        since = containing(Kind.MONTH, day).since
    until = until or containing(Kind.MONTH, since).until
    if until <= since:
        raise EmptyPeriod
    return Period(since, until)


def _csv(lines: Iterable[str], period: str, by: By | None) -> Response:
    headers = {"Content-Disposition": _named(period, by)}
    return Response(lines, headers=headers, content_type="text/csv; charset=utf-8")


def _named(period: str, by: By | None) -> str:
    return f'attachment; filename="indicators-{period}{f"-{by}" if by else ""}.csv"'
