"""Files of city data between being looked through and being taken: kept for an hour, for whoever
sent them, so that what is confirmed is what was read.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete

from app.database import db
from app.errors import NotFound
from reports.desk.models import ReadFile

KEPT = timedelta(hours=1)


class FileGone(NotFound):
    code = "file-gone"
    vi = "Tệp xem trước chỉ được giữ một giờ. Chọn lại tệp để xem lại rồi nạp."
    en = "A file that was looked through is kept for an hour. Choose it again."
    field = "file"


def keep(kind: str, name: str, data: bytes, *, replaces: bool, by: UUID, at: datetime) -> ReadFile:
    """In the place of what they had read before. Flushes."""
    sweep(at=at)
    db.session.execute(delete(ReadFile).where(ReadFile.account_id == by))
    kept = ReadFile(
        account_id=by, kind=kind, name=name[-80:], data=data, replaces=replaces, read_at=at
    )
    db.session.add(kept)
    db.session.flush()
    return kept


def take_out(file_id: UUID | None, *, by: UUID, at: datetime) -> ReadFile:
    """The file, which is kept no longer. Raises FileGone. Flushes."""
    kept = db.session.get(ReadFile, file_id, with_for_update=True) if file_id else None
    if kept is None or kept.account_id != by or kept.read_at < at - KEPT:
        raise FileGone
    db.session.delete(kept)
    db.session.flush()
    return kept


def sweep(*, at: datetime) -> None:
    db.session.execute(delete(ReadFile).where(ReadFile.read_at < at - KEPT))
