"""A report on paper: the same facts, black on white, for a file or a meeting. Browsers make a PDF
of it (docs/adr/0029). Without `?notes=1` nothing that is said among officials alone.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import segno
from babel.dates import format_date
from flask import Response, current_app, request
from markupsafe import Markup

from app.auth.guards import requires
from app.clock import now
from app.config import Config
from app.locale import current_locale
from reports import presenting, questions, timeline
from reports.cards import Plain
from reports.city import snapshot
from reports.desk import waiting_comments
from reports.models import Report
from reports.permissions import Permission
from reports.presenting import View
from web.console import mapping
from web.console.blueprint import blueprint
from web.console.drawing import page
from web.console.report import find

#: Steps that are the house's own business: named on paper only along with the notes.
INNER_STEPS = frozenset({"assign", "join", "unjoin", "hide", "publish"})


@blueprint.get("/reports/<code>/print")
@requires(Permission.QUEUE)
def print_report(code: str) -> Response:
    """A page of A4 with everything of a report; the notes only when asked for."""
    shown, view = find(code)
    return page("console/print.html", **_facts(shown, view, notes=request.args.get("notes") == "1"))


def _facts(shown: Report, view: View, *, notes: bool) -> dict[str, Any]:
    city, at, locale = snapshot.current(), now(), current_locale()
    config: Config = current_app.extensions["xom.config"]
    category = city.categories_by_id[shown.category_id]
    entries = timeline.timeline(shown, view, city)
    facts = presenting.whole(shown, view, city, at)
    address = _public(config, facts["code"]) if shown.shown else None
    return {
        "report": facts,
        "row": shown,
        "notes": notes,
        "answers": questions.told(category, shown.answers, locale),
        "entries": entries if notes else [_outward(one) for one in entries if _is_outward(one)],
        "systems": waiting_comments.systems([entry["id"] for entry in entries]),
        "map": mapping.around(city, shown.lat, shown.lng, locale),
        "public_address": address,
        "square": _square(address) if address else None,
        "printed_at": at,
        "dated": dated,
    }


def dated(at: datetime | None) -> str:
    """A moment with its full date: paper is read on other days. Empty for None."""
    if at is None:
        return ""
    local = at.astimezone(ZoneInfo(snapshot.current().profile.timezone))
    day = format_date(local, "d MMMM y" if current_locale() == "en" else "d/M/y", current_locale())
    return f"{local:%H:%M} {day}"


def _public(config: Config, code: str) -> str:
    """Where residents read it."""
    return f"{config.base_url.rstrip('/')}/reports/{code}"


def _square(address: str) -> Markup:
    """A QR code of an address, as a drawing."""
    drawn = segno.make(address, error="m", micro=False)
    return Markup(drawn.svg_inline(scale=3, border=0, omitsize=True))  # noqa: S704 (shapes alone)


def _is_outward(entry: Plain) -> bool:
    """Without the notes, without what is nobody else's business."""
    if entry["kind"] == "comment":
        return bool(entry["published"])
    return entry["kind"] == "step" and entry["step"] not in INNER_STEPS


def _outward(entry: Plain) -> Plain:
    """With its words and pictures only where they were said to the reporter, or by them."""
    if entry["kind"] == "comment" or entry["step"] in timeline.REPORTER_NOTES:
        return entry
    return entry | {"note": "", "photos": []}
