"""Links by which an office without accounts works on a report: in its letters, good for that report
alone, for thirty days, and for as long as the office has it.

A token is never stored. It is worked out from the row (and the city's secret) when a letter leaves,
so that reminders carry the same one; the table holds its SHA-256. Flushes, never commits.
"""

import base64
import hashlib
import hmac
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from flask import current_app
from sqlalchemy import select, update

from app import audit
from app.auth.models import Account
from app.clock import now
from app.config import Config
from app.database import db
from app.errors import Conflict, NotFound
from notifications import inbox, outbox
from notifications.doors import Door, Subject
from notifications.models import Delivery
from reports import announcements, assignments, presenting
from reports.city import snapshot
from reports.city.values import Office
from reports.desk import office_accounts
from reports.desk.models import OfficeLink
from reports.models import Assignment, Report
from reports.permissions import Viewer
from reports.presenting import View

LIFETIME = timedelta(days=30)
FRESH = timedelta(days=7)  # a letter carries no link that ends sooner
PAGE = "/console/office"
#: The steps that an office takes by its link; what is left is for those who sign in.
STEPS = ("start", "resolve", "ask", "resume", "return", "ask_extension")


class NoSuchLink(NotFound):
    code = "no-such-link"
    vi = "Đường dẫn này không đúng. Mở lại từ thư mới nhất, và chép đủ cả đường dẫn."
    en = "This link is not right. Open it from the latest letter, and copy all of it."


class LinkEnded(NotFound):
    code = "link-ended"
    vi = "Đường dẫn này đã hết hạn hoặc bị thu hồi. Xin trung tâm gửi lại thư."
    en = "This link has expired or was withdrawn. Ask the centre to send the letter again."


class ReportLeft(NotFound):
    code = "report-left"
    vi = "Phản ánh này không còn ở đơn vị bạn, nên đường dẫn không mở được nữa."
    en = "This report is no longer with your office, so the link no longer opens."


class NotByMail(Conflict):
    code = "not-by-mail"
    vi = (
        "Đơn vị này không nhận phản ánh này qua thư: chưa có địa chỉ thư, đã có cán bộ đăng nhập,"
        " hoặc không xử lý phản ánh này."
    )
    en = (
        "This office does not get this report by mail: it has no address, has people who sign in,"
        " or does not work on the report."
    )


@dataclass(frozen=True, slots=True)
class Opened:
    """A report as the office that holds the link sees it."""

    report: Report
    view: View
    office: Office


@dataclass(frozen=True, slots=True)
class Standing:
    """An office that gets a report by mail: its link, and what became of its last letter."""

    office: Office
    link: OfficeLink | None
    letter: Delivery | None


class OfficeDoors:
    """What letters to these offices need (`notifications.ports.Doors`)."""

    def readers(self) -> Collection[UUID]:
        every = snapshot.current().offices_by_id.values()
        return {office_accounts.account_id_of(one.id) for one in every if one.email}

    def open(self, wanted: Collection[Subject]) -> Mapping[Subject, Door]:
        every = snapshot.current().offices_by_id.values()
        offices = {office_accounts.account_id_of(one.id): one for one in every}
        doors: dict[Subject, Door] = {}
        for account_id, subject in wanted:
            office, report_id = offices[account_id], _report_named(subject)
            token = token_for(report_id, office, at=now()) if report_id else None
            if token and office.email:
                doors[account_id, subject] = Door(office.email, f"{PAGE}/{token}")
        return doors


def token_for(report_id: UUID, office: Office, *, at: datetime) -> str | None:
    """The token of this office's link to a report, of a new one where there is none that lasts.
    None for an office that does not have the report, or has no address."""
    since = _has_it_since(report_id, office.id)
    if since is None or not office.email:
        return None
    for link in _live(report_id, office.id, since=since, at=at + FRESH):
        token = _token(link.report_id, link.office_id, link.created_at)
        if hmac.compare_digest(link.sha256, _sha256(token)) and link.email == office.email:
            return token
    token = _token(report_id, office.id, at)
    db.session.add(
        OfficeLink(
            sha256=_sha256(token),
            report_id=report_id,
            office_id=office.id,
            email=office.email,
            created_at=at,
            expires_at=at + LIFETIME,
            opened=0,
        )
    )
    db.session.flush()
    return token


def open_link(token: str, *, locale: str, at: datetime) -> Opened:
    """What a link leads to. Raises NoSuchLink, LinkEnded, ReportLeft."""
    link = db.session.get(OfficeLink, _sha256(token))
    if link is None:
        raise NoSuchLink
    if link.revoked_at or link.expires_at <= at:
        raise LinkEnded
    since = _has_it_since(link.report_id, link.office_id)
    if since is None or since > link.created_at:
        raise ReportLeft
    city, report = snapshot.current(), db.session.get_one(Report, link.report_id)
    viewer = office_accounts.viewer_for(link.office_id)
    view = presenting.view_of(report, viewer, city, locale)
    if view is None or not view.inside:
        raise ReportLeft
    return Opened(report, view, city.offices_by_id[link.office_id])


def count_opening(token: str) -> None:
    """Somebody has looked: the centre sees that the letter arrived."""
    db.session.execute(
        update(OfficeLink)
        .where(OfficeLink.sha256 == _sha256(token), OfficeLink.opened < 10_000)
        .values(opened=OfficeLink.opened + 1)
    )


def by_mail(report: Report, *, at: datetime) -> list[Standing]:
    """The offices at work on a report that get it by mail."""
    city = snapshot.current()
    found = []
    for row in _at_work(report.id):
        office = city.offices_by_id[row.office_id]
        if office_accounts.works_by_mail(office, at=at):
            links = _live(report.id, office.id, since=row.since, at=at)
            account_id = office_accounts.account_id_of(office.id)
            letter = inbox.last_letter(account_id, _subject(report))
            found.append(Standing(office, links[0] if links else None, letter))
    return found


def send_again(report: Report, code: str, *, by: Viewer, at: datetime) -> None:
    """End the present link and write anew, with another. Raises NotByMail."""
    office = _by_mail_or_refuse(report, code, at)
    _end(report.id, office.id, at)
    office_accounts.ready(office, at=at)
    account_id = office_accounts.account_id_of(office.id)
    outbox.tell(
        change_id=uuid4(),
        kind="new_work",
        people=select(Account.id).where(Account.id == account_id),
        subject=_subject(report),
        payload=announcements.payload(report, snapshot.current()),
        urgent=report.urgent,
        at=at,
    )
    _record("office_link.send", report, office, by)


def revoke(report: Report, code: str, *, by: Viewer, at: datetime) -> None:
    """End the present link; the next letter carries another. Raises NotByMail."""
    office = _by_mail_or_refuse(report, code, at)
    _end(report.id, office.id, at)
    _record("office_link.revoke", report, office, by)


def _by_mail_or_refuse(report: Report, code: str, at: datetime) -> Office:
    for standing in by_mail(report, at=at):
        if standing.office.code == code:
            return standing.office
    raise NotByMail


def _record(action: str, report: Report, office: Office, by: Viewer) -> None:
    subject, fields = f"report:{report.id}", ("office",)
    audit.record(action, subject=subject, actor_id=by.account_id, fields=fields, reason=office.code)


def _end(report_id: UUID, office_id: int, at: datetime) -> None:
    theirs = OfficeLink.report_id == report_id, OfficeLink.office_id == office_id
    db.session.execute(
        update(OfficeLink).where(*theirs, OfficeLink.revoked_at.is_(None)).values(revoked_at=at)
    )


def _live(
    report_id: UUID, office_id: int, *, since: datetime, at: datetime
) -> Sequence[OfficeLink]:
    """Links that still hold at a moment, the newest first. One of an earlier stay does not: the
    report has left the office since."""
    return db.session.scalars(
        select(OfficeLink)
        .where(
            OfficeLink.report_id == report_id,
            OfficeLink.office_id == office_id,
            OfficeLink.revoked_at.is_(None),
            OfficeLink.created_at >= since,
            OfficeLink.expires_at > at,
        )
        .order_by(OfficeLink.created_at.desc())
    ).all()


def _at_work(report_id: UUID) -> Sequence[Assignment]:
    """Who leads or joins now; an office that is only proposed has nothing yet."""
    return [row for row in assignments.present(report_id) if row.part != "proposed"]


def _has_it_since(report_id: UUID, office_id: int) -> datetime | None:
    return next((row.since for row in _at_work(report_id) if row.office_id == office_id), None)


def _subject(report: Report) -> str:
    return f"report:{report.id}"


def _report_named(subject: str) -> UUID | None:
    kind, _, named = subject.partition(":")
    return UUID(named) if kind == "report" else None


def _token(report_id: UUID, office_id: int, created_at: datetime) -> str:
    config: Config = current_app.extensions["xom.config"]
    said = f"office-link:{report_id}:{office_id}:{created_at.astimezone(UTC).isoformat()}"
    made = hmac.digest(config.secret_key.encode(), said.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def _sha256(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
