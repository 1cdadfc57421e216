"""Migrations on a city in use: nothing is lost on the way, and history cannot be rewritten."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from flask_migrate import upgrade
from psycopg.errors import RestrictViolation

from app.auth.accounts import SYSTEM_ACCOUNT_ID
from tests.migrations.conftest import database
from tests.migrations.rows import CHANGE, GIVEN, PERSON, REPORT, add, kept
from tests.migrations.servers import url_of

Raw = psycopg.Connection[Any]


@pytest.fixture
def old(each_server: str, second: str) -> Iterator[Raw]:
    """A city in use, with the tables of the second migration. What a test does is undone."""
    yield from undone(f"{each_server}/{second}")


@pytest.fixture
def new(each_server: str, used: str) -> Iterator[Raw]:
    """The same city after it came to the head."""
    yield from undone(f"{each_server}/{used}")


def undone(url: str) -> Iterator[Raw]:
    with psycopg.connect(url) as raw, raw.transaction(force_rollback=True):
        yield raw


def test_every_table_of_the_second_migration_has_a_row_to_lose(old: Raw) -> None:
    tables = old.execute("select tablename from pg_tables where schemaname = 'public'")
    ours = {name for (name,) in tables if not name.startswith(("procrastinate_", "alembic_"))}

    assert ours == set(GIVEN)


def test_no_row_is_lost_or_changed_on_the_way_to_the_head(old: Raw, new: Raw) -> None:
    before, after = kept(old), kept(new)

    assert all(rows for rows in before.values())
    for table, rows in before.items():
        for row in rows:
            assert any(row.items() <= later.items() for later in after[table]), (table, row)
    assert len(after["report"]) == len(after["status_change"]) == 1


def test_what_is_worked_out_from_a_row_is_there_afterwards(new: Raw) -> None:
    row = new.execute("select shown, act_by = submitted_at from report").fetchone()

    assert row == (True, True)


def test_a_report_that_has_a_photo_has_its_cover(new: Raw) -> None:
    row = new.execute(
        "select cover, concat_ws(' ', photo.id, width, height, encode(thumbhash, 'hex'))"
        "  from report join photo on photo.report_id = report.id"
    ).fetchone()

    assert row and row[0] and row[0] == row[1]


def test_the_houses_own_account_is_made_once(each_server: str, second: str) -> None:
    with database(each_server, second) as app, psycopg.connect(url_of(app)) as raw:
        add(raw, "account", id=SYSTEM_ACCOUNT_ID, kind="system")
        raw.commit()

        upgrade()

        found = raw.execute("select id from account where kind = 'system'").fetchall()
        assert found == [(SYSTEM_ACCOUNT_ID,)]


@pytest.mark.parametrize("table", ["audit_entry", "status_change"])
@pytest.mark.parametrize("act", ["update", "delete", "truncate"])
def test_history_cannot_be_rewritten(new: Raw, table: str, act: str) -> None:
    before = new.execute(f"select to_jsonb(t) from {table} t").fetchall()
    statements = {
        "update": f"update {table} set hash = '\\x00'"
        if table == "audit_entry"
        else f"update {table} set note = 'Khác hẳn.'",
        "delete": f"delete from {table}",
        "truncate": f"truncate {table} cascade",
    }

    with pytest.raises(RestrictViolation, match=f"{table} is append-only"), new.transaction():
        new.execute(statements[act])

    assert new.execute(f"select to_jsonb(t) from {table} t").fetchall() == before != []


def test_erasing_a_person_empties_a_note_and_nothing_else(new: Raw) -> None:
    with new.transaction():
        new.execute("set local xom.erasing = 'on'")
        new.execute("update status_change set note = ''")

    assert new.execute("select note from status_change").fetchone() == ("",)
    for statement in (
        "update status_change set note = '', step = 'other'",
        "update status_change set at = now()",
        "delete from status_change",
        "truncate status_change cascade",
        "update audit_entry set reason = ''",
        "delete from audit_entry",
    ):
        with pytest.raises(RestrictViolation), new.transaction():
            new.execute("set local xom.erasing = 'on'")
            new.execute(statement)


def test_the_history_of_an_invented_report_may_be_taken_out_again(new: Raw) -> None:
    """… and no other's, though both are asked for in one statement."""
    invented = uuid4()
    a_change(new, a_report(new, invented, source="demo"))

    with new.transaction():
        new.execute("set local xom.erasing = 'on'")
        new.execute("delete from status_change where report_id = %s", [invented])
    with pytest.raises(RestrictViolation), new.transaction():
        new.execute("set local xom.erasing = 'on'")
        new.execute("delete from status_change")

    assert new.execute("select id from status_change").fetchall() == [(CHANGE,)]


def a_report(raw: Raw, report_id: UUID, **given: Any) -> UUID:
    facts = GIVEN["report"] | {"id": report_id, "reporter_id": PERSON} | given
    add(raw, "report", **facts)
    return report_id


def a_change(raw: Raw, report_id: UUID) -> None:
    facts = GIVEN["status_change"] | {"id": uuid4(), "report_id": report_id}
    add(raw, "status_change", **facts)


def test_two_steps_never_share_a_version(new: Raw) -> None:
    """The one thing that two workers at once could get wrong is refused by the table itself."""
    (version,) = new.execute("select version from status_change").fetchone() or (None,)

    with pytest.raises(psycopg.errors.UniqueViolation), new.transaction():
        facts = GIVEN["status_change"] | {"id": uuid4(), "report_id": REPORT, "version": version}
        add(new, "status_change", **facts)
