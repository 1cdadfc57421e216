"""Feeds are found from the pages: by readers in the head, by people in words."""

import re

import pytest

from tests.console.conftest import Desk, desk, desk_house

__all__ = ["desk", "desk_house"]

ALTERNATE = re.compile(
    r'<link rel="alternate" type="application/atom\+xml" title="[^"]+" href="([^"]+)">'
)


@pytest.mark.parametrize(
    ("path", "feed"),
    [
        ("/", "/feeds/reports.atom?lang=vi"),
        ("/new?lang=en", "/feeds/reports.atom?lang=en"),
        ("/figures", "/feeds/reports.atom?lang=vi"),
        ("/figures/19789", "/feeds/reports.atom?area=19789&lang=vi"),
    ],
)
def test_a_pages_head_leads_to_its_feed(desk: Desk, path: str, feed: str) -> None:
    client = desk.app.test_client()

    found = ALTERNATE.findall(client.get(path).text)

    assert [one.replace("&amp;", "&") for one in found] == [feed]
    assert client.get(feed).status_code == 200
