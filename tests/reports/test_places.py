"""A place by its name and a name for a place: the real geopy against a Nominatim on loopback."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Event, Semaphore, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.database import db
from app.factory import create_app
from bench.loopback.serving import Answer, LoopbackServer, Request
from reports import geocoding
from reports.city import snapshot
from reports.city.finding import find_areas
from reports.geocoding import Pace
from tests.conftest import config_for
from tests.reports.conftest import TRUONG_TIEN

LE_LOI = {
    "lat": "16.4652", "lon": "107.5877", "class": "highway", "type": "secondary",
    "name": "Đường Lê Lợi", "display_name": "Đường Lê Lợi, Huế, Việt Nam",
    "address": {"road": "Đường Lê Lợi", "city": "Huế"},
}  # fmt: skip
HOUSE = {
    "lat": "16.46755", "lon": "107.58855", "class": "building", "type": "yes", "name": "",
    "display_name": "27, Đường Lê Lợi, Huế",
    "address": {"house_number": "27", "road": "Đường Lê Lợi"},
}  # fmt: skip
SCHOOL = {
    "lat": "16.4600", "lon": "107.5850", "class": "amenity", "type": "school",
    "name": "Trường Quốc Học", "display_name": "Trường Quốc Học, Huế",
    "address": {"house_number": "12", "road": "Đường Lê Lợi"},
}  # fmt: skip


@dataclass
class Asked:
    path: str
    query: dict[str, str]
    agent: str


@dataclass
class Answers:
    search: Any = field(default_factory=list)
    reverse: Any = field(default_factory=lambda: {"error": "Unable to geocode"})


class LoopbackNominatim(LoopbackServer):
    """Answers what it is told to; `before` is called while the asker waits."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Asked] = []
        self.answers = Answers()
        self.before: Any = lambda: None

    def answer(self, request: Request) -> Answer:
        parts = urlsplit(request.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.asked.append(Asked(parts.path, query, request.headers.get("user-agent", "")))
        self.before()
        if switch := self._switch_for(""):
            return Answer(switch.status, switch.raw or b"", switch.headers())
        search = parts.path.endswith("/search")
        return Answer.of(200, self.answers.search if search else self.answers.reverse)


@pytest.fixture
def host() -> Iterator[LoopbackNominatim]:
    with LoopbackNominatim() as server:
        yield server


@pytest.fixture
def city(house_database: str, host: LoopbackNominatim) -> Iterator[Flask]:
    """The real app with real connections: nothing here is written."""
    made = create_app(config_for(house_database, nominatim_url=f"{host.url}/nominatim"))
    yield made
    with made.app_context():
        db.engine.dispose()


def ask(city: Flask, what: str, language: str = "vi", **body: Any) -> TestResponse:
    answer = city.test_client().post(
        f"/api/v1/places/{what}", json=body, headers={"Accept-Language": language}
    )
    assert answer.status_code == 200, answer.text
    return answer


def search(city: Flask, text: str, language: str = "vi", **body: Any) -> Any:
    return ask(city, "search", language, text=text, **body).json


# Areas ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Phường Vỹ Dạ", "Phường Vỹ Dạ"),
        ("vy da", "Phường Vỹ Dạ"),
        ("VỸ D", "Phường Vỹ Dạ"),
        ("p. vy da", "Phường Vỹ Dạ"),
        ("Vy Da Ward", "Phường Vỹ Dạ"),
        ("Gia Hội", "Phường Phú Xuân"),
        ("phuong gia hoi", "Phường Phú Xuân"),
        ("phường Đúc", "Phường Thuận Hóa"),
        ("thị trấn Sịa", "Xã Quảng Điền"),
        ("xã Hương Hòa", "Xã Nam Đông"),
        ("kiệt 12 đường Lê Lợi, phường Vỹ Dạ, Huế", "Phường Vỹ Dạ"),
    ],
)
def test_an_area_is_found_by_its_new_and_its_former_names(
    city: Flask, text: str, name: str
) -> None:
    found = search(city, text)["items"][0]

    assert (found["name"], found["kind"]) == (name, "area")


def test_who_looks_for_a_former_name_reads_why_the_area_was_found(city: Flask) -> None:
    now, former = search(city, "Phú Xuân")["items"][0], search(city, "Gia Hội")["items"][0]
    english = search(city, "gia hoi", "en")["items"][0]

    assert (now["name"], now["detail"]) == ("Phường Phú Xuân", "")
    assert former["detail"] == "Có Phường Gia Hội cũ"
    assert (english["name"], english["detail"]) == (
        "Phu Xuan Ward",
        "Holds the former Phường Gia Hội",
    )


def test_words_that_name_no_area_find_none(city: Flask) -> None:
    with city.app_context():
        areas = snapshot.current().area_by_code.values()

    for text in ("ổ gà", "xyzzy", "?", "12"):
        assert find_areas(text, areas, most=50) == []


def test_every_former_unit_is_known(city: Flask, shared_data: Any) -> None:
    with (shared_data / "admin" / "hue_old_to_new_2025.csv").open() as file:
        rows = list(csv.DictReader(file))
    with city.app_context():
        areas = list(snapshot.current().area_by_code.values())

    for row in rows:
        found = [one.area.code for one in find_areas(row["old_name"], areas, most=40)]
        old_name = row["old_name"].removeprefix("Phường ")  # one is written "Phường Phường Đúc"
        found += [one.area.code for one in find_areas(old_name, areas, most=40)]
        assert row["new_code"] in found, row["old_name"]


# Landmarks --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name", "ward"),
    [
        ("chợ Đông Ba", "chợ Đông Ba", "Phường Phú Xuân"),
        ("dong ba", "chợ Đông Ba", "Phường Phú Xuân"),
        ("ga hue", "ga Huế", "Phường Thuận Hóa"),
        ("gần chùa linh mụ", "chùa Thiên Mụ", "Phường Kim Long"),
        ("Thien Mu Pagoda", "chùa Thiên Mụ", "Phường Kim Long"),
    ],
)
def test_what_everybody_knows_is_found_though_the_source_of_streets_knows_nothing(
    city: Flask, text: str, name: str, ward: str
) -> None:
    found = next(one for one in search(city, text)["items"] if one["kind"] == "place")

    assert (found["name"], found["detail"]) == (name, ward)


def test_landmarks_lie_in_the_city_and_a_phone_keeps_them_for_days_without_signal(
    city: Flask,
) -> None:
    kept = city.test_client().get("/api/v1/city").get_json()["landmarks"]
    with city.app_context():
        areas = snapshot.current().areas
        for one in kept:
            areas.locate(one["lat"], one["lng"])  # raises OutsideCity

    station = next(one for one in kept if one["name"] == "ga Huế")
    assert station["other_names"] == ["Huế railway station"]


# Streets ----------------------------------------------------------------------------------------


def test_streets_addresses_and_places_follow_the_areas(
    city: Flask, host: LoopbackNominatim
) -> None:
    host.answers.search = [LE_LOI, LE_LOI, HOUSE, SCHOOL]

    told = search(city, "Lê Lợi")

    assert told["streets"] is True
    ward = "Phường Thuận Hóa"
    assert [(one["name"], one["detail"], one["kind"]) for one in told["items"]] == [
        ("Đường Lê Lợi", ward, "street"),
        ("27 Lê Lợi", ward, "address"),
        ("Trường Quốc Học", f"12 Lê Lợi, {ward}", "place"),
    ]
    assert (told["items"][0]["lat"], told["items"][0]["lng"]) == (16.4652, 107.5877)


def test_the_host_learns_the_words_and_the_citys_box_and_no_more(
    city: Flask, host: LoopbackNominatim
) -> None:
    search(city, "Lê Lợi", "en", lat=16.4675, lng=107.5885)

    (asked,) = host.asked
    box = [float(side) for side in asked.query.pop("viewbox").split(",")]
    assert (asked.path, asked.agent) == ("/nominatim/search", "xom")
    assert asked.query == {"q": "Lê Lợi", "format": "json", "limit": "10", "bounded": "1",
                           "addressdetails": "1", "accept-language": "en"}  # fmt: skip
    assert 107 < box[0] < box[2] < 108.3 and 15.9 < box[1] < box[3] < 16.9


def test_of_a_street_in_pieces_the_nearest_is_shown(city: Flask, host: LoopbackNominatim) -> None:
    near, far = LE_LOI | {"lat": "16.4670", "lon": "107.5880"}, LE_LOI
    host.answers.search = [far, near]

    told = search(city, "Lê Lợi", lat=16.4675, lng=107.5885)

    assert [one["lat"] for one in told["items"]] == [16.4670]


def test_what_lies_outside_the_city_is_left_out(city: Flask, host: LoopbackNominatim) -> None:
    host.answers.search = [LE_LOI | {"lat": "16.06", "lon": "108.22"}]

    assert search(city, "Lê Lợi") == {"items": [], "streets": True}


def test_the_same_question_is_asked_once(city: Flask, host: LoopbackNominatim) -> None:
    for _ in range(3):
        search(city, "Lê Lợi")
    search(city, "lê lợi")
    search(city, "Lê Lợi", "en")

    assert len(host.asked) == 2


@pytest.mark.parametrize("body", [
    b"", b"<html>", b"{", b"\xff\xfe", b'{"error": "too many"}', b'[{"lat": "north"}]',
    b"[1, null]",
    b'[{"lat": "nan", "lon": "nan", "name": "x"}]', b'[{"name": "x"}]', b'"words"', b"[" * 5000,
    b'[{"lat": "16.46", "lon": "107.58", "name": "x", "address": []}, 7]', b"[" + b" " * 600_000,
])  # fmt: skip
@pytest.mark.parametrize("status", [200, 500])
def test_garbage_leaves_the_areas(
    city: Flask, host: LoopbackNominatim, status: int, body: bytes
) -> None:
    host.fail(status, raw=body)

    told = search(city, "Vỹ Dạ")
    name = ask(city, "name", lat=TRUONG_TIEN[0], lng=TRUONG_TIEN[1]).json

    assert [one["name"] for one in told["items"]][:1] == ["Phường Vỹ Dạ"]
    assert told["streets"] is False
    assert name["name"] is None and name["area"]["code"] == "19789"


def test_after_a_failure_the_host_is_left_in_peace_for_a_while(
    city: Flask, host: LoopbackNominatim, monkeypatch: pytest.MonkeyPatch
) -> None:
    host.fail(503)
    assert search(city, "Lê Lợi")["streets"] is False
    host.recover()

    assert search(city, "Lê Lợi")["streets"] is False
    assert len(host.asked) == 1
    later = geocoding.monotonic() + geocoding.REST_S + 1
    monkeypatch.setattr(geocoding, "monotonic", lambda: later)
    assert search(city, "Lê Lợi")["streets"] is True


@pytest.mark.parametrize("status", [400, 404, 414])
def test_words_that_the_host_refuses_cost_nobody_else_their_search(
    city: Flask, host: LoopbackNominatim, status: int
) -> None:
    host.fail(status)
    search(city, "chữ mà máy kia không nhận")
    host.recover()
    host.answers.search = [LE_LOI]

    assert search(city, "lê lợi")["streets"] is True


@pytest.mark.parametrize("status", [401, 403, 429, 500])
def test_who_is_told_to_go_away_rests(city: Flask, host: LoopbackNominatim, status: int) -> None:
    host.fail(status)
    search(city, "lê lợi")
    host.recover()

    assert search(city, "hùng vương")["streets"] is False


def test_a_host_that_does_not_answer_is_given_up(
    house_database: str, host: LoopbackNominatim, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(geocoding, "TIMEOUT_S", 0.2)  # nobody waits three seconds here
    app, done = create_app(config_for(house_database, nominatim_url=host.url)), Event()
    host.before = lambda: done.wait(30)

    told = search(app, "Vỹ Dạ")
    done.set()

    assert told["streets"] is False and told["items"][0]["name"] == "Phường Vỹ Dạ"
    with app.app_context():
        db.engine.dispose()


def test_few_wait_for_a_slow_host_and_the_others_are_answered(
    city: Flask, host: LoopbackNominatim, monkeypatch: pytest.MonkeyPatch
) -> None:
    going, arrived, answers = Event(), Semaphore(0), []

    def hold() -> None:
        arrived.release()
        going.wait(30)

    def look(number: int) -> None:
        answers.append(search(city, f"Đường {number}")["streets"])

    monkeypatch.setattr(geocoding, "TIMEOUT_S", 30.0)  # this is about those who do not wait
    host.before = hold
    waiting = [Thread(target=look, args=(n,)) for n in range(geocoding.AT_ONCE)]
    for thread in waiting:
        thread.start()
    try:
        assert all(arrived.acquire(timeout=20) for _ in waiting)
        turned_away = search(city, "Đường khác")["streets"]
    finally:
        going.set()
        for thread in waiting:
            thread.join()

    assert turned_away is False and answers == [True] * geocoding.AT_ONCE


def test_no_transaction_is_open_while_the_host_is_asked(
    city: Flask, host: LoopbackNominatim, house_database: str
) -> None:
    states: list[str] = []

    def look() -> None:
        with psycopg.connect(house_database) as raw:
            rows = raw.execute(
                "select state from pg_stat_activity"
                " where datname = current_database() and pid <> pg_backend_pid()"
            ).fetchall()
            states.extend(str(state) for (state,) in rows)

    host.before = look
    search(city, "Lê Lợi")
    ask(city, "name", lat=TRUONG_TIEN[0], lng=TRUONG_TIEN[1])

    assert len(host.asked) == 2 and states and set(states) == {"idle"}


def test_without_a_host_areas_are_found_all_the_same(house_database: str) -> None:
    app = create_app(config_for(house_database))

    told, name = search(app, "vỹ dạ"), ask(app, "name", lat=16.4675, lng=107.5885).json

    assert told["streets"] is False and told["items"][0]["name"] == "Phường Vỹ Dạ"
    assert name == {"name": None, "area": {"code": "19789", "name": "Phường Thuận Hóa"}}
    with app.app_context():
        db.engine.dispose()


# A name for a place -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "language", "name"),
    [
        (HOUSE, "vi", "Trước 27 Lê Lợi"),
        (HOUSE, "en", "In front of 27 Lê Lợi"),
        (HOUSE | {"lat": "16.4690"}, "vi", "Đường Lê Lợi"),  # a house farther off
        (LE_LOI, "vi", "Đường Lê Lợi"),
        (SCHOOL | {"lat": "16.4675", "lon": "107.5885"}, "vi", "Trước 12 Lê Lợi"),
        (HOUSE | {"address": {"suburb": "Vĩnh Ninh"}}, "vi", None),
    ],
)
def test_a_pin_is_named_by_the_house_before_it_or_its_street(
    city: Flask, host: LoopbackNominatim, place: Any, language: str, name: str | None
) -> None:
    host.answers.reverse = place

    told = ask(city, "name", language, lat=16.46750001, lng=107.5885).json

    assert told["name"] == name and told["area"]["code"] == "19789"
    assert (host.asked[0].query["lat"], host.asked[0].query["lon"]) == ("16.4675", "107.5885")


def test_a_pin_outside_the_city_is_told_so_and_nobody_is_asked(
    city: Flask, host: LoopbackNominatim
) -> None:
    answer = city.test_client().post("/api/v1/places/name", json={"lat": 21.03, "lng": 105.85})

    assert answer.status_code == 422 and host.asked == []


@pytest.mark.parametrize("body", [{}, {"text": ""}, {"text": "x" * 201}, {"text": 5},
                                  {"text": "Huế", "lat": 91}, {"text": "Huế", "a": 1}])  # fmt: skip
def test_a_question_that_is_none_is_refused(city: Flask, body: Any) -> None:
    assert city.test_client().post("/api/v1/places/search", json=body).status_code == 422


def test_one_waits_for_its_turn_and_the_next_may_not_ask() -> None:
    pace = Pace(1.0)

    assert [pace.wait_s(at) for at in (10.0, 10.25, 10.5)] == [0.0, 0.75, None]
    assert [pace.wait_s(at) for at in (11.5, 12.5)] == [0.5, 0.5]
    assert [Pace(0.0).wait_s(at) for at in (1.0, 1.0, 1.0)] == [0.0, 0.0, 0.0]
