"""In at the door and out again: an official's address and password."""

from flask import Response, redirect, request, url_for

from app.auth import accounts, tokens
from app.auth.guards import anyone, caller, signed_in
from app.auth.models import AccountKind
from app.clock import now
from app.database import db
from app.errors import XomError
from app.limits import limit
from app.locale import current_locale
from web.console import session
from web.console.blueprint import blueprint
from web.console.drawing import page


@blueprint.get("/")
@anyone
def home() -> Response:
    """Whoever is signed in begins with their work."""
    return _to(url_for("console.queue"))


@blueprint.get("/sign-in")
@anyone
def sign_in() -> Response:
    """The door. Who is in already goes on."""
    found = caller()
    if found is not None and found.kind is AccountKind.OFFICIAL:
        return _to(session.local_path(request.args.get("next")))
    return page("console/sign_in.html", next=session.local_path(request.args.get("next")))


@blueprint.post("/sign-in")
@anyone
@limit("300 per hour")  # the limits that matter are counted in PostgreSQL, see `app.auth.tries`
def enter() -> Response:
    """Sign in as an official, for twelve hours."""
    given, back = request.form, session.local_path(request.form.get("next"))
    email = given.get("email", "")
    try:
        account = accounts.check_password(
            email, given.get("password", ""), address=request.remote_addr, at=now()
        )
    except XomError as error:
        db.session.rollback()  # what was tried is counted all the same
        return _refused(error, email, back)
    token = tokens.issue(account)
    db.session.commit()
    return session.begin(_to(back), token)


@blueprint.post("/sign-out")
@signed_in
def sign_out() -> Response:
    """End this session. The browser drops what it holds of this site."""
    found = caller()
    if found:
        tokens.forget(found.token_sha256)
        db.session.commit()
    return session.end(_to(url_for("console.sign_in")))


def _refused(error: XomError, email: str, back: str) -> Response:
    sentence = error.sentence(current_locale())
    response = page("console/sign_in.html", email=email, next=back, wrong=sentence)
    response.status_code = 401
    return response


def _to(address: str) -> Response:
    answer = redirect(address, 303)
    assert isinstance(answer, Response)  # noqa: S101 (Flask's own class is the default)
    return answer
