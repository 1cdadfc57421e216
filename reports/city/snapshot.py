"""The whole city in memory, as of today: what the rest of the house reads instead of tables.

`current()` looks at the city's version every two seconds at most and rebuilds when it moved, or
when a new day began in the city: what is valid may change at midnight. Each process keeps its own;
one thread builds while the others go on with the last.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from threading import Lock
from time import monotonic
from zoneinfo import ZoneInfo

from flask import current_app
from shapely import Point, total_bounds
from sqlalchemy import select

from app.clock import now
from app.database import reading
from app.errors import Unavailable
from app.locale import LOCALES
from reports.city.building import Facts, read_facts
from reports.city.models import CityProfile
from reports.city.naming import Names, names_in
from reports.city.succession import follow, is_valid
from reports.city.values import Area, Category, Hotline, Office, Profile, Rule
from reports.city.words import first_spoken, speaks_of, tokens
from reports.places import AreaIndex
from reports.routing import RuleBook
from reports.work_calendar import WorkCalendar

LOOK_EVERY_S = 2.0


class NoCity(Unavailable):
    code = "no-city"
    vi = "Máy chủ chưa nạp dữ liệu của thành phố nào, nên chưa nhận phản ánh được."
    en = "No city is loaded yet, so reports cannot be taken. Run `flask city load hue`."


@dataclass(frozen=True)
class City:
    """One city on one day. `…_by_id` hold all there ever was, `…_by_code` what is valid today."""

    version: int
    day: date
    profile: Profile
    areas: AreaIndex
    area_by_id: Mapping[int, Area]
    area_by_code: Mapping[str, Area]
    offices_by_id: Mapping[int, Office]
    office_by_code: Mapping[str, Office]
    centre: Office
    categories_by_id: Mapping[int, Category]
    category_by_code: Mapping[str, Category]
    rules: RuleBook
    rules_by_id: Mapping[int, Rule]
    calendar: WorkCalendar
    facts: Facts

    @cached_property
    def names(self) -> Mapping[str, Names]:
        """By language: what categories, areas and offices are called."""
        every = (self.categories_by_id, self.area_by_id, self.offices_by_id)
        return {locale: names_in(locale, *every) for locale in LOCALES}

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north of all areas, in degrees."""
        drawn = self.facts.boundaries
        shapes = [drawn.get(code) or Point(a.lng, a.lat) for code, a in self.area_by_code.items()]
        west, south, east, north = (round(float(side), 6) for side in total_bounds(shapes))
        return west, south, east, north

    @property
    def own_line(self) -> Hotline | None:
        """The number to call for whatever it is: the city's marked line, else its centre's."""
        marked = next((line for line in self.profile.hotlines if line.own), None)
        if marked or not self.centre.phone:
            return marked
        return Hotline(self.centre.phone, self.centre.name_vi, self.centre.name_en, own=True)

    def category(self, code: str, at: datetime | None = None) -> Category | None:
        """The category of that code, or the successor of a retired one: then its code differs.

        So a draft made before a category was retired is still accepted. `at` is now if not given.
        """
        return follow(code, self.facts.categories, self._day(at))

    def area(self, code: str, at: datetime | None = None) -> Area | None:
        """The area of that code, or what it was merged into."""
        return follow(code, self.facts.areas, self._day(at))

    def office(self, code: str) -> Office | None:
        """Who answers to that code today: the office, or whoever succeeded it."""
        return follow(code, self.facts.offices, self.day)

    def committee_of(self, area_code: str) -> Office | None:
        """The committee of an area, or of the one that it became."""
        area = self.area(area_code)
        ended = self.facts.committees.get(area_code)
        if area and (code := self.facts.committees.get(area.code)):
            return follow(code, self.facts.offices, self.day)
        return follow(ended, self.facts.offices, self.day) if ended else None

    def parent(self, office: Office) -> Office | None:
        """The office above; None at the top of the tree."""
        return self.office(office.parent_code) if office.parent_code else None

    def offered_categories(self) -> list[Category]:
        """What a resident may choose today, in the city's own order."""
        return sorted(self.category_by_code.values(), key=lambda c: (c.position, c.code))

    def danger_in(self, text: str) -> list[Hotline]:
        """The numbers to call now, when words speak of danger."""
        said = tokens(text)
        return [line for line in self.profile.hotlines if first_spoken(said, line.words)]

    def suggest_categories(self, text: str, limit: int = 3) -> list[Category]:
        """The likeliest categories for these words: longer and more keywords weigh more."""
        said = tokens(text)
        weight = {
            category: sum(len(word) for word in category.keywords if speaks_of(said, word))
            for category in self.offered_categories()
        }
        likely = sorted(filter(weight.get, weight), key=lambda c: -weight[c])
        return likely[:limit]

    def _day(self, at: datetime | None) -> date:
        return self.calendar.local_day(at) if at else self.day


class _Shelf:
    """One app's snapshot, and when its version was last looked at."""

    def __init__(self) -> None:
        self.city: City | None = None
        self.looked = 0.0
        self.building = Lock()


def current() -> City:
    """The city as of now, at most two seconds old. Raises NoCity when none is loaded."""
    shelf = _shelf()
    city = shelf.city
    if city is not None and monotonic() - shelf.looked < LOOK_EVERY_S:
        return city
    if not shelf.building.acquire(blocking=city is None):
        assert city is not None  # noqa: S101 (only then does acquire() not wait)
        return city
    try:
        return _refreshed(shelf)
    finally:
        shelf.building.release()


def forget() -> None:
    """Look again at the next call: after a change in this process, and between tests."""
    shelf = _shelf()
    shelf.looked, shelf.city = 0.0, None


def is_loaded() -> bool:
    with reading() as connection:
        return connection.execute(select(CityProfile.id)).first() is not None


def _shelf() -> _Shelf:
    shelf: _Shelf = current_app.extensions.setdefault("xom.city", _Shelf())
    return shelf


def _refreshed(shelf: _Shelf) -> City:
    """The city on the shelf if it is still the present one, else a new one, put there."""
    city, looked = shelf.city, monotonic()
    with reading() as connection:
        row = connection.execute(select(CityProfile.version, CityProfile.timezone)).first()
        if row is None:
            raise NoCity()
        version, zone = row
        today = now().astimezone(ZoneInfo(zone)).date()
        if city is None or (city.version, city.day) != (version, today):
            city = build(read_facts(connection, today), today)
    shelf.city, shelf.looked = city, looked
    return city


def build(facts: Facts, day: date) -> City:
    """Arrange a city's facts for reading on one day. Pure."""
    areas = {code: area for code, area in facts.areas.items() if is_valid(area, day)}
    offices = {code: office for code, office in facts.offices.items() if is_valid(office, day)}
    categories = {code: one for code, one in facts.categories.items() if is_valid(one, day)}
    rules = [rule for rule in facts.rules.values() if is_valid(rule, day)]
    return City(
        version=facts.version,
        day=day,
        profile=facts.profile,
        areas=AreaIndex.build(
            (
                (area, facts.boundaries[code])
                for code, area in areas.items()
                if code in facts.boundaries
            ),
            near_metres=facts.profile.near_metres,
        ),
        area_by_id={area.id: area for area in facts.areas.values()},
        area_by_code=areas,
        offices_by_id={office.id: office for office in facts.offices.values()},
        office_by_code=offices,
        centre=_centre(offices),
        categories_by_id={one.id: one for one in facts.categories.values()},
        category_by_code=categories,
        rules=RuleBook(rules),
        rules_by_id={rule.id: rule for rule in facts.rules.values()},
        calendar=facts.calendar,
        facts=facts,
    )


def _centre(offices: Mapping[str, Office]) -> Office:
    for office in offices.values():
        if office.kind == "centre":
            return office
    raise NoCity()
