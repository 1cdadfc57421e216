"""OGC API – Features over HTTP, at `/ogc`. Described by its own document, `/ogc/api`, since the
standard wants OpenAPI 3.0; so it stands outside the description of the API.

What cannot be answered is 400, as the standard says, where the rest of the house answers 422.
"""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

import orjson
from flask import Blueprint, Response, request

from app import problems
from app.auth.guards import anyone
from app.clock import now
from app.errors import Invalid
from app.http import View, compressed, conditional, etag_for, for_any_site, read_query
from app.limits import by_address, limit
from app.locale import LOCALES, ask_for, current_locale
from reports.cards import Plain
from reports.city import snapshot
from reports.feeds.addresses import base_url
from reports.feeds.features import MIMETYPE as GEOJSON
from reports.feeds.ogc import asked, collections, description, items
from reports.feeds.ogc.collections import JSON, OPENAPI, link
from reports.feeds.ogc.welcome import POLICY, welcome

CACHE = "public, max-age=60"
OFTEN = "240 per minute"

blueprint = Blueprint("ogc", __name__, url_prefix="/ogc")


class BadLanguage(Invalid):
    code = "bad-language"
    field = "lang"
    vi = "Ngôn ngữ là vi hoặc en."
    en = "The language is vi or en."


@blueprint.errorhandler(Invalid)
def _refuse(error: Invalid) -> Response:
    return problems.answer(error, status=400)


# What went wrong, and what is not there, too.
blueprint.after_request(for_any_site)


def knows(*names: str) -> Callable[[View], View]:
    """Which parameters a view takes; all others are refused before it runs."""

    def mark(view: View) -> View:
        view.xom_query_names = frozenset(names)  # type: ignore[attr-defined]
        return view

    return mark


@blueprint.get("", strict_slashes=False)
@anyone
@limit(OFTEN, by=by_address)
@knows("lang")
def landing() -> Response:
    """Where a program begins; a person's browser gets it in words."""
    _read("lang")
    if request.accept_mimetypes.best_match((JSON, "text/html")) == "text/html":
        page = Response(welcome(snapshot.current(), _here()), mimetype="text/html")
        page.headers["Content-Security-Policy"] = POLICY
        page.vary.update(("Accept", "Accept-Language", "Cookie"))
        return page
    return _answer(collections.landing(snapshot.current(), _here()), JSON)


@blueprint.get("/conformance")
@anyone
@limit(OFTEN, by=by_address)
@knows("lang")
def conformance() -> Response:
    _read("lang")
    return _answer(collections.conformance(), JSON)


@blueprint.get("/api")
@anyone
@limit(OFTEN, by=by_address)
@knows("lang")
def api() -> Response:
    """This API, described."""
    _read("lang")
    return _answer(description.description(_here()), OPENAPI)


@blueprint.get("/collections")
@anyone
@limit(OFTEN, by=by_address)
@knows("lang")
def list_collections() -> Response:
    _read("lang")
    return _answer(collections.collections(snapshot.current(), _here()), JSON)


@blueprint.get("/collections/<string:name>")
@anyone
@limit(OFTEN, by=by_address)
@knows("lang")
def read_collection(name: str) -> Response:
    _read("lang")
    return _answer(collections.collection(name, snapshot.current(), _here()), JSON)


@blueprint.get("/collections/<string:name>/items")
@anyone
@limit(OFTEN, by=by_address)
def read_items(name: str) -> Response:
    """A page of features, with the address of the next."""
    city = snapshot.current()
    collections.require(name)
    query = _read(*(asked.OF_REPORTS if name == "reports" else asked.OF_AREAS))
    wanted = asked.wanted(query, city)
    page = items.page_of(name, wanted, city, current_locale(), base_url())
    here = f"{_here()}/collections/{name}"
    links = [link(_address(f"{here}/items", query), "self", GEOJSON)]
    if page.following:
        onwards = {**query, "after": page.following}
        links.append(link(_address(f"{here}/items", onwards), "next", GEOJSON))
    links.append(link(here, "collection", JSON))
    body = {
        "type": "FeatureCollection",
        "features": page.features,
        "links": links,
        "numberReturned": len(page.features),
    }
    # The time of the answer is no part of what it is recognised by.
    return _answer(body, GEOJSON, timeStamp=f"{now():%Y-%m-%dT%H:%M:%SZ}")


@blueprint.get("/collections/<string:name>/items/<string:feature_id>")
@anyone
@limit(OFTEN, by=by_address)
@knows("lang")
def read_item(name: str, feature_id: str) -> Response:
    """One feature by its id."""
    city = snapshot.current()
    collections.require(name)
    _read("lang")
    found = items.one_of(name, feature_id, city, current_locale(), base_url())
    here = f"{_here()}/collections/{name}"
    links = [
        link(f"{here}/items/{feature_id}", "self", GEOJSON),
        link(here, "collection", JSON),
    ]
    return _answer({**found, "links": links}, GEOJSON)


def _read(*names: str) -> Mapping[str, str]:
    """The query; the language that it asks for is this request's."""
    query = read_query(*names)
    if (language := query.get("lang")) is not None:
        if language not in LOCALES:
            raise BadLanguage
        ask_for(language)
    return query


def _answer(body: Plain, kind: str, **more: Any) -> Response:
    etag = etag_for(1, orjson.dumps(body))
    response = Response(orjson.dumps(body | more), content_type=kind)
    response.headers["Content-Language"] = current_locale()
    response.vary.update(("Accept", "Cookie"))  # a browser's page; the language's cookie
    return compressed(conditional(response, etag, cache=CACHE))


def _address(path: str, query: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(query)}" if query else path


def _here() -> str:
    return f"{base_url()}/ogc"
