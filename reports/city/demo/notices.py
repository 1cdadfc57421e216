"""The demo's notices: put up anew at each `city demo`, so that some always stand; those of past
floods once, with the reports that were sent in them; and all taken out.
"""

from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete

from app.database import db
from reports.city import snapshot
from reports.city.demo.material import Material, read_material
from reports.city.demo.moments import Moments
from reports.city.demo.stage import demo_id
from reports.city.folder import find_folder
from reports.city.models import Notice, NoticeKind

MOST = 20  # notices that a demo may have: their ids follow from their numbers
BEGAN = timedelta(minutes=40)  # before now


def put_up(*, at: datetime) -> int:
    """Notices that stand at `at`, in the place of the last ones; how many. Flushes."""
    _delete(range(MOST))
    wanted = _material().notices[:MOST]
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


def remember_floods(*, at: datetime) -> int:
    """What the centre told in the floods of the year before `at`; of how many. Flushes."""
    said, zone = _material().flooded, ZoneInfo(snapshot.current().profile.timezone)
    if said is None:
        return 0
    spells = Moments(at, zone, Random()).floods()[:MOST]
    for number, (first, after) in enumerate(spells):
        began = _morning(first, zone)
        notice = Notice(
            id=_id(MOST + number),
            kind=NoticeKind.FLOOD,
            text_vi=said["vi"],
            text_en=said["en"],
            areas=[],
            starts_at=began,
            ends_at=_morning(after, zone),
            created_at=began,
        )
        db.session.add(notice)
    db.session.flush()
    return len(spells)


def take_down() -> None:
    """Without a trace, as everything of the demo."""
    _delete(range(2 * MOST))


def _delete(numbers: range) -> None:
    ids = [_id(number) for number in numbers]
    db.session.execute(delete(Notice).where(Notice.id.in_(ids)))


def _material() -> Material:
    return read_material(find_folder(snapshot.current().profile.folder))


def _morning(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(5), tzinfo=zone)


def _id(number: int) -> UUID:
    return demo_id("notice", number)
