"""`make run`, from the first line printed to the last. The names of the steps tell it all."""

import json
import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.launch.children import Child, stop_all
from app.launch.environment import ensure_packages, refuse_without_postgres
from app.launch.folder import exclusive, saved_secrets, writable
from app.launch.listening import asked_address, listening_socket
from app.launch.talk import Progress, Stop, Stopped, listen_for_stop, run_with_progress, say

if TYPE_CHECKING:
    from app.launch.database import Database

ROOT = Path(__file__).resolve().parents[2]
VAR = ROOT / "var"
CITY = "hue"
READY_SECONDS = 60.0
DATABASE_PAUSE = 5.0  # seconds between tries to bring a dead database back

#: What brings the database to where the web can be served. Each is harmless when repeated.
PREPARATIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Bringing the database up to date", ("db", "upgrade")),
    ("Loading the city", ("city", "load", CITY)),
    ("Making the demo sign-ins", ("demo-accounts",)),
    ("Loading the demo reports", ("city", "demo")),
)

#: Left behind by other work in the same terminal; they would change what is started here.
MISLEADING = ("FLASK_APP", "FLASK_DEBUG", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")


def main(arguments: Sequence[str]) -> int:
    """Do what was asked and answer the exit code. Whatever stops us is told in a sentence."""
    listen_for_stop()
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr] # no "ó" in this terminal?
    try:
        return _obey(list(arguments))
    except Stop as refusal:
        say(f"\n{refusal}")
        return 1
    except Stopped:
        say("\nStopped.")
        return 130


def _obey(arguments: list[str]) -> int:
    if arguments in ([], ["run"]):
        return run()
    if arguments in (["install"], ["install", "--dev"]):
        for_checks = "--dev" in arguments
        if for_checks:
            refuse_without_postgres(os.environ)
        writable(VAR)
        ensure_packages(ROOT, for_checks=for_checks)
        return 0
    say("python3 run.py [run | install [--dev]]")
    return 2


def run() -> int:
    """Everything, until somebody asks it to stop."""
    refuse_other_than_demo(os.environ)
    refuse_without_postgres(os.environ)
    host, port = asked_address(os.environ)
    with exclusive(writable(VAR) / "run.lock"), listening_socket(host, port) as sock:
        python = ensure_packages(ROOT)
        if Path(sys.prefix) != python.parents[1]:
            os.execv(python, [str(python), str(ROOT / "run.py"), "run"])  # noqa: S606
        from app.launch.database import running_database  # installed by now

        with running_database(ROOT, os.environ) as database:
            env = settings(database.url, host, port)
            prepare(python, env)
            with served(python, env, sock.fileno()) as children:
                wait_until_ready(children, base(host, port))
                say(welcome(env, VAR / "demo.json"))
                keep_running(database, children)
    return 0


def refuse_other_than_demo(environ: Mapping[str, str]) -> None:
    """A real city is not started from here: this loads invented reports and known sign-ins."""
    asked = environ.get("XOM_ENV", "demo")
    if asked != "demo":
        raise Stop(
            f"XOM_ENV={asked}, and `make run` is the demo: it would load invented reports. Unset "
            "XOM_ENV for the demo; deploy/README.md tells how a real city is started."
        )


def settings(database_url: str, host: str, port: int) -> dict[str, str]:
    """The environment of the house: what was given, what was made once, what the demo needs."""
    given = {name: value for name, value in os.environ.items() if name not in MISLEADING}
    defaults = {
        **saved_secrets(VAR / "secrets.json"),
        "XOM_BASE_URL": base(host, port),
        "XOM_LOG_JSON": "false",
    }
    fixed = {"XOM_ENV": "demo", "DATABASE_URL": database_url, "PYTHONUNBUFFERED": "1"}
    return {**defaults, **given, **fixed}


def base(host: str, port: int) -> str:
    """The web's address as this machine reaches it."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def prepare(python: Path, env: Mapping[str, str]) -> None:
    for title, words in PREPARATIONS:
        run_with_progress(
            title, [python, "-m", "flask", "--app", "wsgi", *words], env=env, cwd=ROOT
        )


@contextmanager
def served(python: Path, env: Mapping[str, str], descriptor: int) -> Iterator[list[Child]]:
    """The web and the worker, until the end of the block."""
    web: list[str | Path] = [python, "-m", "app.server", "--socket", str(descriptor)]
    worker: list[str | Path] = [python, "-m", "flask", "--app", "wsgi", "worker"]
    children = [
        Child("web", web, env=env, cwd=ROOT, pass_fds=[descriptor]),
        Child("worker", worker, env=env, cwd=ROOT),
    ]
    try:
        for child in children:
            child.start()
        yield children
    finally:
        say("\nStopping …")
        stop_all(children)


def wait_until_ready(children: Sequence[Child], address: str) -> None:
    until = time.monotonic() + READY_SECONDS
    with Progress("Starting web and worker"):
        while not answers(f"{address}/readyz"):
            for child in children:
                if child.failed_at_once:
                    raise Stop(f"The {child.name} process did not start; it said why above.")
            if time.monotonic() > until:
                raise Stop(
                    f"The web server runs, and {address}/readyz does not answer 200 after "
                    f"{READY_SECONDS:.0f} s. The lines above and var/postgres/postgres.log may say "
                    "why; then run this again."
                )
            time.sleep(0.1)


def answers(url: str) -> bool:
    """Whether a GET answers 200, asked directly whatever proxy the environment names."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def welcome(env: Mapping[str, str], sign_ins: Path) -> str:
    """The addresses and sign-ins, as lines to print."""
    address = env["XOM_BASE_URL"]
    demo: dict[str, Any] = json.loads(sign_ins.read_text())
    shown = [
        f"    {row['email']:<28} {row['role']:<11} {row['office']}" for row in demo["accounts"]
    ]
    more = f"    … and {len(shown) - 6} more in {sign_ins.relative_to(ROOT)}" if shown[6:] else ""
    lines = [
        "",
        f"Xóm runs: {address}",
        f"    {address}/api/docs    the API, to browse and to try",
        f"    {address}/healthz     is it well?",
        "",
        f"Demo sign-ins, all with the password {demo['password']}",
        *shown[:6],
        more,
        "",
        "Ctrl-C stops everything; the data stays in var/.",
    ]
    return "\n".join(lines)


def keep_running(database: "Database", children: Sequence[Child]) -> None:
    """Start again whatever dies: the database first, since the others lean on it."""
    try_at = 0.0
    while True:
        time.sleep(0.2)
        if not database.is_alive() and time.monotonic() >= try_at:
            say("PostgreSQL ended; starting it again.")
            try_at = time.monotonic() + DATABASE_PAUSE
            database.restart()
        for child in children:
            child.tend()
