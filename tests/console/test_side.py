"""The side of the console: each place under a name that is true for whoever looks."""

import re

import pytest

from reports.statuses import Role
from tests.console.conftest import Desk


def groups(page: str) -> dict[str, list[str]]:
    """The places at the side, by the name of their group."""
    side = page[page.index('id="side"') : page.index('class="who"')]
    found = re.findall(r'<nav aria-label="([^"]+)">(.*?)</nav>', side, re.DOTALL)
    return {name: re.findall(r"</svg><span>([^<]+)</span>", part) for name, part in found}


@pytest.mark.parametrize(
    ("role", "office"),
    [(Role.HEAD, "ubnd-19789"), (Role.OFFICER, "ubnd-19789"), (Role.LEADER, None)],
)
def test_nobody_who_is_not_of_the_centre_has_its_places(
    desk: Desk, role: Role, office: str | None
) -> None:
    found = groups(desk.at(role, office).get("/queue").text)

    assert "Trung tâm" not in found
    assert ("Thông báo khu vực" in found["Việc"]) == (role is Role.HEAD)


def test_the_centres_places_stand_together(desk: Desk) -> None:
    found = groups(desk.at(Role.DISPATCHER).get("/triage").text)

    assert found["Trung tâm"][:2] == ["Phân loại", "Ghi nhận thay"]
    assert "Thông báo khu vực" in found["Việc"]
