"""One PostgreSQL server of our own: made, started, found dead and started again, stopped.

It listens on 127.0.0.1 alone, on a port that is kept, behind a generated password. A watchman
process stops it when whoever started it is killed.
"""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg

from app.embedded.binaries import Binaries, unpacked
from app.embedded.errors import CannotRun
from app.embedded.leftovers import dismiss, end_leftovers, watch
from app.embedded.ordinary_user import OrdinaryUser, ordinary_user

USER = "xom"
START_SECONDS = 120.0  # recovery after a crash included
STOP_SECONDS = 30.0
LOG_BYTES = 10_000_000

#: On every start. The address and the port come on top.
SETTINGS = (
    "unix_socket_directories=",  # a path over 107 bytes would stop the server
    "jit=off",  # it costs more than it saves on short queries
    "shared_preload_libraries=",
    "timezone=UTC",
    "log_timezone=UTC",
    "password_encryption=scram-sha-256",
)

#: For servers that are thrown away: nothing needs to outlive the machine's power.
THROW_AWAY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")


class EmbeddedServer:
    """The server whose programs, data, log and port live in `home`."""

    def __init__(
        self, home: Path, *, settings: Sequence[str] = (), throw_away: bool = False
    ) -> None:
        self.home = home
        self._throw_away = throw_away  # nothing is left of it when we are killed
        self.data = home / "data"
        self.log = home / "postgres.log"
        self._settings = (*SETTINGS, *settings, *(THROW_AWAY if throw_away else ()))
        self._saved = home / "server.json"
        self._process: subprocess.Popen[bytes] | None = None
        self._watchman: subprocess.Popen[bytes] | None = None
        home.mkdir(parents=True, exist_ok=True)
        home.chmod(0o755)  # the database's user must pass through; what it may not read is 0600
        self.user: OrdinaryUser = ordinary_user(self.data)
        self.binaries: Binaries = unpacked(home, self.user, major=self._written_by())
        self.port, self._password = self._remembered()

    @property
    def url(self) -> str:
        """The server's address, without a database's name."""
        return f"postgresql://{USER}:{self._password}@127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, on whatever the last run left behind. Raises CannotRun with a sentence."""
        self._dismiss_watchman()
        end_leftovers(self.data)
        if not self.data.exists():
            self._make_data()
        self._refuse_other_version()
        self._keep_port_free()
        self._process = self._launch()
        self._watchman = watch(
            self._process.pid, then_remove=self.home if self._throw_away else None
        )
        self._wait_until_it_answers()

    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """Stop it cleanly: sessions are cut, nothing committed is lost."""
        self._dismiss_watchman()
        if self._process is None:
            return
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            if self._process.poll() is None:
                self._process.send_signal(number)
                try:
                    self._process.wait(STOP_SECONDS)
                except subprocess.TimeoutExpired:
                    continue
        self._process = None

    def make_database(self, name: str) -> str:
        """Its URL; made unless it is there."""
        with psycopg.connect(f"{self.url}/postgres", autocommit=True) as admin:
            known = admin.execute("select 1 from pg_database where datname = %s", [name])
            if known.fetchone() is None:
                admin.execute(f'create database "{name}"')
        return f"{self.url}/{name}"

    def _dismiss_watchman(self) -> None:
        if self._watchman is not None:
            dismiss(self._watchman)
            self._watchman = None

    def _remembered(self) -> tuple[int, str]:
        """Port and password, made once: a new port would cut off whoever still knows the old."""
        try:
            saved = json.loads(self._saved.read_text())
            return int(saved["port"]), str(saved["password"])
        except FileNotFoundError:
            fresh = free_port(), secrets.token_urlsafe(24)
            self._remember(*fresh)
            return fresh
        except (OSError, ValueError, KeyError) as error:
            raise CannotRun(
                f"{self._saved} cannot be read ({error}). It holds the database's password: run "
                "as the user who owns it, or bring it back from a backup."
            ) from None

    def _remember(self, port: int, password: str) -> None:
        fresh = self._saved.with_suffix(".new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump({"port": port, "password": password}, file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._saved)

    def _make_data(self) -> None:
        """initdb, aside and then renamed: half-made data must not look like data."""
        aside = self.home / "data.new"
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(mode=0o700)
        self.user.give(aside)
        password = self.home / "password.new"
        descriptor = os.open(password, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(self._password)
        self.user.give(password)
        try:
            self._run_initdb(aside, password)
        finally:
            password.unlink(missing_ok=True)
        aside.rename(self.data)

    def _run_initdb(self, folder: Path, password: Path) -> None:
        told = subprocess.run(
            [
                self.binaries.program("initdb"),
                *("-D", str(folder), "-U", USER, f"--pwfile={password}", "--no-instructions"),
                *("-E", "UTF8", "--locale=C", "--auth=scram-sha-256"),
                *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            ],
            env=self.binaries.environment(),
            cwd=self.home,
            capture_output=True,
            text=True,
            check=False,
            **self.user.as_arguments(),
        )
        if told.returncode != 0:
            words = (told.stderr.strip() or told.stdout.strip())[-400:]
            raise CannotRun(
                f"PostgreSQL could not make its data folder in {self.home}: {words}. Make room "
                "there if the disk is full, or set DATABASE_URL to a PostgreSQL elsewhere."
            )

    def _refuse_other_version(self) -> None:
        written_by = self._written_by()
        if not written_by:
            raise CannotRun(
                f"{self.data} is not a PostgreSQL data folder that can be read. Bring it back from "
                "a backup; or, if there is nothing to keep, remove it."
            )
        if written_by != self.binaries.major:
            raise CannotRun(
                f"{self.data} was written by PostgreSQL {written_by}, and the programs here are "
                f"version {self.binaries.major}. Dump it with the older checkout (pg_dump) and "
                "load it into a new one; see docs/operating.md."
            )

    def _written_by(self) -> str:
        """The major version that made the data; empty when there is none to read."""
        try:
            return (self.data / "PG_VERSION").read_text().strip()
        except OSError:
            return ""

    def _keep_port_free(self) -> None:
        """The port of last time, unless another program has taken it meanwhile."""
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", self.port))
            except OSError:
                self.port = free_port()
                self._remember(self.port, self._password)

    def _launch(self) -> "subprocess.Popen[bytes]":
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        settings = (*self._settings, "listen_addresses=127.0.0.1", f"port={self.port}")
        options = [word for setting in settings for word in ("-c", setting)]
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [self.binaries.program("postgres"), "-D", str(self.data), *options],
                env=self.binaries.environment(),
                cwd=self.home,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                process_group=0,  # Ctrl-C reaches the whole group: it is not for the database
                **self.user.as_arguments(),
            )

    def _wait_until_it_answers(self) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if not self.is_alive():
                break
            try:
                psycopg.connect(f"{self.url}/postgres", connect_timeout=5).close()
                return
            except psycopg.OperationalError as error:
                if "authentication failed" in str(error):
                    raise CannotRun(self._lost_password()) from None
                time.sleep(0.02)
        raise CannotRun(
            f"PostgreSQL did not start on {self.data}. The last lines of {self.log}:\n"
            + "\n".join(self.log.read_text(errors="replace").splitlines()[-8:])
        )

    def _lost_password(self) -> str:
        return (
            f"{self._saved} does not hold the password of the database in {self.data}. Bring that "
            "file back from a backup; or, if there is nothing to keep, remove the whole folder."
        )


def free_port() -> int:
    """A port of 127.0.0.1 that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def embedded_server() -> Iterator[str]:
    """A fast server to throw away; yields its URL, without a database's name."""
    home = _temporary_home()
    try:
        server = EmbeddedServer(home, throw_away=True)
        try:
            server.start()
            yield server.url
        finally:
            server.stop()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _temporary_home() -> Path:
    """A new folder that the database's user can enter."""
    for parent in (tempfile.gettempdir(), "/tmp", "/var/tmp"):  # noqa: S108
        home = Path(tempfile.mkdtemp(prefix="xom-postgres-", dir=parent))
        home.chmod(0o755)
        user = ordinary_user(home / "data")
        inside = home / "probe"
        inside.mkdir()
        user.give(inside)
        if user.can_use(inside):
            inside.rmdir()
            return home
        shutil.rmtree(home)
    raise CannotRun(f"No temporary folder can be used by {user.name}. Set TMPDIR to one that can.")
