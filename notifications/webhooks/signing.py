"""Secrets of endpoints, and signatures by them: Standard Webhooks (standardwebhooks.com), so that
receivers in any language verify with a library that exists.

A secret is shown once. It lies sealed (AES-256-GCM under the house's lasting key, bound to its
endpoint), since to sign with it we must read it.
"""

import base64
import json
import os
import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from standardwebhooks import Webhook

from app.keys import lasting_key

PREFIX = "whsec_"
_BYTES = 32
_PURPOSE = "webhook secrets"
_VERSION = b"\x01"
_NONCE = 12


class SecretUnreadable(Exception):
    """Not sealed by this house for this endpoint: the house's key was changed."""


def new_secret() -> str:
    """`whsec_` and 32 random bytes in base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def sealed(endpoint_id: UUID, secret: str) -> bytes:
    nonce = os.urandom(_NONCE)
    key = AESGCM(lasting_key(_PURPOSE))
    return _VERSION + nonce + key.encrypt(nonce, secret.encode(), endpoint_id.bytes)


def sealed_old(endpoint_id: UUID, old: Sequence[tuple[datetime, str]]) -> bytes:
    """Secrets that sign for a while yet, each with its end."""
    return sealed(endpoint_id, json.dumps([(until.isoformat(), secret) for until, secret in old]))


def opened_old(endpoint_id: UUID, data: bytes) -> list[tuple[datetime, str]]:
    """Raises SecretUnreadable."""
    found = json.loads(opened(endpoint_id, data))
    return [(datetime.fromisoformat(until), secret) for until, secret in found]


def opened(endpoint_id: UUID, data: bytes) -> str:
    """The secret that was sealed; raises SecretUnreadable."""
    version, nonce, text = data[:1], data[1 : 1 + _NONCE], data[1 + _NONCE :]
    if version != _VERSION:
        raise SecretUnreadable
    try:
        return AESGCM(lasting_key(_PURPOSE)).decrypt(nonce, text, endpoint_id.bytes).decode()
    except (InvalidTag, ValueError) as error:
        raise SecretUnreadable from error


def headers(event_id: UUID, body: str, using: Sequence[str], at: datetime) -> dict[str, str]:
    """What goes along with a body: its id, the moment of this attempt (UTC, whole seconds), and a
    signature by each of the secrets. A repeat has the same id: receivers know it by that.
    """
    name = id_of(event_id)
    moment = at.replace(microsecond=0)
    return {
        "webhook-id": name,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(Webhook(one).sign(name, moment, body) for one in using),
    }


def id_of(event_id: UUID) -> str:
    """How an event is called outside."""
    return f"evt_{event_id.hex}"
