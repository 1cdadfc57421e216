"""No more mail of a kind: the link in a letter's foot. A mail program may follow it by itself
(`POST`, RFC 8058); a person who clicks sees one button, since a mere look must change nothing.
"""

from html import escape

from flask import Response

from app.auth.guards import anyone
from app.database import db
from app.limits import limit
from app.locale import current_locale, in_words
from app.openapi import Blueprint
from notifications import preferences
from notifications.errors import BadLink
from notifications.kinds import GROUP_NAMES, Group
from notifications.ports import ports

POLICY = "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

blueprint = Blueprint(
    "leaving", __name__, url_prefix="/api/v1/unsubscribe", description="Leaving a mailing"
)
blueprints = [blueprint]


@blueprint.get("/<token>")
@anyone
@limit("300 per hour")
@blueprint.response(200, description="A page with one button", content_type="text/html")
def ask(token: str) -> Response:
    """A page that asks whether to stop mail of this kind."""
    _, group = preferences.read_leave_token(ports().config, token) or _refuse()
    question = in_words("Thôi nhận thư về:", "No more mail about:")
    return _page(
        f"<p>{question} {escape(_name(group))}</p>"
        f'<form method="post"><button>{in_words("Thôi nhận thư", "Stop this mail")}</button></form>'
    )


@blueprint.post("/<token>")
@anyone
@limit("300 per hour")
@blueprint.response(200, description="A page that says so", content_type="text/html")
def leave(token: str) -> Response:
    """Stop mail of this kind. Everything stays in the app's inbox."""
    _, group = preferences.leave(ports().config, token) or _refuse()
    db.session.commit()
    done = in_words("Từ nay bạn không nhận thư về:", "From now on you will receive no mail about:")
    return _page(f"<p>{done} {escape(_name(group))}.</p>")


def _refuse() -> tuple[None, Group]:
    raise BadLink


def _name(group: Group) -> str:
    return in_words(*GROUP_NAMES[group])


def _page(inner: str) -> Response:
    html = (
        f'<!doctype html><html lang="{current_locale()}"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>Xóm</title><body>{inner}</body>'
    )
    return Response(html, headers={"Content-Security-Policy": POLICY}, mimetype="text/html")
