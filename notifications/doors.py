"""Readers who sign in nowhere, offices that are written to by mail: what their letters need. Who
they are, and what their links may open, is for whoever hands this in (`ports`).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Door:
    """Where a letter goes whose reader signs in nowhere: an address, and the page that it opens
    there. The path is a secret between the letter and its reader."""

    address: str
    path: str


Subject = tuple[UUID, str]  # an account, and what it is told of


class Doors(Protocol):
    """The readers who sign in nowhere: offices that are written to by mail."""

    def readers(self) -> Collection[UUID]:
        """Their accounts."""
        ...

    def open(self, wanted: Collection[Subject]) -> Mapping[Subject, Door]:
        """A way in to each of these subjects; none for what is no longer theirs. What it writes
        is committed before a letter leaves."""
        ...


class NoDoors:
    """A city in which everybody signs in."""

    def readers(self) -> Collection[UUID]:
        return ()

    def open(self, wanted: Collection[Subject]) -> Mapping[Subject, Door]:
        return {}
