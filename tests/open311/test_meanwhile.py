"""The same request or update sent several times at once, each over a connection of its own: it is
stored once, and everybody is answered the same.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.auth.scopes import Scope
from app.clock import now
from app.database import db
from app.factory import create_app
from reports import identity
from reports.city import snapshot
from reports.city.models import RoleGrant
from reports.models import Photo, Report, StatusChange
from reports.open311.models import Open311Request
from reports.statuses import Role
from tests.conftest import config_for, new_database
from tests.open311.conftest import Plain, a_client, a_request, published
from tests.open311.test_pictures_sent import picture
from tests.reports.conftest import House

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


def receipts_at_once(app: Flask, requests: list[Plain]) -> list[Plain]:
    """What these were answered, in their order."""

    def send(fields: Plain) -> Plain:
        answer = app.test_client().post("/open311/v2/requests.json", data=fields)
        assert answer.status_code == 200, answer.text
        receipt: Plain = answer.json[0]
        return receipt

    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(send, requests))


def all_at_once(app: Flask, requests: list[Plain]) -> list[str]:
    """The ids that they were given."""
    return [str(one["service_request_id"]) for one in receipts_at_once(app, requests)]


def test_a_request_sent_several_times_at_once_is_stored_once(served: Flask, key: str) -> None:
    known = str(uuid4())
    with served.app_context():
        before = db.session.scalar(select(func.count()).select_from(Report))

    receipts = receipts_at_once(
        served,
        [a_request(api_key=key, client_request_id=known, media=picture()) for _ in range(AT_ONCE)],
    )

    assert len({one["service_request_id"] for one in receipts}) == 1
    stored = [one for one in receipts if one["service_notice"] is None]
    assert len(stored) == 1, "each of the others says that it was here already"
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


# Updates ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def reports(served: Flask) -> list[str]:
    """Codes of reports that everybody sees, all of one office's."""
    with served.app_context():
        house = House(snapshot.current(), at=now().replace(microsecond=0))
        house.official(Role.DISPATCHER)
        db.session.commit()  # roles are read outside the transaction
        shown = [published(house, f"Lan {number}") for number in range(2 * AT_ONCE + 1)]
        db.session.commit()
        assert len({report.office_id for report in shown}) == 1
        return [report.code for report in shown]


@pytest.fixture(scope="module")
def office(served: Flask, reports: list[str]) -> str:
    """The key of a client that holds an officer's role for that office."""
    with served.app_context():
        account, key = a_client("Office", Scope.UPDATES_WRITE)
        lead = db.session.scalar(select(Report.office_id).where(Report.code == reports[0]))
        since = datetime(2020, 1, 1, tzinfo=UTC)
        db.session.add(RoleGrant(account_id=account.id, office_id=lead, role=Role.OFFICER,
                                 since=since))  # fmt: skip
        db.session.commit()
        return key


def updated_at_once(app: Flask, updates: list[Plain]) -> list[TestResponse]:
    def send(fields: Plain) -> TestResponse:
        return app.test_client().post("/open311/v2/servicerequestupdates.json", data=fields)

    with ThreadPoolExecutor(len(updates)) as pool:
        return list(pool.map(send, updates))


def an_update(key: str, code: str, **fields: object) -> Plain:
    return {"api_key": key, "service_request_id": code, "update_id": "u-1", "status": "FIXED",
            "updated_datetime": "2026-11-21T10:00:00Z", "description": "Đã thay bóng.",
            **fields}  # fmt: skip


def test_an_update_sent_several_times_at_once_is_taken_once(
    served: Flask, office: str, reports: list[str]
) -> None:
    answers = updated_at_once(
        served,
        [an_update(office, reports[0], update_id="same", photo=picture()) for _ in range(AT_ONCE)],
    )

    assert [answer.status_code for answer in answers] == [200] * AT_ONCE, answers[0].text
    (update_id,) = {answer.json[0]["update_id"] for answer in answers}
    with served.app_context():
        steps = select(StatusChange.step).join(Report, Report.id == StatusChange.report_id)
        taken = db.session.scalars(steps.where(Report.code == reports[0])).all()
        assert taken.count("resolve") == 1
        kept = select(func.count()).where(Photo.change_id == UUID(update_id))
        assert db.session.scalar(kept) == 1


@pytest.mark.parametrize(
    ("status", "half"), [("FIXED", slice(1, AT_ONCE + 1)), ("UNCHANGED", slice(AT_ONCE + 1, None))]
)
def test_one_update_id_on_several_reports_at_once_is_taken_on_one(
    served: Flask, office: str, reports: list[str], status: str, half: slice
) -> None:
    answers = updated_at_once(
        served,
        [an_update(office, code, update_id=status, status=status) for code in reports[half]],
    )

    codes = sorted(answer.status_code for answer in answers)
    assert codes == [200] + [400] * (AT_ONCE - 1), [answer.text for answer in answers]
