"""A city that is served for a browser, with the faults of the real world at hand."""

import re
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import import_module
from typing import Any
from uuid import UUID, uuid4

import httpx
from flask import Flask
from sqlalchemy import text
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wsgi import ClosingIterator

from app.auth import tokens
from app.auth.models import Account, AccountKind
from app.config import Config
from app.database import db
from app.jobs import run_worker
from app.worker import TASKS
from reports.city import snapshot
from reports.city.models import RoleGrant
from reports.statuses import Role

Start = Callable[..., Any]


@dataclass
class Faults:
    """What goes wrong for requests whose `METHOD /path` fits `where`; nothing, at first."""

    where: str = r"."
    status: int | None = None  # this answer instead of the app's
    retry_after: int | None = None
    cut: str | None = None  # "request": before the app hears of it; "answer": after it has acted
    stall: bool = False  # the app acts; half of its answer comes, and no more until `heal`
    times: int = 1_000_000  # how often
    seen: list[str] = field(default_factory=list)  # every request, `METHOD /path`
    healed: threading.Event = field(default_factory=threading.Event)

    def heal(self) -> None:
        self.where, self.status, self.retry_after, self.cut, self.times = r".", None, None, None, 0
        self.stall = False
        self.healed.set()  # whoever hangs in an answer that stalled is let go
        self.healed = threading.Event()

    def strikes(self, request: str) -> bool:
        if (
            not (self.status or self.cut or self.stall)
            or self.times <= 0
            or not re.search(self.where, request)
        ):
            return False
        self.times -= 1
        return True


class Faulty:
    """The app behind an unsteady line."""

    def __init__(self, app: Flask, faults: Faults) -> None:
        self.app, self.faults = app, faults
        self.under_way: list[None] = []

    def __call__(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        request = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"
        self.faults.seen.append(request)
        if not self.faults.strikes(request):
            return self._whole(environ, start_response)
        if self.faults.cut:
            if self.faults.cut == "answer":
                b"".join(self.app(environ, lambda *_: lambda _: None))
            _hang_up(environ["werkzeug.socket"])
            return [b""]
        if self.faults.stall:
            return self._stalled(environ, start_response)
        wait = self.faults.retry_after
        headers = [("Content-Type", "text/html"), *([("Retry-After", str(wait))] if wait else [])]
        start_response(f"{self.faults.status} Trouble", headers)
        return [b"<html>the proxy's own page</html>"]

    def _whole(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        self.under_way.append(None)
        try:
            answer = self.app(environ, start_response)
        except BaseException:
            self.under_way.pop()
            raise
        return ClosingIterator(answer, self.under_way.pop)

    def rest(self, seconds: float = 5) -> None:
        """Wait for what is being answered: its database connection is given back at the end."""
        for _ in range(int(seconds * 50)):
            if not self.under_way:
                return
            time.sleep(0.02)

    def _stalled(self, environ: dict[str, Any], start_response: Start) -> Iterator[bytes]:
        healed = self.faults.healed
        answer = b"".join(self.app(environ, start_response))
        yield answer[: len(answer) // 2]
        healed.wait(120)
        _hang_up(environ["werkzeug.socket"])


def _hang_up(line: socket.socket) -> None:
    with_reset = b"\x01\x00\x00\x00\x00\x00\x00\x00"  # no lingering: the other side sees a reset
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, with_reset)
    line.shutdown(socket.SHUT_RDWR)


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002
        """Its log is of no use here: a line that was hung up is what was asked for."""


@dataclass
class Site:
    """A served city: its address, its app, its faults, and short verbs for its other people."""

    app: Flask
    url: str
    port: int
    faults: Faults
    officials: dict[tuple[Role, str | None], str] = field(default_factory=dict)

    def call(self, method: str, path: str, token: str | None = None, **kwargs: Any) -> Any:
        """One call of the API as somebody else, past the faults; its JSON."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        headers |= kwargs.pop("headers", {})
        with httpx.Client(transport=httpx.WSGITransport(app=self.app)) as client:
            address = f"{self.url}/api/v1{path}"
            answer = client.request(method, address, headers=headers, **kwargs)
        assert answer.status_code < 400, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def official(self, role: Role, office: str | None = None) -> str:
        """A token of somebody who holds this role (for the centre, if no office is named)."""
        key = role, office
        if key not in self.officials:
            self.officials[key] = self._appointed(role, office)
        return self.officials[key]

    def _appointed(self, role: Role, office: str | None) -> str:
        with self.app.app_context():
            city = snapshot.current()
            held = city.office(office) if office else city.centre
            assert held is not None, office
            account = Account(kind=AccountKind.OFFICIAL, locale="vi", name=f"{role} {office}")
            db.session.add(account)
            db.session.flush()
            since = datetime(2020, 1, 1, tzinfo=UTC)
            grant = RoleGrant(account_id=account.id, office_id=held.id, role=role, since=since)
            db.session.add(grant)
            token = tokens.issue(account)
            db.session.commit()
            return token

    def resident(self, *, guest: bool = True) -> str:
        """A token of another phone."""
        with self.app.app_context():
            kind = AccountKind.GUEST if guest else AccountKind.RESIDENT
            account = Account(kind=kind, locale="vi")
            db.session.add(account)
            db.session.flush()
            token = tokens.issue(account)
            db.session.commit()
            return token

    def submits(self, token: str | None = None, **facts: Any) -> dict[str, Any]:
        """Another phone sends a report; the report as answered to it."""
        body = {
            "id": str(uuid4()),
            "category": "ngap-nuoc",
            "description": "Cống trước trường nghẹt, nước ngập tới đầu gối.",
            "lat": 16.4675,
            "lng": 107.5885,
        }
        sent = self.call("POST", "/reports", token or self.resident(), json=body | facts)
        return dict(sent)

    def takes(self, token: str, step: str, report_id: str, **order: Any) -> dict[str, Any]:
        """An official takes a step, looking at the newest version; what the API answers."""
        version = self.call("GET", f"/reports/{report_id}", token)["version"]
        body = {"id": str(uuid4()), "step": step, **order}
        headers = {"If-Match": f'"v{version}"'}
        path = f"/reports/{report_id}/steps"
        return dict(self.call("POST", path, token, json=body, headers=headers))

    def accepted(self, report_id: str, **order: Any) -> dict[str, Any]:
        """The centre accepts what was sent, which also publishes it."""
        return self.takes(self.official(Role.DISPATCHER), "accept", report_id, **order)

    def office_of(self, report_id: str) -> str:
        token = self.official(Role.DISPATCHER)
        return str(self.call("GET", f"/reports/{report_id}", token)["office"]["id"])

    def officer_of(self, report_id: str) -> str:
        """A token of an officer of the office that has this report."""
        return self.official(Role.OFFICER, self.office_of(report_id))

    def photo(self, token: str, data: bytes) -> str:
        photo_id = str(uuid4())
        self.call("PUT", f"/photos/{photo_id}", token, content=data)
        return photo_id

    def scalar(self, sql: str, **values: Any) -> Any:
        """One value straight from the database: what is really stored."""
        with self.app.app_context(), db.engine.connect() as connection:
            return connection.scalar(text(sql), values)

    def reports_stored(self) -> int:
        return int(self.scalar("select count(*) from report"))

    def account_of(self, token: str) -> UUID:
        with self.app.app_context():
            found = tokens.find(token)
            assert found
            return found.account_id

    def run_jobs(self) -> None:
        """What a worker does now: the real one, until its queue is empty."""
        for name in TASKS:
            import_module(name)
        config: Config = self.app.extensions["xom.config"]
        conninfo = config.database_url.replace("+psycopg", "")
        failed: list[BaseException] = []

        def work() -> None:
            try:
                run_worker(self.app, conninfo, until_empty=True)
            except BaseException as error:
                failed.append(error)

        # In a thread of its own: this one belongs to Playwright's event loop.
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        assert not failed, failed


@contextmanager
def served(app: Flask) -> Iterator[Site]:
    """The app on a port of its own, for as long as the block lasts."""
    faults = Faults()
    line = Faulty(app, faults)
    with on_a_port(line) as port:
        yield Site(app, f"http://127.0.0.1:{port}", port, faults)
    line.rest()


@contextmanager
def on_a_port(line: Callable[[dict[str, Any], Start], Iterable[bytes]]) -> Iterator[int]:
    """What answers WSGI, over HTTP at a port of this machine."""
    server = make_server("127.0.0.1", 0, line, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.port
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
