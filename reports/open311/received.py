"""Which reports came from which client, and by which id it knows them."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, String, cast, exists, func, select

from app.auth.models import Account, AuditEntry, Token
from app.database import db, reading
from app.text import uuid_in
from reports import codes
from reports.models import Report, StatusChange
from reports.open311.models import Open311Request

STEP_FOR = "report.step_for"  # of the audit log: a client took a step in a person's place


@dataclass(frozen=True, slots=True)
class Known:
    """A request that is here: its report, and the digest of what was sent."""

    report_id: UUID
    code: str  # of the report, as it is read aloud
    digest: bytes


def known(client_id: UUID, client_request_id: str) -> Known | None:
    """What this client sent under this id of its own. Read outside the transaction: what follows
    may take seconds."""
    if not client_request_id:
        return None
    query = (
        select(Report.id, Report.code, Open311Request.digest)
        .join(Open311Request, Open311Request.report_id == Report.id)
        .where(
            Open311Request.client_id == client_id,
            Open311Request.client_request_id == client_request_id,
        )
    )
    with reading() as connection:
        row = connection.execute(query).one_or_none()
    return Known(row.id, codes.spoken(row.code), row.digest) if row else None


def sent_by(client_id: UUID) -> ColumnElement[bool]:
    """Of reports in a statement: those that this client sent."""
    return exists().where(
        Open311Request.report_id == Report.id, Open311Request.client_id == client_id
    )


#: Of reports in a statement: whoever one belongs to has signed in, and reads of it themselves.
READS_FOR_THEMSELVES = exists().where(Token.account_id == Report.reporter_id)


def came_through(client_id: UUID) -> ColumnElement[bool]:
    """Of steps in a statement: those that this client took for a report's person, as the audit log
    has it (`updates_sent`)."""
    return exists().where(
        AuditEntry.subject == func.concat("report:", cast(StatusChange.report_id, String)),
        AuditEntry.action == STEP_FOR,
        AuditEntry.actor_id == client_id,
        AuditEntry.reason == StatusChange.step,
        AuditEntry.at == StatusChange.at,
    )


def reads_for_themselves(report: Report) -> bool:
    """Has whoever a report belongs to signed in, so that no client speaks for them any more?"""
    signed_in = exists().where(Token.account_id == report.reporter_id)
    return bool(db.session.scalar(select(signed_in)))


def sender_of(report_id: UUID) -> UUID | None:
    """The client that sent a report; None for one that came another way."""
    sent = db.session.get(Open311Request, report_id)
    return sent.client_id if sent else None


def sender_name(report_id: UUID) -> str | None:
    """What the client is called that sent a report, to officials."""
    query = select(Account.name).join(Open311Request, Open311Request.client_id == Account.id)
    return db.session.scalar(query.where(Open311Request.report_id == report_id))


def id_of_token(token: str) -> str | None:
    """The id, as clients know it, of the request that was sent under this `client_request_id`.

    UUIDs alone: what can be counted through would tell strangers how much is sent.
    """
    made = uuid_in(token)
    if made is None:
        return None
    query = (
        select(Report.code)
        .join(Open311Request, Open311Request.report_id == Report.id)
        .where(Open311Request.client_request_id == str(made))
        .order_by(Open311Request.at)
    )
    with reading() as connection:
        code = connection.scalar(query.limit(1))
    return codes.spoken(code) if code else None


def lock(made_id: UUID) -> None:
    """Until the commit nobody else stores a request, or takes an update, under this id."""
    number = int.from_bytes(made_id.bytes[:8], signed=True)
    db.session.execute(select(func.pg_advisory_xact_lock(number)))
