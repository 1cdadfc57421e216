"""What stands on an official's desk in the morning, for the daily letter."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app.clock import now
from app.database import db
from notifications import digest
from notifications.desks import Desk as Morning
from notifications.models import MailDigest, Message
from reports.city import snapshot
from reports.desk.morning import MorningDesks
from reports.models import Report
from reports.statuses import Role
from tests.console.conftest import Desk


@pytest.fixture
def inside(desk: Desk) -> Iterator[Desk]:
    with desk.app.app_context():
        yield desk
        db.session.rollback()


def given(desk: Desk, office: str, **facts: object) -> Report:
    """A report that an office has."""
    sent = desk.submits(**facts)
    desk.accepted(sent["id"], office=office)
    return db.session.get_one(Report, UUID(sent["id"]))


def morning(desk: Desk, role: Role, office: str | None, at: datetime) -> Morning:
    return MorningDesks().of(desk.at(role, office).account_id, at)


def test_an_officer_reads_what_is_new_due_and_overdue_of_their_office(inside: Desk) -> None:
    report = given(inside, "so-y-te")
    given(inside, "so-du-lich")
    assert report.due_at
    zone = snapshot.current().calendar.zone
    same_day = report.due_at.astimezone(zone).replace(hour=7, minute=15).astimezone(UTC)

    fresh = morning(inside, Role.OFFICER, "so-y-te", now())
    due = morning(inside, Role.OFFICER, "so-y-te", same_day)
    late = morning(inside, Role.OFFICER, "so-y-te", same_day + timedelta(days=3))

    assert (fresh.new.count, fresh.today.count, fresh.overdue.count) == (1, 0, 0)
    assert (due.new.count, due.today.count, due.overdue.count) == (1, 1, 0)
    assert (late.today.count, late.overdue.count) == (0, 1)
    (line,) = late.overdue.lines
    assert line.code.replace("-", "") == report.code
    assert line.left_vi.startswith("quá hạn") and line.category_vi and line.area_en


def test_the_centre_reads_what_nobody_has_taken_yet(inside: Desk) -> None:
    before = morning(inside, Role.DISPATCHER, None, now()).new.count
    inside.submits()

    assert morning(inside, Role.DISPATCHER, None, now()).new.count == before + 1


def test_of_a_private_matter_only_the_code_is_told(inside: Desk) -> None:
    city = snapshot.current()
    private = next(one for one in city.offered_categories() if one.private and not one.questions)
    given(inside, "so-khcn", category=private.code)

    (line,) = morning(inside, Role.OFFICER, "so-khcn", now()).new.lines

    assert line.code
    assert (line.category_vi, line.category_en, line.area_vi, line.area_en) == (None,) * 4


def test_ten_lines_are_told_and_all_are_counted(inside: Desk) -> None:
    for _ in range(11):
        given(inside, "so-noi-vu")

    new = morning(inside, Role.OFFICER, "so-noi-vu", now()).new

    assert (new.count, len(new.lines)) == (11, 10)


def test_whoever_only_administers_has_no_desk(inside: Desk) -> None:
    inside.submits()

    assert morning(inside, Role.ADMIN, None, now()).is_empty


def test_days_off_are_the_citys_own(inside: Desk) -> None:
    sunday = datetime(2026, 11, 29, 1, 0, tzinfo=UTC)

    assert not MorningDesks().are_open(sunday)
    assert MorningDesks().are_open(sunday + timedelta(days=1))


def test_the_letter_of_a_real_desk_holds_no_words_of_anybody(inside: Desk) -> None:
    given(inside, "so-gddt", description="Chị Lan ở số 7 gọi 0905 123 456.")
    officer = inside.at(Role.OFFICER, "so-gddt")
    monday = datetime(2026, 11, 30, 0, 20, tzinfo=UTC)  # 7:20 in Huế
    row = MailDigest(
        account_id=officer.account_id,
        at=digest.USUAL_HOUR,
        told_until=monday - timedelta(days=3),
    )
    db.session.add(row)
    db.session.commit()

    written = digest.send_due(monday + timedelta(days=7))

    message = (
        db.session.query(Message).filter_by(account_id=officer.account_id, kind="digest").one()
    )
    assert written == 1
    assert message.payload["desk"]["new"]["count"] == 1
    assert "Lan" not in str(message.payload) and "0905" not in str(message.payload)
