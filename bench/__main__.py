"""`make bench`: load, measure, tell. `python -m bench --help` lists the options."""

import argparse
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from app.config import ROOT
from app.embedded import EmbeddedServer
from app.embedded.errors import CannotRun
from app.launch.database import reachable_home
from bench import telling
from bench.loading import Database
from bench.measure import measure
from bench.served import measure_served

SIZES = "10000,100000,1000000,5000000"
#: As `make run` has it, but that no time is spent on the disk: it is not what is measured.
SETTINGS = ("fsync=off", "max_wal_size=4GB")


def main() -> int:
    """Measure every size; answer a process's exit code."""
    options = _options()
    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        with _server(options.database_url) as server_url:
            run = telling.Run(
                machine=telling.machine(server_url), tickets=telling.tickets_in_words()
            )
            for size in options.sizes:
                _measure_size(Database(server_url, size, options.seed), options, run)
    except (CannotRun, psycopg.OperationalError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    print("\n" + "\n".join(telling.figures_table(run.results)))
    print(f"\nFigures: {telling.save(run)}")
    if options.write_docs:
        print(f"Written: {telling.write_docs(run)}")
    return 0


def _measure_size(database: Database, options: argparse.Namespace, run: telling.Run) -> None:
    database.ready()
    run.results[database.size] = measure(database, seconds=options.seconds)
    if options.served:
        run.served[database.size] = measure_served(database, seconds=options.seconds)
    print(telling.table(database.size, run.results[database.size], run.served.get(database.size)))
    if options.drop:
        database.drop()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    add = parser.add_argument
    add("--sizes", type=_sizes, default=_sizes(SIZES), help=f"how many reports ({SIZES})")
    add("--database-url", default=os.environ.get("DATABASE_URL"), metavar="URL",
        help="a server whose user may create databases; default: $DATABASE_URL, else a "
             "PostgreSQL of its own in var/bench")  # fmt: skip
    add("--seconds", type=float, default=3.0, help="at most so long for an operation (3)")
    add("--seed", type=int, default=1, help="of the generated reports (1)")
    add("--served", action="store_true", help="also through waitress, over a socket")
    add("--drop", action="store_true", help="drop each database when it has been measured")
    add("--write-docs", action="store_true", help="put the figures into docs/performance.md")
    return parser.parse_args()


def _sizes(text: str) -> list[int]:
    return [int(size) for size in text.replace("_", "").split(",")]


@contextmanager
def _server(given: str | None) -> Iterator[str]:
    """The server's URL without a database's name: the given one, or our own while it is needed."""
    if given:
        yield given.rstrip("/").rpartition("/")[0] if _names_database(given) else given.rstrip("/")
        return
    folder = ROOT / "var" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    server = EmbeddedServer(reachable_home(folder / "postgres", folder), settings=SETTINGS)
    try:
        server.start()
        yield server.url
    finally:
        server.stop()


def _names_database(url: str) -> bool:
    return "/" in url.partition("://")[2].rstrip("/")


if __name__ == "__main__":
    sys.exit(main())
