"""Which page of a list this is: told in headers alone, since clients read the body as an array."""

from collections.abc import Iterator
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from reports.open311.asked import Asked

#: Not repeated in links: how the page was asked for, and the key.
_LEFT_OUT = frozenset(
    {"api_key", "page", "page_size", "per_page", "limit", "max_requests", "offset"}
)


def headers(
    asked: Asked, total: int, *, address: str, given: MultiDict[str, str]
) -> dict[str, str]:
    """`X-Total-Count`, and `Link` (RFC 8288) to the pages beside this one. `address` is the list's
    own, without its query."""
    kept = [(name, value) for name, value in given.items(multi=True) if name not in _LEFT_OUT]
    links = [
        f'<{address}?{urlencode([*kept, ("page", page), ("page_size", asked.size)])}>; rel="{rel}"'
        for rel, page in _beside(asked, total)
    ]
    told = {"X-Total-Count": str(total)}
    return told | ({"Link": ", ".join(links)} if links else {})


def _beside(asked: Asked, total: int) -> Iterator[tuple[str, int]]:
    page, last = asked.offset // asked.size + 1, max(1, -(-total // asked.size))
    if page > 1:
        yield "first", 1
        yield "prev", min(page - 1, last)
    if page < last:
        yield "next", page + 1
        yield "last", last
