"""How many residents a hexagon of the map has, as well as the wards' populations can tell it.

Nobody counts people by hexagon. Each ward's people are spread evenly over its area, and a cell gets
the share of each ward that it covers (area weighting). So a cell over a ward's fields has too many
and one over its market street too few: a rate per 1,000 people is a hint, and is left out where a
cell has fewer than `LEAST_PEOPLE`.

Pure but for what it keeps: the cells of one city's areas are worked out once.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy
import shapely
from numpy.typing import NDArray
from shapely import STRtree

from reports.city.snapshot import City
from reports.figures import cells
from reports.figures.cells import Box

LEAST_PEOPLE = 50  # in a cell, for a rate that says anything
ROUGHLY = 0.0002  # degrees, some 20 metres: borders are drawn so much simpler
PER = 1_000

NOTE_VI = (
    "Số dân mỗi ô là ước tính: dân số phường, xã chia đều theo diện tích, ô chiếm bao nhiêu phần"
    " diện tích thì nhận bấy nhiêu phần dân. Ô có chợ, chung cư thì thực tế đông hơn, ô có ruộng,"
    f" rừng thì vắng hơn. Ô dưới {LEAST_PEOPLE} người không tính tỷ lệ."
)
NOTE_EN = (
    "Residents of a cell are an estimate: each ward's people are spread evenly over its area, and"
    " a cell gets the share that it covers. A cell with a market or tower blocks has more in truth,"
    f" one with fields or forest fewer. No rate is given below {LEAST_PEOPLE} residents."
)


class People:
    """Residents by cell, for the areas of one city; ask it from any thread."""

    def __init__(self, shapes: Sequence[Any], populations: Sequence[int | None]) -> None:
        """Boundaries in degrees and, in the same order, how many live within each."""
        self._shapes = shapely.simplify(numpy.array(shapes, dtype=object), ROUGHLY)
        shapely.prepare(self._shapes)
        self._tree = STRtree(self._shapes)
        people = [numpy.nan if one is None else one for one in populations]
        self._density = numpy.array(people, float) / shapely.area(self._shapes)  # a square degree
        self._known: dict[int, float | None] = {}
        self._everywhere: dict[int, list[int]] = {}

    def of(self, wanted: Iterable[int]) -> dict[int, float | None]:
        """Residents of each cell; 0 outside all areas, None where an area's are not known."""
        asked = list(wanted)
        new = [cell for cell in asked if cell not in self._known]
        if new:
            self._known.update(self._counted(new))
        return {cell: self._known[cell] for cell in asked}

    def everywhere(self, resolution: int) -> list[int]:
        """All cells of a resolution that lie in the areas, if only with a corner, in order."""
        if resolution not in self._everywhere:
            self._everywhere[resolution] = self._all(resolution)
        return self._everywhere[resolution]

    def _all(self, resolution: int) -> list[int]:
        if not len(self._shapes):
            return []
        found = cells.covering(_box(shapely.total_bounds(self._shapes)), resolution)
        touching, _ = self._meeting(_hexagons(found))
        return [found[index] for index in sorted(set(touching.tolist()))]

    def _meeting(self, hexagons: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        """Pairs of a hexagon and an area that meet, as two arrays of their places."""
        hexagon, area = self._tree.query(hexagons)
        meet = shapely.intersects(self._shapes[area], hexagons[hexagon])
        return hexagon[meet], area[meet]

    def _counted(self, wanted: list[int]) -> dict[int, float | None]:
        hexagons = _hexagons(wanted)
        cell, area = self._meeting(hexagons)
        shared = _shared(hexagons[cell], self._shapes[area])
        people = numpy.zeros(len(wanted))
        numpy.add.at(people, cell, shared * self._density[area])
        return {
            one: None if numpy.isnan(many) else float(many)
            for one, many in zip(wanted, people, strict=True)
        }


def _shared(hexagons: NDArray[Any], shapes: NDArray[Any]) -> NDArray[numpy.float64]:
    """The area that each pair has in common. Most hexagons lie within: those are not cut."""
    within = shapely.contains_properly(shapes, hexagons)
    shared: NDArray[numpy.float64] = shapely.area(hexagons)
    cut = ~within
    shared[cut] = shapely.area(shapely.intersection(hexagons[cut], shapes[cut]))
    return shared


def _hexagons(wanted: Sequence[int]) -> NDArray[Any]:
    made: NDArray[Any] = shapely.polygons([cells.outline(cell) for cell in wanted])
    return made


def _box(sides: Iterable[float]) -> Box:
    west, south, east, north = (float(side) for side in sides)
    return west, south, east, north


def per_thousand(count: int, people: float | None) -> float | None:
    """Reports for 1,000 residents, to two places; None where too few live there to say."""
    if people is None or people < LEAST_PEOPLE:
        return None
    return round(count * PER / people, 2)


_kept: tuple[City, People] | None = None


def people_of(city: City) -> People:
    """The residents of a city as it is in memory; worked out anew when its areas change."""
    global _kept
    if _kept is None or _kept[0].facts.boundaries is not city.facts.boundaries:
        drawn = city.facts.boundaries
        known = [area for code, area in sorted(city.area_by_code.items()) if code in drawn]
        shapes, people = [drawn[area.code] for area in known], [area.population for area in known]
        _kept = city, People(shapes, people)
    return _kept[1]
