"""The map of heat over HTTP, by the API and by the page: a query into what is wanted, cells into
plain values. Errors name the field.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import orjson

from app.locale import current_locale, in_words
from reports import asking
from reports.cards import Plain
from reports.city import snapshot
from reports.city.snapshot import City
from reports.figures import cells, population
from reports.figures.cell_reading import is_of_facts_alone
from reports.figures.heat_cache import cache
from reports.figures.heatmap import (
    BackwardDays,
    Cell,
    HeatMap,
    Wanted,
    counted_for,
    heat,
    statuses_of,
)
from reports.figures.moment import at_one_moment, moment_in
from reports.figures.periods import Period
from reports.permissions import Viewer


def wanted_from(query: Mapping[str, Any], city: City) -> Wanted:
    """What a query names; unknown codes are refused, not ignored."""
    filters = asking.filters_from({**query, "since": None, "until": None}, city)
    return Wanted(
        resolution=query["resolution"],
        since=query.get("since"),
        until=query.get("until"),
        box=asking.box_from(query.get("bbox")),
        category_id=filters.category_id,
        area_id=filters.area_id,
        office_id=filters.office_id,
        statuses=statuses_of(filters.statuses),
        frame=query.get("frames"),
        compared=_compared(query),
    )


def _compared(query: Mapping[str, Any]) -> Period | None:
    since, until = query.get("compare_from"), query.get("compare_to")
    if since is None and until is None:
        return None
    if since is None or until is None or until <= since:
        raise BackwardDays(field="compare_to")
    return Period(since, until)


def body(query: Mapping[str, Any], viewer: Viewer, *, at: datetime) -> bytes:
    """The whole answer as JSON or GeoJSON. Raises what `heatmap.heat` does."""
    wanted = wanted_from(query, snapshot.current())
    if query["format"] == "geojson":
        return kept(wanted, viewer, geojson, form="geojson", at=at)
    return kept(wanted, viewer, lambda found: plain(found, wanted), form="json", at=at)


def kept(
    wanted: Wanted, viewer: Viewer, tell: Callable[[HeatMap], Plain], *, form: str, at: datetime
) -> bytes:
    """What `tell` makes of the map, as JSON; kept under the name of its form for whoever asks the
    same before the figures moved. Raises what `heatmap.heat` does."""

    def made() -> bytes:
        return orjson.dumps(tell(heat(wanted, viewer, at=at)))

    city = snapshot.current()
    with at_one_moment() as connection:
        moment = moment_in(connection)
        counted = counted_for(connection, wanted, viewer)
        if not is_of_facts_alone(counted):
            return made()
        key = (moment, city.version, city.day, counted, wanted, form, current_locale())
        return cache().answer(key, made)


def plain(found: HeatMap, wanted: Wanted) -> Plain:
    """All cells, and what is to be known of them."""
    told: Plain = {
        "items": [{"cell": f"{one.cell:x}", **figures_of(one)} for one in found.cells],
        "resolution": wanted.resolution,
        "public": False,
        "as_of": found.as_of,
        "medians": found.medians,
        "note": in_words(population.NOTE_VI, population.NOTE_EN),
    }
    if found.frames is not None:
        told["frames"] = [days(one) for one in found.frames]
    if wanted.compared:
        told["compared"] = days(wanted.compared)
    return told


def geojson(found: HeatMap) -> Plain:
    return collection([(one.cell, figures_of(one)) for one in found.cells])


def collection(told: list[tuple[int, Plain]]) -> Plain:
    """Cells with their figures as GeoJSON hexagons."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": f"{cell:x}",
                "geometry": {"type": "Polygon", "coordinates": [cells.outline(cell)]},
                "properties": figures,
            }
            for cell, figures in told
        ],
    }


def days(period: Period) -> Plain:
    return {"from": period.since, "to": period.until}


def figures_of(one: Cell) -> Plain:
    """A cell's figures as plain values, without where it is."""
    told: Plain = {
        "count": one.count,
        "open": one.open,
        "overdue": one.overdue,
        "overdue_first": one.overdue_first,
        "timed": one.timed,
        "on_time": one.on_time,
        "resolve_n": one.resolve_n,
        "resolve_median_s": one.resolve_median_s,
        "ratings": one.ratings,
        "satisfied": one.satisfied,
        "people": one.people,
        "per_1000": one.per_1000,
    }
    if one.before is not None:
        told["before"] = one.before
    if one.counts is not None:
        told["counts"] = one.counts
    return told
