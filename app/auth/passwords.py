"""Officials' passwords: argon2id, 19 MiB and two passes (OWASP's floor), about 30 ms on a small
server. Ten people who sign in at once then take 190 MiB, not the 640 MiB of the library's defaults.
"""

import secrets
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.auth.errors import WeakPassword

LEAST = 12
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def generated() -> str:
    """A password nobody has to invent: 96 random bits."""
    return secrets.token_urlsafe(12)


def hashed(password: str) -> str:
    """The hash to store; raises WeakPassword when it is too short."""
    if len(password) < LEAST:
        raise WeakPassword(least=LEAST)
    return _hasher.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Is this the password? Without a stored hash the same time is spent, and the answer is no."""
    decoy = _decoy()
    try:
        return _hasher.verify(stored or decoy, password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(stored: str) -> bool:
    """Was this hash made with other parameters than today's?"""
    return _hasher.check_needs_rehash(stored)


@lru_cache(maxsize=1)
def _decoy() -> str:
    return _hasher.hash(generated())
