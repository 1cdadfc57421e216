"""A city, and a neighbour that speaks Open311 with it: `neighbour.get("requests.json")`."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.auth import api_keys
from app.auth.client_models import ApiClient, ApiKey
from app.auth.models import Account, AccountKind
from app.auth.scopes import Scope
from app.clock import now
from app.database import db
from reports import codes, queries
from reports.city import snapshot
from reports.models import Report
from reports.statuses import Role
from tests.reports.conftest import TRUONG_TIEN, House, app, house_app, house_database
from tests.reports.test_api import OwnContext

__all__ = ["app", "house_app", "house_database"]

Plain = dict[str, Any]
PHONE = "0905 123 456"


@dataclass
class Neighbour:
    """A client of the city's, with or without a key."""

    app: Flask
    key: str = ""
    account: Account | None = None
    language: str = "vi"
    more: dict[str, str] = field(default_factory=dict)  # headers

    def get(self, path: str, **query: Any) -> TestResponse:
        return self._ask("GET", path, query_string=query or None)

    def told(self, path: str, **query: Any) -> Any:
        """What a JSON document holds."""
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.text
        return answer.json

    def told_error(self, path: str, **query: Any) -> str:
        """What the first error of a JSON document says."""
        return str(self.get(path, **query).json[0]["description"])

    def drawn(self, path: str, **query: Any) -> Element:
        """An XML document's root, its answer as it should be."""
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.text
        return ElementTree.fromstring(answer.data)  # noqa: S314 - our own

    def ids(self, **query: Any) -> list[str]:
        return [one["service_request_id"] for one in self.told("requests.json", **query)]

    def post(self, path: str = "requests.json", **fields: Any) -> TestResponse:
        """A form, with the key in it unless another is given."""
        given = {"api_key": self.key, **fields}
        return self._ask("POST", path, data={k: v for k, v in given.items() if v is not None})

    def sends(self, **fields: Any) -> str:
        """A request that is taken; its id."""
        answer = self.post(**a_request(**fields))
        assert answer.status_code == 200, answer.text
        (told,) = answer.json
        return str(told["service_request_id"])

    def _ask(self, method: str, path: str, **kwargs: Any) -> TestResponse:
        client = OwnContext(self.app, self.app.response_class)
        headers = {"Accept-Language": self.language, **self.more}
        return client.open(f"/open311/v2/{path}", method=method, headers=headers, **kwargs)


def a_request(**fields: Any) -> Plain:
    lat, long = TRUONG_TIEN
    return {"service_code": "khac", "lat": lat, "long": long,
            "description": "Cống trước trường nghẹt.", **fields}  # fmt: skip


def a_client(name: str = "FixMyStreet", *scopes: Scope) -> tuple[Account, str]:
    """A client's account and the text of its key."""
    account = Account(kind=AccountKind.CLIENT, name=name, locale="vi")
    db.session.add(account)
    db.session.flush()
    db.session.add(ApiClient(account_id=account.id, contact_email="it@example.org"))
    db.session.flush()
    text, sha256, shown = api_keys.new_key()
    wanted = scopes or (Scope.REPORTS_CREATE,)
    db.session.add(ApiKey(id=uuid4(), account_id=account.id, sha256=sha256, shown=shown,
                          scopes=[str(one) for one in wanted], per_minute=1000,
                          per_day=100_000))  # fmt: skip
    db.session.commit()
    return account, text


@pytest.fixture
def house(app: Flask) -> House:
    """As everywhere, but today: requests are asked of the last 90 days."""
    return House(snapshot.current(), at=now().replace(microsecond=0))


@pytest.fixture
def neighbour(app: Flask, house: House) -> Neighbour:
    """One without a key."""
    return Neighbour(app)


@pytest.fixture
def client(app: Flask, house: House) -> Neighbour:
    """One with a key to send requests."""
    account, key = a_client()
    return Neighbour(app, key, account)


def published(house: House, who: str = "Lan", **facts: Any) -> Report:
    """A report that everybody sees."""
    report = house.submits(who, **facts)
    house.takes(house.official(Role.DISPATCHER), "accept", report)
    return report


def resolved(house: House, report: Report, note: str = "Đã thông cống.", **order: Any) -> None:
    office = next(one for one in house.city.offices_by_id.values() if one.id == report.office_id)
    officer = house.official(Role.OFFICER, office.code)
    if report.started_at is None:
        house.takes(officer, "start", report)
    house.takes(officer, "resolve", report, **{"outcome": "fixed", "note": note, **order})


def moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    assert found.tzinfo
    return found.astimezone(UTC)


def report_of(request_id: str) -> Report:
    report = queries.find(request_id)
    assert report is not None
    return report


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(Report)) or 0


def faults(client: Neighbour, **fields: object) -> dict[str, str]:
    """What each fault of a request that is refused is about, and says."""
    before = count()
    answer = client.post(**a_request(**fields))
    assert answer.status_code == 400, answer.text
    assert count() == before
    told = [error["description"].partition(": ") for error in answer.json]
    return {name: said for name, _, said in told}


def id_of(report: Report) -> str:
    return codes.spoken(report.code)


def sent_at(house: House, at: datetime, who: str = "Lan", **facts: object) -> Report:
    """A report of some days ago, that everybody sees."""
    now, house.at = house.at, at
    report = published(house, who, **facts)
    house.at = now
    return report


@pytest.fixture
def month(house: House) -> list[Report]:
    """One report for each of five days, the newest first."""
    days = [timedelta(days=count) for count in range(1, 6)]
    return [sent_at(house, house.at - ago, f"Lan {ago.days}") for ago in days]
