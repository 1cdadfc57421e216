"""By the cut-off a month is too young to be held against the month before as it stands now: what
grows with time is held against the first paper on that month, which was as young."""

from datetime import UTC, datetime, timedelta

import pytest

from reports.figures import periods
from reports.figures.frozen import pdf
from reports.figures.frozen.models import FigureReport
from reports.figures.frozen.publishing import file_of, publish
from reports.models import Report
from reports.statuses import Role
from tests.conftest import needs
from tests.figures.frozen.conftest import AFTER, MARCH, resolve
from tests.figures.frozen.reading import csv_rows, pdf_text, workbook
from tests.reports.conftest import House, keep_figures

FEBRUARY = periods.month(2026, 2)
THE_SIXTH, THE_SEVENTH = (datetime(2026, 3, day, 1, tzinfo=UTC) for day in (6, 7))


@pytest.fixture(autouse=True)
def _font() -> None:
    needs((pdf.FOLDER / pdf.FONTS[0]).is_file(), "web/built/paper-400.ttf (make pages)")


def sent(house: House, month: str, many: int) -> list[Report]:
    found = [house.submits(f"{month} {number}") for number in range(many)]
    house.at += timedelta(hours=1)
    for report in found:
        house.takes(house.official(Role.DISPATCHER), "accept", report)
    return found


def both_months(house: House, *, first_at: datetime, then: datetime = AFTER) -> FigureReport:
    """February: 10 of 12 resolved on its first paper, the others later. March: 13 of 14."""
    monday = house.at
    house.at -= timedelta(days=20)
    february = sent(house, "february", 12)
    for report in february[:10]:
        resolve(house, report)
    keep_figures()
    publish(FEBRUARY, by=None, at=first_at)
    house.at = monday
    for report in february[10:]:
        resolve(house, report)
    for report in sent(house, "march", 14)[:13]:
        resolve(house, report)
    keep_figures()
    return publish(MARCH, by=None, at=then)[0]


def test_what_grows_with_time_is_held_against_the_first_paper_on_the_month_before(
    house: House,
) -> None:
    report = both_months(house, first_at=THE_SIXTH)

    total = report.contents["total"]
    resolved = {key: total["resolved"][key] for key in ("past", "amount", "by", "state")}
    assert resolved == {"past": 10, "amount": 30.0, "by": "percent", "state": "first_paper"}
    assert total["resolve_median"]["state"] == "first_paper"
    assert total["received"] | {"sure": None} == {
        "value": 14, "sample": 14, "past": 12, "amount": pytest.approx(100 / 6), "by": "percent",
        "state": "told", "sure": None,
    }  # fmt: skip


def test_the_paper_says_against_what(house: House) -> None:
    report = both_months(house, first_at=THE_SIXTH)

    text = pdf_text(file_of(report, "vi", "pdf"))
    words = " ".join(str(row[0]) for row in workbook(file_of(report, "en", "xlsx"))["Summary"])
    rows = {row["key"]: row for row in csv_rows(file_of(report, "en", "csv")) if not row["code"]}

    assert (
        "được so với báo cáo đầu của tháng 2/2026, cũng làm vào ngày thứ 6 sau khi hết kỳ" in text
    )
    assert "held against the first report on February 2026, which was made on day 6" in words
    assert (rows["resolved"]["before"], rows["resolved"]["comparison"]) == ("10", "first_paper")


def test_a_first_paper_of_another_age_is_not_held_against_it(house: House) -> None:
    report = both_months(house, first_at=THE_SEVENTH)

    assert report.contents["total"]["resolved"]["state"] == "ripening"
    assert report.contents["first_paper"] is None
    assert "báo cáo đầu của" not in pdf_text(file_of(report, "vi", "pdf"))


def test_once_a_month_is_old_enough_it_is_held_against_the_other_as_it_stands(
    house: House,
) -> None:
    two_weeks = timedelta(days=14)

    report = both_months(house, first_at=THE_SIXTH + two_weeks, then=AFTER + two_weeks)

    resolved = report.contents["total"]["resolved"]
    assert (resolved["past"], resolved["state"]) == (12, "told")
    assert report.contents["first_paper"] is None
