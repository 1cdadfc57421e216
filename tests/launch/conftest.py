"""What the launcher's tests share: an open temporary folder, a checkout, a wait for real events."""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from app.config import ROOT

AS_ROOT = os.geteuid() == 0
needs_root = pytest.mark.skipif(not AS_ROOT, reason="only root drops to another user")


def eventually(happened: Callable[[], object], *, within: float = 15.0) -> None:
    """Wait for something outside this process; that it never comes is a failure."""
    until = time.monotonic() + within
    pause = threading.Event()
    while not happened():
        assert time.monotonic() < until, "it did not happen"
        pause.wait(0.02)


def kill_each(victims: Iterable[psutil.Process]) -> None:
    """kill -9; one that went by itself, as a backend does whose postmaster is gone, is as dead."""
    for victim in victims:
        with suppress(psutil.NoSuchProcess):
            victim.kill()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that other users may enter: pytest's own are private."""
    folder = Path(tempfile.mkdtemp(prefix="xom-launch-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def checkout(open_folder: Path) -> Path:
    """run.py and the launcher in a folder of their own: what runs before anything is installed."""
    copy = open_folder / "a checkout"
    (copy / "app").mkdir(parents=True)
    for name in ("run.py", "requirements.txt", "requirements-dev.txt", "app/__init__.py"):
        shutil.copy(ROOT / name, copy / name)
    shutil.copytree(
        ROOT / "app" / "launch",
        copy / "app" / "launch",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    return copy


def run_py(
    checkout: Path, *arguments: str, python: str = sys.executable, **environ: str
) -> "subprocess.CompletedProcess[str]":
    """`python3 run.py` as a user types it. It must end by itself, and soon."""
    return subprocess.run(
        [python, str(checkout / "run.py"), *arguments],
        env={**bare_environment(), **environ},
        cwd="/",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def bare_environment() -> Mapping[str, str]:
    """This process's environment without what would change the launcher's mind."""
    misleading = {"DATABASE_URL", "PORT", "SECRET_KEY", "PYTHONPATH", "XOM_TEST_POSTGRES"}
    return {
        name: value
        for name, value in os.environ.items()
        if name not in misleading and not name.startswith("XOM_")
    }
