"""My second factor: set up with a QR code and confirmed by a first code, renewed, turned off.
Whoever must have one (`reports.second_factor`) is nobody elsewhere until then (`app.auth.guards`),
and is led here.
"""

from collections.abc import Callable

import segno
from flask import Flask, Response, request, url_for
from markupsafe import Markup

from app import audit
from app.auth import tokens, totp
from app.auth.errors import NotBegun, SecondFactorDemanded
from app.auth.guards import SETTING_UP, signed_in
from app.auth.models import Account
from app.clock import now
from app.database import db
from app.errors import XomError
from app.limits import by_account, limit
from reports import second_factor as demands
from web.console.blueprint import blueprint
from web.console.drawing import go, is_partial, page
from web.console.my_account import prove
from web.console.myself import official
from web.console.wrong import wrong_in

ISSUER = "Xóm"  # as the authenticator lists it
_FREE = frozenset(
    {
        "auth.sign_out",
        *(
            f"console.{name}"
            for name in (
                *("second_factor", "second_factor_begin", "second_factor_confirm"),
                *("sign_in", "enter", "code_page", "enter_with_code", "sign_out"),
                *("invitation", "invitation_accept", "new_password", "new_password_choose"),
            )
        ),
    }
)


def init_setting_up(app: Flask) -> None:
    app.extensions[SETTING_UP] = _FREE


@blueprint.errorhandler(SecondFactorDemanded)
def _lead_to_it(_: SecondFactorDemanded) -> Response:
    address = url_for("console.second_factor")
    if is_partial():
        return Response(status=403, headers={"HX-Redirect": address})
    return go(address)


@blueprint.get("/me/second-factor")
@signed_in
def second_factor() -> Response:
    return _draw()


@blueprint.post("/me/second-factor/begin")
@signed_in
@limit("60 per hour", by=by_account)
def second_factor_begin() -> Response:
    """Make a key, to be shown until a first code confirms it."""
    totp.begin(_account())
    db.session.commit()
    return go(url_for("console.second_factor"))


@blueprint.post("/me/second-factor/confirm")
@signed_in
@limit("120 per hour", by=by_account)
def second_factor_confirm() -> Response:
    """The password and the first code: on from now, and sessions elsewhere end. The answer shows
    the recovery codes, once. Without the password a desk left open would be enough to lock its
    owner out."""

    def act(account: Account) -> list[str]:
        prove(account, request.form.get("old", ""))
        codes = totp.confirm(account, _code(), address=request.remote_addr, at=now())
        tokens.revoke_others(official(), at=now())
        _record("account.second_factor_on", account)
        return codes

    return _with_codes(act, "confirm")


@blueprint.post("/me/second-factor/codes")
@signed_in
@limit("60 per hour", by=by_account)
def second_factor_codes() -> Response:
    """Ten new recovery codes in place of the old ones."""

    def act(account: Account) -> list[str]:
        _require_on(account)
        totp.check(account, _code(), address=request.remote_addr, at=now())
        _record("account.recovery_codes", account)
        return totp.renew_recovery_codes(account, at=now())

    return _with_codes(act, "codes")


@blueprint.post("/me/second-factor/off")
@signed_in
@limit("60 per hour", by=by_account)
def second_factor_off() -> Response:
    """Ask me for no code any more. It takes a code."""
    account = _account()
    try:
        _require_on(account)
        totp.check(account, _code(), address=request.remote_addr, at=now())
    except XomError as error:
        return _refused(error, "off")
    totp.turn_off(account)
    _record("account.second_factor_off", account)
    db.session.commit()
    return go(url_for("console.my_account", said="off"))


def _with_codes(act: Callable[[Account], list[str]], form: str) -> Response:
    try:
        codes = act(_account())
        db.session.commit()
    except XomError as error:
        return _refused(error, form)
    return page("console/recovery_codes.html", codes=codes)


def _refused(error: XomError, form: str) -> Response:
    db.session.rollback()  # counted all the same
    response = _draw(wrong=wrong_in(error, ("code", "old")), form=form)
    response.status_code = 422
    return response


def _draw(*, wrong: dict[str, str] | None = None, form: str = "") -> Response:
    account = _account()
    key = totp.begun_key(account)
    return page(
        "console/second_factor.html",
        mine=account,
        on=totp.is_on(account),
        key=" ".join(key[at : at + 4] for at in range(0, len(key), 4)) if key else "",
        picture=_picture(totp.address_of(account, key, issuer=ISSUER)) if key else "",
        codes_left=totp.recovery_codes_left(account),
        all_codes=totp.RECOVERY_CODES,
        demanded=demands.is_demanded(account.id),
        wrong=wrong or {},
        form=form,
    )


def _picture(text: str) -> Markup:
    """A QR code within the page: black on white by night too, or phones do not read it."""
    drawn = segno.make(text, error="m", micro=False)
    return Markup(drawn.svg_inline(border=4, omitsize=True, dark="#000", light="#fff"))  # noqa: S704


def _require_on(account: Account) -> None:
    if not totp.is_on(account):
        raise NotBegun


def _account() -> Account:
    return db.session.get_one(Account, official().account_id)


def _code() -> str:
    return request.form.get("code", "")


def _record(action: str, account: Account) -> None:
    fields = ("second_factor",)
    audit.record(action, subject=f"account:{account.id}", actor_id=account.id, fields=fields)
