"""The audit log at the console: searched, paged, verified, downloaded."""

import ast
from collections.abc import Iterator
from datetime import timedelta
from typing import TypeGuard

from sqlalchemy import text

from app import audit
from app.clock import now
from app.config import ROOT
from app.database import db
from reports import identity
from reports.city.editing import SUBJECTS
from reports.city.rehearsing import KINDS, PARTS
from reports.city.schemas import AreaRow, CategoryRow, OfficeRow, RuleRow
from reports.desk.models import Decision
from reports.erasure import _EMPTIED
from reports.own_data import _LISTS
from reports.statuses import Role
from tests.console.conftest import Desk, words
from tests.console.people import appoint, signed_in
from web.console.city.acts import ACTS, FIELDS


def an_entry(desk: Desk, action: str, subject: str, *, reason: str | None = None) -> None:
    with desk.app.app_context():
        audit.record(action, subject=subject, actor_id=None, fields=["office"], reason=reason)
        db.session.commit()


def test_entries_are_found_by_act_subject_and_official(desk: Desk) -> None:
    admin = desk.at(Role.ADMIN)
    officer = desk.at(Role.OFFICER, "so-y-te")
    an_entry(desk, "duty.remove", f"account:{officer.account_id}", reason="đổi ca")
    an_entry(desk, "rules.edit", "rule:giao-thong")

    by_act = admin.sees("/audit?action=duty.remove")
    by_subject = admin.sees("/audit?subject=rule:giao")
    by_person = admin.sees("/audit?person=OFFICER so-y")

    assert "đổi ca" in by_act and "rule:giao-thong" not in by_act
    assert "rule:giao-thong" in by_subject and "đổi ca" not in by_subject
    assert "officer so-y-te" in by_person and "rule:giao-thong" not in by_person


def test_an_entry_is_told_in_words_and_what_is_stored_stands_beside_it(desk: Desk) -> None:
    admin, english = desk.at(Role.ADMIN), desk.at(Role.ADMIN, lang="en")
    officer = desk.at(Role.OFFICER, "so-y-te")
    an_entry(desk, "role.grant", f"account:{officer.account_id}", reason="officer so-y-te")
    an_entry(desk, "offices.edit", "office:so-xay-dung")

    by_role = f"/audit?action=role.grant&subject=account:{officer.account_id}"
    role, role_in_english = admin.sees(by_role), english.sees(by_role)
    office = admin.get("/audit?action=offices.edit&subject=office:so-xay-dung")

    assert "Giao vai trò Đơn vị officer so-y-te Cán bộ xử lý, Sở Y tế Cán bộ xử lý, Sở Y tế" in role
    assert "Role given Office officer so-y-te Officer, Department of Health" in role_in_english
    assert f"action role.grant subject account:{officer.account_id}" in role
    assert "Sở Xây dựng Đơn vị" in words(office)
    assert 'href="/console/city/offices/so-xay-dung"' in office.text


def test_a_report_is_called_by_its_code_and_found_by_it_however_it_is_typed(desk: Desk) -> None:
    admin, sent = desk.at(Role.ADMIN), desk.submits()
    reader, _ = appoint(desk, Role.ADMIN)
    desk.at(Role.ADMIN).post(f"/admin/accounts/{reader}/roles", role="dispatcher", office="hue-ioc")
    an_entry(desk, "report.redact", f"report:{sent['id']}")
    code = sent["code"]

    pages = [
        admin.get(f"/audit?subject={typed}") for typed in (code, code.replace("-", "").lower())
    ]

    for page in pages:
        assert f"{code} Phản ánh" in words(page)
        assert "Che lời phản ánh" in words(page)
        assert f'href="/console/audit?subject={code}"' in page.text  # an admin reads no reports
    page = signed_in(desk, reader).get(f"/audit?subject={code}").text
    assert f'href="/console/reports/{code}"' in page
    assert "Không có mục nào như vậy." in admin.sees("/audit?subject=482-173-906-K")


def test_an_office_a_category_and_an_area_are_found_by_their_names(desk: Desk) -> None:
    english = desk.at(Role.ADMIN, lang="en")
    an_entry(desk, "offices.edit", "office:so-du-lich", reason="tìm theo tên")

    found = english.sees("/audit?subject=department of tourism")

    assert "Department of Tourism Office tìm theo tên" in found


def test_days_narrow_the_log_and_what_is_no_day_is_told(desk: Desk) -> None:
    admin = desk.at(Role.ADMIN)
    an_entry(desk, "rules.edit", "rule:khac")
    tomorrow = (now() + timedelta(days=2)).date()

    later, wrong = admin.sees(f"/audit?since={tomorrow}"), admin.get("/audit?since=hôm%20qua")

    assert "Không có mục nào như vậy." in later
    assert wrong.status_code == 422
    assert "Chọn một ngày." in words(wrong)


def test_a_long_log_is_read_page_by_page_without_gap(desk: Desk) -> None:
    admin = desk.at(Role.ADMIN)
    for number in range(60):
        an_entry(desk, "notice.give", f"notice:{number:03}")

    first = admin.get("/audit?subject=notice:").text
    onward = first.split('href="?subject=notice')[1].split('"')[0].replace("&amp;", "&")
    second = words(admin.get(f"/audit?subject=notice{onward}"))

    assert "notice:010" in first and "notice:009" not in first
    assert "Thông báo 009" in second and "Thông báo 000" in second
    assert "Thông báo 010" not in second


def test_an_entry_changed_behind_the_house_is_found(desk: Desk) -> None:
    admin, english = desk.at(Role.ADMIN), desk.at(Role.ADMIN, lang="en")
    an_entry(desk, "role.grant", "account:x")
    whole = words(admin.post("/audit/verify"))

    with desk.app.app_context(), db.engine.begin() as connection:
        connection.execute(text("set local session_replication_role = replica"))
        connection.execute(
            text("update audit_entry set subject = 'account:y' where subject = 'account:x'")
        )
    broken = words(english.post("/audit/verify"))
    with desk.app.app_context(), db.engine.begin() as connection:
        connection.execute(text("set local session_replication_role = replica"))
        connection.execute(
            text("update audit_entry set subject = 'account:x' where subject = 'account:y'")
        )

    assert "Chuỗi nguyên vẹn" in whole
    assert "was changed" in broken


def test_the_download_holds_what_was_searched_runs_no_formula_and_is_recorded(desk: Desk) -> None:
    admin = desk.at(Role.ADMIN)
    an_entry(desk, "role.grant", "account:z", reason="=HYPERLINK(1)")
    an_entry(desk, "rules.edit", "rule:du-lich")

    answer = admin.post("/audit.csv", action="role.grant")

    assert answer.mimetype == "text/csv"
    assert "'=HYPERLINK(1)" in answer.text
    assert "rules.edit" not in answer.text
    assert "Tải nhật ký" in admin.sees("/audit?action=audit.export")


def test_only_administrators_read_the_log(desk: Desk) -> None:
    for role in (Role.DISPATCHER, Role.LEADER, Role.HEAD):
        assert desk.at(role).get("/audit").status_code == 403
        assert desk.at(role).post("/audit.csv").status_code == 403


def test_every_act_that_the_house_records_has_words_in_both_languages_and_can_be_chosen() -> None:
    recorded = acts_of_the_house()

    assert {"account.create", "complaint.upheld", "offices.import", "role.grant"} <= recorded
    assert recorded - set(ACTS) == set()
    assert all(vi and en and vi != en for vi, en in ACTS.values())


def test_every_field_that_the_house_records_has_words_in_both_languages() -> None:
    of_the_city = {
        name for schema in (AreaRow, OfficeRow, CategoryRow, RuleRow) for name in schema().fields
    }
    written = fields_of_the_house()

    assert {"assignee", "disabled_at", "second_factor"} <= written
    assert (of_the_city | written | {*PARTS, *_EMPTIED, *_LISTS, *identity.FIELDS}) <= set(FIELDS)
    assert all(vi and en and vi != en for vi, en in FIELDS.values())


def fields_of_the_house() -> set[str]:
    """The names of fields that stand in the source where something is recorded."""
    return {
        str(one.value)
        for package in ("app", "notifications", "reports", "web")
        for path in sorted((ROOT / package).rglob("*.py"))
        for call in ast.walk(ast.parse(path.read_text()))
        if is_record(call)
        for one in _fields_given(call)
        if isinstance(one, ast.Constant)
    }


def _fields_given(call: ast.Call) -> Iterator[ast.expr]:
    """As `fields=(…)`, or as what stands after the action and two more."""
    if ast.unparse(call.func) == "_record":
        yield from call.args[3:]
    for listed in [one.value for one in call.keywords if one.arg == "fields"]:
        if isinstance(listed, ast.Tuple | ast.List):
            yield from listed.elts


def is_record(one: ast.AST) -> TypeGuard[ast.Call]:
    return isinstance(one, ast.Call) and ast.unparse(one.func) in {"audit.record", "_record"}


def acts_of_the_house() -> set[str]:
    """The names that the source gives to `audit.record`, by itself or through a function between.
    Where one is put together, what it may be stands here."""
    put_together = {
        "complaint.{decision}": {f"complaint.{one}" for one in Decision},
        "{kind.name}.{what}": {f"{kind}.{what}" for kind in SUBJECTS for what in ("add", "edit")},
        "{name}.import": {f"{name}.import" for name in SUBJECTS},
        "{kind}.import": {f"{kind}.import" for kind in KINDS},
    }
    found: set[str] = set()
    for package in ("app", "notifications", "reports", "web"):
        for path in sorted((ROOT / package).rglob("*.py")):
            for name in _recorded_in(ast.parse(path.read_text())):
                found |= put_together[name] if "{" in name else {name}
    return found


def _recorded_in(module: ast.Module) -> Iterator[str]:
    constants = {
        one.targets[0].id: one.value
        for one in module.body
        if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name)
    }
    for function in [one for one in ast.walk(module) if isinstance(one, ast.FunctionDef)]:
        for given in _given_to(function, "audit.record", 0):
            if not isinstance(given, ast.Name):
                yield _written(given)
            elif given.id in constants:
                yield _written(constants[given.id])
            else:
                place = [one.arg for one in function.args.args].index(given.id)
                yield from map(_written, _given_to(module, function.name, place))


def _given_to(where: ast.AST, name: str, place: int) -> Iterator[ast.expr]:
    for call in ast.walk(where):
        if isinstance(call, ast.Call) and ast.unparse(call.func) == name:
            yield call.args[place]


def _written(given: ast.expr) -> str:
    """A name as it stands in the source; one of which nothing can be told is an error."""
    if isinstance(given, ast.Constant):
        return str(given.value)
    assert isinstance(given, ast.JoinedStr), ast.unparse(given)
    return ast.unparse(given)[2:-1]
