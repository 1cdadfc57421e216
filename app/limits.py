"""How often one caller may ask: windows counted in memory, or in Redis for several processes.

Why not Flask-Limiter: docs/adr/0017. What must hold across processes without Redis (tries of a
one-time code) is counted in PostgreSQL by its own part, not here.
"""

import math
import re
import time
from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import Any, NamedTuple, Protocol
from uuid import UUID

import structlog
from flask import Flask, Response, current_app, has_request_context, request

from app.addresses import network_of
from app.config import Config, Environment, UnsafeConfig
from app.errors import TooMany
from app.http import View

log = structlog.get_logger()

DEVICE_HEADER = "X-Installation-ID"
ENABLED = "RATELIMIT_ENABLED"  # in app.config; tests switch it on when they mean it
REDIS_REST = 5.0  # seconds for which Redis is left alone after it failed
_COUNTERS = "xom.counters"
_RATE = re.compile(r"(\d{1,9}) per (?:(\d{1,4}) )?(second|minute|hour|day)s?")
_UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
_HEADERS = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
_TOLD = "xom.limit"  # the tightest limit of this request, in its environ


class Window(NamedTuple):
    """Where a caller stands: asked so often in this window, which ends in so many seconds."""

    asked: int
    ends_in: float


class Rate(NamedTuple):
    amount: int
    seconds: int


def read_rates(text: str) -> list[Rate]:
    """`10 per hour; 50 per day` → the rates; ValueError for anything else. Empty: none."""
    rates = []
    for part in filter(None, (part.strip() for part in text.split(";"))):
        found = _RATE.fullmatch(part)
        if not found:
            raise ValueError(f"{part!r} is not a rate such as `10 per hour`")
        rates.append(Rate(int(found[1]), int(found[2] or 1) * _UNITS[found[3]]))
    return rates


class Counters(Protocol):
    def count(self, key: str, seconds: int) -> Window: ...


class MemoryCounters:
    """Fixed windows of this process. A window begins with its first request."""

    SWEEP_EVERY = 60.0

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._windows: dict[str, tuple[int, float]] = {}
        self._lock = Lock()
        self._sweep_at = clock() + self.SWEEP_EVERY

    def count(self, key: str, seconds: int) -> Window:
        with self._lock:
            now = self._clock()
            if now >= self._sweep_at:
                self._sweep(now)
            count, end = self._windows.get(key, (0, 0.0))
            if end <= now:
                count, end = 0, now + seconds
            self._windows[key] = (count + 1, end)
        return Window(count + 1, end - now)

    def _sweep(self, now: float) -> None:
        self._windows = {key: kept for key, kept in self._windows.items() if kept[1] > now}
        self._sweep_at = now + self.SWEEP_EVERY

    def __len__(self) -> int:
        return len(self._windows)


class RedisCounters:
    """The same windows for all processes; while Redis is away, each process counts for itself."""

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        # Here and not above: a house without Redis need not load its client.
        import redis  # type: ignore[import-not-found, unused-ignore]

        self._redis = redis.Redis.from_url(url, socket_timeout=0.3, socket_connect_timeout=0.3)
        self._failures = (redis.RedisError, OSError)
        self._own = MemoryCounters(clock)
        self._clock = clock
        self._away_until = 0.0

    def count(self, key: str, seconds: int) -> Window:
        if self._clock() < self._away_until:
            return self._own.count(key, seconds)
        try:
            return self._count_together(key, seconds)
        except self._failures as error:
            log.warning("redis is away: counting in this process", kind=type(error).__name__)
            self._away_until = self._clock() + REDIS_REST
            return self._own.count(key, seconds)

    def close(self) -> None:
        self._redis.close()

    def _count_together(self, key: str, seconds: int) -> Window:
        both = self._redis.pipeline(transaction=False)  # one round trip
        both.incr(key)
        both.pttl(key)
        asked, left_ms = both.execute()
        if left_ms < 0:  # the first of its window, or one that was killed before this line
            self._redis.expire(key, seconds)
            left_ms = seconds * 1000
        return Window(asked, left_ms / 1000)


def by_address() -> str:
    """The caller's address; of IPv6 the /64, since a household has that many to spend."""
    return f"address:{network_of(request.remote_addr)}"


def by_device() -> str:
    """The installed app, as it names itself; nobody for one that does not.

    Not the address instead: that may be a whole mobile network's, which one phone's share would
    shut out. A stranger can leave the name out, or take a new one with each request: use it under
    a limit by address.
    """
    device = request.headers.get(DEVICE_HEADER, "")
    return f"device:{device[:64]}" if device else ""


def named_device() -> UUID | None:
    """The installed app that sent this request, if it says so."""
    try:
        return UUID(request.headers.get(DEVICE_HEADER, ""))
    except ValueError:
        return None


def by_account() -> str:
    """The signed-in account; without one, the address."""
    account = current_app.extensions["xom.account_id"]()
    return f"account:{account}" if account else by_address()


def limit(rate: str, *, by: Callable[[], str] = by_address) -> Callable[[View], View]:
    """Bound one view: `@limit("10 per hour; 50 per day", by=by_account)`. May be stacked.

    Stand it right under the guard's mark, above `arguments`: what is malformed counts too. Of
    several the highest counts first. Where `by` finds nobody (""), this limit is left out.
    """
    rates = read_rates(rate)

    def decorate(view: View) -> View:
        scope = f"{view.__module__}.{view.__qualname__}"

        @wraps(view)
        def counted(*args: Any, **kwargs: Any) -> Any:
            if current_app.config[ENABLED] and (who := by()):
                for one in rates:
                    _count(one, f"{scope}:{who}")
            return view(*args, **kwargs)

        return counted  # type: ignore[return-value]

    return decorate


def unlimited(view: View) -> View:
    """Mark a view that the limit of all requests from one address leaves out (health checks)."""
    view.xom_unlimited = True  # type: ignore[attr-defined]
    return view


def init_limits(
    app: Flask, config: Config, *, account_id: Callable[[], Any] = lambda: None
) -> None:
    """Switch counting on. `account_id` tells the caller's account, or None."""
    app.config[ENABLED] = config.environment is not Environment.TEST
    app.extensions["xom.account_id"] = account_id
    try:
        rates = read_rates(config.address_limit)
        app.extensions[_COUNTERS] = _counters(config.redis_url)
    except ValueError as error:
        raise UnsafeConfig(f"XOM_ADDRESS_LIMIT or XOM_REDIS_URL cannot be used: {error}") from None

    @app.before_request
    def bound_address() -> None:
        if rates and app.config[ENABLED] and not _is_unlimited():
            who = by_address()
            for one in rates:
                _count(one, f"all:{who}")

    app.after_request(_tell)


def _counters(redis_url: str) -> Counters:
    return RedisCounters(redis_url) if redis_url else MemoryCounters()


def _is_unlimited() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return hasattr(view, "xom_unlimited")


def _count(rate: Rate, key: str) -> None:
    counters: Counters = current_app.extensions[_COUNTERS]
    window = counters.count(f"xom:{rate.seconds}:{key}", rate.seconds)
    left, wait = rate.amount - window.asked, max(1, math.ceil(window.ends_in))
    tell(rate.amount, left=left, ends_in=wait)
    if left < 0:
        raise TooMany(retry_after=wait)


def tell(amount: int, *, left: int, ends_in: int) -> None:
    """Note one limit of this request, counted by whoever says so, for the answer's headers."""
    if not has_request_context():
        return
    told = request.environ.get(_TOLD)
    if told is None or left < told[1]:
        request.environ[_TOLD] = (amount, max(left, 0), ends_in)


def _tell(response: Response) -> Response:
    """The limit that binds first: how many requests are left, and in how many seconds all are."""
    told = request.environ.get(_TOLD)
    if told:
        for name, figure in zip(_HEADERS, told, strict=True):
            response.headers.add(name, str(figure))
    return response
