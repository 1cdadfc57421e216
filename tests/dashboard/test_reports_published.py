"""A leader publishes last month's report on the page, takes its PDF, and has it sent by mail."""

import re
from hashlib import sha256
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.clock import now
from reports.figures.cutoffs import last_settled
from reports.figures.frozen import pdf
from reports.figures.periods import Kind, Period
from tests.conftest import needs
from tests.dashboard.conftest import leader_of
from tests.dashboard.planted import RECEIVED, RECEIVED_BEFORE, Planted
from tests.dashboard.test_leaders_screens import SCREENS, wrong_with
from tests.figures.frozen.reading import pdf_text
from tests.web.conftest import Shots, watched
from tests.web.site import Site


def settled(planted: Planted) -> tuple[Period, int]:
    """The newest month whose cut-off has come, and what it received: in the first days of a month
    that is not yet the last one."""
    newest = last_settled(Kind.MONTH, {}, "Asia/Ho_Chi_Minh", at=now())
    return newest, RECEIVED if newest == planted.month else RECEIVED_BEFORE


def test_a_month_is_published_and_its_pdf_taken(
    page: Page, planted: Planted, tmp_path: Path
) -> None:
    needs((pdf.FOLDER / pdf.FONTS[0]).is_file(), "web/built/paper-400.ttf (make pages)")
    page.goto("/dashboard/reports")
    month, received = settled(planted)
    now_button = page.get_by_role("button", name="Công bố ngay")
    due = page.locator("form", has_text=month.name("vi")[1:]).filter(has=now_button)
    due.get_by_role("button").click()

    report = page.locator(".reports li", has_text=month.name("vi")[1:])
    taken = []
    for number in range(2):
        with page.expect_download() as waiting:
            report.get_by_role("link", name="PDF").click()
        taken.append(tmp_path / f"{number}.pdf")
        waiting.value.save_as(taken[-1])

    expect(due).to_have_count(0)
    assert f"người dân gửi {received} phản ánh" in pdf_text(taken[0].read_bytes())
    assert len({sha256(file.read_bytes()).hexdigest() for file in taken}) == 1


def test_somebody_outside_is_put_on_the_list(page: Page) -> None:
    page.goto("/dashboard/reports")
    page.get_by_label("Tên người nhận").fill("Văn phòng UBND tỉnh")
    page.get_by_label("Địa chỉ (để trống").fill("bao-cao@tinh.vn")
    page.get_by_role("button", name="Thêm", exact=True).click()

    listed = page.locator("li", has_text="bao-cao@tinh.vn")
    expect(listed).to_contain_text("tháng, quý")
    listed.get_by_role("button", name="Bỏ người nhận").click()

    expect(listed).to_have_count(0)


@pytest.mark.parametrize("name", SCREENS)
def test_the_page_is_whole_and_sound_when_it_is_full(
    chromium: Browser, site: Site, planted: Planted, shots: Shots, name: str
) -> None:
    """After the tests above: with a report and its files."""
    context = leader_of(chromium, site, **SCREENS[name])
    page = context.new_page()
    complaints = watched(page)
    page.goto("/dashboard/reports")
    if page.locator(".reports li").count() == 0:
        page.locator("form button", has_text=re.compile("Công bố ngay|Publish now")).first.click()

    expect(page.locator(".reports li").first).to_be_visible()
    shots(page, f"reports-full-{name}")
    wrong = wrong_with(page, name)

    context.close()
    assert wrong == []
    assert complaints == []
