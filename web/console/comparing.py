"""A report and one that may be the same thing, side by side: before the first is merged into the
second. Leads back to where it was asked for: triage, or the report's own page.
"""

from typing import Any
from uuid import uuid4

from flask import Response, request

from app.auth.guards import requires
from app.clock import now
from app.locale import current_locale
from reports import presenting, spoken
from reports.city import snapshot
from reports.models import Report
from reports.permissions import Permission
from reports.places import distances_from
from reports.statuses import OPEN
from web.console import mapping
from web.console.blueprint import blueprint
from web.console.drawing import page
from web.console.places import address_of
from web.console.queue import time_left
from web.console.report import find

ACROSS_M = 900  # of ground on the map, for two that are close
ROOM = 1.7  # of the map, for what the two take up: the bar in its corner stays free
LETTERS = (34, 34)  # as in comparing.css


@blueprint.get("/reports/<code>/beside/<other>")
@requires(Permission.QUEUE)
def compare(code: str, other: str) -> Response:
    """Both as whole as an official reads them, how far apart, and the way on or back."""
    (mine, view), (theirs, their_view) = find(code), find(other)
    city, at, locale = snapshot.current(), now(), current_locale()
    spots = [(one.lat, one.lng) for one in (mine, theirs)]
    drawn, points = mapping.of_points(
        city, spots, locale, least_m=ACROSS_M, room=ROOM, letters=LETTERS
    )
    report = presenting.whole(mine, view, city, at)
    candidate = presenting.whole(theirs, their_view, city, at)
    steps = {step["step"] for step in report["steps"]}
    return page(
        "console/compare.html",
        report=report,
        candidate=candidate,
        sides=[
            (report, mine, time_left(mine, city, at)),
            (candidate, theirs, time_left(theirs, city, at)),
        ],
        distance=spoken.spoken_distance(distances_from(spots[0])(spots[1]), locale),
        map=drawn,
        points=points,
        mergeable="merge" in steps and theirs.status in OPEN and mine.id != theirs.id,
        **_way(mine, report["code"], candidate["code"]),
    )


def _way(mine: Report, code: str, other: str) -> dict[str, Any]:
    """Where merging is done, and where one goes back to."""
    from_triage = request.args.get("from") == "triage"
    if not from_triage:
        merge = address_of("console.report", {"step": "merge", "target_code": other}, code=code)
        return {
            "triage": False,
            "merge_url": merge,
            "back": address_of("console.report", {}, code=code),
        }
    after = request.args.get("after")
    kept = {"after": after} if after else {}
    return {
        "triage": True,
        "merge_url": address_of("console.settle", kept, code=code, act="merge"),
        "back": address_of("console.triage", kept | {"at": code}),
        "form_id": uuid4(),
        "seen": mine.version,
    }
