"""An office's deadlines as iCalendar (RFC 5545), for the calendars that officials use anyway.

The address is handed to services outside, so the calendar tells what a push does: no words of a
report, no place but the ward, nothing of the reporter; of private matters the code alone. Work
whose deadline rests, and work that is done, is not in it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from icalendar import Calendar, Event
from sqlalchemy import Row, func, select

from app.database import reading
from reports import official_queue, vocabulary
from reports.city.snapshot import City
from reports.codes import spoken
from reports.feeds.calendar_links import Subscribed
from reports.filters import Filters
from reports.models import StatusChange
from reports.statuses import OPEN, Status

MOST = 500  # deadlines: whoever has more open looks at the queue
LENGTH = timedelta(minutes=30)  # an event ends at the deadline
MIMETYPE = "text/calendar"


def deadlines(subscribed: Subscribed, city: City, *, base_url: str, at: datetime) -> bytes:
    """The calendar as a file; the same bytes until something changes or becomes overdue."""
    locale = subscribed.account.locale
    calendar = _calendar(subscribed, locale)
    rows = _rows(subscribed, city)
    changed = _last_changed([row.id for row in rows])
    for row in rows:
        event = _event(row, city, locale, base_url, late=row.due_at < at)
        event.add("dtstamp", changed.get(row.id, row.submitted_at))
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def _calendar(subscribed: Subscribed, locale: str) -> Calendar:
    office = subscribed.office.name_vi if locale == "vi" else subscribed.office.name_en
    what = ("Hạn việc của tôi", "My deadlines") if subscribed.mine else ("Hạn xử lý", "Deadlines")
    name = f"{_in(locale, *what)} · {office}"
    calendar = Calendar()
    calendar.add("prodid", "-//Xom//Deadlines//VI")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(hours=1), {"value": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    return calendar


def _rows(subscribed: Subscribed, city: City) -> Sequence[Row[Any]]:
    """Open work with a running deadline, the soonest first."""
    filters = Filters(
        statuses=OPEN,
        not_waiting=True,
        worker=subscribed.account.id if subscribed.mine else None,
    )
    viewer, centre_id = subscribed.viewer, city.centre.id
    rows = official_queue.page(viewer, filters, centre_id=centre_id, limit=MOST, after=None)
    return [row for row in rows[:MOST] if row.due_at]


def _event(row: Row[Any], city: City, locale: str, base_url: str, *, late: bool) -> Event:
    code, category = spoken(row.code), city.categories_by_id[row.category_id]
    address = f"{base_url}/console/reports/{code}"
    names = city.names[locale]
    event = Event()
    event.add("uid", f"{row.id}@{urlsplit(base_url).hostname}")
    event.add("sequence", row.version)
    event.add("dtstart", row.due_at - LENGTH)
    event.add("dtend", row.due_at)
    discreet = category.private or category.about_officials
    parts = [code] if discreet else [names.categories[category.id]["name"], code]
    event.add("summary", f"{_kind(row, locale, late=late)}: {' · '.join(parts)}")
    event.add("url", address)
    event.add("description", f"{_state(row, locale)}\n{address}")
    if not discreet:
        event.add("location", names.areas[row.area_id]["name"])
    event.add("class", "CONFIDENTIAL")
    event.add("transp", "TRANSPARENT")  # a deadline keeps nobody busy
    return event


def _kind(row: Row[Any], locale: str, *, late: bool) -> str:
    if late:
        return _in(locale, "Quá hạn", "Overdue")
    return _in(locale, "Hạn, việc khẩn", "Due, urgent") if row.urgent else _in(locale, "Hạn", "Due")


def _state(row: Row[Any], locale: str) -> str:
    name = vocabulary.status_name(Status(row.status), locale, inside=True)
    return f"{_in(locale, 'Trạng thái', 'Status')}: {name}"


def _last_changed(reports: Sequence[UUID]) -> Mapping[UUID, datetime]:
    """When each last took a step: a calendar takes in what has changed since it looked."""
    if not reports:
        return {}
    query = (
        select(StatusChange.report_id, func.max(StatusChange.at))
        .where(StatusChange.report_id.in_(reports))
        .group_by(StatusChange.report_id)
    )
    with reading() as connection:
        return {row[0]: row[1] for row in connection.execute(query)}


def _in(locale: str, vi: str, en: str) -> str:
    """In the language of whoever subscribed: a calendar's service has none of its own."""
    return vi if locale == "vi" else en
