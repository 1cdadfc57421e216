"""How every answer under /open311/ leaves: in the form that the address ends in, with its errors
in the contract's own shape, open to pages of other sites.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Flask, Response, request

from app.auth.key_errors import KeyMissing, KeyNotLive, KeyRefused, ScopeMissing
from app.errors import Invalid
from app.http import compressed, conditional, etag_for
from app.locale import in_words
from app.problems import SHAPES, NoSuchAddress
from reports.errors import NoSuchReport
from reports.open311.documents import Document, as_json, as_xml

ROOT = "/open311/"
XML, JSON = "xml", "json"
CONTENT_TYPES = {XML: "text/xml; charset=utf-8", JSON: "application/json; charset=utf-8"}
_WRITERS = {XML: as_xml, JSON: as_json}
#: 400 for whatever the contract has no number of its own for, but when to come back is still told.
_STATUSES = {404: 404, 405: 405, 429: 429}
#: … and 403 is for keys alone: a client that reads it of anything else gives its key up.
_OF_KEYS = frozenset(f"/problems/{one.code}" for one in (
    KeyMissing, KeyNotLive, KeyRefused, ScopeMissing))  # fmt: skip
#: Our fields by the contract's names.
_NAMES = {
    "answers": "attribute",
    "category": "service_code",
    "lng": "long",
    "note": "description",
    "photos": "media",
    "planned_for": "attribute[planned_for]",
    "target": "attribute[duplicate_of]",
}
#: What else is said here than elsewhere, by the kind of problem: its clients know other places.
_SAID_HERE = {
    f"/problems/{NoSuchAddress.code}": (
        "Không có gì ở địa chỉ này. Xem /open311/v2/discovery.json.",
        "There is nothing at this address. See /open311/v2/discovery.json.",
    ),
    f"/problems/{NoSuchReport.code}": (
        "Không tìm thấy phản ánh này. Kiểm tra lại service_request_id.",
        "There is no such request. Check the service_request_id.",
    ),
}


class UnknownForm(Invalid):
    code = "unknown-form"
    vi = "Địa chỉ phải kết thúc bằng .xml hoặc .json."
    en = "The address has to end in .xml or .json."


def init_shape(app: Flask) -> None:
    """Whatever goes wrong under /open311/ is told as Open311 tells it."""
    app.extensions.setdefault(SHAPES, {})[ROOT] = _errors


def form_of(named: str) -> str:
    """`xml` or `json`; raises UnknownForm."""
    if named not in _WRITERS:
        raise UnknownForm
    return named


def answer(form: str, document: Document, status: int = 200) -> Response:
    """The document in that form."""
    body = _WRITERS[form](document)
    return _opened(Response(body, status, content_type=CONTENT_TYPES[form]))


def public(form: str, document: Document, *, version: int, cache: str = "no-cache") -> Response:
    """The same of what everybody may read: with an ETag, and small for whoever takes it so."""
    response = answer(form, document)
    tag = etag_for(version, response.get_data())
    return compressed(conditional(response, tag, cache=cache))


def _opened(response: Response) -> Response:
    """No cookie counts here, so that pages of any site may ask and read."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = (
        "Link, X-Total-Count, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset"
    )
    return response


def _errors(problem: Mapping[str, Any]) -> Response:
    """A problem as the contract's list of errors."""
    status = _status(problem)
    told = [{"code": status, "description": text} for text in _descriptions(problem)]
    form = JSON if request.path.endswith(".json") else XML
    return answer(form, Document("errors", told), status)


def _status(problem: Mapping[str, Any]) -> int:
    if problem["type"] in _OF_KEYS:
        return 403
    given = int(problem["status"])
    return given if given >= 500 else _STATUSES.get(given, 400)


def _descriptions(problem: Mapping[str, Any]) -> Iterator[str]:
    faults = problem.get("errors") or ()
    if not faults:
        said = _SAID_HERE.get(problem["type"])
        yield in_words(*said) if said else str(problem["detail"])
    for fault in faults:
        yield f"{_named(fault['field'])}: {fault['detail']}"


def _named(field: str) -> str:
    first, _, rest = field.partition(".")
    name = _NAMES.get(first, first)
    return f"{name}[{rest}]" if rest else name
