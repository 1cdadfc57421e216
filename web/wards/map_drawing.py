"""The map of a month: hexagons in six tones over the outlines of the wards, as SVG's parts.

It needs no script and prints. A hexagon is drawn where five people or more stand behind it, in the
finest of sizes in which most reports still have a place.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10

import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from reports.city.snapshot import City
from reports.city.values import Area
from reports.figures.cells import middle, outline
from reports.figures.public.answers import Heat, HeatMap, heat
from reports.figures.public.asked import Months
from reports.figures.public.published import Published
from web.wards import ground as on
from web.wards.ground import WIDTH, Box, Ground, Label, ground_for

TONES = 6
MOST = 0.7  # of the reports that have a place at all are drawn, or the cells are larger
FROM_FAR, FROM_NEAR = (7, 6), (9, 8, 7, 6)
ASIDE = 0.06  # of the reports, at each side of the city, may lie beyond the map
LEAST_SIDE = 0.008  # degrees: of a ward with one small hexagon its surroundings are shown


@dataclass(frozen=True, slots=True)
class Hexagon:
    path: str
    tone: int  # 1 (palest) to TONES
    reports: int  # at least: those of `Drawing.elsewhere` may lie in it too


@dataclass(frozen=True, slots=True)
class Outline:
    code: str
    path: str
    here: bool  # the ward that the page is about


@dataclass(frozen=True, slots=True)
class Drawing:
    """All that the template puts into one SVG; `steps` are the counts at which tones begin."""

    width: int
    height: int
    outlines: list[Outline]
    hexagons: list[Hexagon]
    labels: list[Label]
    steps: list[int]
    elsewhere: int  # reports that are told of no hexagon so small
    beyond: int  # … and those of hexagons outside the picture


def draw(month: Published, city: City, names: dict[str, str], area: Area | None = None) -> Drawing:
    """The map of a month; `names` are what it calls the areas, by code."""
    found = cells_of(month, area)
    ground = ground_for(_box(found.cells, city, area))
    shown = [one for code, one in sorted(city.area_by_code.items()) if code in _shapes(city)]
    cut = on.outlines([_shapes(city)[one.code] for one in shown], ground)
    outlines = [
        Outline(one.code, ground.path(shape), area is not None and one.code == area.code)
        for one, shape in zip(shown, cut, strict=True)
        if not shape.is_empty
    ]
    steps = steps_for([cell.reports for cell in found.cells])
    seen = [cell for cell in found.cells if _is_seen(cell, ground)]
    return Drawing(
        width=WIDTH,
        height=round(ground.height),
        outlines=sorted(outlines, key=lambda one: one.here),  # its border above the others'
        hexagons=[_hexagon(cell, steps, ground) for cell in seen],
        labels=on.labels(_within(shown, cut, ground), ground, names),
        steps=steps,
        elsewhere=found.elsewhere,
        beyond=sum(cell.reports for cell in found.cells) - sum(cell.reports for cell in seen),
    )


def cells_of(month: Published, area: Area | None = None) -> HeatMap:
    """The finest cells that hold most of what any size places: of all reports, perhaps few."""
    asked = Months(month.first, month.until, [month])
    sizes = FROM_NEAR if area else FROM_FAR
    found = [heat(asked, resolution=size, area=area.id if area else None) for size in sizes]
    most = max(sum(cell.reports for cell in one.cells) for one in found)
    enough = (one for one in found if sum(cell.reports for cell in one.cells) >= MOST * most)
    return next(enough)


def _shapes(city: City) -> dict[str, BaseGeometry]:
    return dict(city.facts.boundaries)


def _within(
    areas: Sequence[Area], cut: Sequence[BaseGeometry], ground: Ground
) -> list[tuple[Area, BaseGeometry]]:
    """What of each area is in the picture: its name stands there."""
    east, south = ground.west + WIDTH / ground.across, ground.north - ground.height / ground.down
    seen = shapely.clip_by_rect(list(cut), ground.west, south, east, ground.north)
    return list(zip(areas, seen, strict=True))


def _box(cells: Sequence[Heat], city: City, area: Area | None) -> Box:
    """Around the ward with its hexagons; of the city around those in which most reports lie, since
    all of one with mountains and sea would show little. All of it where there is nothing."""
    shapes: list[BaseGeometry] = [Polygon(outline(cell.cell)) for cell in cells]
    if area and area.code in city.facts.boundaries:
        shapes.append(city.facts.boundaries[area.code])
    elif cells:
        shapes = _crowded(cells, shapes)
    if not shapes:
        return city.bounds
    west, south, east, north = (float(side) for side in shapely.total_bounds(shapes))
    aside = max(0.0, LEAST_SIDE - (east - west)) / 2
    return west - aside, south - aside, east + aside, north + aside


def _crowded(cells: Sequence[Heat], shapes: Sequence[BaseGeometry]) -> list[BaseGeometry]:
    """Without those at each side that hold less than ASIDE of the reports."""
    bounds = [shape.bounds for shape in shapes]
    least = sum(cell.reports for cell in cells) * ASIDE
    left: set[int] = set()
    for side, sign in ((0, 1), (1, 1), (2, -1), (3, -1)):
        beyond = 0
        order = sorted((sign * box[side], place) for place, box in enumerate(bounds))
        for _, place in order:
            beyond += cells[place].reports
            if beyond > least:
                break
            left.add(place)
    return [shape for place, shape in enumerate(shapes) if place not in left] or list(shapes)


def _is_seen(cell: Heat, ground: Ground) -> bool:
    """Is its middle in the picture?"""
    lat, lng = middle(cell.cell)
    x, y = ground.at(lng, lat)
    return 0 <= x <= WIDTH and 0 <= y <= ground.height


def _hexagon(cell: Heat, steps: Sequence[int], ground: Ground) -> Hexagon:
    tone = 1 + sum(cell.reports >= step for step in steps)
    return Hexagon(ground.line(outline(cell.cell)), tone, cell.reports)


def steps_for(counts: Sequence[int]) -> list[int]:
    """Five bounds between six tones: round numbers, so that most cells spread over all of them."""
    high = sorted(counts)[floor(len(counts) * 0.97)] if counts else 0
    step = max(1, _round(high / (TONES - 0.5)))
    return [step * n for n in range(1, TONES)]


def _round(value: float) -> int:
    """The next of 1, 2, 3, 5, 10, 20, 30, 50, …"""
    if value <= 1:
        return 1
    power = 10 ** floor(log10(value))
    return int(next(n * power for n in (1, 2, 3, 5, 10) if n * power >= value))
