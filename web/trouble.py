"""The page that a person sees where there is none, or none now. It must be there when nothing else
is: its style stands in it, and it asks for nothing but our letters, where the server is well.
"""

import hashlib
import re
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
_LETTERS = re.compile(r"be-vietnam-pro-[a-z]+-(?P<weight>\d+)-normal-[A-Z0-9]{8}\.woff2")


def init_trouble(app: Flask) -> None:
    app.extensions[PAGE_OF_TROUBLE] = draw


def draw(problem: Mapping[str, Any]) -> Response:
    """A problem, as `app.problems` words it, as a page."""
    locale = current_locale()
    # A failure of our own may be one that asking for the city would only repeat.
    facts = city.facts(locale) if problem["status"] < 500 else city.last_seen(locale)
    words = said(TROUBLE, locale)
    missing = problem["status"] == 404
    style = STYLE if problem["status"] >= 500 else _letters() + STYLE
    body = render_template(
        "trouble.html",
        locale=locale,
        words=words,
        title=problem["title"],
        detail=words["no_page"] if missing else problem["detail"],
        instance="" if missing else problem["instance"],
        lines=[facts.hotline] if facts.hotline else [],
        colours=assets.COLOURS,
        style=style,
    )
    response = Response(body, problem["status"], mimetype="text/html")
    response.headers["Content-Security-Policy"] = _policy(style)
    response.vary.add("Cookie")
    return response


def _letters() -> str:
    """Our own letters, where they were built; the device's own stand in until they have come."""
    try:
        found = [
            match for name in assets.manifest()["later"] if (match := _LETTERS.fullmatch(name))
        ]
    except assets.PagesNotBuilt:
        return ""
    return "".join(
        f'@font-face{{font-family:"Be Vietnam Pro";font-weight:{match["weight"]};'
        f'font-display:swap;src:url("{assets.address(match[0])}") format("woff2")}}'
        for match in found
    )


def _policy(style: str) -> str:
    hashed = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{hashed}'; img-src 'self'; font-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
