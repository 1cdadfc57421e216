"""Lists of any length, one page in memory at a time, and how many may be given out at once.

By key and not by a cursor of the database: whoever fetches a long list over a slow line holds
neither a connection nor a transaction between two pages (docs/adr/0040). The newest come first,
since the time of sending never changes: whatever happens meanwhile, no report comes twice.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from threading import BoundedSemaphore

from flask import Response, current_app

from app.errors import Unavailable
from reports import official_queue, queries
from reports.filters import Filters
from reports.geometry import Box
from reports.pages import Key, Rows
from reports.permissions import Viewer

PAGE = 500  # reports in memory
AT_ONCE = 3  # long lists under way in one process: the rest of its eight threads serve people
_UNDER_WAY = "xom.long_lists"


class TooManyLists(Unavailable):
    code = "too-many-lists"
    vi = "Nhiều người đang tải danh sách cùng lúc. Thử lại sau {retry_after} giây."
    en = "Several lists are being downloaded just now. Try again in {retry_after} seconds."


def public(
    filters: Filters, box: Box | None = None, *, crowded: bool = False, rows: int = PAGE
) -> Iterator[Rows]:
    """Pages of what anyone may see; `box` and `crowded` as `queries.in_box` takes them."""

    def page(after: Key | None) -> Rows:
        if box is None:
            return queries.newest(filters, limit=rows, after=after)
        return queries.in_box(box, filters, limit=rows, after=after, crowded=crowded)

    return _pages(page, rows)


def queue(viewer: Viewer, filters: Filters, *, centre_id: int, rows: int = PAGE) -> Iterator[Rows]:
    """Pages of an official's queue."""

    def page(after: Key | None) -> Rows:
        return official_queue.page(
            viewer, filters, centre_id=centre_id, limit=rows, after=after, newest_first=True
        )

    return _pages(page, rows)


def _pages(page: Callable[[Key | None], Rows], rows: int) -> Iterator[Rows]:
    """`page` answers one row more than `rows` while there is another page."""
    after: Key | None = None
    while found := page(after):
        yield found[:rows]  # never an empty one
        if len(found) <= rows:
            return
        after = (found[rows - 1].submitted_at, found[rows - 1].id)


def in_turn(answer: Callable[[], Response]) -> Response:
    """The answer, while no more than AT_ONCE are under way in this process; its place is free again
    when it was sent, or when whoever fetched it left. Raises TooManyLists (503)."""
    places: BoundedSemaphore = current_app.extensions.setdefault(
        _UNDER_WAY, BoundedSemaphore(AT_ONCE)
    )
    if not places.acquire(blocking=False):
        raise TooManyLists(retry_after=20)
    with ExitStack() as place:
        place.callback(places.release)
        response = answer()
        leave = place.pop_all().close  # a second time it changes nothing
        response.response = _until_sent(response.iter_encoded(), leave)
        response.call_on_close(leave)
    return response


def _until_sent(pieces: Iterable[bytes], leave: Callable[[], None]) -> Iterator[bytes]:
    try:
        yield from pieces
    finally:
        leave()
