"""The second factor of an official's sign-in: codes of an authenticator (RFC 6238, with what every
such app knows: six digits, half a minute, SHA-1), and recovery codes for whoever lost the phone.

Flushes, never commits; but a try counts at once, whatever becomes of the transaction.
"""

import hmac
import os
import secrets
from datetime import datetime

import pyotp
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete, func, or_, select, update

from app.addresses import network_of
from app.auth import tries
from app.auth.errors import KeyUnreadable, NotBegun, WrongFirstCode, WrongSecondCode
from app.auth.models import Account, RecoveryCode
from app.database import db
from app.keys import lasting_key

SECONDS = 30
DRIFT = 1  # steps that a phone's clock may be off, either way
RECOVERY_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is read as another: 49 bits a code
_VERSION = b"\x01"
_NONCE = 12


def is_on(account: Account) -> bool:
    """Is a code asked for when this official signs in?"""
    return account.totp_since is not None


def begin(account: Account) -> None:
    """Make a key; it is not asked for until a first code confirms it. Again makes another."""
    if is_on(account):
        return
    account.totp_key = _sealed(account, pyotp.random_base32())
    db.session.flush()


def begun_key(account: Account) -> str | None:
    """The key that waits for its first code, for the page that shows it; None: none does."""
    if is_on(account) or account.totp_key is None:
        return None
    return _opened(account)


def address_of(account: Account, key: str, *, issuer: str) -> str:
    """What the QR code says: `otpauth://totp/…`."""
    return pyotp.TOTP(key).provisioning_uri(name=account.email or "", issuer_name=issuer)


def confirm(account: Account, code: str, *, address: str | None, at: datetime) -> list[str]:
    """The first code: from now on one is asked for. The recovery codes, never to be seen again.

    Raises NotBegun, WrongFirstCode, TooManySecondCodes.
    """
    if is_on(account) or account.totp_key is None:
        raise NotBegun
    tries.count_code(account, network_of(address), at)
    if not _is_of_now(account, plain(code), at):
        raise WrongFirstCode
    tries.forgive_codes(account, network_of(address))
    account.totp_since = at
    return renew_recovery_codes(account, at=at)


def check(account: Account, code: str, *, address: str | None, at: datetime) -> None:
    """Use up a code of the authenticator, or a recovery code.

    Raises WrongSecondCode, TooManySecondCodes, KeyUnreadable.
    """
    network, given = network_of(address), plain(code)
    tries.count_code(account, network, at)
    if not (_is_of_now(account, given, at) or _was_kept(account, given, at)):
        raise WrongSecondCode
    tries.forgive_codes(account, network)


def turn_off(account: Account) -> bool:
    """Ask for no code any more; False when none was asked for."""
    was_on = is_on(account)
    account.totp_key = account.totp_since = account.totp_step = None
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    db.session.flush()
    return was_on


def renew_recovery_codes(account: Account, *, at: datetime) -> list[str]:
    """Ten new ones in place of all before."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    codes = [_new_code() for _ in range(RECOVERY_CODES)]
    db.session.add_all(
        RecoveryCode(code_hmac=_print(account, plain(one)), account_id=account.id, created_at=at)
        for one in codes
    )
    db.session.flush()
    return codes


def recovery_codes_left(account: Account) -> int:
    unused = RecoveryCode.account_id == account.id, RecoveryCode.used_at.is_(None)
    return db.session.scalar(select(func.count()).select_from(RecoveryCode).where(*unused)) or 0


def plain(code: str) -> str:
    """A code as it is compared: people read them in groups, and type what they read."""
    return "".join(code.split()).replace("-", "").lower()


def _is_of_now(account: Account, code: str, at: datetime) -> bool:
    """Is it the code of this half minute, or of one beside it, and newer than the last one used?"""
    if not (code.isascii() and code.isdigit()):
        return False
    totp, step = pyotp.TOTP(_opened(account)), int(at.timestamp()) // SECONDS
    fitting = [
        one
        for one in range(step - DRIFT, step + DRIFT + 1)
        if hmac.compare_digest(totp.generate_otp(one), code)
    ]
    return any(_use_step(account, one) for one in fitting)


def _use_step(account: Account, step: int) -> bool:
    """Atomically: of two requests with one code, one is too late."""
    older = or_(Account.totp_step.is_(None), Account.totp_step < step)
    used = db.session.scalar(
        update(Account)
        .where(Account.id == account.id, older)
        .values(totp_step=step)
        .returning(Account.id)
    )
    return used is not None


def _was_kept(account: Account, code: str, at: datetime) -> bool:
    """Is it one of the recovery codes that is still unused? Then it is used now."""
    used = db.session.scalar(
        update(RecoveryCode)
        .where(RecoveryCode.code_hmac == _print(account, code), RecoveryCode.used_at.is_(None))
        .values(used_at=at)
        .returning(RecoveryCode.account_id)
    )
    return used is not None


def _new_code() -> str:
    letters = "".join(secrets.choice(_LETTERS) for _ in range(10))
    return f"{letters[:5]}-{letters[5:]}"


def _print(account: Account, code: str) -> bytes:
    text = account.id.bytes + code.encode("utf-8", "surrogatepass")
    return hmac.digest(lasting_key("recovery code"), text, "sha256")


def _sealed(account: Account, key: str) -> bytes:
    """Bound to its account: copied to another row it does not open."""
    nonce = os.urandom(_NONCE)
    sealed = AESGCM(lasting_key("second factor")).encrypt(nonce, key.encode(), account.id.bytes)
    return _VERSION + nonce + sealed


def _opened(account: Account) -> str:
    data = account.totp_key or b""
    nonce, text = data[1 : 1 + _NONCE], data[1 + _NONCE :]
    try:
        key = AESGCM(lasting_key("second factor")).decrypt(nonce, text, account.id.bytes)
    except (InvalidTag, ValueError) as error:
        raise KeyUnreadable from error
    return key.decode()
