"""What phones on a slow line read often leaves compressed for whoever takes it."""

import gzip
from typing import Any

import orjson
import pytest

from app.http import WORTH_IT
from reports.models import Report
from reports.statuses import Role
from tests.reports.conftest import House
from tests.reports.test_api import Api, anybody

__all__ = ["anybody"]  # fixtures

GZIP = {"Accept-Encoding": "gzip, br"}
BOX = "bbox=107,16,108.2,16.8"


@pytest.fixture
def shown(house: House) -> list[Report]:
    dispatcher, found = house.official(Role.DISPATCHER), []
    for number in range(40):
        report = house.submits(f"Lan {number}")
        house.takes(dispatcher, "accept", report)
        found.append(report)
    return found


@pytest.mark.parametrize(
    "path",
    ["/reports?limit=25", "/reports?format=geojson", f"/reports/points?{BOX}", "/areas/outlines"],
)
def test_a_long_answer_is_compressed_for_whoever_takes_it(
    anybody: Api, shown: list[Report], path: str
) -> None:
    plain, short = anybody("GET", path), anybody("GET", path, headers=GZIP)

    assert "Content-Encoding" not in plain.headers and len(plain.data) >= WORTH_IT
    assert short.headers["Content-Encoding"] == "gzip"
    assert unpacked(short.data) == plain.json
    assert len(short.data) < len(plain.data) / 2
    assert short.headers["Content-Length"] == str(len(short.data))
    for answer in (plain, short):
        assert "Accept-Encoding" in answer.headers["Vary"]
    assert (plain.mimetype, plain.headers.get("ETag")) == (
        short.mimetype, short.headers.get("ETag")
    )  # fmt: skip


def unpacked(data: bytes) -> Any:
    return orjson.loads(gzip.decompress(data))


def test_a_short_answer_and_one_that_is_known_leave_as_they_are(
    anybody: Api, shown: list[Report]
) -> None:
    few = anybody("GET", "/reports?limit=1", headers=GZIP)
    notices = anybody("GET", "/notices", headers=GZIP)
    points = anybody("GET", f"/reports/points?{BOX}", headers=GZIP)
    known = anybody(
        "GET", f"/reports/points?{BOX}", headers=GZIP | {"If-None-Match": points.headers["ETag"]}
    )

    assert "Content-Encoding" not in few.headers and len(few.data) < WORTH_IT
    assert "Content-Encoding" not in notices.headers
    assert (known.status_code, known.data) == (304, b"")
    assert "Content-Encoding" not in known.headers


def test_whoever_refuses_it_is_not_sent_it(anybody: Api, shown: list[Report]) -> None:
    refused = anybody("GET", "/reports?limit=25", headers={"Accept-Encoding": "gzip;q=0"})

    assert "Content-Encoding" not in refused.headers and len(refused.json["items"]) == 25
