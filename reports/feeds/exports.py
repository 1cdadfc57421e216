"""An official's queue as a file: all of it, with the words as they were sent. That somebody took it
along stands in the audit log, with the names of what it was narrowed by.
"""

from collections.abc import Iterable, Iterator

from app import audit
from reports.feeds import streams
from reports.filters import Filters
from reports.pages import Rows
from reports.permissions import Viewer


def begin(
    viewer: Viewer, filters: Filters, *, named: Iterable[str], centre_id: int
) -> Iterator[Rows]:
    """Record that the queue is taken along, and its pages. Flushes: commit before they are read."""
    audit.record("queue.export", subject="queue", actor_id=viewer.account_id, fields=sorted(named))
    return streams.queue(viewer, filters, centre_id=centre_id)
