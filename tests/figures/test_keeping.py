"""Figures follow what happens, and are the same as if they were made anew."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, text, update

from app.clock import now
from app.database import db
from app.errors import XomError
from reports import voices
from reports.city import succeeding
from reports.city.models import Area
from reports.figures import checking, keeping
from reports.figures.models import FigureState, ReportFact, figure_group
from reports.models import Comment, Report
from reports.permissions import Viewer
from reports.statuses import Rejection, Role, Status
from tests.figures.conftest import Counted
from tests.reports.conftest import MONDAY

PEOPLE = ("Lan", "Mai", "Tú", "Bình")
STEPS = 200


class Story:
    """People doing this and that at random, where it is allowed."""

    def __init__(self, house: Counted, seed: int) -> None:
        self.house, self.random = house, random.Random(seed)
        self.reports: list[Report] = []
        self.done: list[str] = []
        for name in PEOPLE:  # here, since what is not allowed is undone with all that it made
            house.person(name)
        for code in house.city.office_by_code:
            house.official(Role.OFFICER, code)
        self.centre()
        self.acts: dict[str, Callable[[], object]] = {
            "submit": self.submit, "accept": self.accept, "reject": self.reject,
            "start": self.start, "ask": self.ask, "answer": self.answer, "return": self.returns,
            "forward": self.forward, "resolve": self.resolve, "send_back": self.send_back,
            "reopen": self.reopen, "confirm": self.confirm, "merge": self.merge,
            "unmerge": self.unmerge, "withdraw": self.withdraw, "hide": self.hide,
            "amend": self.amend, "rate": self.rate, "comment": self.comment,
            "speak": self.speak, "follow": house.follow,
        }  # fmt: skip

    def go_on(self) -> None:
        """One thing more happens, some time later; what is not allowed is passed over."""
        self.house.later(minutes=self.random.randint(1, 900))
        name = self.random.choice([*self.acts, "submit", "accept", "start", "resolve"])
        try:
            with db.session.begin_nested():
                self.acts[name]()
        except (XomError, IndexError):
            db.session.expire_all()
            return
        self.done.append(name)

    def one(self, *statuses: Status) -> Report:
        return self.random.choice([r for r in self.reports if r.status in statuses])

    def centre(self) -> Viewer:
        return self.house.official(Role.DISPATCHER)

    def office(self, report: Report) -> Viewer:
        return self.house.official(
            Role.OFFICER, self.house.city.offices_by_id[report.office_id].code
        )

    def reporter(self, report: Report) -> Viewer:
        return Viewer(report.reporter_id)

    def submit(self) -> None:
        lat, lng = self.random.uniform(16.44, 16.49), self.random.uniform(107.55, 107.62)
        self.reports.append(self.house.submits(self.random.choice(PEOPLE), place=(lat, lng)))

    def accept(self) -> None:
        urgent = self.random.random() < 0.2
        self.house.takes(self.centre(), "accept", self.one(Status.SUBMITTED), urgent=urgent)

    def reject(self) -> None:
        report = self.one(Status.SUBMITTED, Status.ACCEPTED, Status.RETURNED, Status.WAITING)
        reason = str(self.random.choice([*Rejection]))
        self.house.takes(self.centre(), "reject", report, reason=reason, note="Lý do.")

    def start(self) -> None:
        report = self.one(Status.ACCEPTED)
        self.house.takes(self.office(report), "start", report)

    def ask(self) -> None:
        report = self.one(Status.SUBMITTED, Status.ACCEPTED, Status.IN_PROGRESS)
        self.house.takes(self.centre(), "ask", report, note="Chỗ nào?")

    def answer(self) -> None:
        report = self.one(Status.WAITING)
        self.house.takes(self.centre(), "resume", report, note="Đã rõ.")

    def returns(self) -> None:
        report = self.one(Status.ACCEPTED, Status.IN_PROGRESS)
        self.house.takes(self.office(report), "return", report, note="Không thuộc.")

    def forward(self) -> None:
        report = self.one(Status.ACCEPTED, Status.IN_PROGRESS, Status.RETURNED, Status.WAITING)
        code = self.random.choice(sorted(self.house.city.office_by_code))
        self.house.takes(self.centre(), "forward", report, office=code)

    def resolve(self) -> None:
        report = self.one(Status.IN_PROGRESS)
        outcome = self.random.choice(["fixed", "explained", "not_found"])
        self.house.takes(self.office(report), "resolve", report, outcome=outcome, note="Đã làm.")

    def send_back(self) -> None:
        self.house.takes(self.centre(), "send_back", self.one(Status.RESOLVED), note="Thiếu.")

    def reopen(self) -> None:
        report = self.one(Status.RESOLVED, Status.CLOSED)
        self._by_reporter(report, "reopen", note="Chưa xong.")

    def confirm(self) -> None:
        self._by_reporter(self.one(Status.RESOLVED), "confirm")

    def withdraw(self) -> None:
        self._by_reporter(self.one(Status.SUBMITTED, Status.ACCEPTED, Status.WAITING), "withdraw")

    def _by_reporter(self, report: Report, step: str, **order: object) -> None:
        name = next(n for n, c in self.house.people.items() if c.account_id == report.reporter_id)
        self.house.takes(name, step, report, **order)

    def merge(self) -> None:
        report, target = self.one(*Status), self.one(*Status)
        self.house.takes(self.centre(), "merge", report, target=target.id)

    def unmerge(self) -> None:
        self.house.takes(self.centre(), "unmerge", self.one(Status.MERGED))

    def hide(self) -> None:
        self.house.takes(self.centre(), "hide", self.one(*Status), note="Lộ số nhà.")

    def amend(self) -> None:
        lat, lng = self.random.uniform(16.44, 16.49), self.random.uniform(107.55, 107.62)
        self.house.takes(self.centre(), "amend", self.one(*Status), lat=lat, lng=lng)

    def rate(self) -> None:
        report = self.one(Status.RESOLVED, Status.CLOSED)
        by = self.house.person(self.random.choice(PEOPLE)).account_id
        voices.rate(report, self.random.randint(1, 5), "", by=by, at=self.house.at)

    def comment(self) -> None:
        by = Viewer(self.house.person(self.random.choice(PEOPLE)).account_id)
        said = voices.comment(self.one(*Status), uuid4(), "Ý kiến.", by=by, at=self.house.at).said
        voices.publish_comment(said, at=self.house.at, shown=self.random.random() < 0.8)

    def speak(self) -> None:
        report = self.one(*Status)
        voices.comment(report, uuid4(), "Đã rõ.", by=self.office(report), at=self.house.at)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_after_any_story_the_kept_figures_are_those_made_anew(house: Counted, seed: int) -> None:
    story = Story(house, seed)

    while len(story.done) < STEPS:
        story.go_on()
    house.follow()

    assert checking.differences() == {}
    assert len({*story.done}) > 15  # much has happened
    everything = {one.id for one in story.reports}
    assert {*db.session.scalars(select(ReportFact.report_id))} >= everything


def test_a_check_finds_what_is_wrong(house: Counted) -> None:
    """The negative control of the test above."""
    report = house.submits()
    house.follow()
    db.session.execute(update(ReportFact).values(urgent=~ReportFact.urgent))
    db.session.execute(update(figure_group).values(received=figure_group.c.received + 1))

    found = checking.differences()

    assert found["report_fact.urgent"] >= 1
    assert found["figure_group"] > 0
    house.takes(house.official(Role.DISPATCHER), "accept", report)
    house.follow()  # the fact is written anew, and its groups with it
    assert "report_fact.urgent" not in checking.differences()


def test_nothing_is_said_until_everything_was_made_once(house: Counted) -> None:
    house.submits()
    db.session.execute(text("delete from figure_state"))

    first = keeping.turn(paced=False)

    assert first.more
    assert db.session.get_one(FigureState, 1).as_of is None
    house.follow()
    assert db.session.get_one(FigureState, 1).as_of is not None


def test_making_anew_goes_on_where_it_stood(
    house: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "SLICE", 2)  # as many as fit into a test
    for _ in range(5):
        house.submits()
    house.follow()
    keeping.begin_anew()

    turns = [keeping.turn(paced=False) for _ in range(3)]
    stood = db.session.get_one(FigureState, 1).rebuild_after
    db.session.execute(text("delete from figure_group"))
    house.follow()

    assert [turn.reports for turn in turns[:2]] == [2, 2]
    assert stood not in {None, keeping.NOBODY}
    assert checking.differences() == {}


def test_of_two_releases_beside_each_other_one_alone_keeps(house: Counted) -> None:
    """Else each would make everything anew after the other, for as long as both run."""
    house.submits()
    house.follow()
    state = db.session.get_one(FigureState, 1)
    ours, theirs = state.made_by, "another release's".ljust(64, ".")
    state.made_by, state.rest_until = theirs, now() - timedelta(minutes=1)
    db.session.flush()

    assert keeping.turn() == keeping.IDLE
    assert (state.made_by, state.rebuild_after) == (theirs, None)

    state.rest_until = now() - keeping.SILENT - timedelta(minutes=1)  # it is gone
    db.session.flush()
    assert keeping.turn().more
    assert state.made_by == ours
    house.follow()
    assert checking.differences() == {}


def test_a_command_of_a_new_release_does_not_wait_for_the_old_one(house: Counted) -> None:
    house.follow()
    state = db.session.get_one(FigureState, 1)
    ours, state.made_by = state.made_by, "another release's".ljust(64, ".")
    db.session.flush()

    keeping.turn(paced=False)

    assert state.made_by == ours


def test_a_turn_rests_nineteen_times_as_long_as_it_worked(house: Counted) -> None:
    house.follow()
    house.submits()
    db.session.flush()
    began = now()

    keeping.turn(paced=False)

    rest_until = db.session.get_one(FigureState, 1).rest_until
    assert rest_until is not None
    assert rest_until - now() >= (now() - began) * 15 - timedelta(seconds=1)
    house.submits()
    db.session.flush()
    assert keeping.turn() == keeping.IDLE


def test_what_differs_in_nothing_that_is_counted_makes_no_group_anew(house: Counted) -> None:
    report = house.submits()
    house.follow()
    report.reminded = 1
    db.session.flush()

    turn = keeping.turn(paced=False)

    assert (turn.reports, turn.groups) == (1, 0)


def test_a_report_taken_out_is_counted_no_more(house: Counted) -> None:
    report = house.submits()
    assert house.total()["received"] == 1
    db.session.execute(text("set local session_replication_role = replica"))
    db.session.execute(text("delete from report where id = :id"), {"id": report.id})
    db.session.execute(text("set local session_replication_role = origin"))
    db.session.expunge(report)
    db.session.execute(text("insert into figure_change values (:id)"), {"id": report.id})

    assert house.total() == {}


def test_history_keeps_the_ward_and_office_of_before_a_merger(house: Counted) -> None:
    finished, running = house.submits("Lan"), house.submits("Mai")
    centre = house.official(Role.DISPATCHER)
    house.takes(centre, "reject", finished, reason="unclear", note="Chưa rõ.")
    house.takes(centre, "accept", running)
    old = house.city.area_by_id[running.area_id]
    new = next(one for one in house.city.area_by_id.values() if one.id != old.id)
    house.later(days=60)
    row = db.session.get_one(Area, new.id)

    handover = succeeding.Handover(
        at=house.at, why_vi="Nhập phường.", why_en="Merged.", areas={old.id: row}
    )
    succeeding.hand_over(handover)

    assert house.fact(finished.id).area_id == old.id
    assert house.fact(running.id).area_id == new.id


def test_months_quarters_and_years_hold_what_was_received_in_them(house: Counted) -> None:
    for months in (0, 1, 2):  # March, April, May
        house.at = MONDAY + timedelta(days=31 * months)
        house.submits()

    received = {
        (span, start): house.total(span, start)["received"]
        for span, start in (
            ("month", date(2026, 3, 1)), ("month", date(2026, 4, 1)), ("month", date(2026, 5, 1)),
            ("quarter", date(2026, 1, 1)), ("quarter", date(2026, 4, 1)),
            ("year", date(2026, 1, 1)),
        )
    }  # fmt: skip

    assert list(received.values()) == [1, 1, 1, 1, 2, 3]


def test_a_hidden_comment_is_no_longer_counted(house: Counted) -> None:
    report = house.submits()
    by = Viewer(house.person("Mai").account_id)
    said = voices.comment(report, uuid4(), "Tôi cũng thấy.", by=by, at=house.at).said
    voices.publish_comment(said, at=house.at, shown=True)
    assert house.total()["comments"] == 1

    voices.publish_comment(db.session.get_one(Comment, said.id), at=house.at, shown=False)

    assert house.total()["comments"] == 0
