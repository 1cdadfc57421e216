"""One street of a city: an area, an office, a category, and reports about it."""

from datetime import UTC, date, datetime
from itertools import count
from uuid import uuid4

from app.auth.models import Account
from app.database import db
from reports.city.models import Area, Category, Office, OfficeKind
from reports.models import Photo, Report, StatusChange
from reports.statuses import Identity, Role, Status

AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
SINCE = date(2025, 7, 1)
_number = count(1)


def office() -> Office:
    found = db.session.query(Office).filter_by(code="thuan-hoa").one_or_none()
    if found is None:
        found = Office(
            code="thuan-hoa",
            name_vi="UBND phường Thuận Hóa",
            name_en="Thuận Hóa ward committee",
            kind=OfficeKind.COMMITTEE,
            valid_from=SINCE,
        )
        db.session.add(found)
        db.session.flush()
    return found


def _category() -> Category:
    found = db.session.query(Category).filter_by(code="drain").one_or_none()
    if found is None:
        found = Category(
            code="drain",
            name_vi="Thoát nước",
            name_en="Drains",
            group="water",
            icon="drain",
            valid_from=SINCE,
        )
        db.session.add(found)
    return found


def _area() -> Area:
    found = db.session.query(Area).filter_by(code="19789").one_or_none()
    if found is None:
        found = Area(
            code="19789",
            name_vi="Phường Thuận Hóa",
            name_en="Thuận Hóa ward",
            kind="phuong",
            lat=16.47,
            lng=107.58,
            valid_from=SINCE,
        )
        db.session.add(found)
    return found


def report_of(reporter: Account, words: str = "Cống nghẹt") -> Report:
    category, area, lead = _category(), _area(), office()
    db.session.flush()
    report = Report(
        id=uuid4(),
        code=f"{next(_number):09}K",
        digest=b"digest of what was sent",
        reporter_id=reporter.id,
        identity=Identity.CONFIDENTIAL,
        category_id=category.id,
        description=words,
        public_description=words,
        place_note=f"gần {words}",
        answers={"depth": words},
        lat=16.4675,
        lng=107.5885,
        spot="(11976297,1858942)",
        cell=622203769292,
        area_id=area.id,
        office_id=lead.id,
        submitted_at=AT,
        captured_at=AT,
    )
    db.session.add(report)
    db.session.flush()
    return report


def change_by(
    account: Account, report: Report, note: str, role: Role = Role.REPORTER
) -> StatusChange:
    report.version += 1
    change = StatusChange(
        id=uuid4(),
        report_id=report.id,
        version=report.version,
        step="answer",
        before=Status.WAITING,
        after=Status.IN_PROGRESS,
        at=AT,
        account_id=account.id,
        role=role,
        note=note,
        digest=b"digest of the order",
    )
    db.session.add(change)
    db.session.flush()
    return change


def photo_of(owner: Account, report: Report | None = None) -> Photo:
    photo_id = uuid4()
    photo = Photo(
        id=photo_id,
        owner_id=owner.id,
        sha256=b"x" * 32,
        key=f"{photo_id.hex[:2]}/{photo_id.hex}.jpg",
        small_key=f"{photo_id.hex[:2]}/{photo_id.hex}-small.jpg",
        width=1,
        height=1,
        thumbhash=b"",
        likeness=0,
        report_id=report.id if report else None,
    )
    db.session.add(photo)
    db.session.flush()
    return photo
