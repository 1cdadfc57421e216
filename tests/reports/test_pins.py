"""The map: points where they are few, clusters that hold them all where they are many."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from app.database import db, reading
from reports import pins as pins_module
from reports.filters import BOUNDS, Filters
from reports.models import Report
from reports.pins import MapBusy, Pins, pins
from reports.places import from_mercator, to_mercator
from reports.statuses import OPEN, Role, Status
from tests.reports.conftest import TRUONG_TIEN, House
from tests.reports.test_api import Api, anybody

__all__ = ["anybody"]  # fixtures

CITY = (107.0, 16.0, 108.2, 16.8)
PATH = "/reports/points?bbox=107,16,108.2,16.8"


@pytest.fixture(autouse=True)
def nothing_remembered(app: Flask) -> None:
    app.extensions.pop("xom.pins", None)


@pytest.fixture
def shown(house: House) -> list[Report]:
    """Nine published reports in three places; and one that nobody has published."""
    dispatcher, found = house.official(Role.DISPATCHER), []
    lat, lng = TRUONG_TIEN
    for number in range(9):
        place = (lat + number // 3 * 0.02, lng + number % 3 * 0.0001)
        report = house.submits(f"Lan {number}", place=place)
        house.takes(dispatcher, "accept", report)
        found.append(report)
    house.submits("Minh")
    db.session.flush()
    return found


def look(house: House, *, box: tuple[float, float, float, float] = CITY, most: int = 2000,
         **bounds: Any) -> Pins:  # fmt: skip
    return pins(box, Filters(**bounds), house.city.categories_by_id, most=most)


def test_few_reports_are_all_points(house: House, shown: list[Report]) -> None:
    found = look(house)

    assert found.clusters == [] and found.total == 9
    one = next(point for point in found.points if point[2] == str(shown[0].id))
    category = house.city.categories_by_id[shown[0].category_id].code
    sent = int(house.at.timestamp())
    assert one == (TRUONG_TIEN[1], TRUONG_TIEN[0], str(shown[0].id), "accepted", category, 0, sent)
    assert {point[2] for point in found.points} == {str(report.id) for report in shown}


def test_above_the_bound_clusters_hold_every_report_and_reach_as_far_as_they(
    house: House, shown: list[Report]
) -> None:
    at_the_bound, above = look(house, most=9), look(house, most=8)

    assert len(at_the_bound.points) == 9 and at_the_bound.clusters == []
    assert above.points == [] and above.total == 9
    assert sum(cluster[2] for cluster in above.clusters) == 9
    for lng, lat, _, west, south, east, north in above.clusters:
        assert west <= lng <= east and south <= lat <= north
    for report in shown:
        held = [
            c for c in above.clusters if c[3] <= report.lng <= c[5] and c[4] <= report.lat <= c[6]
        ]
        assert len(held) == 1


def test_a_cluster_lies_in_the_middle_of_its_reports(house: House, shown: list[Report]) -> None:
    for lng, lat, many, west, south, east, north in look(house, most=1).clusters:
        members = [r for r in shown if west <= r.lng <= east and south <= r.lat <= north]

        assert len(members) == many
        assert (west, east) == (min(r.lng for r in members), max(r.lng for r in members))
        assert lng == pytest.approx(sum(r.lng for r in members) / many, abs=2e-5)
        assert lat == pytest.approx(sum(r.lat for r in members) / many, abs=2e-5)


def test_clusters_stay_when_the_map_is_moved_a_little(house: House, shown: list[Report]) -> None:
    west, south, east, north = CITY

    moved = (west + 0.001, south + 0.001, east + 0.001, north + 0.001)

    assert look(house, most=3) == look(house, box=moved, most=3)


@pytest.mark.parametrize("width", [0.0001, 0.01, 0.3, 1.2, 20, 300])
def test_there_are_never_many_more_than_four_hundred_clusters(width: float) -> None:
    squares = pins_module._squares((-width / 2, 16, width / 2, 16 + width / 5))

    across = (squares.right - squares.left) / squares.side
    up = (squares.top - squares.bottom) / squares.side
    assert 1 <= across * up <= 400


def test_what_is_not_shown_is_on_no_map(house: House, anybody: Api, shown: list[Report]) -> None:
    house.takes(house.official(Role.DISPATCHER), "hide", shown[0], note="Lời lẽ xúc phạm.")

    told = anybody("GET", PATH)
    clustered = anybody("GET", f"{PATH}&limit=3")

    assert told.json["total"] == clustered.json["total"] == 8
    assert str(shown[0].id) not in told.text


def test_the_map_is_narrowed_like_the_list(house: House, anybody: Api, shown: list[Report]) -> None:
    area = house.city.area_by_id[shown[0].area_id].code
    category = house.city.categories_by_id[shown[0].category_id].code
    for query in ("status=open", "status=closed", f"area={area}", f"category={category}",
                  "from=2026-03-02&to=2026-03-03", "from=2026-03-03"):  # fmt: skip
        listed = anybody("GET", f"/reports?bbox=107,16,108.2,16.8&limit=100&{query}").json["items"]
        points = anybody("GET", f"{PATH}&{query}").json["points"]

        assert {point[2] for point in points} == {card["id"] for card in listed}, query
    assert anybody("GET", "/reports/points").status_code == 422
    assert anybody("GET", f"{PATH}&status=lost").status_code == 422
    assert anybody("GET", f"{PATH}&limit=2001").status_code == 422


def test_every_bound_is_sound_sql_in_points_and_in_clusters(
    house: House, shown: list[Report]
) -> None:
    given: dict[str, Any] = {
        "statuses": OPEN, "category_id": 1, "area_id": 1, "office_id": 1, "urgent": False,
        "since": house.at, "until": house.at + timedelta(days=1), "words": "cống",
    }  # fmt: skip
    for fields in ({}, given, given | {"statuses": frozenset({Status.CLOSED})}):
        filters = Filters(**fields)
        assert filters.values().keys() <= BOUNDS.keys()
        look(house, **fields)
        pins_module._count_clusters(
            frozenset(filters.values()), filters.values(), pins_module._squares(CITY)
        )


def test_points_are_as_of_now_and_known_by_their_tag(
    house: House, anybody: Api, shown: list[Report]
) -> None:
    first = anybody("GET", PATH)
    again = anybody("GET", PATH, headers={"If-None-Match": first.headers["ETag"]})
    house.takes(house.official(Role.DISPATCHER), "hide", shown[0], note="Nhầm.")
    changed = anybody("GET", PATH, headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, again.status_code, changed.status_code) == (200, 304, 200)
    assert first.headers["Cache-Control"] == "private, no-cache"


def test_only_what_was_long_in_counting_is_remembered(
    house: House, shown: list[Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    """HEAVY is lowered: nobody waits for 20,000 reports here."""
    dispatcher = house.official(Role.DISPATCHER)
    assert look(house, most=3).total == 9
    house.takes(dispatcher, "hide", shown[0], note="Nhầm.")
    assert look(house, most=3).total == 8

    monkeypatch.setattr(pins_module, "HEAVY", 5)
    look(house, most=3)
    house.takes(dispatcher, "hide", shown[1], note="Nhầm.")

    assert look(house, most=3).total == 8
    assert look(house, most=3, statuses=OPEN).total == 7
    monkeypatch.setattr(pins_module, "monotonic", lambda: 1e12)  # much later
    assert look(house, most=3).total == 7


def test_open_reports_are_counted_in_an_index_of_their_own(house: House) -> None:
    """Plans are made for what is there; with sequential scans dear, the index that fits is used."""
    squares = pins_module._squares(CITY)
    filters = Filters(statuses=OPEN)
    query = pins_module._grouped(frozenset(filters.values()))
    sql = str(query.compile(dialect=db.engine.dialect))
    db.session.execute(text("set local enable_seqscan = off"))
    values = {"box": squares.box, "side": squares.side}

    plan = db.session.connection().exec_driver_sql(f"explain {sql}", values).scalars().all()

    assert "ix_report_open_spot" in "\n".join(plan)


@pytest.mark.parametrize("point", [(16.4675, 107.5885), (-33.9, -70.6), (0.0, 0.0)])
def test_metres_on_the_map_lead_back_to_the_point(point: tuple[float, float]) -> None:
    assert from_mercator(*to_mercator(*point)) == pytest.approx(point)


# While others are being counted for ------------------------------------------------------------


@pytest.fixture
def heavy(monkeypatch: pytest.MonkeyPatch) -> None:
    """All clusters are worth remembering, and nobody waits for a turn."""
    monkeypatch.setattr(pins_module, "HEAVY", 0)
    monkeypatch.setattr(pins_module, "WAIT_S", 0)


def much_later(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    at = pins_module.monotonic() + seconds
    monkeypatch.setattr(pins_module, "monotonic", lambda: at)


@contextmanager
def others_counting(app: Flask, *keys: Any) -> Iterator[None]:
    memory = app.extensions.setdefault("xom.pins", pins_module._Memory())
    with ExitStack() as turns:
        for key in keys:
            assert turns.enter_context(memory.turn(key, wait=0))
        yield


def key_of(**bounds: Any) -> Any:
    values = Filters(**bounds).values()
    return frozenset(values), pins_module._squares(CITY), repr(sorted(values.items()))


def test_while_the_same_is_counted_the_last_answer_is_told_as_a_stale_one(
    app: Flask, house: House, shown: list[Report], heavy: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = look(house, most=3)
    house.takes(house.official(Role.DISPATCHER), "hide", shown[0], note="Nhầm.")
    much_later(monkeypatch, 60)

    with others_counting(app, key_of()):
        stale = look(house, most=3)
    anew = look(house, most=3)

    assert (first.stale, stale.stale, anew.stale) == (False, True, False)
    assert (first.total, stale.total, anew.total) == (9, 9, 8)
    assert stale.clusters == first.clusters


def test_what_was_never_counted_is_to_be_asked_again_in_a_moment(
    app: Flask, house: House, anybody: Api, shown: list[Report], heavy: None
) -> None:
    with others_counting(app, "one box", "another"):
        busy = anybody("GET", f"{PATH}&limit=3")
        points = anybody("GET", PATH)

    assert (busy.status_code, busy.headers["Retry-After"]) == (503, "2")
    assert busy.json["type"].endswith("map-busy")
    assert points.status_code == 200 and points.json["total"] == 9  # few are told in any case
    assert anybody("GET", f"{PATH}&limit=3").json["stale"] is False


def test_one_that_is_counted_hinders_no_other(
    app: Flask, house: House, shown: list[Report], heavy: None
) -> None:
    with others_counting(app, key_of()):
        assert look(house, most=3, statuses=OPEN).total == 9
        with pytest.raises(MapBusy):
            look(house, most=3)


def test_an_answer_of_long_ago_is_not_told(
    app: Flask, house: House, shown: list[Report], heavy: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(house, most=3)
    much_later(monkeypatch, pins_module.STALE_S + 1)

    with others_counting(app, key_of()), pytest.raises(MapBusy):
        look(house, most=3)


def test_a_count_that_takes_too_long_is_given_up_and_left_in_peace(
    house: House, shown: list[Report], heavy: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(house, most=3)
    counted: list[str] = []

    def endless(*_: Any) -> Pins:
        counted.append("again")
        with reading() as connection, pins_module._in_time(connection), connection.begin_nested():
            connection.exec_driver_sql("select pg_sleep(60)")
        raise AssertionError("it was waited for")

    monkeypatch.setattr(pins_module, "COUNT_MS", 20)
    monkeypatch.setattr(pins_module, "_count_clusters", endless)
    much_later(monkeypatch, 60)
    told = [look(house, most=3) for _ in range(3)]

    assert [one.stale for one in told] == [True] * 3
    assert counted == ["again"]
    with reading() as connection:
        assert connection.exec_driver_sql("show statement_timeout").scalar() == "30s"
