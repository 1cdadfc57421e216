"""Pages that are about whoever reads them: open to every official, whatever their role."""

from app.auth.guards import Caller, current
from app.auth.models import AccountKind
from app.errors import Forbidden


def official() -> Caller:
    """Who is here; raises Forbidden for residents, whose own pages are on their phones."""
    found = current()
    if found.kind is not AccountKind.OFFICIAL:
        raise Forbidden
    return found
