"""Monthly and quarterly reports on the figures: for leaders, who see the whole city."""

from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import fields, validate

from app.auth.guards import current, requires
from app.clock import now
from app.database import db
from app.http import conditional, json_answer
from app.limits import by_account, limit
from app.locale import LOCALES, current_locale
from app.openapi import Blueprint, Schema, Text, file_schema
from reports.figures.frozen import listing, publishing, readers
from reports.figures.frozen.listing import Plain
from reports.figures.frozen.models import FigureReader, LetterState
from reports.figures.frozen.readers import Wish
from reports.figures.frozen.sending import file_name
from reports.permissions import Permission, viewer_of

blueprint = Blueprint(
    "figure-reports", __name__, url_prefix="/api/v1", description="Monthly and quarterly reports"
)

#: Which of them it is follows from the address.
FILES = {
    "200": {
        "description": "The file",
        "content": {
            kind: {"schema": file_schema(kind)}
            for kind in (one.partition(";")[0] for one in listing.TYPES.values())
        },
    }
}
_FORM = "<any(pdf, xlsx, csv):form>"
_PERIOD = {"description": "A month (2026-10) or a quarter (2026-Q3)"}


class FileIn(Schema):
    lang = fields.String(
        load_default=None,
        validate=validate.OneOf(LOCALES),
        metadata={"description": "vi or en; left out: the caller's language"},
    )


class FileOut(Schema):
    locale = fields.String(validate=validate.OneOf(LOCALES))
    form = fields.String(validate=validate.OneOf(publishing.FORMS))
    url = fields.String()
    name = fields.String(metadata={"description": "What to call it on a disk"})
    sha256 = fields.String(metadata={"description": "The file never changes"})
    bytes = fields.Integer()


class FigureReportOut(Schema):
    period = fields.String(metadata=_PERIOD)
    kind = fields.String(validate=validate.OneOf([str(kind) for kind in publishing.KINDS]))
    number = fields.Integer(metadata={"description": "1; from 2 on amendments"})
    name = fields.String()
    from_ = fields.Date(data_key="from")
    to = fields.Date(metadata={"description": "The first day after the period"})
    as_of = fields.AwareDateTime()
    published_at = fields.AwareDateTime()
    definitions_version = fields.Integer()
    changed = fields.Integer(
        metadata={"description": "Figures that differ from the report before; of amendments"}
    )
    files = fields.List(fields.Nested(FileOut))


class UpcomingOut(Schema):
    period = fields.String(metadata=_PERIOD)
    kind = fields.String()
    settled_at = fields.AwareDateTime(metadata={"description": "When it is published"})


class FigureReportsOut(Schema):
    items = fields.List(fields.Nested(FigureReportOut))
    upcoming = fields.List(fields.Nested(UpcomingOut))


class LetterOut(Schema):
    to = fields.String()
    state = fields.String(validate=validate.OneOf([str(state) for state in LetterState]))
    sent_at = fields.AwareDateTime(allow_none=True)


class WholeReportOut(FigureReportOut):
    contents = fields.Dict(metadata={"description": "All that its files tell, as plain values"})
    letters = fields.List(fields.Nested(LetterOut))


class PublishIn(Schema):
    period = fields.String(required=True, validate=validate.Length(1, 10), metadata=_PERIOD)
    amend = fields.Boolean(
        load_default=False,
        metadata={"description": "Another one, when anything differs from the newest"},
    )


class ReaderIn(Schema):
    id = fields.UUID(required=True, metadata={"description": "Made by the caller"})
    email = fields.String(
        load_default=None,
        allow_none=True,
        metadata={"description": "Of somebody outside; left out: yourself"},
    )
    name = Text(most=120, lines=False, load_default="")
    locale = fields.String(load_default="vi", validate=validate.OneOf(LOCALES))
    months = fields.Boolean(load_default=True)
    quarters = fields.Boolean(load_default=True)


class ReaderOut(Schema):
    id = fields.UUID()
    email = fields.String(allow_none=True, metadata={"description": "Null: an official's own"})
    name = fields.String()
    locale = fields.String()
    months = fields.Boolean()
    quarters = fields.Boolean()
    mine = fields.Boolean(metadata={"description": "Is it the caller?"})


class ReadersOut(Schema):
    items = fields.List(fields.Nested(ReaderOut))


@blueprint.get("/figure-reports")
@requires(Permission.FIGURES)
@blueprint.response(200, FigureReportsOut)
def read_reports() -> Response:
    """All reports, the newest period first, and when the next ones are settled. Leaders; an
    office's head reads the figures of the office, and no report on the whole city."""
    _require_whole_city()
    items = [listing.told(one, current_locale()) for one in listing.newest_first()]
    return json_answer({"items": items, "upcoming": listing.upcoming(now())})


@blueprint.post("/figure-reports")
@requires(Permission.FIGURES)
@limit("30 per hour", by=by_account)
@blueprint.arguments(PublishIn)
@blueprint.response(201, FigureReportOut)
@blueprint.alt_response(200, schema=FigureReportOut, description="It was published before")
@blueprint.problems(403, 409)
def publish(asked: dict[str, Any]) -> Response:
    """Publish the report on a month or quarter whose cut-off has come; one that is there stays as
    it is. With `amend`: another one, which tells what has changed since the newest."""
    _require_whole_city()
    report, made = publishing.publish(
        publishing.period_of(asked["period"]),
        by=current().account_id,
        at=now(),
        amend=asked["amend"],
    )
    plain = listing.told(report, current_locale())
    db.session.commit()
    return json_answer(plain, 201 if made else 200)


@blueprint.get("/figure-reports/<string:period>")
@requires(Permission.FIGURES)
@blueprint.response(200, WholeReportOut)
@blueprint.problems(404)
def read_report(period: str) -> Response:
    """The first report on a period with all that it holds; amendments have their number."""
    return _whole(period, 1)


@blueprint.get("/figure-reports/<string:period>/<int:number>")
@requires(Permission.FIGURES)
@blueprint.response(200, WholeReportOut)
@blueprint.problems(404)
def read_numbered_report(period: str, number: int) -> Response:
    """One report on a period by its number."""
    return _whole(period, number)


@blueprint.get(f"/figure-reports/<string:period>.{_FORM}")
@requires(Permission.FIGURES)
@blueprint.arguments(FileIn, location="query")
@blueprint.doc(responses=FILES)
@blueprint.response(200, content_type="application/pdf")
@blueprint.problems(404)
def read_file(asked: dict[str, Any], period: str, form: str) -> Response:
    """A file of the first report on a period: the same bytes for ever."""
    return _file(period, 1, form, asked["lang"])


@blueprint.get(f"/figure-reports/<string:period>/<int:number>.{_FORM}")
@requires(Permission.FIGURES)
@blueprint.arguments(FileIn, location="query")
@blueprint.doc(responses=FILES)
@blueprint.response(200, content_type="application/pdf")
@blueprint.problems(404)
def read_numbered_file(asked: dict[str, Any], period: str, number: int, form: str) -> Response:
    """A file of one report by its number: the same bytes for ever."""
    return _file(period, number, form, asked["lang"])


@blueprint.get("/figure-report-readers")
@requires(Permission.FIGURES)
@blueprint.response(200, ReadersOut)
def read_readers() -> Response:
    """Who gets reports by mail."""
    _require_whole_city()
    return json_answer({"items": [_reader(one) for one in readers.current()]})


@blueprint.post("/figure-report-readers")
@requires(Permission.FIGURES)
@limit("60 per hour", by=by_account)
@blueprint.arguments(ReaderIn)
@blueprint.response(201, ReaderOut)
@blueprint.alt_response(200, schema=ReaderOut, description="It was here already")
@blueprint.problems(403, 409)
def add_reader(asked: dict[str, Any]) -> Response:
    """Send reports by mail from the next one on: to yourself, or to an address outside."""
    _require_whole_city()
    me = current()
    reader, added = readers.add(Wish(**asked), account_id=me.account_id, by=me.account_id, at=now())
    plain = _reader(reader)
    db.session.commit()
    return json_answer(plain, 201 if added else 200)


@blueprint.delete("/figure-report-readers/<uuid:reader_id>")
@requires(Permission.FIGURES)
@blueprint.response(204)
@blueprint.problems(403, 404)
def end_reader(reader_id: UUID) -> None:
    """Take somebody off the list; again is the same."""
    _require_whole_city()
    readers.end(reader_id, at=now())
    db.session.commit()


def _require_whole_city() -> None:
    listing.require_whole_city(viewer_of(current(), now()))


def _whole(period: str, number: int) -> Response:
    _require_whole_city()
    report = listing.found(period, number)
    plain = listing.told(report, current_locale())
    whole = {"contents": report.contents, "letters": listing.letters(report)}
    return json_answer({**plain, **whole})


def _file(period: str, number: int, form: str, lang: str | None) -> Response:
    _require_whole_city()
    report, locale = listing.found(period, number), lang or current_locale()
    response = Response(publishing.file_of(report, locale, form), content_type=listing.TYPES[form])
    response.headers["Content-Disposition"] = (
        f'attachment; filename="{file_name(report, locale, form)}"'
    )
    return conditional(
        response, publishing.kept(report)[f"{locale}.{form}"].sha256[:32], cache=listing.FOR_EVER
    )


def _reader(one: FigureReader) -> Plain:
    return {
        "id": one.id,
        "email": one.email,
        "name": one.name,
        "locale": one.locale,
        "months": one.months,
        "quarters": one.quarters,
        "mine": one.account_id == current().account_id,
    }
