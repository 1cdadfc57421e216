"""Encryption of one person's fields: AES-256-GCM under a key of their own, itself wrapped.

Pure: keys and texts in, bytes out. Every sealed value is bound to its account and field, so that
one copied to another row or column does not open.
"""

import os
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION = b"\x01"
_NONCE = 12
_KEY = "key"


class SealBroken(Exception):
    """These bytes were not sealed by this house for this account and field."""


def new_wrapped_key(master: bytes, account_id: UUID) -> bytes:
    """A fresh key for one person, wrapped by the master key: to be stored."""
    return _sealed(master, account_id, _KEY, AESGCM.generate_key(256))


def unwrapped(master: bytes, account_id: UUID, wrapped: bytes) -> bytes:
    return _opened(master, account_id, _KEY, wrapped)


def sealed(key: bytes, account_id: UUID, field: str, text: str) -> bytes:
    return _sealed(key, account_id, field, text.encode())


def opened(key: bytes, account_id: UUID, field: str, data: bytes) -> str:
    """The text that was sealed; raises SealBroken."""
    return _opened(key, account_id, field, data).decode()


def _sealed(key: bytes, account_id: UUID, field: str, data: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, data, _bound_to(account_id, field))


def _opened(key: bytes, account_id: UUID, field: str, data: bytes) -> bytes:
    version, nonce, text = data[:1], data[1 : 1 + _NONCE], data[1 + _NONCE :]
    if version != _VERSION:
        raise SealBroken
    try:
        return AESGCM(key).decrypt(nonce, text, _bound_to(account_id, field))
    except (InvalidTag, ValueError) as error:
        raise SealBroken from error


def _bound_to(account_id: UUID, field: str) -> bytes:
    return account_id.bytes + field.encode()
