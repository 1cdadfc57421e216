"""A link with a secret in it, shown once to be handed over: where the city sends no mail, or the
mail server did not take the letter.
"""

from flask import Response, current_app

from app.config import Config
from web.console.drawing import page


def public_address(path: str) -> str:
    """As somebody outside opens it."""
    config: Config = current_app.extensions["xom.config"]
    return f"{config.base_url.rstrip('/')}{path}"


def link_page(link: str, *, name: str, back: str, hours: int) -> Response:
    """The answer to the form itself: an address that showed it again would be a secret too."""
    config: Config = current_app.extensions["xom.config"]
    return page(
        "console/link_once.html",
        link=link,
        name=name,
        back=back,
        hours=hours,
        mail=bool(config.smtp_url),
    )
