"""What excuses that no foreign client is here, and what does not."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.config import ROOT
from tests.conformance.clients.places import NotHere, NotInstalled, run

MISMATCH = "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE."
UNREACHABLE = "WARNING: Retrying after connection broken by 'NewConnectionError(...)'"

#: A file named as that of the clients, whose one test ends so.
STORY = """
import pytest

def test_a_client(): {end}
"""


def says(words: str) -> list[str | Path]:
    """A program that fails with these words."""
    return [sys.executable, "-c", f"import sys; sys.exit({words!r})"]


@pytest.mark.parametrize(
    "words", [UNREACHABLE, "npm error code ENOTFOUND", "npm error network ECONNREFUSED"]
)
def test_registries_that_nobody_reaches_excuse_that_a_client_is_not_here(words: str) -> None:
    with pytest.raises(NotHere):
        run(says(words))


@pytest.mark.parametrize(
    "words",
    [MISMATCH, f"{UNREACHABLE}\n{MISMATCH}", "npm error code EINTEGRITY",
     "ERROR: Invalid requirement: 'thre e'"],
)  # fmt: skip
def test_what_came_and_is_something_else_is_a_failure(words: str) -> None:
    with pytest.raises(NotInstalled):
        run(says(words))


@pytest.mark.parametrize(
    ("end", "asked", "code"),
    [
        ("pytest.skip('not here')", "1", 1),
        ("pytest.skip('not here')", "", 0),
        ("pass", "1", 0),
    ],
)
def test_where_a_client_is_asked_for_it_does_not_do_that_none_was_there(
    tmp_path: Path, end: str, asked: str, code: int
) -> None:
    (tmp_path / "test_independent_clients.py").write_text(STORY.format(end=end))
    told = [*("-p", "tests.conformance.one_client"), *("-p", "no:cacheprovider")]

    done = subprocess.run(
        [sys.executable, "-m", "pytest", *told, f"--rootdir={tmp_path}", tmp_path],
        cwd=ROOT, env={"REQUIRE_A_CLIENT": asked, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == code, done.stdout + done.stderr
    assert ("no client of others was there" in done.stdout) == bool(code)
