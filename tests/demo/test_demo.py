"""`make demo`, whole: database, city, web, worker, loopback FCM, and its script to the letter."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


#: As on a stranger's machine, where no real wards or photos lie beside the checkout.
WITHOUT_REAL_DATA = """
import sys
from pathlib import Path
from bench.demo import stage, story
stage.WARDS = stage.SHARED = story.SHARED = Path("/nowhere")
from bench.demo.__main__ import main
sys.exit(main())
"""


@pytest.mark.parametrize(
    "command", [["-m", "bench.demo"], ["-c", WITHOUT_REAL_DATA]], ids=["as it is", "bare"]
)
def test_the_story_plays_as_written_and_every_push_arrives(command: list[str]) -> None:
    played = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert played.returncode == 0, played.stdout + played.stderr
    last = played.stdout.splitlines()[-1]
    assert last == "demo: 3 reports, 13 steps, 22 pushes delivered, 0 lost"
