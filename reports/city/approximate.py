"""Boundaries for want of better: cells around the areas' centres, sized by their known areas.

A power diagram: each point belongs to the site with the smallest `distance² - weight`. Weights are
tuned until the areas come near their true sizes; every site stays in its own area. The outer rim
is a guess, since no coastline is known. Such boundaries are marked, and shown, as approximate.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import cos, pi, radians, sqrt

import numpy
import shapely
from numpy.typing import NDArray
from shapely import Point, Polygon, box
from shapely.affinity import affine_transform
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

KM_A_DEGREE = 111.32
ROUNDS = 40
SAMPLES = 20_000
Floats = NDArray[numpy.float64]


@dataclass(frozen=True, slots=True)
class Site:
    """A point known to lie in an area: its centre, or some well-known place."""

    code: str
    lat: float
    lng: float


@dataclass(frozen=True, slots=True)
class _Ground:
    """Everything in kilometres on a plane: sites, whose they are, what size their owners have."""

    sites: Floats
    owners: NDArray[numpy.intp]
    wanted: Floats
    rim: BaseGeometry


def boundaries(
    sites: Iterable[Site], km2: Mapping[str, float], taken: BaseGeometry | None = None
) -> dict[str, BaseGeometry]:
    """A boundary in degrees for each code; none overlap, together they fill a rim around all.

    `taken` is ground that already has a true boundary: the cells keep clear of it.
    """
    known = sorted(sites, key=lambda site: (site.code, site.lat, site.lng))
    if not known:
        return {}
    codes = sorted({site.code for site in known})
    across = KM_A_DEGREE * cos(radians(sum(site.lat for site in known) / len(known)))
    plane = numpy.array([(site.lng * across, site.lat * KM_A_DEGREE) for site in known])
    owners = numpy.array([codes.index(site.code) for site in known])
    wanted = numpy.array([max(km2[code], 0.1) for code in codes])
    ground = _Ground(
        plane, owners, wanted, _rim(plane, wanted[owners] / numpy.bincount(owners)[owners])
    )
    cells = _cells(ground, _weights(ground))
    back = [1 / across, 0, 0, 1 / KM_A_DEGREE, 0, 0]
    found = {code: affine_transform(cell, back) for code, cell in zip(codes, cells, strict=True)}
    return {code: shape for code, cell in found.items() if (shape := _tidy(cell, taken))}


def _rim(sites: Floats, sizes: Floats) -> BaseGeometry:
    """Around each site a disc of its share, and everything between them, without holes."""
    discs = [
        Point(site).buffer(1.1 * sqrt(km2 / pi), quad_segs=8)
        for site, km2 in zip(sites, sizes, strict=True)
    ]
    reach = 1.5 * float(numpy.sqrt(sizes / pi).max()) + 1
    spread = unary_union(discs)
    closed = spread.buffer(reach, quad_segs=4).buffer(-reach, quad_segs=4).union(spread)
    return unary_union([Polygon(part.exterior) for part in shapely.get_parts(closed)])


def _weights(ground: _Ground) -> Floats:
    """Weights under which the areas near their true sizes, while every site stays at home."""
    points = _sample(ground.rim)
    own_part = (ground.sites**2).sum(axis=1) - 2 * points @ ground.sites.T  # distance² - |point|²
    a_point = float(ground.wanted.sum()) / len(points)
    weights = ground.wanted / pi * 0.5
    for _ in range(ROUNDS):
        weights = _at_home(ground, weights)
        owned = ground.owners[(own_part - weights[ground.owners]).argmin(axis=1)]
        sizes = numpy.bincount(owned, minlength=len(weights)) * a_point
        weights = weights + 0.25 * (ground.wanted - sizes) / pi
    return _at_home(ground, weights)


def _sample(rim: BaseGeometry) -> Floats:
    """Some SAMPLES points on an even grid inside the rim: sizes are estimated by counting them."""
    west, south, east, north = rim.bounds
    step = sqrt(rim.area / SAMPLES)
    grid = numpy.meshgrid(numpy.arange(west, east, step), numpy.arange(south, north, step))
    points = numpy.stack([axis.ravel() for axis in grid], axis=1)
    shapely.prepare(rim)
    inside: Floats = points[shapely.contains_xy(rim, points[:, 0], points[:, 1])]
    return inside


def _at_home(ground: _Ground, weights: Floats) -> Floats:
    """Lower weights until no site lies in another area: |w_i - w_j| < 0.9 · distance²."""
    apart = ((ground.sites[:, None, :] - ground.sites[None, :, :]) ** 2).sum(axis=2)
    apart[ground.owners[:, None] == ground.owners[None, :]] = numpy.inf
    held = weights.copy()
    for _ in range(len(held)):
        ceiling = (held[ground.owners][None, :] + 0.9 * apart).min(axis=1)
        lowered = held.copy()
        numpy.minimum.at(lowered, ground.owners, ceiling)
        if numpy.array_equal(lowered, held):
            break
        held = lowered
    return held


def _cells(ground: _Ground, weights: Floats) -> list[BaseGeometry]:
    """Each area: the union of its sites' power cells, inside the rim."""
    parts: list[list[BaseGeometry]] = [[] for _ in ground.wanted]
    for index, owner in enumerate(ground.owners):
        parts[owner].append(_cell(index, ground, weights))
    return [unary_union(own).intersection(ground.rim) for own in parts]


def _cell(index: int, ground: _Ground, weights: Floats) -> BaseGeometry:
    """A site's power cell against the sites of other areas, one half-plane a neighbour."""
    west, south, east, north = ground.rim.bounds
    reach = 4 * (east - west + north - south) + 1
    cell: BaseGeometry = box(west - 1, south - 1, east + 1, north + 1)
    here, owner = ground.sites[index], ground.owners[index]
    apart = ground.sites - here
    squares = (apart**2).sum(axis=1)
    leads = squares + weights[owner] - weights[ground.owners]
    least = squares + weights[owner] - weights.max()
    for other in numpy.argsort(squares):
        if ground.owners[other] == owner:
            continue
        twice, farthest = 2 * sqrt(float(squares[other])), _farthest(cell, here)
        if least[other] / twice > farthest:
            break  # whatever lies still farther away cannot cut this cell
        if (offset := leads[other] / twice) < farthest:
            cell = cell.intersection(_half_plane(here, 2 * apart[other] / twice, offset, reach))
    return cell


def _farthest(cell: BaseGeometry, here: Floats) -> float:
    corners = shapely.get_coordinates(cell)
    return float(numpy.sqrt(((corners - here) ** 2).sum(axis=1).max())) if len(corners) else 0.0


def _half_plane(here: Floats, towards: Floats, offset: float, reach: float) -> Polygon:
    """Everything on this side of the line that stands `offset` away in that direction."""
    edge = here + towards * offset
    along = numpy.array([-towards[1], towards[0]]) * reach
    behind = towards * reach
    return Polygon([edge + along, edge - along, edge - along - behind, edge + along - behind])


def _tidy(cell: BaseGeometry, taken: BaseGeometry | None) -> BaseGeometry | None:
    """To a metre, valid, polygons only; None when nothing is left."""
    if taken is not None:
        cell = cell.difference(taken)
    parts = [part for part in shapely.get_parts(shapely.make_valid(cell)) if part.area > 0]
    solid = [part for part in parts if part.geom_type in {"Polygon", "MultiPolygon"}]
    return unary_union(solid) if solid else None
