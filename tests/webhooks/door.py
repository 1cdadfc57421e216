"""The API of webhooks, as tests ask it: by anybody, with clients' keys and a receiver."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.auth import api_clients, issuing, tokens
from app.auth.issuing import KeyTerms
from app.auth.models import Account
from app.auth.scopes import Scope
from app.clock import now
from app.database import db
from bench.loopback import WebhookReceiver
from reports.city.models import RoleGrant
from reports.desk import clients
from reports.models import Report
from reports.statuses import Role
from tests.reports.conftest import House

OTHER = "so-y-te"


@dataclass
class Door:
    """The API, asked by anybody."""

    app: Flask
    house: House
    tokens: dict[UUID, str] = field(default_factory=dict)

    def official(self, role: Role, office: str | None = None) -> str:
        """The token of somebody who holds a role."""
        account_id = self.house.official(role, office).account_id
        assert account_id is not None
        if account_id not in self.tokens:
            self.tokens[account_id] = tokens.issue(db.session.get_one(Account, account_id))
        return self.tokens[account_id]

    def __call__(
        self, method: str, path: str, by: str = "", body: dict[str, Any] | None = None
    ) -> tuple[int, Any]:
        db.session.commit()
        headers = {"Accept-Language": "en"}
        if by:
            headers["Authorization"] = f"Bearer {by}"
        with self.app.app_context():
            answer = FlaskClient(self.app, self.app.response_class).open(
                f"/api/v1{path}", method=method, headers=headers, json=body, buffered=True
            )
        return answer.status_code, answer.get_json(silent=True)


@pytest.fixture
def door(app: Flask, house: House) -> Iterator[Door]:
    before = app.config.get("RATELIMIT_ENABLED")
    app.config["RATELIMIT_ENABLED"] = False
    yield Door(app, house)
    app.config["RATELIMIT_ENABLED"] = before


@pytest.fixture
def receiver() -> Iterator[WebhookReceiver]:
    with WebhookReceiver() as started:
        yield started


def a_webhook(url: str = "http://127.0.0.1:9/xom", **more: Any) -> dict[str, Any]:
    return {"id": str(uuid4()), "url": url, **more}


def lead(house: House, report: Report) -> str:
    return house.city.offices_by_id[report.office_id].code


def a_key(door: Door, *scopes: Scope, office: str | None = None) -> str:
    """The key of a new client."""
    admin = door.house.official(Role.ADMIN).account_id
    assert admin is not None
    client_id, at = uuid4(), now()
    api_clients.make(client_id, "Phần mềm chiếu sáng", "it@example.vn", by=admin, at=at)
    if office:
        clients.work_for(client_id, office, city=door.house.city, by=admin, at=at)
        long_ago = datetime(2020, 1, 1, tzinfo=UTC)
        db.session.query(RoleGrant).filter_by(account_id=client_id).update({"since": long_ago})
    terms = KeyTerms(scopes=frozenset(scopes))
    _, key = issuing.issue(client_id, uuid4(), terms, by=admin, at=at)
    assert key is not None
    return key
