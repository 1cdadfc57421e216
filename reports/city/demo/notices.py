"""The demo's notices: put up anew at each `city demo`, so that some always stand; and taken out."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete

from app.database import db
from reports.city import snapshot
from reports.city.demo.material import read_material
from reports.city.demo.stage import demo_id
from reports.city.folder import find_folder
from reports.city.models import Notice, NoticeKind

MOST = 20  # notices that a demo may have: their ids follow from their numbers
BEGAN = timedelta(minutes=40)  # before now


def put_up(*, at: datetime) -> int:
    """Notices that stand at `at`, in the place of the last ones; how many. Flushes."""
    take_down()
    folder = find_folder(snapshot.current().profile.folder)
    wanted = read_material(folder).notices[:MOST]
    for number, words in enumerate(wanted):
        notice = Notice(
            id=_id(number),
            kind=NoticeKind(words["kind"]),
            text_vi=words["vi"],
            text_en=words["en"],
            areas=words["areas"],
            starts_at=at - BEGAN,
            ends_at=at + timedelta(hours=words["hours"]),
            created_at=at - BEGAN,
        )
        db.session.add(notice)
    db.session.flush()
    return len(wanted)


def take_down() -> None:
    """Without a trace, as everything of the demo."""
    ids = [_id(number) for number in range(MOST)]
    db.session.execute(delete(Notice).where(Notice.id.in_(ids)))


def _id(number: int) -> UUID:
    return demo_id("notice", number)
