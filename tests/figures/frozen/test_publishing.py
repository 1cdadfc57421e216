"""A report is published once, says what the API says, and never changes again."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

import orjson
import pytest
import sqlalchemy
from flask import Flask
from sqlalchemy import delete, select, update

from app import storage
from app.config import ROOT
from app.database import db
from reports.city import snapshot
from reports.figures import periods
from reports.figures.cutoffs import cutoff
from reports.figures.frozen import chapters, listing, pdf, publishing, tasks
from reports.figures.frozen.blocks import Telling
from reports.figures.frozen.contents import Contents, NothingReceived, read_contents
from reports.figures.frozen.models import FigureReport
from reports.figures.frozen.publishing import (
    FileDamaged,
    NothingChanged,
    PeriodNotSettled,
    due,
    file_of,
    publish,
)
from reports.models import Report
from reports.statuses import Role
from tests.conftest import needs
from tests.figures.frozen.conftest import AFTER, MARCH, resolve
from tests.figures.frozen.reading import csv_rows, pdf_text, workbook
from tests.reports.conftest import House, keep_figures
from tests.reports.test_api import Api


@pytest.fixture(autouse=True)
def _font() -> None:
    needs((pdf.FOLDER / pdf.FONTS[0]).is_file(), "web/built/paper-400.ttf (make pages)")


def published() -> FigureReport:
    return publish(MARCH, by=None, at=AFTER)[0]


def told_by_the_api(app: Flask, house: House, by: str) -> Any:
    leader = Api(app, house.official(Role.LEADER).account_id)
    return leader("GET", f"/indicators?from=2026-03-01&to=2026-04-01&by={by}").json


@pytest.mark.usefixtures("march")
def test_the_csv_tells_what_the_api_tells(app: Flask, house: House) -> None:
    answer = told_by_the_api(app, house, "office")

    rows = csv_rows(file_of(published(), "en", "csv"))

    told = {
        (row["group"], row["code"], row["key"]): (row["value"], int(row["sample"])) for row in rows
    }
    assert answer["total"]["figures"]["received"]["value"] == 5
    for group, one in (("Total", answer["total"]), *(("Offices", g) for g in answer["groups"])):
        for key, figure in one["figures"].items():
            value = "" if figure["value"] is None else repr(figure["value"])
            assert told[group, one["code"] or "", key] == (value, figure["sample"]), key


@pytest.mark.usefixtures("march")
def test_the_workbook_has_the_apis_numbers_as_numbers(app: Flask, house: House) -> None:
    answer = told_by_the_api(app, house, "area")

    sheet = workbook(file_of(published(), "en", "xlsx"))["Wards"]

    heads, rows = sheet[0], {row[0]: row for row in sheet[1:]}
    assert len(rows) == len(answer["groups"])
    for group in answer["groups"]:
        row = dict(zip(heads, rows[group["code"]], strict=False))
        assert row["Received"] == group["figures"]["received"]["value"]
        hours = group["figures"]["resolve_median"]["value"]
        expected = None if hours is None else pytest.approx(hours / 3600)
        assert row.get("Hours to resolve (median)") == expected


@pytest.mark.usefixtures("march")
def test_the_pdf_tells_the_apis_total_in_words(app: Flask, house: House) -> None:
    answer = told_by_the_api(app, house, "office")["total"]["figures"]

    text = pdf_text(file_of(published(), "vi", "pdf"))

    assert answer["resolved"]["value"] == 2
    assert "Trong tháng 3/2026, người dân gửi 5 phản ánh" in text
    assert "2 đã xử lý (40,0%), 2 đang mở, 1 không tiếp nhận, 0 đã gộp, 0 đã rút" in text
    hours = f"{answer['resolve_median']['value'] / 3600:.1f}".replace(".", ",")
    half = f"một nửa được trả lời trong {hours} giờ làm việc"
    assert f"Trong số phản ánh đã có kết quả, {half}" in text


@pytest.mark.usefixtures("march")
def test_bare_numbers_of_hours_have_their_unit_above_them(house: House) -> None:
    heads = workbook(file_of(published(), "vi", "xlsx"))["Đơn vị"][0]

    assert "Thời gian xử lý (trung vị), giờ làm việc" in heads


@pytest.mark.usefixtures("march")
@pytest.mark.parametrize(
    ("at", "drawn"),
    [
        (AFTER, {"received.svg"}),
        (datetime(2026, 4, 20, tzinfo=UTC), {"received.svg", "on_time.svg", "resolve_median.svg"}),
    ],
)
def test_no_line_ends_with_a_month_of_which_only_the_fast_ones_are_answered(
    at: datetime, drawn: set[str]
) -> None:
    drawings: dict[str, str] = {}

    chapters.months(Telling(read_contents(MARCH, number=1, at=at), "vi"), drawings)

    assert drawings.keys() == drawn


def test_reports_about_officials_are_on_no_paper_and_it_says_so(
    app: Flask, house: House, march: list[Report]
) -> None:
    """A leader of the accused office holds the paper against the own page: nothing differs."""
    house.submits("somebody else", category="thai-do")
    keep_figures()
    accused = db.session.scalar(
        select(Report.accused_office_id).where(Report.accused_office_id.is_not(None))
    )
    assert accused
    theirs = house.official(Role.LEADER, house.city.offices_by_id[accused].code)
    page = Api(app, theirs.account_id)("GET", "/indicators?from=2026-03-01&to=2026-04-01").json

    report = published()

    assert told_by_the_api(app, house, "area")["total"]["sums"]["received"] == 6
    assert report.contents["total"]["received"]["value"] == page["total"]["sums"]["received"] == 5
    assert report.contents["months"][-1]["figures"]["received"]["value"] == 5
    assert "thai-do" not in {one["code"] for one in report.contents["categories"]}
    for group in ("offices", "areas", "categories"):
        assert sum(one["figures"]["received"]["value"] for one in report.contents[group]) == 5
    assert "Phản ánh về cán bộ, đơn vị không tính trong báo cáo này" in pdf_text(
        file_of(report, "vi", "pdf")
    )


@pytest.mark.usefixtures("march")
def test_the_fates_on_paper_add_up(house: House) -> None:
    total = cast(Contents, published().contents)["total"]

    fates = ("open", "rejected", "merged", "withdrawn", "resolved")

    assert sum(total[fate]["value"] or 0 for fate in fates) == total["received"]["value"] == 5


@pytest.mark.usefixtures("march")
def test_an_office_that_had_nothing_is_listed_as_such(house: House) -> None:
    report = published()

    idle = {one["code"]: one for one in report.contents["offices"]}["so-du-lich"]

    assert idle["nothing"]
    assert (
        idle["vi"] in pdf_text(file_of(report, "vi", "pdf")).partition("Không có phản ánh nào")[2]
    )
    assert ["so-du-lich", idle["vi"], 0.0] in [
        row[:3] for row in workbook(file_of(report, "vi", "xlsx"))["Đơn vị"]
    ]
    rows = csv_rows(file_of(report, "vi", "csv"))
    assert ("so-du-lich", "received", "0") in {
        (row["mã"], row["chỉ tiêu"], row["giá trị"]) for row in rows
    }


@pytest.mark.usefixtures("march")
def test_the_same_contents_give_the_same_bytes_also_in_another_process(tmp_path: Path) -> None:
    """Typst, the archive of the workbook and all else: no clock, no machine, no chance."""
    contents = read_contents(MARCH, number=1, at=AFTER)
    outlines = publishing.outlines_of(snapshot.current())
    (tmp_path / "contents.json").write_bytes(orjson.dumps(contents))
    (tmp_path / "outlines.json").write_text(
        json.dumps({code: shape.wkt for code, shape in outlines.items()})
    )

    here = digests(publishing.files_of(contents, outlines))
    there = subprocess.run(
        [sys.executable, "-c", ELSEWHERE, str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert json.loads(there.stdout) == here
    assert len(here) == 6


ELSEWHERE = """
import json, sys
from hashlib import sha256
from pathlib import Path
from shapely import from_wkt
from reports.figures.frozen.publishing import files_of
folder = Path(sys.argv[1])
contents = json.loads((folder / "contents.json").read_text())
shapes = json.loads((folder / "outlines.json").read_text())
files = files_of(contents, {code: from_wkt(wkt) for code, wkt in shapes.items()})
print(json.dumps({name: sha256(data).hexdigest() for name, data in files.items()}))
"""


def digests(files: dict[str, bytes]) -> dict[str, str]:
    return {name: sha256(data).hexdigest() for name, data in files.items()}


def test_a_published_report_stays_while_the_figures_move_on(
    house: House, march: list[Report]
) -> None:
    report = published()
    before = {name: file_of(report, *name.split(".")) for name in report.files}

    resolve(house, march[2])
    keep_figures()
    again, made = publish(MARCH, by=None, at=AFTER)

    assert (again.id, made) == (report.id, False)
    assert {name: file_of(again, *name.split(".")) for name in again.files} == before


def test_an_amendment_says_what_changed_and_leaves_the_first_as_it_was(
    house: House, march: list[Report]
) -> None:
    first = published()
    as_published = file_of(first, "vi", "pdf")
    resolve(house, march[2])
    keep_figures()

    second, made = publish(MARCH, by=None, at=AFTER, amend=True)

    changed = {
        one["key"]: (one["before"], one["after"])
        for one in second.contents["changes"]
        if one["group"] == "total"
    }
    assert (made, second.number) == (True, 2)
    assert changed["resolved"] == (2, 3)
    assert changed["open"] == (2, 1)
    assert "received" not in changed
    assert "Số 2026-03, bổ sung 1" in pdf_text(file_of(second, "vi", "pdf"))
    assert file_of(publishing.find("2026-03"), "vi", "pdf") == as_published


@pytest.mark.usefixtures("march")
def test_without_any_change_there_is_no_amendment(house: House) -> None:
    published()

    with pytest.raises(NothingChanged):
        publish(MARCH, by=None, at=AFTER, amend=True)

    assert publishing.count_of("2026-03") == 1


@pytest.mark.usefixtures("march")
def test_before_the_cut_off_nothing_is_published(house: House) -> None:
    too_early = datetime(2026, 4, 4, 22, 59, tzinfo=UTC)  # 5:59 on the 5th in Huế

    with pytest.raises(PeriodNotSettled) as refusal:
        publish(MARCH, by=None, at=too_early)

    assert "06:00" in refusal.value.sentence("vi")
    assert publishing.count_of("2026-03") == 0


def test_a_period_without_any_report_is_not_reported_on(house: House) -> None:
    keep_figures()

    with pytest.raises(NothingReceived):
        publish(periods.month(2026, 1), by=None, at=AFTER)


@pytest.mark.usefixtures("march")
def test_the_schedule_goes_by_the_citys_day_and_by_its_own_choice(house: House) -> None:
    before, then = (datetime(2026, 4, 4, hour, tzinfo=UTC) for hour in (22, 23))

    codes = [[period.code for period in due(at)] for at in (before, then)]

    assert codes == [["2026-02", "2025-Q4"], ["2026-03", "2025-Q4"]]
    chosen = {"figures": {"month_day": 12}}
    moment = cutoff(MARCH, chosen, "Asia/Ho_Chi_Minh")
    assert moment == datetime(2026, 4, 11, 23, tzinfo=UTC)  # 6:00 on the 12th


@pytest.mark.usefixtures("march")
def test_a_month_that_was_missed_is_due_until_it_is_published(house: House) -> None:
    """A worker that was away from May to July, and of what came before the first report nothing."""
    nobody_was_there = datetime(2026, 7, 20, tzinfo=UTC)

    first = [period.code for period in due(nobody_was_there)]
    publish(MARCH, by=None, at=AFTER)
    missed = [period.code for period in due(nobody_was_there)]

    assert first == ["2026-06", "2026-Q2"]
    assert missed == ["2026-04", "2026-05", "2026-06", "2026-Q1", "2026-Q2"]


def test_what_is_over_and_not_settled_yet_is_among_what_comes(house: House) -> None:
    first_of_april = datetime(2026, 4, 1, 2, tzinfo=UTC)

    coming = [one["period"] for one in listing.upcoming(first_of_april)]

    assert coming == ["2026-03", "2026-04", "2026-Q1", "2026-Q2"]


@pytest.mark.usefixtures("march")
def test_the_job_publishes_each_period_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    # The job asks the clock; what is tested is what it does on that day.
    monkeypatch.setattr(tasks, "now", lambda: AFTER)

    made = tasks.publish_due(), tasks.publish_due()

    assert made == (1, 0)
    assert publishing.count_of("2026-03") == 1
    assert publishing.count_of("2025-Q4") == 0  # nothing was received


@pytest.mark.usefixtures("march")
def test_the_database_refuses_to_change_what_was_published(house: House) -> None:
    report = published()

    for statement in (
        update(FigureReport).where(FigureReport.id == report.id).values(definitions_version=9),
        delete(FigureReport).where(FigureReport.id == report.id),
    ):
        with pytest.raises(sqlalchemy.exc.IntegrityError), db.session.begin_nested():
            db.session.execute(statement)


@pytest.mark.usefixtures("march")
def test_a_file_that_was_tampered_with_is_not_given_out(house: House) -> None:
    report = published()
    kept = publishing.kept(report)["vi.csv"]
    as_it_was = storage.get(kept.key)

    storage.put(kept.key, as_it_was + b"2026-03,,,\n")

    with pytest.raises(FileDamaged):
        file_of(report, "vi", "csv")
    storage.put(kept.key, as_it_was)
    assert file_of(report, "vi", "csv") == as_it_was


@pytest.mark.usefixtures("march")
def test_without_the_font_it_is_said_who_can_help(
    house: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # A checkout whose pages were never built.
    monkeypatch.setattr(pdf, "FOLDER", tmp_path)

    with pytest.raises(pdf.FontMissing, match="make pages"):
        published()

    assert publishing.count_of("2026-03") == 0
