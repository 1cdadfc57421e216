"""The key by which browsers' push services know this city (VAPID). Light: the web shows the public
half, the worker signs with the private one.
"""

import base64
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_CURVE = ec.SECP256R1()


def new_private_key() -> str:
    """A fresh key for `XOM_VAPID_PRIVATE_KEY`: 32 bytes in URL-safe base64."""
    value = ec.generate_private_key(_CURVE).private_numbers().private_value
    return _base64(value.to_bytes(32, "big"))


@lru_cache(maxsize=4)
def public_key(private_key: str) -> str:
    """What a browser's `applicationServerKey` takes. Raises ValueError for what is no key."""
    raw = base64.urlsafe_b64decode(private_key + "=" * (-len(private_key) % 4))
    if len(raw) != 32:
        raise ValueError("XOM_VAPID_PRIVATE_KEY must be 32 bytes in URL-safe base64.")
    key = ec.derive_private_key(int.from_bytes(raw, "big"), _CURVE)
    return _base64(key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
