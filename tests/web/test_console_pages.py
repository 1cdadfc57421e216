"""Every page of the console that its people are offered, as it is seen: axe-core finds nothing,
nothing is wider than the screen, what is touched is large enough; and a picture of each is kept.
"""

import re

import pytest
from playwright.sync_api import Browser, Page

from reports.statuses import Role
from tests.rights.routes import expected
from tests.web.desks import a_jpeg, desk_of
from tests.web.site import Site
from tests.web.walking import SCREENS, Walk, chromium_arguments, walk  # noqa: F401 (fixtures)
from web.console.places import PLACES

#: Who looks first at what all may enter; each page is looked at once.
PEOPLE = (
    (Role.DISPATCHER, None),
    (Role.ADMIN, None),
    (Role.HEAD, "ubnd-19789"),
    (Role.OFFICER, "ubnd-19789"),
    (Role.LEADER, None),
)


@pytest.mark.parametrize("screen", SCREENS.values(), ids=SCREENS)
def test_every_page_that_somebody_is_offered(
    chromium: Browser,
    site: Site,
    walk: Walk,  # noqa: F811
    screen: dict[str, object],
) -> None:
    for role, office in PEOPLE:
        context = desk_of(chromium, site, role, office, **screen)
        page = context.new_page()
        page.goto("/console/")
        hrefs = page.locator(".side a[href^='/console']").evaluate_all(
            "links => links.map(link => link.getAttribute('href'))"
        )
        assert set(hrefs) & _urls(site) == _urls(site, role), role
        for href in hrefs:
            if href not in walk.seen and "lang=" not in href:
                walk.seen.add(href)
                walk.look(page, href, f"{role}-{_named(href)}")
        context.close()

    assert walk.seen >= _urls(site)
    assert not walk.wrong, walk.told()


def _urls(site: Site, role: Role | None = None) -> set[str]:
    """Of the places that somebody of this role may enter, as the table of rights says; of all."""
    rights = expected()
    with site.app.test_request_context():
        rules = {rule.endpoint: rule.rule for rule in site.app.url_map.iter_rules()}
        return {
            place.url
            for place in PLACES
            if place.url.startswith("/console")  # the leaders' page is walked by tests/dashboard
            if role is None
            or (rights[f"GET {rules[place.endpoint]}"][role] == 200
                and (place.roles is None or role in place.roles))
        }  # fmt: skip


@pytest.mark.parametrize("screen", SCREENS.values(), ids=SCREENS)
def test_a_report_and_every_step_that_may_be_taken(
    chromium: Browser,
    site: Site,
    walk: Walk,  # noqa: F811
    screen: dict[str, object],
) -> None:
    sender = site.resident()
    photo = site.photo(sender, a_jpeg("#7a6a4f"))
    sent = site.submits(sender, category="lan-chiem", photos=[photo])
    context = desk_of(chromium, site, Role.DISPATCHER, **screen)
    page = context.new_page()
    walk.look(page, "/console/queue?q=khôngcógì", "empty")
    walk.look(page, "/console/queue?status=all&view=map", "map")
    walk.look(page, "/console/queue?status=all&view=table", "table")
    walk.look(page, "/console/reports/000-000-000-X", "no-such-report", status=404)
    _walk_steps(walk, page, sent["code"])
    site.accepted(sent["id"])
    context.close()
    context = desk_of(chromium, site, Role.HEAD, site.office_of(sent["id"]), **screen)
    _walk_steps(walk, context.new_page(), sent["code"])
    context.close()

    assert not walk.wrong, walk.told()


@pytest.mark.parametrize("screen", SCREENS.values(), ids=SCREENS)
def test_the_door(
    chromium: Browser,
    site: Site,
    walk: Walk,  # noqa: F811
    screen: dict[str, object],
) -> None:
    context = chromium.new_context(base_url=site.url, **screen)  # type: ignore[arg-type]
    walk.look(context.new_page(), "/console/sign-in", "sign-in")
    context.close()

    assert not walk.wrong, walk.told()


def _walk_steps(walk: Walk, page: Page, code: str) -> None:  # noqa: F811
    walk.look(page, f"/console/reports/{code}?q={code}", f"report-{_by(page)}")
    page.locator("details.more > summary").click()
    walk.note(page, "more", f"report-more-{_by(page)}")
    steps = page.locator("#steps a[href*='step=']").evaluate_all(
        "links => links.map(link => link.getAttribute('href'))"
    )
    assert steps
    for step in steps:
        name = re.search("step=([a-z_]+)", step)[1]  # type: ignore[index]
        walk.look(page, step, f"step-{name}", new="#step-form")


def _by(page: Page) -> str:
    return "centre" if page.locator("[data-count=new]").count() else "office"


def _named(href: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", href.removeprefix("/console/")).strip("-")[:60] or "home"
