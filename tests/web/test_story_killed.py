"""A phone that dies while a report is being written: what the screen had said is kept is there when
the app is opened again. A browser process with a profile on the disk, ended by SIGKILL.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Error, Locator, Page, Playwright, expect

from tests.conftest import CHROMIUM, CHROMIUM_ARGUMENTS, needs
from tests.web.conftest import PHONE
from tests.web.said import CODE
from tests.web.scenes import FLOODED
from tests.web.site import Site
from tests.web.test_sending_killed import kill
from tests.web.waiting import opened, rows, until

SLOWLY = 20_000
Start = Callable[[], Page]


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    return tmp_path / "profile"


@pytest.fixture
def start(playwright: Playwright, profile: Path, site: Site) -> Iterator[Start]:
    """Opens the app on this phone, again and again, with what it kept."""
    needs(CHROMIUM.exists(), str(CHROMIUM))
    running: list[BrowserContext] = []

    def begin() -> Page:
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=str(CHROMIUM),
            args=CHROMIUM_ARGUMENTS,
            **PHONE,  # type: ignore[arg-type]
        )
        running.append(context)
        return opened(context.new_page(), site, "/")

    yield begin
    with suppress(Error):
        running[-1].close()


def write(page: Page) -> None:
    page.get_by_role("link", name="Phản ánh", exact=True).tap()
    expect(page.locator("#submit-kind label").first).to_be_visible()


def go_on_writing(page: Page) -> None:
    """As its owner finds it: under what I sent, not sent yet."""
    page.get_by_role("link", name="Của tôi").tap()
    page.get_by_role("button", name="Viết tiếp").or_(
        page.get_by_role("link", name="Viết tiếp")
    ).first.tap()


def kept(page: Page) -> dict[str, Any]:
    """The draft as the phone has it; empty before there is one."""
    return next(iter(rows(page, "drafts")), {"description": "", "photos": []})


def test_killed_while_typing_what_was_written_is_there(start: Start, profile: Path) -> None:
    page = start()
    write(page)
    words = page.locator("#submit-words textarea")
    words.press_sequentially("Cống trước trường nghẹt, mưa là ")
    until(page, lambda: kept(page)["description"])  # no button was pressed for it
    words.press_sequentially("ngập tới gối")
    until(page, lambda: kept(page)["description"].endswith("gối"))
    words.press_sequentially(", xe")  # a moment ago: this may be there or not
    kill(page.context, profile)

    page = start()
    go_on_writing(page)

    there = re.compile("^Cống trước trường nghẹt, mưa là ngập tới gối")
    expect(page.locator("#submit-words textarea")).to_have_value(there)


def test_killed_while_photos_are_made_ready_those_that_were_shown_are_there(
    start: Start, profile: Path
) -> None:
    page = start()
    write(page)
    picture = FLOODED.read_bytes()
    files: Any = [
        {"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": picture + bytes([n])}
        for n in range(12)
    ]
    page.locator("input[type=file]:not([capture])").set_input_files(files)
    expect(shown(page).first).to_be_visible(timeout=SLOWLY)
    photos = len(until(page, lambda: kept(page)["photos"]))
    expect(page.locator(".submit-photo-working").first).to_be_visible()  # it did not wait for all
    kill(page.context, profile)

    page = start()
    go_on_writing(page)

    expect(shown(page).nth(photos - 1)).to_be_visible(timeout=SLOWLY)
    expect(page.locator(".submit-photo-working")).to_have_count(0)
    page.get_by_role("button", name="Gửi phản ánh").tap()
    expect(page.locator(".submit-code-big")).to_have_text(CODE, timeout=SLOWLY)


def shown(page: Page) -> Locator:
    return page.locator(".submit-photo img")
