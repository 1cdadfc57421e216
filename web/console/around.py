"""Reports near a place: the place is looked up by its name, or given as a point; the queue then
shows what lies around it, with the filters that were there.
"""

from flask import Response, request

from app.auth.guards import requires
from app.database import db
from app.limits import by_account, limit
from app.locale import current_locale
from reports import asking, entering
from reports.city import snapshot
from reports.permissions import Permission
from web.console.blueprint import blueprint
from web.console.drawing import go, page
from web.console.places import address_of
from web.console.queue import asked

RADII = (200, 500, 1_000, 2_000, 5_000)  # metres


@blueprint.get("/around")
@requires(Permission.QUEUE)
@limit("600 per hour", by=by_account)
def around() -> Response:
    """Straight to the list around a point; to a choice of the places of that name."""
    kept, text = asked(), request.args.get("near", "").strip()[:60]
    kept.pop("near", None)
    if _is_point(text):
        return go(address_of("console.queue", kept, near=text))
    db.session.rollback()  # nothing stays open while a street's source is asked
    city, locale = snapshot.current(), current_locale()
    found = entering.find_places(text, city, locale) if text else None
    return page(
        "console/around.html",
        typed=text,
        kept=kept,
        radii=RADII,
        found=None
        if found is None
        else [
            one | {"to": address_of("console.queue", kept, near=f"{one['lat']},{one['lng']}")}
            for one in found
        ],
    )


def _is_point(text: str) -> bool:
    try:
        asking.point_from(text)
    except asking.BadPoint:
        return False
    return True
