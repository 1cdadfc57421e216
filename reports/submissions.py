"""What a phone sends, and what became of it on the way in: values only."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import orjson

from reports.city.values import Category
from reports.places import Place
from reports.routing import Choice
from reports.statuses import Identity


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What a phone sends, validated and normalised. `photos` are ids of pictures already put."""

    id: UUID
    category: str
    lat: float  # degrees, WGS84
    lng: float
    description: str = ""
    place_note: str = ""
    photos: tuple[UUID, ...] = ()
    answers: Mapping[str, Any]
    identity: Identity = Identity.CONFIDENTIAL
    captured_at: datetime | None = None
    source: str = "app"
    consent: str | None = None  # version of the words that the person agreed to

    def digest(self) -> bytes:
        """SHA-256 of the content: what makes two submissions the same.

        For ever, so without what came later: an app that was renewed before it sent again what
        waited may name a consent that the first one did not.
        """
        content = {one.name: getattr(self, one.name) for one in fields(self)}
        del content["consent"]
        return sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).digest()


@dataclass(frozen=True, slots=True)
class Routed:
    """A submission that was understood: what it is, where, whose, and whether it is urgent."""

    category: Category
    place: Place
    choice: Choice
    urgent: bool
