"""The stage on which plots are played: real verbs, real deadlines, at the times they say.

A course is a generator: it yields the moment of its next act and acts when that has come. What lies
after now is not played, so each report stands where it would stand today.
"""

import heapq
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from io import BytesIO
from itertools import count
from random import Random
from typing import Any
from uuid import UUID, uuid5

from app import storage
from app.auth.models import Account, AccountKind
from app.database import db
from reports.city.demo.material import Material
from reports.city.demo.moments import YEAR
from reports.city.demo.names import invented_name
from reports.city.demo.pictures import picture
from reports.city.snapshot import City
from reports.darkroom.headers import look
from reports.darkroom.printing import Processed, redraw
from reports.models import Photo, Report
from reports.permissions import Viewer
from reports.statuses import Role

SOURCE = "demo"  # in `report.source`: how they are known when they are taken out again
SPACE = UUID("8c1f0a52-6f4e-5a53-9f0e-2f5a8e7d0b11")  # all ids of the demo follow from it
VARIANTS = {"flood": 2, "pothole": 2, "lamp": 2, "rubbish": 2}

Course = Generator[datetime, None, None]


def demo_id(*what: object) -> UUID:
    return uuid5(SPACE, ":".join(map(str, what)))


class Over(Exception):
    """The report took another way than its plot meant: the play ends here."""


@dataclass
class Stage:
    """Everything the plays share: the city, the people, the pictures, the time."""

    city: City
    material: Material
    now: datetime
    random: Random = field(default_factory=lambda: Random(11))
    accounts: set[UUID] = field(default_factory=set)
    reports: dict[UUID, Report] = field(default_factory=dict)  # held: else each is read anew
    plays: dict[int, Any] = field(default_factory=dict)  # number of the plot → Play
    developed: dict[tuple[str, bool, int], tuple[bytes, Processed]] = field(default_factory=dict)

    def perform(self, courses: Iterable[Course], ended: Callable[[], object]) -> None:
        """Play everything that lies before now, in order of time; `ended` is called for each."""
        order = count()
        due: list[tuple[datetime, int, Course]] = []
        for course in courses:
            self._next(due, order, course, ended)
        while due:
            _, _, course = heapq.heappop(due)
            self._next(due, order, course, ended)

    def _next(self, due: Any, order: Any, course: Course, ended: Callable[[], object]) -> None:
        try:
            moment = next(course)
        except (StopIteration, Over):
            ended()
            return
        if moment > self.now:
            ended()
        else:
            heapq.heappush(due, (moment, next(order), course))

    def account(self, kind: AccountKind, *what: object) -> UUID:
        """An account of the demo, made when first needed. Nobody can sign in with it."""
        account_id = demo_id(kind, *what)
        if account_id not in self.accounts:
            self.accounts.add(account_id)
            official = kind is AccountKind.OFFICIAL
            name = invented_name(str(account_id)) if official else None
            born = self.now - timedelta(days=YEAR + 30)
            db.session.add(Account(id=account_id, kind=kind, name=name, created_at=born))
            db.session.flush()
        return account_id

    def resident(self, number: int) -> UUID:
        return self.account(AccountKind.RESIDENT, number)

    def official(self, role: Role, office_id: int) -> Viewer:
        account_id = self.account(
            AccountKind.OFFICIAL, role, self.city.offices_by_id[office_id].code
        )
        return Viewer(account_id, frozenset({(role, office_id)}))

    def photo(
        self, scene: str | None, owner: UUID, at: datetime, *what: object, mended: bool
    ) -> UUID:
        """A drawn picture, stored like a photo that its owner sent."""
        scene = scene or "street"
        photo_id = demo_id("photo", *what)
        variant = self.random.randrange(VARIANTS.get(scene, 1))
        drawn, done = self._develop(scene, variant, mended=mended)
        key = f"{photo_id.hex[:2]}/{photo_id.hex[2:4]}/{photo_id}.jpg"
        small = key.replace(".jpg", "-400.jpg")
        storage.put(key, done.large)
        storage.put(small, done.small)
        db.session.add(
            Photo(
                id=photo_id,
                owner_id=owner,
                sha256=sha256(drawn + photo_id.bytes).digest(),
                key=key,
                small_key=small,
                width=done.width,
                height=done.height,
                thumbhash=done.thumbhash,
                likeness=done.likeness,
                created_at=at,
            )
        )
        db.session.flush()
        return photo_id

    def _develop(self, scene: str, variant: int, *, mended: bool) -> tuple[bytes, Processed]:
        """Each picture goes the way of every photo once; its copies are stored as they are."""
        found = self.developed.get((scene, mended, variant))
        if found is None:
            drawn = picture(scene, mended=mended, variant=variant)
            found = drawn, redraw(BytesIO(drawn), look(drawn))
            self.developed[scene, mended, variant] = found
        return found
