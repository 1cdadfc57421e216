"""How many long lists are under way in one process, whose, and how slowly they may be fetched.

A list that is longer than the server's buffer holds a thread until its reader has taken the rest.
So officials and strangers have places of their own, nobody has two, and whoever keeps us waiting
for too long is cut off: the file ends without its end, which HTTP tells from a whole one.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from threading import Lock

from flask import Response, current_app

from app.errors import TooMany, Unavailable
from app.limits import by_account, by_address

STRANGERS, OFFICIALS = 2, 2  # places: the rest of a process's eight threads serve people
PATIENCE = 30.0  # seconds that any reader may keep us waiting
SLOWEST = 50_000  # bytes a second that they must take on average after that
LONGEST = 900.0  # seconds that they may keep us waiting in all
_SOON = 20  # seconds
_UNDER_WAY = "xom.long_lists"


class TooManyLists(Unavailable):
    code = "too-many-lists"
    vi = "Nhiều người đang tải danh sách cùng lúc. Thử lại sau {retry_after} giây."
    en = "Several lists are being downloaded just now. Try again in {retry_after} seconds."


class OneListAtATime(TooMany):
    code = "one-list-at-a-time"
    vi = "Bạn hoặc ai đó cùng mạng đang tải một danh sách. Thử lại sau {retry_after} giây."
    en = (
        "You, or somebody on your network, are downloading a list already."
        " Try again in {retry_after} seconds."
    )


class FetchedTooSlowlyError(Exception):
    """Half of a list was sent: nothing can be answered any more but that it ends here."""


def for_anyone(answer: Callable[[], Response]) -> Response:
    """The answer, in a stranger's place, of which an address has one at a time. Raises TooManyLists
    (503), OneListAtATime (429)."""
    return _in_turn(answer, "strangers", STRANGERS, by_address())


def for_officials(answer: Callable[[], Response]) -> Response:
    """The same in an official's place: one for each account."""
    return _in_turn(answer, "officials", OFFICIALS, by_account())


class _Places:
    """Who has one. One object a process, whose threads share it."""

    def __init__(self) -> None:
        self._taken: dict[str, set[str]] = {}
        self._lock = Lock()

    def take(self, kind: str, most: int, who: str) -> Callable[[], None]:
        """How to give it back: once, a second time changes nothing."""
        with self._lock:
            taken = self._taken.setdefault(kind, set())
            if who in taken:
                raise OneListAtATime(retry_after=_SOON)
            if len(taken) >= most:
                raise TooManyLists(retry_after=_SOON)
            taken.add(who)
        place = ExitStack()
        place.callback(taken.remove, who)
        return place.close


def _in_turn(answer: Callable[[], Response], kind: str, most: int, who: str) -> Response:
    """Its place is free again when it was sent, or when whoever fetched it left."""
    places: _Places = current_app.extensions.setdefault(_UNDER_WAY, _Places())
    leave = places.take(kind, most, who)
    with ExitStack() as unless_begun:
        unless_begun.callback(leave)
        response = answer()
        response.response = _until_sent(response.iter_encoded(), leave)
        response.call_on_close(leave)
        unless_begun.pop_all()
    return response


def _until_sent(pieces: Iterable[bytes], leave: Callable[[], None]) -> Iterator[bytes]:
    try:
        yield from _while_fetched(pieces)
    finally:
        leave()


def _while_fetched(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """As long as the reader takes them fast enough; the time in which we make them is ours. Raises
    FetchedTooSlowlyError."""
    waited, sent = 0.0, 0
    for piece in pieces:
        if waited > min(LONGEST, PATIENCE + sent / SLOWEST):
            raise FetchedTooSlowlyError(f"{sent} bytes in {waited:.0f} s")
        handed = time.monotonic()
        yield piece
        waited += time.monotonic() - handed
        sent += len(piece)
