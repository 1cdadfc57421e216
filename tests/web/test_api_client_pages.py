"""The pages of API clients as they are seen: one with keys in use and of the past, a key that is
shown once, what is asked before a key is revoked."""

import re
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import text

from app.auth import issuing
from app.clock import now
from app.database import db
from reports.statuses import Role
from tests.web.site import Site
from tests.web.test_console_more_pages import at_desk
from tests.web.walking import SCREENS, Walk, chromium_arguments, walk  # noqa: F401 (fixtures)

WARD = "ubnd-19789"
USED = """
insert into api_key_use (key_id, day, requests, refused, minute, in_minute, last_at)
select :key, :today - n, (n * 7919 % 900) + 40, case when n % 9 = 2 then 130 else 0 end,
       :at, 1, :at - n * interval '1 day'
from generate_series(0, 29) as n where n % 6 <> 4
"""


def a_client(site: Site) -> UUID:
    """With a key in use for a month, a new one that ends, and one that was revoked."""
    admin, client_id, used = site.official(Role.ADMIN), uuid4(), uuid4()
    about = {"name": "Phần mềm của công ty chiếu sáng", "contact_email": "it@light.example"}
    site.call("POST", "/api-clients", admin, json={"id": str(client_id), "office": WARD, **about})
    door = f"/api-clients/{client_id}/keys"
    scopes = ["updates:read", "updates:write", "offices:read"]
    for key_id, label, more in (
        (used, "máy chủ chính", {}),
        (uuid4(), "máy thử", {"expires_at": "2099-01-31T17:00:00Z", "per_minute": 6}),
        (gone := uuid4(), "máy cũ", {}),
    ):
        wish = {"id": str(key_id), "label": label, "scopes": scopes, **more}
        site.call("POST", door, admin, json=wish)
    site.call("DELETE", f"{door}/{gone}", admin)
    with site.app.app_context():
        at = now()
        db.session.execute(text(USED), {"key": used, "today": issuing.today(at), "at": at})
        db.session.commit()
    return client_id


@pytest.mark.parametrize("screen", SCREENS.values(), ids=SCREENS)
def test_a_client_with_its_keys(
    chromium: Browser,
    site: Site,
    walk: Walk,  # noqa: F811
    screen: dict[str, object],
) -> None:
    path = f"/console/admin/api-clients/{a_client(site)}"

    with at_desk(chromium, site, Role.ADMIN, None, screen) as page:
        walk.look(page, "/console/admin/api-clients", "api-clients")
        walk.look(page, path, "api-client")
        page.locator("details > summary").first.click()
        walk.note(page, "a key's fields", "api-key-fields")
        page.goto(path)
        page.locator("form[action$='/revoke'] button").first.click()
        walk.stay(page, "revoke?", "api-key-sure")
        page.goto(path)
        page.locator("#new input[name=scopes]:not([type=hidden])").first.check()
        page.locator("#new button").click()
        walk.stay(page, "the key", "api-key-once")
        expect(page.locator("#key")).to_have_value(re.compile(r"^xom_[\w-]{43}$"))

    assert not walk.wrong, walk.told()
