"""Officials' accounts: the list; one of them, its roles for a time or for good, closed, opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Response, request, url_for
from marshmallow import ValidationError
from sqlalchemy import select

from app.auth import accounts as kernel
from app.auth import letters, totp
from app.auth.guards import may_enter, requires
from app.auth.models import Account
from app.auth.otp import Letter
from app.clock import now
from app.database import db
from app.errors import Invalid, NotFound
from app.limits import by_account, limit
from app.locale import current_locale, in_words
from app.sentences import both
from app.text import by_name, uuid_in
from reports import asking, roles
from reports.city import snapshot
from reports.city.models import RoleGrant
from reports.desk import invitations, people, staff
from reports.desk.people import Term
from reports.desk.staff import Wanted
from reports.permissions import Permission
from reports.statuses import Role
from web.console.blueprint import blueprint
from web.console.city.forms import Form, sent, spoken_day, taken
from web.console.drawing import me, page
from web.console.link_once import link_page, public_address

CHOOSE_A_ROLE = both("Chọn một vai trò.", "Choose a role.")
CHOOSE_AN_OFFICE = both("Chọn một đơn vị.", "Choose an office.")
SAID: dict[str, tuple[str, str]] = {
    "given": ("Đã giao vai trò.", "The role is given."),
    "ended": ("Đã kết thúc vai trò. Lịch sử vẫn giữ.", "The role ends. History keeps it."),
    "disabled": ("Đã khóa. Mọi phiên đăng nhập kết thúc ngay.",
                 "Disabled. Every session of theirs has ended."),
    "enabled": ("Đã mở lại. Vai trò như trước.", "Enabled again, with the roles as they were."),
    "letter": ("Đã gửi thư đặt lại mật khẩu, dùng được trong 24 giờ.",
               "A letter for a new password was sent. It is good for 24 hours."),
    "bare": ("Đã gỡ xác thực hai bước. Họ bật lại ở trang tài khoản của mình.",
             "The second factor was removed. They set it up again on their own page."),
    "unchanged": ("Không có gì thay đổi.", "Nothing was changed."),
    "invited": ("Đã gửi thư mời, dùng được trong 7 ngày.",
                "The invitation was sent. It is good for 7 days."),
    "withdrawn": ("Đã rút lời mời. Liên kết trong thư không dùng được nữa.",
                  "Withdrawn. The link in the letter no longer works."),
}  # fmt: skip


class NotTheirsToStandIn(Invalid):
    code = "not-theirs-to-stand-in"
    vi = "Không có ai dùng email này đang giữ vai trò đó ở đơn vị đó."
    en = "Nobody with this address holds that role for that office."
    field = "deputy_of"


@dataclass(frozen=True, slots=True)
class Held:
    """One role as the pages tell it."""

    id: int
    role: str
    office: str
    since: datetime
    until: datetime | None
    begun: bool
    deputy_of: str  # the name of whom they stand in for


# The list --------------------------------------------------------------------------------------


@blueprint.get("/admin/accounts")
@requires(Permission.STAFF)
def accounts() -> Response:
    """Everybody whose account is mine to manage, by name."""
    asked, viewer, at = request.args, me(), now()
    office = snapshot.current().office(asked.get("office", ""))
    wanted = Wanted(
        words=asked.get("q", "").strip()[:100],
        office_id=office.id if office else None,
        state=asked.get("state", ""),
        after=uuid_in(asked.get("after", "")),
    )
    rows, more = staff.officials(viewer, wanted, at=at)
    return page(
        "console/accounts.html",
        rows=[(row, held_words(row.held, at)) for row in rows],
        following=_following(str(rows[-1].id)) if more else None,
        waiting=invitations.waiting(viewer) if not wanted.after else [],
        wanted=wanted,
        office=office.code if office else "",
        offices=office_choices(),
        office_name=office_name,
        everybody=people.manages_all(viewer),
        said=said(),
        at=at,
    )


def _following(last: str) -> str:
    asked = {name: text for name, text in request.args.items() if text and name != "said"}
    return url_for("console.accounts", **(asked | {"after": last}))  # type: ignore[arg-type]


# One account -----------------------------------------------------------------------------------


@blueprint.get("/admin/accounts/<uuid:account_id>")
@requires(Permission.STAFF)
def account(account_id: UUID) -> Response:
    return _draw(account_id)


@blueprint.post("/admin/accounts/<uuid:account_id>/roles")
@requires(Permission.STAFF)
@limit("600 per hour", by=by_account)
def account_give(account_id: UUID) -> Response:
    """Give a role: for good, or from a day until the end of another."""
    form = sent()

    def act() -> None:
        role, office_id = role_in(form), office_in(form)
        people.give(
            me(),
            account_id,
            role,
            office_id,
            term=Term(_begin(form), _end_of(form, "until")),
            deputy_of=_deputy(form, role, office_id),
            at=now(),
        )

    return _taken(act, account_id, form, "given")


@blueprint.post("/admin/accounts/<uuid:account_id>/roles/<int:grant_id>/end")
@requires(Permission.STAFF)
@limit("600 per hour", by=by_account)
def account_take(account_id: UUID, grant_id: int) -> Response:
    """Let a role end, now or at the end of a day."""
    form = sent()

    def act() -> None:
        people.take(me(), account_id, grant_id, until=_end_of(form, "last_day"), at=now())

    return _taken(act, account_id, form, "ended")


@blueprint.post("/admin/accounts/<uuid:account_id>/disable")
@requires(Permission.STAFF)
@limit("600 per hour", by=by_account)
def account_disable(account_id: UUID) -> Response:
    return _taken(
        lambda: people.disable(me(), account_id, at=now()), account_id, sent(), "disabled"
    )


@blueprint.post("/admin/accounts/<uuid:account_id>/enable")
@requires(Permission.STAFF)
@limit("600 per hour", by=by_account)
def account_enable(account_id: UUID) -> Response:
    return _taken(lambda: people.enable(me(), account_id, at=now()), account_id, sent(), "enabled")


@blueprint.post("/admin/accounts/<uuid:account_id>/password")
@requires(Permission.STAFF)
@limit("60 per hour", by=by_account)
def account_password(account_id: UUID) -> Response:
    """A letter by which they choose a new password. Without mail the link is shown, once."""
    account, secret = people.write_for_password(me(), account_id, at=now())
    name, letter = account.name or "", _letter(account, secret)
    db.session.commit()
    if letters.send(letter):
        return _go_to(account_id, "letter")
    back = url_for("console.account", account_id=account_id)
    return link_page(_address(secret), name=name, back=back, hours=24)


@blueprint.post("/admin/accounts/<uuid:account_id>/second-factor")
@requires(Permission.ADMIN)
@limit("60 per hour", by=by_account)
def account_bare(account_id: UUID) -> Response:
    """Take somebody's second factor away, who lost it."""

    def act() -> bool | None:
        return None if people.remove_second_factor(me(), account_id, at=now()) else False

    return _taken(act, account_id, sent(), "bare")


# What they share -------------------------------------------------------------------------------


def said() -> str:
    words = SAID.get(request.args.get("said", ""))
    return in_words(*words) if words else ""


def office_choices() -> list[tuple[str, str]]:
    """The offices whose people are mine to manage, by name."""
    city, mine = snapshot.current(), people.offices_of(me())
    return by_name(
        (one.code, office_name(one.id))
        for one in city.office_by_code.values()
        if mine is None or one.id in mine
    )


def office_name(office_id: int) -> str:
    office = snapshot.current().offices_by_id[office_id]
    return office.name_vi if current_locale() == "vi" else office.name_en


def role_in(form: Form) -> Role:
    """Raises ValidationError."""
    if form.get("role") not in {str(role) for role in roles.HELD}:
        raise ValidationError({"role": [CHOOSE_A_ROLE]})
    return Role(form.get("role"))


def office_in(form: Form) -> int:
    """Raises ValidationError."""
    office = snapshot.current().office(form.get("office"))
    if office is None:
        raise ValidationError({"office": [CHOOSE_AN_OFFICE]})
    return office.id


def held_words(grants: Sequence[RoleGrant], at: datetime) -> list[Held]:
    stood_in = {one.deputy_of for one in grants if one.deputy_of}
    names = _names(stood_in)
    return [
        Held(
            id=one.id,
            role=str(one.role),
            office=office_name(one.office_id),
            since=one.since,
            until=one.until,
            begun=one.since <= at,
            deputy_of=names.get(one.deputy_of, "") if one.deputy_of else "",
        )
        for one in grants
    ]


@blueprint.app_template_global("short_day")
def short_day(at: datetime) -> str:
    """1/12/2026, or 1 December 2026, in the city's zone."""
    return spoken_day(at.astimezone(ZoneInfo(snapshot.current().profile.timezone)).date())


@blueprint.app_template_global("last_day")
def last_day(until: datetime) -> datetime:
    """The day at whose end something is over."""
    return until - timedelta(seconds=1)


def _names(accounts: set[UUID]) -> dict[UUID, str]:
    if not accounts:
        return {}
    rows = db.session.execute(select(Account.id, Account.name).where(Account.id.in_(accounts)))
    return {account_id: name or "" for account_id, name in rows}


def _draw(account_id: UUID, form: Form | None = None) -> Response:
    at, viewer = now(), me()
    found = people.managed(viewer, account_id, at=at)
    return page(
        "console/account.html",
        shown=found,
        held=held_words(people.grants_of(account_id, at=at), at),
        seen_at=staff.last_seen(account_id),
        second_factor=totp.is_on(found),
        own=account_id == viewer.account_id,
        may_bare=may_enter("console.account_bare"),
        may_hand_over=may_enter("console.handover"),
        form=form or Form(),
        role_choices=people.roles_to_give(viewer),
        offices=office_choices(),
        said=said(),
    )


def _taken(act: Any, account_id: UUID, form: Form, word: str) -> Response:
    """Act, commit and tell it on the account's page, or on the list when it is no longer ours."""

    def then() -> str:
        try:
            people.managed(me(), account_id, at=now())
        except NotFound:
            return url_for("console.accounts")
        return url_for("console.account", account_id=account_id)

    return taken(act, form=form, again=lambda one: _draw(account_id, one), then=then, said=word)


def _go_to(account_id: UUID, word: str) -> Response:
    return taken(
        lambda: None,
        form=Form(),
        again=lambda one: _draw(account_id, one),
        then=url_for("console.account", account_id=account_id),
        said=word,
    )


def _begin(form: Form) -> datetime | None:
    return asking.day_start(form.day("since"), snapshot.current())


def _end_of(form: Form, name: str) -> datetime | None:
    """The end of a day: the start of the next."""
    day = form.day(name)
    return asking.day_start(day + timedelta(days=1), snapshot.current()) if day else None


def _deputy(form: Form, role: Role, office_id: int) -> UUID | None:
    """Whom they stand in for, by address. Raises NotTheirsToStandIn."""
    email = form.line("deputy_of")
    if not email:
        return None
    found = kernel.official_by_email(email)
    held = people.grants_of(found.id, at=now()) if found else []
    if found is None or not any((one.role, one.office_id) == (role, office_id) for one in held):
        raise NotTheirsToStandIn
    return found.id


def _address(secret: str) -> str:
    return public_address(url_for("console.new_password", secret=secret))


def _letter(account: Account, secret: str) -> Letter:
    link, vi = _address(secret), account.locale == "vi"
    text = (
        f"Chào {account.name},\n\nMở liên kết này để chọn mật khẩu mới ở Xóm. Dùng được một lần, "
        f"trong 24 giờ:\n\n{link}\n\nNếu bạn không cần đổi, bỏ qua thư này: mật khẩu cũ vẫn dùng "
        "được.\n"
        if vi
        else f"Hello {account.name},\n\nOpen this link to choose a new password at Xóm. It works "
        f"once, within 24 hours:\n\n{link}\n\nIf you need none, leave this letter alone: the old "
        "password still works.\n"
    )
    return Letter(account.email or "", text)
