"""The console's pages behind its places, as they are seen: what a form leads to, what a link in a
letter opens, and lists with something in them.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

import pyotp
import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import text

from app.auth import accounts, tokens
from app.clock import now
from app.database import db
from notifications.webhooks import endpoints
from notifications.webhooks.endpoints import Wish
from notifications.webhooks.models import OffBecause
from reports.city import snapshot
from reports.city.models import RoleGrant
from reports.desk import office_accounts, office_links
from reports.models import Report
from reports.statuses import Role
from reports.webhook_events import reader_of
from tests.web.desks import a_jpeg, desk_of
from tests.web.site import Site
from tests.web.walking import SCREENS, Walk, chromium_arguments, walk  # noqa: F401 (fixtures)
from web.console.session import COOKIE, HOME

WARD, BY_MAIL = "ubnd-19789", "huewaco"
PASSWORD = "bốn từ rất ngẫu nhiên"
#: Sends a form of our own, as a page would.
SEND = """
([to, fields]) => {
  const form = document.createElement("form");
  form.method = "post";
  form.action = to;
  for (const [name, value] of Object.entries(fields)) {
    const field = document.createElement("input");
    [field.type, field.name, field.value] = ["hidden", name, value];
    form.append(field);
  }
  document.body.append(form);
  form.submit();
}
"""


@dataclass
class Scene:
    """Reports in the states that these pages are about."""

    new: dict[str, str]  # with a photo, and nobody has looked at it
    public: dict[str, str]  # commented and complained about
    answered: dict[str, str]
    photo: str


@pytest.fixture
def scene(site: Site) -> Scene:
    sender, other = site.resident(), site.resident()
    photos = [site.photo(sender, a_jpeg(colour)) for colour in ("#4f5a6b", "#6b4f5a")]
    new = site.submits(sender, photos=photos[:1])
    public = site.submits(sender, photos=photos[1:], category="lan-chiem")
    site.accepted(public["id"], office=WARD)
    for kind, about in (("comments", {}), ("complaints", {}), ("complaints", {"photo": photos[1]})):
        said = {"id": str(uuid4()), "text": "Đây là nhà của bố tôi.", **about}
        site.call("POST", f"/reports/{public['id']}/{kind}", other, json=said)
    return Scene(new, public, _answered(site), photos[0])


def _answered(site: Site) -> dict[str, str]:
    sent = site.submits(category="ngap-nuoc")
    site.accepted(sent["id"], office=WARD)
    officer = site.official(Role.OFFICER, WARD)
    site.takes(officer, "start", sent["id"])
    photos = [site.photo(officer, a_jpeg("#5a6b6b"))]
    site.takes(officer, "resolve", sent["id"], outcome="explained", note="Đã nạo.", photos=photos)
    return sent


@contextmanager
def at_desk(
    chromium: Browser, site: Site, role: Role, office: str | None, screen: dict[str, object]
) -> Iterator[Page]:
    context = desk_of(chromium, site, role, office, **screen)
    yield context.new_page()
    context.close()


def sends(page: Page, path: str, **fields: str) -> None:
    """What the form leads to."""
    if not page.url.startswith("http"):
        page.goto("/console/me")
    with page.expect_navigation():
        page.evaluate(SEND, [path, fields])


def link_on(page: Page) -> str:
    """The path of the link that is shown once."""
    shown = re.search(r"/console/(invitation|password)/[\w-]+", page.locator("#link").input_value())
    assert shown
    return shown[0]


@pytest.mark.parametrize("screen", SCREENS.values(), ids=SCREENS)
def test_what_a_dispatcher_comes_to(
    chromium: Browser,
    site: Site,
    scene: Scene,
    walk: Walk,  # noqa: F811
    screen: dict[str, object],
) -> None:
    new = scene.new["code"]
    pages = {
        "triage": "/console/triage",
        "triage-check": "/console/triage?check=1",
        "comments": "/console/comments",
        "complaints": "/console/complaints",
        "redaction": f"/console/reports/{new}/redact",
        "redact-photo": f"/console/photos/{scene.photo}/redact",
        "limit": f"/console/reports/{new}/limit",
        "entered": f"/console/enter/{new}",
        "print": f"/console/reports/{new}/print",
        "filter-new": "/console/filters/new?due=overdue",
        "template-new": "/console/templates/new",
    }

    with at_desk(chromium, site, Role.DISPATCHER, None, screen) as page:
        for name, path in pages.items():
            walk.look(page, path, name)
        sends(page, f"/console/reports/{new}/limit", kind="spam")
        walk.stay(page, "a limit refused", "limit-refused")
        sends(page, "/console/enter", id=str(uuid4()), description="Cống nghẹt.")
        walk.stay(page, "a report that lacks something", "enter-refused")
        sends(page, "/console/notices", kind="flood", text_vi="")
        walk.stay(page, "a notice that lacks something", "notice-refused")
        sends(page, f"/console/reports/{new}/reporter", reason="x")
        walk.stay(page, "a reason too short", "reveal-refused")
        sends(page, "/console/filters", name=f"Quá hạn {walk.name}", query="due=overdue")
        walk.stay(page, "a filter kept", "filters")
        _write_a_template(walk, page)
        _work_in_bulk(walk, page, site, scene)

    assert not walk.wrong, walk.told()


def _write_a_template(walk: Walk, page: Page) -> None:  # noqa: F811
    words = {"text_vi": "Đã xong.", "name": f"Đã xong {walk.name}"}
    sends(page, "/console/templates", step="resolve", **words)
    walk.stay(page, "templates", "templates")
    one = page.locator("main a[href*='/console/templates/']:not([href$='/new'])").first
    walk.look(page, str(one.get_attribute("href")), "template")


def _work_in_bulk(walk: Walk, page: Page, site: Site, scene: Scene) -> None:  # noqa: F811
    sent = [site.submits(description="Cống nghẹt ở cổng trường.") for _ in range(2)]
    picked = _picked(site, *sent, scene.answered)
    sends(page, "/console/bulk/new", picked=picked)
    walk.stay(page, "steps in bulk", "bulk-steps")
    sends(page, "/console/bulk/new", picked=picked, step="accept")
    walk.stay(page, "a step in bulk", "bulk-new")
    for step in ("forward", "ask", "merge", "publish"):
        sends(page, "/console/bulk/new", picked=picked, step=step)
        walk.stay(page, f"{step} in bulk", f"bulk-{step}")
    sends(page, "/console/bulk", picked=picked, step="accept", id=str(uuid4()))
    walk.stay(page, "a run", "bulk-run")
    walk.look(page, "/console/bulk", "bulk-runs")


def _picked(site: Site, *reports: dict[str, str]) -> str:
    """As the boxes of the list are sent."""
    stored = [UUID(one["id"]).hex for one in reports]
    return ",".join(f"{one}.{site.scalar(VERSION, id=UUID(one))}" for one in stored)


VERSION = "select version from report where id = :id"


def left_behind(site: Site, person: UUID) -> None:
    """Two webhooks of the ward's, set up by somebody who does not lead it now; one is off."""
    with site.app.app_context():
        reader = reader_of(snapshot.current().office_by_code[WARD].id)
        urls = "https://nhan.example/xom", "https://chieu-sang.example/" + "phan-anh-do-thi/" * 6
        for url in urls:
            made, _ = endpoints.register(uuid4(), Wish(url=url), reader=reader, by=person, at=now())
        endpoints.switch_off(made, OffBecause.FAILING, at=now())
        db.session.commit()


@pytest.mark.parametrize("screen", SCREENS.values(), ids=SCREENS)
def test_what_a_head_hands_over(
    chromium: Browser,
    site: Site,
    walk: Walk,  # noqa: F811
    screen: dict[str, object],
) -> None:
    person = site.account_of(site.official(Role.OFFICER, WARD))
    sent, begun = site.submits(), site.submits()
    for one in (sent, begun):
        site.accepted(one["id"], office=WARD)
    site.takes(site.official(Role.HEAD, WARD), "assign", sent["id"], person=str(person))
    site.takes(site.official(Role.OFFICER, WARD), "start", begun["id"])
    left_behind(site, person)

    with at_desk(chromium, site, Role.HEAD, WARD, screen) as page:
        walk.look(page, "/console/handover", "handover")
        told = page.locator("section[aria-labelledby=webhooks]").inner_text()
        assert "https://nhan.example/xom" in told and "chieu-sang.example" in told
        walk.look(page, f"/console/handover?from={person}", "handover-plan")
        walk.look(page, f"/console/admin/accounts/{person}", "account-of-a-head")
        walk.look(page, "/console/city/rules", "not-for-a-head", status=403)
        sends(page, "/console/me/calendars", office=WARD, name="Điện thoại")
        walk.stay(page, "a calendar's address, once", "calendar-once")
        walk.look(page, "/console/me/calendars", "my-calendars")
        sends(page, "/console/me/calendars", office="so-y-te")
        walk.stay(page, "a calendar refused", "calendar-refused")
        for step in ("start", "assign", "resolve"):
            sends(page, "/console/bulk/new", picked=_picked(site, sent, begun), step=step)
            walk.stay(page, f"{step} in bulk", f"bulk-{step}")
        gone = {"id": str(uuid4()), "office": WARD, "from": str(person), "to": "nobody"}
        sends(page, "/console/handover", **gone)
        walk.stay(page, "a handover", "handover-done")

    assert not walk.wrong, walk.told()


@pytest.mark.parametrize("screen", SCREENS.values(), ids=SCREENS)
def test_accounts_and_the_links_that_are_handed_over(
    chromium: Browser,
    site: Site,
    walk: Walk,  # noqa: F811
    screen: dict[str, object],
) -> None:
    person = an_official(site)[1]
    invited = {"name": "Lê Bình", "email": f"{uuid4().hex[:8]}@hue.example", "office": WARD}

    with at_desk(chromium, site, Role.ADMIN, None, screen) as page:
        walk.look(page, f"/console/admin/accounts/{person}", "account")
        walk.look(page, "/console/admin/accounts/invite", "invite")
        sends(page, "/console/admin/accounts/invite", role="officer", **invited)
        walk.stay(page, "the shown link", "link-once")
        invitation = link_on(page)
        walk.look(page, "/console/admin/accounts", "accounts-invited")
        sends(page, f"/console/admin/accounts/{person}/password")
        password = link_on(page)
    outside = chromium.new_context(base_url=site.url, **screen)  # type: ignore[arg-type]
    page = outside.new_page()
    walk.look(page, invitation, "invitation")
    walk.look(page, password, "new-password")
    walk.look(page, f"{password}x", "letter-gone", status=404)
    outside.close()

    assert not walk.wrong, walk.told().replace(invitation, "…").replace(password, "…")


@pytest.mark.parametrize("screen", SCREENS.values(), ids=SCREENS)
def test_ones_own_second_factor_from_its_beginning_to_the_door(
    chromium: Browser,
    site: Site,
    walk: Walk,  # noqa: F811
    screen: dict[str, object],
) -> None:
    email, _, token = an_official(site)
    context = chromium.new_context(base_url=site.url, **screen)  # type: ignore[arg-type]
    cookie = {"name": COOKIE, "value": token, "domain": "127.0.0.1", "path": HOME}
    context.add_cookies([cookie])  # type: ignore[list-item]
    page = context.new_page()

    walk.look(page, "/console/me", "me")
    walk.look(page, "/console/me/notifications", "notifications")
    walk.look(page, "/console/me/second-factor", "second-factor")
    sends(page, "/console/me/second-factor/begin")
    walk.stay(page, "a second factor begun", "second-factor-begun")
    key = str(page.locator(".key-text").text_content()).replace(" ", "")
    begun = {"old": PASSWORD, "code": pyotp.TOTP(key).now()}
    sends(page, "/console/me/second-factor/confirm", **begun)
    walk.stay(page, "recovery codes", "recovery-codes")
    walk.look(page, "/console/me/second-factor", "second-factor-on")
    context.clear_cookies()
    page.goto("/console/sign-in")
    sends(page, "/console/sign-in", email=email, password=PASSWORD)
    walk.stay(page, "the code at the door", "sign-in-code")
    context.close()

    assert not walk.wrong, walk.told()


def an_official(site: Site) -> tuple[str, UUID, str]:
    """Who has an address and a password, and is an officer of the ward: address, id, token."""
    email = f"an-{uuid4().hex[:8]}@hue.example"
    with site.app.app_context():
        account = accounts.create_official(email, "Trần Thị An", PASSWORD)
        held = snapshot.current().office(WARD)
        assert held
        db.session.add(
            RoleGrant(account_id=account.id, office_id=held.id, role=Role.OFFICER, since=now())
        )
        token = tokens.issue(account)
        db.session.commit()
        return email, account.id, token


@pytest.mark.parametrize("screen", SCREENS.values(), ids=SCREENS)
def test_what_an_office_opens_from_its_letter(
    chromium: Browser,
    site: Site,
    walk: Walk,  # noqa: F811
    screen: dict[str, object],
) -> None:
    sender = site.resident()
    sent = site.submits(sender, photos=[site.photo(sender, a_jpeg("#6b5a4f"))])
    site.accepted(sent["id"], office=BY_MAIL)
    letter = a_letter(site, sent["id"])
    context = chromium.new_context(base_url=site.url, **screen)  # type: ignore[arg-type]
    page = context.new_page()

    walk.look(page, letter, "office")
    walk.look(page, f"{letter}?step=resolve", "office-resolve")
    walk.look(page, f"{letter}?step=ask", "office-ask")
    with site.app.app_context():
        db.session.execute(text("update office_link set revoked_at = now()"))
        db.session.commit()
    walk.look(page, letter, "office-gone", status=404)
    context.close()

    assert not walk.wrong, walk.told().replace(letter, "…")


def a_letter(site: Site, report_id: str) -> str:
    """The path of the link that an office with an address is sent."""
    with site.app.app_context():
        office = snapshot.current().office(BY_MAIL)
        report = db.session.get_one(Report, UUID(report_id))
        assert office
        reached = replace(office, email="truc@huewaco.example")
        office_accounts.ready(reached, at=now())
        token = office_links.token_for(report.id, reached, at=now())
        db.session.commit()
    return f"/console/office/{token}"
