"""The same request sent several times at once, each over a connection of its own: it is stored
once, and everybody is answered the same.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.database import db
from app.factory import create_app
from reports import identity
from reports.models import Photo, Report
from reports.open311.models import Open311Request
from tests.conftest import config_for, new_database
from tests.open311.conftest import Plain, a_client, a_request
from tests.open311.test_sending import picture

AT_ONCE = 6


@pytest.fixture(scope="module")
def served(
    server_url: str, city_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    files = tmp_path_factory.mktemp("files")
    with new_database(server_url, city_template, f"{city_template}_at_once") as url:
        app = create_app(config_for(url, storage_url=files.as_uri()))
        yield app
        with app.app_context():
            db.engine.dispose()


@pytest.fixture(scope="module")
def key(served: Flask) -> str:
    with served.app_context():
        return a_client()[1]


def all_at_once(app: Flask, requests: list[Plain]) -> list[str]:
    """The ids that these were answered with, in their order."""

    def send(fields: Plain) -> str:
        answer = app.test_client().post("/open311/v2/requests.json", data=fields)
        assert answer.status_code == 200, answer.text
        return str(answer.json[0]["service_request_id"])

    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(send, requests))


def test_a_request_sent_several_times_at_once_is_stored_once(served: Flask, key: str) -> None:
    known = str(uuid4())
    with served.app_context():
        before = db.session.scalar(select(func.count()).select_from(Report))

    ids = all_at_once(
        served,
        [a_request(api_key=key, client_request_id=known, media=picture()) for _ in range(AT_ONCE)],
    )

    assert len(set(ids)) == 1
    with served.app_context():
        assert db.session.scalar(select(func.count()).select_from(Report)) == (before or 0) + 1
        (sent,) = db.session.scalars(
            select(Open311Request).where(Open311Request.client_request_id == known)
        )
        attached = select(func.count()).where(Photo.report_id == sent.report_id)
        assert db.session.scalar(attached) == 1


def test_first_requests_of_one_number_at_once_are_one_persons(served: Flask, key: str) -> None:
    ids = all_at_once(served, [a_request(api_key=key, phone="0905 999 888")] * AT_ONCE)

    assert len(set(ids)) == AT_ONCE
    with served.app_context():
        holder = identity.account_of_phone("+84905999888")
        theirs = select(func.count()).where(Report.reporter_id == holder)
        assert db.session.scalar(theirs) == AT_ONCE
