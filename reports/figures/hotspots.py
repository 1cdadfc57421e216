"""Hot spots: where reports lie together in more than the people who live there explain, and more
than chance would put; told apart from mere crowds.

Each cell's count is held against what its residents would have sent if everybody reported alike
(`residual`): everybody in the city, or of an office's reports in the areas where it works
(`office_areas`). Gi* asks where such excesses lie together (`getis_ord`), in a cell or in it and
its neighbours. Neighbouring cells that are significant are one spot. Its words: `hotspot_words`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from math import hypot

from sqlalchemy import Connection

from reports.city import snapshot
from reports.city.snapshot import City
from reports.figures import cells, getis_ord, periods
from reports.figures.cell_reading import (
    Counted,
    bounds_values,
    counting,
    fates_of,
    is_of_facts_alone,
    parent_values,
    received_by_cell,
)
from reports.figures.heat_cache import Cache, of_app
from reports.figures.heatmap import Wanted, counted_for
from reports.figures.moment import at_one_moment, moment_in
from reports.figures.office_areas import areas_of
from reports.figures.periods import Period
from reports.figures.population import People, people_of
from reports.figures.spans import period_of
from reports.permissions import Viewer
from reports.places import OutsideCity

#: Where fewer are to be expected in a cell, one report would already be an excess. Under chance
#: alone this bound gives Gi* its mean of 0 and spread of 1 (tests/figures/test_getis_ord.py).
LEAST_EXPECTED = 0.1
REACHES = (0, 1)  # a cell alone: one street where all of it is; and with its six neighbours
LEAST_REPORTS = 5  # of a spot, or a crowd, that is worth telling
MOST_CROWDS = 5
MOST_AREAS = 3
MOST_KEPT = 200  # answers that one process keeps, of some kilobytes each
NEAR_KM = 0.7  # around a place that everybody knows by its name


@dataclass(frozen=True, slots=True)
class Hot:
    """What is significant: Gi* by cell, of those that are; what was expected, of all."""

    z: Mapping[int, float]
    expected: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Spot:
    """Neighbouring cells. `expected`: by people alone. `z` and `p`: of its strongest cell.
    `is_new`: none of them was hot in the period before; None where there is no such period."""

    cells: tuple[int, ...]
    count: int
    expected: float
    z: float
    p: float
    is_new: bool | None
    areas: tuple[int, ...]  # most reports first
    category: int  # the most frequent
    category_count: int
    landmark: str | None  # close to where most of it lies


@dataclass(frozen=True, slots=True)
class Crowd:
    """A cell with many reports that is no hot spot: people, or chance, may explain them."""

    cell: int
    count: int
    expected: float
    area: int | None


@dataclass(frozen=True, slots=True)
class HotSpots:
    spots: tuple[Spot, ...]  # the least likely by chance first
    crowds: tuple[Crowd, ...]  # the largest first
    as_of: datetime
    before: Period | None
    among: frozenset[int] | None = None  # areas that were compared, of an office; None: all


def hotspots(wanted: Wanted, viewer: Viewer, *, at: datetime) -> HotSpots:
    """The hot spots of a range of days, by cells of resolution 7 or 8; those that were found before
    as long as the figures have not moved.

    Raises NotYourFigures, BackwardDays, FiguresNotReady, NoCity.
    """
    city, wanted = snapshot.current(), replace(wanted, box=None)
    with at_one_moment() as connection:
        moment = moment_in(connection)
        counted = counted_for(connection, wanted, viewer)
        if not is_of_facts_alone(counted):
            return _found(connection, counted, wanted, city, moment.as_of, at)
        key = (moment, city.version, city.calendar.local_day(at), counted, wanted)
        made = partial(_found, connection, counted, wanted, city, moment.as_of, at)
        return _kept().answer(key, made)


def _kept() -> Cache[HotSpots]:
    return of_app("hotspots", MOST_KEPT)


def _found(
    connection: Connection,
    counted: Counted,
    wanted: Wanted,
    city: City,
    as_of: datetime,
    at: datetime,
) -> HotSpots:
    today = city.calendar.local_day(at)
    period = period_of(wanted.since, wanted.until)
    before = periods.before(period) if period else None
    among = None if wanted.area_id else areas_of(connection, counted, city)
    field = _Field(_people(wanted, among, city), bounded=among is not None)
    counts = field.counts(connection, counted, today)
    hot = field.hot(counts, counted.resolution)
    was_hot = _hot_before(connection, counted, before, field, today)
    spots = _spots(connection, counted, counts, hot, was_hot, city)
    return HotSpots(spots, crowds(counts, hot, city), as_of, before, among)


@dataclass(frozen=True, slots=True)
class _Field:
    """The cells that are compared with one another, by their people. `bounded`: to these areas,
    so that a report which an office has elsewhere is not held against nobody."""

    people: People
    bounded: bool

    def counts(self, connection: Connection, counted: Counted, today: date) -> dict[int, int]:
        found = received_by_cell(connection, counted, today=today)
        within = set(self.people.everywhere(counted.resolution)) if self.bounded else found.keys()
        return {cell: count for cell, count in found.items() if cell in within}

    def hot(self, counts: Mapping[int, int], resolution: int) -> Hot:
        compared = {*self.people.everywhere(resolution), *counts}
        return find(counts, self.people.of(compared))


def find(counts: Mapping[int, int], people: Mapping[int, float | None]) -> Hot:
    """The cells that are hot. `people` names all cells that are compared, those of counts included.

    A cell that has no more than was expected only lies beside a hot one: it is left out.
    Where the people of a cell are not known, every cell is expected to have the same."""
    known = {cell: 1.0 if many is None else many for cell, many in people.items()}
    if None in people.values():
        known = dict.fromkeys(people, 1.0)
    expected = getis_ord.expected_of(counts, known)
    compared = getis_ord.field(counts, expected, LEAST_EXPECTED)
    excess = {one: getis_ord.residual(counts.get(one, 0), expected[one]) for one in compared}
    z = {
        (cell, reach): one
        for reach in REACHES
        for cell, one in getis_ord.gi_star(excess, reach=reach).items()
    }
    found = getis_ord.discovered({tested: getis_ord.upper_p(one) for tested, one in z.items()})
    hot: dict[int, float] = {}
    for cell, reach in found:
        if counts.get(cell, 0) > expected[cell]:
            hot[cell] = max(z[cell, reach], hot.get(cell, 0.0))
    return Hot(hot, expected)


def crowds(counts: Mapping[int, int], hot: Hot, city: City) -> tuple[Crowd, ...]:
    """The cells with most reports that are not hot."""
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    rest = [(cell, count) for cell, count in ranked if cell not in hot.z and count >= LEAST_REPORTS]
    return tuple(
        Crowd(cell, count, hot.expected[cell], _area_of(cell, city))
        for cell, count in rest[:MOST_CROWDS]
    )


def _people(wanted: Wanted, among: frozenset[int] | None, city: City) -> People:
    """Of the whole city, or of the areas alone that are asked for, or that an office works in."""
    if among is not None:
        return _people_in(among, city)
    area = city.area_by_id.get(wanted.area_id) if wanted.area_id else None
    drawn = area is not None and area.code in city.facts.boundaries
    return _people_in({area.id}, city) if area and drawn else people_of(city)


def _people_in(among: Iterable[int], city: City) -> People:
    drawn = city.facts.boundaries
    areas = [one for area in sorted(among) if (one := city.area_by_id[area]).code in drawn]
    return People([drawn[one.code] for one in areas], [one.population for one in areas])


def _hot_before(
    connection: Connection, counted: Counted, before: Period | None, field: _Field, today: date
) -> frozenset[int] | None:
    if before is None:
        return None
    days = replace(counted, since=before.since, until=before.until)
    return frozenset(field.hot(field.counts(connection, days, today), counted.resolution).z)


def _spots(
    connection: Connection,
    counted: Counted,
    counts: Mapping[int, int],
    hot: Hot,
    was_hot: frozenset[int] | None,
    city: City,
) -> tuple[Spot, ...]:
    groups = [
        group
        for group in cells.joined(hot.z)
        if sum(counts.get(cell, 0) for cell in group) >= LEAST_REPORTS
    ]
    made_of = _made_of(connection, counted, {cell for group in groups for cell in group})
    found = [_spot(group, counts, hot, was_hot, made_of, city) for group in groups]
    return tuple(sorted(found, key=lambda spot: (spot.p, -spot.z, spot.cells)))


Kinds = Mapping[int, Counter[tuple[int, int]]]  # by cell: how many of a category in an area


def _made_of(connection: Connection, counted: Counted, among: set[int]) -> Kinds:
    """What the reports of these cells are about, and in which areas they are."""
    made_of: dict[int, Counter[tuple[int, int]]] = {cell: Counter() for cell in among}
    if among:
        values = bounds_values(counted, among)
        columns = "category_id, area_id, count(*) as received"
        query = counting(columns, frozenset(values), fates_of(counted), groups="1, 2, 3")
        values |= parent_values(counted.resolution)
        for cell, category, area, received in connection.execute(query, values):
            made_of[cell][category, area] = received
    return made_of


def _spot(
    group: frozenset[int],
    counts: Mapping[int, int],
    hot: Hot,
    was_hot: frozenset[int] | None,
    made_of: Kinds,
    city: City,
) -> Spot:
    strongest = max(hot.z[cell] for cell in group)
    categories: Counter[int] = Counter()
    areas: Counter[int] = Counter()
    for cell in group:
        for (category, area), received in made_of[cell].items():
            categories[category] += received
            areas[area] += received
    category, category_count = min(categories.items(), key=lambda pair: (-pair[1], pair[0]))
    return Spot(
        cells=tuple(sorted(group)),
        count=sum(counts.get(cell, 0) for cell in group),
        expected=sum(hot.expected[cell] for cell in group),
        z=strongest,
        p=getis_ord.upper_p(strongest),
        is_new=None if was_hot is None else not group & was_hot,
        areas=_most(areas),
        category=category,
        category_count=category_count,
        landmark=_landmark({cell: counts.get(cell, 0) for cell in group}, city),
    )


def _most(areas: Counter[int]) -> tuple[int, ...]:
    ranked: Sequence[int] = sorted(areas, key=lambda area: (-areas[area], area))
    return tuple(ranked[:MOST_AREAS])


def _landmark(counts: Mapping[int, int], city: City) -> str | None:
    """The known place closest to where most of these reports lie, if it is close."""
    many = sum(counts.values())
    places = {cell: cells.middle(cell) for cell in counts}
    lat, lng = (sum(places[one][i] * counts[one] for one in counts) / many for i in (0, 1))
    box = (lng, lat, lng + 1, lat + 1)
    along, up = cells.size_km(box)
    near = min(
        ((hypot((one.lng - lng) * along, (one.lat - lat) * up), one.name)
         for one in city.profile.landmarks),
        default=None,
    )  # fmt: skip
    return near[1] if near and near[0] <= NEAR_KM else None


def _area_of(cell: int, city: City) -> int | None:
    """Of its middle; none on the water."""
    try:
        return city.areas.locate(*cells.middle(cell)).area.id
    except OutsideCity:
        return None
