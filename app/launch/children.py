"""Processes that are started again when they die, and that do not outlive their parent.

Each child gets the reading end of a pipe, its lifeline: when the parent is gone, however it went,
the pipe closes and the child stops by itself.
"""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO

from app.launch.talk import say

LIFELINE = "XOM_LIFELINE"
FIRST_PAUSE = 0.5  # seconds before a dead child is started again; doubled while it keeps dying
LONGEST_PAUSE = 30.0
SETTLED = 60.0  # having lived so long, a child's next death is a new story
STOP_SECONDS = 20.0


class Child:
    """One process of ours, with a name for people."""

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        env: Mapping[str, str],
        cwd: Path,
        pass_fds: Sequence[int] = (),
        output: IO[bytes] | None = None,
    ) -> None:
        self.name = name
        self._command = [str(part) for part in command]
        self._env = dict(env)
        self._cwd = cwd
        self._pass_fds = tuple(pass_fds)
        self._output = output  # a file for what it says; None: where the parent says things
        self._process: subprocess.Popen[bytes] | None = None
        self._lifeline: int | None = None
        self._started_at = 0.0
        self._again_at: float | None = None
        self._pause = FIRST_PAUSE

    def start(self) -> None:
        reading, writing = os.pipe()
        self._process = subprocess.Popen(
            self._command,
            env={**self._env, LIFELINE: str(reading)},
            cwd=self._cwd,
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=self._output,
            pass_fds=(*self._pass_fds, reading),
            process_group=0,  # Ctrl-C is for the parent, which stops its children in order
        )
        os.close(reading)
        self._cut_lifeline()
        self._lifeline = writing
        self._started_at = time.monotonic()
        self._again_at = None

    @property
    def exit_code(self) -> int | None:
        """None while it runs; negative when a signal ended it."""
        return None if self._process is None else self._process.poll()

    @property
    def failed_at_once(self) -> bool:
        """Whether it gave up by itself as soon as it was started: a setting, not an accident."""
        code = self.exit_code
        return code is not None and code > 0 and time.monotonic() - self._started_at < 10

    def tend(self) -> None:
        """Start it again if it is dead and has been so for its pause. Call this now and then."""
        if self.exit_code is None:
            return
        now = time.monotonic()
        if self._again_at is None:
            if now - self._started_at > SETTLED:
                self._pause = FIRST_PAUSE
            self._again_at = now + self._pause
            say(
                f"The {self.name} process ended ({self._how()}); "
                f"starting it again in {self._pause:g} s."
            )
            self._pause = min(self._pause * 2, LONGEST_PAUSE)
        elif now >= self._again_at:
            self.start()

    def ask_to_stop(self) -> None:
        self._signal(signal.SIGTERM)

    def see_off(self, until: float) -> None:
        """Wait for its end until that moment (monotonic), then kill it and all that it started."""
        if self._process is not None:
            try:
                self._process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                say(f"The {self.name} process does not stop; killing it.")
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()
        self._cut_lifeline()

    def _signal(self, number: int) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)

    def _cut_lifeline(self) -> None:
        if self._lifeline is not None:
            os.close(self._lifeline)
            self._lifeline = None

    def _how(self) -> str:
        code = self.exit_code or 0
        return f"killed by signal {-code}" if code < 0 else f"exit code {code}"


def stop_all(children: Iterable[Child]) -> None:
    """Ask all at once, then wait for each."""
    asked = list(children)
    for child in asked:
        child.ask_to_stop()
    until = time.monotonic() + STOP_SECONDS
    for child in asked:
        child.see_off(until)


def hold_lifeline() -> None:
    """In a child: stop (SIGTERM to itself, then by force) when the parent is gone."""
    text = os.environ.pop(LIFELINE, "")
    if not text:
        return
    descriptor = int(text)
    os.set_inheritable(descriptor, False)

    def hold() -> None:
        os.read(descriptor, 1)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(STOP_SECONDS)
        os._exit(1)

    threading.Thread(target=hold, name="lifeline", daemon=True).start()
