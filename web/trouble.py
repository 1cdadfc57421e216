"""The page that a person sees where there is none, or none now. It must be there when nothing else
is: its style stands in it, and it asks for nothing, not even for what was built.
"""

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask, Response, render_template

from app.locale import current_locale
from app.problems import PAGE_OF_TROUBLE
from web import assets, city
from web.words import TROUBLE, said

STYLE = (Path(__file__).parent / "templates" / "trouble.css").read_text()
_HASH = b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)


def init_trouble(app: Flask) -> None:
    app.extensions[PAGE_OF_TROUBLE] = draw


def draw(problem: Mapping[str, Any]) -> Response:
    """A problem, as `app.problems` words it, as a page."""
    locale = current_locale()
    # A failure of our own may be one that asking for the city would only repeat.
    facts = city.facts(locale) if problem["status"] < 500 else city.last_seen(locale)
    words = said(TROUBLE, locale)
    missing = problem["status"] == 404
    body = render_template(
        "trouble.html",
        locale=locale,
        words=words,
        title=problem["title"],
        detail=words["no_page"] if missing else problem["detail"],
        instance="" if missing else problem["instance"],
        lines=[facts.hotline] if facts.hotline else [],
        colours=assets.COLOURS,
        style=STYLE,
    )
    response = Response(body, problem["status"], mimetype="text/html")
    response.headers["Content-Security-Policy"] = POLICY
    response.vary.add("Cookie")
    return response
