"""Reports that follow real ones in time, place and kind: the same for the same seed and moment.

From tickets (`tickets`) moved onto our wards (`moving`), with lives (`lives`) and deadlines
(`due`), to the columns that `rows` writes out and `loading` copies into a database.
"""

from dataclasses import dataclass

import numpy as np
from shapely.geometry.base import BaseGeometry

from bench.due import deadlines_of
from bench.lives import Columns, Sent, lives
from bench.moving import moved, wobbled
from bench.tickets import CATEGORIES, WEEK_S, Ints, Tickets
from reports.city.snapshot import City
from reports.city.values import Area, Category
from reports.places import Place
from reports.routing import Choice, choose_office
from reports.statuses import S

VERSION = 1  # move it whenever the same seed gives other rows
STRETCH = 3  # each week of the tickets becomes three: a year becomes three years
TEAM = "bench-"  # codes of the teams that loading adds below the offices, to make 160 of them


@dataclass(frozen=True)
class Generated:
    """Columns of `report`, in the order of sending; `choices` tells the office by ward and kind."""

    columns: Columns
    choices: list[list[Choice]]  # [ward][category]
    wards: list[Area]
    categories: list[Category]
    seed: tuple[int, int]

    def __len__(self) -> int:
        return len(self.columns["status"])


def generate(city: City, tickets: Tickets, size: int, *, seed: int, until: int) -> Generated:
    """`size` reports sent until a moment (Unix seconds)."""
    rng = np.random.default_rng([seed, size])
    drawn, submitted = _sendings(tickets, size, until, rng)
    wards, categories = wards_of(city), [_category(city, code) for code in CATEGORIES]
    places = wobbled(moved(tickets, wards), drawn, wards, rng)
    kind = tickets.category[drawn]
    sent = Sent(
        submitted=submitted,
        category=np.array([category.id for category in categories])[kind],
        ward=places.ward,
        handled_s=rng.choice(tickets.handled_s, size).astype(int),
        reopened=tickets.reopened[drawn],
    )
    columns = lives(sent, city, until=until, rng=rng)
    columns |= deadlines_of(sent, columns, city, until=until)
    choices = [[choose_office(kind, Place(ward), city) for kind in categories] for ward, _ in wards]
    columns |= {
        "submitted_at": submitted,
        "category": kind,
        "category_id": sent.category,
        "ward": places.ward,
        "lat": places.lat,
        "lng": places.lng,
        "stars": tickets.stars[drawn],
        "office_id": _offices(city, choices, places.ward, kind, columns, rng),
    }
    return Generated(columns, choices, [ward for ward, _ in wards], categories, (seed, size))


def wards_of(city: City) -> list[tuple[Area, BaseGeometry]]:
    """Today's areas that have a boundary, in order of code."""
    known = city.facts.boundaries
    return [
        (area, known[code]) for code, area in sorted(city.area_by_code.items()) if code in known
    ]


def _category(city: City, code: str) -> Category:
    category = city.category(code)
    if category is None:
        raise LookupError(f"the city has no category {code}")
    return category


def _sendings(
    tickets: Tickets, size: int, until: int, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """Which ticket each report follows, and when it is sent: weekday and hour stay. As many
    reports as there are tickets follow each of them once."""
    once = size == len(tickets)
    drawn = np.arange(size) if once else rng.integers(len(tickets), size=size)
    last = tickets.created.max()
    end = last - (last - until) % WEEK_S  # the same weekday and hour as `until`
    age = end - tickets.created[drawn]
    week, rest = np.divmod(np.where(age < 0, age + WEEK_S, age), WEEK_S)
    submitted = until - rest - (week * STRETCH + rng.integers(0, STRETCH, size)) * WEEK_S
    order = np.argsort(submitted, kind="stable")
    return drawn[order], submitted[order]


def _offices(
    city: City,
    choices: list[list[Choice]],
    ward: Ints,
    kind: Ints,
    columns: Columns,
    rng: np.random.Generator,
) -> Ints:
    """By the routing rules, then one of the office's teams; what was returned is the centre's."""
    chosen = np.array([[choice.office.id for choice in row] for row in choices])[ward, kind]
    draw = rng.integers(1 << 16, size=len(ward))
    for office_id in np.unique(chosen).tolist():
        here = np.flatnonzero(chosen == office_id)
        desks = np.array([office_id, *teams_of(city, office_id)])
        chosen[here] = desks[draw[here] % len(desks)]
    return np.where(columns["status"] == S.RETURNED, city.centre.id, chosen)


def teams_of(city: City, office_id: int) -> list[int]:
    code = city.offices_by_id[office_id].code
    below = (one for one in city.offices_by_id.values() if one.parent_code == code)
    return sorted(one.id for one in below if one.code.startswith(TEAM))
