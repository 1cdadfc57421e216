"""The residents' page: one page for all their addresses, which the app in it then tells apart.

It is drawn once for each language and screen and kept: an answer costs little more than its bytes.
What it shows while the app is being fetched is the frame of the screen, with the number to call.
"""

import gzip
from dataclasses import dataclass
from typing import Any

import orjson
from flask import Blueprint, Flask, Response, current_app, render_template, request

from app.auth.guards import anyone
from app.config import Config
from app.http import etag_for
from app.limits import unlimited
from app.locale import current_locale
from web import assets, city
from web.boot import boot
from web.console.wiring import init_console
from web.dashboard.wiring import init_dashboard
from web.locale import init_locale, remember_choice
from web.policy import init_policy, page_headers
from web.trouble import init_trouble
from web.wards.wiring import init_wards
from web.words import PHONE, said

#: The address's first part → the screen; the app reads the rest.
ADDRESSES = {
    "/": "around",
    "/new": "new",
    "/mine": "mine",
    "/messages": "messages",
    "/me": "me",
    "/me/<path:rest>": "me",
    "/reports/<code>": "reports",
    "/follow": "follow",
    "/privacy": "privacy",
}
KEPT_MOST = 64  # drawn pages in memory; a city that changes makes new ones
_DRAWN = "xom.drawn_pages"

blueprint = Blueprint("pages", __name__, template_folder="templates")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page as bytes, as they are and compressed, and what stands for them."""

    body: bytes
    small: bytes
    etag: str


def init_pages(app: Flask, config: Config) -> None:
    """All that `web` adds to the house."""
    init_locale(app)
    init_policy(app, config)
    assets.init_assets(app, config)
    init_trouble(app)
    init_console(app)
    init_dashboard(app)
    init_wards(app)
    app.extensions[_DRAWN] = {}
    app.register_blueprint(blueprint)


@anyone
@unlimited
def phone(code: str = "", rest: str = "") -> Response:
    """The page; a code that is wrong gets it too, and the app says what is wrong."""
    rule = request.url_rule
    screen = ADDRESSES[rule.rule if rule else "/"]
    locale = current_locale()
    facts = city.facts(locale)
    response = _answer(_drawn(screen, locale, facts))
    if not facts.known:  # usable, and not worth keeping
        response.status_code = 503
        response.headers["Retry-After"] = "5"
        response.headers["Cache-Control"] = "no-store"
    return remember_choice(response)


for _address in ADDRESSES:
    blueprint.add_url_rule(_address, "phone", phone, methods=["GET"])


def _answer(drawn: Drawn) -> Response:
    takes_gzip = request.accept_encodings["gzip"] > 0
    response = Response(drawn.small if takes_gzip else drawn.body, mimetype="text/html")
    if takes_gzip:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = assets.ASK_ANEW
    response.headers.update(page_headers())
    response.vary.update(("Accept-Encoding", "Accept-Language", "Cookie"))
    response.set_etag(drawn.etag, weak=True)
    response.make_conditional(request)
    return response


def _drawn(screen: str, locale: str, facts: city.CityFacts) -> Drawn:
    """The page from memory, or drawn anew when the build, the city or a setting is another."""
    config: Config = current_app.extensions["xom.config"]
    built = assets.manifest()
    start = boot(config, built, facts, locale)
    kept: dict[tuple[str, bytes], Drawn] = current_app.extensions[_DRAWN]
    key = screen, orjson.dumps(start)
    if key not in kept:
        if len(kept) >= KEPT_MOST:
            kept.clear()
        kept[key] = _draw(screen, locale, built, start)
    return kept[key]


def _draw(screen: str, locale: str, built: dict[str, Any], start: dict[str, Any]) -> Drawn:
    body = render_template(
        "phone.html",
        screen=screen,
        locale=locale,
        words=said(PHONE, locale),
        boot=start,
        lines=start["hotlines"] or [start["hotline"]],
        files=built["files"],
        imported=[
            n for n in built["shell"] if n.endswith(".js") and n != built["files"]["phone.js"]
        ],
        colours=assets.COLOURS,
        built=assets.address,
    ).encode()
    return Drawn(body, gzip.compress(body, 6, mtime=0), etag_for(1, body))
