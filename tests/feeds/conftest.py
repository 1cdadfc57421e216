"""The house of the reports' tests, at the present moment: feeds look back from now."""

from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, text
from werkzeug.test import TestResponse

from app.auth import tokens
from app.auth.models import Account
from app.clock import now
from app.database import db
from reports.city import snapshot
from reports.models import Report
from reports.statuses import Role
from tests.reports.conftest import TRUONG_TIEN, House, app, house_app, house_database

__all__ = ["House", "app", "house_app", "house_database"]

HERE = f"{TRUONG_TIEN[0]},{TRUONG_TIEN[1]}"
A_LUOI = (16.2746, 107.2327)  # another ward, 45 km away


class Reader:
    """A program that asks by address alone; each request in a context of its own."""

    def __init__(self, app: Flask, account_id: UUID | None = None) -> None:
        self.client = FlaskClient(app, app.response_class)
        self.app = app
        self.headers = {"Accept-Language": "vi"}
        if account_id:
            token = tokens.issue(db.session.get_one(Account, account_id))
            self.headers["Authorization"] = f"Bearer {token}"

    def __call__(
        self, path: str, *, buffered: bool = True, address: str = "127.0.0.1", **headers: str
    ) -> TestResponse:
        db.session.commit()
        with self.app.app_context():
            asked = self.headers | {name.replace("_", "-"): text for name, text in headers.items()}
            return self.client.get(
                path, headers=asked, buffered=buffered, environ_base={"REMOTE_ADDR": address}
            )


@pytest.fixture
def house(app: Flask) -> House:
    return House(snapshot.current(), at=now().replace(microsecond=0))


@pytest.fixture
def read(app: Flask, house: House) -> Reader:
    return Reader(app)


def publish(house: House, who: str = "Lan", **facts: object) -> Report:
    """Somebody sends a report, and the centre accepts it, which also publishes it."""
    report = house.submits(who, **facts)
    house.takes(house.official(Role.DISPATCHER), "accept", report)
    return report


def official(app: Flask, house: House, role: Role, office: str | None = None) -> Reader:
    """Somebody who holds this role, asking with a token."""
    return Reader(app, house.official(role, office).account_id)


def office_of(house: House, report: Report) -> str:
    return house.city.offices_by_id[report.office_id].code


def many_more(connection: Connection, report: Report, amount: int, *, letter: str) -> None:
    """So many reports like this one, each sent a second before the other; `letter` ends their
    codes."""
    db.session.flush()
    columns = [one.name for one in Report.__table__.columns if one.computed is None]
    changed = {
        "id": "gen_random_uuid()",
        "code": "lpad(n::text, 9, '0') || :letter",
        "submitted_at": "submitted_at - n * interval '1 second'",
    }
    told = ", ".join(changed.get(name, name) for name in columns)
    connection.execute(
        text(
            f"insert into report ({', '.join(columns)}) select {told}"
            " from report, generate_series(1, :amount) n where id = :id"
        ),
        {"amount": amount, "id": report.id, "letter": letter},
    )
