"""Rows into a database by COPY, with a progress bar; indexes are dropped before and built after.

The next batch is made while the last is being written, and indexes are built two at a time.
"""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import psycopg
from tqdm import tqdm

from bench import rows
from bench.history_rows import tables_of
from bench.multiplying import multiply
from bench.rows import Source, Tables

Connection = psycopg.Connection[tuple[object, ...]]

TABLES = ["account", "report", "status_change", "assignment", "support", "rating"]
BUILDERS = 2
#: Indexes that no constraint stands for, the largest work first.
_INDEXES = """
select indexrelid::regclass::text, pg_get_indexdef(indexrelid)
from pg_index join pg_class on pg_class.oid = indexrelid join pg_am on pg_am.oid = relam
where indrelid = any(%s::regclass[])
    and not exists (select from pg_constraint where conindid = indexrelid)
order by amname = 'btree', indexrelid
"""


def fill(url: str, source: Source, *, copies: int = 0) -> None:
    """Copy everything in one transaction, and each report so often again; then build indexes."""
    with psycopg.connect(url) as connection:
        _trust_the_rows(connection)
        built_later = connection.execute(_INDEXES, [TABLES]).fetchall()
        for name, _ in built_later:
            connection.execute(f"drop index {name}")
        with ThreadPoolExecutor(1) as beside:
            writing: Future[None] | None = None
            for tables in _batches(source):
                if writing:
                    writing.result()
                writing = beside.submit(_copy, connection, tables)
            if writing:
                writing.result()
        if copies:
            multiply(connection, source.made.seed[0], copies)
    _build(url, [str(definition) for _, definition in built_later])


def _trust_the_rows(connection: Connection) -> None:
    """Foreign keys are not checked row by row, where the server's user may say so."""
    try:
        with connection.transaction():
            connection.execute("set session_replication_role = replica")
    except psycopg.errors.InsufficientPrivilege:
        pass  # then they are checked, and loading takes longer
    connection.execute("set synchronous_commit = off")
    connection.execute("set timezone = 'UTC'")


def _batches(source: Source) -> Iterator[Tables]:
    for people in rows.people(source):
        yield {"account": people}
    with tqdm(total=len(source.made), desc="reports", unit="", unit_scale=True) as bar:
        for batch in rows.batches(source):
            yield tables_of(batch)
            bar.update(len(batch))


def _copy(connection: Connection, tables: Tables) -> None:
    for table, columns in tables.items():
        names = ", ".join(f'"{name}"' for name in columns)
        lines = "\n".join(map("\t".join, zip(*columns.values(), strict=True)))
        with connection.cursor().copy(f"copy {table} ({names}) from stdin") as copy:
            if lines:
                copy.write(lines + "\n")


def _build(url: str, definitions: list[str]) -> None:
    with ThreadPoolExecutor(BUILDERS) as builders:
        done = builders.map(lambda definition: _build_one(url, definition), definitions)
        list(tqdm(done, total=len(definitions), desc="indexes", unit=""))


def _build_one(url: str, definition: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("set maintenance_work_mem = '256MB'")
        connection.execute(definition)
