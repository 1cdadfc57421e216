"""API clients, as an administrator keeps them: made, changed, closed, opened. Their keys are in
`issuing`; what a client may do for an office is for `reports.desk.clients`. Each act is in the
audit log. Flushes, never commits.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from app import audit
from app.auth import accounts
from app.auth.client_models import ApiClient, ApiKey
from app.auth.key_errors import NoSuchClient, SameIdOtherClient
from app.auth.models import Account, AccountKind
from app.database import db


@dataclass(frozen=True, slots=True)
class Client:
    """A client with its account and all keys it ever had, the newest first."""

    account: Account
    row: ApiClient
    keys: Sequence[ApiKey]


def make(
    client_id: UUID, name: str, contact_email: str, *, by: UUID | None, at: datetime
) -> tuple[Client, bool]:
    """A new client without any key; False beside it when this very one is here already.

    Raises NotAnEmail, and SameIdOtherClient for an id that is taken by anything else.
    """
    email = accounts.plain_email(contact_email, field="contact_email")
    if (known := db.session.get(Account, client_id)) is not None:
        return _same(known, name, email), False
    account = Account(id=client_id, kind=AccountKind.CLIENT, name=name, locale="vi", created_at=at)
    db.session.add(account)
    db.session.flush()
    db.session.add(ApiClient(account_id=client_id, contact_email=email, made_by=by, created_at=at))
    record("api_client.make", client_id, by, at, "name", "contact_email")
    return client(client_id), True


def _same(known: Account, name: str, email: str) -> Client:
    row = db.session.get(ApiClient, known.id)
    if row is None or (known.name, row.contact_email) != (name, email):
        raise SameIdOtherClient
    return client(known.id)


def client(client_id: UUID, *, locked: bool = False) -> Client:
    """Raises NoSuchClient."""
    row = db.session.get(
        ApiClient, client_id, with_for_update=locked or None, populate_existing=locked
    )
    if row is None:
        raise NoSuchClient
    return Client(db.session.get_one(Account, client_id), row, _keys_of([client_id]))


def clients() -> list[Client]:
    """All there are, those that are closed last, by name."""
    rows = db.session.execute(
        select(Account, ApiClient)
        .join(ApiClient, ApiClient.account_id == Account.id)
        .order_by(Account.disabled_at.is_not(None), func.lower(Account.name), Account.id)
    ).all()
    keys = _keys_of([account.id for account, _ in rows])
    return [
        Client(account, row, [key for key in keys if key.account_id == account.id])
        for account, row in rows
    ]


def change(
    client_id: UUID, *, name: str, contact_email: str, by: UUID | None, at: datetime
) -> bool:
    """Another name or address; False when nothing differs. Raises NoSuchClient, NotAnEmail."""
    found = client(client_id, locked=True)
    email = accounts.plain_email(contact_email, field="contact_email")
    changed = []
    if found.account.name != name:
        found.account.name = name
        changed.append("name")
    if found.row.contact_email != email:
        found.row.contact_email = email
        changed.append("contact_email")
    if changed:
        record("api_client.change", client_id, by, at, *changed)
    return bool(changed)


def close(client_id: UUID, *, by: UUID | None, at: datetime) -> bool:
    """No key of it works any more, at once; they do again when it is opened. False: it was."""
    account = client(client_id, locked=True).account
    if account.disabled_at is not None:
        return False
    accounts.disable(account, at=at)
    record("api_client.close", client_id, by, at, "disabled_at")
    return True


def reopen(client_id: UUID, *, by: UUID | None, at: datetime) -> bool:
    account = client(client_id, locked=True).account
    if account.disabled_at is None:
        return False
    accounts.enable(account)
    record("api_client.open", client_id, by, at, "disabled_at")
    return True


def _keys_of(clients: Collection[UUID]) -> Sequence[ApiKey]:
    mine = select(ApiKey).where(ApiKey.account_id.in_(clients))
    return db.session.scalars(mine.order_by(ApiKey.created_at.desc(), ApiKey.id)).all()


def record(
    action: str,
    client_id: UUID,
    by: UUID | None,
    at: datetime,
    *fields: str,
    reason: str | None = None,
) -> None:
    """`reason` names a key by how it begins: that tells which, and opens nothing."""
    db.session.flush()
    subject = f"account:{client_id}"
    audit.record(action, subject=subject, actor_id=by, fields=fields, reason=reason, at=at)
