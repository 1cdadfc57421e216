"""Invitations: written, sent again, withdrawn; and the pages that a letter's link opens, where
somebody new chooses a password, or somebody known another one.
"""

from datetime import timedelta

from flask import Response, request, url_for
from marshmallow import ValidationError

from app import audit
from app.auth import letters, tokens
from app.auth.errors import LetterGone, WeakPassword
from app.auth.guards import anyone, requires
from app.auth.models import Account
from app.auth.otp import Letter
from app.auth.passwords import LEAST
from app.clock import now
from app.database import db
from app.errors import NotFound, XomError
from app.limits import by_account, limit
from app.locale import current_locale
from reports import spoken
from reports.city import snapshot
from reports.desk import invitations, people
from reports.desk.models import Invitation
from reports.permissions import Permission
from web.console import session
from web.console.accounts import office_choices, office_in, office_name, role_in
from web.console.blueprint import blueprint
from web.console.city.forms import Form, refused, sent
from web.console.drawing import go, me, page
from web.console.link_once import link_page, public_address
from web.console.words import ROLES

_WEEK = int(invitations.LIFETIME / timedelta(hours=1))


# Written ---------------------------------------------------------------------------------------


@blueprint.get("/admin/accounts/invite")
@requires(Permission.STAFF)
def invite() -> Response:
    return _draw(Form())


@blueprint.post("/admin/accounts/invite")
@requires(Permission.STAFF)
@limit("120 per hour", by=by_account)
def invite_send() -> Response:
    """Invite somebody. The letter leaves after the commit, outside any transaction."""
    form = sent()
    try:
        row, secret = invitations.invite(
            me(), form.get("email"), form.get("name"), role_in(form), office_in(form), at=now()
        )
        letter, name = _letter(row, secret), row.name
        db.session.commit()
    except (XomError, ValidationError) as error:
        db.session.rollback()
        return refused(error, form, _draw)
    return _send(letter, secret, name)


@blueprint.post("/admin/invitations/<sha256>/again")
@requires(Permission.STAFF)
@limit("120 per hour", by=by_account)
def invite_again(sha256: str) -> Response:
    """Another letter; the link of the one before is dead."""
    row, secret = invitations.send_again(me(), _named(sha256), at=now())
    letter, name = _letter(row, secret), row.name
    db.session.commit()
    return _send(letter, secret, name)


@blueprint.post("/admin/invitations/<sha256>/withdraw")
@requires(Permission.STAFF)
@limit("600 per hour", by=by_account)
def invite_withdraw(sha256: str) -> Response:
    invitations.withdraw(me(), _named(sha256), at=now())
    db.session.commit()
    return go(url_for("console.accounts", said="withdrawn"))


# Opened ----------------------------------------------------------------------------------------


@blueprint.get("/invitation/<secret>")
@anyone
@limit("300 per hour")
def invitation(secret: str) -> Response:
    """Who invites whom to what; a password is all that is missing."""
    return _draw_invitation(secret)


@blueprint.post("/invitation/<secret>")
@anyone
@limit("60 per hour")
def invitation_accept(secret: str) -> Response:
    """Make the account, and sign in."""
    try:
        account = invitations.accept(
            secret, request.form.get("password", ""), locale=current_locale(), at=now()
        )
    except invitations.InvitationGone as error:
        return _gone(error)
    except XomError as error:
        db.session.rollback()
        return _draw_invitation(secret, wrong=error)
    token = tokens.issue(account)
    db.session.commit()
    return session.begin(go(url_for("console.home")), token)


@blueprint.get("/password/<secret>")
@anyone
@limit("300 per hour")
def new_password(secret: str) -> Response:
    return _draw_password(secret)


@blueprint.post("/password/<secret>")
@anyone
@limit("60 per hour")
def new_password_choose(secret: str) -> Response:
    """The new password; then they sign in with it, by the second factor too where there is one."""
    try:
        account = letters.choose_password(secret, request.form.get("password", ""), at=now())
    except LetterGone as error:
        return _gone(error)
    except WeakPassword as error:
        db.session.rollback()
        return _draw_password(secret, wrong=error)
    _record_password(account)
    db.session.commit()
    return go(url_for("console.sign_in", said="password"))


def _record_password(account: Account) -> None:
    subject = f"account:{account.id}"
    audit.record("account.password", subject=subject, actor_id=account.id, fields=("password",))


# Drawn -----------------------------------------------------------------------------------------


def _draw(form: Form) -> Response:
    return page(
        "console/invite.html",
        form=form,
        role_choices=people.roles_to_give(me()),
        offices=office_choices(),
    )


def _draw_invitation(secret: str, *, wrong: XomError | None = None) -> Response:
    try:
        row = invitations.opened(secret, at=now())
    except invitations.InvitationGone as error:
        return _gone(error)
    return _door("console/invitation.html", wrong, row=row, office=office_name(row.office_id))


def _draw_password(secret: str, *, wrong: XomError | None = None) -> Response:
    try:
        account = letters.whose_password(secret, at=now())
    except LetterGone as error:
        return _gone(error)
    return _door("console/new_password.html", wrong, shown=account)


def _door(template: str, wrong: XomError | None, **facts: object) -> Response:
    sentence = wrong.sentence(current_locale()) if wrong else ""
    response = page(template, instead=request.path, wrong=sentence, least=LEAST, **facts)
    response.status_code = 422 if wrong else 200
    return response


def _gone(error: XomError) -> Response:
    response = page(
        "console/letter_gone.html", instead=request.path, why=error.sentence(current_locale())
    )
    response.status_code = 404
    return response


def _send(letter: Letter, secret: str, name: str) -> Response:
    """No row is touched before it has left: that would hold a transaction open meanwhile."""
    if letters.send(letter):
        return go(url_for("console.accounts", said="invited"))
    back = url_for("console.accounts")
    return link_page(_address(secret), name=name, back=back, hours=_WEEK)


def _address(secret: str) -> str:
    return public_address(url_for("console.invitation", secret=secret))


def _letter(row: Invitation, secret: str) -> Letter:
    """In both languages: which one they read is not known yet."""
    city, link = snapshot.current(), _address(secret)
    office = city.offices_by_id[row.office_id]
    role_vi, role_en = ROLES[row.role]
    zone, at = city.profile.timezone, now()
    until_vi, until_en = (
        spoken.spoken_moment(row.expires_at, zone, locale, at) for locale in ("vi", "en")
    )
    text = (
        f"Chào {row.name},\n\nBạn được mời làm việc trên Xóm, nơi {city.profile.name_vi} tiếp nhận "
        f"và trả lời phản ánh của người dân.\nVai trò: {role_vi}, {office.name_vi}.\n\n"
        f"Mở liên kết này để chọn mật khẩu. Dùng được một lần, đến {until_vi}:\n\n{link}\n\n"
        "Nếu thư này gửi nhầm, bỏ qua nó: không có tài khoản nào được tạo.\n\n— — —\n\n"
        f"Hello {row.name},\n\nYou are invited to work on Xóm, where {city.profile.name_en} takes "
        f"and answers residents' reports.\nRole: {role_en}, {office.name_en}.\n\n"
        f"Open the link above to choose a password. It works once, until {until_en}.\n"
        "If this letter is not for you, leave it alone: no account will be made.\n"
    )
    return Letter(row.email, text)


def _named(sha256: str) -> bytes:
    """An invitation is called by the hash of its secret, which tells nothing of it."""
    try:
        return bytes.fromhex(sha256)
    except ValueError:
        raise NotFound from None
