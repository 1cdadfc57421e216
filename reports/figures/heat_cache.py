"""Answers of the map that were made already, as bytes: as long as the figures stand where they
stood, a map asked for again is the same.

Each process keeps its own. What an answer depends on is its key: the query, whose reports are
counted and which are left out, the city, and up to when the figures tell.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

from flask import current_app

MOST_BYTES = 32 * 1024 * 1024  # of one process


class HeatCache:
    """The answers asked for last; safe from any thread."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most = most
        self._held = 0
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()
        self._lock = Lock()

    def answer(self, key: Hashable, make: Callable[[], bytes]) -> bytes:
        """The bytes kept under a key, else those that are made now."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        with self._lock:
            self._held += len(made) - len(self._kept.pop(key, b""))
            self._kept[key] = made
            while self._held > self._most and self._kept:
                _, oldest = self._kept.popitem(last=False)
                self._held -= len(oldest)
        return made


def cache() -> HeatCache:
    """This app's."""
    kept: HeatCache = current_app.extensions.setdefault("xom.heat", HeatCache())
    return kept
