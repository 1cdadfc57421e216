"""So many reports that making each of them would take too long: a million, and each of these
several times more, copied inside PostgreSQL.

A copy is another person's report of the same thing: same place, moments, words and fate, with ids
and a code of its own, and copies of all that hangs on it. So every distribution stays as it is.
What figures know of a copy is what they know of the original: facts are worked out for the
originals alone, by the house's own statements, and roll-ups from all.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import psycopg
from tqdm import tqdm

from app.database import db
from bench.report_rows import CODE_STEP
from reports.city import snapshot
from reports.codes import LETTERS, WEIGHTS
from reports.figures import facts, keeping

MADE = 1_000_000  # reports that are made one by one, at most
SLICE = 20_000
ORIGINALS = "bench_original"
Connection = psycopg.Connection[tuple[Any, ...]]
Differs = dict[str, str]


def _of_copy(column: str) -> str:
    """The id of a copy, by its number, from 1 on."""
    return f"md5({column}::text || '{{copy}}')::uuid"


#: Nine digits as `report_rows.codes` makes them, and the letter that belongs to them.
_NINE = (
    f"lpad((((row_number() over () - 1 + {{copy}} * {{made}}::bigint) * {CODE_STEP} + {{seed}})"
    " % 1000000000)::text, 9, '0')"
)
_SUM = " + ".join(
    f"{weight} * substr(nine, {place}, 1)::int" for place, weight in enumerate(WEIGHTS, 1)
)
_CODE = f"nine || substr('{LETTERS}', ({_SUM}) % {len(LETTERS)} + 1, 1)"

_REPORT = {"report_id": _of_copy("report_id")}
_THEIRS = {**_REPORT, "account_id": _of_copy("account_id")}
#: What of a copied row is another than in the original.
_ROWS: dict[str, Differs] = {
    "account": {"id": _of_copy("id")},
    "report": {
        "id": _of_copy("id"),
        "code": _CODE,
        "reporter_id": _of_copy("reporter_id"),
        "lead_id": _of_copy("lead_id"),
    },
    "status_change": {
        **_REPORT,
        "id": _of_copy("id"),
        "account_id": f"case role when 'reporter' then {_of_copy('account_id')}"
        " else account_id end",
    },
    "assignment": _REPORT,
    "support": _THEIRS,
    "rating": _THEIRS,
}
_READ = {
    "account": "(select * from account where kind in ('guest', 'resident', 'anonymous'))",
    "report": f"(select *, {_NINE} as nine from report)",
}
_FACTS: dict[str, Differs] = {
    "report_fact": {**_REPORT, "reporter_id": _of_copy("reporter_id")},
    "report_held": _REPORT,
}
#: Those that the database fills in by itself are left to it.
_COLUMNS = """
select column_name from information_schema.columns where table_schema = 'public'
and table_name = %s and is_generated = 'NEVER' and is_identity = 'NO'
and coalesce(column_default, '') not like 'nextval%%' order by ordinal_position
"""


_LAST = "select id from report order by id desc limit 1"


def multiply(connection: Connection, seed: int, copies: int) -> None:
    """Copy every report, and all that hangs on it, so often. Does not commit."""
    made = _one(connection, "select count(*) from report")
    connection.execute(f"create table {ORIGINALS} as select id from report")
    for table, differs in _ROWS.items():
        read = _READ.get(table, table)
        _copy(connection, table, differs, read, range(1, copies + 1), made=made, seed=seed)


def make_facts(connection: Connection, copies: int) -> None:
    """Facts of the originals, and copies of them; roll-ups are left to the house's next turn."""
    keeping.turn(paced=False)  # begins anew: the calendar's working time, and the first facts
    db.session.commit()
    values = {"zone": snapshot.current().profile.timezone}
    connection.execute("truncate report_fact, report_held")
    connection.commit()
    made = _one(connection, f"select count(*) from {ORIGINALS}")
    with tqdm(total=made, desc="facts", unit="", unit_scale=True) as bar:
        for ids in _slices(connection):
            keeping.wait_for_turn()  # and so no statement is cut off, however busy the machine
            db.session.execute(facts.WRITE, {"ids": ids, **values})
            db.session.execute(facts.WRITE_HELD, {"ids": ids, **values})
            db.session.commit()
            bar.update(len(ids))
    for table, differs in _FACTS.items():
        _copy(connection, table, differs, table, range(1, copies + 1))
    connection.execute(f"update figure_state set rebuild_after = ({_LAST})")
    connection.execute(f"drop table {ORIGINALS}")
    connection.commit()


def _slices(connection: Connection) -> Iterator[Sequence[UUID]]:
    with connection.cursor(name="originals") as cursor:
        cursor.execute(f"select id from {ORIGINALS} order by id")
        while rows := cursor.fetchmany(SLICE):
            yield [row[0] for row in rows]


def _copy(
    connection: Connection, table: str, differs: Differs, read: str, copies: range, **values: int
) -> None:
    """All copies by one statement, which sees nothing of what it writes."""
    names = [str(name) for (name,) in connection.execute(_COLUMNS, [table])]
    columns = ", ".join(differs.get(name, name) for name in names)
    select = f"select {columns} from {read} original"
    parts = [select.format(copy=copy, **values) for copy in copies]
    connection.execute(f"insert into {table} ({', '.join(names)}) {' union all '.join(parts)}")


def _one(connection: Connection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0
