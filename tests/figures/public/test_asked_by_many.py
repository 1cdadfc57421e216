"""Whoever asks the public figures again and again costs little, and is told what is true now."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from app.database import db
from reports.figures.periods import month
from reports.figures.public import telling
from reports.figures.public.models import PublicNote
from reports.figures.public.publishing import publish
from reports.statuses import Role
from tests.figures.public.conftest import APRIL, MARCH, Town
from tests.reports.test_api import official

ANSWERS = (
    "/heatmap?resolution=7",
    "/heatmap?resolution=7&format=geojson",
    "/indicators?by=area",
    "/indicators?by=area&format=csv",
)


@pytest.fixture
def march(town: Town) -> Town:
    for number in range(12):
        town.sends(number, at=MARCH)
    town.settle()
    publish(month(2026, 3), at=APRIL)
    db.session.commit()
    return town


def asks(app: Flask, path: str, **headers: str) -> Any:
    return app.test_client().get(f"/api/v1{path}", headers={"Accept-Language": "vi"} | headers)


@contextmanager
def counts_of_rows() -> Iterator[list[str]]:
    """The statements that count the rows of published months."""
    found: list[str] = []

    def note(_c: object, _u: object, statement: str, *_: object) -> None:
        found.extend([statement] if "count" in statement and "public_row" in statement else [])

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_the_rows_of_all_months_are_counted_once_and_not_for_each_that_asks(
    app: Flask, march: Town
) -> None:
    publish(month(2026, 4), at=APRIL + timedelta(days=30))
    db.session.commit()

    with counts_of_rows() as counted:
        listed = [asks(app, "/open-data").json["items"] for _ in range(3)]
        files = [asks(app, "/open-data/2026-03.csv").text for _ in range(3)]

    assert len(counted) == 1
    assert [[one["rows"] for one in items] for items in listed] == [[0, 12]] * 3
    assert {len(file.splitlines()) for file in files} == {13}


@pytest.mark.parametrize("path", ANSWERS)
def test_an_answer_may_be_kept_and_is_not_sent_twice(app: Flask, march: Town, path: str) -> None:
    first = asks(app, path)

    again = asks(app, path, **{"If-None-Match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == "public, max-age=300"
    assert {"Authorization", "Accept-Language"} <= set(first.vary)
    assert (again.status_code, again.data) == (304, b"")
    assert asks(app, path).data == first.data


@pytest.mark.parametrize("path", ANSWERS)
def test_the_same_question_is_worked_out_once(
    app: Flask, march: Town, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    first = asks(app, path).data
    for name in ("indicators", "heat"):  # from now on nothing can be worked out
        monkeypatch.delattr(telling, name)

    assert asks(app, path).data == first


@pytest.mark.parametrize("path", ["/heatmap?resolution=7", "/indicators?by=month"])
def test_what_is_published_or_said_later_is_told_at_once(
    app: Flask, march: Town, path: str
) -> None:
    one_month = asks(app, path)
    for number in range(7):
        march.sends(number, at=APRIL)
    march.settle()
    publish(month(2026, 4), at=APRIL + timedelta(days=30))
    db.session.commit()
    two_months = asks(app, path)
    db.session.add(PublicNote(month=month(2026, 4).since, at=APRIL + timedelta(days=60), changed=5))
    db.session.commit()
    noted = asks(app, path)

    told = [answer.json["published"][-1] for answer in (one_month, two_months, noted)]
    assert [(one["month"], one["changed_since"]) for one in told] == [
        ("2026-03", 0), ("2026-04", 0), ("2026-04", 5),
    ]  # fmt: skip
    assert len({answer.headers["ETag"] for answer in (one_month, two_months, noted)}) == 3


def test_each_question_and_each_language_has_its_own_answer(app: Flask, march: Town) -> None:
    areas, months = asks(app, "/indicators?by=area"), asks(app, "/indicators?by=month")
    english = asks(app, "/indicators?by=area", **{"Accept-Language": "en"})

    assert (areas.json["by"], months.json["by"]) == ("area", "month")
    assert areas.json["note"] != english.json["note"]


@pytest.mark.parametrize(
    ("path", "most"), [("/open-data", 120), ("/indicators", 240), ("/heatmap", 240)]
)
def test_one_address_asks_so_often_and_no_more(
    app: Flask, march: Town, monkeypatch: pytest.MonkeyPatch, path: str, most: int
) -> None:
    monkeypatch.setitem(app.config, "RATELIMIT_ENABLED", True)

    asked = [asks(app, path).status_code for _ in range(most + 1)]

    assert asked == [200] * most + [429]


def test_an_official_asks_as_often_as_the_work_needs(
    app: Flask, march: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    leader = official(app, march.house, Role.LEADER)
    monkeypatch.setitem(app.config, "RATELIMIT_ENABLED", True)

    asked = {leader("GET", "/heatmap?resolution=7").status_code for _ in range(241)}

    assert asked == {200}
