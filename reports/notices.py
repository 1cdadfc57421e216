"""Notices: what the centre tells everybody in some areas, for a time, so that nobody has to report
what is known. They are read by whoever opens the app; nobody is sent anything.

A notice keeps the area codes that it was written with; whoever reads it is told the areas that
stand for them today, so a merger of wards needs nothing here.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from app import audit
from app.database import db, reading
from app.errors import Conflict, Forbidden, Invalid, NotFound
from reports.city.models import Notice, NoticeKind
from reports.city.snapshot import City
from reports.errors import UnknownArea
from reports.permissions import Viewer, may_give_notice

LONGEST = timedelta(days=30)  # a warning that nobody takes down is soon believed by nobody
MOST_TOLD = 200  # to one phone, of the whole city
MOST_AN_AREA = 5  # what says more is not read
DANGEROUS = frozenset({NoticeKind.FLOOD, NoticeKind.ROAD})  # to whoever is out: told first


class NoticeWordless(Invalid):
    code = "notice-wordless"
    vi = "Ghi nội dung thông báo bằng tiếng Việt hoặc tiếng Anh."
    en = "A notice needs its words, in Vietnamese or in English."
    field = "text_vi"


class NoticeTooLong(Invalid):
    code = "notice-too-long"
    vi = "Thông báo kéo dài tối đa {days} ngày. Hết hạn thì đăng lại nếu còn cần."
    en = "A notice stands for at most {days} days. Give it again then if it is still needed."
    field = "ends_at"


class NoticeOver(Invalid):
    code = "notice-over"
    vi = "Giờ kết thúc phải ở sau giờ bắt đầu, và chưa qua."
    en = "A notice must end after it begins, and not before now."
    field = "ends_at"


class EnoughNotices(Conflict):
    code = "enough-notices"
    vi = "Nơi này đã có {most} thông báo chưa hết hạn. Gỡ bớt rồi đăng."
    en = "{most} notices stand there already, or will. End one of them first."
    field = "areas"


class SameIdOtherNotice(Conflict):
    code = "same-id-other-notice"
    vi = "Mã này đã dùng cho một thông báo khác. Tạo mã mới."
    en = "This id is that of another notice. Make a new one."


class NoSuchNotice(NotFound):
    code = "no-such-notice"
    vi = "Không có thông báo này."
    en = "There is no such notice."


class SpeaksNotForTheCity(Forbidden):
    code = "speaks-not-for-the-city"
    vi = "Chỉ trung tâm đăng và gỡ thông báo cho người dân."
    en = "Notices to residents are given and ended by the centre alone."


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A notice as somebody asks for it. `starts_at` is now when it is not given."""

    kind: NoticeKind
    text_vi: str
    text_en: str
    areas: tuple[str, ...]  # codes; none: the whole city
    starts_at: datetime | None
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """A live notice as somebody is told it, with the areas of today."""

    id: UUID
    kind: NoticeKind
    text: str
    areas: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime


def require_may_give(viewer: Viewer, city: City) -> None:
    """Raises SpeaksNotForTheCity, for heads of other offices."""
    if not may_give_notice(viewer, centre_id=city.centre.id):
        raise SpeaksNotForTheCity


def give(
    notice_id: UUID, wording: Wording, city: City, *, by: UUID | None, at: datetime
) -> tuple[Notice, bool]:
    """Put up a notice; False beside it when this very one was here already. Flushes.

    Raises UnknownArea, NoticeWordless, NoticeOver, NoticeTooLong, EnoughNotices, SameIdOtherNotice.
    """
    wording = replace(wording, areas=_known(wording.areas, city))
    known = db.session.get(Notice, notice_id)
    if known is None:
        _require_room(wording.areas, city, at)
    if known is None and _stored(notice_id, wording, by, at):
        _record("notice.give", notice_id, by, at)
        return db.session.get_one(Notice, notice_id), True
    known = known or db.session.get_one(Notice, notice_id)
    _require_same(known, wording, by)
    return known, False


def end(notice_id: UUID, *, by: UUID | None, at: datetime) -> Notice:
    """Take a notice down; again is the same. Raises NoSuchNotice. Flushes."""
    notice = db.session.get(Notice, notice_id, with_for_update=True)
    if notice is None:
        raise NoSuchNotice
    if notice.withdrawn_at is None:
        notice.withdrawn_at = at
        db.session.flush()
        _record("notice.end", notice_id, by, at)
    return notice


def live(city: City, *, locale: str, at: datetime) -> list[Told]:
    """What stands at a moment: what is dangerous first, then the newest; as many as are told. A
    read of its own, outside any transaction."""
    query = select(Notice.__table__).where(_stands(at))
    order = Notice.kind.in_(DANGEROUS).desc(), Notice.starts_at.desc(), Notice.id
    with reading() as connection:
        rows = connection.execute(query.order_by(*order).limit(5 * MOST_TOLD)).all()
    concern = [row for row in rows if _concerns_somebody(row, city)]
    return [told(row, city, locale=locale) for row in concern[:MOST_TOLD]]


def upcoming_and_live(at: datetime) -> Sequence[Notice]:
    """All that are not over, those that begin later included: for the centre."""
    standing = Notice.withdrawn_at.is_(None), Notice.ends_at > at
    return db.session.scalars(select(Notice).where(*standing).order_by(Notice.starts_at)).all()


def past(at: datetime, *, limit: int, after: tuple[datetime, UUID] | None) -> Sequence[Notice]:
    """Those that are over or were taken down, the latest end first; one more than `limit` says that
    there are more."""
    query = select(Notice).where(or_(Notice.withdrawn_at.is_not(None), Notice.ends_at <= at))
    if after:
        query = query.where(tuple_(Notice.ends_at, Notice.id) < after)
    order = Notice.ends_at.desc(), Notice.id.desc()
    return db.session.scalars(query.order_by(*order).limit(limit + 1)).all()


def told(notice: Notice | Row[Any], city: City, *, locale: str) -> Told:
    """A notice in somebody's language, falling back to the other."""
    words = (notice.text_vi, notice.text_en)
    text = next(filter(None, words if locale == "vi" else reversed(words)))
    areas = _areas_today(notice.areas, city)
    return Told(notice.id, notice.kind, text, areas, notice.starts_at, notice.ends_at)


def _areas_today(codes: Collection[str], city: City) -> tuple[str, ...]:
    """The areas that stand for these codes today; none for the whole city."""
    return tuple(sorted({area.code for code in codes if (area := city.area(code))}))


def _concerns_somebody(row: Row[Any], city: City) -> bool:
    """When each of its areas has ended without a successor, a notice is told to nobody, and not to
    everybody."""
    return not row.areas or bool(_areas_today(row.areas, city))


def _stands(at: datetime) -> ColumnElement[bool]:
    return and_(Notice.withdrawn_at.is_(None), Notice.starts_at <= at, Notice.ends_at > at)


def _require_room(areas: Collection[str], city: City, at: datetime) -> None:
    """None named: the city as a whole. Two given at once may make it one more, which is no harm."""
    standing = [(_areas_today(one.areas, city), one) for one in upcoming_and_live(at)]
    everywhere = sum(not one.areas for _, one in standing)
    in_each = [sum(code in codes for codes, _ in standing) for code in areas] or [everywhere]
    if max(in_each) >= MOST_AN_AREA:
        raise EnoughNotices(most=MOST_AN_AREA)


def _stored(notice_id: UUID, wording: Wording, by: UUID | None, at: datetime) -> bool:
    """False when the same request, sent twice at once, was faster."""
    row = {"id": notice_id, "created_by": by, "created_at": at, **_facts(wording, at)}
    statement = insert(Notice).values(row).on_conflict_do_nothing().returning(Notice.id)
    return db.session.scalar(statement) is not None


def _known(codes: Collection[str], city: City) -> tuple[str, ...]:
    found = [city.area(code) for code in codes]
    if None in found:
        raise UnknownArea(field="areas")
    return tuple(sorted({area.code for area in found if area}))


def _facts(wording: Wording, at: datetime) -> dict[str, Any]:
    starts_at = wording.starts_at or at
    if not (wording.text_vi or wording.text_en):
        raise NoticeWordless
    if wording.ends_at <= max(starts_at, at):
        raise NoticeOver
    if wording.ends_at - starts_at > LONGEST:
        raise NoticeTooLong(days=LONGEST.days)
    return {
        "kind": wording.kind,
        "text_vi": wording.text_vi,
        "text_en": wording.text_en,
        "areas": list(wording.areas),
        "starts_at": starts_at,
        "ends_at": wording.ends_at,
    }


def _require_same(known: Notice, wording: Wording, by: UUID | None) -> None:
    """A repeat says the same. One that named no beginning had that of its first arrival."""
    same = Wording(
        kind=known.kind,
        text_vi=known.text_vi,
        text_en=known.text_en,
        areas=tuple(known.areas),
        starts_at=known.starts_at if wording.starts_at else None,
        ends_at=known.ends_at,
    )
    if known.created_by != by or same != wording:
        raise SameIdOtherNotice


def _record(action: str, notice_id: UUID, by: UUID | None, at: datetime) -> None:
    audit.record(action, subject=f"notice:{notice_id}", actor_id=by, fields=("notice",), at=at)
