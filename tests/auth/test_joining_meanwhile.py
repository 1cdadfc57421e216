"""A guest signs in while something that they sent is still being stored: it comes along.

Two connections, one of which waits for the other.
"""

import io
from collections.abc import Callable, Iterator
from threading import Thread
from uuid import UUID, uuid4

import psycopg
import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select, update
from sqlalchemy.orm import InstrumentedAttribute

from app.auth import accounts
from app.auth.guards import Caller
from app.auth.models import AccountKind
from app.clock import now
from app.database import db
from app.factory import create_app
from reports import intake, ownership, photos, subscriptions, voices
from reports.city import snapshot
from reports.city.models import Subscription
from reports.errors import AnonymousNeedsItsOwnAccount
from reports.models import Comment, Photo, Rating, Report, Support
from reports.permissions import Viewer
from reports.statuses import Identity, Status
from reports.submissions import Submission
from tests.conftest import config_for, new_database


@pytest.fixture(scope="module")
def city_url(server_url: str, city_template: str) -> Iterator[str]:
    with new_database(server_url, city_template, f"{city_template}_joining") as url:
        yield url


@pytest.fixture(scope="module")
def city_app(city_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    files = tmp_path_factory.mktemp("files")
    app = create_app(config_for(city_url, storage_url=files.as_uri()))
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def city(city_app: Flask) -> Iterator[Flask]:
    with city_app.app_context():
        yield city_app
        db.session.remove()


@pytest.fixture
def guest_id(city: Flask) -> UUID:
    guest = accounts.create_guest("vi").id
    db.session.commit()
    return guest


@pytest.fixture
def lan_id(city: Flask) -> UUID:
    lan = accounts.create_resident("vi").id
    db.session.commit()
    return lan


@pytest.fixture
def drain(city: Flask) -> UUID:
    """Somebody else's report, which a guest may support, rate and talk about."""
    neighbour = accounts.create_resident("vi")
    report = sends(neighbour.id)
    resolved = {"status": Status.RESOLVED, "resolved_at": now(), "published_at": now()}
    db.session.execute(update(Report).where(Report.id == report).values(resolved))
    db.session.commit()
    return report


def sends(account_id: UUID, *pictures: UUID, anonymously: bool = False) -> UUID:
    kind = AccountKind.ANONYMOUS if anonymously else AccountKind.GUEST
    submission = Submission(
        id=uuid4(),
        category=next(
            one.code
            for one in snapshot.current().offered_categories()
            if not (one.urgent or one.questions or one.legal_channel or one.evidence)
        ),
        lat=16.4675,
        lng=107.5885,
        description="Cống nghẹt.",
        photos=pictures,
        answers={},
        identity=Identity.ANONYMOUS if anonymously else Identity.CONFIDENTIAL,
    )
    by = Caller(account_id, kind, "vi", b"")
    return intake.submit_report(submission, by=by, at=now()).report.id


def takes_a_photo(account_id: UUID, *_: Report) -> UUID:
    picture, photo_id = io.BytesIO(), uuid4()
    Image.new("RGB", (40, 30), "teal").save(picture, "JPEG")
    photos.store_photo(photo_id, owner_id=account_id, data=picture.getvalue(), at=now())
    return photo_id


def follows(account_id: UUID, _: Report) -> object:
    return subscriptions.follow(uuid4(), account_id, circle=(16.46, 107.59, 500), at=now())


Act = Callable[[UUID, Report], object]
Owner = InstrumentedAttribute[UUID]

ACTS: dict[Owner, Act] = {
    Report.reporter_id: lambda by, report: sends(by),
    Photo.owner_id: takes_a_photo,
    Comment.account_id: lambda by, report: voices.comment(
        report, uuid4(), "Nhà tôi cũng ngập.", by=Viewer(by), at=now()
    ),
    Support.account_id: lambda by, report: voices.support(report, by, at=now()),
    Rating.account_id: lambda by, report: voices.rate(report, 4, "", by=by, at=now()),
    Subscription.account_id: follows,
}
each_act = pytest.mark.parametrize(
    ("owner", "act"), ACTS.items(), ids=[owner.class_.__tablename__ for owner in ACTS]
)


@each_act
def test_what_was_being_stored_while_the_guest_signed_in_comes_along(
    city: Flask, city_url: str, guest_id: UUID, lan_id: UUID, drain: UUID, owner: Owner, act: Act
) -> None:
    act(guest_id, db.session.get_one(Report, drain))

    with Beside(city, city_url, lambda: accounts.join_guest(guest_id, lan_id)):
        db.session.commit()

    assert guest_id not in owners(owner)
    assert lan_id in owners(owner)


@each_act
def test_what_arrives_while_the_guest_signs_in_belongs_to_the_account_at_once(
    city: Flask, city_url: str, guest_id: UUID, lan_id: UUID, drain: UUID, owner: Owner, act: Act
) -> None:
    accounts.join_guest(guest_id, lan_id)

    with Beside(city, city_url, lambda: act(guest_id, db.session.get_one(Report, drain))):
        db.session.commit()

    assert guest_id not in owners(owner)
    assert lan_id in owners(owner)


def test_a_report_finds_its_photos_though_they_went_to_the_account_meanwhile(
    city: Flask, city_url: str, guest_id: UUID, lan_id: UUID
) -> None:
    photo_id = takes_a_photo(guest_id)
    db.session.commit()
    accounts.join_guest(guest_id, lan_id)

    with Beside(city, city_url, lambda: sends(guest_id, photo_id)):
        db.session.commit()

    report = db.session.get_one(Photo, photo_id).report_id
    assert report and db.session.get_one(Report, report).reporter_id == lan_id


def test_a_report_repeated_by_the_guest_that_has_joined_is_still_a_repeat(
    city: Flask, guest_id: UUID, lan_id: UUID
) -> None:
    report = sends(guest_id)
    accounts.join_guest(guest_id, lan_id)
    db.session.commit()

    reporter = db.session.get_one(Report, report).reporter_id

    assert reporter == lan_id
    assert ownership.is_same_person(reporter, guest_id)
    assert ownership.is_same_person(guest_id, reporter)


def test_two_anonymous_reports_at_once_are_one_report_and_a_sentence(
    city: Flask, city_url: str
) -> None:
    stranger = accounts.create_guest("vi", anonymous=True).id
    db.session.commit()
    refusals: list[str] = []

    def sends_another() -> None:
        with pytest.raises(AnonymousNeedsItsOwnAccount) as refused:
            sends(stranger, anonymously=True)
        refusals.append(refused.value.code)

    sends(stranger, anonymously=True)
    with Beside(city, city_url, sends_another):
        db.session.commit()

    assert refusals == ["anonymous-account"]
    assert owners(Report.reporter_id).count(stranger) == 1


class Beside:
    """Somebody acts and commits on another connection, and has come to a lock of ours."""

    def __init__(self, app: Flask, url: str, act: Callable[[], object]) -> None:
        self.app, self.url, self.act = app, url, act
        self.thread = Thread(target=self._run)

    def _run(self) -> None:
        with self.app.app_context():
            self.act()
            db.session.commit()

    def __enter__(self) -> None:
        self.thread.start()
        waiting = (
            "select pid from pg_stat_activity"
            " where datname = current_database() and wait_event_type = 'Lock'"
        )
        with psycopg.connect(self.url, autocommit=True) as look:
            while self.thread.is_alive() and not look.execute(waiting).fetchone():
                pass

    def __exit__(self, *_: object) -> None:
        self.thread.join()


def owners(owner: Owner) -> list[UUID]:
    return list(db.session.scalars(select(owner)))
