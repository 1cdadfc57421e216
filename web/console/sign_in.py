"""In at the door and out again: an official's address and password, and on a second page the code
of whoever has a second factor.
"""

from flask import Response, current_app, request, url_for

from app.auth import accounts, tickets, tokens, totp
from app.auth.guards import anyone, caller, signed_in
from app.auth.models import Account, AccountKind
from app.clock import now
from app.config import Config
from app.database import db
from app.errors import XomError
from app.limits import limit
from app.locale import current_locale, in_words
from web.console import session
from web.console.blueprint import blueprint
from web.console.drawing import go, me, page
from web.console.places import places_for

TICKET = "xom_step"  # a cookie between the two pages
SAID: dict[str, tuple[str, str]] = {
    "password": ("Đã đổi mật khẩu. Đăng nhập bằng mật khẩu mới.",
                 "The password is changed. Sign in with the new one."),
    "late": ("Đã quá năm phút từ khi nhập mật khẩu. Đăng nhập lại từ đầu.",
             "More than five minutes went by since the password. Begin again."),
}  # fmt: skip


@blueprint.get("/")
@anyone
def home() -> Response:
    """Whoever is signed in begins with their work: the first of their places, messages apart."""
    found = caller()
    if found is None or found.kind is not AccountKind.OFFICIAL:
        # A stranger to the door, and from there back here. Whoever is held back, to where that is
        # told.
        known = request.cookies.get(session.COOKIE)
        return go(url_for("console.queue" if known else "console.sign_in"))
    mine = places_for(me())
    first = next((one for one in mine if one.endpoint != "console.inbox"), None)
    return go(first.url if first else url_for("console.my_account"))


@blueprint.get("/sign-in")
@anyone
def sign_in() -> Response:
    """The door. Who is in already goes on."""
    found = caller()
    if found is not None and found.kind is AccountKind.OFFICIAL:
        return session.go_on(go(session.local_path(request.args.get("next"))))
    words = SAID.get(request.args.get("said", ""))
    back = session.local_path(request.args.get("next"))
    return page("console/sign_in.html", next=back, said=in_words(*words) if words else "")


@blueprint.post("/sign-in")
@anyone
@limit("300 per hour")  # the limits that matter are counted in PostgreSQL, see `app.auth.tries`
def enter() -> Response:
    """Sign in as an official, for twelve hours; or on to the page that asks for a code."""
    given, back, at = request.form, session.local_path(request.form.get("next")), now()
    email, address = given.get("email", ""), request.remote_addr
    try:
        account = accounts.known_by_password(
            email, given.get("password", ""), address=address, at=at
        )
    except XomError as error:
        db.session.rollback()  # what was tried is counted all the same
        door = url_for("console.sign_in", next=back)
        return _refused("console/sign_in.html", error, email=email, next=back, instead=door)
    if totp.is_on(account):
        ticket = tickets.issue(account, at=at)
        db.session.commit()
        return _with_ticket(go(url_for("console.code_page", next=back)), ticket)
    return _welcome(account, back)


@blueprint.get("/sign-in/code")
@anyone
def code_page() -> Response:
    """For whoever has given the right password within five minutes."""
    back = session.local_path(request.args.get("next"))
    if _holder() is None:
        return go(url_for("console.sign_in", next=back, said="late"))
    return page("console/sign_in_code.html", next=back)


@blueprint.post("/sign-in/code")
@anyone
@limit("300 per hour")
def enter_with_code() -> Response:
    """The authenticator's code, or a recovery code."""
    account, back = _holder(), session.local_path(request.form.get("next"))
    if account is None:
        return go(url_for("console.sign_in", next=back, said="late"))
    try:
        totp.check(account, request.form.get("code", ""), address=request.remote_addr, at=now())
    except XomError as error:
        db.session.rollback()  # counted all the same
        return _refused("console/sign_in_code.html", error, next=back)
    response = _welcome(account, back)
    response.delete_cookie(TICKET, path=url_for("console.sign_in"), httponly=True, samesite="Lax")
    return response


@blueprint.post("/sign-out")
@signed_in
def sign_out() -> Response:
    """End this session. The browser drops what it holds of this site."""
    found = caller()
    if found:
        tokens.forget(found.token_sha256)
        db.session.commit()
    return session.end(go(url_for("console.sign_in")))


def _welcome(account: Account, back: str) -> Response:
    accounts.note_sign_in(account, address=request.remote_addr, at=now())
    token = tokens.issue(account)
    db.session.commit()
    return session.begin(go(back), token)


def _holder() -> Account | None:
    return tickets.holder(request.cookies.get(TICKET, ""), at=now())


def _with_ticket(response: Response, ticket: str) -> Response:
    config: Config = current_app.extensions["xom.config"]
    response.set_cookie(
        TICKET,
        ticket,
        max_age=int(tickets.LIFETIME.total_seconds()),
        path=url_for("console.sign_in"),
        secure=config.is_production,
        httponly=True,
        samesite="Lax",
    )
    return response


def _refused(template: str, error: XomError, **facts: str) -> Response:
    response = page(template, wrong=error.sentence(current_locale()), **facts)
    response.status_code = 401
    return response
