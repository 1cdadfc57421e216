"""`make run`, from the first line printed to the last. The names of the steps tell it all."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.launch.children import Child, stop_all
from app.launch.environment import ensure_packages, refuse_without_postgres
from app.launch.folder import exclusive, writable
from app.launch.listening import asked_address, listening_socket
from app.launch.settings import base, running_database_url, settings
from app.launch.talk import (
    Command,
    Progress,
    Stop,
    Stopped,
    listen_for_stop,
    run_with_progress,
    say,
)

if TYPE_CHECKING:
    from app.launch.database import Database

ROOT = Path(__file__).resolve().parents[2]
VAR = ROOT / "var"
CITY = "hue"
READY_SECONDS = 60.0
DATABASE_PAUSE = 5.0  # seconds between tries to bring a dead database back

#: What brings the database to where the web can be served. Each is harmless when repeated.
PREPARATIONS = (
    "db upgrade",
    f"city load {CITY} --if-empty",  # real boundaries that were imported stay
    "demo-accounts",
)
DEMO_REPORTS = "city demo --unless-removed"
#: Else the leaders' first page waits for the worker's first minute, the residents' for an hour.
FIGURES = ("figures keep", "figures publish")


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
    match arguments:
        case [] | ["run"]:
            install_and_run()
        case ["run", "--installed"]:
            run()
        case ["install"]:
            build_pages(ensure_packages(writable(VAR).parent))
        case ["install", "--dev"]:
            refuse_without_postgres(os.environ)
            build_pages(ensure_packages(writable(VAR).parent, for_checks=True))
        case ["flask", *words]:
            ask_flask(words)
        case _:
            say("python3 run.py [run | install [--dev] | flask COMMAND]")
            return 2
    return 0


def install_and_run() -> None:
    """Say at once what would stop us, install, and go on in the environment's Python."""
    refuse_other_than_demo(os.environ)
    refuse_without_postgres(os.environ)
    with exclusive(writable(VAR) / "run.lock"), listening_socket(*asked_address(os.environ)):
        python = ensure_packages(ROOT)
        os.execv(python, [str(python), str(ROOT / "run.py"), "run", "--installed"])  # noqa: S606


def run() -> None:
    """Everything, until somebody asks it to stop. The packages are there."""
    from app.launch.database import running_database  # here: it needs psycopg and psutil

    refuse_other_than_demo(os.environ)
    python = Path(sys.executable)
    host, port = asked_address(os.environ)
    with (
        exclusive(writable(VAR) / "run.lock"),
        listening_socket(host, port) as sock,
        running_database(ROOT, os.environ) as database,
    ):
        env = settings(VAR, database.url, base(host, port))
        build_pages(python)
        prepare(python, env)
        with served(python, env, sock.fileno()) as children:
            wait_until_ready(database, children, base(host, port))
            say(welcome(env["XOM_BASE_URL"], VAR / "demo.json"))
            with suppress(Stopped):  # the way it is meant to end
                keep_running(database, children)
    say("Stopped.")


def ask_flask(words: Sequence[str]) -> None:
    """One `flask` command on the demo that runs, with its settings; does not come back."""
    python = ensure_packages(writable(VAR).parent)
    env = settings(VAR, running_database_url(VAR, os.environ), base(*asked_address(os.environ)))
    command = [str(python), "-m", "flask", "--app", str(ROOT / "wsgi.py"), *words]
    os.execve(python, command, env)  # noqa: S606 - the words are our own user's


def refuse_other_than_demo(environ: Mapping[str, str]) -> None:
    """A real city is not started from here: this loads invented reports and known sign-ins."""
    asked = environ.get("XOM_ENV", "demo")
    if asked != "demo":
        raise Stop(
            f"XOM_ENV={asked}, and `make run` is the demo: it would load invented reports. Unset "
            "XOM_ENV for the demo; deploy/README.md tells how a real city is started."
        )


def build_pages(python: Path) -> None:
    """The pages, when they are not built from these sources yet. The API runs without them."""
    command: Command = [python, "-m", "web.build"]
    if subprocess.run([*command, "--check"], cwd=ROOT).returncode == 0:
        return
    try:
        run_with_progress("Building the pages", command, cwd=ROOT)
    except Stop as refusal:
        left = (ROOT / "web" / "built" / "manifest.json").exists()
        without = "Those of an earlier build are served" if left else "The API runs without them"
        say(f"{refusal}\nThe pages could not be built. {without}; later: make pages")


def prepare(python: Path, env: Mapping[str, str]) -> None:
    """Migrations, the city, its people and reports: several `flask` commands in one process."""
    wanted = env.get("XOM_DEMO_REPORTS", "yes") != "no"
    commands = (*PREPARATIONS, *([DEMO_REPORTS] if wanted else []), *FIGURES)
    command: Command = [python, "-m", "app.launch.commands", *commands]
    run_with_progress("Preparing the database and the demo city", command, env=env, cwd=ROOT)


@contextmanager
def served(python: Path, env: Mapping[str, str], descriptor: int) -> Iterator[list[Child]]:
    """The web and the worker, until the end of the block."""
    counting = {"PROMETHEUS_MULTIPROC_DIR": str(VAR / "metrics")}
    web: list[str | Path] = [python, "-m", "app.server", "--socket", str(descriptor)]
    worker: list[str | Path] = [python, "-m", "flask", "--app", "wsgi", "worker"]
    children = [
        Child("web", web, env={**env, **counting}, cwd=ROOT, pass_fds=[descriptor]),
        Child("worker", worker, env=env, cwd=ROOT),
    ]
    try:
        for child in children:
            child.start()
        yield children
    finally:
        say("\nStopping …")
        stop_all(children)


def wait_until_ready(database: "Database", children: Sequence[Child], address: str) -> None:
    until = time.monotonic() + READY_SECONDS
    with Progress("Starting web and worker"):
        while not (answers(f"{address}/readyz") and database.has_new_worker()):
            for child in children:
                if child.failed_at_once:
                    raise Stop(f"The {child.name} process did not start; it said why above.")
            if time.monotonic() > until:
                raise Stop(
                    f"Web and worker were started, and are not ready after {READY_SECONDS:.0f} s. "
                    f"The lines above, {address}/readyz and var/postgres/postgres.log may say why; "
                    "then run this again."
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


def welcome(address: str, sign_ins: Path) -> str:
    """The addresses and sign-ins, as lines to print."""
    demo: dict[str, Any] = json.loads(sign_ins.read_text())
    shown = [
        f"    {row['email']:<28} {row['role']:<11} {row['office']}" for row in demo["accounts"]
    ]
    more = f"    … and {len(shown) - 6} more in {sign_ins.relative_to(ROOT)}" if shown[6:] else ""
    lines = [
        "",
        f"Xóm runs: {address}",
        f"    {address}/            what residents see; a code to sign in with appears here",
        f"    {address}/console     what officials work in: the sign-ins are below",
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
    on_a_terminal = sys.stdout.isatty()
    while True:
        time.sleep(0.2)
        if on_a_terminal and not os.isatty(sys.stdout.fileno()):
            raise Stopped  # it was closed; `make` may have kept the signal to itself
        if not database.is_alive() and time.monotonic() >= try_at:
            say("PostgreSQL ended; starting it again.")
            try_at = time.monotonic() + DATABASE_PAUSE
            database.restart()
        for child in children:
            child.tend()
