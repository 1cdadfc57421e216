"""What stands on an official's desk, for the letter of the morning: counts, and the most pressing
lines, by what their queue shows them. Nothing personal, no free text.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from notifications.desks import MOST_LINES, Desk, Line, Pile
from reports import asking, codes, official_queue, permissions, spoken
from reports.city import snapshot
from reports.city.snapshot import City
from reports.filters import Filters
from reports.permissions import Viewer
from reports.statuses import OPEN, Role, Status

_FIRST = UUID(int=0)


class MorningDesks:
    """What the daily letter needs to know (`notifications.desks.Desks`)."""

    def are_open(self, at: datetime) -> bool:
        calendar = snapshot.current().calendar
        return calendar.closes_at(calendar.local_day(at)) is not None

    def of(self, account_id: UUID, at: datetime) -> Desk:
        viewer = Viewer(account_id, permissions.roles_held(account_id, at))
        if not any(role is not Role.ADMIN for role, _ in viewer.held):
            return Desk()
        return _desk(viewer, snapshot.current(), at)


def _desk(viewer: Viewer, city: City, at: datetime) -> Desk:
    tonight = asking.due_before("today", city, at)
    ends = Filters(statuses=OPEN, due_before=tonight, not_waiting=True)
    over = Filters(statuses=OPEN, due_before=at, not_waiting=True)
    overdue = _count(viewer, city, over)
    return Desk(
        new=Pile(_count(viewer, city, _new(viewer)), _lines(viewer, city, _new(viewer), at)),
        today=Pile(_count(viewer, city, ends) - overdue, _lines(viewer, city, ends, at, after=at)),
        overdue=Pile(overdue, _lines(viewer, city, over, at)),
    )


def _new(viewer: Viewer) -> Filters:
    """What nobody has begun: at the centre what was sent, in an office what was given to it."""
    begins = Status.SUBMITTED if viewer.sees_all else Status.ACCEPTED
    return Filters(statuses=frozenset({begins}))


def _count(viewer: Viewer, city: City, filters: Filters) -> int:
    return official_queue.length(viewer, filters, centre_id=city.centre.id)


def _lines(
    viewer: Viewer, city: City, filters: Filters, at: datetime, *, after: datetime | None = None
) -> tuple[Line, ...]:
    rows = official_queue.page(
        viewer,
        filters,
        centre_id=city.centre.id,
        limit=MOST_LINES,
        after=(after, _FIRST) if after else None,
    )
    return tuple(_line(row, city, at) for row in rows[:MOST_LINES])


def _line(row: Any, city: City, at: datetime) -> Line:
    category, area = city.categories_by_id[row.category_id], city.area_by_id[row.area_id]
    urgent, told = bool(row.urgent and row.due_at), not category.private
    vi, en = (
        spoken.time_left(city.calendar, row.act_by, at, locale, urgent=urgent)
        for locale in ("vi", "en")
    )
    return Line(
        code=codes.spoken(row.code),
        category_vi=category.name_vi if told else None,
        category_en=category.name_en if told else None,
        area_vi=area.name_vi if told else None,
        area_en=area.name_en if told else None,
        left_vi=vi,
        left_en=en,
    )
