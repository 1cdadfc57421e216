"""Figures for Prometheus at `/metrics`: for callers on the same host, or with the metrics token.

Two kinds. Requests are counted in the process that answers them; with PROMETHEUS_MULTIPROC_DIR set
(`make run` does) the processes of one host add up. What matters to a city (queue age, overdue by
office) is read from the database when asked, by collectors that the packages `register`.
"""

import hmac
import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import structlog
from flask import Blueprint, Flask, Response, current_app, g, request
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import Connection, text

from app.addresses import is_loopback
from app.auth.guards import anyone
from app.config import Config
from app.database import reading
from app.errors import NotFound
from app.limits import unlimited
from app.logs import METHODS

log = structlog.get_logger()

Row = tuple[tuple[str, ...], float]
Read = Callable[[Connection], Iterable[Row]]

_BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

_own = CollectorRegistry()
REQUESTS = Counter(
    "xom_requests", "Requests answered", ["method", "route", "status"], registry=_own
)
SECONDS = Histogram(
    "xom_request_seconds",
    "Time from a request's arrival in Python to its answer",
    ["method", "route"],
    buckets=_BUCKETS,
    registry=_own,
)
DATABASE_TROUBLE = Counter(
    "xom_database_trouble", "Requests refused for database trouble", ["code"], registry=_own
)
if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
    ProcessCollector(namespace="xom", registry=_own)

blueprint = Blueprint("metrics", __name__)


@dataclass(frozen=True, slots=True)
class Figure:
    """A gauge read from the database."""

    name: str
    documentation: str
    labels: tuple[str, ...]
    read: Read


_figures: dict[str, Figure] = {}


def register(name: str, documentation: str, labels: Iterable[str], read: Read) -> None:
    """Add a gauge: `read(connection)` yields `((label values), figure)` for each of its lines.

    Reads run one after another on one connection, outside any transaction, at each scrape: keep
    them to indexed counts. Registering a name again replaces it.
    """
    _figures[name] = Figure(name, documentation, tuple(labels), read)


def init_metrics(app: Flask, config: Config) -> None:
    app.extensions["xom.metrics_token"] = config.metrics_token
    app.register_blueprint(blueprint)
    app.after_request(_count)


def _count(response: Response) -> Response:
    rule = request.url_rule
    route = rule.rule if rule else "none"
    method = request.method if request.method in METHODS else "other"
    REQUESTS.labels(method, route, str(response.status_code)).inc()
    SECONDS.labels(method, route).observe(time.perf_counter() - g.xom_started)
    return response


@blueprint.get("/metrics")
@anyone
@unlimited
def metrics() -> Response:
    """Everything in Prometheus' text form; to strangers this address does not exist."""
    if not (_is_local() or _has_token()):
        raise NotFound
    body = generate_latest(_requests()) + generate_latest(_database())
    return Response(body, content_type="text/plain; version=0.0.4; charset=utf-8")


def _is_local() -> bool:
    """Asked from this very host, and not through a proxy that stands on it."""
    forwarded = any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "Via"))
    return is_loopback(request.remote_addr) and not forwarded


def _has_token() -> bool:
    token: str = current_app.extensions["xom.metrics_token"]
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(token) and hmac.compare_digest(given.encode(), token.encode())


def _requests() -> CollectorRegistry:
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return _own
    together = CollectorRegistry()
    MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    return together


def _database() -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(_DatabaseFigures())
    return registry


class _DatabaseFigures(Collector):
    """One connection for all figures; one that fails is left out, and told as failed."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        up = GaugeMetricFamily("xom_database_up", "1 when the database answered")
        try:
            with reading() as connection:
                yield from _read_all(connection)
            up.add_metric((), 1)
        except Exception:  # the scrape itself goes on: requests are told all the same
            log.exception("metrics: the database did not answer")
            up.add_metric((), 0)
        yield up


def _read_all(connection: Connection) -> Iterator[GaugeMetricFamily]:
    connection.execute(text("select 1"))
    failed = GaugeMetricFamily(
        "xom_figure_failed", "1 when a figure could not be read", labels=["figure"]
    )
    for figure in list(_figures.values()):
        family = GaugeMetricFamily(figure.name, figure.documentation, labels=figure.labels)
        try:
            for labels, value in figure.read(connection):
                family.add_metric(labels, value)
        except Exception:
            log.exception("metrics: a figure could not be read", figure=figure.name)
            failed.add_metric((figure.name,), 1)
            continue
        failed.add_metric((figure.name,), 0)
        yield family
    yield failed


def _connections(connection: Connection) -> Iterator[Row]:
    rows = connection.execute(
        text(
            "select coalesce(state, 'other'), count(*) from pg_stat_activity"
            " where datname = current_database() group by 1"
        )
    )
    for state, count in rows:
        yield (state,), count


register(
    "xom_database_connections",
    "Connections to the database, of all processes",
    ["state"],
    _connections,
)
