"""March 2026 in Huế, 31 reports by hand: what people did, hour by hour, so that every figure of the
month can be worked out on paper. `test_story.py` has the sums.

Work is from 7:30 to 11:30 and from 13:00 to 17:00, Monday to Friday; the first Monday is the 2nd.
Figures are as of Wednesday 1 April, 12:00, when the summer's hours have begun (7:30 to 11:30).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import uuid4

from sqlalchemy import text

from app.database import db
from reports import voices
from reports.models import Report
from reports.permissions import Viewer
from reports.statuses import Role
from tests.figures.conftest import Counted, local

HEALTH, TOURISM = "so-y-te", "so-du-lich"
SOUTH, NORTH = (16.4560, 107.5900), (16.4850, 107.5700)  # two wards
AS_OF = datetime(2026, 4, 1, 5, tzinfo=UTC)  # 12:00 in Huế
PLAIN, ANIMALS, VIOLENCE = "khac", "dong-vat", "bao-luc"


@dataclass
class Story:
    house: Counted
    reports: dict[str, Report] = field(default_factory=dict)
    people: Iterator[int] = field(default_factory=count)
    spots: Iterator[int] = field(default_factory=count)

    def sent(
        self, name: str, at: datetime, category: str, place: tuple[float, float],
        spot: tuple[float, float] | None = None,
    ) -> Report:  # fmt: skip
        """Somebody new reports something, more than 50 m from everything else."""
        self.house.at = at
        row, column = divmod(next(self.spots), 6)
        here = spot or (place[0] + 0.0006 * row, place[1] + 0.0006 * column)
        report = self.house.submits(f"person {next(self.people)}", category=category, place=here)
        self.reports[name] = report
        return report

    def step(self, by: Viewer | str, step: str, name: str, at: datetime, **order: object) -> None:
        self.house.at = at
        self.house.takes(by, step, self.reports[name], **order)

    def accepted(self, name: str, at: datetime, office: str, *, start: bool = True) -> None:
        self.step(self.dispatcher, "accept", name, at, office=office)
        if start:
            self.step(self.officer(office), "start", name, at)

    def resolved(self, name: str, at: datetime, office: str, outcome: str = "fixed") -> None:
        self.step(
            self.officer(office), "resolve", name, at, outcome=outcome, note="Đã xem và trả lời."
        )

    def rated(self, name: str, stars: int, who: str, at: datetime) -> None:
        by = self.house.person(who).account_id
        voices.rate(self.reports[name], stars, "", by=by, at=at)

    def says(self, name: str, who: str | Viewer, at: datetime, *, shown: bool = True) -> None:
        by = Viewer(self.house.person(who).account_id) if isinstance(who, str) else who
        written = voices.comment(self.reports[name], uuid4(), "Bao giờ xong?", by=by, at=at)
        if isinstance(who, str):
            voices.publish_comment(written.said, at=at + timedelta(minutes=5), shown=shown)

    def reporter(self, name: str) -> str:
        """Who sent it, by their name here."""
        who = self.reports[name].reporter_id
        return next(n for n, one in self.house.people.items() if one.account_id == who)

    @property
    def dispatcher(self) -> Viewer:
        return self.house.official(Role.DISPATCHER)

    def officer(self, office: str) -> Viewer:
        return self.house.official(Role.OFFICER, office)


def lived(house: Counted) -> Story:
    """All of it, and the figures as of 1 April."""
    story = Story(house)
    _around_the_month(story)
    _answered_in_time(story)
    _answered_late(story)
    _ended_at_the_centre(story)
    _still_open(story)
    _words_and_stars(story)
    house.follow()
    db.session.execute(
        text("update figure_state set as_of = :at, worked = xom_worked(:at)"), {"at": AS_OF}
    )
    db.session.commit()
    house.at = AS_OF
    return story


def _around_the_month(story: Story) -> None:
    """One in the last hour of February, one in the first of March, one in the first of April."""
    story.sent("february", local(1, 0) - timedelta(minutes=30), PLAIN, NORTH)
    story.sent("M", local(1, 0, 10), PLAIN, NORTH)
    story.sent("april", local(31, 23, 30) + timedelta(hours=1), PLAIN, NORTH)


def _answered_in_time(story: Story) -> None:
    """Ten, and one that was reopened: sent on Monday at 8:00, accepted at 9:00, answered on Tuesday
    at 10:00."""
    for name in (*(f"A{number}" for number in range(10)), "I"):
        story.sent(name, local(2, 8), PLAIN, SOUTH)
        story.accepted(name, local(2, 9), HEALTH)
    story.says("A4", "a neighbour", local(2, 12))
    for name in (*(f"A{number}" for number in range(10)), "I"):
        story.resolved(name, local(3, 10), HEALTH)
    story.rated("A1", 5, story.reporter("A1"), local(3, 15))
    story.rated("A1", 4, "a neighbour", local(3, 15))
    story.rated("A2", 4, story.reporter("A2"), local(3, 15))
    story.rated("A3", 2, story.reporter("A3"), local(3, 15))
    story.step(story.reporter("I"), "reopen", "I", local(5, 10), note="Nước vẫn tràn.")


def _answered_late(story: Story) -> None:
    """Four accepted on the second day and due on the 12th, answered on the 20th; one urgent, sent
    on a Sunday night, answered on Monday at 8:00: nine hours by the clock."""
    for number in range(4):
        story.sent(f"B{number}", local(4, 8), ANIMALS, NORTH)
        story.accepted(f"B{number}", local(5, 8, 30), TOURISM)
        story.resolved(f"B{number}", local(20, 10), TOURISM, "explained")
    story.sent("J", local(15, 23), VIOLENCE, SOUTH)
    story.accepted("J", local(15, 23, 30), TOURISM)
    story.resolved("J", local(16, 8), TOURISM)


def _ended_at_the_centre(story: Story) -> None:
    for name, reason in (("C1", "outside_scope"), ("C2", "unclear"), ("C3", "other")):
        story.sent(name, local(6, 8), PLAIN, SOUTH)
        story.step(story.dispatcher, "reject", name, local(6, 10), reason=reason, note="Không rõ.")
    story.sent("D", local(9, 8), PLAIN, SOUTH)
    story.step(story.reporter("D"), "withdraw", "D", local(9, 9))


def _still_open(story: Story) -> None:
    """Overdue, waiting, returned, merged into one of them, and not looked at."""
    first = story.reports["A1"]
    for name, spot in (("F1", None), ("F2", None), ("F3", (first.lat, first.lng))):
        story.sent(name, local(9, 8), PLAIN, NORTH, spot)
        story.accepted(name, local(9, 9), HEALTH)
    for name in ("E1", "E2"):
        story.sent(name, local(9, 8), PLAIN, NORTH)
        target = story.reports["F1"].id
        story.step(story.dispatcher, "merge", name, local(9, 10), target=target)
    head = story.house.official(Role.HEAD, HEALTH)
    until = local(30, 17)
    story.step(head, "ask_extension", "F2", local(10, 9), note="Chờ vật tư.", until=until)
    story.step(story.dispatcher, "grant_extension", "F2", local(10, 10))
    for name in ("G1", "G2"):
        story.sent(name, local(16, 8), ANIMALS, SOUTH)
        story.accepted(name, local(16, 9), TOURISM)
        story.step(story.officer(TOURISM), "ask", name, local(17, 10), note="Ở số nhà nào?")
    story.sent("H", local(16, 8), PLAIN, SOUTH)
    story.accepted("H", local(16, 9), TOURISM, start=False)
    story.step(story.officer(TOURISM), "return", "H", local(18, 9), note="Không thuộc Sở.")
    for name in ("K1", "K2"):
        story.sent(name, local(30, 8), PLAIN, NORTH)


def _words_and_stars(story: Story) -> None:
    story.says("F1", "a neighbour", local(11, 9))
    story.says("A5", "a neighbour", local(4, 9), shown=False)
    story.says("B1", "a neighbour", local(21, 9))
    story.says("B1", story.officer(TOURISM), local(22, 9))
    story.rated("B1", 1, story.reporter("B1"), local(22, 9))
    db.session.commit()
