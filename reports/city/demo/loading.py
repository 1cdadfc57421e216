"""Putting the invented reports in, and taking them out again wholly. Neither tells anybody."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, func, select, text, update
from tqdm import tqdm

from app.auth.models import Account, AccountKind
from app.clock import now
from app.database import db
from app.errors import Conflict
from notifications import outbox
from notifications.models import Delivery, Message
from reports import photos
from reports.city import snapshot
from reports.city.demo import desks
from reports.city.demo.courses import courses_of
from reports.city.demo.material import read_material
from reports.city.demo.script import PEOPLE, Script
from reports.city.demo.stage import SOURCE, Stage, demo_id
from reports.city.folder import find_folder
from reports.city.models import Office
from reports.figures.public import publishing
from reports.models import Assignment, Comment, Note, Photo, Rating, Report, StatusChange, Support
from reports.statuses import Role

REPORTS = 300  # of the last sixty days, with their photos
BEFORE = 600  # of the year before them, without: what the leaders' lines are drawn from
MOST = 5000  # reports that a demo may have: ids of its people follow from their numbers


class MergedIntoDemo(Conflict):
    code = "merged-into-demo"
    vi = "{reports} phản ánh thật đang gộp vào phản ánh mẫu. Tách chúng ra trước."
    en = "{reports} real reports are merged into invented ones. Unmerge them first."


def load_demo_reports(
    *,
    count: int = REPORTS,
    before: int = 0,
    at: datetime | None = None,
    progress: bool = False,
) -> int:
    """Invent `count` reports over the 60 days before `at` (now) and `before` over the year before
    those; how many. 0 when they are there already.

    Needs a loaded city whose folder holds a demo. Flushes; the edge commits.
    """
    if _loaded():
        return 0
    city = snapshot.current()
    material = read_material(find_folder(city.profile.folder))
    moment = at or now()
    plots = Script(city, material, moment).plots(count, before=before)
    stage = Stage(city, material, moment)
    courses = list(courses_of(stage, plots))
    bar = tqdm(total=len(courses), desc="reports", delay=2, disable=not progress, leave=False)
    with outbox.silence(), bar:
        stage.perform(courses, bar.update)
        for play in stage.plays.values():
            if play.id in stage.reports:
                play.let_time_pass(moment)
    db.session.flush()
    return _count()


def remove_demo_reports() -> int:
    """Take every invented report out, with its history, photos, files and people; how many.

    Flushes; files go when the edge commits.
    """
    ids = select(Report.id).where(Report.source == SOURCE).scalar_subquery()
    gone = _count()
    real = select(func.count()).where(Report.lead_id.in_(ids), Report.source != SOURCE)
    if merged := db.session.scalar(real):
        raise MergedIntoDemo(reports=merged)
    # History is append-only, but for erasing: a trigger honours this for the transaction.
    db.session.execute(text("set local xom.erasing = 'on'"))
    changes = select(StatusChange.id).where(StatusChange.report_id.in_(ids))
    of_demo = Photo.report_id.in_(ids) | Photo.change_id.in_(changes)
    photos.delete_photos(db.session.scalars(select(Photo.id).where(of_demo)).all())
    subjects = select(func.concat("report:", Report.id)).where(Report.source == SOURCE)
    _delete_messages(subjects)
    desks.clear()
    for model in (Rating, Support, Comment, Note, Assignment, StatusChange):
        db.session.execute(delete(model).where(model.report_id.in_(ids)))
    for column in (Report.lead_id, Report.recurs_from_id):
        db.session.execute(update(Report).where(column.in_(ids)).values({column: None}))
    db.session.execute(delete(Report).where(Report.source == SOURCE))
    if not db.session.scalar(select(exists(select(Report.id)))):
        publishing.take_back_all()  # months that held nothing else
    _remove_people()
    db.session.flush()
    return gone


def _loaded() -> bool:
    return bool(db.session.scalar(select(exists().where(Report.source == SOURCE))))


def _count() -> int:
    wanted = select(func.count()).select_from(Report).where(Report.source == SOURCE)
    return db.session.scalar(wanted) or 0


def _delete_messages(subjects: Any) -> None:
    theirs = select(Message.id).where(Message.subject.in_(subjects))
    db.session.execute(delete(Delivery).where(Delivery.message_id.in_(theirs)))
    db.session.execute(delete(Message).where(Message.subject.in_(subjects)))


def _remove_people() -> None:
    """Accounts of the demo alone: their ids can belong to nobody else."""
    invented = set(_invented_people())
    present = db.session.scalars(select(Account.id)).all()
    theirs = [account_id for account_id in present if account_id in invented]
    db.session.execute(delete(Account).where(Account.id.in_(theirs)))


def _invented_people() -> Iterable[UUID]:
    for number in range(PEOPLE):
        yield demo_id(AccountKind.RESIDENT, number)
    for number in range(MOST):
        yield demo_id(AccountKind.ANONYMOUS, number)
    for code in db.session.scalars(select(Office.code)):
        for role in (Role.DISPATCHER, Role.OFFICER, Role.HEAD):
            yield demo_id(AccountKind.OFFICIAL, role, code)
