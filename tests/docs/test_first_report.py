"""The commands of the README and of docs/api.md, run as they stand there against a live server."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.auth import passwords
from app.config import ROOT
from app.database import db
from app.factory import create_app
from reports.city import folder
from reports.city.demo_accounts import ensure_demo_accounts
from tests.conftest import config_for, needs

PASSWORD = passwords.generated()


@pytest.fixture
def city(own_database: str, tmp_path: Path) -> Iterator[str]:
    """Huế with its demo sign-ins, served; the API's address. `tmp_path` looks like a checkout."""
    app = create_app(config_for(own_database))
    with app.app_context():
        folder.load_city("hue")
        db.session.commit()
        ensure_demo_accounts(PASSWORD)
        db.session.commit()
        db.engine.dispose()
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "demo.json").write_text(json.dumps({"password": PASSWORD}))
    (tmp_path / "docs").mkdir()
    shutil.copy(ROOT / "docs" / "flooded-street.jpg", tmp_path / "docs")
    with served(own_database, tmp_path / "files") as address:
        yield address


@contextmanager
def served(database: str, files: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "app.server", "--one-process"],
        cwd=ROOT,
        env=os.environ
        | {
            "XOM_ENV": "demo",
            "DATABASE_URL": database,
            "SECRET_KEY": "a secret for tests alone, of forty letters",
            "XOM_IDENTITY_KEY": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY",
            "XOM_STORAGE_URL": files.as_uri(),
            "PORT": str(port),
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until_ready(port, server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.send_signal(signal.SIGKILL)
        server.wait()


def wait_until_ready(port: int, server: "subprocess.Popen[bytes]") -> None:
    while server.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            threading.Event().wait(0.05)
    raise AssertionError("the server died before it was ready")


def told(page: str) -> str:
    """The blocks of shell commands of a page, one after another."""
    return "\n".join(re.findall(r"^```sh\n(.*?)^```", (ROOT / page).read_text(), re.S | re.M))


def typed(script: str, *, at: str, folder: Path) -> str:
    """What a shell prints when somebody pastes this."""
    done = subprocess.run(
        ["sh", "-eu"],
        input=script.replace("http://127.0.0.1:8000", at),
        cwd=folder,
        env=os.environ | {"no_proxy": "127.0.0.1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_first_report_works_as_the_readme_says(city: str, tmp_path: Path) -> None:
    needs(shutil.which("curl") is not None, "curl")

    printed = typed(told("README.md"), at=city, folder=tmp_path)

    assert "/problems/" not in printed
    assert printed.count('"status": "accepted"') == 2  # to the dispatcher, and to anyone
    assert "People's Committee of Kim Tra Ward" in printed
    assert "Gọi tôi số •••." in printed
    assert '"title": "Đã tiếp nhận' in printed


def test_what_follows_works_as_the_page_of_the_api_says(city: str, tmp_path: Path) -> None:
    needs(shutil.which("curl") is not None, "curl")

    printed = typed(told("README.md") + told("docs/api.md"), at=city, folder=tmp_path)

    assert "/problems/" not in printed
    lines = printed.splitlines()
    assert [line for line in lines if line in {"in_progress", "resolved", "closed"}] == [
        "in_progress",
        "resolved",
        "closed",
    ]
    assert '"stars": 5' in printed
    assert '"type": "FeatureCollection"' in printed
    assert "Flooding and drains" in lines
