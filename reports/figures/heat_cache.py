"""Answers of the map that were made already, as bytes, and hot spots that were found: as long as
the figures stand where they stood, what is asked for again is the same.

Each process keeps its own. What an answer depends on is its key: the query, whose reports are
counted and which are left out, the city, up to when the figures tell and which turn wrote them.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Generic, TypeVar

from flask import current_app

Value = TypeVar("Value")
MOST_BYTES = 32 * 1024 * 1024  # of one process


class Cache(Generic[Value]):
    """The answers asked for last, by their size as much as `most`; safe from any thread."""

    def __init__(self, most: int, size: Callable[[Value], int]) -> None:
        self._most, self._size = most, size
        self._held = 0
        self._kept: OrderedDict[Hashable, Value] = OrderedDict()
        self._lock = Lock()

    def answer(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """What is kept under a key, else what is made now."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        with self._lock:
            if key in self._kept:  # somebody else has made it meanwhile
                self._held -= self._size(self._kept.pop(key))
            self._held += self._size(made)
            self._kept[key] = made
            while self._held > self._most and self._kept:
                _, oldest = self._kept.popitem(last=False)
                self._held -= self._size(oldest)
        return made


class HeatCache(Cache[bytes]):
    """Of maps, as bytes."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        super().__init__(most, len)


def cache() -> HeatCache:
    """This app's."""
    kept: HeatCache = current_app.extensions.setdefault("xom.heat", HeatCache())
    return kept


def of_app(name: str, most: int) -> Cache[Any]:
    """This app's own of another kind, for so many answers."""
    kept: Cache[Any] = current_app.extensions.setdefault(f"xom.{name}", Cache(most, lambda _: 1))
    return kept
