"""Who the reporter is: the only door to it, and the only place that knows the keys.

Names, numbers and addresses are sealed under one key a person; phones and Firebase users are found
by fingerprint. An official reads through `reveal`, with a reason that the audit log keeps. This
module is also the directory that sign-in asks (`app.auth.ports.Directory`).
"""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from app import audit
from app.auth.guards import Caller
from app.auth.models import Account, AccountKind
from app.clock import now
from app.database import db
from app.errors import Forbidden, Invalid
from app.keys import lasting_key
from reports import sealing
from reports.models import ReporterIdentity

FIELDS = ("name", "phone", "email")


class ReasonMissing(Invalid):
    code = "reason-missing"
    vi = "Ghi lý do cần biết người phản ánh là ai. Lý do được lưu vào nhật ký."
    en = "Say why you need to know who the reporter is. The reason is kept in the log."
    field = "reason"


class NameIsGiven(Forbidden):
    code = "name-is-given"
    vi = "Tên của cán bộ do quản trị viên đặt."
    en = "An official's name is set by the administrator."
    field = "name"


class NobodyHere(Forbidden):
    code = "anonymous"
    vi = "Phiên ẩn danh không lưu tên. Muốn để tên, hãy gửi phản ánh bằng tài khoản của bạn."
    en = "An anonymous session keeps no name. To give one, report from an account of your own."
    field = "name"


@dataclass(frozen=True, slots=True)
class Person:
    """What a person told about themselves. Prints nothing of it."""

    name: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)  # E.164
    email: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Contact:
    """Where messages may reach somebody: a phone only with their consent to text messages, or an
    official's duty phone, which is there for nothing else.
    """

    email: str | None = field(repr=False)
    phone: str | None = field(repr=False)
    locale: str


def reveal(account_id: UUID, *, by: Caller, reason: str) -> Person:
    """Who this reporter is, for an official with a reason. Recorded: commit before you answer."""
    if not reason.strip():
        raise ReasonMissing
    person = own(account_id)
    audit.record(
        "identity.reveal",
        subject=f"account:{account_id}",
        actor_id=by.account_id,
        fields=[name for name in FIELDS if getattr(person, name)],
        reason=reason.strip()[:500],
    )
    return person


def own(account_id: UUID) -> Person:
    """What is known of somebody, for themselves: their own page, their own data."""
    row = db.session.get(ReporterIdentity, account_id)
    return _opened(row) if row else Person()


def remember(
    account_id: UUID, *, name: str | None = None, phone: str | None = None, email: str | None = None
) -> None:
    """Keep what is given, sealed; an empty text forgets the field, None leaves it as it is."""
    row = _row(account_id)
    key = _key(row)
    for field_name, text in (("name", name), ("phone", phone), ("email", email)):
        if text is not None:
            sealed = sealing.sealed(key, account_id, field_name, text) if text else None
            setattr(row, field_name, sealed)
    if phone is not None:
        row.phone_hmac = fingerprint(phone) if phone else None
    db.session.flush()


def rename(account: Account, name: str) -> None:
    """How somebody wishes to be called. Officials act by name, so theirs is given to them."""
    if AccountKind(account.kind) is AccountKind.OFFICIAL:
        raise NameIsGiven
    if AccountKind(account.kind) is AccountKind.ANONYMOUS and name:
        raise NobodyHere
    remember(account.id, name=name)


def fingerprint(phone: str) -> bytes:
    """What a number (E.164) is found by; without the house's key it tells nothing."""
    return hmac.digest(lasting_key("phone"), phone.encode(), "sha256")


def account_of_phone(phone: str) -> UUID | None:
    """The resident who signed in with this number. Holds the number's lock until the commit."""
    found = fingerprint(phone)
    _lock(found)
    query = select(ReporterIdentity.account_id).where(ReporterIdentity.phone_hmac == found)
    return db.session.scalar(query)


def account_of_firebase(uid: str) -> UUID | None:
    """The resident who signed in as this Firebase user. Holds the user's lock until the commit."""
    found = _firebase_fingerprint(uid)
    _lock(found)
    query = select(ReporterIdentity.account_id).where(ReporterIdentity.firebase_uid_hmac == found)
    return db.session.scalar(query)


def attach_phone(account_id: UUID, phone: str) -> None:
    """This number (E.164) now signs in to this account."""
    remember(account_id, phone=phone)


def give_duty_phone(account_id: UUID, phone: str) -> None:
    """This number (E.164) hears an official's urgent news. It signs in to nothing, so a resident
    may have the same. An empty text takes it back.
    """
    row = _row(account_id)
    row.phone = sealing.sealed(_key(row), account_id, "phone", phone) if phone else None
    db.session.flush()


def attach_firebase(account_id: UUID, uid: str) -> None:
    _row(account_id).firebase_uid_hmac = _firebase_fingerprint(uid)
    db.session.flush()


def detach_firebase(account_id: UUID) -> None:
    """No Firebase user leads to this account any more: they vouch for a number it no longer has."""
    _row(account_id).firebase_uid_hmac = None
    db.session.flush()


def consent_to_sms(account_id: UUID, *, wanted: bool, at: datetime | None = None) -> None:
    """May news come as text messages, which cost the city money and show on a locked screen?"""
    row = _row(account_id)
    row.sms_consent_at = (row.sms_consent_at or at or now()) if wanted else None
    db.session.flush()


def wants_sms(account_id: UUID) -> bool:
    row = db.session.get(ReporterIdentity, account_id)
    return row is not None and row.sms_consent_at is not None


def contact_for_delivery(account_ids: Iterable[UUID]) -> dict[UUID, Contact]:
    """Where each of these accounts may be reached, for the worker: one statement.

    Not in the audit log: nobody looks, a message goes to the person themselves. Disabled and erased
    accounts have no contact.
    """
    rows = db.session.execute(
        select(Account, ReporterIdentity)
        .outerjoin(ReporterIdentity, ReporterIdentity.account_id == Account.id)
        .where(Account.id.in_(list(account_ids)), Account.disabled_at.is_(None))
    )
    return {account.id: _contact(account, row) for account, row in rows}


def take_over(guest_id: UUID, account_id: UUID) -> None:
    """A guest signed in: the name it gave goes along where the account has none."""
    guest = db.session.get(ReporterIdentity, guest_id)
    if guest is None:
        return
    given, known = _opened(guest), own(account_id)
    for name in ("name", "email"):
        text = getattr(given, name)
        if text and not getattr(known, name):
            remember(account_id, **{name: text})
    db.session.delete(guest)
    db.session.flush()


def destroy(account_id: UUID, *, at: datetime) -> None:
    """Erase a person: without the key the rest is noise, and nobody is found by number again."""
    row = db.session.get(ReporterIdentity, account_id)
    if row is None:
        return
    row.wrapped_key = row.name = row.phone = row.email = None
    row.phone_hmac = row.firebase_uid_hmac = None
    row.sms_consent_at = None
    row.erased_at = row.erased_at or at
    db.session.flush()


def _row(account_id: UUID) -> ReporterIdentity:
    row = db.session.get(ReporterIdentity, account_id)
    if row is None:
        row = ReporterIdentity(account_id=account_id)
        row.wrapped_key = sealing.new_wrapped_key(_master(), account_id)
        db.session.add(row)
    return row


def _opened(row: ReporterIdentity) -> Person:
    if row.wrapped_key is None:
        return Person()
    key = _key(row)
    texts = {name: getattr(row, name) for name in FIELDS}
    return Person(
        **{n: sealing.opened(key, row.account_id, n, data) for n, data in texts.items() if data}
    )


def _contact(account: Account, row: ReporterIdentity | None) -> Contact:
    person = _opened(row) if row else Person()
    if AccountKind(account.kind) is AccountKind.OFFICIAL:
        return Contact(account.email, person.phone, account.locale)
    consented = row is not None and row.sms_consent_at is not None
    return Contact(person.email, person.phone if consented else None, account.locale)


def _key(row: ReporterIdentity) -> bytes:
    if row.wrapped_key is None:
        raise LookupError(f"the person behind account {row.account_id} was erased")
    return sealing.unwrapped(_master(), row.account_id, row.wrapped_key)


def _master() -> bytes:
    return lasting_key("people's keys")


def _firebase_fingerprint(uid: str) -> bytes:
    return hmac.digest(lasting_key("firebase user"), uid.encode(), "sha256")


def _lock(found: bytes) -> None:
    number = int.from_bytes(found[:8], signed=True)
    db.session.execute(select(func.pg_advisory_xact_lock(number)))
