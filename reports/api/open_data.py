"""Open data: what there is, and each file. Anyone may fetch it."""

from collections.abc import Iterator

from flask import Response, stream_with_context

from app.auth.guards import anyone
from app.errors import NotFound
from app.http import conditional, json_answer
from app.limits import limit
from app.locale import current_locale
from app.openapi import Blueprint, file_schema
from reports.api.public_shapes import CatalogueOut
from reports.city import snapshot
from reports.figures.open_data import catalogue, files
from reports.figures.open_data.catalogue import KINDS, FileKind
from reports.figures.open_data.rows_today import FRESH_S, rows_now
from reports.figures.public.published import Published, all_published, published

blueprint = Blueprint("open-data", __name__, url_prefix="/api/v1", description="Open data")
CACHE = f"public, max-age={FRESH_S}"
MONTH = len("2026-10")
#: A file's kind follows from its name: see the catalogue.
FILES = {
    "200": {
        "description": "The file, in pieces",
        "content": {
            kind.mimetype: {"schema": file_schema(kind.mimetype)} for kind in KINDS.values()
        },
    }
}


class NoSuchFile(NotFound):
    code = "no-such-open-data"
    vi = "Không có tệp này. Tháng đã công bố và tên các tệp có ở /api/v1/open-data."
    en = "There is no such file. Months that were published, and their files: /api/v1/open-data."


@blueprint.get("/open-data")
@anyone
@limit("120 per minute")
@blueprint.response(200, CatalogueOut)
def read_catalogue() -> Response:
    """The published months with their files, columns, totals and terms."""
    months = published(all_published())
    answer = json_answer(catalogue.catalogue(months, snapshot.current()))
    answer.headers["Cache-Control"] = CACHE
    return answer


@blueprint.get("/open-data/<string:name>")
@anyone
@limit("120 per minute")
@blueprint.doc(responses=FILES)
@blueprint.response(200, content_type="text/csv")
@blueprint.problems(404)
def read_file(name: str) -> Response:
    """One file of a month, such as `2026-10.csv`: reports that anyone may read (`.csv`, `.geojson`,
    `-georeport.csv`, `.json`, `.xml`), or all in groups (`-groups.csv`, `-groups.geojson`)."""
    month, kind = _found(name)
    locale = current_locale()
    answer = Response(
        stream_with_context(
            _encoded(files.text_of(kind.ending, month, snapshot.current(), locale))
        ),
        content_type=f"{kind.mimetype}; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Language": locale,
        },
    )
    mark = rows_now([month])[0].mark
    etag = f"{name}-{locale}-{month.published_at.timestamp():.0f}-{mark}"
    return conditional(answer, etag, cache=CACHE)


def _found(name: str) -> tuple[Published, FileKind]:
    kind = KINDS.get(name[MONTH:])
    keys = [key for key in all_published() if f"{key[0]:%Y-%m}" == name[:MONTH]]
    if kind is None or not keys:
        raise NoSuchFile
    return published(keys)[0], kind


def _encoded(text: Iterator[str]) -> Iterator[bytes]:
    """In pieces of some size: a piece costs the server more than its bytes."""
    kept, size = [], 0
    for bit in text:
        kept.append(bit)
        size += len(bit)
        if size > 64_000:
            yield "".join(kept).encode()
            kept, size = [], 0
    yield "".join(kept).encode()
