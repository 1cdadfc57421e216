"""Huế as shipped, loaded once; each test changes it in a transaction of its own."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from app.auth.guards import Caller
from app.auth.models import Account, AccountKind
from app.database import db
from app.factory import create_app
from reports import workflow
from reports.city import folder, snapshot
from reports.city.models import RoleGrant
from reports.city.snapshot import City
from reports.intake import submit_report
from reports.models import Report
from reports.orders import StepOrder
from reports.permissions import Viewer, viewer_of
from reports.statuses import Role
from reports.submissions import Submission
from tests.conftest import config_for, inside_one_transaction, new_database

HUE = Path(folder.__file__).parent / "hue"
Writer = Callable[..., Path]


@pytest.fixture(scope="session")
def city_database(server_url: str, city_template: str) -> Iterator[str]:
    with new_database(server_url, city_template, f"{city_template}_tests") as url:
        yield url


@pytest.fixture(scope="session")
def city_app(city_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    files = tmp_path_factory.mktemp("files")
    app = create_app(config_for(city_database, storage_url=files.as_uri()))
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def app(city_app: Flask) -> Iterator[Flask]:
    with inside_one_transaction(city_app):
        snapshot.forget()
        yield city_app
        snapshot.forget()


@pytest.fixture
def empty_app(shared_app: Flask) -> Iterator[Flask]:
    """A database without a city."""
    with inside_one_transaction(shared_app):
        snapshot.forget()
        yield shared_app
        snapshot.forget()


@pytest.fixture
def city(app: Flask) -> City:
    return snapshot.current()


@pytest.fixture
def changed(tmp_path: Path) -> Writer:
    """A copy of one of Huế's files, changed by a function."""

    def write(name: str, change: Callable[[dict[str, Any]], object]) -> Path:
        content = json.loads((HUE / name).read_text())
        change(content)
        path = tmp_path / name
        path.write_text(json.dumps(content, ensure_ascii=False))
        return path

    return write


@pytest.fixture
def geojson(tmp_path: Path) -> Writer:
    """A GeoJSON file of features, each given as (properties, geometry)."""

    def write(*features: tuple[dict[str, Any], dict[str, Any]], **more: Any) -> Path:
        path = tmp_path / "areas.geojson"
        rows = [{"type": "Feature", "properties": p, "geometry": g} for p, g in features]
        path.write_text(json.dumps({"type": "FeatureCollection", "features": rows, **more}))
        return path

    return write


def box(west: float, south: float, size: float = 0.02) -> dict[str, Any]:
    """A square as a GeoJSON polygon."""
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


@dataclass
class Town:
    """People of a test, and what they do through the real verbs."""

    at: datetime = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)  # a Monday, 8:30 in Huế

    @property
    def city(self) -> City:
        return snapshot.current()

    def person(self, kind: AccountKind = AccountKind.RESIDENT) -> Caller:
        account = Account(kind=kind, locale="vi")
        db.session.add(account)
        db.session.flush()
        return Caller(account.id, kind, "vi", b"")

    def official(self, role: Role, office: str) -> Viewer:
        """Somebody with a role for an office, held since long ago."""
        found = self.city.office(office)
        assert found is not None, office
        caller = self.person(AccountKind.OFFICIAL)
        db.session.add(
            RoleGrant(account_id=caller.account_id, office_id=found.id, role=role,
                      since=datetime(2020, 1, 1, tzinfo=UTC))
        )  # fmt: skip
        db.session.flush()
        return viewer_of(caller, self.at)

    def reports(self, category: str, area: str, **facts: Any) -> Report:
        """A resident reports something at the centre of an area."""
        here = self.city.area_by_code[area]
        submission = Submission(
            **{"id": uuid4(), "category": category, "lat": here.lat, "lng": here.lng,
               "description": "Nhờ xem giúp.", "answers": {}, **facts}
        )  # fmt: skip
        return submit_report(submission, by=self.person(), at=self.at).report

    def takes(self, by: Viewer, step: str, report: Report, **order: Any) -> None:
        wanted = StepOrder(id=uuid4(), step=step, **order)
        workflow.move(report, wanted, by=by, at=self.at)


@pytest.fixture
def town(app: Flask) -> Town:
    return Town()
