"""The pages of webhooks as they are seen: with some that are well and some that are not, what was
sent, a secret shown once, a form that was refused.
"""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page
from playwright.sync_api import expect as expecting

from app.clock import now
from app.database import db
from bench.loopback import WebhookReceiver
from notifications.webhooks import delivery, endpoints
from notifications.webhooks.models import OffBecause
from reports.statuses import Role
from tests.web.desks import desk_of
from tests.web.site import Site
from tests.web.walking import SCREENS, Walk, chromium_arguments, walk  # noqa: F401 (fixtures)

LIST = "/console/admin/webhooks"
LONG = "http://127.0.0.1:9/tiep-nhan/" + "phan-anh-do-thi-thong-minh/" * 4


@pytest.fixture
def receiver() -> Iterator[WebhookReceiver]:
    with WebhookReceiver() as started:
        yield started


@pytest.mark.parametrize("screen", SCREENS.values(), ids=SCREENS)
def test_webhooks_and_what_was_sent_to_them(
    chromium: Browser,
    site: Site,
    walk: Walk,  # noqa: F811
    screen: dict[str, object],
    receiver: WebhookReceiver,
) -> None:
    context = desk_of(chromium, site, Role.ADMIN, **screen)
    page = context.new_page()

    receiver.secret = set_up(page, receiver.url)
    walk.stay(page, "a secret", "webhook-secret")
    well = opened(page)
    tried_out(page, site)
    receiver.fail(503, raw=b"<h1>Dang bao tri</h1>")
    tried_out(page, site)
    walk.look(page, well, "webhook-failing")
    assert "Dang bao tri" not in page.content(), "what a receiver says stays with it"
    page.locator("#change > summary").click()
    walk.note(page, well, "webhook-open")
    page.locator("#change [name=url]").fill("https://10.0.0.5/")
    page.locator("#change .button-primary").click()
    expecting(page.locator("#wrong-c-url")).to_be_visible()
    walk.note(page, well, "webhook-refused")
    set_up(page, LONG)
    away = opened(page)
    switched_off(site, away)
    walk.look(page, away, "webhook-off")
    walk.look(page, LIST, "webhooks")
    page.goto(away)
    page.locator("form[action$='/remove'] button").click()
    walk.stay(page, "sure?", "webhook-remove")
    context.close()

    assert receiver.types() == ["webhook.test"]
    assert not walk.wrong, walk.told()


def set_up(page: Page, url: str) -> str:
    """A new one; its secret, as the page shows it."""
    page.goto(LIST)
    page.locator("#add [name=url]").fill(url)
    page.locator("#add [name=description]").fill("Bản đồ ngập của Đại học Huế")
    page.locator("#add .button-primary").click()
    return page.locator("#secret").input_value()


def opened(page: Page) -> str:
    """From the page that showed the secret to the webhook; its address."""
    page.locator(".back").click()
    page.locator("#deliveries").wait_for()
    return re.sub(r"https?://[^/]+", "", page.url)


def tried_out(page: Page, site: Site) -> None:
    """Send a test by the button, and have the worker's work done."""
    page.locator("form[action$='/test'] button").click()
    page.locator(".notice-done").wait_for()
    with ThreadPoolExecutor(1) as worker:  # Playwright's own loop runs in this thread
        worker.submit(work, site).result()
    page.reload()


def work(site: Site) -> None:
    with site.app.app_context():
        delivery.drain()
        db.session.remove()


def switched_off(site: Site, path: str) -> None:
    """As after five days in which nothing arrived."""
    with site.app.app_context():
        endpoint = endpoints.locked(UUID(path.rpartition("/")[2]))
        endpoints.switch_off(endpoint, OffBecause.FAILING, at=now())
        db.session.commit()
        db.session.remove()
