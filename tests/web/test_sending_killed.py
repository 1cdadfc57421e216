"""A phone whose browser is killed, without a warning, at any moment: what was kept is sent at the
next start, once. A browser process of its own with its profile on the disk, ended by SIGKILL.
"""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Error, Playwright

from tests.conftest import CHROMIUM, CHROMIUM_ARGUMENTS, needs
from tests.web.conftest import PHONE
from tests.web.site import Site
from tests.web.waiting import a_photo, a_report, opened, photos_of, put, stored, until, until_state

Start = Callable[[], BrowserContext]


@pytest.fixture
def start(playwright: Playwright, tmp_path: Path) -> Iterator[Start]:
    """Starts the phone's browser, again and again, with what it kept."""
    needs(CHROMIUM.exists(), str(CHROMIUM))
    profile = tmp_path / "profile"
    running: list[BrowserContext] = []

    def begin() -> BrowserContext:
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=str(CHROMIUM),
            args=CHROMIUM_ARGUMENTS,
            **PHONE,  # type: ignore[arg-type]
        )
        running.append(context)
        return context

    yield begin
    with suppress(Error):
        running[-1].close()


def kill(context: BrowserContext, profile: Path) -> None:
    """SIGKILL to every process that has this profile, and to nobody else."""
    killed = 0
    for entry in Path("/proc").iterdir():
        with suppress(OSError, ValueError):
            line = (entry / "cmdline").read_bytes()
            if f"--user-data-dir={profile}".encode() in line:
                os.kill(int(entry.name), signal.SIGKILL)
                killed += 1
    assert killed
    with suppress(Error):
        context.close()
    for left in ("SingletonLock", "SingletonSocket", "SingletonCookie"):
        (profile / left).unlink(missing_ok=True)  # as a restart of the phone does


def test_killed_without_a_network_and_started_with_one(
    start: Start, site: Site, tmp_path: Path
) -> None:
    context = start()
    page = opened(context.new_page(), site)
    context.set_offline(True)
    photos = [a_photo(number) for number in range(3)]
    report = a_report(photos=photos)
    put(page, photos=photos, drafts=[report], wake=True)
    kill(context, tmp_path / "profile")
    assert stored(site, report["id"]) == 0
    page = opened(start().new_page(), site)
    until_state(page, "drafts", report["id"], "sent")
    assert stored(site, report["id"]) == 1 and photos_of(site, report["id"]) == 3


@pytest.mark.parametrize("moment", ["auth/guest", "photos/", "reports"])
def test_killed_in_the_middle_of_sending(
    start: Start, site: Site, tmp_path: Path, moment: str
) -> None:
    """The server has acted, and the answer finds nobody."""
    context = start()
    page = opened(context.new_page(), site)
    held: list[object] = []

    def hold(route: object) -> None:
        route.fetch()  # type: ignore[attr-defined]
        held.append(route)

    page.route(f"**/api/v1/{moment}{'*' if moment.endswith('/') else ''}", hold)
    photos = [a_photo(number) for number in range(2)]
    report = a_report(photos=photos)
    put(page, photos=photos, drafts=[report], wake=True)
    until(page, lambda: held)
    kill(context, tmp_path / "profile")
    page = opened(start().new_page(), site)
    until_state(page, "drafts", report["id"], "sent")
    assert stored(site, report["id"]) == 1 and photos_of(site, report["id"]) == 2
