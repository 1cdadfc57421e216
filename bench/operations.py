"""The operations that are measured, as requests of the people who make them.

Each varies from request to request (another person, report, point), by numbers that are the same at
every run. Targets and peer are those of docs/performance.md.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

import numpy as np
from sqlalchemy import Row, func, select, text

from app.database import db
from bench import feeds, neighbours, staffing, wsgi
from bench.figures import Figure, figures
from bench.generate import wards_of
from bench.replay import Statement
from bench.wsgi import Environ
from reports.city import snapshot
from reports.models import Report
from reports.statuses import Role

PEOPLE = 200
CENTRE = "16.4637,107.5909"  # of Huế: most reports lie around it
POINTS = 500
RUN = UUID("be0cbe0c-0000-4000-8000-000000000000")
SUBMITTED_TEXT = "Mặt đường có ổ gà sâu trước cổng trường, đã hơn một tuần. Mong được xử lý sớm."


@dataclass(frozen=True)
class Operation:
    """`request(n)` is the n-th; `target` the least share of S1's rate; `peer_ms` its CPU there;
    `plain` the GROUP BY that stands for it where there are no roll-ups."""

    name: str
    request: Callable[[int], Environ]
    target: float | None = None
    peer_ms: float | None = None
    plain: Statement | None = None


@dataclass
class Scene:
    """Who asks, and about what."""

    residents: list[str]  # tokens
    officer: str
    dispatcher: str
    points: Sequence[Row[UUID, float, float]]  # of reports that are shown
    ward: str  # code of the one with most people
    ward_box: str
    city_box: str
    figures: list[Figure]
    neighbours: neighbours.Requests
    feeds: dict[str, Callable[[int], Environ]]
    run: int  # numbers of this run's submissions, so that ids are new
    sent: list[UUID] = field(default_factory=list)


def scene(run: int) -> Scene:
    """Look around in the database; issues tokens, and commits them."""
    city = snapshot.current()
    busiest = select(Report.office_id).where(
        text("status in ('submitted','accepted','in_progress','waiting','returned')"),
        Report.office_id != city.centre.id,
    )
    office_id = db.session.scalars(
        busiest.group_by(Report.office_id).order_by(func.count().desc(), Report.office_id).limit(1)
    ).one()
    wards = wards_of(city)
    ward, boundary = max(wards, key=lambda pair: pair[0].population or 0)
    everything = np.array([shape.bounds for _, shape in wards])
    points = _points()
    city_bounds = (*everything[:, :2].min(axis=0), *everything[:, 2:].max(axis=0))
    ward_box, city_box = _box(boundary.bounds), _box(city_bounds)
    found = Scene(
        residents=[staffing.token_of(one) for one in staffing.some_residents(PEOPLE)],
        officer=staffing.token_of(staffing.official_id(Role.OFFICER, office_id)),
        dispatcher=staffing.token_of(staffing.official_id(Role.DISPATCHER, city.centre.id)),
        points=points,
        ward=ward.code,
        ward_box=ward_box,
        city_box=city_box,
        figures=figures(
            staffing.token_of(staffing.official_id(Role.LEADER, city.centre.id)), ward.code
        ),
        neighbours=neighbours.requests(points),
        feeds=feeds.requests(points, ward.code, ward_box, city_box),
        run=run,
    )
    db.session.commit()
    return found


def _points() -> Sequence[Row[UUID, float, float]]:
    """Shown reports, scattered over all there are."""
    query = select(Report.id, Report.lat, Report.lng).where(text("shown")).order_by(Report.id)
    return db.session.execute(query.limit(POINTS)).all()


def _box(bounds: Sequence[float]) -> str:
    return ",".join(f"{edge:.5f}" for edge in bounds)


def operations(here: Scene) -> list[Operation]:
    """In the order of DESIGN's table."""
    read = [
        ("queue of an office, 100 rows", _queue(here.officer), 0.35, 1070.0),
        ("queue of a dispatcher, 100 rows", _queue(here.dispatcher), 0.35, 1070.0),
        ("map in a street's box", _street(here), 0.30, 11.0),
        ("map in a ward's box", _map(here.ward_box), 0.30, 11.0),
        ("map in the city's box", _map(here.city_box), 0.30, 11.0),
        ("near me", _near(here), 0.75, 44.0),
        ("one report", _one(here), None, None),
        ("list of categories", _get("/categories", {}), None, None),
    ]
    return [
        Operation("submit a report", _submission(here, "duong-hong", 0), 0.20, 47.0),
        Operation("submit an urgent one", _submission(here, "dien-nguy-hiem", 1), None, 47.0),
        *(Operation(*one) for one in read),
        *(Operation(one.name, one.request, one.target, plain=one.plain) for one in here.figures),
        *(Operation(f"console: {name}", request) for name, request in _console(here).items()),
        *(Operation(f"Open311: {name}", request) for name, request in here.neighbours.items()),
        *(Operation(f"feeds: {name}", request) for name, request in here.feeds.items()),
    ]


def _console(here: Scene) -> dict[str, Callable[[int], Environ]]:
    """The queue as a page, plain and narrowed in every way; what is asked beside it all day."""
    lat, lng = here.points[0].lat, here.points[0].lng
    narrowed: dict[str, dict[str, str]] = {
        "the queue, drawn": {},
        "of one category": {"category": "duong-hong"},
        "of one ward": {"area": here.ward},
        "overdue": {"due": "overdue"},
        "urgent": {"urgent": "true"},
        "with a photo": {"photo": "true"},
        "assigned to nobody": {"person": "nobody"},
        "by words": {"q": "ổ gà"},
        "by rare words": {"q": "trạm biến áp"},
        "around a point": {"near": f"{lat},{lng}"},
        "of one month": {"since": "2026-01-01", "until": "2026-02-01", "status": "all"},
        "everything, newest first": {"status": "all", "sort": "newest"},
        "one ward's, newest first": {"status": "all", "sort": "newest", "area": here.ward},
        "closed by words": {"status": "closed", "sort": "newest", "q": "ổ gà"},
        "by words that nobody used": {"q": "xyzzyk", "status": "all"},
        "newly sent": {"status": "submitted"},
        "returned": {"status": "returned"},
        "waiting for an answer": {"status": "waiting"},
        "answered, not checked": {"status": "resolved", "checked": "false", "sort": "newest"},
        "by telephone": {"source": "phone"},
        "by telephone, ever": {"source": "phone", "status": "all"},
        "around a point, widely": {"near": CENTRE, "radius": "20000"},
        "around a point, widely, ever": {"near": CENTRE, "radius": "20000", "status": "all"},
    }
    offices = {
        "the queue, drawn": {},
        "accepted": {"status": "accepted"},
        "closed": {"status": "closed"},
        "closed of one category without a photo":
            {"status": "closed", "category": "duong-hong", "photo": "false"},
        "by words": {"q": "ổ gà"},
        "around a point, widely, ever": {"near": CENTRE, "radius": "20000", "status": "all"},
    }  # fmt: skip
    beside = {"counts at the side": "/console/counts", "triage": "/console/triage"}
    return {
        **{name: _page(here.dispatcher, query) for name, query in narrowed.items()},
        **{f"an office's: {name}": _page(here.officer, query) for name, query in offices.items()},
        **{name: _page(here.dispatcher, {}, path) for name, path in beside.items()},
        "an office's counts at the side": _page(here.officer, {}, "/console/counts"),
        "length of a list that is dear to count": _page(
            here.dispatcher, {"category": "duong-hong"}, "/console/queue/length"
        ),
    }


def _page(
    token: str, query: dict[str, str], path: str = "/console/queue"
) -> Callable[[int], Environ]:
    return lambda n: wsgi.request("GET", path, query, token=token, number=n)


def _submission(here: Scene, category: str, series: int) -> Callable[[int], Environ]:
    def request(number: int) -> Environ:
        person, point = number % len(here.residents), here.points[number % len(here.points)]
        body = {
            "id": str(uuid5(RUN, f"{here.run}:{series}:{number}")),
            "category": category,
            "description": SUBMITTED_TEXT,
            "lat": point.lat,
            "lng": point.lng,
            "place_note": "Cạnh tiệm tạp hóa",
            "identity": "confidential",
        }
        here.sent.append(UUID(str(body["id"])))
        token = here.residents[person]
        return wsgi.request("POST", "/api/v1/reports", json=body, token=token, number=number)

    return request


def _get(path: str, query: dict[str, Any], token: str | None = None) -> Callable[[int], Environ]:
    return lambda number: wsgi.request("GET", f"/api/v1{path}", query, token=token, number=number)


def _queue(token: str) -> Callable[[int], Environ]:
    return _get("/queue", {"limit": 100}, token)


def _map(box: str) -> Callable[[int], Environ]:
    return _get("/reports", {"bbox": box, "limit": 100})


def _street(here: Scene) -> Callable[[int], Environ]:
    """Some 600 metres around a report."""

    def request(number: int) -> Environ:
        _, lat, lng = here.points[number % len(here.points)]
        box = _box((lng - 0.003, lat - 0.003, lng + 0.003, lat + 0.003))
        query = {"bbox": box, "limit": 100}
        return wsgi.request("GET", "/api/v1/reports", query, number=number)

    return request


def _near(here: Scene) -> Callable[[int], Environ]:
    def request(number: int) -> Environ:
        point = here.points[number % len(here.points)]
        query = {"near": f"{point.lat},{point.lng}", "limit": 20}
        return wsgi.request("GET", "/api/v1/reports", query, number=number)

    return request


def _one(here: Scene) -> Callable[[int], Environ]:
    def request(number: int) -> Environ:
        found = here.points[number % len(here.points)]
        return wsgi.request("GET", f"/api/v1/reports/{found.id}", number=number)

    return request


def floor_requests(here: Scene) -> dict[str, Callable[[int], Environ]]:
    """The requests of `floors`, by name."""

    def one(number: int) -> Environ:
        return wsgi.request("GET", "/s1", {"id": here.points[number % len(here.points)].id})

    return {"S1": one, "empty handler": lambda _: wsgi.request("GET", "/empty")}
