"""`make run` whole, from an empty folder: started, killed, started again, stopped. Packages apart,
which are those of these tests.
"""

import json
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from app.config import ROOT
from app.embedded.leftovers import running_in
from app.embedded.server import free_port
from app.launch.story import answers
from tests.launch.conftest import bare_environment, eventually, kill_each

PARTS = ("app", "reports", "notifications", "web", "migrations", "run.py", "wsgi.py")
LEFT_BEHIND = shutil.ignore_patterns("__pycache__", "*.pyc", "node_modules")


class House:
    """One checkout and the `make run` in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.diary = root / "diary"
        self.launcher: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        settings = {"PORT": str(self.port), "XOM_DEMO_REPORTS": "no", "XOM_WEB_PROCESSES": "1"}
        with self.diary.open("wb") as diary:
            self.launcher = subprocess.Popen(
                [sys.executable, "run.py", "run", "--installed"],
                cwd=self.root,
                env={**bare_environment(), **settings},
                stdin=subprocess.DEVNULL,
                stdout=diary,
                stderr=subprocess.STDOUT,
            )
        eventually(self._is_welcoming, within=120)

    def said(self) -> str:
        return self.diary.read_text(errors="replace")

    def ask(self, path: str, *, token: str = "", data: bytes | None = None) -> dict[str, object]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        request = urllib.request.Request(f"{self.address}{path}", data=data, headers=headers)
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(request, timeout=10) as answer:
            told: dict[str, object] = json.load(answer)
            return told

    def processes(self) -> list[psutil.Process]:
        """All that the launcher started, and all that those did."""
        assert self.launcher is not None
        return psutil.Process(self.launcher.pid).children(recursive=True)

    def kill_everything(self) -> None:
        assert self.launcher is not None
        victims = self.processes()
        self.launcher.kill()
        kill_each(victims)
        self.launcher.wait()
        eventually(lambda: not running_in(self.root / "var" / "postgres" / "data"))

    def stop(self) -> int:
        assert self.launcher is not None
        self.launcher.send_signal(signal.SIGTERM)
        return self.launcher.wait(60)

    def _is_welcoming(self) -> bool:
        assert self.launcher is not None
        assert self.launcher.poll() is None, self.said()
        return "Ctrl-C stops everything" in self.said() and answers(f"{self.address}/readyz")


@pytest.fixture
def house(open_folder: Path) -> Iterator[House]:
    root = open_folder / "a fresh checkout"
    root.mkdir()
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, root / part, ignore=LEFT_BEHIND)
        else:
            shutil.copy(ROOT / part, root / part)
    made = House(root)
    yield made
    if made.launcher is not None and made.launcher.poll() is None:
        made.kill_everything()


def test_a_second_start_keeps_the_data_also_after_kill_9_of_everything(house: House) -> None:
    house.start()
    signed_in = house.ask("/api/v1/auth/guest", data=b"")
    push_key = house.ask("/api/v1/city")["webpush_key"]
    assert push_key  # made at set-up
    first_sign_ins = (house.root / "var" / "demo.json").read_text()

    house.kill_everything()
    house.start()
    mine = house.ask("/api/v1/me/reports", token=str(signed_in["token"]))

    assert mine["items"] == []  # the guest of before the kill is still known
    assert house.ask("/api/v1/city")["webpush_key"] == push_key
    assert (house.root / "var" / "demo.json").read_text() == first_sign_ins
    assert json.loads(first_sign_ins)["password"] in house.said()
    assert house.address in house.said()

    private = ("secrets.json", "demo.json", "postgres/server.json")
    modes = {(house.root / "var" / name).stat().st_mode & 0o777 for name in private}
    assert modes == {0o600}

    started = house.processes()
    assert house.stop() == 0
    assert [process for process in started if process.is_running()] == []
    assert house.said().rstrip().endswith("Stopped.")
    with socket.create_server(("127.0.0.1", house.port)):
        pass  # the port is free again
