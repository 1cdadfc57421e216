"""The house on a database of its own, with a city and some reports in it; requests commit."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from flask import Flask

from app.auth import tokens
from app.auth.models import Account, AccountKind
from app.clock import now
from app.database import db
from app.factory import create_app
from reports.city import folder, snapshot
from reports.models import Report
from reports.statuses import Role
from tests.conftest import config_for, new_database
from tests.reports.conftest import House


@dataclass
class Town:
    """The app, who may be asked as, and what there is to ask for."""

    app: Flask
    accounts: dict[str, UUID]
    reports: list[UUID]
    codes: list[str]

    def token_of(self, who: str) -> str:
        """A fresh token."""
        with self.app.app_context():
            token = tokens.issue(db.session.get_one(Account, self.accounts[who]))
            db.session.commit()
        return token


@pytest.fixture(scope="module")
def town(
    server_url: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    files = tmp_path_factory.mktemp("files")
    with new_database(server_url, template, f"{template}_town") as url:
        app = create_app(config_for(url, storage_url=files.as_uri()))
        with app.app_context():
            folder.load_city("hue")
            db.session.commit()
            town = Town(app, *settle())
            db.session.commit()
        yield town
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def settle() -> tuple[dict[str, UUID], list[UUID], list[str]]:
    """A guest, a dispatcher, and reports of the guest's in several states."""
    house = House(snapshot.current(), at=now())
    guest = house.person("guest", AccountKind.GUEST).account_id
    centre = house.official(Role.DISPATCHER).account_id
    assert centre
    db.session.commit()  # roles are read beside the transaction
    dispatcher = house.official(Role.DISPATCHER)
    made: list[Report] = []
    for steps in ((), ("accept",), ("accept", "hide")):
        report = house.submits("guest")
        for step in steps:
            house.takes(dispatcher, step, report, **({"note": "Thử."} if step == "hide" else {}))
        made.append(report)
    made.append(house.submits("somebody else"))
    house.takes(dispatcher, "accept", made[-1])
    accounts = {"guest": guest, "dispatcher": centre}
    return accounts, [report.id for report in made], [report.code for report in made]
