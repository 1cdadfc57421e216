"""A city to report in: Huế as shipped, with an official for every role, in each test's own
transaction. `House` is what a test holds: people, and short verbs for what they do."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from app.auth.guards import Caller
from app.auth.models import Account, AccountKind
from app.database import db
from app.factory import create_app
from notifications import templates
from notifications.models import Message
from reports import intake, workflow
from reports.city import snapshot
from reports.city.models import RoleGrant
from reports.city.snapshot import City
from reports.figures import keeping
from reports.models import Report, StatusChange
from reports.orders import StepOrder
from reports.permissions import Viewer, viewer_of
from reports.statuses import Role
from reports.submissions import Submission
from tests.conftest import config_for, inside_one_transaction, new_database

MONDAY = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)  # 8:30 in Huế, a working day
TRUONG_TIEN = (16.4675, 107.5885)


@pytest.fixture(scope="session")
def house_database(server_url: str, city_template: str) -> Iterator[str]:
    """A database with the shipped city in it, for each folder of tests that takes this up."""
    name = f"{city_template}_house_{uuid4().hex[:8]}"
    with new_database(server_url, city_template, name) as url:
        yield url


@pytest.fixture(scope="session")
def house_app(house_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    files = tmp_path_factory.mktemp("files")
    app = create_app(config_for(house_database, storage_url=files.as_uri()))
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def app(house_app: Flask) -> Iterator[Flask]:
    with inside_one_transaction(house_app):
        snapshot.forget()
        yield house_app
        snapshot.forget()


@dataclass
class House:
    """The people of a test, and what they do."""

    city: City
    at: datetime = MONDAY
    people: dict[str, Caller] = field(default_factory=dict)

    def person(self, name: str, kind: AccountKind = AccountKind.RESIDENT) -> Caller:
        """A caller by name, made when first asked for."""
        if name not in self.people:
            account = Account(kind=kind, locale="vi")
            db.session.add(account)
            db.session.flush()
            self.people[name] = Caller(account.id, kind, "vi", b"")
        return self.people[name]

    def official(self, role: Role, office: str | None = None) -> Viewer:
        """Somebody who holds a role for an office (the centre's, if not named)."""
        office_id = self.office_id(office) if office else self.city.centre.id
        caller = self.person(f"{role}@{office_id}", AccountKind.OFFICIAL)
        held = viewer_of(caller, self.at)
        if not held.held:
            db.session.add(
                RoleGrant(account_id=caller.account_id, office_id=office_id, role=role,
                          since=datetime(2020, 1, 1, tzinfo=UTC))
            )  # fmt: skip
            db.session.flush()
            held = viewer_of(caller, self.at)
        return held

    def office_id(self, code: str) -> int:
        office = self.city.office(code)
        assert office is not None, code
        return office.id

    def submits(
        self,
        who: str = "Lan",
        category: str | None = None,
        place: tuple[float, float] = TRUONG_TIEN,
        **facts: object,
    ) -> Report:
        """A resident sends a report."""
        submission = Submission(
            **{  # type: ignore[arg-type]
                "id": uuid4(),
                "category": category or self.plain_category(),
                "lat": place[0],
                "lng": place[1],
                "description": "Cống trước trường nghẹt, nước ngập tới đầu gối.",
                "answers": {},
                **facts,
            }
        )
        return intake.submit_report(submission, by=self.person(who), at=self.at).report

    def plain_category(self) -> str:
        """A category without danger, questions or privacy: what most tests need."""
        for category in self.city.offered_categories():
            simple = not (
                category.urgent or category.private or category.auto_accept
                or category.legal_channel or category.about_officials or category.evidence
                or any(question.get("required") for question in category.questions)
            )  # fmt: skip
            if simple and category.deadline_days:
                return category.code
        raise AssertionError("the city has no plain category")

    def takes(self, by: Viewer | str, step: str, report: Report, **order: object) -> StatusChange:
        """Somebody takes a step; residents are named, officials given."""
        viewer = Viewer(self.person(by).account_id) if isinstance(by, str) else by
        wanted = StepOrder(**{"id": uuid4(), "step": step, **order})  # type: ignore[arg-type]
        return workflow.move(report, wanted, by=viewer, at=self.at)

    def messages(self, who: str | Viewer) -> list[str]:
        """The kinds of news somebody was told, in order."""
        account_id = self.person(who).account_id if isinstance(who, str) else who.account_id
        rows = db.session.scalars(
            select(Message).where(Message.account_id == account_id).order_by(Message.at)
        )
        return [row.kind for row in rows]

    def texts(self, who: str | Viewer) -> list[str]:
        """Title and body of the news somebody was told, as their phone shows them."""
        account_id = self.person(who).account_id if isinstance(who, str) else who.account_id
        rows = db.session.scalars(
            select(Message).where(Message.account_id == account_id).order_by(Message.at)
        )
        reader = templates.Reader("vi", self.city.profile.timezone)
        told = [templates.render(row.kind, row.payload, reader, at=row.at) for row in rows]
        return [f"{text.title}\n{text.body}" for text in told]

    def changes(self, report_id: UUID) -> list[str]:
        rows = db.session.scalars(
            select(StatusChange)
            .where(StatusChange.report_id == report_id)
            .order_by(StatusChange.version)
        )
        return [row.step for row in rows]


@pytest.fixture
def house(app: Flask) -> House:
    return House(snapshot.current())


def keep_figures() -> None:
    """Have the figures follow all that happened until now."""
    while keeping.turn(paced=False).more:
        pass
