"""What a page has to know of the city before it asks the API anything: its name, and whom to call.

A phone that opens the page while the database is away must get it all the same, so the facts that
this process has seen last stay; only one that has never seen any has none.
"""

from dataclasses import dataclass, replace
from time import monotonic
from typing import Any

import orjson
import structlog
from flask import current_app

from app.clock import now
from app.database_trouble import database_trouble
from app.errors import Unavailable
from reports import notices
from reports.city import snapshot
from reports.city.snapshot import City
from reports.city.values import Hotline

log = structlog.get_logger()
_LAST = "xom.page_facts"
_NOTICES = "xom.page_notices"
NOTICES_FOR_S = 20


@dataclass(frozen=True, slots=True)
class CityFacts:
    """In one language. `known` is False for a server that has seen no city yet."""

    name: str = ""
    hotline: dict[str, str] | None = None  # {name, number}: the city's own
    hotlines: tuple[dict[str, Any], ...] = ()  # {name, number, words}: whom to call in danger
    notices: tuple[dict[str, Any], ...] = ()  # as GET /notices tells them
    known: bool = False


def facts(locale: str) -> CityFacts:
    """The city in the reader's language, as it was last seen."""
    kept: dict[str, CityFacts] = current_app.extensions.setdefault(_LAST, {})
    try:
        city = snapshot.current()
        kept[locale] = replace(read(city, locale), notices=_standing(city, locale))
    except Exception as error:
        if not isinstance(error, Unavailable) and database_trouble(error) is None:
            raise
        log.warning("a page was given the city as last seen", kind=type(error).__name__)
    return last_seen(locale)


def _standing(city: City, locale: str) -> tuple[dict[str, Any], ...]:
    """The notices, at most NOTICES_FOR_S old: in the page itself, so that none pushes it down."""
    kept: dict[str, tuple[float, Any]] = current_app.extensions.setdefault(_NOTICES, {})
    until, known = kept.get(locale, (0.0, ()))
    if monotonic() < until:
        return tuple(known)
    told = orjson.loads(orjson.dumps(notices.live(city, locale=locale, at=now())))
    kept[locale] = monotonic() + NOTICES_FOR_S, told
    return tuple(told)


def last_seen(locale: str) -> CityFacts:
    """What this process knows of the city without asking."""
    kept: dict[str, CityFacts] = current_app.extensions.get(_LAST, {})
    return kept.get(locale, CityFacts())


def read(city: City, locale: str) -> CityFacts:
    profile = city.profile
    return CityFacts(
        name=profile.name_vi if locale == "vi" else profile.name_en,
        hotline=_own_line(city, locale),
        hotlines=tuple(_told(line, locale) for line in profile.hotlines),
        known=True,
    )


def _own_line(city: City, locale: str) -> dict[str, str] | None:
    """The city's own number: the centre's, under the name that the city gives it."""
    number = city.centre.phone
    if not number:
        return None
    named = next((line for line in city.profile.hotlines if line.number == number), None)
    office = city.centre.name_vi if locale == "vi" else city.centre.name_en
    return {"name": _name(named, locale) if named else office, "number": number}


def _told(line: Hotline, locale: str) -> dict[str, Any]:
    return {"name": _name(line, locale), "number": line.number, "words": list(line.words)}


def _name(line: Hotline, locale: str) -> str:
    return line.vi if locale == "vi" else line.en
