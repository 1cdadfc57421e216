"""Debian's own PostgreSQL 15, the oldest that the house promises to run on, started for a test."""

import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from flask import Flask

from app.embedded.ordinary_user import OrdinaryUser, ordinary_user
from app.embedded.server import THROW_AWAY, _temporary_home, free_port
from tests.conftest import needs

BIN = Path("/usr/lib/postgresql/15/bin")
START_SECONDS = 30


@contextmanager
def debian_server() -> Iterator[str]:
    """A server of Debian's binaries to throw away; its URL without a database's name."""
    needs((BIN / "initdb").is_file(), "Debian's PostgreSQL 15 (apt install postgresql-15)")
    home = _temporary_home()
    user = ordinary_user(home / "data")
    user.give(home)
    port = free_port()
    try:
        _make(home / "data", user)
        server = _start(home / "data", user, port)
        try:
            url = f"postgresql://xom@127.0.0.1:{port}"
            _wait(server, url)
            yield url
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(START_SECONDS)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _make(data: Path, user: OrdinaryUser) -> None:
    """In UTF-8 and sorted by bytes, as the embedded one is."""
    subprocess.run(
        [BIN / "initdb", "-D", data, "-U", "xom", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"],
        cwd=data.parent, check=True, capture_output=True, **user.as_arguments(),
    )  # fmt: skip


def _start(data: Path, user: OrdinaryUser, port: int) -> "subprocess.Popen[bytes]":
    settings = [*THROW_AWAY, "listen_addresses=127.0.0.1", f"port={port}",
                "unix_socket_directories="]  # fmt: skip
    options = [word for setting in settings for word in ("-c", setting)]
    with (data / "log").open("wb") as log:
        return subprocess.Popen(
            [BIN / "postgres", "-D", data, *options],
            cwd=data, stdout=log, stderr=log, **user.as_arguments(),
        )  # fmt: skip


def _wait(server: "subprocess.Popen[bytes]", url: str) -> None:
    until = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < until:
        try:
            psycopg.connect(f"{url}/postgres").close()
            return
        except psycopg.OperationalError:
            time.sleep(0.02)
    raise AssertionError("Debian's PostgreSQL did not start")


def url_of(app: Flask) -> str:
    """The app's database, for a connection beside it."""
    url: str = app.extensions["xom.config"].database_url
    return url.replace("postgresql+psycopg://", "postgresql://")
