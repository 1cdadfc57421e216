"""Who reports what, when and where: the same plots for the same moment and seed.

Close around real streets and places, and now and then again at the same spot; `moments` says when.
What becomes of each is its course; `courses` plays it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from math import cos, radians
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from reports.city.demo.material import Material
from reports.city.demo.moments import Moments
from reports.city.snapshot import City
from reports.city.values import Area, Category
from reports.places import OutsideCity

PEOPLE = 140  # residents; some report often
METRES_A_DEGREE = 111_320
FAR_DEGREES = 0.03  # farther than this from every known place, the area's seat is named instead
SAME_SPOT = 0.16  # how often something is wrong again where it was wrong before


class Course(StrEnum):
    """What becomes of a report, if time suffices."""

    UNSEEN = "unseen"  # the dispatcher has not looked yet
    MEND = "mend"
    EXPLAIN = "explain"
    PLAN = "plan"
    NOT_FOUND = "not_found"
    SLOW = "slow"  # accepted, perhaps begun, never answered
    ANSWER = "answer"  # a question, an answer, then mended
    ASKED = "asked"  # a question that waits now
    FORWARD = "forward"  # returned, forwarded, mended
    RETURNED = "returned"  # returned, and the centre has not decided
    REJECT = "reject"
    REOPEN = "reopen"
    EXTEND = "extend"
    JOIN = "join"
    SEND_BACK = "send_back"
    WITHDRAW = "withdraw"
    MERGE = "merge"  # a second report of what somebody else sent


#: How often each happens, in a hundred.
COURSES: dict[Course, float] = {
    Course.MEND: 55, Course.EXPLAIN: 6, Course.PLAN: 5, Course.NOT_FOUND: 2, Course.SLOW: 6,
    Course.ANSWER: 4, Course.FORWARD: 4, Course.REJECT: 8, Course.REOPEN: 4, Course.EXTEND: 4,
    Course.JOIN: 3, Course.SEND_BACK: 2, Course.WITHDRAW: 2, Course.MERGE: 3,
}  # fmt: skip

#: Courses that stop in the middle, so that each state has some today: how many, and how many days
#: ago they were sent.
TODAY: tuple[tuple[Course, int, float, float], ...] = (
    (Course.UNSEEN, 12, 0.01, 0.6),
    (Course.ASKED, 8, 2.0, 5.0),
    (Course.RETURNED, 7, 2.0, 6.0),
    (Course.WITHDRAW, 3, 2.0, 15.0),
    (Course.MEND, 8, 0.05, 2.0),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    number: int
    course: Course
    category: str
    lat: float
    lng: float
    words: str
    place_note: str
    at: datetime
    person: int
    anonymous: bool
    pictured: bool
    scene: str | None
    answers: dict[str, Any] = field(default_factory=dict)
    reply: str = ""
    lead: int | None = None  # for MERGE: the number of the other one


class Script:
    """Writes the plots. Everything random comes from one seed."""

    def __init__(self, city: City, material: Material, now: datetime, *, seed: int = 7) -> None:
        self.city, self.material, self.now = city, material, now
        self.random = Random(seed)
        self.moments = Moments(now, ZoneInfo(city.profile.timezone), self.random)
        here = city.area_by_code
        self.areas = [here[code] for code in material.weights if code in here]
        self.decks: dict[str, list[Any]] = {}
        self.spots: dict[str, list[tuple[float, float]]] = {}

    def plots(self, count: int, *, before: int = 0) -> list[Plot]:
        """`count` of the last sixty days and `before` of the year before them, in order of time;
        numbered, so that ids follow from it."""
        moments = sorted(self.moments.recent(count - sum(many for _, many, _, _ in TODAY)))
        plots: list[Plot] = []
        for at, course in [*((at, self._course()) for at in moments), *self._today()]:
            plots.append(self._plot(len(plots), course, at, plots))
        for at in sorted(self.moments.before(before)):
            course = self._course(but=Course.SLOW)  # a year later nothing is left lying
            plots.append(self._plot(len(plots), course, at, plots, pictured=False))
        return sorted(plots, key=lambda plot: (plot.at, plot.number))

    def _course(self, *, but: Course | None = None) -> Course:
        shares = [0 if course is but else share for course, share in COURSES.items()]
        return self.random.choices(list(COURSES), shares)[0]

    def _today(self) -> Iterator[tuple[datetime, Course]]:
        for course, many, nearest, farthest in TODAY:
            for _ in range(many):
                yield self.now - timedelta(days=self.random.uniform(nearest, farthest)), course

    def _plot(
        self,
        number: int,
        course: Course,
        at: datetime,
        before: list[Plot],
        *,
        pictured: bool = True,
    ) -> Plot:
        twin = self._open_twin(at, before) if course is Course.MERGE else None
        if course is Course.MERGE and twin is None:
            course = Course.MEND
        category = self.city.category_by_code[twin.category] if twin else self._category(at)
        area = self._area()
        lat, lng, near = self._place(category, area, twin)
        area = self.city.areas.locate(lat, lng).area
        words, answers = self._said(category)
        slots = self._slots(area, near)
        told = self.material.categories[category.code]
        return Plot(
            number=number,
            course=course,
            category=category.code,
            lat=lat,
            lng=lng,
            words=words.format(**slots),
            place_note=self._deal("place_notes", self.material.place_notes).format(**slots),
            at=twin.at + timedelta(minutes=self.random.randint(15, 150)) if twin else at,
            person=self.random.randrange(PEOPLE),
            anonymous=self.random.random() < 0.06,
            pictured=self.random.random() < 0.45 and pictured,
            scene=told["scene"],
            answers=answers,
            reply=self._deal(f"reply {category.code}", told["replies"]),
            lead=twin.number if twin else None,
        )

    def _open_twin(self, at: datetime, before: list[Plot]) -> Plot | None:
        """Something sent shortly before, and not yet mended, that others may report too."""
        near = [
            plot
            for plot in before
            if plot.course in {Course.MEND, Course.PLAN, Course.SLOW}
            and timedelta() < at - plot.at < timedelta(days=6)
        ]
        return self.random.choice(near) if near else None

    def _category(self, at: datetime) -> Category:
        rained = self.moments.rained(at)
        offered = self.city.category_by_code
        known = {code: told for code, told in self.material.categories.items() if code in offered}
        weights = [
            told["weight"] * (3.5 if rained and told["rain"] else 1) for told in known.values()
        ]
        return offered[self.random.choices(list(known), weights)[0]]

    def _area(self) -> Area:
        weights = [self.material.weights[area.code] for area in self.areas]
        return self.random.choices(self.areas, weights)[0]

    def _place(self, category: Category, area: Area, twin: Plot | None) -> tuple[float, float, str]:
        """A point in the area, near a place with a name where one is known."""
        if twin is not None:
            lat, lng = self._jittered(twin.lat, twin.lng, 18)
            return lat, lng, self._near(lat, lng)
        again = self.spots.setdefault(category.code, [])
        if again and self.random.random() < SAME_SPOT:
            lat, lng = self._jittered(*self.random.choice(again), 14)
        else:
            lat, lng = self._around(area)
        again.append((lat, lng))
        return lat, lng, self._near(lat, lng)

    def _around(self, area: Area) -> tuple[float, float]:
        known = [place.site for place in self.material.places if place.site.code == area.code]
        for _ in range(8):
            middle = self.random.choice(known) if known else area
            lat, lng = self._jittered(middle.lat, middle.lng, 260)
            if self._inside(lat, lng, area):
                return lat, lng
        return round(area.lat, 5), round(area.lng, 5)

    def _inside(self, lat: float, lng: float, area: Area) -> bool:
        try:
            place = self.city.areas.locate(lat, lng)
        except OutsideCity:
            return False
        return place.area.code == area.code and place.outside_m == 0

    def _jittered(self, lat: float, lng: float, metres: float) -> tuple[float, float]:
        north, east = self.random.gauss(0, metres), self.random.gauss(0, metres)
        across = METRES_A_DEGREE * cos(radians(lat))
        return round(lat + north / METRES_A_DEGREE, 5), round(lng + east / across, 5)

    def _near(self, lat: float, lng: float) -> str:
        """The name of the nearest known place, or of the area itself."""
        area = self.city.areas.locate(lat, lng).area
        found = [
            ((place.site.lat - lat) ** 2 + (place.site.lng - lng) ** 2, place.name)
            for place in self.material.places
            if place.site.code == area.code
        ]
        distance, name = min(found, default=(1.0, ""))
        if distance < FAR_DEGREES**2:
            return name
        name = area.name_vi[:1].lower() + area.name_vi[1:]
        return self.material.said("seat")[0].format(area=name)

    def _slots(self, area: Area, near: str) -> dict[str, Any]:
        streets = self.material.streets.get(area.code, ["liên thôn"])
        return {
            "street": self.random.choice(streets),
            "near": near,
            "no": self.random.randint(3, 240),
            "kiet": self.random.randint(3, 160),
        }

    def _said(self, category: Category) -> tuple[str, dict[str, Any]]:
        words, *answers = self._deal(category.code, self.material.categories[category.code]["says"])
        return words, dict(answers[0]) if answers else {}

    def _deal(self, name: str, cards: list[Any]) -> Any:
        """One after the other from a shuffled deck: no sentence twice before all were said."""
        deck = self.decks.setdefault(name, [])
        if not deck:
            deck += self.random.sample(cards, len(cards))
        return deck.pop()
