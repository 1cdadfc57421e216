"""Streets and addresses by name, and the street's name of a point, from an outside host: Nominatim,
when a city has set one (`XOM_NOMINATIM_URL`). Without it, or while it fails, areas alone are known.

What leaves the house is the words typed, or the pin, and the language; never who asks, nor from
where. Call it with no transaction open: an answer may take seconds.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException
from threading import BoundedSemaphore, Lock
from time import monotonic, sleep
from typing import Any
from urllib.parse import urlsplit

import structlog
from flask import current_app
from geopy.adapters import URLLibAdapter
from geopy.exc import GeocoderServiceError, GeocoderTimedOut, GeopyError
from geopy.geocoders import Nominatim

from reports.places import distance_m

PUBLIC_HOST = "nominatim.openstreetmap.org"
USER_AGENT = "xom"
TIMEOUT_S = 3.0
PUBLIC_EVERY_S = 1.0  # the public host's own rule, for each of our processes
AT_ONCE = 2  # threads of this process that may wait for an answer
REST_S = 15.0  # after a failure nobody asks: a dead host must not cost each of us seconds
KEPT_S, MOST_KEPT = 600.0, 1000
MOST_FOUND = 10
MOST_BYTES = 512 * 1024
LONGEST = 120  # letters of a name
BESIDE_M = 60  # a house farther off is not the one before which somebody stands

Box = tuple[float, float, float, float]  # west, south, east, north
Json = dict[str, Any]

_TROUBLE = (GeopyError, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError,
            ValueError)  # fmt: skip

_GO_AWAY = frozenset({401, 402, 403, 407, 408, 429})

log = structlog.get_logger()
logging.getLogger("geopy").setLevel(logging.WARNING)  # it would log addresses that people typed


@dataclass(frozen=True, slots=True)
class Found:
    """A place: `kind` is street, address or place; `road` is where the latter two stand."""

    name: str
    road: str
    lat: float
    lng: float
    kind: str


class Geocoder:
    """One process's way to a Nominatim. Safe for threads."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._nominatim = Nominatim(
            user_agent=USER_AGENT,
            domain=f"{parts.netloc}{parts.path}".rstrip("/"),
            scheme=parts.scheme,
            timeout=TIMEOUT_S,
            adapter_factory=_Bounded,
        )
        self._pace = Pace(PUBLIC_EVERY_S if parts.hostname == PUBLIC_HOST else 0.0)
        self._turn = BoundedSemaphore(AT_ONCE)
        self._kept = _Kept()
        self._rests_until = 0.0

    def search(self, text: str, *, box: Box, locale: str) -> list[Found] | None:
        """Streets, addresses and places of that name within the box; None: cannot be told now."""
        west, south, east, north = box

        def ask() -> list[Found]:
            places = self._nominatim.geocode(
                text,
                exactly_one=False,
                limit=MOST_FOUND,
                addressdetails=True,
                language=locale,
                viewbox=((south, west), (north, east)),
                bounded=True,
            )
            return [found for place in places or () if (found := _found(place.raw))]

        return self._asked(("search", text.casefold(), box, locale), ask)

    def name_of(self, lat: float, lng: float, *, locale: str) -> Found | None:
        """The address or street at a point; None when there is none, or it cannot be told now."""

        def ask() -> list[Found]:
            place = self._nominatim.reverse(
                (lat, lng), zoom=18, addressdetails=True, language=locale
            )
            found = _street_at(place.raw, lat, lng) if place else None
            return [found] if found else []

        return next(iter(self._asked(("name", lat, lng, locale), ask) or []), None)

    def _asked(self, key: Any, ask: Callable[[], list[Found]]) -> list[Found] | None:
        """The kept answer, or a new one; None when the host may not or cannot be asked."""
        kept: list[Found] | None = self._kept.get(key)
        if kept is not None:
            return kept
        if monotonic() < self._rests_until or not self._turn.acquire(blocking=False):
            return None
        try:
            wait = self._pace.wait_s(monotonic())
            if wait is None:
                return None
            sleep(wait)
            found = ask()
        except _TROUBLE as error:
            # Garbage comes out of geopy as whatever it stumbled over.
            if not _refused_these_words(error):
                self._rests_until = monotonic() + REST_S
            log.warning("geocoding failed", kind=type(error).__name__)
            return None
        finally:
            self._turn.release()
        self._kept.put(key, found)
        return found


class Pace:
    """At most one call in so many seconds. One may wait for its turn; the next may not ask."""

    def __init__(self, every_s: float) -> None:
        self.every_s = every_s
        self._free_at = 0.0
        self._lock = Lock()

    def wait_s(self, at: float) -> float | None:
        """How long to wait from `at`; None: others wait already."""
        with self._lock:
            turn = max(at, self._free_at)
            if turn - at > self.every_s:
                return None
            self._free_at = turn + self.every_s
            return turn - at


class _Kept:
    """Answers of the last minutes: people type, look, go back and look again."""

    def __init__(self) -> None:
        self._answers: dict[Any, tuple[float, Any]] = {}
        self._lock = Lock()

    def get(self, key: Any) -> Any:
        with self._lock:
            until, answer = self._answers.get(key, (0.0, None))
        return answer if monotonic() < until else None

    def put(self, key: Any, answer: Any) -> None:
        with self._lock:
            if len(self._answers) >= MOST_KEPT:
                del self._answers[next(iter(self._answers))]  # the oldest
            self._answers[key] = (monotonic() + KEPT_S, answer)


class _Bounded(URLLibAdapter):  # type: ignore[misc]
    """No second try, no endless body, and no body that takes for ever."""

    def _decode_page(self, page: Any) -> str:
        read, until = b"", monotonic() + TIMEOUT_S
        try:
            while part := page.read1(65536):
                read += part
                if len(read) > MOST_BYTES:
                    raise GeocoderServiceError("too long an answer")
                if monotonic() > until:
                    raise GeocoderTimedOut("too slow an answer")
        except (OSError, HTTPException) as error:
            raise GeocoderServiceError("an answer cut off") from error
        return read.decode()


def _refused_these_words(error: Exception) -> bool:
    """Is the host well, and only this question not to its liking? Who is told to go away goes."""
    status = getattr(error.__cause__, "status_code", None)
    return status is not None and 400 <= status < 500 and status not in _GO_AWAY


def _found(raw: Json) -> Found | None:
    """One place of an answer in our words; None for what has no name."""
    house, road = _address(raw)
    lat, lng = float(raw["lat"]), float(raw["lon"])
    own = str(raw.get("name") or "")[:LONGEST]
    if raw.get("class") == "highway":
        return Found(own or road, "", lat, lng, "street") if own or road else None
    if house and (not own or raw.get("class") in {"place", "building"}):
        return Found(house, road, lat, lng, "address")
    return Found(own, house or road, lat, lng, "place") if own else None


def _street_at(raw: Json, lat: float, lng: float) -> Found | None:
    """The house before which somebody stands; of one farther off, its street alone."""
    house, road = _address(raw)
    there = float(raw["lat"]), float(raw["lon"])
    if house and distance_m((lat, lng), there) <= BESIDE_M:
        return Found(house, road, *there, "address")
    return Found(road, "", *there, "street") if road else None


def _address(raw: Json) -> tuple[str, str]:
    """House with its street ("27 Lê Lợi"), and the street; empty where not told."""
    told = raw.get("address") or {}
    road, number = (str(told.get(name) or "")[:LONGEST] for name in ("road", "house_number"))
    return (f"{number} {_plain(road)}" if number and road else ""), road


def _plain(road: str) -> str:
    """Without the word for a street: a house stands at 27 Lê Lợi."""
    for word in ("Đường ", "Phố "):
        if road.startswith(word) and len(road) > len(word):
            return road.removeprefix(word)
    return road


def geocoder() -> Geocoder | None:
    """This app's, when a city has set one."""
    kept: Geocoder | None = current_app.extensions.get("xom.geocoder")
    if kept is None and (url := current_app.extensions["xom.config"].nominatim_url):
        kept = current_app.extensions.setdefault("xom.geocoder", Geocoder(url))
    return kept
