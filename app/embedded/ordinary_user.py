"""Who the database runs as: PostgreSQL refuses root, so root drops to an ordinary user first.

What that user may enter is asked of the kernel, by a process that runs as that user: mode bits
alone say nothing about mounts and access lists.
"""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.embedded.errors import CannotRun

#: Tried in this order; the first that has an entry and can be become is taken.
PREFERRED = ("postgres", "nobody", "daemon")
FIRST_PERSON = 500  # where the ids of people begin: 1000 on Linux, 501 on macOS


@dataclass(frozen=True)
class OrdinaryUser:
    """An account without privileges, and how to start a process as it."""

    name: str
    uid: int
    gid: int

    @property
    def is_me(self) -> bool:
        return os.geteuid() == self.uid

    def as_arguments(self) -> dict[str, Any]:
        """What `subprocess` needs to start a process as this user."""
        if self.is_me:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def give(self, path: Path) -> None:
        """Make this user the owner of `path`."""
        if not self.is_me:
            os.chown(path, self.uid, self.gid)

    def can_use(self, folder: Path) -> bool:
        """Whether this user can enter `folder` and make files there."""
        script = 'cd "$1" && : > .probe.$$ && rm .probe.$$'
        asked = ["/bin/sh", "-c", script, "sh", str(folder)]
        return self._succeeds(asked)

    def can_be_become(self) -> bool:
        return self._succeeds(["/bin/sh", "-c", ":"])

    def _succeeds(self, command: list[str]) -> bool:
        try:
            done = subprocess.run(command, cwd="/", capture_output=True, **self.as_arguments())
        except (OSError, ValueError, subprocess.SubprocessError):
            return False
        return done.returncode == 0


def ordinary_user(owner_of: Path) -> OrdinaryUser:
    """Who runs the database whose data is (or will be) in `owner_of`. Raises CannotRun."""
    if os.geteuid() != 0:
        return _myself()
    if owner_of.exists() and (uid := owner_of.stat().st_uid) != 0:
        return _known(uid)
    for entry in _candidates():
        user = OrdinaryUser(entry.pw_name, entry.pw_uid, entry.pw_gid)
        if user.can_be_become():
            return user
    raise CannotRun(
        "PostgreSQL refuses to run as root, and this system has no other user to run it as. "
        "Add one (useradd --system postgres), or set DATABASE_URL to a PostgreSQL elsewhere."
    )


def _myself() -> OrdinaryUser:
    try:
        name = pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        raise CannotRun(
            f"The user id {os.geteuid()} has no entry in /etc/passwd, and PostgreSQL refuses such "
            "a user. Run as one that has an entry (or as root), or set DATABASE_URL."
        ) from None
    return OrdinaryUser(name, os.geteuid(), os.getegid())


def _known(uid: int) -> OrdinaryUser:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise CannotRun(
            f"The database's folder belongs to user id {uid}, which this system does not know. "
            "Give it to a known one: chown -R postgres var/postgres/data"
        ) from None
    return OrdinaryUser(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _candidates() -> list[pwd.struct_passwd]:
    """Whoever called sudo, then the accounts made for such work, then any person."""
    everybody = {entry.pw_name: entry for entry in pwd.getpwall() if entry.pw_uid != 0}
    caller = os.environ.get("SUDO_USER", "")
    people = [name for name, entry in everybody.items() if entry.pw_uid >= FIRST_PERSON]
    names = dict.fromkeys((caller, *PREFERRED, *people, *everybody))
    return [everybody[name] for name in names if name in everybody]
