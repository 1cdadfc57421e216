"""What officials find on their desks in the demo: work that is somebody's by name, words to answer
with, who is on call, a comment and a complaint that wait. Laid out once there are sign-ins.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, delete, func, select

from app.auth.models import Account, AccountKind
from app.database import db
from notifications import outbox
from reports import complaints, duty, voices
from reports.city import snapshot
from reports.city.demo.stage import SOURCE, demo_id
from reports.city.models import CityProfile, DutyShift, RoleGrant
from reports.city.snapshot import City
from reports.desk import answers, bulk, bulk_work
from reports.desk.answers import Draft
from reports.desk.models import (
    AnswerTemplate,
    BulkItem,
    BulkRun,
    Complaint,
    Mention,
    OfficeLink,
    Presence,
)
from reports.models import Note, Photo, Report
from reports.permissions import Viewer
from reports.statuses import OPEN, Outcome, Role, Status

OFFICES = 2  # whose work is given to somebody
GIVEN = 6  # reports an office
DAYS_ON_CALL = 7
COMMENT = "Tôi ở gần đây, tối nào đi qua cũng thấy như vậy."
COMPLAINT = "Trong ảnh có biển số xe của nhà tôi, nhờ trung tâm che giúp."
TEMPLATES = (
    Draft(
        name="Đã khắc phục, cảm ơn", step="resolve", outcome=Outcome.FIXED,
        text_vi="Chúng tôi đã xử lý xong việc bạn phản ánh. Cảm ơn bạn đã báo. Nếu còn vướng,"
        " bạn bấm “Chưa xong” trong ứng dụng.",
        text_en="What you reported is dealt with. Thank you for telling us. If something is left,"
        " press “Not done yet” in the app.",
    ),
    Draft(
        name="Đã lên kế hoạch", step="resolve", outcome=Outcome.PLANNED,
        text_vi="Việc này đã có trong kế hoạch của {office}. Ngày làm ghi ở trên; chúng tôi báo lại"
        " khi xong.",
        text_en="This is planned by {office} for the day above. We tell you when it is done.",
    ),
    Draft(
        name="Hỏi rõ vị trí", step="ask",
        text_vi="Bạn cho biết thêm vị trí: số nhà gần nhất, hoặc đối diện chỗ nào?",
        text_en="Where exactly is it: the nearest house number, or opposite of what?",
    ),
    Draft(
        name="Chưa rõ việc gì", step="reject",
        text_vi="Phản ánh {code} chưa rõ việc gì, ở đâu. Bạn gửi lại kèm ảnh hoặc chỗ cụ thể nhé.",
        text_en="It is not clear what {code} is about, or where. Please send it again, with a"
        " photo.",
    ),
    Draft(
        name="Không thuộc đơn vị", step="return",
        text_vi="Vị trí này do đơn vị khác quản lý. Đề nghị trung tâm chuyển giúp.",
        text_en="This place is looked after by another office. Please pass it on.",
    ),
)  # fmt: skip


class Post(NamedTuple):
    """A sign-in of the demo, as it stands in the database."""

    account: Account
    role: Role
    office_id: int


def lay_out(*, at: datetime) -> None:
    """Once; who is on call is put up anew at each `city demo`. Nobody is told. Flushes."""
    city, posts = snapshot.current(), _posts()
    if not posts:
        return
    with outbox.silence():
        _put_on_call(city, posts, at)
        if db.session.get(AnswerTemplate, demo_id("template", 0)) is None:
            _write_templates(city, posts, at)
            for office_id in _busiest(posts):
                _give_out(office_id, posts, at)
            _say_something(at)
    db.session.flush()


def clear() -> None:
    """Take what concerns invented reports off the desks again, whoever wrote it."""
    invented = select(Report.id).where(Report.source == SOURCE).scalar_subquery()
    notes = select(Note.id).where(Note.report_id.in_(invented))
    db.session.execute(delete(Mention).where(Mention.note_id.in_(notes)))
    for model in (BulkItem, Complaint, Presence, OfficeLink):
        db.session.execute(delete(model).where(model.report_id.in_(invented)))
    runs = [demo_id("run", code) for code in snapshot.current().office_by_code]
    db.session.execute(delete(BulkRun).where(BulkRun.id.in_(runs)))
    templates = [demo_id("template", number) for number in range(len(TEMPLATES))]
    db.session.execute(delete(AnswerTemplate).where(AnswerTemplate.id.in_(templates)))


def _posts() -> list[Post]:
    domain = f"@{db.session.scalars(select(CityProfile.folder)).one()}.demo"
    rows = db.session.execute(
        select(Account, RoleGrant.role, RoleGrant.office_id)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(Account.email.endswith(domain), RoleGrant.until.is_(None))
        .order_by(Account.email)
    )
    return [Post(account, Role(role), office_id) for account, role, office_id in rows]


def _somebody(posts: Sequence[Post], role: Role, office_id: int) -> Post | None:
    return next((one for one in posts if (one.role, one.office_id) == (role, office_id)), None)


def _put_on_call(city: City, posts: Sequence[Post], at: datetime) -> None:
    """The centre's dispatcher and head by turns, for a week from today; not where a week stands."""
    zone = ZoneInfo(city.profile.timezone)
    people = [_somebody(posts, role, city.centre.id) for role in (Role.DISPATCHER, Role.HEAD)]
    shifts = select(func.count()).where(
        DutyShift.office_id == city.centre.id, DutyShift.until > at + timedelta(days=1)
    )
    if None in people or db.session.scalar(shifts):
        return
    today = datetime.combine(at.astimezone(zone).date(), time(7, 30), zone)
    for number in range(DAYS_ON_CALL):
        begins, person = today + timedelta(days=number), people[number % len(people)]
        if person is not None:
            duty.put_on_duty(city.centre.code, person.account, begins, begins + timedelta(hours=24))


def _write_templates(city: City, posts: Sequence[Post], at: datetime) -> None:
    dispatcher = _somebody(posts, Role.DISPATCHER, city.centre.id)
    if dispatcher is None:
        return
    for number, draft in enumerate(TEMPLATES):
        row = AnswerTemplate(id=demo_id("template", number), created_by=dispatcher.account.id)
        answers.write(draft, by=_viewer(dispatcher), city=city, at=at, row=row)


def _busiest(posts: Sequence[Post]) -> list[int]:
    """Offices with sign-ins and the most work under way."""
    staffed = {one.office_id for one in posts if one.role is Role.OFFICER}
    rows = db.session.scalars(
        select(Report.office_id)
        .where(_under_way(), Report.office_id.in_(staffed))
        .group_by(Report.office_id)
        .order_by(func.count().desc(), Report.office_id)
        .limit(OFFICES)
    )
    return list(rows)


def _under_way() -> ColumnElement[bool]:
    held = Report.status.in_((Status.ACCEPTED, Status.IN_PROGRESS))
    return and_(held, Report.source == SOURCE)


def _give_out(office_id: int, posts: Sequence[Post], at: datetime) -> None:
    """The head gives some reports to the officer, in one run."""
    head, officer = (_somebody(posts, role, office_id) for role in (Role.HEAD, Role.OFFICER))
    if head is None or officer is None:
        return
    rows = db.session.scalars(
        select(Report)
        .where(_under_way(), Report.office_id == office_id)
        .order_by(Report.submitted_at.desc())
        .limit(GIVEN)
    ).all()
    code = snapshot.current().offices_by_id[office_id].code
    picks = [bulk.Pick(one.id, one.version) for one in rows]
    run = bulk.begin(
        demo_id("run", code), "assign", {"person": str(officer.account.id)}, picks,
        by=_viewer(head), at=at,
    )  # fmt: skip
    while bulk_work.take_next(run.id, at=at):
        pass


def _say_something(at: datetime) -> None:
    """A resident's comment, and a complaint about a photo: both wait for the centre."""
    shown = select(Report).where(Report.shown, Report.source == SOURCE)
    newest = shown.order_by(Report.submitted_at.desc()).limit(1)
    report = db.session.scalars(newest.where(Report.status.in_(OPEN))).one_or_none()
    photo = db.session.scalars(
        select(Photo)
        .join(Report, Report.id == Photo.report_id)
        .where(Report.shown, Report.source == SOURCE)
        .order_by(Photo.created_at.desc(), Photo.id)
        .limit(1)
    ).one_or_none()
    if report is None or photo is None:
        return
    by = _resident(but={report.reporter_id, photo.owner_id})
    voices.comment(report, demo_id("desk comment"), COMMENT, by=Viewer(by), at=at)
    pictured = db.session.get_one(Report, photo.report_id)
    complaints.complain(
        pictured, demo_id("desk complaint"), COMPLAINT, photo_id=photo.id, by=by, at=at
    )


def _resident(*, but: Collection[UUID]) -> UUID:
    """Somebody of the demo."""
    theirs = select(Report.reporter_id).join(Account, Account.id == Report.reporter_id)
    return db.session.scalars(
        theirs.where(
            Report.source == SOURCE,
            Report.reporter_id.not_in(but),
            Account.kind == AccountKind.RESIDENT,
        ).limit(1)
    ).one()


def _viewer(post: Post) -> Viewer:
    return Viewer(post.account.id, frozenset({(post.role, post.office_id)}))
