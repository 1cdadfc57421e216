"""Which page of a list this is: told in headers alone, since clients read the body as an array."""

from collections.abc import Iterator
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from reports.open311.asked import Page
from reports.open311.finding import Found

#: Not repeated in links: how the page was asked for, and the key.
_LEFT_OUT = frozenset(
    {"api_key", "page", "page_size", "per_page", "limit", "max_requests", "offset"}
)
#: Servers that stand before this one buffer some 4,000 bytes of an answer's head.
MOST_BYTES = 3000


def headers(
    page: Page, found: Found, *, address: str, given: MultiDict[str, str]
) -> dict[str, str]:
    """`X-Total-Count` where it is known, and `Link` (RFC 8288) to the pages beside this one, unless
    what was asked is too long to be said four times. `address` is the list's own, without its
    query."""
    kept = [(name, value) for name, value in given.items(multi=True) if name not in _LEFT_OUT]
    links = ", ".join(
        f'<{address}?{urlencode([*kept, *_asked(page, offset)])}>; rel="{rel}"'
        for rel, offset in _beside(page, found)
    )
    told = {} if found.total is None else {"X-Total-Count": str(found.total)}
    return told | ({"Link": links} if links and len(links) <= MOST_BYTES else {})


def _asked(page: Page, offset: int) -> list[tuple[str, int]]:
    """A page beside, by the way in which this one was asked for."""
    if page.counted:
        return [("offset", offset), ("limit", page.size)]
    return [("page", offset // page.size + 1), ("page_size", page.size)]


def _beside(page: Page, found: Found) -> Iterator[tuple[str, int]]:
    """By their first request's place."""
    size, offset, total = page.size, page.offset, found.total
    last = None if total is None else max(0, total - 1 - offset % size) // size * size
    last = None if last is None else last + offset % size
    if offset:
        yield "first", 0
        yield "prev", max(0, offset - size if last is None else min(offset - size, last))
    if found.more:
        yield "next", offset + size
        if last is not None:
            yield "last", last
