"""The queue's filters as fields, with all that they offer: two hundred lines that cost more to draw
than a page of the queue, and are the same for each person until the city changes. So they are kept.
"""

from collections.abc import Mapping
from typing import Any

from flask import current_app, render_template
from markupsafe import Markup

from app.clock import now
from app.locale import current_locale
from app.text import by_name
from reports.city import snapshot
from reports.city.snapshot import City
from reports.permissions import OFFICE_ROLES, Viewer
from reports.roles import workers
from reports.statuses import Status
from web.console.words import SOURCES, source_word, status_word

Choices = list[tuple[str, str]]

KEPT_MOST = 500  # drawn forms in memory
_KEPT = "xom.filter_forms"


def fields(viewer: Viewer, query: Mapping[str, str]) -> Markup:
    """The fields as they stand for this query, in the reader's language."""
    city, people = snapshot.current(), _people(viewer)
    shown = tuple(sorted(query.items()))
    key = (current_locale(), city.version, city.day, viewer.held, tuple(people), shown)
    kept: dict[Any, Markup] = current_app.extensions.setdefault(_KEPT, {})
    if key not in kept:
        if len(kept) >= KEPT_MOST:
            kept.clear()
        kept[key] = _drawn(city, viewer, people, query)
    return kept[key]


def _drawn(city: City, viewer: Viewer, people: Choices, query: Mapping[str, str]) -> Markup:
    names = city.names[current_locale()]
    mine = {office for _, office in viewer.held}
    offices = [one for one in city.office_by_code.values() if viewer.sees_all or one.id in mine]
    offered = city.offered_categories()
    return Markup(  # noqa: S704 (a template's, which escapes)
        render_template(
            "console/filter_fields.html",
            q=query,
            statuses=[(str(one), status_word(one)) for one in Status],
            sources=[(code, source_word(code)) for code in SOURCES],
            people=people,
            categories=[(c.code, names.categories[c.id]["name"]) for c in offered],
            areas=by_name((a.code, names.areas[a.id]["name"]) for a in city.area_by_code.values()),
            offices=by_name((one.code, names.offices[one.id]["name"]) for one in offices),
        )
    )


def _people(viewer: Viewer) -> Choices:
    """With whom an office shares its work; the centre names nobody in other offices."""
    return [
        (str(account_id), name)
        for account_id, name in workers(viewer.offices(*OFFICE_ROLES), now())
        if account_id != viewer.account_id
    ]
