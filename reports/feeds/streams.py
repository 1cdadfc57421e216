"""Lists of any length, one page in memory at a time. How many are given out at once: `turns`.

By key and not by a cursor of the database: whoever fetches a long list over a slow line holds
neither a connection nor a transaction between two pages (docs/adr/0040). The newest come first,
since the time of sending never changes: whatever happens meanwhile, no report comes twice.
"""

from collections.abc import Callable, Iterator

from reports import official_queue, queries
from reports.filters import Filters
from reports.geometry import Box
from reports.pages import Key, Rows
from reports.permissions import Viewer

PAGE = 500  # reports in memory


def public(
    filters: Filters, box: Box | None = None, *, crowded: bool = False, rows: int = PAGE
) -> Iterator[Rows]:
    """Pages of what anyone may see; `box` and `crowded` as `queries.in_box` takes them."""
    wide = crowded or "circle" in filters.perhaps_common

    def page(after: Key | None) -> Rows:
        if after and wide:
            return queries.onwards(filters, box, limit=rows, after=after)
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
