"""Requests made ready as WSGI environs, and an app called with them: no client, no socket."""

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import orjson
from flask import Flask

Environ = dict[str, Any]


class WrongAnswer(Exception):
    """What is measured must work: the status and the body tell what did not."""


def request(
    method: str,
    path: str,
    query: dict[str, Any] | None = None,
    *,
    json: Any = None,
    token: str | None = None,
    number: int = 0,
) -> Environ:
    """An environ, used once. `number` gives each request an address and a device of its own, as
    it has in life: the limits count, and do not bind."""
    body = b"" if json is None else orjson.dumps(json)
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": urlencode(query or {}),
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
        "HTTP_HOST": "127.0.0.1",
        "HTTP_ACCEPT": "application/json",
        "HTTP_USER_AGENT": "xom-bench",
        "HTTP_X_INSTALLATION_ID": f"bench-{number}",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(body),
        "wsgi.errors": BytesIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if json is not None:
        environ |= {"CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(body))}
    if token:
        environ["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return environ


def call(app: Flask, environ: Environ) -> bytes:
    """The body of the answer; WrongAnswer for any status but 200 and 201."""
    seen: list[str] = []

    def start_response(status: str, _: Any, __: Any = None) -> Callable[[bytes], object]:
        seen.append(status)
        return lambda _: None

    answer: Iterable[bytes] = app.wsgi_app(environ, start_response)
    try:
        body = b"".join(answer)
    finally:
        close = getattr(answer, "close", None)
        if close:
            close()
    if seen[0][:3] not in {"200", "201"}:
        raise WrongAnswer(f"{environ['PATH_INFO']}: {seen[0]} {body[:500]!r}")
    return body
