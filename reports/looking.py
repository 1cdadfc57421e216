"""Finding a report, or a photo, for somebody who asks for it: what they may not see is not there.

Views of the API and of the pages begin here, so that both answer alike.
"""

from uuid import UUID

from app.database import db
from app.errors import NotFound
from reports import presenting, queries, timeline
from reports.city import snapshot
from reports.errors import NoSuchReport
from reports.models import Photo, Report, StatusChange
from reports.permissions import Viewer
from reports.presenting import View


def visible(named: str, viewer: Viewer, locale: str) -> tuple[Report, View]:
    """A report by its id or code, and how the viewer sees it. Absent and forbidden look the same:
    NoSuchReport."""
    report = queries.find(named)
    if report is None:
        raise NoSuchReport
    view = presenting.view_of(report, viewer, snapshot.current(), locale)
    if view is None:
        raise NoSuchReport
    return report, view


def inside(named: str, viewer: Viewer, locale: str) -> tuple[Report, View]:
    """A report that the viewer sees as an official who works on it or steers it."""
    report, view = visible(named, viewer, locale)
    if not view.inside:
        raise NoSuchReport
    return report, view


def visible_photo(photo_id: UUID, viewer: Viewer, locale: str) -> Photo:
    """A photo is seen by whoever reads what it belongs to; unattached, by its owner alone."""
    photo = db.session.get(Photo, photo_id)
    if photo is None or not sees_photo(photo, viewer, locale):
        raise NotFound
    return photo


def sees_photo(photo: Photo, viewer: Viewer, locale: str) -> bool:
    if viewer.account_id == photo.owner_id:
        return True
    change = db.session.get(StatusChange, photo.change_id) if photo.change_id else None
    report_id = change.report_id if change else photo.report_id
    if report_id is None:
        return False
    report, city = db.session.get_one(Report, report_id), snapshot.current()
    view = presenting.view_of(report, viewer, city, locale)
    if view is None:
        return False
    if change is None:
        return not view.follows
    return timeline.tells_words(change.step, report, view, city)
