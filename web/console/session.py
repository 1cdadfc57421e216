"""Who is at the console: a cookie of this site's pages that carries the same token as the API's
callers. No script reads it, no other site's form sends it, and the API never takes it.
"""

from urllib.parse import urlsplit

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from app.auth import guards
from app.auth.models import AccountKind
from app.auth.tokens import LIFETIMES
from app.config import Config
from app.errors import Forbidden

COOKIE = "xom_desk"
HOME = "/console"
BOARD = "/dashboard"  # the leaders' page, by the same sign-in
#: Where the cookie goes along, and nowhere else.
PATHS = (HOME, BOARD)
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class FromElsewhere(Forbidden):
    code = "from-elsewhere"
    vi = "Yêu cầu này đến từ một trang khác nên không được nhận. Mở lại trang này rồi làm tiếp."
    en = "This request came from another site and was not taken. Open this page again and go on."


def init_session(app: Flask) -> None:
    app.extensions[guards.TOKEN_OF_PAGE] = _token


def is_console() -> bool:
    """Is this request for one of the officials' pages?"""
    return _is_inside(request.path)


def _is_inside(path: str) -> bool:
    return any(path == one or path.startswith(f"{one}/") for one in PATHS)


def begin(response: Response, token: str) -> Response:
    config: Config = current_app.extensions["xom.config"]
    for path in PATHS:
        response.set_cookie(
            COOKIE,
            token,
            max_age=int(LIFETIMES[AccountKind.OFFICIAL].total_seconds()),
            path=path,
            secure=config.is_production,
            httponly=True,
            samesite="Lax",  # a link in a letter opens the page; what changes something is a POST
        )
    return response


def go_on(response: Response) -> Response:
    """Whoever signed in before one of these places was there is known in it too."""
    token = request.cookies.get(COOKIE)
    return begin(response, token) if token else response


def end(response: Response) -> Response:
    for path in PATHS:
        response.delete_cookie(COOKIE, path=path, httponly=True, samesite="Lax")
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def refuse_other_sites() -> None:
    """Only our own pages may change something. Browsers say where a request comes from: by
    Sec-Fetch-Site, older ones by Origin. One that says neither is not one of ours.

    So no form carries a secret that could be too old by the time somebody has written an answer.
    """
    if request.method in _SAFE:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site == "same-origin":
        return
    origin = request.headers.get("Origin", "")
    if site is None and origin and urlsplit(origin).netloc == request.host:
        return
    raise FromElsewhere


def local_path(text: str | None) -> str:
    """Where to go after signing in: an address of these pages that a link can open, whatever was
    asked for. Of a page that answered a form there is none."""
    parts = urlsplit(text or "")
    inside = _is_inside(parts.path)
    elsewhere = parts.netloc not in {"", request.host} or bool(parts.scheme and not parts.netloc)
    if elsewhere or not inside or "\\" in (text or "") or _takes_forms_alone(parts.path):
        return HOME
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _takes_forms_alone(path: str) -> bool:
    try:
        current_app.url_map.bind("").match(path, method="GET")
    except MethodNotAllowed:
        return True
    except HTTPException:  # it leads on, or nowhere: that is told there
        return False
    return False


def _token() -> str:
    return request.cookies.get(COOKIE, "") if is_console() else ""
