"""Reading the public figures for a page: of the city by ward and by category, of a ward by month.

Every number is one that `reports.figures.public` tells; here it is only put under a name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.locale import current_locale
from reports.city.snapshot import City
from reports.figures.public.published import Published
from reports.figures.public.telling import indicators_told

Plain = Mapping[str, Any]
REST = "rest"  # the code of all that is not told by itself


@dataclass(frozen=True, slots=True)
class Figures:
    """What is told of a ward, a category, a month or the city; None is "not told".

    `received` is the least it can be where `at_least`: the others are too few people's. What
    became of them is that of the public ones, but `rejected`, which is about so many of all; the
    median is in whole working hours.
    """

    code: str
    name: str
    received: int | None
    at_least: bool
    public: int | None  # of these: anyone may read them one by one
    not_public: int | None
    resolved: int | None
    open: int | None
    rejected: int | None
    on_time: float | None
    median_h: int | None
    satisfied: float | None
    ratings: int | None

    @property
    def is_told(self) -> bool:
        return self.received is not None


@dataclass(frozen=True, slots=True)
class Groups:
    """The city, its parts that are told, and what is told of all others together."""

    total: Figures
    parts: list[Figures]
    rest: Figures | None


def by(name: str, month: Published, city: City) -> Groups:
    """A month by `area` or `category`."""
    told = _told({"by": name}, month.first, month.until, city)
    private = {one.code for one in city.categories_by_id.values() if one.private}
    groups = [_figures(group, private) for group in told["groups"]]
    return Groups(
        _figures(told["total"]),
        [one for one in groups if one.code != REST and one.is_told],
        next((one for one in groups if one.code == REST), None),
    )


def by_month(months: list[Published], city: City, *, area: str | None = None) -> list[Figures]:
    """The city or a ward, month by month; `code` is the month's first day."""
    if not months:
        return []
    told = _told({"by": "month", "area": area}, months[0].first, months[-1].until, city)
    return [_figures(group) for group in told["groups"]]


def _told(asked: dict[str, Any], since: date, until: date, city: City) -> Plain:
    return indicators_told({**asked, "since": since, "until": until}, city, current_locale())


def _figures(group: Plain, private: set[str] | None = None) -> Figures:
    sums, figures = group["sums"], group["figures"]
    code = str(group["code"] or "")
    known = [count for count in (sums["published"], sums["not_public"]) if count is not None]
    # Of a private matter anyone reads none: what is not told of it is nothing.
    whole = sums["received"] is not None or code in (private or ())
    median = figures["resolve_median"]["value"]
    return Figures(
        code=code,
        name=group["name"],
        received=sum(known) if known else None,
        at_least=bool(known) and not whole,
        public=sums["published"],
        not_public=sums["not_public"],
        resolved=sums["resolved"],
        open=sums["open"],
        rejected=sums["rejected"],
        on_time=figures["on_time"]["value"],
        median_h=None if median is None else round(median / 3600),
        satisfied=figures["satisfied"]["value"],
        ratings=sums["ratings"],
    )
