"""Who gets reports by mail: leaders who chose it, and addresses outside that a leader entered,
such as the government above. Functions flush.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import literal, select
from sqlalchemy.dialects.postgresql import insert

from app.auth.models import Account
from app.database import db
from app.errors import Conflict, Invalid, NotFound
from reports.figures.frozen.models import FigureLetter, FigureReader, FigureReport, LetterState
from reports.figures.periods import Kind

_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


class ReaderThere(Conflict):
    code = "reader-there"
    vi = "Người này đã có trong danh sách nhận báo cáo. Muốn đổi thì bỏ ra rồi thêm lại."
    en = "They get the reports already. To change how, take them off the list and add them again."


class BadReaderAddress(Invalid):
    code = "bad-reader-address"
    vi = "Địa chỉ thư này chưa đúng. Viết như ten@coquan.vn."
    en = "This is no e-mail address. Write it as name@office.vn."
    field = "email"


class NamelessReader(Invalid):
    code = "nameless-reader"
    vi = "Ghi tên nơi nhận."
    en = "Say whose address it is."
    field = "name"


class NothingWanted(Invalid):
    code = "nothing-wanted"
    vi = "Chọn báo cáo tháng, báo cáo quý, hoặc cả hai."
    en = "Choose monthly reports, quarterly reports, or both."
    field = "months"


class NoSuchReader(NotFound):
    code = "no-such-reader"
    vi = "Không có người này trong danh sách nhận báo cáo."
    en = "There is no such reader on the list."


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants to get. `email` is empty for an official, whose own address is taken."""

    id: UUID
    name: str
    email: str | None
    locale: str
    months: bool
    quarters: bool


def add(
    wish: Wish, *, account_id: UUID | None, by: UUID | None, at: datetime
) -> tuple[FigureReader, bool]:
    """Put somebody on the list, and whether that is new: a repeat by the same id is the same.

    Raises ReaderThere when the address, or the official, is on it already; BadReaderAddress,
    NamelessReader, NothingWanted.
    """
    _check(wish)
    email = wish.email.lower() if wish.email else None
    whose = None if email else account_id
    made = db.session.scalar(
        insert(FigureReader)
        .values(
            id=wish.id,
            account_id=whose,
            email=email,
            name=wish.name or _own_name(whose),
            locale=wish.locale,
            months=wish.months,
            quarters=wish.quarters,
            added_by=by,
            added_at=at,
        )
        .on_conflict_do_nothing()
        .returning(FigureReader.id)
    )
    known = db.session.get(FigureReader, wish.id)
    if known is None or (known.email, known.account_id) != (email, whose):
        raise ReaderThere
    return known, bool(made)


def _check(wish: Wish) -> None:
    if wish.email and not is_address(wish.email):
        raise BadReaderAddress
    if wish.email and not wish.name:
        raise NamelessReader
    if not (wish.months or wish.quarters):
        raise NothingWanted


def _own_name(account_id: UUID | None) -> str:
    account = db.session.get(Account, account_id) if account_id else None
    return (account.name if account else None) or ""


def end(reader_id: UUID, *, at: datetime) -> FigureReader:
    """Take somebody off the list; again is the same. What was sent stays on record."""
    reader = db.session.get(FigureReader, reader_id, with_for_update=True)
    if reader is None:
        raise NoSuchReader
    reader.ended_at = reader.ended_at or at
    db.session.flush()
    return reader


def current() -> Sequence[FigureReader]:
    """Who is on the list, by name."""
    query = select(FigureReader).where(FigureReader.ended_at.is_(None))
    return db.session.scalars(query.order_by(FigureReader.name, FigureReader.id)).all()


def write_letters(report: FigureReport, *, at: datetime) -> None:
    """A letter for each who wants reports of this kind, in the transaction of the report."""
    wants = FigureReader.months if report.kind is Kind.MONTH else FigureReader.quarters
    who = select(
        literal(report.id),
        FigureReader.id,
        literal(str(LetterState.DUE)),
        literal(at),
        literal(0),
        literal(""),
    ).where(FigureReader.ended_at.is_(None), wants)
    columns = ["report_id", "reader_id", "state", "due_at", "tries", "note"]
    db.session.execute(insert(FigureLetter).from_select(columns, who).on_conflict_do_nothing())


def letters_of(report: FigureReport) -> Sequence[tuple[FigureLetter, FigureReader]]:
    """Each letter of a report, with who it is to."""
    query = (
        select(FigureLetter, FigureReader)
        .join(FigureReader, FigureReader.id == FigureLetter.reader_id)
        .where(FigureLetter.report_id == report.id)
        .order_by(FigureReader.name, FigureReader.id)
    )
    return [(letter, reader) for letter, reader in db.session.execute(query)]


def is_address(text: str) -> bool:
    """Could this be an e-mail address? The mail server has the last word."""
    return _ADDRESS.fullmatch(text) is not None and len(text) <= 254
