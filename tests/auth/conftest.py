from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.auth import accounts
from app.auth.models import Account
from app.database import db
from app.factory import create_app
from tests.auth.people import PASSWORD, OwnContext, Phone
from tests.conftest import config_for


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return OwnContext(app)


@pytest.fixture
def phone(app: Flask) -> Iterator[Phone]:
    phone = Phone()
    with other_ports(app, send_code=phone):
        yield phone


@pytest.fixture
def moved(app: Flask) -> Iterator[list[tuple[UUID, UUID]]]:
    """What a join port was told: (guest, account)."""
    noted: list[tuple[UUID, UUID]] = []

    def note(guest: UUID, account: UUID) -> None:
        noted.append((guest, account))

    with other_ports(app, join=(*app.extensions["xom.auth"].join, note)):
        yield noted


@contextmanager
def other_ports(app: Flask, **ports: Any) -> Iterator[None]:
    before = app.extensions["xom.auth"]
    app.extensions["xom.auth"] = replace(before, **ports)
    yield
    app.extensions["xom.auth"] = before


@pytest.fixture
def guest(app: Flask) -> Account:
    return accounts.create_guest("vi")


@pytest.fixture
def official(app: Flask) -> Account:
    return accounts.create_official("an@hue.example", "Trần Thị An", PASSWORD)


@pytest.fixture
def own_app(own_database: str) -> Iterator[Flask]:
    """An app on a database of its own: for tests that commit, or use several connections."""
    app = create_app(config_for(own_database))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def stopped_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits count in windows of time: no test may stand across the end of one."""
    monkeypatch.setattr("app.auth.api.now", lambda: datetime(2026, 3, 2, 1, 31, tzinfo=UTC))
