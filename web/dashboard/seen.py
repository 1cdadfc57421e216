"""What somebody asks of the page, narrowed to what is theirs to see."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import request

from app.auth.guards import current
from app.clock import now
from app.errors import Forbidden
from reports.city import snapshot
from reports.city.snapshot import City
from reports.city.values import Office
from reports.figures.periods import Comparison, comparison
from reports.figures.rights import scope_for, sees_all_figures
from reports.figures.scope import Scope
from reports.permissions import Viewer, viewer_of
from reports.statuses import Role
from web.dashboard.asked import Asked, asked_from


@dataclass(frozen=True, slots=True)
class Seen:
    asked: Asked
    scope: Scope
    own: tuple[Office, ...]  # an office's head's own; empty for who sees the whole city
    against: Comparison | None


def what_is_seen(query: Mapping[str, str] | None = None) -> Seen:
    """Of this request's address, if no query is given. Raises Invalid for one that cannot be read,
    Forbidden for another office's figures."""
    city, at = snapshot.current(), now()
    viewer, today = viewer_of(current(), at), city.calendar.local_day(at)
    asked = asked_from(request.args if query is None else query, city, today)
    own: tuple[Office, ...] = ()
    if not sees_all_figures(viewer):
        own = _headed(viewer, city)
        asked = replace(asked, office=asked.office or own[0])
    scope = scope_for(viewer, _scope(asked))
    against = comparison(asked.period, asked.compare, today=today, calendar=city.calendar)
    return Seen(asked, scope, own, against)


def _headed(viewer: Viewer, city: City) -> tuple[Office, ...]:
    held = sorted(viewer.offices(Role.HEAD))
    if not held:
        raise Forbidden
    return tuple(city.offices_by_id[office] for office in held)


def _scope(asked: Asked) -> Scope:
    return Scope(
        area=asked.area.id if asked.area else None,
        category=asked.category.id if asked.category else None,
        office=asked.office.id if asked.office else None,
    )
