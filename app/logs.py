"""Logs: one line an event, with fields and the request's id, and nothing personal.

JSON for machines, columns for a terminal. The standard library's loggers speak through the same
format. In production an exception is told by its kind and place alone: its words may hold what a
person typed.
"""

import logging
import sys
import time
import traceback
from collections.abc import MutableMapping
from pathlib import PurePath
from typing import Any

import orjson
import structlog
from flask import Flask, Response, g, request

from app.config import ROOT, Config

log = structlog.get_logger()

#: Fields that never reach a log, whoever puts them there.
PERSONAL = frozenset(
    {"authorization", "cookie", "password", "token", "id_token", "secret", "phone", "email"}
    | {"person_name", "description", "note", "lat", "lng", "q", "body"}
)
#: Loggers that tell addresses, links or arguments of what they do.
_TOO_TALKATIVE = {
    "werkzeug": logging.WARNING,
    "httpx": logging.WARNING,
    "urllib3": logging.ERROR,
    "google": logging.WARNING,
    "PIL": logging.WARNING,
}
#: A method is any word that a stranger likes: others are not told.
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_QUIET_ROUTES = frozenset({"/healthz", "/readyz", "/metrics"})
_FRAMES = 12

Event = MutableMapping[str, Any]


def init_logs(app: Flask, config: Config) -> None:
    """Set the format up and tell each request in one line. First of all `init_…`."""
    configure_logs(as_json=config.log_json, with_words=not config.is_production)
    jobs = logging.NOTSET if config.log_requests else logging.WARNING
    logging.getLogger("procrastinate").setLevel(jobs)

    @app.before_request
    def start() -> None:
        g.xom_started = time.perf_counter()

    @app.after_request
    def tell(response: Response) -> Response:
        if config.log_requests or response.status_code >= 500:
            _tell_request(response)
        return response


def _tell_request(response: Response) -> None:
    """Method, route, status, time. The route's template: paths and queries stay untold."""
    rule = request.url_rule
    route = rule.rule if rule else None
    if route not in _QUIET_ROUTES:
        spent = (time.perf_counter() - g.xom_started) * 1000
        log.info(
            "request",
            method=request.method if request.method in METHODS else "other",
            route=route,
            status=response.status_code,
            ms=round(spent, 1),
        )


def configure_logs(*, as_json: bool, with_words: bool) -> None:
    """Also for processes without requests (worker, commands). Calling it again replaces it."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        hide_personal,
        structlog.processors.format_exc_info if with_words else tell_place_only,
    ]
    render: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(serializer=_as_json)
        if as_json
        else structlog.dev.ConsoleRenderer(
            timestamp_key="at",
            colors=sys.stderr.isatty(),  # a log file holds no colours
            exception_formatter=structlog.dev.plain_traceback,
        )
    )
    structlog.configure(
        processors=[*shared, render],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=_writer,
        cache_logger_on_first_use=False,
    )
    _capture_standard_loggers(shared, render)


_writers: dict[int, structlog.WriteLogger] = {}


def _writer(*_: Any) -> structlog.WriteLogger:
    """One writer for standard error; another where somebody has put another file there."""
    known = _writers.get(id(sys.stderr))
    if known is None or known._file is not sys.stderr:
        known = _writers[id(sys.stderr)] = structlog.WriteLogger(sys.stderr)
    return known


def _capture_standard_loggers(
    shared: list[structlog.typing.Processor], render: structlog.typing.Processor
) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.name = "xom"
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared[:2], structlog.stdlib.add_logger_name, *shared[2:]],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
        )
    )
    root = logging.getLogger()
    for old in [known for known in root.handlers if known.name == "xom"]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    for name, level in _TOO_TALKATIVE.items():
        logging.getLogger(name).setLevel(level)


def hide_personal(_: Any, __: str, event: Event) -> Event:
    """The last net: a field with a personal name loses its value."""
    for name in PERSONAL & event.keys():
        event[name] = "[hidden]"
    return event


def tell_place_only(_: Any, __: str, event: Event) -> Event:
    """Replace an exception by the kinds and places of its chain, without a word of its text."""
    error = _exception(event.pop("exc_info", None))
    chain: list[str] = []
    while error is not None and len(chain) < 5:
        frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
        places = [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
        kind = f"{type(error).__module__}.{type(error).__qualname__}"
        chain.append(f"{kind} at {' < '.join(reversed(places))}")
        error = error.__cause__ or error.__context__
    if chain:
        event["exception"] = chain
    return event


def _exception(info: Any) -> BaseException | None:
    if isinstance(info, BaseException):
        return info
    if isinstance(info, tuple):
        found = info[1]
        return found if isinstance(found, BaseException) else None
    return sys.exc_info()[1] if info else None


def _short(filename: str) -> str:
    """A path within the checkout, or the last parts of a library's."""
    path = PurePath(filename)
    if path.is_relative_to(ROOT) and "site-packages" not in path.parts:
        return str(path.relative_to(ROOT))
    return "/".join(path.parts[-2:])


def _as_json(event: Any, **_: Any) -> str:
    return orjson.dumps(event, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
