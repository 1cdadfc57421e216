"""Operations and their floors, measured in one run and in rounds: whatever drifts meets all alike.

In process, through the whole WSGI app, one request after another: what a request costs this
machine, and how it compares with S1. What a crowd meets is a server's business (`served`).
"""

import gc
import logging
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr
from dataclasses import dataclass, field
from logging import StreamHandler
from pathlib import Path
from statistics import mean, median, quantiles

import orjson
from flask import Flask
from tqdm import tqdm

from app.database import CONNECT_OPTIONS, db
from bench import cleaning, floors, operations, wsgi
from bench.cpu import Cpu
from bench.loading import Database
from bench.operations import Operation
from bench.replay import Replay, Statement, recorded
from bench.wsgi import Environ

ROUNDS = 10
MOST_A_ROUND = 30
WARM_UPS = 12  # more than the driver needs to prepare its statements
RECORDED = 10  # requests whose SQL is kept, to be sent again

Call = Callable[[], object]


@dataclass
class Subject:
    """One thing to measure: `ready(number)` makes its n-th call."""

    name: str
    ready: Callable[[int], Call]
    a_round: int = MOST_A_ROUND
    next: int = 0
    times_ns: list[int] = field(default_factory=list)
    round_ns: list[float] = field(default_factory=list)
    python_ns: int = 0
    postgres_ns: int = 0

    def calls(self, count: int) -> list[Call]:
        """Made ready before the clock runs."""
        self.next += count
        return [self.ready(number) for number in range(self.next - count, self.next)]

    def round(self, cpu: Cpu) -> None:
        calls, times = self.calls(self.a_round), []
        gc.collect()
        before = cpu.read()
        for call in calls:
            began = time.perf_counter_ns()
            call()
            times.append(time.perf_counter_ns() - began)
        python, postgres = cpu.read()
        self.python_ns += python - before[0]
        self.postgres_ns += postgres - before[1]
        self.times_ns += times
        self.round_ns.append(median(times))

    def share_of(self, floor: "Subject") -> float:
        """How fast, as a share of the floor: by the middle request of each round, and of these
        shares the middle one, so that what else the machine does now and then is left out."""
        pairs = zip(floor.round_ns, self.round_ns, strict=True)
        return median(below / mine for below, mine in pairs)


@dataclass(frozen=True)
class Result:
    """What one operation costs. Times in milliseconds."""

    name: str
    requests: int
    rows: int | None  # in the answer
    p50: float
    p95: float
    per_second: float
    python: float
    postgres: float | None  # None where the server's processes cannot be seen
    queries: float
    of_s1: float
    sql_alone: float | None  # p50 of the same statements through the bare driver
    target: float | None = None  # of `of_s1`
    peer_ms: float | None = None
    plain: float | None = None  # CPU of the plain GROUP BY, Python and PostgreSQL together

    @property
    def cpu(self) -> float:
        return self.python + (self.postgres or 0)


class Bench:
    """The house and its floors on one database, warm. Close it: what was written is taken out."""

    def __init__(self, database: Database) -> None:
        self.url, self._open = database.url, ExitStack()
        self.app = database.app()
        self.floor, floor_engine = floors.floor_app(self.app.config["SQLALCHEMY_DATABASE_URI"])
        with self.app.app_context():
            self.here, self.engine = operations.scene(run=time.time_ns()), db.engine
        self.replay = Replay(self.url, CONNECT_OPTIONS)
        self._open.callback(cleaning.tidy, self.url)
        self._open.callback(lambda: cleaning.forget(self.url, self.here.sent))
        for close in (self.replay.close, floor_engine.dispose, self.engine.dispose):
            self._open.callback(close)

    def close(self) -> None:
        self._open.close()

    def floors(self) -> dict[str, Subject]:
        requests = operations.floor_requests(self.here)
        return {name: Subject(name, _calling(self.floor, one)) for name, one in requests.items()}

    def operation(self, operation: Operation) -> "Measured":
        """Warmed up, its SQL recorded."""
        subject = Subject(operation.name, _calling(self.app, operation.request))
        for call in subject.calls(WARM_UPS):
            call()
        statements = [self._record(call) for call in subject.calls(RECORDED)]
        rows = _rows(wsgi.call(self.app, operation.request(subject.next)))
        subject.next += 1
        return Measured(
            operation=operation,
            subject=subject,
            sql=self._by_itself(operation, statements),
            plain=self._plainly(operation),
            statements=statements,
            rows=rows,
        )

    def _plainly(self, operation: Operation) -> Subject | None:
        plain = operation.plain
        if plain is None:
            return None
        return Subject(f"{operation.name}: plain", lambda _: lambda: self.replay.run([plain]), 1)

    def _record(self, call: Call) -> list[Statement]:
        with recorded(self.engine) as heard:
            call()
        return heard

    def _by_itself(self, operation: Operation, statements: list[list[Statement]]) -> Subject | None:
        """The same SQL; none where the answer needs none."""
        if not any(statements):
            return None
        if self.here.sent:  # what was recorded is undone, to be written again
            cleaning.forget(self.url, self.here.sent)
            self.here.sent.clear()
        return Subject(
            f"{operation.name}: SQL",
            lambda number: lambda: self.replay.run(statements[number % len(statements)]),
        )


@dataclass(frozen=True)
class Measured:
    """An operation under the clock, its SQL by itself, and a plain GROUP BY in its place."""

    operation: Operation
    subject: Subject
    sql: Subject | None
    plain: Subject | None
    statements: list[list[Statement]]
    rows: int | None

    @property
    def queries(self) -> float:
        return mean(map(len, self.statements))


def measure(database: Database, *, seconds: float) -> list[Result]:
    """Every operation at this size, the floors first; `seconds` bounds the time of each."""
    bench, screen = Bench(database), sys.stderr
    try:
        with _silenced():
            floors_ = bench.floors()
            measured = [bench.operation(one) for one in operations.operations(bench.here)]
            subjects = [*floors_.values(), *_subjects(measured)]
            for subject in subjects:
                _fit(subject, seconds)
            gc.collect()
            gc.freeze()  # as the server does: what is loaded by now need not be looked at again
            cpu = Cpu(bench.url)
            for _ in tqdm(range(ROUNDS), desc=f"{database.size:,} reports", file=screen, unit=""):
                for subject in subjects:
                    subject.round(cpu)
    finally:
        bench.close()
    s1 = floors_["S1"]
    return [_floor_result(one, s1, cpu) for one in floors_.values()] + [
        _result(one, s1, cpu) for one in measured
    ]


def _calling(app: Flask, request: Callable[[int], Environ]) -> Callable[[int], Call]:
    def ready(number: int) -> Call:
        environ = request(number)
        return lambda: wsgi.call(app, environ)

    return ready


def _rows(body: bytes) -> int | None:
    if not body.startswith(b"{"):  # a page, or a part of one
        return body.count(b'<article class="row"') or None
    answer = orjson.loads(body)
    return next(
        (len(answer[name]) for name in ("items", "groups", "features") if name in answer), None
    )


def _subjects(measured: list[Measured]) -> Iterator[Subject]:
    for one in measured:
        yield from filter(None, (one.subject, one.sql, one.plain))


def _fit(subject: Subject, seconds: float) -> None:
    """As many calls a round as the time allows, from two to thirty; one of a plain GROUP BY, which
    may take seconds."""
    if subject.a_round == 1:
        return
    times = []
    for call in subject.calls(WARM_UPS):
        began = time.perf_counter()
        call()
        times.append(time.perf_counter() - began)
        if sum(times) > seconds / 2:
            break
    subject.a_round = max(2, min(MOST_A_ROUND, int(seconds / ROUNDS / median(times))))


def _floor_result(subject: Subject, s1: Subject, cpu: Cpu) -> Result:
    return _figures(subject, s1, cpu, queries=float(subject.name == "S1"))


def _result(measured: Measured, s1: Subject, cpu: Cpu) -> Result:
    sql = measured.sql
    return _figures(
        measured.subject,
        s1,
        cpu,
        queries=measured.queries,
        rows=measured.rows,
        sql_alone=median(sql.times_ns) / 1e6 if sql else None,
        target=measured.operation.target,
        peer_ms=measured.operation.peer_ms,
        plain=_cpu(measured.plain) if measured.plain else None,
    )


def _cpu(subject: Subject) -> float:
    """Milliseconds a call."""
    return (subject.python_ns + subject.postgres_ns) / len(subject.times_ns) / 1e6


def _figures(
    subject: Subject,
    s1: Subject,
    cpu: Cpu,
    *,
    queries: float,
    rows: int | None = None,
    sql_alone: float | None = None,
    target: float | None = None,
    peer_ms: float | None = None,
    plain: float | None = None,
) -> Result:
    times = subject.times_ns
    count = len(times)
    return Result(
        name=subject.name,
        requests=count,
        rows=rows,
        p50=median(times) / 1e6,
        p95=quantiles(times, n=20)[-1] / 1e6,
        per_second=count / (sum(times) / 1e9),
        python=subject.python_ns / count / 1e6,
        postgres=subject.postgres_ns / count / 1e6 if cpu.sees_postgres else None,
        queries=queries,
        of_s1=subject.share_of(s1),
        sql_alone=sql_alone,
        target=target,
        peer_ms=peer_ms,
        plain=plain,
    )


@contextmanager
def _silenced() -> Iterator[None]:
    """Log lines are made as ever, and written where nobody reads them."""
    handlers = [one for one in logging.getLogger().handlers if isinstance(one, StreamHandler)]
    with Path(os.devnull).open("w") as nowhere, redirect_stderr(nowhere):
        before = [handler.setStream(nowhere) for handler in handlers]
        try:
            yield
        finally:
            for handler, stream in zip(handlers, before, strict=True):
                handler.setStream(stream or sys.__stderr__)
