"""Officials' accounts as those who answer for them see them: an administrator all, a head the
officers of their own office. Each act is in the audit log. Flushes, never commits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from app import audit
from app.auth import accounts, letters, totp
from app.auth.models import Account, AccountKind
from app.database import db
from app.errors import Conflict, Forbidden, Invalid, NotFound
from reports import roles
from reports.city.models import Office, RoleGrant
from reports.permissions import Permission, Viewer, permits
from reports.statuses import Role

_LAST_ADMIN = 7_301_204  # of the advisory lock: two administrators who remove each other


class LastAdmin(Conflict):
    code = "last-admin"
    vi = "Đây là quản trị viên cuối cùng. Giao vai trò quản trị cho người khác trước đã."
    en = "This is the last administrator. Make somebody else one first."


class NotYoursToGive(Forbidden):
    code = "not-yours-to-give"
    vi = "Bạn chỉ giao được vai trò cán bộ xử lý ở đơn vị của mình."
    en = "You may make officers of your own office, and nothing else."
    field = "role"


class EndsBeforeItBegins(Invalid):
    code = "ends-before-it-begins"
    vi = "Ngày cuối phải từ hôm nay trở đi và không trước ngày đầu."
    en = "The last day must not lie in the past, nor before the first."
    field = "until"


class HeldAlready(Conflict):
    code = "held-already"
    vi = "Người này đã có vai trò đó ở đơn vị đó trong thời gian ấy."
    en = "They hold that role for that office all that time already."
    field = "role"


class NotYourself(Conflict):
    code = "not-yourself"
    vi = "Ở đây không tự làm việc này cho mình. Mở trang của bạn, hoặc nhờ quản trị viên khác."
    en = "Not for yourself, here. Open your own page, or ask another administrator."


@dataclass(frozen=True, slots=True)
class Term:
    """From when until when; None: from now, and for good."""

    since: datetime | None = None
    until: datetime | None = None


def manages_all(viewer: Viewer) -> bool:
    return permits(viewer, Permission.ADMIN)


def offices_of(viewer: Viewer) -> frozenset[int] | None:
    """The offices whose officers are theirs to manage; None: everybody is."""
    return None if manages_all(viewer) else viewer.offices(Role.HEAD)


def roles_to_give(viewer: Viewer) -> tuple[Role, ...]:
    return roles.HELD if manages_all(viewer) else (Role.OFFICER,)


def require_may_give(viewer: Viewer, role: Role, office_id: int) -> None:
    """Raises NotYoursToGive."""
    mine = offices_of(viewer)
    if mine is not None and (role is not Role.OFFICER or office_id not in mine):
        raise NotYoursToGive


def managed(viewer: Viewer, account_id: UUID, *, at: datetime, locked: bool = False) -> Account:
    """An official whose account is theirs to manage; to all others it is not there (NotFound)."""
    account = db.session.get(
        Account, account_id, with_for_update=locked or None, populate_existing=locked
    )
    if account is None or AccountKind(account.kind) is not AccountKind.OFFICIAL:
        raise NotFound
    mine = offices_of(viewer)
    if mine is not None and not _is_officer_of(account_id, mine, at):
        raise NotFound
    return account


def _is_officer_of(account_id: UUID, offices: frozenset[int], at: datetime) -> bool:
    """Is all that they hold, or will hold, the role of an officer in these offices?"""
    held = grants_of(account_id, at=at)
    return bool(held) and all(one.role is Role.OFFICER and one.office_id in offices for one in held)


def grants_of(account_id: UUID, *, at: datetime) -> Sequence[RoleGrant]:
    """What somebody holds, or will hold, by office."""
    return db.session.scalars(
        select(RoleGrant)
        .where(
            RoleGrant.account_id == account_id,
            RoleGrant.until.is_(None)
            | ((RoleGrant.until > at) & (RoleGrant.until > RoleGrant.since)),
        )
        .order_by(RoleGrant.office_id, RoleGrant.role, RoleGrant.since)
    ).all()


# Roles -----------------------------------------------------------------------------------------


def give(
    viewer: Viewer,
    account_id: UUID,
    role: Role,
    office_id: int,
    *,
    term: Term,
    deputy_of: UUID | None = None,
    at: datetime,
) -> None:
    """Give a role for a time or for good. Raises NotFound, NotYoursToGive, EndsBeforeItBegins,
    HeldAlready."""
    require_may_give(viewer, role, office_id)
    account = managed(viewer, account_id, at=at, locked=True)
    since = max(term.since, at) if term.since else at
    if term.until is not None and term.until <= since:
        raise EndsBeforeItBegins
    new = roles.grant(
        account.id,
        role,
        db.session.get_one(Office, office_id),
        by=viewer.account_id,
        at=at,
        since=since,
        until=term.until,
        deputy_of=deputy_of,
    )
    if not new:
        raise HeldAlready


def take(
    viewer: Viewer, account_id: UUID, grant_id: int, *, until: datetime | None, at: datetime
) -> None:
    """Let a role end now, or at a moment ahead. Raises NotFound, EndsBeforeItBegins, LastAdmin."""
    account = managed(viewer, account_id, at=at, locked=True)
    given = next((one for one in grants_of(account.id, at=at) if one.id == grant_id), None)
    if given is None:
        raise NotFound
    require_may_give(viewer, given.role, given.office_id)
    if until is not None and until <= at:
        raise EndsBeforeItBegins
    if given.role is Role.ADMIN:
        _require_another_admin(account.id, at)
    office = db.session.get_one(Office, given.office_id)
    roles.end(given, office, by=viewer.account_id, until=until or at)


def _require_another_admin(account_id: UUID, at: datetime) -> None:
    """Somebody else must be one for good: a deputy's time ends."""
    db.session.execute(select(func.pg_advisory_xact_lock(_LAST_ADMIN)))
    other = (
        select(RoleGrant.id)
        .join(Account, Account.id == RoleGrant.account_id)
        .where(
            RoleGrant.role == Role.ADMIN,
            RoleGrant.account_id != account_id,
            RoleGrant.since <= at,
            RoleGrant.until.is_(None),
            Account.disabled_at.is_(None),
        )
    )
    if db.session.scalar(other.limit(1)) is None:
        raise LastAdmin


# The account itself ----------------------------------------------------------------------------


def disable(viewer: Viewer, account_id: UUID, *, at: datetime) -> None:
    """Close it: signed out everywhere, at once. Raises NotFound, NotYourself, LastAdmin."""
    _refuse_own(viewer, account_id)
    account = managed(viewer, account_id, at=at, locked=True)
    if any(one.role is Role.ADMIN for one in grants_of(account.id, at=at)):
        _require_another_admin(account.id, at)
    accounts.disable(account, at=at)
    _record("account.disable", viewer, account, "disabled_at")


def enable(viewer: Viewer, account_id: UUID, *, at: datetime) -> None:
    """Open it again; its roles are as they were."""
    account = managed(viewer, account_id, at=at, locked=True)
    accounts.enable(account)
    _record("account.enable", viewer, account, "disabled_at")


def write_for_password(viewer: Viewer, account_id: UUID, *, at: datetime) -> tuple[Account, str]:
    """Whose letter it is, and the secret of its link. Raises NotFound, NotYourself."""
    _refuse_own(viewer, account_id)
    account = managed(viewer, account_id, at=at, locked=True)
    secret = letters.write_for_password(account, at=at)
    _record("account.password_letter", viewer, account, "password")
    return account, secret


def remove_second_factor(viewer: Viewer, account_id: UUID, *, at: datetime) -> bool:
    """For somebody who lost their phone and the recovery codes; False when there was none. Raises
    NotFound, NotYourself."""
    _refuse_own(viewer, account_id)
    account = managed(viewer, account_id, at=at, locked=True)
    if not totp.turn_off(account):
        return False
    _record("account.second_factor_removed", viewer, account, "second_factor")
    return True


def _refuse_own(viewer: Viewer, account_id: UUID) -> None:
    """A session that was left open must not be enough to take the account over."""
    if account_id == viewer.account_id:
        raise NotYourself


def _record(action: str, viewer: Viewer, account: Account, *fields: str) -> None:
    subject = f"account:{account.id}"
    audit.record(action, subject=subject, actor_id=viewer.account_id, fields=fields)
