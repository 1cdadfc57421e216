"""A test that waits for ever fails, and those after it are run."""

import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

from app.config import ROOT

WAITS = """
    import threading, pytest

    @pytest.fixture
    def stubborn():
        yield
        threading.Event().wait()

    def test_that_waits(stubborn):
        threading.Event().wait()

    def test_that_comes_after():
        pass
"""


def test_what_waits_for_ever_also_when_it_is_put_away_and_asked_again_is_ended(
    tmp_path: Path,
) -> None:
    (tmp_path / "test_it.py").write_text(dedent(WAITS))
    (tmp_path / "pytest.ini").write_text("[pytest]\ntimeout = 1\ntimeout_method = signal\n")
    command = [
        *(sys.executable, "-m", "pytest", str(tmp_path), "-q", "-p", "tests.patience"),
        *("-p", "no:cacheprovider", "-c", str(tmp_path / "pytest.ini"), "--reruns", "1"),
    ]

    done = subprocess.run(
        command,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert "FAILED test_it.py::test_that_waits - Failed: Timeout (>1.0s)" in done.stdout
    assert "1 failed, 1 passed" in done.stdout
