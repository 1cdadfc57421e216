"""The leaders' map over the API: its fields, its forms, and answers that are kept."""

from dataclasses import replace
from datetime import date
from typing import Any

import h3.api.basic_int as h3
import orjson
import pytest
from flask import Flask

from reports.figures import heat_answers, keeping
from reports.figures.heat_cache import HeatCache, cache
from reports.figures.heatmap import HeatMap, Wanted
from reports.figures.hotspots import hotspots
from reports.figures.indicators import read
from reports.figures.periods import month
from reports.statuses import Role
from tests.figures.conftest import Counted
from tests.reports.conftest import TRUONG_TIEN
from tests.reports.test_api import official

MARCH = month(2026, 3)
CELL = f"{h3.latlng_to_cell(*TRUONG_TIEN, 8):x}"


def test_one_answer_tells_whatever_colours_a_cell(app: Flask, house: Counted) -> None:
    house.submits()
    house.follow()
    leader = official(app, house, Role.LEADER)

    told = leader("GET", "/heatmap?from=2026-03-01&to=2026-04-01&frames=week"
                         "&compare_from=2026-02-01&compare_to=2026-03-01").json  # fmt: skip

    item: dict[str, Any] = told["items"][0]
    people, rate = item.pop("people"), item.pop("per_1000")
    assert people > 0 and (rate is None or rate > 0)
    assert item == {
        "cell": CELL, "count": 1, "open": 1, "overdue": 0, "overdue_first": 0, "timed": 0,
        "on_time": 0, "resolve_n": 0, "resolve_median_s": None, "ratings": 0, "satisfied": 0,
        "before": 0, "counts": [0, 1, 0, 0, 0, 0],
    }  # fmt: skip
    assert told["frames"][1] == {"from": "2026-03-02", "to": "2026-03-09"}
    assert told["compared"] == {"from": "2026-02-01", "to": "2026-03-01"}
    assert (told["public"], told["medians"], told["resolution"]) == (False, True, 8)
    assert "ước tính" in told["note"] and told["as_of"]


def test_as_geojson_it_is_hexagons_with_the_same_figures(app: Flask, house: Counted) -> None:
    house.submits()
    house.follow()
    leader = official(app, house, Role.LEADER)

    answer = leader("GET", "/heatmap?format=geojson")

    assert answer.mimetype == "application/geo+json"
    feature = answer.get_json(force=True)["features"][0]
    assert feature["id"] == CELL and feature["properties"]["count"] == 1
    ring = feature["geometry"]["coordinates"][0]
    assert ring[0] == ring[-1] and len(ring) == 7


def test_an_answer_is_kept_until_the_figures_move(app: Flask, house: Counted) -> None:
    house.submits()
    house.follow()
    leader = official(app, house, Role.LEADER)
    address = "/heatmap?from=2026-03-01&to=2026-04-01"

    first, again = leader("GET", address), leader("GET", address)
    unchanged = leader("GET", address, headers={"If-None-Match": first.headers["ETag"]})
    house.submits("Minh")
    still = leader("GET", address)
    house.follow()
    moved = leader("GET", address)

    assert first.data == again.data == still.data
    assert unchanged.status_code == 304 and unchanged.data == b""
    assert [cell["count"] for cell in moved.json["items"]] == [2]


def test_what_is_kept_goes_with_the_first_slice_of_many_changes(
    house: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`as_of` moves with the last of them; the totals beside the map count the first already."""
    leader, wanted = house.official(Role.LEADER), Wanted(since=MARCH.since, until=MARCH.until)
    house.submits()
    house.follow()

    def told() -> list[int]:
        cells = orjson.loads(heat_answers.kept(wanted, leader, items, form="", at=house.at))
        found = hotspots(wanted, leader, at=house.at)
        crowded = [one.count for one in (*found.spots, *found.crowds)]
        return [sum(cells), sum(crowded), _total(house)]

    before = told()
    for number in range(6):
        house.submits(f"neighbour {number}")
    monkeypatch.setattr(keeping, "SLICE", 4)
    as_of = read(MARCH, at=house.at).as_of
    turned = keeping.turn(paced=False)
    between = told()

    assert (turned.more, read(MARCH, at=house.at).as_of) == (True, as_of)
    assert before == [1, 0, 1]  # five make a crowd
    assert between == [5, 5, 5]


def items(found: HeatMap) -> Any:
    return [cell.count for cell in found.cells]


def _total(house: Counted) -> int:
    return read(MARCH, at=house.at).total.sums["received"] or 0


def test_hot_spots_are_kept_until_the_figures_move(app: Flask, house: Counted) -> None:
    for number in range(6):
        house.submits(f"neighbour {number}")
    house.follow()
    march = Wanted(since=date(2026, 3, 1), until=date(2026, 4, 1))
    leader = house.official(Role.LEADER)

    first, again = (hotspots(march, leader, at=house.at) for _ in range(2))
    others = hotspots(replace(march, until=date(2026, 3, 2)), leader, at=house.at)
    house.submits("Minh")
    still = hotspots(march, leader, at=house.at)
    house.follow()
    moved = hotspots(march, leader, at=house.at)

    assert first is again is still
    assert [one.count for one in (*first.spots, *first.crowds)] == [6]
    assert (*others.spots, *others.crowds) == ()
    assert [one.count for one in (*moved.spots, *moved.crowds)] == [7]


def test_the_page_is_told_the_cells_of_the_api_and_they_are_kept_too(
    app: Flask, house: Counted
) -> None:
    house.submits()
    house.follow()
    leader = official(app, house, Role.LEADER)
    days = "from=2026-03-01&to=2026-04-01&frames=week&compare_from=2026-02-01&compare_to=2026-03-01"

    def page() -> Any:
        return leader.client.get(f"/dashboard/heat?{days}", headers=leader.headers).json["cells"]

    api, first = leader("GET", f"/heatmap?{days}").json["items"], page()
    house.submits("Minh")
    still = page()
    house.follow()
    moved = page()

    assert [{key: one for key, one in cell.items() if key != "ring"} for cell in first] == api
    assert len(first[0]["ring"]) == 7
    assert still == first
    assert [cell["count"] for cell in moved] == [2]


def test_what_is_kept_for_one_is_not_told_to_another(app: Flask, house: Counted) -> None:
    """The same address, whoever asks: a leader, and a leader of the office that it is about."""
    accusing = next(one.code for one in house.city.offered_categories() if one.about_officials)
    report = house.submits(category=accusing)
    house.follow()
    accused = house.city.offices_by_id[report.accused_office_id or 0].code
    everybodys, theirs = (
        official(app, house, Role.LEADER),
        official(app, house, Role.LEADER, accused),
    )

    assert len(everybodys("GET", "/heatmap").json["items"]) == 1
    assert theirs("GET", "/heatmap").json["items"] == []
    assert len(everybodys("GET", "/heatmap").json["items"]) == 1


def test_statuses_that_are_no_fate_are_asked_anew_each_time(app: Flask, house: Counted) -> None:
    report = house.submits()
    house.follow()
    leader = official(app, house, Role.LEADER)
    address = "/heatmap?status=submitted"

    before = leader("GET", address).json["items"]
    house.takes(house.official(Role.DISPATCHER), "accept", report)
    after = leader("GET", address).json["items"]

    assert [cell["count"] for cell in before] == [1] and after == []


def test_resolved_means_answered_closed_or_not(app: Flask, house: Counted) -> None:
    dispatcher, report = house.official(Role.DISPATCHER), house.submits()
    house.takes(dispatcher, "accept", report)
    officer = house.official(Role.OFFICER, house.city.offices_by_id[report.office_id].code)
    house.takes(officer, "start", report)
    house.takes(officer, "resolve", report, outcome="fixed", note="Đã thông cống.")
    house.takes("Lan", "confirm", report)
    house.follow()
    leader = official(app, house, Role.LEADER)

    counted = {
        status: len(leader("GET", f"/heatmap?status={status}").json["items"])
        for status in ("resolved", "closed", "resolved,closed", "open", "all")
    }

    assert counted == {"resolved": 1, "closed": 1, "resolved,closed": 1, "open": 0, "all": 1}


def test_the_oldest_answers_make_room_for_new_ones(app: Flask) -> None:
    kept, made = HeatCache(most=10), []

    def answer(key: str) -> bytes:
        return kept.answer(key, lambda: made.append(key) or key.encode() * 4)  # type: ignore[func-returns-value]

    for key in ("a", "b", "a", "c", "a", "b"):
        assert answer(key) == key.encode() * 4

    assert made == ["a", "b", "c", "b"]
    assert cache() is cache()
