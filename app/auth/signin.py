"""From a proof (a used code, a Firebase user) to the account; a guest's things come along."""

from uuid import UUID

from app.auth import accounts, tokens
from app.auth.errors import AccountDisabled
from app.auth.guards import Caller
from app.auth.models import Account, AccountKind
from app.auth.ports import FirebaseUser, ports
from app.database import db


def account_for_phone(phone: str, locale: str) -> Account:
    """The resident who has this number (E.164), made now if nobody has it."""
    directory = ports().directory
    known = directory.account_of_phone(phone)
    if known:
        return _usable(known)
    account = accounts.create_resident(locale)
    directory.attach_phone(account.id, phone)
    return account


def account_for_firebase(user: FirebaseUser, locale: str) -> Account:
    """The resident behind a Firebase user: by its uid, else by the number Firebase verified."""
    directory = ports().directory
    known = directory.account_of_firebase(user.uid)
    if known:
        return _usable(known)
    account = account_for_phone(user.phone, locale) if user.phone else None
    account = account or accounts.create_resident(locale)
    directory.attach_firebase(account.id, user.uid)
    return account


def sign_in(account: Account, guest: Caller | None) -> str:
    """A token for the account; what the guest who asked had comes along. Anonymous ones stay."""
    if guest and guest.kind is AccountKind.GUEST and guest.account_id != account.id:
        accounts.join_guest(guest.account_id, account.id)
    return tokens.issue(account)


def _usable(account_id: UUID) -> Account:
    account = db.session.get_one(Account, account_id)
    if account.disabled_at:
        raise AccountDisabled
    return account
