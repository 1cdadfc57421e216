"""Letters with a report: one to each reader, never a second.

A letter is claimed and the claim committed; then it is handed over with no transaction open; then
what became of it is written down. A worker that dies in between leaves a letter that may have
gone: it is told as unsure, and not sent again. Each letter is committed by itself.
"""

import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, localtime
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from flask import current_app
from sqlalchemy import select, update

from app.config import Config
from app.crash import crash_point
from app.database import db
from app.errors import XomError
from app.mail import NoEncryption, connected
from reports import identity
from reports.city import snapshot
from reports.figures.frozen import paper, publishing, saying
from reports.figures.frozen.contents import Contents
from reports.figures.frozen.models import FigureLetter, FigureReader, FigureReport, LetterState
from reports.figures.frozen.saying import pick
from reports.figures.rights import sees_all_figures
from reports.permissions import Viewer, roles_held

LEASE = timedelta(minutes=10)  # a conversation with the mail server ends within one (app.mail)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=5), timedelta(hours=6)
MOST_TRIES = 15  # some three days
MOST_ATTACHED = 8 * 1024 * 1024  # bytes; what most servers take with room to spare
PAGE = "/dashboard"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a letter, and what the mail server said."""

    state: LetterState
    note: str = ""


def send_due(*, now: datetime) -> int:
    """Hand over all letters whose time has come; how many were taken. Commits one by one."""
    config: Config = current_app.extensions["xom.config"]
    if not config.smtp_url:
        return 0
    _tell_what_is_unsure(now)
    taken = 0
    while letter := _claimed(now):
        outcome = _handed_over(letter, config, now)
        _write_down(letter, outcome, now)
        taken += outcome.state is LetterState.SENT
    return taken


@dataclass(frozen=True, slots=True)
class _Claim:
    report_id: UUID
    reader_id: UUID
    tries: int


def _claimed(now: datetime) -> _Claim | None:
    """One letter that nobody else is at, committed as being sent."""
    letter = db.session.scalar(
        select(FigureLetter)
        .where(FigureLetter.state == LetterState.DUE, FigureLetter.due_at <= now)
        .order_by(FigureLetter.due_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if letter is None:
        db.session.commit()
        return None
    letter.state, letter.due_at = LetterState.SENDING, now + LEASE
    letter.tries += 1
    claim = _Claim(letter.report_id, letter.reader_id, letter.tries)
    db.session.commit()
    return claim


def _tell_what_is_unsure(now: datetime) -> None:
    """A worker that died over a letter: it may have gone, so it does not go again."""
    lost = db.session.execute(
        update(FigureLetter)
        .where(FigureLetter.state == LetterState.SENDING, FigureLetter.due_at <= now)
        .values(state=LetterState.UNSURE, note="the worker died")
        .returning(FigureLetter.report_id, FigureLetter.reader_id)
    ).all()
    db.session.commit()
    for report_id, reader_id in lost:
        log.warning("a letter may have gone, or not", report=report_id, reader=reader_id)


def _handed_over(claim: _Claim, config: Config, now: datetime) -> Outcome:
    report = db.session.get_one(FigureReport, claim.report_id)
    reader = db.session.get_one(FigureReader, claim.reader_id)
    address = _address(reader, now)
    if address is None:
        return Outcome(LetterState.REFUSED, "no longer a reader, or without an address")
    try:
        message = _message(report, reader, address, config)
    except ValueError:
        return Outcome(LetterState.REFUSED, "not an e-mail address")
    except XomError as error:  # the store is away
        return _later(claim, error.code)
    db.session.commit()  # what was read is read: no transaction stays open meanwhile
    outcome = _delivered(message, address, config, claim)
    crash_point("after_report_letter")
    return outcome


def _address(reader: FigureReader, now: datetime) -> str | None:
    """Where a reader gets mail now; None once they left the list, or lead no more."""
    if reader.ended_at is not None:
        return None
    if reader.account_id is None:
        return reader.email
    viewer = Viewer(reader.account_id, roles_held(reader.account_id, now))
    if not sees_all_figures(viewer):
        return None
    contact = identity.contact_for_delivery([reader.account_id]).get(reader.account_id)
    return contact.email if contact else None


def _delivered(message: EmailMessage, address: str, config: Config, claim: _Claim) -> Outcome:
    """No server: later. Cut off while handing over: nobody knows, so it is not tried again."""
    try:
        with connected(config.smtp_url) as server:
            return _given(server, message, address, claim)
    except smtplib.SMTPResponseException as error:
        return _said(claim, error.smtp_code)
    except (NoEncryption, ssl.SSLCertVerificationError) as error:
        log.error("the mail server is not safe", error=type(error).__name__)
        return _later(claim, type(error).__name__)
    except (smtplib.SMTPException, OSError) as error:
        return _later(claim, type(error).__name__)


def _given(server: smtplib.SMTP, message: EmailMessage, address: str, claim: _Claim) -> Outcome:
    try:
        server.send_message(message, to_addrs=[address])
    except smtplib.SMTPRecipientsRefused as error:
        return _said(claim, next(iter(error.recipients.values()))[0])
    except smtplib.SMTPResponseException as error:
        return _said(claim, error.smtp_code)
    except (smtplib.SMTPException, OSError) as error:
        return Outcome(LetterState.UNSURE, f"cut off: {type(error).__name__}")
    return Outcome(LetterState.SENT)


def _said(claim: _Claim, code: int) -> Outcome:
    """5xx: this letter never; 4xx: later."""
    if code >= 500 and code not in {530, 534, 535, 538}:  # these: our password, to be mended
        return Outcome(LetterState.REFUSED, f"smtp {code}")
    return _later(claim, f"smtp {code}")


def _later(claim: _Claim, note: str) -> Outcome:
    state = LetterState.DUE if claim.tries < MOST_TRIES else LetterState.REFUSED
    return Outcome(state, note)


def _write_down(claim: _Claim, outcome: Outcome, now: datetime) -> None:
    letter = db.session.get_one(
        FigureLetter, (claim.report_id, claim.reader_id), populate_existing=True
    )
    reader = db.session.get_one(FigureReader, claim.reader_id)
    letter.state, letter.note = outcome.state, outcome.note
    letter.due_at = now + min(FIRST_WAIT * 2 ** (claim.tries - 1), LONGEST_WAIT)
    if outcome.state is LetterState.SENT:
        letter.sent_at, letter.email = now, _address(reader, now)
    db.session.commit()
    log.info("letter with a report", state=outcome.state, report=claim.report_id, note=outcome.note)


def _message(
    report: FigureReport, reader: FigureReader, address: str, config: Config
) -> EmailMessage:
    contents: Contents = report.contents  # type: ignore[assignment] # as `publishing` stored it
    locale, site = reader.locale, config.base_url.rstrip("/")
    message = EmailMessage()
    message["From"], message["To"] = config.mail_from, address
    message["Subject"] = _subject(contents, locale)
    message["Date"] = format_datetime(localtime(report.made_at))
    host = urlsplit(site).hostname or "localhost"
    message["Message-ID"] = f"<{report.id}.{reader.id}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    attached = _attachments(report, locale)
    link = "" if reader.account_id is None else f"{site}{PAGE}"
    message.set_content(_words(contents, reader, link, attached=bool(attached)))
    for name, data, subtype in attached:
        message.add_attachment(data, maintype="application", subtype=subtype, filename=name)
    return message


def _subject(contents: Contents, locale: str) -> str:
    more = contents["number"] - 1
    amends = pick(locale, f" (bổ sung {more})", f" (amendment {more})") if more else ""
    return paper.title(contents, locale) + amends


_SUBTYPES = {
    "pdf": "pdf",
    "xlsx": "vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def _attachments(report: FigureReport, locale: str) -> list[tuple[str, bytes, str]]:
    """The PDF and the workbook, unless together they are too large for a letter."""
    files = publishing.kept(report)
    if sum(files[f"{locale}.{form}"].size for form in _SUBTYPES) > MOST_ATTACHED:
        return []
    return [
        (file_name(report, locale, form), publishing.file_of(report, locale, form), subtype)
        for form, subtype in _SUBTYPES.items()
    ]


def file_name(report: FigureReport, locale: str, form: str) -> str:
    """bao-cao-2026-10.pdf, bao-cao-2026-10-bo-sung-1.pdf; report-2026-10-amendment-1.pdf."""
    more = report.number - 1
    amends = pick(locale, f"-bo-sung-{more}", f"-amendment-{more}") if more else ""
    return f"{pick(locale, 'bao-cao', 'report')}-{report.period}{amends}.{form}"


def _words(contents: Contents, reader: FigureReader, link: str, *, attached: bool) -> str:
    locale, centre = reader.locale, snapshot.current().centre
    by = pick(locale, centre.name_vi, centre.name_en) + (
        f", {centre.phone}" if centre.phone else ""
    )
    files = pick(
        locale,
        "Báo cáo đầy đủ ở tệp PDF đính kèm; số liệu để tính tiếp ở tệp XLSX.",
        "The attached PDF is the whole report; the XLSX has its figures to go on with.",
    )
    lines = [
        pick(locale, f"Kính gửi {reader.name or 'anh/chị'},", f"Dear {reader.name or 'reader'},"),
        "",
        *(f"- {sentence}" for sentence in saying.summary(contents, locale)),
        "",
        *([files] if attached else []),
        *([pick(locale, f"Xem và tải ở {link}", f"Read and download: {link}")] if link else []),
        pick(
            locale,
            f"Thư này do {by} gửi. Muốn thôi nhận, hãy báo cho nơi gửi.",
            f"Sent by {by}. To get no more of these letters, tell them.",
        ),
    ]
    return "\n".join(lines) + "\n"
