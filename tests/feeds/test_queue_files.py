"""An official's queue as CSV: over the API for programs, from the console for spreadsheets."""

import csv
import io
import re
from datetime import timedelta
from uuid import uuid4

from flask import Flask
from sqlalchemy import select

from app.auth import api_clients, issuing
from app.auth.issuing import KeyTerms
from app.auth.models import AuditEntry
from app.auth.scopes import Scope
from app.database import db
from reports.desk import clients
from reports.statuses import Role
from tests.console.conftest import Desk, desk, desk_house
from tests.feeds.conftest import A_LUOI, House, Reader, office_of, official, publish
from tests.feeds.test_files import rows

__all__ = ["desk", "desk_house"]

QUEUE = "/api/v1/queue.csv"
WORDS = "Cống nghẹt, gọi 0905 123 456."


def test_an_office_takes_along_what_its_queue_shows_with_the_words_as_sent(
    app: Flask, house: House
) -> None:
    theirs = publish(house, description=WORDS)
    officer = official(app, house, Role.OFFICER, office_of(house, theirs))
    elsewhere = official(app, house, Role.OFFICER, "so-du-lich")

    (row,) = rows(officer(QUEUE).text)

    assert row["description"] == WORDS and row["act_by"] and row["overdue"] == "false"
    assert row["url"].endswith(f"/console/reports/{row['code']}")
    assert rows(elsewhere(QUEUE).text) == []


def test_it_is_narrowed_as_the_queue_is_and_holds_all_of_it(app: Flask, house: House) -> None:
    reports = [publish(house, f"Người {number}") for number in range(4)]
    house.takes(house.official(Role.OFFICER, office_of(house, reports[0])), "start", reports[0])
    centre = official(app, house, Role.DISPATCHER)

    everything, begun = rows(centre(QUEUE).text), rows(centre(f"{QUEUE}?status=in_progress").text)

    assert {row["id"] for row in everything} == {str(report.id) for report in reports}
    assert [row["id"] for row in begun] == [str(reports[0].id)]
    assert centre(f"{QUEUE}?after=x").status_code == 422


def test_what_has_ended_or_rests_is_not_overdue_in_the_list_and_in_the_file(
    app: Flask, house: House
) -> None:
    late, asked, done = (publish(house, f"Người {number}") for number in range(3))
    officer = house.official(Role.OFFICER, office_of(house, asked))
    house.takes(officer, "ask", asked, note="Ở đâu?")
    house.takes(officer, "start", done)
    house.takes(officer, "resolve", done, outcome="explained", note="Đã nạo vét.")
    for report in (late, asked, done):
        report.due_at = house.at - timedelta(hours=1)
    centre = official(app, house, Role.DISPATCHER)

    listed = centre("/api/v1/queue?status=all").json["items"]
    file = rows(centre(f"{QUEUE}?status=all").text)

    overdue = {str(late.id)}
    assert {item["id"] for item in listed if item["overdue"]} == overdue
    assert {row["id"] for row in file if row["overdue"] == "true"} == overdue
    assert len(listed) == len(file) == 3


def test_that_it_was_taken_along_is_on_record_with_what_it_was_narrowed_by(
    app: Flask, house: House
) -> None:
    publish(house)
    centre = official(app, house, Role.DISPATCHER)

    centre(f"{QUEUE}?category=giao-duc&q=cong")

    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry and (entry.action, entry.subject) == ("queue.export", "queue")
    assert entry.actor_id == house.official(Role.DISPATCHER).account_id
    assert {"category", "q"} <= set(entry.fields) and "cong" not in str(entry.fields)


def test_who_sees_no_queue_takes_none_along(app: Flask, house: House) -> None:
    assert Reader(app)(QUEUE).status_code == 401
    assert official(app, house, Role.ADMIN)(QUEUE).status_code == 403
    assert Reader(app, house.person("Lan").account_id)(QUEUE).status_code == 403


def test_a_key_of_the_scope_takes_along_what_its_clients_office_has(
    app: Flask, house: House, read: Reader
) -> None:
    theirs = publish(house, description=WORDS)
    publish(house, "Minh", place=A_LUOI, category="giao-duc")
    program = uuid4()
    api_clients.make(program, "Chiếu sáng", "it@example.vn", by=None, at=house.at)
    clients.work_for(program, office_of(house, theirs), city=house.city, by=None, at=house.at)
    keys = {
        scope: issuing.issue(
            program, uuid4(), KeyTerms(scopes=frozenset({scope})), by=None, at=house.at
        )[1]
        for scope in (Scope.OFFICES_READ, Scope.REPORTS_CREATE)
    }

    taken = read(QUEUE, Authorization=f"Bearer {keys[Scope.OFFICES_READ]}")
    other = read(QUEUE, Authorization=f"Bearer {keys[Scope.REPORTS_CREATE]}")

    assert [row["id"] for row in rows(taken.text)] == [str(theirs.id)]
    assert other.status_code == 403


def test_the_consoles_file_is_in_words_and_holds_what_the_list_holds(desk: Desk) -> None:
    mine, other = desk.submits(description="Cây =đổ trong tệp"), desk.submits()
    desk.accepted(mine["id"])
    dispatcher = desk.at(Role.DISPATCHER)
    page = dispatcher.get("/queue?q=trong tệp").text
    link = re.search(r'href="/console(/queue\.csv[^"]*)"', page)
    assert link

    answer = dispatcher.get(link[1].replace("&amp;", "&"))

    assert answer.mimetype == "text/csv"
    assert re.search(r'filename="xom-\d{8}-\d{4}\.csv"', answer.headers["Content-Disposition"])
    found = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row["Mã"] for row in found] == [mine["code"]] and other["code"] not in answer.text
    assert found[0]["Trạng thái"] == "Đã tiếp nhận" and found[0]["Nội dung"] == "Cây =đổ trong tệp"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", found[0]["Gửi lúc"])


def test_it_is_in_english_for_who_reads_english(desk: Desk) -> None:
    desk.accepted(desk.submits()["id"])

    text = desk.at(Role.DISPATCHER, lang="en").get("/queue.csv?status=all").text

    assert text.startswith("\ufeffCode,Status,Urgent,Overdue,")
    assert ",Accepted," in text or "\r\n" in text
