"""Hexagons of the map: H3 cells as plain numbers, their parents, ranges, outlines, neighbours.

Pure. Reports carry their cell of resolution 10; a coarser cell is the parent of many. H3 numbers a
cell by the digits of its parents, so the children of one are a range of numbers: an index serves.
Resolutions here are from 6 (a district, edge 3.7 km) to 10 (a street corner, edge 76 m).
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from math import cos, radians

import h3.api.basic_int as h3

from app.errors import Invalid

STORED_RESOLUTION = 10
FINEST, COARSEST = 10, 6
_JUTTING = 0.2  # of a cell's width, at most
KM_A_DEGREE = 110.5  # of latitude, at least
_DIGITS = 15  # that an H3 index has room for; those that are not used are sevens
_SEVENS = (1 << 3 * (_DIGITS - STORED_RESOLUTION)) - 1
_LEVEL = 15 << 52  # where it says its resolution

Box = tuple[float, float, float, float]  # west, south, east, north, in degrees
Range = tuple[int, int]  # the first and the last stored cell


class BadCell(Invalid):
    code = "bad-cell"
    vi = "Mã ô “{cell}” không đúng. Bấm vào một ô trên bản đồ để lấy mã."
    en = "“{cell}” is no cell of this map. Click a cell on the map to get one."
    field = "cell"


def cell_from(written: str) -> int:
    """A cell by its hexadecimal name. Raises BadCell for what is no cell of these resolutions."""
    try:
        cell = int(written, 16)
        known = 0 < cell < 1 << 63 and h3.is_valid_cell(cell)
    except ValueError:
        known = False
    if not known or not COARSEST <= h3.get_resolution(cell) <= FINEST:
        raise BadCell(cell=written[:20])
    return cell


def resolution_of(cell: int) -> int:
    return cell >> 52 & 15


def bits_of(resolution: int) -> tuple[int, int]:
    """What a stored cell's parent keeps of its bits, and those that it sets: `cell & kept | set`.

    SQL does the same, so that a GROUP BY gathers by parents."""
    finer = (1 << 3 * (_DIGITS - resolution)) - 1
    return ~(_LEVEL | finer), resolution << 52 | finer


def parent_of(cell: int, resolution: int) -> int:
    """The cell of that resolution around a cell that is finer, or the same."""
    kept, level = bits_of(resolution)
    return cell & kept | level


def stored_range(cell: int) -> Range:
    """The stored cells within a cell: all numbers from the first to the last."""
    below = STORED_RESOLUTION - resolution_of(cell)
    base = cell & ~_LEVEL | STORED_RESOLUTION << 52
    room = ((1 << 3 * below) - 1) << 3 * (_DIGITS - STORED_RESOLUTION)
    last = sum(6 << 3 * (_DIGITS - STORED_RESOLUTION + digit) for digit in range(below))
    first = base & ~room | _SEVENS
    return first, first | last


def all_of(resolution: int) -> Range:
    """All cells of a resolution lie between these two numbers."""
    return 1 << 59 | resolution << 52, 1 << 59 | (resolution + 1) << 52


@lru_cache(maxsize=100_000)
def outline(cell: int) -> tuple[tuple[float, float], ...]:
    """The cell's hexagon as a closed ring of (lng, lat), as GeoJSON wants it."""
    ring = [(round(lng, 6), round(lat, 6)) for lat, lng in h3.cell_to_boundary(cell)]
    return (*ring, ring[0])


def middle(cell: int) -> tuple[float, float]:
    """Latitude and longitude of its middle."""
    lat, lng = h3.cell_to_latlng(cell)
    return lat, lng


@lru_cache(maxsize=100_000)
def bounds(cell: int) -> Box:
    """West, south, east, north of the cell's hexagon."""
    ring = outline(cell)
    lngs, lats = [lng for lng, _ in ring], [lat for _, lat in ring]
    return min(lngs), min(lats), max(lngs), max(lats)


def box_of_stored(cell: int) -> Box:
    """A box that holds every point of the stored cells within: these jut out of the hexagon."""
    west, south, east, north = bounds(cell)
    along, up = (east - west) * _JUTTING, (north - south) * _JUTTING
    return west - along, south - up, east + along, north + up


def touches(cell: int, box: Box) -> bool:
    """Does the box around the cell meet this one? So the cells at a map's edge are drawn too."""
    west, south, east, north = bounds(cell)
    return west <= box[2] and east >= box[0] and south <= box[3] and north >= box[1]


def covering(box: Box, resolution: int) -> list[int]:
    """All cells of a resolution that touch a box, in order."""
    west, south, east, north = _widened(box, resolution)
    square = h3.LatLngPoly([(south, west), (south, east), (north, east), (north, west)])
    # By their middles, which is quick; a cell that touches has its middle in the wider box.
    found = h3.h3shape_to_cells(square, resolution)
    return sorted(cell for cell in found if touches(cell, box))


def _widened(box: Box, resolution: int) -> Box:
    """By more than a cell's radius on each side. Cells are up to a fifth larger than on average."""
    west, south, east, north = box
    radius = 1.5 * h3.average_hexagon_edge_length(resolution, unit="km") / KM_A_DEGREE
    along = radius / max(cos(radians(max(abs(south), abs(north)))), 0.05)
    return (
        max(west - along, -180.0),
        max(south - radius, -90.0),
        min(east + along, 180.0),
        min(north + radius, 90.0),
    )


def around(cell: int) -> Iterator[int]:
    """The cells that share an edge with this one: six."""
    yield from (one for one in h3.grid_disk(cell, 1) if one != cell)


def joined(cells: Iterable[int]) -> list[frozenset[int]]:
    """Cells in groups of those that lie next to each other, the largest group first."""
    left, groups = set(cells), []
    while left:
        group, edge = set(), {min(left)}
        while edge:
            group |= edge
            left -= edge
            edge = {next_to for one in edge for next_to in around(one)} & left
        groups.append(frozenset(group))
    return sorted(groups, key=lambda group: (-len(group), min(group)))


def size_km(box: Box) -> tuple[float, float]:
    """How wide and how high a box is, in kilometres, at its middle."""
    west, south, east, north = box
    middle = (south + north) / 2
    return (
        h3.great_circle_distance((middle, west), (middle, east), unit="km"),
        h3.great_circle_distance((south, west), (north, west), unit="km"),
    )
