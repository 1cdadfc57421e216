"""What the launcher says: sentences, and the progress of whatever takes its time."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

KEPT_LINES = 20
NEWS_EVERY = 10.0  # seconds, where the output is a file and cannot be redrawn


class Stop(Exception):
    """The house cannot be started. The message is a sentence that names the way out."""


class Stopped(BaseException):
    """Somebody asked us to end: Ctrl-C, SIGTERM, or a terminal that was closed."""


Command = Sequence[str | Path]


def say(sentence: str = "") -> None:
    """Print it, if anybody is still there: a closed terminal must not keep us from cleaning up."""
    with suppress(OSError):
        print(sentence, flush=True)


def listen_for_stop() -> None:
    """From here on a signal to stop is raised as Stopped, once: what closes then is left alone."""
    asked = False

    def stop(number: int, frame: object) -> None:
        nonlocal asked
        if not asked:
            asked = True
            raise Stopped

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup: meant to outlive it
        signal.signal(signal.SIGHUP, stop)


class Progress:
    """One step's line: redrawn each second on a terminal, repeated now and then in a log."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.detail = ""
        self._began = time.monotonic()
        self._over = threading.Event()
        self._redraws = sys.stdout.isatty()
        self._thread = threading.Thread(target=self._tick, daemon=True)

    def __enter__(self) -> "Progress":
        if not self._redraws:
            say(f"{self.title} …")
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._over.set()
        self._thread.join()
        outcome = "done" if kind is None else "not done"
        if self._redraws:
            say(f"\r\033[K{self.title} … {outcome} ({self.seconds:.1f} s)")
        elif self.seconds > 2 or kind is not None:
            say(f"  {outcome} ({self.seconds:.1f} s)")

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began

    def _tick(self) -> None:
        while not self._over.wait(0.5 if self._redraws else NEWS_EVERY):
            news = f"{self.seconds:.0f} s  {self.detail}"
            if self._redraws:
                with suppress(OSError):
                    print(f"\r\033[K{self.title} … {news}"[:110], end="", flush=True)
            else:
                say(f"  still at it, {news}")


def run_with_progress(
    title: str,
    command: Command,
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> None:
    """Run `command` behind one line of progress; its last words are shown only when it fails."""
    words: deque[str] = deque(maxlen=KEPT_LINES)
    with Progress(title) as progress, _output_of(command, env, cwd) as process:
        for line in process.stdout or ():
            words.append(line.rstrip())
            progress.detail = words[-1].strip()[:60]
        code = process.wait()
        if code != 0:
            told = "\n".join(f"    {line}" for line in words)
            raise Stop(f"{title}: this failed (exit code {code}). Its last words:\n{told}")


@contextmanager
def _output_of(
    command: Command, env: Mapping[str, str] | None, cwd: Path | None
) -> Iterator["subprocess.Popen[str]"]:
    """The running command, its two outputs as one; it does not outlive this block."""
    process = subprocess.Popen(
        [str(part) for part in command],
        env=dict(os.environ if env is None else env),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            with_patience(process, 5)
        if process.stdout:
            process.stdout.close()


def with_patience(process: "subprocess.Popen[str]", seconds: float) -> None:
    """Wait for a process that was asked to end; then end it."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
