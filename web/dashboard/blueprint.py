"""The leaders' page: what each answer of it goes through, and how its failures look. Whoever is not
signed in goes to the console's door and comes back.
"""

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from marshmallow import ValidationError

from app import problems
from app.auth.errors import SecondFactorDemanded
from app.auth.guards import caller
from app.errors import Unauthenticated, XomError
from app.http import compressed
from app.locale import current_locale
from reports.city import snapshot
from web import assets
from web.console import session
from web.console.language import switch
from web.locale import remember_choice
from web.policy import page_headers

blueprint = Blueprint("dashboard", __name__, url_prefix=session.BOARD, template_folder="templates")
blueprint.before_request(session.refuse_other_sites)


@blueprint.after_request
def _finish(response: Response) -> Response:
    """Leaders' figures are kept by no cache but this browser's, and may load nothing of others."""
    response.headers.setdefault("Cache-Control", "private, no-cache")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    for name, value in page_headers().items():
        response.headers.setdefault(name, value)
    response.vary.add("Cookie")
    return remember_choice(response)


def page(template: str, **facts: Any) -> Response:
    drawn = render_template(template, **around(), **facts)
    return compressed(Response(drawn, mimetype="text/html"))


def go(address: str) -> Response:
    """See what it is now, at an address of ours; going back sends no form again (303)."""
    answer = redirect(address, 303)
    assert isinstance(answer, Response)  # noqa: S101 (Flask's own class is the default)
    return answer


def around() -> dict[str, Any]:
    """What every page of this kind stands in."""
    files, city, locale = assets.manifest()["files"], snapshot.current(), current_locale()
    return {
        "locale": locale,
        "files": files,
        "built": assets.address,
        "colours": assets.COLOURS,
        "caller": caller(),
        "language": switch(),
        "city_name": city.profile.name_vi if locale == "vi" else city.profile.name_en,
    }


def wants_data() -> bool:
    """Is this asked by a script that reads JSON?"""
    accepts = request.accept_mimetypes
    return accepts["application/json"] > accepts["text/html"]


@blueprint.errorhandler(Unauthenticated)
def _to_the_door(error: Unauthenticated) -> Response:
    if wants_data():
        return _trouble(error)
    back = request.full_path.rstrip("?") if request.method == "GET" else session.BOARD
    return go(url_for("console.sign_in", next=session.local_path(back)))


@blueprint.errorhandler(SecondFactorDemanded)
def _to_the_second_factor(_: SecondFactorDemanded) -> Response:
    return go(url_for("console.second_factor"))


@blueprint.errorhandler(ValidationError)
def _bad_fields(error: ValidationError) -> Response:
    return _trouble(problems.FieldsInvalid(error.messages))


@blueprint.errorhandler(XomError)
def _trouble(error: XomError) -> Response:
    """What went wrong, and what to do: as a page, or as data for the page's own script."""
    if wants_data():
        return problems.answer(error)
    status, title = problems.kind_of(type(error))
    locale = current_locale()
    facts: dict[str, Any] = {
        "title": title.vi if locale == "vi" else str(title),
        "detail": error.sentence(locale),
        "status": status,
    }
    response = page("dashboard/trouble.html", **facts)
    response.status_code = status
    if retry_after := error.facts.get("retry_after"):
        response.headers["Retry-After"] = str(retry_after)
    return response
