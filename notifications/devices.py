"""The installed apps and browsers that a person has linked. An address belongs to one device, and a
device to whoever signed in on it last.
"""

import hashlib
import json
import re
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from app import strict_json
from app.config import Config
from app.database import db
from app.errors import Malformed
from notifications.endpoints import EndpointRefused, check_endpoint
from notifications.errors import BadAddress, DeviceTaken
from notifications.models import Device, DeviceKind

LONGEST = 4096  # letters of an address
MOST_DEVICES = 20  # of one account; the one that was seen longest ago makes room

_TOKEN = re.compile(r"[\x21-\x7e]{8,4096}")
_FID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_KEY = re.compile(r"[A-Za-z0-9_-]{16,200}={0,2}")


def register(
    account_id: UUID,
    installation_id: UUID,
    *,
    kind: DeviceKind,
    address: str,
    locale: str,
    at: datetime,
) -> None:
    """Link a device, or change its link; `address` as `checked_address` gave it.

    Another account's link to this installation ends: the phone has changed hands. The same address
    under another installation ends too: the app was installed anew.
    """
    sha256 = _identity(kind, address)
    db.session.execute(select(func.pg_advisory_xact_lock(int.from_bytes(sha256[:7], "big"))))
    db.session.execute(
        delete(Device).where(
            Device.address_sha256 == sha256, Device.installation_id != installation_id
        )
    )
    values = {
        "account_id": account_id,
        "kind": kind,
        "address": address,
        "address_sha256": sha256,
        "locale": locale,
        "seen_at": at,
    }
    db.session.execute(
        insert(Device)
        .values(installation_id=installation_id, created_at=at, **values)
        .on_conflict_do_update(index_elements=["installation_id"], set_=values)
    )
    _make_room(account_id)


def refuse_another_accounts(
    account_id: UUID, installation_id: UUID, kind: DeviceKind, address: str
) -> None:
    """Raise DeviceTaken when this installation, or this address, is linked to another account."""
    taken = select(Device.installation_id).where(
        or_(
            Device.installation_id == installation_id,
            Device.address_sha256 == _identity(kind, address),
        ),
        Device.account_id != account_id,
    )
    if db.session.scalar(taken.limit(1)):
        raise DeviceTaken


def forget(account_id: UUID, installation_id: UUID) -> None:
    """Unlink one of this account's devices. One that is not there, or not theirs, is no error."""
    db.session.execute(
        delete(Device).where(
            Device.installation_id == installation_id, Device.account_id == account_id
        )
    )


def forget_all(account_id: UUID) -> None:
    """Unlink all of an account's devices: it was disabled, or is being erased."""
    db.session.execute(delete(Device).where(Device.account_id == account_id))


def forget_others(account_id: UUID, kept: UUID) -> None:
    """Unlink all of an account's devices but this one: whoever holds them is signed out."""
    others = Device.account_id == account_id, Device.installation_id != kept
    db.session.execute(delete(Device).where(*others))


def checked_address(kind: DeviceKind, address: str | dict[str, Any], config: Config) -> str:
    """The address as it is stored. Raises BadAddress for what cannot be one."""
    if kind is DeviceKind.WEBPUSH:
        return _subscription(address, config)
    pattern = _FID if kind is DeviceKind.FCM_FID else _TOKEN
    if not isinstance(address, str) or not pattern.fullmatch(address):
        raise BadAddress(field="address")
    return address


def _subscription(address: str | dict[str, Any], config: Config) -> str:
    """What `PushSubscription.toJSON()` gives, as an object or as its text."""
    try:
        given = _parsed(address) if isinstance(address, str) else address
        endpoint, keys = given["endpoint"], given["keys"]
        subscription = {"endpoint": endpoint, "keys": {k: keys[k] for k in ("p256dh", "auth")}}
        check_endpoint(endpoint, config)
        sound = all(_KEY.fullmatch(key) for key in subscription["keys"].values())
    except (EndpointRefused, Malformed, KeyError, TypeError) as error:
        raise BadAddress(field="address") from error
    text = json.dumps(subscription)
    if not sound or len(text) > LONGEST:
        raise BadAddress(field="address")
    return text


def _parsed(address: str) -> Any:
    if len(address) > LONGEST:
        raise BadAddress(field="address")
    return strict_json.loads(address)


def _identity(kind: DeviceKind, address: str) -> bytes:
    """What makes two addresses one: of a subscription, the endpoint without its keys."""
    one = json.loads(address)["endpoint"] if kind is DeviceKind.WEBPUSH else address
    return hashlib.sha256(f"{kind}:{one}".encode()).digest()


def _make_room(account_id: UUID) -> None:
    kept = (
        select(Device.installation_id)
        .where(Device.account_id == account_id)
        .order_by(Device.seen_at.desc(), Device.installation_id)
        .limit(MOST_DEVICES)
    )
    db.session.execute(
        delete(Device).where(Device.account_id == account_id, Device.installation_id.not_in(kept))
    )
