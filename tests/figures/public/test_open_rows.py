"""The file of single reports tells enough to recount what the page of its month says of them."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from app.database import db
from reports.figures.periods import month
from reports.figures.public.publishing import publish
from reports.statuses import Outcome, Status
from tests.figures.public.conftest import APRIL, MARCH, Town

SOON, DUE, LATE = (MARCH + timedelta(days=days) for days in (1, 3, 5))
NOT_YET = datetime(2099, 1, 1, tzinfo=UTC)


@pytest.fixture
def march(town: Town) -> Town:
    """Of each kind two: in time; too late; in time, reopened and answered anew after the deadline;
    open and overdue; open and not due; waiting for the reporter, past the deadline."""
    fixed = {"status": Status.RESOLVED, "outcome": Outcome.FIXED}
    kinds: list[dict[str, Any]] = [
        fixed | {"first_due_at": DUE, "first_resolved_at": SOON, "resolved_at": SOON},
        fixed | {"first_due_at": DUE, "first_resolved_at": LATE, "resolved_at": LATE},
        fixed
        | {"first_due_at": DUE, "first_resolved_at": SOON, "resolved_at": LATE, "reopened": 1},
        {"first_due_at": DUE},
        {"first_due_at": NOT_YET},
        {"first_due_at": DUE, "status": Status.WAITING},
    ]
    for number, columns in enumerate([*kinds, *kinds]):
        town.sends(number, at=MARCH, **columns)
    town.settle()
    publish(month(2026, 3), at=APRIL)
    db.session.commit()
    return town


def test_the_share_on_time_of_the_page_can_be_recounted_from_the_files(
    app: Flask, march: Town
) -> None:
    client = app.test_client()

    sums = client.get("/api/v1/indicators").json["total"]["sums"]
    table = client.get("/api/v1/open-data/2026-03.csv").text.lstrip("\ufeff")
    features = json.loads(client.get("/api/v1/open-data/2026-03.geojson").data)["features"]

    told = [row["on_time"] for row in csv.DictReader(io.StringIO(table))]
    assert (sums["on_time"], sums["timed"]) == (4, 8)
    assert (told.count("true"), told.count("false"), told.count("")) == (4, 4, 4)
    drawn = [one["properties"]["on_time"] for one in features]
    assert (drawn.count(True), drawn.count(False), drawn.count(None)) == (4, 4, 4)


def test_the_catalogue_says_how(app: Flask, march: Town) -> None:
    rows = app.test_client().get("/api/v1/open-data").json["columns"]["rows"]

    assert "true" in next(one["about"] for one in rows if one["name"] == "on_time")
