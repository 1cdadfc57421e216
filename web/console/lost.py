"""An address of the console where there is nothing: whoever is signed in stays in the console, with
its places at the side. Anybody else gets the page that the house has for all of its addresses.
"""

from collections.abc import Mapping
from typing import Any

from flask import Flask, Response

from app.auth.guards import caller
from app.locale import in_words
from app.problems import PAGE_OF_TROUBLE
from web.console.drawing import page
from web.console.session import is_console
from web.policy import page_headers


def init_lost(app: Flask) -> None:
    elsewhere = app.extensions[PAGE_OF_TROUBLE]

    def draw(problem: Mapping[str, Any]) -> Response:
        if problem["status"] == 404 and is_console() and caller():
            return _draw(problem)
        drawn: Response = elsewhere(problem)
        return drawn

    app.extensions[PAGE_OF_TROUBLE] = draw


def _draw(problem: Mapping[str, Any]) -> Response:
    detail = in_words(
        "Không có trang nào ở địa chỉ này. Có thể địa chỉ bị gõ sai hoặc đã cũ.",
        "There is no page at this address. It may be mistyped, or old.",
    )
    response = page("console/trouble.html", title=problem["title"], detail=detail, errors=[])
    response.status_code = 404
    response.headers.update(page_headers())
    response.headers["Referrer-Policy"] = "same-origin"
    return response
