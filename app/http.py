"""What every request and answer goes through: its id, bounds on what it carries, headers, versions.

JSON is read strictly (`app.strict_json`) and written by orjson. Status codes of failures are not
here but in `app.problems`.
"""

import gzip
import hashlib
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from random import getrandbits
from typing import Any, TypeVar

import orjson
import structlog
from flask import Flask, Request, Response, current_app, g, request
from flask.json.provider import JSONProvider
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from werkzeug.middleware.proxy_fix import ProxyFix

from app import strict_json
from app.config import Config
from app.errors import Invalid, Malformed, TooLarge, UnsupportedMedia
from app.forms import BoundedForms

MIB = 1024 * 1024
WORTH_IT = 2048  # bytes: less is not worth compressing
BODY_LIMIT = MIB  # what a view takes unless `body_up_to` says otherwise
_SANE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_VERSION = re.compile(r'(?:W/)?"v(\d{1,9})(?:-[0-9a-f]+)?"')

#: The API answers data alone; pages and the docs set a policy of their own.
API_POLICY = "default-src 'none'; frame-ancestors 'none'"
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",  # an address names a report, a draft's too
    "Content-Security-Policy": API_POLICY,
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_HSTS = "max-age=31536000; includeSubDomains"

View = TypeVar("View", bound=Callable[..., Any])


class WrongContentType(UnsupportedMedia):
    """The body is of a kind that this address does not take; `accepted` and `sent` name both."""

    vi = "Hãy gửi dưới dạng {accepted}, không phải {sent}."
    en = "Send this as {accepted}, not as {sent}."


class BodyTooLarge(TooLarge):
    vi = "Dữ liệu gửi lên quá lớn: nhiều nhất {most_bytes} byte."
    en = "What was sent is too large: at most {most_bytes} bytes."


class UnknownParameter(Invalid):
    code = "unknown-parameter"
    vi = "Địa chỉ này không có tham số ấy. Hãy bỏ đi hoặc xem lại chính tả."
    en = "This address takes no such parameter. Leave it out, or check its spelling."


class RepeatedParameter(Invalid):
    code = "repeated-parameter"
    vi = "Tham số này có hai lần trong địa chỉ. Chỉ gửi một lần."
    en = "This parameter stands twice in the address. Send it once."


class BadCharacterInAddress(Malformed):
    code = "bad-character-in-address"
    vi = "Địa chỉ có ký tự NUL. Hãy bỏ đi."
    en = "The address holds a NUL character. Leave it out."


class BadVersion(Malformed):
    code = "bad-version"
    field = "If-Match"
    vi = 'If-Match phải là một phiên bản, ví dụ "v7".'
    en = 'If-Match must be one version, such as "v7".'


class StrictRequest(Request):
    """`request.get_json()` is as strict as the schemas' parser, and forms are bounded."""

    form_data_parser_class = BoundedForms

    @property
    def json_module(self) -> Any:
        return strict_json

    @json_module.setter
    def json_module(self, _: Any) -> None:
        """Flask hands over the provider of answers here."""


class OrjsonProvider(JSONProvider):
    """Flask's JSON for what is our own: answers, sessions."""

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        option = orjson.OPT_INDENT_2 if kwargs.get("indent") else 0
        return orjson.dumps(obj, option=option).decode()

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        return orjson.loads(s)

    def response(self, *args: Any, **kwargs: Any) -> Response:
        return json_answer(self._prepare_response_obj(args, kwargs))


class SessionsWithCookie(SecureCookieSessionInterface):
    """Most requests are the API's and carry no cookie: for them no signature is made ready."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)


def init_http(app: Flask, config: Config) -> None:
    """Request ids, proxies, bounds and headers. First in line: the other parts lean on it."""
    app.request_class = StrictRequest
    app.json = OrjsonProvider(app)
    app.session_interface = SessionsWithCookie()
    app.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT
    app.config["MAX_FORM_MEMORY_SIZE"] = BODY_LIMIT
    if config.trusted_hops:
        # Not X-Forwarded-Host: a proxy that does not set it would pass on a stranger's.
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=config.trusted_hops, x_proto=config.trusted_hops, x_host=0
        )
    app.before_request(_begin)
    wanted = _HEADERS | ({"Strict-Transport-Security": _HSTS} if config.is_production else {})

    @app.after_request
    def add_headers(response: Response) -> Response:
        present = {name.lower() for name, _ in response.headers}  # cheaper than setdefault
        for name, value in wanted.items():
            if name.lower() not in present:
                response.headers.add(name, value)
        response.headers.add("X-Request-ID", g.xom_request_id)
        return response


def request_id() -> str:
    """This request's id; empty outside requests."""
    return g.get("xom_request_id", "") if g else ""


def _begin() -> None:
    """Name the request, then bound what it carries, before anything is read or looked up."""
    asked: Request = request._get_current_object()  # type: ignore[attr-defined] # once: it is hot
    _name(asked)
    view = current_app.view_functions.get(asked.endpoint or "")
    _bound_body(asked, getattr(view, "xom_body_limit", BODY_LIMIT))
    if "\x00" in asked.path:
        raise BadCharacterInAddress
    if asked.query_string:
        _check_query(asked, getattr(view, "xom_query_names", None))


def _name(asked: Request) -> None:
    given = asked.headers.get("X-Request-ID", "")
    name = given if _SANE_ID.fullmatch(given) else f"{getrandbits(128):032x}"
    g.xom_request_id = name
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=name)


def _bound_body(asked: Request, limit: int) -> None:
    asked.max_content_length = limit
    if (asked.content_length or 0) > limit:
        raise BodyTooLarge(most_bytes=limit)


def _check_query(asked: Request, known: frozenset[str] | None) -> None:
    """No NUL, and no parameter that the view does not know (None: a view that takes any)."""
    for name, value in asked.args.items(multi=True):
        if "\x00" in name or "\x00" in value:
            raise BadCharacterInAddress(field=name.replace("\x00", ""))
    if known is not None:
        _refuse_unknown(known)


def _refuse_unknown(known: frozenset[str]) -> None:
    for name in request.args:
        if name not in known:
            raise UnknownParameter(field=name[:100])


def body_up_to(limit: int) -> Callable[[View], View]:
    """Mark a view that takes larger bodies than the usual MiB; `limit` is in bytes."""

    def mark(view: View) -> View:
        view.xom_body_limit = limit  # type: ignore[attr-defined]
        return view

    return mark


def read_query(*names: str) -> Mapping[str, str]:
    """The query parameters of a hot read, without marshmallow: only these names, each once."""
    _refuse_unknown(frozenset(names))
    for name, values in request.args.lists():
        if len(values) > 1:
            raise RepeatedParameter(field=name)
    return request.args.to_dict()


def read_json(req: Request) -> Any:
    """The body as JSON, strictly; None when there is no body at all."""
    data = req.get_data(cache=True)
    if not data:
        return None
    charset = req.mimetype_params.get("charset", "utf-8").lower()
    if not req.is_json or charset not in {"utf-8", "utf8", "us-ascii"}:
        sent = (req.content_type or "?")[:100]
        raise WrongContentType(accepted="application/json", sent=sent)
    return strict_json.loads(data)


def json_answer(
    payload: Any, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """An answer by orjson. Ready bytes pass as they are."""
    body = payload if isinstance(payload, bytes) else orjson.dumps(payload)
    return Response(body, status, headers, mimetype="application/json")


def etag_for(version: int, body: bytes) -> str:
    """`v7-<hash>`: the version, and what this caller sees of it. Give it to `conditional`."""
    return f"v{version}-{hashlib.blake2b(body, digest_size=8).hexdigest()}"


def conditional(response: Response, etag: str, *, cache: str = "private, no-cache") -> Response:
    """Set the ETag; when the caller has this one already, answer 304 without the body.

    `cache` is the Cache-Control to send: what differs between callers stays private.
    """
    response.set_etag(etag)
    response.headers["Cache-Control"] = cache
    response.vary.update(("Authorization", "Accept-Language"))
    if request.method in {"GET", "HEAD"} and request.if_none_match.contains_weak(etag):
        response.status_code = 304
        response.set_data(b"")
        del response.headers["Content-Length"]
        del response.headers["Content-Type"]
    return response


def for_any_site(response: Response) -> Response:
    """Public data: pages of other sites may read it too."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def squeezed(response: Response) -> Response:
    """Compressed for a caller who takes it: for what many ask for and seldom changes, since each
    body is compressed once and kept. For the rest: `compressed`.
    """
    return _in_gzip(response, _squeezed)


def compressed(response: Response) -> Response:
    """The same for what is made anew each time: quickly, and from WORTH_IT bytes on. A page of 25
    cards costs 0.1 ms so, and a phone on a slow line a fifth of the bytes.
    """
    return _in_gzip(response, _quickly, least=WORTH_IT)


def _in_gzip(response: Response, press: Callable[[bytes], bytes], *, least: int = 0) -> Response:
    response.vary.add("Accept-Encoding")
    if response.status_code == 200 and request.accept_encodings["gzip"] > 0:
        body = response.get_data()
        if len(body) >= least:
            response.set_data(press(body))
            response.headers["Content-Encoding"] = "gzip"
    return response


def _quickly(body: bytes) -> bytes:
    return gzip.compress(body, 1, mtime=0)


@lru_cache(maxsize=64)
def _squeezed(body: bytes) -> bytes:
    return gzip.compress(body, 6, mtime=0)


def if_match() -> int | None:
    """The version that the caller looked at, or None when none was sent.

    Takes `"v7"` and the whole ETag of an answer (`"v7-…"`); a `W/` before it is what compressing
    proxies add. Empty, `*`, lists and the rest: BadVersion.
    """
    given = request.headers.get("If-Match")
    if given is None:
        return None
    found = _VERSION.fullmatch(given.strip())
    if not found:
        raise BadVersion
    return int(found[1])
