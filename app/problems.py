"""The one place that turns what went wrong into an HTTP answer: RFC 9457 problem+json.

Our errors carry their own sentences; here each kind gets its status code. Database trouble becomes
503 with Retry-After, anything unknown becomes 500 without a word of its text.
"""

from collections.abc import Callable, Mapping
from typing import Any

import orjson
import structlog
from flask import Flask, Response, current_app, request
from marshmallow import ValidationError
from werkzeug import Response as BaseResponse
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound, RequestEntityTooLarge

from app import errors
from app.database_trouble import database_trouble, sqlstate_of
from app.errors import XomError
from app.http import BodyTooLarge, request_id
from app.locale import current_locale
from app.metrics import DATABASE_TROUBLE
from app.sentences import Both, FieldError, both, field_errors

log = structlog.get_logger()

MEDIA_TYPE = "application/problem+json"

#: Kind of error → status and short title. A subclass answers as its nearest ancestor here.
KINDS: dict[type[XomError], tuple[int, Both]] = {
    errors.Malformed: (400, both("Sai định dạng", "Malformed request")),
    errors.Unauthenticated: (401, both("Cần đăng nhập", "Sign-in needed")),
    errors.Forbidden: (403, both("Không có quyền", "Not allowed")),
    errors.NotFound: (404, both("Không tìm thấy", "Not found")),
    errors.Conflict: (409, both("Trái với dữ liệu đã lưu", "Conflict")),
    errors.Stale: (412, both("Đã có thay đổi", "Changed meanwhile")),
    errors.TooLarge: (413, both("Quá lớn", "Too large")),
    errors.UnsupportedMedia: (415, both("Loại dữ liệu không được nhận", "Unsupported content")),
    errors.Invalid: (422, both("Có mục chưa đúng", "Invalid input")),
    errors.PreconditionRequired: (428, both("Thiếu phiên bản", "Version needed")),
    errors.TooMany: (429, both("Quá nhiều yêu cầu", "Too many requests")),
    errors.Unavailable: (503, both("Tạm thời bận", "Temporarily unavailable")),
    errors.OutOfSpace: (507, both("Hết chỗ chứa", "Out of space")),
    XomError: (400, both("Không làm được", "Not possible")),
}
_RESERVED = frozenset({"type", "title", "status", "detail", "instance", "errors"})


class FieldsInvalid(errors.Invalid):
    """What marshmallow found; `messages` as it gives them."""

    def __init__(self, messages: Any) -> None:
        super().__init__()
        self.found = list(field_errors(messages))


class NoSuchAddress(errors.NotFound):
    code = "no-such-address"
    vi = "Không có gì ở địa chỉ này. Danh sách địa chỉ ở /api/docs."
    en = "There is nothing at this address. See /api/docs for those that exist."


class WrongMethod(XomError):
    code = "wrong-method"
    vi = "Địa chỉ này không nhận {method}, chỉ nhận {allowed}."
    en = "This address does not take {method}; it takes {allowed}."


class Refused(XomError):
    """A status that has no kind here, such as 418 or 451."""

    code = "refused"
    vi = "Yêu cầu này không được chấp nhận (mã HTTP {number})."
    en = "This request was refused (HTTP status {number})."


class Unexpected(XomError):
    code = "unexpected"
    vi = "Máy chủ gặp lỗi bất ngờ. Hãy thử lại; nếu vẫn lỗi, báo mã {request} cho chúng tôi."
    en = "The server met an unexpected error. Try again; if it stays, tell us the code {request}."


#: `app.extensions` holds here what draws a problem as a page, for people who came by a browser …
PAGE_OF_TROUBLE = "xom.page_of_trouble"
#: … and, by the beginning of their paths, what draws it for neighbours whose contract has a shape
#: of its own.
SHAPES = "xom.shapes_of_trouble"
Draw = Callable[[Mapping[str, Any]], Response]

KINDS[WrongMethod] = (405, both("Sai phương thức", "Method not allowed"))
KINDS[Unexpected] = (500, both("Lỗi máy chủ", "Server error"))


def init_problems(app: Flask) -> None:
    """Every failure of every view is answered here, in tests too."""
    app.register_error_handler(XomError, answer)
    app.register_error_handler(HTTPException, answer_http)
    app.register_error_handler(ValidationError, lambda e: answer(FieldsInvalid(e.messages)))
    app.register_error_handler(Exception, answer_any)


def kind_of(error: type[XomError]) -> tuple[int, Both]:
    """Status and title of an error's class."""
    return next(KINDS[base] for base in error.__mro__ if base in KINDS)


def answer(error: XomError, *, status: int | None = None) -> Response:
    """One of our errors as problem+json in the reader's language; `status` for Refused alone."""
    locale = current_locale()
    usual, title = kind_of(type(error))
    status = status or usual
    body = {
        "type": f"/problems/{error.code}",
        "title": _said(title, locale),
        "status": status,
        "detail": error.sentence(locale),
        "instance": request_id(),
    }
    if found := fields_of(error, locale):
        body["errors"] = found
    facts = {name: fact for name, fact in error.facts.items() if name not in _RESERVED}
    response = _in_its_shape(body) or Response(
        orjson.dumps(facts | body, default=str), status, content_type=MEDIA_TYPE
    )
    response.headers["Content-Language"] = locale
    response.headers["Cache-Control"] = "no-store"
    response.vary.update(("Accept", "Accept-Language"))
    if "retry_after" in facts:
        response.headers["Retry-After"] = str(facts["retry_after"])
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="xom"'
    return response


def _in_its_shape(body: Mapping[str, Any]) -> Response | None:
    """The problem as this address's callers read it, where that is not as problem+json."""
    shapes: Mapping[str, Draw] = current_app.extensions.get(SHAPES, {})
    for beginning, draw in shapes.items():
        if request.path.startswith(beginning):
            return draw(body)
    return None if request.path.startswith("/api/") else _as_page(body)


def _as_page(body: Mapping[str, Any]) -> Response | None:
    """The problem as a page, when the house has pages and a person's browser asks for one."""
    draw: Draw | None = current_app.extensions.get(PAGE_OF_TROUBLE)
    if draw is None:
        return None
    wanted = request.accept_mimetypes.best_match((MEDIA_TYPE, "application/json", "text/html"))
    return draw(body) if wanted == "text/html" else None


def fields_of(error: XomError, locale: str) -> list[dict[str, str]]:
    """The fields at fault, each with what to do, in a language."""
    return [{"field": f, "detail": _said(s, locale)} for f, s in _fields(error)]


def _said(sentence: Both, locale: str) -> str:
    return sentence.vi if locale == "vi" else str(sentence)


def _fields(error: XomError) -> list[FieldError]:
    """The fields at fault: those named in `errors=`, those that marshmallow found, or `field=`."""
    if isinstance(error, FieldsInvalid):
        return error.found
    given = error.facts.get("errors")
    if isinstance(given, Mapping):
        # The keys are paths already, as `photos/1`.
        return [found for path, said in given.items() for found in field_errors(said, path)]
    if error.field is None:
        return []
    return [FieldError(error.field, both(error.sentence("vi"), error.sentence("en")))]


def answer_http(error: HTTPException) -> BaseResponse:
    """Werkzeug's errors in our form; their headers (Allow, Retry-After) are kept."""
    original = error.get_response(request.environ)
    if error.response is not None or original.status_code < 400:
        return original  # a ready answer, or a redirect
    response = answer(_in_our_words(error), status=original.status_code)
    for name, value in original.headers.items():
        if name not in {"Content-Type", "Content-Length"}:
            response.headers[name] = value
    return response


def _in_our_words(error: HTTPException) -> XomError:
    match error:
        case NotFound():
            return NoSuchAddress()
        case MethodNotAllowed():
            allowed = ", ".join(sorted(error.valid_methods or ()))
            return WrongMethod(method=request.method, allowed=allowed)
        case RequestEntityTooLarge():
            return BodyTooLarge(most_bytes=request.max_content_length)
    return _by_status(error)


def _by_status(error: HTTPException) -> XomError:
    """The kind with the same status."""
    code = error.code or 500
    if code == 500:
        return Unexpected(request=request_id())
    if code == 429:
        return errors.TooMany(retry_after=60)
    for kind, (status, _) in KINDS.items():
        if status == code and kind is not XomError:
            return kind()
    return Refused(number=code)


def answer_any(error: Exception) -> Response:
    """Database trouble that heals by itself: 503. Everything else is a bug: 500."""
    trouble = database_trouble(error)
    if trouble is None:
        return answer_unexpected(error)
    log.warning("database trouble", code=trouble.code, sqlstate=sqlstate_of(error))
    DATABASE_TROUBLE.labels(trouble.code).inc()
    return answer(trouble)


def answer_unexpected(error: Exception) -> Response:
    """A bug: logged with its place, answered without its text."""
    log.exception("unexpected error", exc_info=error, kind=type(error).__name__)
    return answer(Unexpected(request=request_id()))
