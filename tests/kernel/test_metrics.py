"""Figures for Prometheus: who may read them, what they say, what a failing one costs."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Connection, text

from app import metrics
from app.config import ROOT
from tests.kernel.conftest import NOWHERE, kernel_house, open_house

TOKEN = "a token of the operator"


@pytest.fixture
def house(own_database: str) -> Iterator[Flask]:
    with open_house(own_database, metrics_token=TOKEN) as app:
        yield app


@pytest.fixture(autouse=True)
def forget_figures() -> Iterator[None]:
    known = dict(metrics._figures)
    yield
    metrics._figures.clear()
    metrics._figures.update(known)


def scrape(app: Flask, **more: Any) -> dict[tuple[str, tuple[str, ...]], float]:
    answer = app.test_client().get("/metrics", **more)
    assert answer.status_code == 200
    return {
        (sample.name, tuple(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_requests_are_counted_by_route_never_by_address(house: Flask) -> None:
    client = house.test_client()
    before = scrape(house).get(("xom_requests_total", ("GET", "/api/v1/wrong/<kind>", "404")), 0)
    client.get("/api/v1/wrong/absent")
    client.get("/0912345678")
    client.open("/healthz", method="PROPFIND0912345678")

    after = scrape(house)

    assert after["xom_requests_total", ("GET", "/api/v1/wrong/<kind>", "404")] == before + 1
    assert after["xom_requests_total", ("GET", "none", "404")] >= 1
    assert after["xom_requests_total", ("other", "none", "405")] >= 1
    assert after["xom_request_seconds_count", ("GET", "/api/v1/wrong/<kind>")] >= 1
    assert not [key for key in after if "0912345678" in str(key)]


def test_figures_are_read_from_the_database_at_each_scrape(house: Flask) -> None:
    def accounts(connection: Connection) -> Iterator[metrics.Row]:
        for kind, count in connection.execute(
            text("select kind, count(*) from account group by 1")
        ):
            yield (kind,), count

    metrics.register("xom_accounts", "Accounts by kind", ["kind"], accounts)

    figures = scrape(house)

    assert figures["xom_accounts", ("system",)] == 1
    assert figures["xom_database_up", ()] == 1
    assert figures["xom_database_connections", ("active",)] >= 1


def test_a_figure_that_fails_costs_itself_alone(house: Flask) -> None:
    def broken(connection: Connection) -> Iterator[metrics.Row]:
        connection.execute(text("select no_such_column"))
        yield (), 1

    def fine(connection: Connection) -> Iterator[metrics.Row]:
        yield (), 42

    metrics.register("xom_a_broken", "Never read", [], broken)
    metrics.register("xom_b_fine", "Read after it", [], fine)

    figures = scrape(house)

    assert ("xom_a_broken", ()) not in figures
    assert figures["xom_b_fine", ()] == 42
    assert figures["xom_figure_failed", ("xom_a_broken",)] == 1
    assert figures["xom_figure_failed", ("xom_b_fine",)] == 0


def test_without_a_database_the_scrape_still_tells_of_requests() -> None:
    figures = scrape(kernel_house(NOWHERE))

    assert figures["xom_database_up", ()] == 0
    assert [name for name, _ in figures if name == "xom_requests_total"]


def test_database_trouble_is_counted() -> None:
    app = kernel_house(NOWHERE)
    key = ("xom_database_trouble_total", ("database-away",))
    before = scrape(app).get(key, 0)
    app.test_client().get("/api/v1/database/read")

    assert scrape(app)[key] == before + 1


ELSEWHERE = {"REMOTE_ADDR": "203.0.113.5"}


def test_strangers_do_not_even_learn_that_it_exists(house: Flask) -> None:
    client = house.test_client()

    assert client.get("/metrics", environ_base=ELSEWHERE).status_code == 404
    wrong = {"Authorization": "Bearer something else"}
    assert client.get("/metrics", environ_base=ELSEWHERE, headers=wrong).status_code == 404
    proxied = {"X-Forwarded-For": "203.0.113.5"}
    assert client.get("/metrics", headers=proxied).status_code == 404


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_the_host_itself_is_known_by_any_of_its_addresses(house: Flask, address: str) -> None:
    assert scrape(house, environ_base={"REMOTE_ADDR": address})


def test_the_token_opens_it_from_elsewhere(house: Flask) -> None:
    assert scrape(house, environ_base=ELSEWHERE, headers={"Authorization": f"Bearer {TOKEN}"})


def test_an_empty_token_opens_nothing() -> None:
    client = kernel_house(NOWHERE).test_client()

    for value in ("Bearer ", "Bearer", ""):
        answer = client.get("/metrics", environ_base=ELSEWHERE, headers={"Authorization": value})
        assert answer.status_code == 404


def test_the_processes_of_one_host_add_up(tmp_path: Path) -> None:
    """What `make run` sets up by PROMETHEUS_MULTIPROC_DIR, with two real processes."""
    count = "from app import metrics; metrics.REQUESTS.labels('GET', '/x', '200').inc(2)"
    tell = "print(metrics.generate_latest(metrics._requests()).decode())"

    for _ in range(2):
        in_another_process(count, tmp_path)
    told = in_another_process(f"{count}; {tell}", tmp_path)

    assert 'xom_requests_total{method="GET",route="/x",status="200"} 6.0' in told


def in_another_process(code: str, folder: Path) -> str:
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(folder)}
    command = [sys.executable, "-W", "error", "-c", code]
    return subprocess.run(
        command, env=environment, cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
