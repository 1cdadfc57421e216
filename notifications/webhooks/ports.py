"""What webhooks need from above: which events there are, what one says to whom, who answers for an
endpoint. Below nothing is known but names.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Select, select

from app.auth.models import Account


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One event, as one reader may be told of it. Equal ones are told alike."""

    event_id: UUID
    type: str
    subject: str
    at: datetime
    reader: str
    locale: str
    made_by: UUID  # whoever made the endpoint


class Telling(Protocol):
    """What the house above says of its events."""

    def events(self, reader: str) -> Collection[str]:
        """The kinds of events that an endpoint of this reader may choose."""
        ...

    def data(self, asked: Asked, facts: Mapping[str, Any]) -> dict[str, Any] | None:
        """What is told of an event now; None when it is no longer this reader's to know. Reads in
        the session."""
        ...

    def owners(self, reader: str, made_by: UUID) -> Select[Any]:
        """The accounts that answer for an endpoint: told when it was switched off."""
        ...


class NothingToTell:
    """A house in which nothing happens."""

    def events(self, reader: str) -> Collection[str]:
        return ()

    def data(self, asked: Asked, facts: Mapping[str, Any]) -> dict[str, Any] | None:
        return None

    def owners(self, reader: str, made_by: UUID) -> Select[Any]:
        return select(Account.id).where(Account.id == made_by)
