"""Processes that are started again when they die, and that do not outlive their parent."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from app.config import ROOT
from app.launch import children as launch_children
from app.launch.children import Child, stop_all
from tests.launch.conftest import bare_environment, eventually

#: A child that does what ours do: it holds the lifeline, and leaves when it is told to.
GOOD = (
    "import signal, sys; from pathlib import Path\n"
    "from app.launch.children import hold_lifeline\n"
    "hold_lifeline(); Path(sys.argv[1]).open('a').write('started\\n'); signal.pause()"
)
STUBBORN = (
    "import signal, sys; from pathlib import Path\n"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "Path(sys.argv[1]).open('a').write('started\\n')\n"
    "while True: signal.pause()"
)


@pytest.fixture
def diary(tmp_path: Path) -> Path:
    return tmp_path / "diary"


@pytest.fixture
def child(diary: Path) -> Iterator[Child]:
    made = a_child(GOOD, diary)
    yield made
    stop_all([made])


def a_child(script: str, diary: Path) -> Child:
    command = [sys.executable, "-c", script, str(diary)]
    return Child("test", command, env=bare_environment(), cwd=ROOT)


def starts(diary: Path) -> int:
    return diary.read_text().count("started") if diary.exists() else 0


def process_of(child: Child) -> psutil.Process:
    assert child._process is not None
    return psutil.Process(child._process.pid)


def test_a_killed_child_is_started_again_and_said_so(
    child: Child, diary: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    child.start()
    eventually(lambda: starts(diary) == 1)

    process_of(child).kill()
    eventually(lambda: child.tend() or starts(diary) == 2)

    assert child.exit_code is None
    assert "The test process ended (killed by signal 9)" in capsys.readouterr().out


def test_a_living_child_is_left_alone(child: Child, diary: Path) -> None:
    child.start()
    eventually(lambda: starts(diary) == 1)
    pid = process_of(child).pid

    child.tend()

    assert process_of(child).pid == pid


def test_a_child_that_keeps_dying_is_started_less_and_less_often(
    diary: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    child = a_child("raise SystemExit(3)", diary)
    child.start()

    for _ in range(2):
        eventually(lambda: child.exit_code is not None)
        child.tend()
        eventually(lambda: child.tend() or child.exit_code is None)

    words = capsys.readouterr().out
    assert "ended (exit code 3); starting it again in 0.5 s" in words
    assert "ended (exit code 3); starting it again in 1 s" in words
    stop_all([child])


def test_giving_up_at_once_is_told_from_being_killed(child: Child, diary: Path) -> None:
    refusing = a_child("raise SystemExit(1)", diary)
    refusing.start()
    child.start()
    eventually(lambda: starts(diary) == 1)

    process_of(child).kill()
    eventually(lambda: refusing.exit_code is not None and child.exit_code is not None)

    assert refusing.failed_at_once
    assert not child.failed_at_once
    stop_all([refusing])


def test_a_child_that_will_not_stop_is_killed(
    diary: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Twenty seconds of patience are right for a city, and long for a test.
    monkeypatch.setattr(launch_children, "STOP_SECONDS", 0.2)
    child = a_child(STUBBORN, diary)
    child.start()
    eventually(lambda: starts(diary) == 1)

    stop_all([child])

    assert child.exit_code == -signal.SIGKILL
    assert "does not stop; killing it" in capsys.readouterr().out


def test_ctrl_c_in_the_terminal_does_not_reach_the_children(child: Child, diary: Path) -> None:
    child.start()
    eventually(lambda: starts(diary) == 1)

    assert os.getpgid(process_of(child).pid) != os.getpgid(0)


def test_a_child_stops_when_its_parent_is_killed(diary: Path) -> None:
    parent = (
        "import os, signal, sys; from pathlib import Path\n"
        "from app.launch.children import Child\n"
        "child = Child('test', [sys.executable, '-c', sys.argv[1], sys.argv[2]],"
        " env=os.environ, cwd=Path.cwd()); child.start()\n"
        "print(child._process.pid, flush=True); signal.pause()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", parent, GOOD, str(diary)],
        env=bare_environment(),
        cwd=ROOT,
        stdout=subprocess.PIPE,
    ) as started:
        assert started.stdout is not None
        orphan = psutil.Process(int(started.stdout.readline()))
        eventually(lambda: starts(diary) == 1)

        started.kill()

    eventually(lambda: not is_alive(orphan))


def is_alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
