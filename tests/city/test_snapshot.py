"""The city in memory: one look every two seconds, rebuilt when it moved, safe for threads."""

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select, update

from app.database import db
from app.factory import create_app
from reports import offices
from reports.city import folder, snapshot
from reports.city.building import read_facts
from reports.city.models import Category, CityProfile
from reports.city.snapshot import City
from reports.city.succession import circles, follow
from reports.city.values import Category as Kind
from tests.conftest import config_for


@pytest.fixture
def looks(app: Flask) -> Iterator[list[str]]:
    """The statements that were sent to the database."""
    seen: list[str] = []

    def note(_c: object, _u: object, statement: str, *_: object) -> None:
        seen.append(statement)

    engine = db.engines[None]
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def ticks(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The monotonic clock, in the test's hand."""
    moment = [1000.0]
    monkeypatch.setattr(snapshot, "monotonic", lambda: moment[0])
    return moment


def test_within_two_seconds_nobody_asks_the_database(
    app: Flask, looks: list[str], ticks: list[float]
) -> None:
    first = snapshot.current()
    looks.clear()

    ticks[0] += 1.9

    assert snapshot.current() is first
    assert looks == []


def test_after_two_seconds_one_small_question_keeps_the_same_city(
    app: Flask, looks: list[str], ticks: list[float]
) -> None:
    first = snapshot.current()
    looks.clear()

    ticks[0] += 2.1

    assert snapshot.current() is first
    assert len(looks) == 1


def test_a_new_version_is_seen_after_two_seconds(app: Flask, ticks: list[float]) -> None:
    first = snapshot.current()
    db.session.execute(
        update(Category).where(Category.code == "khac").values(name_vi="Việc linh tinh")
    )
    db.session.execute(update(CityProfile).values(version=CityProfile.version + 1))

    assert snapshot.current() is first
    ticks[0] += 2.1
    second = snapshot.current()

    assert second is not first
    assert second.category_by_code["khac"].name_vi == "Việc linh tinh"
    assert first.category_by_code["khac"].name_vi == "Việc khác"


def test_midnight_in_the_city_changes_what_is_valid(
    app: Flask, ticks: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    evening = datetime(2026, 3, 2, 16, 59, tzinfo=UTC)  # 23:59 in Huế
    monkeypatch.setattr(snapshot, "now", lambda: evening)
    db.session.execute(
        update(Category).where(Category.code == "du-lich").values(valid_until=date(2026, 3, 3))
    )
    snapshot.forget()
    assert "du-lich" in snapshot.current().category_by_code

    monkeypatch.setattr(snapshot, "now", lambda: evening + timedelta(minutes=2))
    ticks[0] += 3

    assert "du-lich" not in snapshot.current().category_by_code


def test_history_keeps_the_names_of_what_ended(city: City) -> None:
    retired = [one for one in city.categories_by_id.values() if one.code == "cong-thoat-nuoc"]

    assert [one.name_vi for one in retired] == ["Cống rãnh"]


def test_without_a_city_a_sentence_says_what_to_do(empty_app: Flask) -> None:
    with pytest.raises(snapshot.NoCity) as caught:
        snapshot.current()

    assert "flask city load" in caught.value.sentence("en")
    assert not snapshot.is_loaded()


def test_many_threads_share_one_city_and_one_builds_it(own_database: str) -> None:
    app = create_app(config_for(own_database))
    with app.app_context():
        folder.load_city("hue")
        db.session.commit()
    seen: list[City] = []

    def look() -> None:
        with app.app_context():
            for _ in range(50):
                seen.append(snapshot.current())

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(seen) == 400
    assert len({id(one) for one in seen}) == 1
    with app.app_context():
        db.engine.dispose()


def test_a_city_is_built_in_ten_statements(app: Flask, looks: list[str]) -> None:
    snapshot.current()

    assert len(looks) <= 10


def test_facts_are_read_as_they_are_stored(city: City) -> None:
    with snapshot.reading() as connection:
        facts = read_facts(connection, city.day)

    row = db.session.scalars(select(Category).where(Category.code == "ngap-nuoc")).one()
    value = facts.categories["ngap-nuoc"]
    assert list(value.keywords) == row.keywords
    assert list(value.questions) == row.questions
    assert hash(value)


# Offices -----------------------------------------------------------------------------------------


def test_an_office_is_shown_without_any_officials_name(city: City) -> None:
    told = offices.shown(city.office_by_code["ubnd-19789"], city, "en")

    assert told["name"] == "People's Committee of Thuan Hoa Ward"
    assert told["area"] == "19789"
    assert told["address"] == "2 Lê Hồng Phong, phường Thuận Hóa"
    assert told["parent"] == city.office_by_code["ubnd-tp"].id


# Succession --------------------------------------------------------------------------------------


def kind(code: str, since: int, until: int | None, successor: str | None) -> Kind:
    return Kind(
        1,
        code,
        code,
        code,
        valid_from=date(since, 1, 1),
        valid_until=date(until, 1, 1) if until else None,
        successor_code=successor,
    )


@pytest.mark.parametrize(
    ("code", "year", "found"),
    [
        ("a", 2020, "a"),
        ("a", 2021, "b"),  # the day on which it ends belongs to its successor
        ("a", 2023, "c"),
        ("b", 2020, None),  # not begun
        ("c", 2030, "c"),
        ("lost", 2030, None),  # ended, with nobody after it
        ("unknown", 2030, None),
    ],
)
def test_successors_are_followed_to_whoever_is_valid(
    code: str, year: int, found: str | None
) -> None:
    rows = {
        "a": kind("a", 2019, 2021, "b"),
        "b": kind("b", 2021, 2022, "c"),
        "c": kind("c", 2022, None, None),
        "lost": kind("lost", 2019, 2021, None),
    }

    row = follow(code, rows, date(year, 6, 1) if year != 2021 else date(2021, 1, 1))

    assert (row.code if row else None) == found


def test_a_circle_of_successors_is_seen_and_ends_nowhere() -> None:
    rows = {"a": kind("a", 2019, 2020, "b"), "b": kind("b", 2019, 2020, "a")}

    assert follow("a", rows, date(2026, 1, 1)) is None
    assert list(circles({"a": "b", "b": "a", "c": "a"})) == [["a", "b"]]
    assert list(circles({"a": "b", "b": None})) == []
