"""Named places where a test may kill the process, to show that nothing acknowledged is lost.

`CRASH_AT=before_commit,after_commit` arms them; production refuses to start with it set.
"""

import os
import signal

_armed = frozenset(filter(None, os.environ.get("CRASH_AT", "").split(",")))


def crash_point(name: str) -> None:
    """Die here, as by `kill -9`, when the environment says so; otherwise nothing."""
    if name in _armed:
        os.kill(os.getpid(), signal.SIGKILL)
