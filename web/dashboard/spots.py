"""Hot spots as the page tells them: numbered sentences, and their outlines for the map."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import shapely

from app.locale import current_locale
from reports import asking
from reports.city import snapshot
from reports.figures import cells, hotspot_words
from reports.figures.heatmap import Wanted, statuses_of
from reports.figures.hotspots import Crowd, HotSpots, Spot, hotspots
from reports.permissions import Viewer
from web.dashboard.asked import Asked

RESOLUTIONS = (7, 8)  # that hot spots are found by
RESOLUTION = 8  # where the reader chose none of them
MOST = 6  # that are told; what is beyond is less certain than these
STATUSES = {"resolved": "resolved,closed"}


@dataclass(frozen=True, slots=True)
class Told:
    """One spot, or crowd: its words, and the box that shows it (west,south,east,north)."""

    title: str
    sentence: str
    box: str
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Hot:
    spots: list[Told]
    crowds: list[Told]
    none: str  # in place of spots
    note: str
    drawn: list[dict[str, Any]]  # as `board.ts` reads them


def hot(asked: Asked, viewer: Viewer, *, at: datetime) -> Hot:
    """Raises FiguresNotReady."""
    wanted = wanted_of(asked)
    found = hotspots(wanted, viewer, at=at)
    spots, locale, city = found.spots[:MOST], current_locale(), snapshot.current()
    return Hot(
        spots=[
            Told(
                hotspot_words.title(one, city, locale),
                hotspot_words.sentence(one, locale),
                _box(one.cells),
                bool(one.is_new),
            )
            for one in spots
        ],
        crowds=_crowds(found, locale),
        none=hotspot_words.none_found(found, locale, wanted.resolution),
        note=hotspot_words.note(found, city, locale),
        drawn=[_outlined(number, spot) for number, spot in enumerate(spots, 1)],
    )


def wanted_of(asked: Asked) -> Wanted:
    filters = asking.statuses(STATUSES.get(asked.status, asked.status))
    return Wanted(
        resolution=asked.resolution if asked.resolution in RESOLUTIONS else RESOLUTION,
        since=asked.period.since,
        until=asked.period.until,
        category_id=asked.category.id if asked.category else None,
        area_id=asked.area.id if asked.area else None,
        office_id=asked.office.id if asked.office else None,
        statuses=statuses_of(filters),
    )


def _crowds(found: HotSpots, locale: str) -> list[Told]:
    return [
        Told(
            title_of(one, locale),
            hotspot_words.crowd_sentence(one, locale),
            _box([one.cell]),
        )
        for one in found.crowds
    ]


def title_of(crowd: Crowd, locale: str) -> str:
    """By the ward of its middle, and says so: most of its reports may lie in another. Where that is
    in none, it lies off the shore."""
    if crowd.area is None:
        return "Ô có tâm trên mặt nước" if locale == "vi" else "Cell centred on the water"
    name = snapshot.current().names[locale].areas[crowd.area]["name"]
    return f"Ô có tâm ở {name}" if locale == "vi" else f"Cell centred in {name}"


def _outlined(number: int, spot: Spot) -> dict[str, Any]:
    """Its outer line, and where its number stands: within it."""
    shape = shapely.union_all([shapely.Polygon(cells.outline(one)) for one in spot.cells])
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    inside = shapely.point_on_surface(max(parts, key=lambda part: part.area))
    rings = [ring for part in parts for ring in (part.exterior, *part.interiors)]
    return {
        "number": number,
        "rings": [[[round(x, 5), round(y, 5)] for x, y in ring.coords] for ring in rings],
        "lat": round(inside.y, 5),
        "lng": round(inside.x, 5),
    }


def _box(among: Sequence[int]) -> str:
    boxes = [cells.bounds(one) for one in among]
    west, south = min(box[0] for box in boxes), min(box[1] for box in boxes)
    east, north = max(box[2] for box in boxes), max(box[3] for box in boxes)
    return ",".join(f"{side:.5f}" for side in (west, south, east, north))
