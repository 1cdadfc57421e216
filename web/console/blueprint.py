"""The console's blueprint: what every page of it goes through, and how its failures look."""

from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from marshmallow import ValidationError

from app import problems
from app.errors import Unauthenticated, XomError
from app.locale import current_locale
from web.console import session
from web.console.drawing import is_partial, page, said_apart
from web.locale import remember_choice
from web.policy import page_headers

blueprint = Blueprint("console", __name__, url_prefix=session.HOME, template_folder="templates")


blueprint.before_request(session.refuse_other_sites)


@blueprint.after_request
def _finish(response: Response) -> Response:
    """What only officials see is kept by no cache, and may load nothing but what is ours."""
    response.headers.setdefault("Cache-Control", "no-store")
    # With none at all, older browsers would not say that a form of ours comes from here.
    response.headers.setdefault("Referrer-Policy", "same-origin")
    for name, value in page_headers().items():
        response.headers.setdefault(name, value)
    response.vary.add("HX-Request")
    return remember_choice(response)


@blueprint.errorhandler(Unauthenticated)
def _to_the_door(_: Unauthenticated) -> Response:
    """Somebody without a session, or whose twelve hours are over: sign in, and come back here."""
    back = request.full_path.rstrip("?") if request.method == "GET" else request.referrer
    address = url_for("console.sign_in", next=session.local_path(back))
    if is_partial():
        return Response(status=401, headers={"HX-Redirect": address})
    answer = redirect(address)
    assert isinstance(answer, Response)  # noqa: S101 (Flask's own class is the default)
    return answer


@blueprint.errorhandler(ValidationError)
def _bad_fields(error: ValidationError) -> Response:
    return _trouble(problems.FieldsInvalid(error.messages))


@blueprint.errorhandler(XomError)
def _trouble(error: XomError) -> Response:
    """What went wrong, and what to do, within the console; the words alone where a part was asked:
    that the page may keep what stands on it."""
    status, title = problems.kind_of(type(error))
    locale = current_locale()
    facts: dict[str, Any] = {
        "title": title.vi if locale == "vi" else str(title),
        "detail": error.sentence(locale),
        "errors": problems.fields_of(error, locale),
        "status": status,
    }
    if is_partial():
        response = said_apart("console/trouble_part.html", **facts)
    else:
        response = page("console/trouble.html", **facts)
    response.status_code = status
    if retry_after := error.facts.get("retry_after"):
        response.headers["Retry-After"] = str(retry_after)
    return response
