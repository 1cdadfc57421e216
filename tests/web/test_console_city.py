"""The administration's pages behind those at the side, as they are seen: one category and question,
one office and rule, a routing tried out, what a merger, a day off and a file ask before they are
done.
"""

import pytest
from playwright.sync_api import Browser

from app.config import ROOT
from reports.statuses import Role
from tests.web.desks import desk_of
from tests.web.site import Site
from tests.web.walking import SCREENS, Walk, chromium_arguments, walk  # noqa: F401 (fixtures)

CALENDAR = ROOT / "reports" / "city" / "hue" / "calendar.json"
PAGES = {
    "try": "/console/city/rules?try=yes&try_category=mat-dien&point=16.4675,107.5885",
    "rule": "/console/city/rules/o-nhiem",
    "category": "/console/city/categories/ngap-nuoc",
    "new-category": "/console/city/categories/new",
    "question": "/console/city/categories/ngap-nuoc/questions/muc-nuoc",
    "office": "/console/city/offices/so-y-te",
    "new-office": "/console/city/offices/new",
    "audit": "/console/audit?person=khong-co-ai",
    "duty": "/console/city/duty?office=so-y-te",
}


@pytest.mark.parametrize("screen", SCREENS.values(), ids=SCREENS)
def test_what_lies_behind_the_places_of_an_administrator(
    chromium: Browser,
    site: Site,
    walk: Walk,  # noqa: F811
    screen: dict[str, object],
) -> None:
    page = desk_of(chromium, site, Role.ADMIN, None, **screen).new_page()
    for name, path in PAGES.items():
        walk.look(page, path, f"city-{name}")

    page.goto("/console/city/areas")
    page.locator("#merge summary").click()
    page.locator("#merge input[value='19774']").check()
    page.locator("#merge select[name=into]").select_option("19753")
    with page.expect_navigation():
        page.locator("#merge button.button-primary").click()
    walk.note(page, "the merger told", "city-merger")
    page.goto("/console/city/calendar")
    page.locator("#f-day").fill("2031-12-24")
    page.locator("#f-working").select_option("no")
    page.locator("#f-note").fill("Bão")
    with page.expect_navigation():
        page.locator("form[action$='/days'] button").click()
    walk.note(page, "the day off told", "city-day-off")
    page.goto("/console/city/import")
    page.locator("select[name=kind]").select_option("calendar")
    page.locator("#f-file").set_input_files(CALENDAR)
    with page.expect_navigation():
        page.locator("main form button.button-primary").click()
    walk.stay(page, "what a file would change", "city-import-told")

    assert not walk.wrong, walk.told()
