"""An official's browser: a context of Chromium with the console's cookie, as after signing in."""

from io import BytesIO

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page

from reports.statuses import Role
from tests.web.site import Site
from web.console.session import COOKIE, HOME

DESK = {
    "viewport": {"width": 1366, "height": 768},
    "locale": "vi-VN",
    "timezone_id": "Asia/Ho_Chi_Minh",
}


def desk_of(
    chromium: Browser, site: Site, role: Role, office: str | None = None, **differs: object
) -> BrowserContext:
    """Whoever holds this role, at an office computer (or what `differs` says)."""
    context = chromium.new_context(base_url=site.url, **{**DESK, **differs})  # type: ignore[arg-type]
    context.set_default_timeout(10_000)
    token = site.official(role, office)
    context.add_cookies([{"name": COOKIE, "value": token, "domain": "127.0.0.1", "path": HOME}])
    return context


def status_of(site: Site, code: str) -> str:
    """What is stored of a report, past every page."""
    stored = site.scalar("select status from report where code = :code", code=code.replace("-", ""))
    return str(stored)


def opened(page: Page, code: str) -> Page:
    """The page, with this report before one and the list that it is alone in."""
    page.goto(f"/console/reports/{code}?status=all&q={code}")
    page.locator(f"#report-{code}").wait_for()
    return page


def a_jpeg(colour: str = "#5a6b4f") -> bytes:
    """A picture of its own colour, as a camera would send it."""
    held = BytesIO()
    Image.new("RGB", (1200, 900), colour).save(held, "JPEG")
    return held.getvalue()
