"""What anyone is told of published months, as bytes: the same for everybody, until another month is
published, something is said of one, or the city is another. So each question is worked out once.
"""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response

from app.auth.guards import caller
from app.auth.models import AccountKind
from app.http import compressed, conditional, etag_for
from app.limits import by_account
from app.locale import current_locale
from reports.city import snapshot
from reports.figures.heat_cache import HeatCache
from reports.figures.public.published import all_published, kept_beside
from reports.figures.public.telling import notes

CACHE = "public, max-age=300"
#: Of strangers: what the map asks for while somebody moves it about.
LIMIT = "240 per minute"
MOST_BYTES = 8 * 1024 * 1024  # of one process; strangers choose what is asked


def by_stranger() -> str:
    """Whom LIMIT counts: a resident's account, else an address; nobody where an official asks."""
    found = caller()
    return "" if found and found.kind is AccountKind.OFFICIAL else by_account()


def answer(
    what: str, query: Mapping[str, Any], make: Callable[[], bytes], mimetype: str
) -> Response:
    """Bytes that were made for this question, else made now; `what` names the kind of answer."""
    body = kept_beside("answers", _new_cache).answer(_key(what, query), make)
    response = Response(body, mimetype=mimetype)
    return compressed(conditional(response, etag_for(1, body), cache=CACHE))


def _key(what: str, query: Mapping[str, Any]) -> tuple[object, ...]:
    city = snapshot.current()
    told = (*all_published(), *sorted(notes().items()))
    return (what, *sorted(query.items()), told, city.version, city.day, current_locale())


def _new_cache() -> HeatCache:
    return HeatCache(MOST_BYTES)
