"""What is an official's own: their name and roles, the language, the password, where they are
signed in. The second factor has a page of its own (`second_factor`), so have messages.
"""

from flask import Response, current_app, request, url_for

from app import audit
from app.auth import accounts, tokens, totp
from app.auth.errors import WrongPassword
from app.auth.guards import signed_in
from app.auth.models import Account
from app.auth.passwords import LEAST
from app.clock import now
from app.database import db
from app.errors import Invalid, XomError
from app.limits import by_account, limit
from app.locale import LOCALES, current_locale, in_words
from reports import second_factor
from reports.feeds import calendar_links
from web.console.blueprint import blueprint
from web.console.drawing import go, me, page
from web.console.myself import official
from web.console.wrong import wrong_in

SAID: dict[str, tuple[str, str]] = {
    "language": ("Đã đổi ngôn ngữ. Tin nhắn gửi bạn cũng bằng ngôn ngữ này.",
                 "The language is changed. What is sent to you is in it too."),
    "password": ("Đã đổi mật khẩu. Các phiên ở nơi khác đã kết thúc.",
                 "The password is changed. Sessions elsewhere have ended."),
    "out": ("Đã đăng xuất ở mọi nơi khác.", "You are signed out everywhere else."),
    "off": ("Đã tắt xác thực hai bước.", "The second factor is off."),
}  # fmt: skip


class WrongOldPassword(Invalid):
    code = "wrong-old-password"
    vi = "Mật khẩu hiện tại không đúng. Quên thì nhờ quản trị viên gửi thư đặt lại."
    en = "This is not your present password. If you forgot it, an administrator can send a letter."
    field = "old"


@blueprint.get("/me")
@signed_in
def my_account() -> Response:
    return _draw(_account())


@blueprint.post("/me/language")
@signed_in
def my_language() -> Response:
    """For these pages, and for what is sent to me."""
    account, wanted = _account(), request.form.get("lang", "")
    if wanted in LOCALES:
        account.locale = wanted
        db.session.commit()
    return go(url_for("console.my_account", lang=account.locale, said="language"))


@blueprint.post("/me/password")
@signed_in
@limit("60 per hour", by=by_account)
def my_password() -> Response:
    """Another password. The old one is asked for; sessions elsewhere end, this one stays."""
    account, caller, at = _account(), official(), now()
    try:
        prove(account, request.form.get("old", ""))
        accounts.set_password(account, request.form.get("password", ""), keep=caller, at=at)
    except XomError as error:
        db.session.rollback()
        return _draw(_account(), wrong=error)
    audit.record(
        "account.password",
        subject=f"account:{account.id}",
        actor_id=account.id,
        fields=("password",),
    )
    db.session.commit()
    return go(url_for("console.my_account", said="password"))


@blueprint.post("/me/sign-out-elsewhere")
@signed_in
def my_sign_out_elsewhere() -> Response:
    """End every session of mine but this one."""
    tokens.revoke_others(official(), at=now())
    db.session.commit()
    return go(url_for("console.my_account", said="out"))


def _account() -> Account:
    return db.session.get_one(Account, official().account_id)


def prove(account: Account, old: str) -> None:
    """Counted as at the door: who finds a desk left open does not get to guess."""
    try:
        accounts.known_by_password(account.email or "", old, address=request.remote_addr, at=now())
    except WrongPassword:
        raise WrongOldPassword from None


def _draw(account: Account, *, wrong: XomError | None = None) -> Response:
    at, caller = now(), official()
    told = SAID.get(request.args.get("said", ""))
    response = page(
        "console/my_account.html",
        mine=account,
        sessions=tokens.sessions_of(account.id, at=at),
        here_sha256=caller.token_sha256,
        second_factor=totp.is_on(account),
        demanded=second_factor.is_demanded(account.id),
        codes_left=totp.recovery_codes_left(account),
        may_have_calendar=bool(calendar_links.offices_for(me())),
        has_notifications="console.my_notifications" in current_app.view_functions,
        languages=[("vi", "Tiếng Việt"), ("en", "English")],
        spoken=current_locale(),
        least=LEAST,
        wrong=wrong_in(wrong, ("old", "password")) if wrong else {},
        said=in_words(*told) if told else "",
    )
    response.status_code = 422 if wrong else 200
    return response
