"""How often one caller may ask. Counted by Flask-Limiter, in memory or in Redis.

What must hold across processes without Redis (tries of a one-time code) is counted in PostgreSQL by
its own part, not here.
"""

import ipaddress
import math
import time
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, current_app, request
from flask_limiter import Limiter, RateLimitExceeded, RequestLimit, RouteLimit

from app.config import Config, Environment
from app.errors import TooMany
from app.problems import answer

DEVICE_HEADER = "X-Installation-ID"


def by_address() -> str:
    """The caller's address; of IPv6 the /64, since a household has that many to spend."""
    text = request.remote_addr or "unknown"
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return f"address:{text}"
    if address.version == 6:
        return f"address:{ipaddress.ip_network((address, 64), strict=False).network_address}"
    return f"address:{address}"


def by_device() -> str:
    """The installed app, as it names itself; without a name, the address."""
    device = request.headers.get(DEVICE_HEADER, "")
    return f"device:{device[:64]}" if device else by_address()


def by_account() -> str:
    """The signed-in account; without one, the address."""
    account = current_app.extensions["xom.account_id"]()
    return f"account:{account}" if account else by_address()


limiter = Limiter(
    by_address,
    application_limits=[lambda: current_app.config["XOM_ADDRESS_LIMIT"]],
    in_memory_fallback_enabled=True,
    key_prefix="xom",
)


@limiter.request_filter
def _switched_off() -> bool:
    return not current_app.config["RATELIMIT_ENABLED"]


def limit(rate: str, *, by: Callable[[], str] = by_address) -> RouteLimit:
    """Bound one view: `@limit("10 per hour", by=by_account)`. Several may be stacked.

    Stands below the route and the guard, nearest to the function.
    """
    return limiter.limit(rate, key_func=by, override_defaults=False)


def init_limits(
    app: Flask, config: Config, *, account_id: Callable[[], Any] = lambda: None
) -> None:
    """Switch counting on. `account_id` tells the caller's account, or None."""
    app.config["RATELIMIT_STORAGE_URI"] = config.redis_url or "memory://"
    app.config.setdefault("XOM_ADDRESS_LIMIT", "600 per minute")
    app.extensions["xom.account_id"] = account_id
    app.config["RATELIMIT_ENABLED"] = True  # or Flask-Limiter would not set itself up at all
    limiter.init_app(app)
    app.config["RATELIMIT_ENABLED"] = config.environment is not Environment.TEST
    app.after_request(_tell_limits)
    app.register_error_handler(RateLimitExceeded, _answer_exceeded)


def _tell_limits(response: Response) -> Response:
    """How much is left of the limit that binds first, and in how many seconds it is whole again.

    Not by Flask-Limiter itself: it tells the reset as a date and Retry-After with every success.
    """
    bound = limiter.current_limit
    if bound is None:
        return response
    wait = _seconds_until(bound)
    response.headers["RateLimit-Limit"] = str(bound.limit.amount)
    response.headers["RateLimit-Remaining"] = str(max(bound.remaining, 0))
    response.headers["RateLimit-Reset"] = str(wait)
    return response


def _answer_exceeded(_: RateLimitExceeded) -> Response:
    bound = limiter.current_limit
    return answer(TooMany(retry_after=_seconds_until(bound) if bound else 60))


def _seconds_until(bound: RequestLimit) -> int:
    """Whole seconds until a limit is whole again, at least one."""
    return max(1, math.ceil(bound.window.reset_time - time.time()))
