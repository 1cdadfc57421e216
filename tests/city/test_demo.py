"""Invented reports: as real ones would be, told to nobody, and gone without a trace."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import pairwise

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select, text

from app import storage
from app.auth.models import Account
from app.database import db
from app.factory import create_app
from notifications.models import Message
from reports import deadlines
from reports.city import folder, snapshot
from reports.city.demo import loading, notices
from reports.city.demo.loading import load_demo_reports, remove_demo_reports
from reports.city.demo.material import read_material
from reports.city.demo.pictures import SCENES, picture
from reports.city.demo.script import Script
from reports.city.models import Notice, NoticeKind
from reports.city.snapshot import City
from reports.models import Assignment, Photo, Report, StatusChange
from reports.statuses import STEPS, Identity, Status
from tests.city.conftest import HUE, Town
from tests.conftest import config_for, new_database

NOW = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)  # Friday, 14:00 in Huế
MANY = 110


@pytest.fixture(scope="module")
def demo_app(
    server_url: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """A city with its demo, loaded once and only looked at."""
    files = tmp_path_factory.mktemp("demo")
    with new_database(server_url, template, f"{template}_demo") as url:
        app = create_app(config_for(url, storage_url=files.as_uri()))
        with app.app_context():
            folder.load_city("hue")
            db.session.commit()
            load_demo_reports(count=MANY, at=NOW)
            db.session.commit()
            yield app
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def reports(demo_app: Flask) -> list[Report]:
    with demo_app.app_context():
        return list(db.session.scalars(select(Report).order_by(Report.submitted_at)))


@pytest.fixture
def demo_city(demo_app: Flask) -> City:
    return snapshot.current()


def count(model: object) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0  # type: ignore[arg-type]


def test_invented_reports_live_as_real_ones_do(reports: list[Report], demo_city: City) -> None:
    assert len(reports) == MANY
    assert {report.status for report in reports} == set(Status)
    changes = db.session.scalars(select(StatusChange)).all()
    by_report: dict[object, list[StatusChange]] = {}
    for change in sorted(changes, key=lambda one: one.version):
        by_report.setdefault(change.report_id, []).append(change)

    for report in reports:
        history = by_report[report.id]
        assert [change.version for change in history] == list(range(1, report.version + 1))
        assert history[0].step == "submit"
        assert history[-1].after == report.status
        times = [change.at for change in history]
        assert times == sorted(times)
        assert NOW - timedelta(days=61) < times[0]
        assert times[-1] <= NOW
        for before, change in pairwise(history):
            assert change.before == before.after
            assert before.after in STEPS[change.step].before
        present = db.session.scalars(
            select(Assignment).where(Assignment.report_id == report.id, Assignment.until.is_(None))
        ).all()
        assert [row.office_id for row in present if row.part != "join"] == [report.office_id]


def test_their_deadlines_are_counted_by_the_citys_calendar(
    reports: list[Report], demo_city: City
) -> None:
    counted = 0
    for report in reports:
        days = demo_city.categories_by_id[report.category_id].deadline_days
        plain = days and not (report.urgent or report.asked or report.returned or report.extended)
        if plain and report.accepted_at:
            assert days is not None
            due = deadlines.due_after_days(demo_city.calendar, report.accepted_at, days)
            assert report.first_due_at == due
            counted += 1

    assert counted > 30
    late = [
        r
        for r in reports
        if r.due_at and r.due_at < NOW and r.status in {"accepted", "in_progress"}
    ]
    assert late
    assert all(report.reminded for report in late if report.due_at < NOW - timedelta(days=1))


def test_they_are_told_to_nobody(reports: list[Report]) -> None:
    jobs = db.session.scalar(text("select count(*) from procrastinate_jobs"))

    assert count(Message) == 0
    assert jobs == 0


def test_their_pictures_are_stored_like_photos(reports: list[Report]) -> None:
    photos = db.session.scalars(select(Photo)).all()

    assert len(photos) > 20
    assert {bool(photo.report_id) for photo in photos} == {True, False}
    for photo in photos[:5]:
        for key, longest in ((photo.key, 1600), (photo.small_key, 400)):
            opened = Image.open(BytesIO(storage.get(key)))
            assert opened.format == "JPEG"
            assert max(opened.size) <= longest
    fixed = [r for r in reports if r.outcome == "fixed"]
    assert fixed
    for report in fixed:
        if snapshot.current().categories_by_id[report.category_id].evidence:
            after = select(StatusChange.id).where(
                StatusChange.report_id == report.id, StatusChange.step == "resolve"
            )
            assert db.session.scalar(select(func.count()).where(Photo.change_id.in_(after)))


def test_they_lie_where_they_say_and_close_together(reports: list[Report], demo_city: City) -> None:
    for report in reports:
        area = demo_city.areas.locate(report.lat, report.lng).area
        assert area.id == report.area_id
    assert max(report.recurrence for report in reports) >= 2
    wards = Counter(report.area_id for report in reports)
    busiest = {demo_city.area_by_id[area].code for area, _ in wards.most_common(3)}
    assert busiest & {"19753", "19789"}


def test_the_private_stays_private_and_the_anonymous_nameless(
    reports: list[Report], demo_city: City
) -> None:
    private = [r for r in reports if demo_city.categories_by_id[r.category_id].private]
    anonymous = [r for r in reports if r.identity == Identity.ANONYMOUS]

    assert not any(report.shown for report in private)
    assert anonymous
    assert all("{" not in report.description for report in reports)


def test_the_same_moment_makes_the_same_reports(app: Flask, city: City) -> None:
    material = read_material(HUE)

    first = Script(city, material, NOW).plots(80)
    second = Script(city, material, NOW).plots(80)

    assert first == second
    assert len({plot.words for plot in first}) > 60


def test_a_year_before_is_there_for_the_leaders_lines_and_nothing_of_it_is_left_lying(
    town: Town,
) -> None:
    load_demo_reports(count=60, before=90, at=NOW)
    told = notices.remember_floods(at=NOW)

    early = [
        report
        for report in db.session.scalars(select(Report))
        if report.submitted_at < NOW - timedelta(days=60)
    ]
    half = NOW - timedelta(days=230)
    assert len(early) == 90
    assert {report.status for report in early} <= {
        Status.CLOSED, Status.REJECTED, Status.MERGED, Status.WITHDRAWN,
    }  # fmt: skip
    assert sum(r.submitted_at > half for r in early) > sum(r.submitted_at < half for r in early)
    floods = db.session.scalars(select(Notice).where(Notice.kind == NoticeKind.FLOOD)).all()
    assert len(floods) == told == 4
    assert all(notice.ends_at is not None and notice.ends_at < NOW for notice in floods)

    remove_demo_reports()
    notices.take_down()

    assert count(Report) == count(Notice) == 0


def test_loading_twice_loads_once_and_removing_leaves_nothing(town: Town) -> None:
    real = town.reports("tieng-on", "19753", answers={"khi-nao": ["sau-22h"]})
    tables = (Report, StatusChange, Assignment, Photo, Account, Message)
    before = [count(table) for table in tables]

    loaded = load_demo_reports(count=60, at=NOW)
    again = load_demo_reports(count=60, at=NOW)
    keys = db.session.scalars(select(Photo.key)).all()
    removed = remove_demo_reports()
    db.session.commit()

    assert (loaded, again, removed) == (60, 0, 60)
    assert [count(table) for table in tables] == before
    assert keys
    assert not any(storage.exists(key) for key in keys)
    assert db.session.get(Report, real.id) is not None


def test_real_reports_merged_into_invented_ones_hold_the_removal_up(town: Town) -> None:
    load_demo_reports(count=60, at=NOW)
    real = town.reports("tieng-on", "19753", answers={"khi-nao": ["sau-22h"]})
    lead = db.session.scalars(select(Report).where(Report.source == "demo").limit(1)).one()
    real.lead_id, real.status = lead.id, Status.MERGED
    db.session.flush()

    with pytest.raises(loading.MergedIntoDemo) as caught:
        remove_demo_reports()

    assert caught.value.sentence("en").startswith("1 real reports are merged")


@pytest.mark.parametrize("scene", SCENES)
def test_a_scene_looks_different_once_mended_and_the_same_each_time(scene: str) -> None:
    before = picture(scene, mended=False, variant=0)
    after = picture(scene, mended=True, variant=0)
    picture.cache_clear()

    assert before != after
    assert picture(scene, mended=False, variant=0) == before
    opened = Image.open(BytesIO(before))
    assert (opened.format, opened.size) == ("JPEG", (1120, 840))
    assert not opened.getexif()
