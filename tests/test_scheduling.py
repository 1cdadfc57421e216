"""A run of tests ends, and leaves none out, whatever happens to its workers."""

import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from app.config import ROOT

QUICK = """
    import pytest

    @pytest.mark.parametrize("n", range(4))
    def test_quick(n):
        pass
"""
DIES_ONCE = """
    import os, pathlib, pytest

    @pytest.mark.parametrize("n", range(4))
    def test_deadly(n, tmp_path):
        died = pathlib.Path(__file__).with_name("died")
        if n == 1 and not died.exists():
            died.touch()
            os._exit(1)
"""
DIES_ALWAYS = """
    import os, pytest

    @pytest.mark.parametrize("n", range(4))
    def test_deadly(n):
        if n == 1:
            os._exit(1)
"""


def lay(folder: Path, deadly: str) -> None:
    """Files enough that both workers have finished some, and the deadly one last."""
    for place in range(8):
        (folder / f"test_{place}.py").write_text(dedent(QUICK))
    (folder / "test_9.py").write_text(dedent(deadly))


def run(folder: Path) -> str:
    """What pytest says of the folder, by two workers."""
    settings = folder / "pytest.ini"
    settings.write_text("[pytest]\n")
    command = [
        *(sys.executable, "-m", "pytest", str(folder), "-q", "-p", "tests.scheduling"),
        *("-p", "no:cacheprovider", "-c", str(settings)),
        *("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder", "--reruns", "1"),
    ]
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command,
        check=False,
        cwd=folder,
        env=surroundings,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.stdout


@pytest.mark.parametrize(
    ("deadly", "end"),
    [(DIES_ONCE, "36 passed, 1 rerun"), (DIES_ALWAYS, "1 failed, 35 passed, 1 rerun")],
    ids=["dies once", "dies always"],
)
def test_a_worker_that_dies_takes_no_other_test_with_it(
    tmp_path: Path, deadly: str, end: str
) -> None:
    lay(tmp_path, deadly)

    assert end in run(tmp_path)
