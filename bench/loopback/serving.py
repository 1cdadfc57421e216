"""What the loopback servers share: an HTTP server on a free port, and switches to make it fail."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Thread
from typing import Any, Self


@dataclass(frozen=True)
class Request:
    path: str
    headers: dict[str, str]  # names in lower case
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Answer:
    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, status: int, payload: Any, headers: dict[str, str] | None = None) -> "Answer":
        body = json.dumps(payload).encode()
        return cls(status, body, {"Content-Type": "application/json", **(headers or {})})


@dataclass
class Switch:
    """How to fail: for the next `times` requests (None: until told otherwise), for one address
    or for all. `deliver`: what was sent arrives all the same, as behind a real 503.
    """

    status: int
    code: str = ""
    bare: bool = False  # Google's other shape: a status, no details
    retry_after: str | None = None
    times: int | None = None
    address: str | None = None
    deliver: bool = False
    raw: bytes | None = None  # the whole body, such as a proxy's page of HTML

    def headers(self) -> dict[str, str]:
        return {"Retry-After": self.retry_after} if self.retry_after else {}


class LoopbackServer:
    """An HTTP/1.1 server on 127.0.0.1. Use it as a context, or `start` and `stop` it."""

    def __init__(self) -> None:
        self.changed = Condition()  # notified with each request; guards all that is kept
        self.requests = 0
        self._switches: list[Switch] = []
        self._server = _server(self._count)
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> Self:
        self._thread.start()
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def fail(self, status: int, code: str = "", **how: Any) -> Switch:
        """From now on answer like this; see Switch. The newest switch that fits goes first."""
        switch = Switch(status, code, **how)
        with self.changed:
            self._switches.append(switch)
        return switch

    def recover(self) -> None:
        """Answer as one should again."""
        with self.changed:
            self._switches.clear()

    def wait_until(self, true: Callable[[], bool], seconds: float) -> bool:
        """Wait for something about what was received; False when it took too long."""
        with self.changed:
            return self.changed.wait_for(true, seconds)

    def answer(self, request: Request) -> Answer:
        """What one request is answered with; called with no lock held."""
        raise NotImplementedError

    def _switch_for(self, address: str) -> Switch | None:
        with self.changed:
            for switch in reversed(self._switches):
                if switch.times != 0 and switch.address in {None, address}:
                    if switch.times is not None:
                        switch.times -= 1
                    return switch
        return None

    def _count(self, request: Request) -> Answer:
        answer = self.answer(request)
        with self.changed:
            self.requests += 1
            self.changed.notify_all()
        return answer


def _server(answer: Callable[[Request], Answer]) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 65536  # one packet an answer

        def do_GET(self) -> None:
            self.do_POST()

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", "0"))
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = answer(Request(self.path, headers, self.rfile.read(length)))
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, *_: object) -> None:
            """Quiet: the tests look at what was received."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

        def handle_error(self, *_: object) -> None:
            """A client that was killed in the middle of a request is what we are here for."""

    return Server(("127.0.0.1", 0), Handler)
