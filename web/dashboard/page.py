"""The page itself: what is asked for, who asks, the figures, and what the map begins with."""

from collections.abc import Mapping
from typing import Any

from flask import Response, current_app, url_for

from app.auth.guards import current, requires
from app.clock import now
from app.locale import current_locale
from reports.city import snapshot
from reports.city.snapshot import City
from reports.city.values import Office
from reports.figures.moment import FiguresNotReady, at_one_moment
from reports.figures.periods import Kind, Period
from reports.permissions import Permission, viewer_of
from web import assets, boot
from web import city as public_city
from web.dashboard import asked as asking
from web.dashboard import figures, spots
from web.dashboard.asked import Asked
from web.dashboard.blueprint import blueprint, page
from web.dashboard.figures import Board
from web.dashboard.seen import Seen, what_is_seen
from web.dashboard.spots import Hot

_BOOT = ("build", "locale", "city", "tiles", "files")
_DAYS_MOST = 62  # that are shown one by one


@blueprint.get("", strict_slashes=False)
@requires(Permission.FIGURES)
def board() -> Response:
    """The map and the figures of what the address asks for."""
    seen, city, locale, at = what_is_seen(), snapshot.current(), current_locale(), now()
    drawn, hot, waits = None, None, ""
    try:
        with at_one_moment():
            drawn = figures.drawn(seen.asked, seen.scope, at=at)
            hot = spots.hot(seen.asked, viewer_of(current(), at), at=at)
    except FiguresNotReady as error:
        waits = error.sentence(locale)
    return page(
        "dashboard/page.html",
        asked=seen.asked,
        own=seen.own,
        against=seen.against,
        drawn=drawn,
        hot=hot,
        waits=waits,
        periods=asking.offered(city.calendar.local_day(at)),
        categories=city.offered_categories(),
        offices=_by_kind(city),
        areas=sorted(city.area_by_code.values(), key=lambda one: one.name_vi),
        board=_board(seen, city, drawn, hot),
        boot=_boot(locale),
    )


def _by_kind(city: City) -> dict[str, list[Office]]:
    found: dict[str, list[Office]] = {}
    for office in sorted(city.office_by_code.values(), key=lambda one: one.name_vi):
        found.setdefault(office.kind, []).append(office)
    return found


def _board(seen: Seen, city: City, drawn: Board | None, hot: Hot | None) -> dict[str, Any]:
    """Its shape on the other side: `board.ts`."""
    asked, locale = seen.asked, current_locale()
    filters = {
        name: text
        for name, text in asked.query.items()
        if name in {"category", "office", "area", "status"}
    }
    past = seen.against.past if seen.against else None
    return {
        "period": _days(asked.period, locale),
        "past": _days(past, locale) if past else None,
        "base": _days(seen.against.base, locale) if seen.against else None,
        "as_of": drawn.answer.as_of.isoformat() if drawn else "",
        "zone": city.profile.timezone,
        "own": bool(seen.own),
        "filters": filters,
        "metric": asked.metric,
        "change": asked.change and past is not None,
        "resolution": asked.resolution,
        "view": asked.view,
        "bounds": _bounds(asked, city),
        "crowded": asked.area is None,  # it begins where most reports are
        "frames": frames_of(asked.period),
        "spots": hot.drawn if hot else [],
        "heat": url_for("dashboard.heat"),
        "queue": url_for("console.queue"),
    }


def frames_of(period: Period) -> str:
    """In what steps the slider goes: some dozens, never more than the server counts at once (of the
    longest days, `indicators.LONGEST_DAYS`, 59 weeks)."""
    if period.kind is Kind.YEAR:
        return "month"
    if period.kind is Kind.QUARTER:
        return "week"
    return "day" if period.days <= _DAYS_MOST else "week"


def _days(period: Period, locale: str) -> dict[str, str]:
    return {
        "code": period.code,
        "since": period.since.isoformat(),
        "until": period.until.isoformat(),
        "name": period.name(locale),
    }


def _bounds(asked: Asked, city: City) -> tuple[float, float, float, float]:
    drawn = city.facts.boundaries.get(asked.area.code) if asked.area else None
    if drawn is None:
        return city.bounds
    west, south, east, north = drawn.bounds
    return west, south, east, north


def _boot(locale: str) -> Mapping[str, Any]:
    """What the residents' map reads of its page: the same map is drawn here."""
    config = current_app.extensions["xom.config"]
    told = boot.boot(config, assets.manifest(), public_city.facts(locale), locale)
    return {name: told[name] for name in _BOOT}
