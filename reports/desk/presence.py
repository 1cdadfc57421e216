"""Who else has a report before them just now, and what they are writing: so that two officials do
not answer the same one unawares. The version still decides who was first.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from app.auth.models import Account
from app.database import db, reading
from reports.cards import Plain
from reports.desk.models import Presence

FOR = timedelta(seconds=45)  # pages say it again every 15 seconds


def note(report_id: UUID, account_id: UUID, doing: str, *, at: datetime) -> None:
    """This person has this report before them, and is writing this step ("": only reading)."""
    row = {"report_id": report_id, "account_id": account_id, "doing": doing, "seen_at": at}
    statement = insert(Presence).values(row)
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["report_id", "account_id"],
            set_={"doing": statement.excluded.doing, "seen_at": statement.excluded.seen_at},
        )
    )


def others(report_id: UUID, but: UUID, *, at: datetime) -> list[Plain]:
    """Everybody else who has it before them: name, and the step they are writing."""
    query = (
        select(Account.name, Presence.doing)
        .join(Account, Account.id == Presence.account_id)
        .where(
            Presence.report_id == report_id,
            Presence.account_id != but,
            Presence.seen_at > at - FOR,
        )
        .order_by(Account.name, Account.id)
    )
    with reading() as connection:
        return [{"name": name or "", "doing": doing} for name, doing in connection.execute(query)]


def sweep(*, at: datetime) -> None:
    """Take away who has gone."""
    db.session.execute(delete(Presence).where(Presence.seen_at < at - FOR))
