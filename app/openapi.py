"""The API's description (OpenAPI 3.1), made from the views and schemas themselves.

Blueprints of every package come from here: bodies are parsed strictly, unknown fields and
parameters are refused, and each view's failures are documented as the problems that they are.
"""

from collections.abc import Callable, Iterator
from copy import deepcopy
from http import HTTPStatus
from itertools import count
from typing import Any

import flask_smorest
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask, Request
from flask_smorest.utils import prepare_response, resolve_schema_instance
from marshmallow import RAISE, ValidationError, missing
from marshmallow import Schema as MarshmallowSchema
from webargs.flaskparser import FlaskParser
from werkzeug import Response as BaseResponse
from werkzeug.exceptions import HTTPException

from app.http import RepeatedParameter, View, read_json
from app.problems import KINDS, MEDIA_TYPE, FieldsInvalid, answer_http
from app.schemas import Moment, Problem, Schema, Text, latitude, longitude

__all__ = ["Api", "Blueprint", "Moment", "Schema", "Text", "init_openapi", "latitude", "longitude"]

ABOUT = """\
Residents report what is broken; offices answer by a deadline; phones are told.

- Sign in at `/api/v1/auth/…`, then send `Authorization: Bearer TOKEN`.
- Programs of neighbours send their API key the same way, `Bearer xom_…`. It enters what is open to
  all, and of the rest the calls that name one of its scopes.
- Sentences come in Vietnamese, or in English with `Accept-Language: en`.
- Ids are UUIDs made by the client: repeating a request is always safe.
- Failures are RFC 9457 problems; each `type` is described at its own address.
- Lists: `limit` and `after` (the `next` of the page before; also in the `Link` header).
- `RateLimit-Remaining` and `RateLimit-Reset` tell how often you may still ask.
"""


class Parser(FlaskParser):
    """webargs, but strict: unknown and repeated parameters are refused, JSON is read by us."""

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {  # noqa: RUF012
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "query": RAISE,
        "querystring": RAISE,
        "form": RAISE,
    }

    def _raw_load_json(self, req: Request) -> Any:
        body = read_json(req)
        return missing if body is None and not req.get_data() else body

    def load_querystring(self, req: Request, schema: MarshmallowSchema) -> Any:
        given = super().load_querystring(req, schema)
        for name, values in req.args.lists():
            if len(values) > 1 and name not in given.multiple_keys:
                raise RepeatedParameter(field=name)
        return given

    def handle_error(self, error: ValidationError, *args: Any, **kwargs: Any) -> Any:
        """webargs puts the errors under their location (`json`, `query`): the fields are told."""
        messages = error.messages
        if isinstance(messages, dict) and len(messages) == 1:
            messages = next(iter(messages.values()))
        raise FieldsInvalid(messages) from None


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc]
    """A blueprint whose views parse strictly, and whose docs tell how they may fail."""

    ARGUMENTS_PARSER = Parser()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._prepare_doc_cbks.append(_document_failures)

    def arguments(self, schema: Any, *, location: str = "json", **kwargs: Any) -> Any:
        if isinstance(schema, type):  # made once: webargs would make it anew for each request
            schema = schema()
        decorate = super().arguments(schema, location=location, **kwargs)
        if location not in {"query", "querystring"}:
            return decorate
        return lambda view: decorate(_knowing(view, schema))

    def response(
        self,
        status_code: int,
        schema: Any = None,
        *,
        content_type: str | None = None,
        **kwargs: Any,
    ) -> Any:
        """What a view answers. A content type without a schema is a file, described as one."""
        if schema is None and content_type is not None:
            schema = file_schema(content_type)
        return super().response(status_code, schema, content_type=content_type, **kwargs)

    def query(self, schema: type[MarshmallowSchema]) -> Callable[[View], View]:
        """Document the query of a hot read that parses it itself (`app.http.read_query`).

        Names outside the schema are refused before the view runs.
        """

        def mark(view: View) -> View:
            about = deepcopy(getattr(view, "_apidoc", {}))
            parameters = about.setdefault("arguments", {}).setdefault("parameters", [])
            parameters.append({"in": "query", "schema": schema, "required": False})
            view._apidoc = about  # type: ignore[attr-defined]
            return _knowing(view, schema)

        return mark

    def problems(self, *statuses: int) -> Callable[[View], View]:
        """Document which of 403, 404, 409, 412, 428 … this view may answer with.

        Those that follow from its shape (sign-in, body, path, limits) are documented unasked.
        """

        def mark(view: View) -> View:
            known: frozenset[int] = getattr(view, "xom_problems", frozenset())
            view.xom_problems = known | frozenset(statuses)  # type: ignore[attr-defined]
            return view

        return mark

    def add_url_rule(
        self, rule: str, endpoint: str | None = None, view_func: Any = None, *args: Any, **kw: Any
    ) -> None:
        if not hasattr(view_func, "xom_query_names"):
            view_func.xom_query_names = frozenset()
        super().add_url_rule(rule, endpoint, view_func, *args, **kw)
        endpoint = self._endpoints[-1]
        for method, about in self._docs[endpoint].items():
            if method != "parameters":
                about["xom"] = {"view": view_func, "id": f"{self.name}_{endpoint}"}
                about["xom_path"] = "<" in f"{self.url_prefix}{rule}"


def file_schema(content_type: str) -> dict[str, str]:
    """What is said of a file: text, or bytes; of XML and the kinds of JSON nothing is promised."""
    if content_type.startswith("text/"):
        return {"type": "string"}
    structured = content_type.endswith(("json", "xml"))
    return {} if structured else {"type": "string", "format": "binary"}


def _knowing(view: View, schema: Any) -> View:
    """Note on the view which query parameters it knows, as they stand in the address."""
    made = schema() if isinstance(schema, type) else schema
    names = frozenset(field.data_key or name for name, field in made.fields.items())
    view.xom_query_names = names | getattr(  # type: ignore[attr-defined]
        view, "xom_query_names", frozenset()
    )
    return view


def _document_failures(doc: dict[str, Any], info: dict[str, Any], **_: Any) -> dict[str, Any]:
    """flask-smorest's hook: add an operation's id, its need of a token, and its problems."""
    view = info["xom"]["view"]
    doc["operationId"] = info["xom"]["id"]
    mark = getattr(view, "xom_mark", None)
    if mark is not None and mark.signed_in:
        doc["security"] = [{"bearer": []}]
    if scope := getattr(view, "xom_scope", None):
        said = f"An API key enters with the scope `{scope}`."
        doc["description"] = f"{doc['description']}\n\n{said}" if "description" in doc else said
    responses = doc.setdefault("responses", {})
    taken = {str(status) for status in responses}
    for status in sorted(set(_failures(view, doc, in_path=info["xom_path"]))):
        if str(status) not in taken:
            responses[status] = HTTPStatus(status).name
    return doc


def _failures(view: Any, doc: dict[str, Any], *, in_path: bool) -> Iterator[int]:
    yield from (400, 429, 503)
    yield from getattr(view, "xom_problems", ())
    mark = getattr(view, "xom_mark", None)
    if mark is not None and mark.signed_in:
        yield from (401, 403)  # 403 at least for keys of other programs: few views are for them
    if in_path:
        yield 404
    if "requestBody" in doc:
        yield from (413, 415, 422)
    if getattr(view, "xom_query_names", None):
        yield 422


class Api(flask_smorest.Api):  # type: ignore[misc]
    """flask-smorest's Api, with our problems in place of its errors."""

    ERROR_SCHEMA = Problem

    def _register_error_handlers(self) -> None:
        """`app.problems` answers for every failure."""

    def handle_http_exception(self, error: HTTPException) -> BaseResponse:
        return answer_http(error)

    def _register_responses(self) -> None:
        """One shared response for each status: failures as problem+json, with an example."""
        for status in HTTPStatus:
            response: dict[str, Any] = {"description": status.phrase}
            if status >= 400:
                response |= {"schema": Problem, "example": _example(status)}
                if status in {429, 503}:
                    response["headers"] = {"Retry-After": {"schema": {"type": "integer"}}}
            prepare_response(response, self.spec, MEDIA_TYPE)
            self.spec.components.response(status.name, response, lazy=True)
        unforeseen = {"description": "Any other failure", "schema": Problem}
        prepare_response(unforeseen, self.spec, MEDIA_TYPE)
        self.spec.components.response(self.DEFAULT_ERROR_RESPONSE_NAME, unforeseen, lazy=True)


def _example(status: int) -> dict[str, Any]:
    for kind, (code, title) in KINDS.items():
        if code == status:
            return {
                "type": f"/problems/{kind.code}",
                "title": str(title),
                "status": status,
                "detail": kind.en.replace("{retry_after}", "5"),
                "instance": "5f0c6a3e9b1d4c7f8a2e",
            }
    return {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}


def _schema_names() -> Callable[[Any], str]:
    """Names for the docs: the class's, with a number where two classes or variants share one."""
    taken: dict[str, Any] = {}

    def name(schema: Any) -> str:
        made = resolve_schema_instance(schema)
        plain = type(made).__name__.removesuffix("Schema")
        candidates = (plain if number == 1 else f"{plain}{number}" for number in count(1))
        return next(c for c in candidates if taken.setdefault(c, made) is made)

    return name


def init_openapi(app: Flask) -> Api:
    """Make the Api that the packages' blueprints are registered with."""
    app.config["API_TITLE"] = "Xóm"
    app.config["API_VERSION"] = "1"
    app.config["OPENAPI_VERSION"] = "3.1.0"
    app.config["API_SPEC_OPTIONS"] = {
        "info": {
            "description": ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
    }
    plugin = MarshmallowPlugin(schema_name_resolver=_schema_names())
    api = Api(app, spec_kwargs={"marshmallow_plugin": plugin})
    scheme = {"type": "http", "scheme": "bearer", "description": "The token of `/auth/…`"}
    api.spec.components.security_scheme("bearer", scheme)
    return api
