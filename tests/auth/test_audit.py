"""The audit chain: whatever is done to it, it shows."""

from collections.abc import Callable, Iterator
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from app import audit
from app.auth import accounts
from app.auth.models import AuditEntry
from app.database import db

ACTOR = accounts.SYSTEM_ACCOUNT_ID


@pytest.fixture
def chain(app: Flask) -> Iterator[list[AuditEntry]]:
    """Five entries."""
    entries = [act(f"act {number}") for number in range(1, 6)]
    db.session.commit()
    yield entries
    db.session.rollback()


def act(action: str) -> AuditEntry:
    return audit.record(
        action, subject="account:1", actor_id=ACTOR, fields=("name", "phone"), reason="vì sao"
    )


def behind_our_back(*statements: str) -> None:
    """What somebody with the database's password could do, past the triggers."""
    db.session.execute(text("set local session_replication_role = 'replica'"))
    for statement in statements:
        db.session.execute(text(statement))
    db.session.execute(text("set local session_replication_role = 'origin'"))
    db.session.expire_all()


def found() -> list[str]:
    return [problem.sentence for problem in audit.verify_chain()]


def test_a_chain_left_alone_is_whole(chain: list[AuditEntry]) -> None:
    assert found() == []
    assert audit.length() == 5


def test_an_empty_chain_is_whole(app: Flask) -> None:
    assert found() == []


@pytest.mark.parametrize(
    "change",
    [
        "at = at + interval '1 second'",
        "actor_id = null",
        "action = 'nothing'",
        "subject = 'account:2'",
        "fields = '[\"name\"]'",
        "reason = null",
        "reason = 'vì sao '",
        "previous = '\\x00'",
        "hash = '\\x00'",
    ],
)
def test_an_edit_is_found(chain: list[AuditEntry], change: str) -> None:
    behind_our_back(f"update audit_entry set {change} where id = 3")

    assert any("3" in sentence for sentence in found())


def test_a_removed_entry_is_found(chain: list[AuditEntry]) -> None:
    behind_our_back("delete from audit_entry where id = 3")

    assert found()[0] == "entries 3 to 3 are missing"


def test_a_removed_entry_is_found_though_the_rest_moves_up(chain: list[AuditEntry]) -> None:
    behind_our_back(
        "delete from audit_entry where id = 3",
        "update audit_entry set id = id - 1 where id = 4",
        "update audit_entry set id = id - 1 where id = 5",
        "update audit_head set entries = 4",
    )

    assert "entry 3 was changed" in found()


def test_two_entries_swapped_are_found(chain: list[AuditEntry]) -> None:
    behind_our_back(
        "update audit_entry set id = 99 where id = 2",
        "update audit_entry set id = 2 where id = 3",
        "update audit_entry set id = 3 where id = 99",
    )

    assert {"entry 2 was changed", "entry 3 was changed"} <= set(found())


def test_a_cut_end_is_found(chain: list[AuditEntry]) -> None:
    behind_our_back("delete from audit_entry where id > 3")

    assert found() == ["the chain ends at 3, its head says 5"]


CUT = (
    "delete from audit_entry where id > 3",
    "update audit_head set entries = 3, hash = (select hash from audit_entry where id = 3)",
)


def test_a_cut_end_is_found_though_the_head_is_set_to_it(chain: list[AuditEntry]) -> None:
    behind_our_back(*CUT)

    assert found() == ["the head's seal is broken"]


def test_the_next_entry_does_not_heal_a_cut_chain(chain: list[AuditEntry]) -> None:
    behind_our_back(*CUT)

    act("another")

    assert found() == ["the head's seal is broken"]


def test_a_lost_head_is_found(chain: list[AuditEntry]) -> None:
    behind_our_back("delete from audit_head")

    assert found() == ["the head is missing"]


def test_an_entry_added_past_us_is_found(chain: list[AuditEntry]) -> None:
    behind_our_back(
        "insert into audit_entry select 6, at, actor_id, 'forged', subject, fields, reason, "
        "(select hash from audit_entry where id = 5), hash from audit_entry where id = 5"
    )

    assert "entry 6 was changed" in found()


def test_an_older_copy_is_found_by_what_was_noted_outside(chain: list[AuditEntry]) -> None:
    noted = (5, chain[4].hash.hex())
    older = db.session.execute(text("select entries, hash, seal from audit_head")).one()
    act("the sixth")
    after = (6, db.session.get_one(AuditEntry, 6).hash.hex())
    behind_our_back("delete from audit_entry where id = 6")
    db.session.execute(
        text("update audit_head set entries = :e, hash = :h, seal = :s"),
        {"e": older[0], "h": older[1], "s": older[2]},
    )
    db.session.expire_all()

    assert found() == []  # by itself a whole older copy is whole, and the docstring says so
    assert audit.verify_chain(seen=noted) == []
    assert audit.verify_chain(seen=after)[0].entry == 6


def test_another_chain_than_the_noted_one_is_found(chain: list[AuditEntry]) -> None:
    assert audit.verify_chain(seen=(3, "00" * 32))[0].entry == 3


def test_an_entry_takes_names_of_fields_never_values(app: Flask) -> None:
    for value in ("+84905123456", "Lê Văn Bình", "an@hue.example"):
        with pytest.raises(ValueError, match="never their values"):
            audit.record("x", subject="account:1", actor_id=None, fields=[value])


def test_what_is_rolled_back_was_not_recorded(chain: list[AuditEntry]) -> None:
    act("undone")
    db.session.rollback()

    assert audit.length() == 5
    assert found() == []


def test_entries_written_at_once_stand_one_behind_the_other(own_app: Flask) -> None:
    gate = Barrier(4)

    def write() -> None:
        with own_app.app_context():
            gate.wait()
            for number in range(3):
                act(f"act {number}")
                db.session.commit()

    run_together(write, 4)

    with own_app.app_context():
        assert db.session.scalar(select(func.count(AuditEntry.id))) == 12
        assert found() == []


def run_together(act: Callable[[], None], times: int) -> None:
    threads = [Thread(target=act) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize(
    "statement",
    [
        "update audit_entry set reason = 'x' where id = 1",
        "delete from audit_entry where id = 1",
        "truncate audit_entry",
    ],
)
@pytest.mark.parametrize("erasing", ["on", "off"])
def test_the_database_itself_refuses_to_change_it(
    chain: list[AuditEntry], statement: str, erasing: str
) -> None:
    db.session.execute(text(f"set local xom.erasing = '{erasing}'"))

    with pytest.raises(DBAPIError, match="audit_entry is append-only"):
        db.session.execute(text(statement))


def test_an_entry_stands_in_the_log_with_its_hash_once_it_is_kept(
    app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    entry = act("account.create")
    line = entry.hash.hex()

    before = "".join(capsys.readouterr())
    db.session.commit()
    after = "".join(capsys.readouterr())

    assert line not in before
    assert after.count(line) == 1


def test_what_is_rolled_back_leaves_no_line_in_the_log(
    app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = act("act whole").hash.hex()
    db.session.rollback()
    kept = act("act kept").hash.hex()
    with db.session.begin_nested() as part:
        in_part = act("act in part").hash.hex()
        part.rollback()
    db.session.commit()

    told = "".join(capsys.readouterr())

    assert kept in told
    assert whole not in told and in_part not in told
    assert audit.verify_chain(seen=(audit.length(), kept)) == []
