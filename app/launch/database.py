"""The PostgreSQL that `make run` works on: the one of DATABASE_URL, or the embedded one."""

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from app.embedded import EmbeddedServer
from app.embedded.errors import CannotRun
from app.embedded.ordinary_user import OrdinaryUser, ordinary_user
from app.launch.talk import Progress, Stop, say

OLDEST = 150_000  # PostgreSQL 15, as server_version_num says it
ELSEWHERE = Path("/var/lib/xom")


@dataclass(frozen=True)
class Database:
    """Its address, and how to bring it back when it dies (nothing to do for somebody else's)."""

    url: str
    started_at: float  # when it was handed to us, by its own clock
    is_alive: Callable[[], bool] = lambda: True
    start: Callable[[], None] = lambda: None

    def has_new_worker(self) -> bool:
        """Whether a worker has come to the queue since this database was handed to us."""
        beats = "select 1 from procrastinate_workers where last_heartbeat > to_timestamp(%s)"
        try:
            with psycopg.connect(_plain(self.url), connect_timeout=5) as connection:
                return connection.execute(beats, [self.started_at]).fetchone() is not None
        except psycopg.Error:
            return False

    def restart(self) -> None:
        """Try to bring it back; what keeps it from starting is said, and may pass."""
        try:
            self.start()
        except CannotRun as refusal:
            say(str(refusal))


@contextmanager
def running_database(root: Path, environ: Mapping[str, str]) -> Iterator[Database]:
    """A database that answers, for as long as the block lasts. Raises Stop with a sentence."""
    given = environ.get("DATABASE_URL")
    if given:
        refuse_unfit(given)
        refuse_real_city(given)
        yield Database(given, _clock_of(given))
        return
    try:
        with Progress("Starting PostgreSQL"):
            home = reachable_home(root / "var" / "postgres", root)
            server = EmbeddedServer(home, settings=(f"max_connections={_connections()}",))
            try:
                server.start()
                url = server.make_database("xom")
            except BaseException:
                server.stop()
                raise
    except CannotRun as refusal:
        raise Stop(str(refusal)) from None
    try:
        yield Database(url, _clock_of(url), server.is_alive, server.start)
    finally:
        server.stop()


def refuse_unfit(url: str) -> None:
    """Raise Stop unless the server answers, is new enough, and lets us in."""
    try:
        with psycopg.connect(_plain(url), connect_timeout=10) as connection:
            version = connection.info.server_version
    except (psycopg.Error, ValueError) as error:
        words = " ".join(str(error).split())[-300:]
        raise Stop(
            f"The PostgreSQL of DATABASE_URL does not answer: {words}. Start it or correct the "
            "address; or unset DATABASE_URL, and Xóm runs a PostgreSQL of its own."
        ) from None
    if version < OLDEST:
        raise Stop(
            f"The PostgreSQL of DATABASE_URL is version {version // 10_000}, and Xóm needs 15 or "
            "newer. Upgrade it; or unset DATABASE_URL, and Xóm runs a PostgreSQL of its own."
        )


def refuse_real_city(url: str) -> None:
    """Raise Stop where real officials sign in: invented reports are not for them."""
    officials = "select coalesce(bool_or(email like '%.demo'), true) from account where email <> ''"
    with psycopg.connect(_plain(url), connect_timeout=10) as connection:
        table = connection.execute("select to_regclass('account')").fetchone()
        if table is None or table[0] is None:
            return
        answer = connection.execute(officials).fetchone()
    if answer is not None and answer[0] is False:
        raise Stop(
            "The database of DATABASE_URL holds officials of a real city, and `make run` would "
            "load invented reports into it. Use another database; deploy/README.md tells how a "
            "real city is started."
        )


def _clock_of(url: str) -> float:
    with psycopg.connect(_plain(url), connect_timeout=10) as connection:
        row = connection.execute("select extract(epoch from now())::float8").fetchone()
    return float(row[0]) if row else 0.0


def reachable_home(home: Path, root: Path) -> Path:
    """The folder behind `home`: itself, or one that the database's user can reach, linked there."""
    real = home.resolve()  # a link inside the checkout is of no use to who cannot enter it
    user = ordinary_user(real / "data")
    real.mkdir(parents=True, exist_ok=True)
    real.chmod(0o755)
    if _serves(real, user):
        return real
    if home.is_symlink() or (real / "data").exists():
        raise CannotRun(
            f"The database's user ({user.name}) can no longer enter {real}, where the data is. "
            "Open the way (chmod o+x on each folder above it), then run this again."
        )
    other = ELSEWHERE / hashlib.sha256(os.fsencode(root.resolve())).hexdigest()[:12]
    _make_elsewhere(other)
    if not _serves(other, user):
        raise CannotRun(
            f"The database's user ({user.name}) can enter neither {home} nor {other}. Move the "
            "checkout to an open folder such as /srv/xom, or set DATABASE_URL."
        )
    home.rmdir()
    home.symlink_to(other)
    say(
        f"The database's user ({user.name}) cannot enter {root}, so the data is kept in {other}; "
        "var/postgres points there."
    )
    return other


def _serves(home: Path, user: OrdinaryUser) -> bool:
    """Whether the user can work in a folder of its own inside `home`."""
    inside = home / "probe"
    inside.mkdir(exist_ok=True)
    try:
        user.give(inside)
        return user.can_use(inside)
    finally:
        inside.rmdir()


def _make_elsewhere(other: Path) -> None:
    try:
        other.mkdir(parents=True, exist_ok=True)
        for folder in (ELSEWHERE, other):
            folder.chmod(0o755)
    except OSError as error:
        raise CannotRun(
            f"The database's user cannot enter this checkout, and {other} cannot be made "
            f"({error.strerror}). Move the checkout to an open folder such as /srv/xom, or set "
            "DATABASE_URL."
        ) from None


def _connections() -> int:
    """Enough for each web process's pool, the worker's, and a few people looking in."""
    return 60 + 20 * (os.cpu_count() or 1)


def _plain(url: str) -> str:
    """The address without SQLAlchemy's driver name, which libpq does not know."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)
