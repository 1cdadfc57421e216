"""Secret addresses by which an official's calendar reads the deadlines of their office.

Whoever has the address reads the calendar, so it is shown once, stored as a SHA-256, ended by its
owner at any time, and opens nothing once they no longer work for the office. Flushes.
"""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import func, or_, select, update

from app import audit
from app.auth.models import Account, AccountKind
from app.database import db
from app.errors import Conflict, Forbidden, NotFound
from reports.city.snapshot import City
from reports.city.values import Office
from reports.feeds.models import CalendarLink
from reports.permissions import OFFICE_ROLES, Viewer, roles_held
from reports.statuses import Role

MOST = 10  # alive at once, of one official
HOUR = timedelta(hours=1)


class NoSuchCalendar(NotFound):
    code = "no-such-calendar"
    vi = "Địa chỉ lịch này không đúng hoặc đã bị thu hồi. Tạo địa chỉ mới ở trang Lịch của tôi."
    en = "This calendar's address is wrong or was withdrawn. Make another on the page My calendar."


class TooManyCalendars(Conflict):
    code = "too-many-calendars"
    vi = "Bạn đã có {most} địa chỉ lịch. Thu hồi một địa chỉ không còn dùng rồi tạo tiếp."
    en = "You have {most} calendar addresses. Withdraw one that you no longer use, then go on."


class NotYourOffice(Forbidden):
    code = "not-your-calendar"
    vi = "Chỉ tạo được lịch của đơn vị mà bạn là cán bộ hoặc lãnh đạo."
    en = "A calendar can be made only for an office whose officer or head you are."
    field = "office"


@dataclass(frozen=True, slots=True)
class Subscribed:
    """Whose calendar is asked for, of which office, and with whose eyes."""

    account: Account
    office: Office
    viewer: Viewer
    mine: bool


def offices_for(viewer: Viewer) -> Collection[int]:
    """Whose deadlines somebody may have in their calendar."""
    return viewer.offices(*OFFICE_ROLES)


def make(
    viewer: Viewer, office: Office | None, *, mine: bool, name: str, at: datetime
) -> tuple[CalendarLink, str]:
    """A new address of theirs: the row, and the token that nobody can look up later. Raises
    NotYourOffice, TooManyCalendars."""
    if office is None or office.id not in offices_for(viewer) or viewer.account_id is None:
        raise NotYourOffice
    # One at a time, or two forms sent at once would both find room.
    db.session.get_one(Account, viewer.account_id, with_for_update=True)
    if len(of_account(viewer.account_id)) >= MOST:
        raise TooManyCalendars(most=MOST)
    token = secrets.token_urlsafe(32)
    link = CalendarLink(
        account_id=viewer.account_id,
        office_id=office.id,
        mine=mine,
        name=name,
        sha256=digest(token),
        created_at=at,
    )
    db.session.add(link)
    db.session.flush()
    _record("calendar.make", link)
    return link, token


def revoke(account_id: UUID, link_id: UUID, *, at: datetime) -> None:
    """End one of somebody's own addresses; again is the same. Raises NoSuchCalendar."""
    link = db.session.get(CalendarLink, link_id)
    if link is None or link.account_id != account_id:
        raise NoSuchCalendar
    if link.revoked_at is None:
        link.revoked_at = at
        db.session.flush()
        _record("calendar.revoke", link)


def revoke_all(account_id: UUID) -> None:
    """The account was disabled: when it is opened again, nobody's old address reads along."""
    theirs = CalendarLink.account_id == account_id, CalendarLink.revoked_at.is_(None)
    db.session.execute(update(CalendarLink).where(*theirs).values(revoked_at=func.now()))


def of_account(account_id: UUID) -> Sequence[CalendarLink]:
    """Those that still hold, the newest first."""
    return db.session.scalars(
        select(CalendarLink)
        .where(CalendarLink.account_id == account_id, CalendarLink.revoked_at.is_(None))
        .order_by(CalendarLink.created_at.desc())
    ).all()


def find(token: str, city: City, *, at: datetime) -> Subscribed:
    """What an address leads to now. Raises NoSuchCalendar, also when its owner's role has ended."""
    query = (
        select(CalendarLink, Account)
        .join(Account, Account.id == CalendarLink.account_id)
        .where(
            CalendarLink.sha256 == digest(token),
            CalendarLink.revoked_at.is_(None),
            Account.disabled_at.is_(None),
            Account.kind == AccountKind.OFFICIAL,
        )
    )
    found = db.session.execute(query).one_or_none()
    if found is None:
        raise NoSuchCalendar
    link, account = found
    # An office that has ended: its work and its people went to its successor.
    office = city.office(city.offices_by_id[link.office_id].code)
    held = roles_held(account.id, at)
    if office is None or office.id not in offices_for(Viewer(account.id, held)):
        raise NoSuchCalendar
    return Subscribed(account, office, _of_one_office(account.id, held, office.id), link.mine)


def count_reading(token: str, *, at: datetime) -> None:
    """Some calendar reads it: its owner sees which address is in use. To the hour, since calendars
    ask often."""
    seldom = or_(CalendarLink.read_at.is_(None), CalendarLink.read_at < at - HOUR)
    query = update(CalendarLink).where(CalendarLink.sha256 == digest(token), seldom)
    db.session.execute(query.values(read_at=at))


def _of_one_office(account_id: UUID, held: frozenset[tuple[Role, int]], office_id: int) -> Viewer:
    """The official as one who works for this office alone. Their other posts stay posts, in which
    they neither lead nor join: what is said against any office of theirs stays hidden from them."""
    return Viewer(
        account_id,
        frozenset(
            (role if office == office_id and role in OFFICE_ROLES else Role.ADMIN, office)
            for role, office in held
        ),
    )


def digest(token: str) -> bytes:
    """What is stored of a token."""
    return sha256(token.encode("utf-8", "surrogatepass")).digest()


def _record(action: str, link: CalendarLink) -> None:
    subject = f"account:{link.account_id}"
    audit.record(action, subject=subject, actor_id=link.account_id, fields=["calendar_link"])
