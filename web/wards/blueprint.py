"""What every answer of the residents' figures goes through: one page for all who read a language,
kept by caches for some minutes and marked by its content. No cookie is read but that of the
language, and none is set: a language that the address names goes along in its links.
"""

import gzip
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, render_template, request

from app.http import etag_for
from app.locale import LOCALES, current_locale
from web import assets, city
from web.locale import COOKIE
from web.policy import page_headers

PATH = "/figures"
MINUTES = 5
CACHE = f"public, max-age={MINUTES * 60}"
KEPT_MOST = 300  # drawn pages in memory
_KEPT = "xom.drawn_figures"

blueprint = Blueprint("wards", __name__, url_prefix=PATH, template_folder="templates")
Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page as bytes, as they are and compressed, and what stands for them."""

    body: bytes
    small: bytes
    etag: str


def kept(key: Key, draw: Callable[[], str]) -> Drawn:
    """The page of that key as it was drawn in the last MINUTES, or drawn now."""
    pages: dict[Key, Drawn] = current_app.extensions.setdefault(_KEPT, {})
    whole = (*key, current_locale(), asked_language(), int(monotonic() // (MINUTES * 60)))
    if whole not in pages:
        if len(pages) >= KEPT_MOST:
            pages.clear()
        pages[whole] = drawn(draw())
    return pages[whole]


def drawn(page: str) -> Drawn:
    body = page.encode()
    return Drawn(body, gzip.compress(body, 6, mtime=0), etag_for(1, body))


def answer(page: Drawn, *, status: int = 200) -> Response:
    takes_gzip = request.accept_encodings["gzip"] > 0
    response = Response(page.small if takes_gzip else page.body, status, mimetype="text/html")
    if takes_gzip:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = CACHE
    response.headers.update(page_headers())
    response.vary.update(("Accept-Encoding", "Accept-Language", "Cookie"))
    if status == 200:
        response.set_etag(page.etag, weak=True)
        response.make_conditional(request)
    return response


def page(template: str, **facts: Any) -> str:
    """A whole page, with what stands around it."""
    locale = current_locale()
    around = city.facts(locale)
    return render_template(
        template,
        locale=locale,
        other=_switch("en" if locale == "vi" else "vi"),
        files=assets.manifest()["files"],
        built=assets.address,
        colours=assets.COLOURS,
        city_name=around.name,
        to=to,
        asked_language=asked_language(),
        **facts,
    )


def to(path: str = "", **query: str | None) -> str:
    """An address of these pages, in the language that this one was asked for in."""
    asked = {name: text for name, text in query.items() if text}
    if language := asked_language():
        asked[COOKIE] = language
    return f"{PATH}{path}?{urlencode(asked)}" if asked else f"{PATH}{path}"


def asked_language() -> str:
    """The language that the address names; empty where it names none."""
    named = request.args.get(COOKIE)
    return named if named in LOCALES else ""


def _switch(locale: str) -> Mapping[str, str]:
    """The other language: its name, and this page in it."""
    query = {name: text for name, text in request.args.items() if name in {"month", "q"}}
    address = f"{request.path}?{urlencode({**query, COOKIE: locale})}"
    return {"locale": locale, "name": {"vi": "Tiếng Việt", "en": "English"}[locale], "to": address}
