"""The API's description, made from the schemas and views themselves, and the base of both.

Blueprints and schemas of every package come from here: bodies are parsed strictly, unknown fields
and parameters are refused, failures are documented as the problems that they are.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import flask_smorest
from flask import Flask, Request
from marshmallow import RAISE, ValidationError, fields, missing, validate
from marshmallow import Schema as MarshmallowSchema
from webargs.flaskparser import FlaskParser
from werkzeug import Response as BaseResponse
from werkzeug.exceptions import HTTPException

from app.http import RepeatedParameter, View, read_json
from app.problems import FieldsInvalid, answer_http
from app.text import normalise, on_one_line


class Schema(MarshmallowSchema):
    """Base of all ...In and ...Out schemas: a field that is not listed is refused."""

    class Meta:
        unknown = RAISE


class Text(fields.String):
    """Words from a person, normalised; `most` counts characters after that.

    `lines=False` for names and notes of one line: line ends and runs of spaces become one space.
    """

    def __init__(self, *, most: int, least: int = 0, lines: bool = True, **kwargs: Any) -> None:
        given = kwargs.pop("validate", [])
        checks = list(given) if isinstance(given, list | tuple) else [given]
        bounds = validate.Length(min=least or None, max=most)
        super().__init__(validate=[bounds, *checks], **kwargs)
        self.most = most
        self.lines = lines

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if len(text) > 8 * self.most + 1000:  # far too long: not worth normalising first
            raise ValidationError(f"Longer than maximum length {self.most}.")
        text = normalise(text)
        return text if self.lines else on_one_line(text)


class Moment(fields.AwareDateTime):
    """A point in time with its zone (RFC 3339), turned to UTC."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> datetime:
        moment = super()._deserialize(value, attr, data, **kwargs)
        try:
            return moment.astimezone(UTC)
        except OverflowError:
            raise self.make_error("invalid", input=value, obj_type="datetime") from None


class Degrees(fields.Float):
    """A latitude or longitude: a JSON number within ±`bound`, not a text, not a boolean."""

    def __init__(self, *, bound: int, **kwargs: Any) -> None:
        super().__init__(validate=validate.Range(-bound, bound), **kwargs)


def latitude(**kwargs: Any) -> Degrees:
    return Degrees(bound=90, **kwargs)


def longitude(**kwargs: Any) -> Degrees:
    return Degrees(bound=180, **kwargs)


class FieldProblem(MarshmallowSchema):
    field = fields.String(metadata={"description": "Which field, as `photos/3`", "example": "lat"})
    detail = fields.String(metadata={"description": "What to do about it, in the reader's words"})


class Problem(MarshmallowSchema):
    """RFC 9457. An answer may carry further members, named where the problem is described."""

    type = fields.String(metadata={"example": "/problems/invalid"})
    title = fields.String(metadata={"example": "Invalid input"})
    status = fields.Integer(metadata={"example": 422})
    detail = fields.String(metadata={"description": "A sentence in the reader's language"})
    instance = fields.String(metadata={"description": "The request's id, to be told to support"})
    errors = fields.List(fields.Nested(FieldProblem))


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
        """Every error stands under its location (`json`, `query`): the field alone is told."""
        messages = error.messages
        if isinstance(messages, dict) and len(messages) == 1:
            messages = next(iter(messages.values()))
        raise FieldsInvalid(messages) from None


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc]
    """A blueprint whose views parse strictly and tell in the docs how they may fail."""

    ARGUMENTS_PARSER = Parser()

    def arguments(self, schema: Any, *, location: str = "json", **kwargs: Any) -> Any:
        decorate = super().arguments(schema, location=location, **kwargs)
        if location not in {"query", "querystring"}:
            return decorate

        def mark(view: View) -> Any:
            names = getattr(view, "xom_query_names", frozenset()) | _names(schema)
            decorated = decorate(view)
            decorated.xom_query_names = names
            return decorated

        return mark

    def query(self, schema: type[MarshmallowSchema]) -> Callable[[View], View]:
        """Document the query parameters of a hot read that parses them itself (`read_query`).

        Names outside the schema are refused before the view runs.
        """

        def mark(view: View) -> View:
            view.xom_query_names = (  # type: ignore[attr-defined]
                getattr(view, "xom_query_names", frozenset()) | _names(schema)
            )
            about: dict[str, Any] = dict(getattr(view, "_apidoc", {}))
            arguments = about.setdefault("arguments", {})
            arguments.setdefault("parameters", []).append(
                {"in": "query", "schema": schema, "required": False}
            )
            view._apidoc = about  # type: ignore[attr-defined]
            return view

        return mark

    def problems(self, *statuses: int) -> Callable[[View], View]:
        """Document which of 403, 404, 409, 412, 428 … this view may answer with."""

        def mark(view: View) -> View:
            view.xom_problems = frozenset(statuses) | getattr(  # type: ignore[attr-defined]
                view, "xom_problems", frozenset()
            )
            return view

        return mark

    def add_url_rule(
        self, rule: str, endpoint: str | None = None, view_func: Any = None, *args: Any, **kw: Any
    ) -> None:
        if not hasattr(view_func, "xom_query_names"):
            view_func.xom_query_names = frozenset()
        super().add_url_rule(rule, endpoint, view_func, *args, **kw)


def _names(schema: Any) -> frozenset[str]:
    """The names that a query schema knows, as they stand in the address."""
    made = schema() if isinstance(schema, type) else schema
    return frozenset(field.data_key or name for name, field in made.fields.items())


class Api(flask_smorest.Api):  # type: ignore[misc]
    """flask-smorest's Api, with our problems in place of its errors."""

    ERROR_SCHEMA = Problem

    def _register_error_handlers(self) -> None:
        """`app.problems` answers for every failure."""

    def handle_http_exception(self, error: HTTPException) -> BaseResponse:
        return answer_http(error)


def init_openapi(app: Flask) -> Api:
    """Make the Api that the packages' blueprints are registered with."""
    app.config.setdefault("API_TITLE", "Xóm")
    app.config.setdefault("API_VERSION", "1")
    app.config.setdefault("OPENAPI_VERSION", "3.1.0")
    return Api(app)
