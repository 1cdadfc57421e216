"""What a newcomer finds on the desks of the demo city, and that it goes as it came."""

import pytest
from sqlalchemy import func, select

from app.auth.models import Account
from app.clock import now
from app.database import db
from reports import complaints
from reports.city.demo import desks
from reports.city.demo.loading import load_demo_reports, remove_demo_reports
from reports.city.demo_accounts import ensure_demo_accounts
from reports.city.models import DutyShift
from reports.desk import handover, waiting_comments
from reports.desk.models import AnswerTemplate, BulkItem, BulkRun, Complaint, RunState
from reports.models import Report
from reports.permissions import Viewer
from reports.statuses import Role
from tests.city.conftest import Town


@pytest.fixture
def furnished(town: Town) -> Town:
    ensure_demo_accounts("a-long-demo-password")
    load_demo_reports(count=70)
    desks.lay_out(at=now())
    return town


@pytest.mark.usefixtures("furnished")
def test_work_is_somebodys_by_name_and_the_centre_has_words_a_roster_and_what_waits() -> None:
    centre = Viewer(None, frozenset({(Role.DISPATCHER, 1)}))
    runs = db.session.scalars(select(BulkRun)).all()
    given = select(Report.office_id).where(Report.assignee_id.is_not(None)).distinct()
    offices = db.session.scalars(given).all()

    assert len(runs) == len(offices) == 2
    assert all(run.state is RunState.FINISHED and run.done and not run.failed for run in runs)
    heads = {office: Viewer(None, frozenset({(Role.HEAD, office)})) for office in offices}
    burdens = [handover.burdens(head, office, at=now()) for office, head in heads.items()]
    assert all(found[0].reports for found in burdens)
    names = set(db.session.scalars(select(Account.name).where(Account.email.is_not(None))))
    assert not any("," in (name or "") for name in names)
    assert db.session.scalar(select(func.count()).select_from(AnswerTemplate)) == 5
    assert db.session.scalar(select(func.count()).select_from(DutyShift)) == 7
    assert waiting_comments.page_of(centre, limit=5, after=None)
    assert [told.Complaint.text for told in complaints.waiting(centre)] == [desks.COMPLAINT]


def test_again_lays_out_nothing_anew_and_removing_leaves_nothing(furnished: Town) -> None:
    tables = (AnswerTemplate, BulkRun, BulkItem, Complaint)
    before = [counted(table) for table in (*tables, DutyShift)]

    desks.lay_out(at=now())
    after = [counted(table) for table in (*tables, DutyShift)]
    remove_demo_reports()

    assert after == before
    assert [counted(table) for table in tables] == [0, 0, 0, 0]


def counted(table: type) -> int | None:
    return db.session.scalar(select(func.count()).select_from(table))
