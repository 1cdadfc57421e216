"""What becomes of a person's devices, messages and choices when the account itself changes."""

from uuid import UUID

from sqlalchemy import text

from app.database import db

_MOVE = (
    "update device set account_id = :to where account_id = :from",
    # One person, one change, one message: what both were told stays with the account moved to.
    """
    delete from delivery where message_id in (
        select m.id from message m join message other
            on other.change_id = m.change_id and other.account_id = :to
        where m.account_id = :from)
    """,
    """
    delete from message m using message other
    where m.account_id = :from and other.account_id = :to and other.change_id = m.change_id
    """,
    "update message set account_id = :to where account_id = :from",
    """
    insert into preference (account_id, "group", way, choice)
    select :to, "group", way, choice from preference where account_id = :from
    on conflict do nothing
    """,
    """
    insert into quiet_hours (account_id, since, until)
    select :to, since, until from quiet_hours where account_id = :from
    on conflict do nothing
    """,
    "delete from preference where account_id = :from",
    "delete from quiet_hours where account_id = :from",
)

_FORGET = (
    "delete from delivery where message_id in (select id from message where account_id = :id)",
    "delete from message where account_id = :id",
    "delete from device where account_id = :id",
    "delete from preference where account_id = :id",
    "delete from quiet_hours where account_id = :id",
)


def move_account(from_id: UUID, to_id: UUID) -> None:
    """A guest has signed in: devices, messages and choices go along; the account's own choices
    win. Never called for an anonymous account.
    """
    for statement in _MOVE:
        db.session.execute(text(statement), {"from": from_id, "to": to_id})


def forget_account(account_id: UUID) -> None:
    """A person is being erased: nothing of what they were told, or how, remains."""
    for statement in _FORGET:
        db.session.execute(text(statement), {"id": account_id})
