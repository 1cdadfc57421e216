"""Inviting somebody to be an official here: a link by mail, good for a week and for one use.

Only the SHA-256 of what stands in the link is kept; it also names the invitation. Who may invite
whom is `people`'s to say. Flushes, never commits.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, update

from app import audit
from app.auth import accounts, letters
from app.auth.errors import EmailTaken
from app.auth.models import Account
from app.database import db
from app.errors import Invalid, NotFound
from app.text import normalise, on_one_line
from reports import roles
from reports.city.models import Office
from reports.desk import people
from reports.desk.models import Invitation
from reports.permissions import Viewer
from reports.statuses import Role

LIFETIME = timedelta(days=7)
LONGEST_NAME = 120
LISTED = 200


class NameMissing(Invalid):
    code = "name-missing"
    vi = "Ghi họ tên, như đồng nghiệp vẫn gọi. Nhiều nhất 120 ký tự."
    en = "Give the name that colleagues know them by, of 120 letters at most."
    field = "name"


class InvitationGone(NotFound):
    code = "invitation-gone"
    vi = "Lời mời này đã dùng rồi, đã hết hạn hoặc đã rút lại. Nhờ người mời gửi lại thư."
    en = "This invitation was used, has expired or was withdrawn. Ask for another letter."


def invite(
    viewer: Viewer, email: str, name: str, role: Role, office_id: int, *, at: datetime
) -> tuple[Invitation, str]:
    """The invitation, and the secret of its link. It takes the place of those to the same
    address that are the viewer's to manage.

    Raises NotYoursToGive, NameMissing, NotAnEmail, EmailTaken.
    """
    people.require_may_give(viewer, role, office_id)
    name = on_one_line(normalise(name))
    if not name or len(name) > LONGEST_NAME:
        raise NameMissing
    email = accounts.plain_email(email)
    if accounts.official_by_email(email):
        raise EmailTaken
    _withdraw_those_to(email, viewer, at)
    assert viewer.account_id is not None  # noqa: S101 (only somebody with a role comes here)
    secret, kept = letters.new_secret()
    row = Invitation(
        sha256=kept,
        email=email,
        name=name,
        role=role,
        office_id=office_id,
        invited_by=viewer.account_id,
        created_at=at,
        expires_at=at + LIFETIME,
    )
    db.session.add(row)
    db.session.flush()
    _record("invitation.send", viewer, row, "email", "name", "role", "office")
    return row, secret


def send_again(viewer: Viewer, sha256: bytes, *, at: datetime) -> tuple[Invitation, str]:
    """Another letter in place of this one, which is dead from now on."""
    row = _mine(viewer, sha256)
    return invite(viewer, row.email, row.name, row.role, row.office_id, at=at)


def withdraw(viewer: Viewer, sha256: bytes, *, at: datetime) -> None:
    row = _mine(viewer, sha256)
    row.withdrawn_at = at
    db.session.flush()
    _record("invitation.withdraw", viewer, row)


def waiting(viewer: Viewer) -> Sequence[Invitation]:
    """Those not used and not withdrawn that are the viewer's to manage, newest first."""
    query = select(Invitation).where(
        Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None)
    )
    query = query.where(*_of(viewer))
    return db.session.scalars(query.order_by(Invitation.created_at.desc()).limit(LISTED)).all()


def opened(secret: str, *, at: datetime, locked: bool = False) -> Invitation:
    """The live invitation behind a link. Raises InvitationGone."""
    row = db.session.get(
        Invitation,
        letters.fingerprint(secret),
        with_for_update=locked or None,
        populate_existing=locked,
    )
    if row is None or row.accepted_at or row.withdrawn_at or row.expires_at <= at:
        raise InvitationGone
    return row


def accept(secret: str, password: str, *, locale: str, at: datetime) -> Account:
    """Make the account, with its role. Raises InvitationGone, WeakPassword, EmailTaken."""
    row = opened(secret, at=at, locked=True)
    account = accounts.create_official(row.email, row.name, password)
    account.locale = locale
    row.accepted_at, row.account_id = at, account.id
    db.session.flush()
    office = db.session.get_one(Office, row.office_id)
    roles.grant(account.id, row.role, office, by=row.invited_by, at=at)
    audit.record(
        "account.create",
        subject=f"account:{account.id}",
        actor_id=account.id,
        fields=("email", "name", "password"),
    )
    return account


def _mine(viewer: Viewer, sha256: bytes) -> Invitation:
    """One that still waits, and is theirs to manage. Raises NotFound."""
    row = db.session.get(Invitation, sha256, with_for_update=True, populate_existing=True)
    if row is None or row.accepted_at or row.withdrawn_at:
        raise NotFound
    offices = people.offices_of(viewer)
    if offices is not None and (row.office_id not in offices or row.role is not Role.OFFICER):
        raise NotFound
    return row


def _of(viewer: Viewer) -> list[ColumnElement[bool]]:
    """Those that are the viewer's to manage: an administrator's all, a head's to their officers."""
    offices = people.offices_of(viewer)
    if offices is None:
        return []
    return [Invitation.office_id.in_(offices), Invitation.role == Role.OFFICER]


def _withdraw_those_to(email: str, viewer: Viewer, at: datetime) -> None:
    """Nobody takes back what is not theirs: whichever is used first makes the account."""
    db.session.execute(
        update(Invitation)
        .where(
            Invitation.email == email,
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
            *_of(viewer),
        )
        .values(withdrawn_at=at)
    )


def _record(action: str, viewer: Viewer, row: Invitation, *fields: str) -> None:
    subject = f"invitation:{row.sha256.hex()[:32]}"
    audit.record(action, subject=subject, actor_id=viewer.account_id, fields=fields)
