"""A report in every state that matters to who may see it, and everybody who might look.

`Case` is one report with its callers; `Requests` sends what they ask, each request undone
afterwards, so that one world serves all tests of a module.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection
from werkzeug.test import TestResponse

from app import storage
from app.auth import tokens
from app.auth.models import Account, AccountKind
from app.clock import now
from app.database import db
from reports import codes, roles, voices
from reports.city import snapshot
from reports.city.values import Office
from reports.desk.models import Complaint
from reports.erasure import erase
from reports.models import Photo, Report
from reports.permissions import Viewer
from reports.statuses import Role
from tests.reports.conftest import House

CALLERS = (
    "anybody", "owner", "other", "supporter", "merged", "dispatcher", "officer", "joined",
    "elsewhere", "head", "leader", "admin", "accused",
)  # fmt: skip
ABROAD = {"REMOTE_ADDR": "203.0.113.9"}  # not the host itself, which may read the metrics
JPEG = b"\xff\xd8\xff\xe0 a picture of the drain \xff\xd9"
PHONE = "0905 123 456"
JOINED, ELSEWHERE = "so-y-te", "so-du-lich"
OTHER_WARD = "ubnd-19753"  # whose officer stands for the accused where nobody is accused


@dataclass
class Case:
    """One report in one state, and who the callers are for it."""

    state: str
    report_id: UUID
    code: str
    version: int
    lead: str  # the office that leads, or is proposed
    photo_id: UUID
    resolved_photo_id: UUID
    comment_id: UUID
    complaint_id: UUID
    people: dict[str, UUID]
    follower_id: UUID | None = None  # the report that was merged into it
    reporters_photos: tuple[UUID, ...] = ()  # sent with steps


@dataclass
class Requests:
    """Sends requests of anybody, each on its own and undone afterwards."""

    app: Flask
    connection: Connection
    tokens: dict[UUID, str] = field(default_factory=dict)

    def __call__(
        self, account_id: UUID | None, method: str, path: str, **kwargs: Any
    ) -> TestResponse:
        db.session.commit()  # what the test itself did stays
        with undone(self.connection):
            return self.kept(account_id, method, path, **kwargs)

    def kept(self, account_id: UUID | None, method: str, path: str, **kwargs: Any) -> TestResponse:
        """The same, but what it changes stays."""
        headers = {"Accept-Language": "en", **kwargs.pop("headers", {})}
        if account_id:
            headers["Authorization"] = f"Bearer {self.tokens[account_id]}"
        db.session.commit()
        with self.app.app_context():
            return FlaskClient(self.app, self.app.response_class).open(
                path,
                method=method,
                headers=headers,
                environ_overrides=ABROAD,
                buffered=True,
                **kwargs,
            )


@contextmanager
def undone(connection: Connection) -> Iterator[None]:
    """Whatever is committed within is taken back at the end."""
    savepoint = connection.begin_nested()
    try:
        yield
    finally:
        savepoint.rollback()


class World:
    """Makes the cases. Times are real: the requests that follow happen now."""

    def __init__(self, app: Flask, connection: Connection) -> None:
        self.house = House(snapshot.current(), at=now())
        self.requests = Requests(app, connection)
        self.dispatcher = self.house.official(Role.DISPATCHER)

    def case(self, state: str) -> Case:
        """A report brought to a state by the steps that lead there."""
        return getattr(self, f"_{state}")(state)

    # The states, each from the one before ------------------------------------------------------

    def _unpublished(self, state: str) -> Case:
        return self._sent(state, self.house.plain_category())

    def _held_back(self, state: str) -> Case:
        return self._accepted(state, self.house.plain_category(), hold_back=True)

    def _automatic(self, state: str) -> Case:
        """Accepted by itself: routed and on the clock, and no person has looked."""
        return self._join(self._sent(state, "den-duong", answers={"tinh-trang": "mot-bong"}))

    def _published(self, state: str) -> Case:
        return self._accepted(state, self.house.plain_category())

    def _leaving(self, state: str) -> Case:
        """For requests whose effect reaches beyond the database: files that are deleted."""
        return self._published(state)

    def _started(self, state: str) -> Case:
        case = self._published(state)
        return self._take(case, self.house.official(Role.OFFICER, case.lead), "start")

    def _reopened(self, state: str) -> Case:
        """Asked, answered with a picture; resolved, reopened with another."""
        case = self._published(state)
        owner = Viewer(case.people["owner"])
        answer, objection = self.photo(owner.account_id), self.photo(owner.account_id)
        self._take(case, self.dispatcher, "ask", note="Ở đâu?")
        self._take(case, owner, "answer", note="Sau nhà.", photos=(answer,))
        self._resolve(case)
        case.reporters_photos = (answer, objection)
        return self._take(case, owner, "reopen", note="Chưa xong.", photos=(objection,))

    def _answered(self, state: str) -> Case:
        case = self._published(state)
        return self._resolve(case)

    def _hidden(self, state: str) -> Case:
        case = self._answered(state)
        return self._take(case, self.dispatcher, "hide", note="Lời lẽ xúc phạm.")

    def _private(self, state: str) -> Case:
        return self._resolve(self._accepted(state, "thu-tuc"))

    def _against(self, state: str) -> Case:
        return self._resolve(self._accepted(state, "thai-do"))

    def _against_the_centre(self, state: str) -> Case:
        """Nothing that the shipped city routes so; another city's rules may."""
        case = self._sent(state, "thai-do")
        report = db.session.get_one(Report, case.report_id)
        report.accused_office_id = self.house.city.centre.id
        return self._fresh(case)

    def _became_private(self, state: str) -> Case:
        """Public at first; then somebody saw that it concerns a private person."""
        case = self._published(state)
        return self._take(case, self.dispatcher, "amend", category="thu-tuc")

    def _merged_shown(self, state: str) -> Case:
        return self._merge(self._published(state))

    def _merged_unseen(self, state: str) -> Case:
        return self._merge(self._unpublished(state))

    def _rejected(self, state: str) -> Case:
        case = self._unpublished(state)
        return self._take(case, self.dispatcher, "reject", reason="unclear", note="Chưa rõ.")

    def _withdrawn(self, state: str) -> Case:
        """Nobody's report may follow one that is taken back."""
        case = self._published(state)
        follower = db.session.get_one(Report, case.follower_id)
        self.house.takes(self.dispatcher, "unmerge", follower)
        return self._take(case, Viewer(case.people["owner"]), "withdraw")

    def _erased(self, state: str) -> Case:
        case = self._published(state)
        erase(case.people["owner"], by=None, at=self.house.at)
        return self._fresh(case)

    # What they are made of ---------------------------------------------------------------------

    def _sent(self, state: str, category: str, **facts: object) -> Case:
        people = {who: self.resident(f"{state} {who}", who) for who in
                  ("owner", "other", "supporter", "merged")}  # fmt: skip
        photo_id, unused = self.photo(people["owner"]), uuid4()
        report = self._submitted(f"{state} owner", category, photos=(photo_id,), **facts)
        office = self.house.city.offices_by_id[report.office_id].code
        accused = OTHER_WARD
        if report.accused_office_id:
            accused = self.house.city.offices_by_id[report.accused_office_id].code
        people |= {
            "dispatcher": self.official(Role.DISPATCHER),
            "leader": self.official(Role.LEADER),
            "admin": self.official(Role.ADMIN),
            "officer": self.official(Role.OFFICER, office),
            "head": self.official(Role.HEAD, office),
            "joined": self.official(Role.OFFICER, JOINED),
            "elsewhere": self.official(Role.OFFICER, ELSEWHERE),
            "accused": self.official(Role.OFFICER, accused),
        }
        comment_id = uuid4()
        voices.comment(report, comment_id, f"Nhà tôi cũng vậy, gọi {PHONE}.",
                       by=Viewer(people["other"]), at=self.house.at)  # fmt: skip
        complaint = Complaint(id=uuid4(), report_id=report.id, account_id=people["other"],
                              text="Đây là nhà tôi.", at=self.house.at)  # fmt: skip
        db.session.add(complaint)
        voices.support(report, people["supporter"], at=self.house.at)
        case = Case(state, report.id, codes.spoken(report.code), report.version, office, photo_id,
                    unused, comment_id, complaint.id, people)  # fmt: skip
        return self._follow(case, category, **facts)

    def _submitted(self, who: str, category: str, **facts: object) -> Report:
        return self.house.submits(
            who,
            category=category,
            description=f"Cống nghẹt, gọi tôi {PHONE}.",
            place_note="Sau trạm y tế",
            **facts,
        )

    def _follow(self, case: Case, category: str, **facts: object) -> Case:
        """Somebody else's report is merged into this one."""
        follower = self._submitted(f"{case.state} merged", category, **facts)
        self.house.takes(self.dispatcher, "merge", follower, target=case.report_id)
        case.follower_id = follower.id
        return self._fresh(case)

    def _accepted(self, state: str, category: str, **order: object) -> Case:
        case = self._sent(state, category)
        return self._join(self._take(case, self.dispatcher, "accept", **order))

    def _join(self, case: Case) -> Case:
        return self._take(case, self.dispatcher, "join", office=JOINED)

    def _resolve(self, case: Case) -> Case:
        officer = self.house.official(Role.OFFICER, case.lead)
        self._take(case, officer, "start")
        picture = self.photo(officer.account_id)
        self._take(case, officer, "resolve", outcome="explained", note="Đã nạo vét.",
                   photos=(picture,))  # fmt: skip
        case.resolved_photo_id = picture
        return case

    def _merge(self, case: Case) -> Case:
        lead = self._published(f"{case.state} lead")
        return self._take(case, self.dispatcher, "merge", target=lead.report_id)

    def _take(self, case: Case, by: Viewer, step: str, **order: object) -> Case:
        report = db.session.get_one(Report, case.report_id)
        self.house.takes(by, step, report, **order)
        return self._fresh(case)

    def _fresh(self, case: Case) -> Case:
        db.session.flush()
        report = db.session.get_one(Report, case.report_id, populate_existing=True)
        case.version = report.version
        case.lead = self.house.city.offices_by_id[report.office_id].code
        return case

    def photo(self, owner_id: UUID | None, **owner: UUID) -> UUID:
        """A stored picture. Made without the darkroom: this is about who sees it."""
        photo_id = uuid4()
        key = f"{photo_id.hex[:2]}/{photo_id.hex[2:4]}/{photo_id}.jpg"
        small = key.replace(".jpg", "-400.jpg")
        for name in (key, small):
            storage.put(name, JPEG)
        db.session.add(Photo(id=photo_id, owner_id=owner_id, sha256=sha256(JPEG).digest(), key=key,
                             small_key=small, width=40, height=30, thumbhash=b"\x01", likeness=0,
                             **owner))  # fmt: skip
        db.session.flush()
        return photo_id

    def resident(self, name: str, who: str) -> UUID:
        kind = AccountKind.GUEST if who == "owner" else AccountKind.RESIDENT
        return self.known(self.house.person(name, kind).account_id)

    def official(self, role: Role, office: str | None = None) -> UUID:
        account_id = self.house.official(role, office).account_id
        assert account_id
        return self.known(account_id)

    def somebody_with(self, *posts: tuple[Role, Office]) -> UUID:
        """An official of several roles."""
        name = " and ".join(f"{role} of {office.code}" for role, office in posts)
        account_id = self.house.person(name, AccountKind.OFFICIAL).account_id
        for role, office in posts:
            roles.grant(account_id, role, office, by=None, at=self.house.at)  # type: ignore[arg-type]
        return self.known(account_id)

    def known(self, account_id: UUID) -> UUID:
        """With a token to ask by."""
        if account_id not in self.requests.tokens:
            account = db.session.get_one(Account, account_id)
            self.requests.tokens[account_id] = tokens.issue(account)
        return account_id
