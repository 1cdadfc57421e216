"""How every answer under /open311/ leaves: in the form that the address ends in, with its errors
in the contract's own shape, open to pages of other sites.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Flask, Response, request

from app.errors import Invalid
from app.http import compressed, conditional, etag_for
from app.problems import SHAPES
from reports.open311.documents import Document, as_json, as_xml

ROOT = "/open311/"
XML, JSON = "xml", "json"
CONTENT_TYPES = {XML: "text/xml; charset=utf-8", JSON: "application/json; charset=utf-8"}
_WRITERS = {XML: as_xml, JSON: as_json}
#: 400 for whatever the contract has no number of its own for, but when to come back is still told.
_STATUSES = {401: 403, 403: 403, 404: 404, 405: 405, 429: 429}
#: Our fields by the contract's names.
_NAMES = {"category": "service_code", "lng": "long", "photos": "media", "answers": "attribute"}


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
    given = int(problem["status"])
    status = given if given >= 500 else _STATUSES.get(given, 400)
    told = [{"code": status, "description": text} for text in _descriptions(problem)]
    form = JSON if request.path.endswith(".json") else XML
    return answer(form, Document("errors", told), status)


def _descriptions(problem: Mapping[str, Any]) -> Iterator[str]:
    faults = problem.get("errors") or ()
    if not faults:
        yield str(problem["detail"])
    for fault in faults:
        yield f"{_named(fault['field'])}: {fault['detail']}"


def _named(field: str) -> str:
    first, _, rest = field.partition(".")
    name = _NAMES.get(first, first)
    return f"{name}[{rest}]" if rest else name
