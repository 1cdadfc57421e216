"""One report being played: when its people act, who they are, and what they do, in short verbs."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.auth.guards import Caller
from app.auth.models import AccountKind
from app.database import db
from reports import clockwork, deadlines, intake, voices, workflow
from reports.city.demo.script import PEOPLE, Plot
from reports.city.demo.stage import SOURCE, Over, Stage, demo_id
from reports.city.snapshot import City
from reports.models import Report
from reports.orders import StepOrder
from reports.permissions import Viewer
from reports.statuses import STEPS, Identity, Role
from reports.submissions import Submission


@dataclass
class Play:
    """One report and the moment in which it is; short verbs for what people do with it."""

    stage: Stage
    plot: Plot
    clock: datetime
    acts: int = 0

    @property
    def id(self) -> UUID:
        return demo_id("report", self.plot.number)

    @property
    def report(self) -> Report:
        found = self.stage.reports.get(self.id)
        if found is None:
            raise Over
        return found

    @property
    def city(self) -> City:
        return self.stage.city

    def said(self, occasion: str) -> str:
        return self.stage.random.choice(self.stage.material.said(occasion))

    # When ----------------------------------------------------------------------------------------

    def until(self, moment: datetime) -> datetime:
        """Move this play's clock; the course yields what comes back."""
        self.clock = max(moment, self.clock + timedelta(seconds=30))
        return self.clock

    def worked(self, least: float, most: float) -> datetime:
        """After so many working hours; by the clock when it is urgent."""
        hours = self.stage.random.uniform(least, most)
        if self.report.urgent:
            return self.until(self.clock + timedelta(hours=min(hours, 3) / 4))
        seconds = round(hours * 3600)
        return self.until(deadlines.add_working_seconds(self.city.calendar, self.clock, seconds))

    def desk(self) -> datetime:
        """When the dispatcher looks: within the working hour, at once when it is urgent."""
        if self.report.urgent:
            return self.until(self.clock + timedelta(minutes=self.stage.random.uniform(2, 12)))
        return self.worked(0.1, 2.5)

    def before_due(self) -> datetime:
        """When the office answers: mostly in time, one in nine late."""
        due = self.report.due_at or self.clock + timedelta(days=7)
        late = self.stage.random.random() < 0.11
        share = (
            self.stage.random.uniform(1.05, 1.5) if late else self.stage.random.uniform(0.15, 0.92)
        )
        if self.report.urgent:
            left = due - self.report.submitted_at
            return self.until(self.report.submitted_at + left * share)
        calendar = self.city.calendar
        seconds = deadlines.working_seconds_between(calendar, self.clock, due)
        after = deadlines.add_working_seconds(
            calendar, self.clock, max(900, round(seconds * share))
        )
        return self.until(after)

    def evening(self, least: float, most: float) -> datetime:
        """Some days later, when a resident has time."""
        days = timedelta(days=self.stage.random.uniform(least, most))
        local = (self.clock + days).astimezone(ZoneInfo(self.city.profile.timezone))
        at = local.replace(hour=self.stage.random.choice((7, 12, 18, 19, 20, 21)))
        return self.until(max(at.astimezone(UTC), self.clock + timedelta(minutes=20)))

    # Who -----------------------------------------------------------------------------------------

    def reporter_id(self) -> UUID:
        if self.plot.anonymous:
            return self.stage.account(AccountKind.ANONYMOUS, self.plot.number)
        return self.stage.resident(self.plot.person)

    def dispatcher(self) -> Viewer:
        return self.stage.official(Role.DISPATCHER, self.city.centre.id)

    def office(self, role: Role = Role.OFFICER) -> Viewer:
        return self.stage.official(role, self.report.office_id)

    # What ----------------------------------------------------------------------------------------

    def submit(self) -> None:
        plot, owner = self.plot, self.reporter_id()
        photos: tuple[UUID, ...] = ()
        if plot.pictured and plot.scene:
            photos = (self.stage.photo(plot.scene, owner, self.clock, plot.number, mended=False),)
        kind = AccountKind.ANONYMOUS if plot.anonymous else AccountKind.RESIDENT
        submission = Submission(
            id=self.id,
            category=plot.category,
            lat=plot.lat,
            lng=plot.lng,
            description=plot.words,
            place_note=plot.place_note,
            photos=photos,
            answers=plot.answers,
            identity=Identity.ANONYMOUS if plot.anonymous else Identity.CONFIDENTIAL,
            source=SOURCE,
        )
        sent = intake.submit_report(submission, by=Caller(owner, kind, "vi", b""), at=self.clock)
        self.stage.reports[self.id] = sent.report

    def take(self, step: str, by: Viewer | None = None, **order: Any) -> None:
        """One step at this play's moment, after what time did until then. Raises Over when the
        report is no longer where the plot meant it to be."""
        self.let_time_pass(self.clock)
        if self.report.status not in STEPS[step].before:
            raise Over
        self.acts += 1
        wanted = StepOrder(id=demo_id("step", self.plot.number, self.acts), step=step, **order)
        workflow.move(self.report, wanted, by=by or Viewer(self.reporter_id()), at=self.clock)

    def let_time_pass(self, moment: datetime) -> None:
        """Reminders, closing by itself, going on without an answer: each at its own moment."""
        report = self.report
        for _ in range(12):
            due = report.next_check_at
            if due is None or due > moment:
                return
            clockwork.look_at(report, self.city, due)
            db.session.flush()

    def resolve(self, outcome: str, note: str, **order: Any) -> None:
        officer = self.office()
        category = self.city.categories_by_id[self.report.category_id]
        if outcome == "fixed" and (category.evidence or self.plot.pictured):
            order["photos"] = (
                self.stage.photo(
                    self.plot.scene, officer.account_id or self.id, self.clock,
                    self.plot.number, self.acts, "after", mended=True,
                ),
            )  # fmt: skip
        self.take("resolve", officer, outcome=outcome, note=note, **order)

    def rate(self) -> None:
        stars = self.stage.random.choices((5, 4, 3, 2, 1), (44, 30, 13, 7, 6))[0]
        words = self.stage.random.choice(self.stage.material.words["ratings"][str(stars)])
        voices.rate(self.report, stars, words, by=self.reporter_id(), at=self.clock)

    def support(self, number: int) -> None:
        person = self.stage.resident(number % PEOPLE)
        if person != self.reporter_id():
            voices.support(self.report, person, at=self.clock)
