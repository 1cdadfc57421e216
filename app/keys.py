"""Keys for single purposes, derived from the two secrets of the settings (HKDF, RFC 5869).

A key made for one purpose tells nothing of the others, and a fingerprint made with one cannot be
matched against a fingerprint made with another.
"""

from functools import lru_cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

from app.config import Config


def session_key(purpose: str) -> bytes:
    """32 bytes from SECRET_KEY, for what may be lost: codes, counters."""
    return _derived(_config().secret_key.encode(), purpose)


def lasting_key(purpose: str) -> bytes:
    """32 bytes from XOM_IDENTITY_KEY, for what must stay readable: identities, the audit chain."""
    return _derived(_config().identity_key, purpose)


def _config() -> Config:
    config: Config = current_app.extensions["xom.config"]
    return config


@lru_cache(maxsize=32)
def _derived(secret: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=f"xom {purpose}".encode()).derive(secret)
