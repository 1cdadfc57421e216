"""A body as its reader may have it at this moment, signed; or why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
import structlog

from app.database import db
from notifications.ports import ports
from notifications.webhooks import endpoints, signing
from notifications.webhooks.backoff import MOST_TRIES
from notifications.webhooks.claims import Claim
from notifications.webhooks.models import TEST
from notifications.webhooks.ports import Asked
from notifications.webhooks.posting import Parcel

ABANDONED = "given up: every worker that tried it died"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class NotTold:
    """By now it is not the reader's to know."""


@dataclass(frozen=True, slots=True)
class Untellable:
    """What it says could not be worked out, or not signed. May get better."""

    why: str


def ready(claim: Claim, at: datetime) -> Parcel | NotTold | Untellable:
    """What is sent of an event now. Reads in the session, and leaves no transaction open."""
    if claim.tries > MOST_TRIES:
        return Untellable(ABANDONED)
    try:
        found = _ready(claim, at)
        db.session.commit()
        return found
    except signing.SecretUnreadable:
        db.session.commit()
        return Untellable("its secret cannot be read; make a new one")
    except Exception as error:  # one event's fault must not cost its neighbours
        log.exception("an event cannot be told", type=claim.type, delivery=claim.id)
        db.session.rollback()
        return Untellable(f"fault: {type(error).__name__}")


def _ready(claim: Claim, at: datetime) -> Parcel | NotTold:
    data = _data(claim)
    if data is None:
        return NotTold()
    body = body_of(claim, data)
    using = endpoints.opened(
        claim.endpoint_id, claim.secret, claim.old_secret, claim.old_secret_until, at
    )
    return Parcel(claim.url, body, signing.headers(claim.event_id, body, using, at))


def _data(claim: Claim) -> dict[str, Any] | None:
    if claim.type == TEST:
        return claim.facts
    asked = Asked(
        event_id=claim.event_id,
        type=claim.type,
        subject=claim.subject,
        at=claim.at,
        reader=claim.reader,
        locale=claim.locale,
        made_by=claim.made_by,
    )
    return ports().webhooks.data(asked, claim.facts)


def body_of(claim: Claim, data: Mapping[str, Any]) -> str:
    """What is sent and signed, as Standard Webhooks shapes it."""
    whole = {
        "type": claim.type,
        "timestamp": claim.at,
        "sequence": claim.sequence,
        "data": data,
    }
    return orjson.dumps(whole, option=orjson.OPT_UTC_Z).decode()
