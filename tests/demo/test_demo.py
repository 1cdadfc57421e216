"""`make demo`, whole: database, city, web, worker, loopback FCM, and its script to the letter."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_story_plays_as_written_and_every_push_arrives() -> None:
    played = subprocess.run(
        [sys.executable, "-m", "bench.demo"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert played.returncode == 0, played.stdout + played.stderr
    last = played.stdout.splitlines()[-1]
    assert last == "demo: 3 reports, 13 steps, 22 pushes delivered, 0 lost"
