"""A phone that sends again after the server died in the middle: nothing lost, nothing doubled.

A real web server in a process of its own, killed by `kill -9` at a named point, started again.
"""

import http.client
import io
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from PIL import Image

from tests.conftest import new_database

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class City:
    """A database with the city in it, a folder of files, and servers started over them."""

    database: str
    files: Path
    url: str = ""  # of a server that never crashes, for what comes before and after

    @contextmanager
    def serving(self, crash_at: str = "") -> Iterator[str]:
        """A web server, ready; its address. It may be dead by the end: that is the point."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        environment = os.environ | {
            "XOM_ENV": "test",
            "DATABASE_URL": self.database,
            "SECRET_KEY": "a secret for tests alone, of forty letters",
            "XOM_IDENTITY_KEY": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY",
            "XOM_STORAGE_URL": self.files.as_uri(),
            "CRASH_AT": crash_at,
            "PORT": str(port),
        }
        server = subprocess.Popen(
            [sys.executable, "-m", "app.server", "--one-process"],
            env=environment,
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_until_ready(port, server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.send_signal(signal.SIGKILL)
            server.wait()

    def count(self, query: str) -> int:
        with psycopg.connect(self.database) as connection:
            row = connection.execute(query).fetchone()
            assert row
            return int(row[0])


def wait_until_ready(port: int, server: subprocess.Popen[bytes]) -> None:
    """Its port answers, or it is dead: no fixed wait."""
    while server.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            threading.Event().wait(0.05)
    raise AssertionError("the server died before it was ready")


@pytest.fixture(scope="module")
def city(
    server_url: str, city_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[City]:
    with new_database(server_url, city_template, f"{city_template}_crash") as url:
        city = City(url, tmp_path_factory.mktemp("crash-files"))
        with city.serving() as city.url:
            yield city


def call(url: str, method: str, path: str, token: str = "", body: Any = None) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    data = body if isinstance(body, bytes) else json.dumps(body or {}).encode()
    if not isinstance(body, bytes):
        headers["Content-Type"] = "application/json"
    request = urllib.request.Request(
        f"{url}/api/v1{path}", data=data, headers=headers, method=method
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        return answer.status, json.load(answer)


def is_cut_off(url: str, method: str, path: str, token: str, body: Any) -> bool:
    """The answer never came, because the server died."""
    try:
        call(url, method, path, token, body)
    except (http.client.RemoteDisconnected, ConnectionResetError, urllib.error.URLError):
        return True
    return False


def a_submission(**facts: Any) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "category": "dien-nguy-hiem",  # urgent: somebody must be told
        "description": "Dây điện rơi xuống đường.",
        "lat": 16.4675,
        "lng": 107.5885,
        **facts,
    }


def a_photo() -> bytes:
    held = io.BytesIO()
    Image.effect_noise((640, 480), 60).convert("RGB").save(held, "JPEG")
    return held.getvalue()


@pytest.mark.parametrize("point", ["before_commit", "after_commit"])
def test_a_report_sent_again_after_a_crash_is_stored_once_with_its_messages(
    city: City, point: str
) -> None:
    body = a_submission()
    reports, changes, jobs = (
        f"select count(*) from report where id = '{body['id']}'",
        f"select count(*) from status_change where report_id = '{body['id']}'",
        "select count(*) from procrastinate_jobs where task_name = 'notifications.deliver'",
    )
    jobs_before = city.count(jobs)
    _, guest = call(city.url, "POST", "/auth/guest")
    with psycopg.connect(city.database) as connection:  # somebody who must hear of it
        connection.execute(
            "insert into duty_shift (office_id, account_id, since, until)"
            " select office.id, %s, now() - interval '1 hour', now() + interval '1 hour'"
            " from office where kind = 'centre'",
            [guest["account"]["id"]],
        )

    with city.serving(crash_at=point) as url:
        assert is_cut_off(url, "POST", "/reports", guest["token"], body)
    stored_before = city.count(reports)
    status, answer = call(city.url, "POST", "/reports", guest["token"], body)

    assert stored_before == (0 if point == "before_commit" else 1)
    assert status == (201 if point == "before_commit" else 200)
    assert answer["id"] == body["id"]
    assert (city.count(reports), city.count(changes)) == (1, 1)
    assert city.count(jobs) == jobs_before + 1


@pytest.mark.parametrize("point", ["after_fsync", "after_rename"])
def test_a_photo_sent_again_after_a_crash_is_stored_once(city: City, point: str) -> None:
    photo, photo_id = a_photo(), uuid4()
    rows = f"select count(*) from photo where id = '{photo_id}'"
    _, guest = call(city.url, "POST", "/auth/guest")

    with city.serving(crash_at=point) as url:
        assert is_cut_off(url, "PUT", f"/photos/{photo_id}", guest["token"], photo)
    acknowledged_before = city.count(rows)
    status, _ = call(city.url, "PUT", f"/photos/{photo_id}", guest["token"], photo)
    again, _ = call(city.url, "PUT", f"/photos/{photo_id}", guest["token"], photo)

    assert acknowledged_before == 0
    assert (status, again) == (201, 200)
    assert city.count(rows) == 1


def test_the_same_report_sent_twice_at_once_is_created_once(city: City) -> None:
    answers: list[list[int]] = []
    _, guest = call(city.url, "POST", "/auth/guest")
    for _ in range(10):
        body, statuses = a_submission(), list[int]()

        def send(body: Any = body, statuses: list[int] = statuses) -> None:
            statuses.append(call(city.url, "POST", "/reports", guest["token"], body)[0])

        pair = [threading.Thread(target=send) for _ in range(2)]
        for thread in pair:
            thread.start()
        for thread in pair:
            thread.join()
        answers.append(sorted(statuses))

    assert answers == [[200, 201]] * 10
