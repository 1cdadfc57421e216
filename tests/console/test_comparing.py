"""Two reports side by side before one is merged into the other."""

from typing import Any

import pytest
from sqlalchemy import text

from app.database import db
from reports.statuses import Role
from tests.console.conftest import Browser, Desk, words
from tests.console.forms import a_picture, form_of

SPOT = {"lat": 16.4702, "lng": 107.5901}
LONG = "Cống trước trường nghẹt hoàn toàn. " * 5


@pytest.fixture(autouse=True)
def _nothing_waits(desk: Desk) -> None:
    """What other tests sent is over."""
    over = text("update report set status = 'closed', closed_at = now() where status <> 'closed'")
    with desk.app.app_context(), db.engine.begin() as connection:
        connection.execute(over)


@pytest.fixture
def two(desk: Desk) -> tuple[dict[str, Any], dict[str, Any]]:
    """One that is known, with a photo, and a new one 62 metres away."""
    somebody = desk.resident()
    photo = desk.photo(somebody, a_picture())
    known = desk.submits(somebody, photos=[photo], description=LONG, **SPOT)
    desk.accepted(known["id"])
    new = desk.submits(description="Nước ngập cổng trường.", lat=16.4706, lng=107.5905)
    return known | {"photo": photo}, new


def beside(who: Browser, new: dict[str, Any], known: dict[str, Any], query: str = "") -> str:
    return who.get(f"/reports/{new['code']}/beside/{known['code']}{query}").text


def test_triage_leads_to_both_in_full_with_how_far_apart_they_are(
    desk: Desk, two: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    known, new = two
    dispatcher = desk.at(Role.DISPATCHER)
    triage = dispatcher.get("/triage").text
    assert f"/console/reports/{new['code']}/beside/{known['code']}?from=triage" in triage

    answer = dispatcher.get(f"/reports/{new['code']}/beside/{known['code']}?from=triage")

    seen = words(answer)
    assert "Có phải cùng một việc? Cách nhau 62 m" in seen
    assert LONG.strip() in seen
    assert "Nước ngập cổng trường." in seen
    assert known["photo"] in answer.text
    assert "Mới gửi" in seen
    assert "Đã tiếp nhận" in seen


def test_merging_there_goes_on_in_triage(
    desk: Desk, two: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    known, new = two
    dispatcher = desk.at(Role.DISPATCHER)
    fields = form_of(beside(dispatcher, new, known, "?from=triage"), "merge")

    answer = dispatcher.post(f"/triage/{new['code']}/merge", **fields)

    assert "Đã gộp." in words(answer)
    assert "Hoàn tác" in words(answer)
    assert desk.scalar("select status from report where id = :id", id=new["id"]) == "merged"


def test_not_the_same_leads_back_to_that_report(
    desk: Desk, two: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    known, new = two
    dispatcher = desk.at(Role.DISPATCHER)

    page = beside(dispatcher, new, known, "?from=triage")

    assert f'href="/console/triage?at={new["code"]}"' in page
    assert f'data-code="{new["code"]}"' in dispatcher.get(f"/triage?at={new['code']}").text


def test_from_a_report_it_leads_to_the_form_that_merges(
    desk: Desk, two: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    known, new = two

    page = beside(desk.at(Role.DISPATCHER, lang="en"), new, known)

    assert "Not the same" in page
    assert f"/console/reports/{new['code']}?step=merge&amp;target_code={known['code']}" in page


def test_what_is_over_is_compared_but_not_merged_into(
    desk: Desk, two: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    known, new = two
    dispatcher = desk.at(Role.DISPATCHER)
    fields = form_of(beside(dispatcher, new, known, "?from=triage"), "merge")
    dispatcher.post(f"/triage/{new['code']}/merge", **fields)

    page = beside(dispatcher, new, known)

    assert "Không gộp được" in page
    assert "target_code" not in page


def test_who_may_not_read_one_of_them_compares_nothing(
    desk: Desk, two: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    known, new = two
    elsewhere = desk.at(Role.OFFICER, "so-y-te")

    answer = elsewhere.get(f"/reports/{known['code']}/beside/{new['code']}")

    assert answer.status_code == 404
