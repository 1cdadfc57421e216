"""Processes that an earlier run left behind on a data folder, and how they are ended.

They are known by the folder they work in: the number in postmaster.pid may be another program's by
now, and a zombie under a PID 1 that does not reap looks alive to whoever only asks for the number.
"""

import contextlib
import signal
import subprocess
import time
from pathlib import Path

import psutil

PATIENCE = 3.0  # seconds, before what was asked to end is killed

#: Waits for the end of its input. Then $1 is stopped; and $2, if given, is a folder to remove after
#: that. A process that nobody reaps still answers to its number: so the waiting has an end.
WATCHMAN = """
read -r _
kill -INT "$1"
[ -n "$2" ] || exit 0
for _ in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$1" && sleep 0.5; done
rm -rf "$2"
"""


def end_leftovers(data: Path) -> None:
    """End every PostgreSQL process on `data`, then remove its claim to the folder."""
    for number in (signal.SIGINT, signal.SIGKILL):
        for process in running_in(data):
            with contextlib.suppress(psutil.Error):
                process.send_signal(number)
        _wait_until_none(data)
    if not running_in(data):
        (data / "postmaster.pid").unlink(missing_ok=True)


def running_in(folder: Path) -> list[psutil.Process]:
    """The living PostgreSQL processes that work in `folder`."""
    real = folder.resolve()
    return [process for process in psutil.process_iter() if _works_in(process, real)]


def watch(pid: int, *, then_remove: Path | None = None) -> "subprocess.Popen[bytes]":
    """A process that waits for our end (its pipe closes, however we end), then stops `pid`."""
    return subprocess.Popen(
        ["/bin/sh", "-c", WATCHMAN, "watchman", str(pid), str(then_remove or "")],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        process_group=0,
    )


def dismiss(watchman: "subprocess.Popen[bytes]") -> None:
    """End the watchman without a word to the one it watches."""
    watchman.kill()
    watchman.communicate()


def _works_in(process: psutil.Process, folder: Path) -> bool:
    try:
        return (
            process.name() == "postgres"
            and process.status() != psutil.STATUS_ZOMBIE
            and Path(process.cwd()) == folder
        )
    except (psutil.Error, OSError):
        return False  # gone meanwhile, or not ours to see


def _wait_until_none(folder: Path) -> None:
    until = time.monotonic() + PATIENCE
    while running_in(folder) and time.monotonic() < until:
        time.sleep(0.02)
