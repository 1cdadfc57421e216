"""Which language a page is in: what its address asks for, else what was chosen before (the cookie
`lang`), else what the browser prefers, else Vietnamese.
"""

from flask import Flask, Response, current_app, request

from app.config import Config
from app.locale import LOCALES, ask_for

COOKIE = "lang"
A_YEAR = 365 * 86400


def init_locale(app: Flask) -> None:
    """Choose before anything is answered: a refusal is a page too."""
    app.before_request(_choose)


def _choose() -> None:
    if request.path.startswith("/api/"):
        return  # the API is asked by its caller's Accept-Language alone
    for wanted in (request.args.get(COOKIE), request.cookies.get(COOKIE)):
        if wanted in LOCALES:
            ask_for(wanted)
            break


def remember_choice(response: Response) -> Response:
    """Keep the language that the address asked for; no other cookie is ever set by a page."""
    wanted = request.args.get(COOKIE)
    if wanted in LOCALES:
        config: Config = current_app.extensions["xom.config"]
        # The page reads and writes it too, so it is not hidden from scripts.
        response.set_cookie(
            COOKIE, wanted, max_age=A_YEAR, samesite="Lax", secure=config.is_production
        )
    return response
