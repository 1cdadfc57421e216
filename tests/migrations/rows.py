"""One row for every table of the second migration, as a city in use would have them.

Written in SQL and by the catalogue alone: the models of today may say something else. What a
migration adds later needs no line here, since the rows are there before it runs.
"""

from datetime import UTC, date, datetime, time
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg.types.json import Jsonb

AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
PERSON, REPORT, CHANGE, MESSAGE = (UUID(int=number) for number in (7, 8, 9, 10))
_number = count(1)

#: table → what the constraints or the sense of it ask for; the rest is filled in by type.
#: In the order in which they may be inserted.
GIVEN: dict[str, dict[str, Any]] = {
    "account": {"id": PERSON, "kind": "resident"},
    "area": {"id": 1, "code": "19789"},
    "office": {"id": 1, "kind": "committee"},
    "category": {"id": 1},
    "routing_rule": {"id": 1},
    "city": {"id": 1},
    "working_hours": {},
    "calendar_correction": {},
    "counter": {},
    "one_time_code": {},
    "token": {"account_id": PERSON},
    "sign_in_place": {"account_id": PERSON},
    "audit_head": {"id": 1},
    "audit_entry": {},
    "role_grant": {"account_id": PERSON, "office_id": 1, "role": "officer"},
    "duty_shift": {"account_id": PERSON, "office_id": 1, "until": AT.replace(hour=9)},
    "subscription": {"account_id": PERSON, "area_id": 1},
    "report": {
        "id": REPORT, "reporter_id": PERSON, "identity": "confidential", "category_id": 1,
        "area_id": 1, "office_id": 1, "status": "in_progress", "published_at": AT,
        "description": "Cống nghẹt.", "public_description": "Cống nghẹt.",
    },
    "status_change": {
        "id": CHANGE, "report_id": REPORT, "account_id": PERSON, "role": "officer",
        "after": "in_progress",
    },
    "assignment": {"report_id": REPORT, "office_id": 1, "part": "lead"},
    "photo": {"owner_id": PERSON, "report_id": REPORT},
    "support": {"report_id": REPORT, "account_id": PERSON},
    "comment": {"report_id": REPORT, "account_id": PERSON},
    "note": {"report_id": REPORT, "account_id": PERSON},
    "rating": {"report_id": REPORT, "account_id": PERSON, "stars": 5},
    "reporter_identity": {"account_id": PERSON},
    "message": {"id": MESSAGE, "change_id": CHANGE, "account_id": PERSON},
    "device": {"account_id": PERSON, "kind": "fcm_token"},
    "delivery": {"message_id": MESSAGE, "channel": "fcm", "state": "due"},
    "preference": {"account_id": PERSON, "way": "push", "choice": "always"},
    "quiet_hours": {"account_id": PERSON},
}  # fmt: skip

_COLUMNS = """
    select column_name, data_type, coalesce(character_maximum_length, 1000)
      from information_schema.columns
     where table_schema = 'public' and table_name = %s and is_nullable = 'NO'
       and column_default is null and is_identity = 'NO' and is_generated = 'NEVER'
"""


def fill(connection: psycopg.Connection[Any]) -> None:
    """A row in each table, and a job in the queue."""
    for table, given in GIVEN.items():
        add(connection, table, **given)
    add(connection, "procrastinate_jobs", task_name="notifications.deliver")


def add(connection: psycopg.Connection[Any], table: str, **given: Any) -> None:
    """A row of these values; what else may not be null gets something of its type."""
    columns = connection.execute(_COLUMNS, [table]).fetchall()
    row = {name: something(kind, length) for name, kind, length in columns} | given
    names = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join("%s" for _ in row)
    overriding = "overriding system value" if "id" in given else ""
    connection.execute(
        f"insert into {table} ({names}) {overriding} values ({marks})", list(row.values())
    )


def something(kind: str, length: int) -> Any:
    number = next(_number)
    if kind in {"text", "character varying"}:
        return f"words {number}"[-length:]
    made = {
        "uuid": uuid4(),
        "bytea": number.to_bytes(32),
        "boolean": False,
        "jsonb": Jsonb({}),
        "timestamp with time zone": AT,
        "time without time zone": time(22, 0),
        "date": date(2026, 3, 2),
        "point": "(11976297,1858942)",
        "double precision": 16.4675,
        "smallint": number % 30_000,
    }
    return made.get(kind, number)


def kept(connection: psycopg.Connection[Any]) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, as JSON."""
    tables = [*GIVEN, "procrastinate_jobs"]
    return {
        table: [row for (row,) in connection.execute(f"select to_jsonb(t) from {table} t")]
        for table in tables
    }
