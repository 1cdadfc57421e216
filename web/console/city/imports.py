"""A file of city data: looked through first, and taken once somebody has read what it changes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from flask import Response, request, url_for
from werkzeug.datastructures import FileStorage

from app.auth.guards import current, requires
from app.clock import now
from app.database import db
from app.errors import Invalid, XomError
from app.http import body_up_to
from app.limits import by_account, limit
from app.locale import current_locale
from app.text import normalise, on_one_line, uuid_in
from reports.city import rehearsing, snapshot
from reports.city.rehearsing import KINDS, Rehearsal
from reports.desk import read_files
from reports.desk.models import ReadFile
from reports.permissions import Permission
from web.console.blueprint import blueprint
from web.console.city.forms import Form, refused, sent
from web.console.drawing import go, page

MOST_BYTES = 40 * 1024 * 1024  # a city's boundaries in full detail are a tenth of it


class FileMissing(Invalid):
    code = "file-missing"
    vi = "Chọn một tệp .json hoặc .geojson."
    en = "Choose a .json or .geojson file."
    field = "file"


@blueprint.get("/city/import")
@requires(Permission.ADMIN)
def city_import() -> Response:
    return _draw(Form())


@blueprint.post("/city/import")
@requires(Permission.ADMIN)
@limit("30 per hour", by=by_account)
@body_up_to(MOST_BYTES)
def city_import_file() -> Response:
    """Tell what a file would change, and keep it; once that is confirmed, take it."""
    form, by = sent(), current().account_id
    kept_id = uuid_in(form.get("kept"))
    try:
        if kept_id or form.checked("sure"):
            return _take(read_files.take_out(kept_id, by=by, at=now()), by)
        kind = form.get("kind") if form.get("kind") in KINDS else "areas"
        name, data = _sent_file(request.files.get("file"))
        replace = form.checked("replace")
        with _at_a_path(name, data) as path:
            told = rehearsing.rehearse(kind, path, replace=replace)
    except XomError as error:
        _undo()
        return refused(error, form, _draw)
    _undo()
    if told.changes.nothing:
        return _draw(form, told=told, kind=kind)
    kept = read_files.keep(kind, name, data, replaces=replace, by=by, at=now())
    response = _draw(form, told=told, kind=kind, kept=kept)
    db.session.commit()
    return response


def _take(kept: ReadFile, by: UUID) -> Response:
    with _at_a_path(kept.name, kept.data) as path:
        changes = rehearsing.take(kept.kind, path, replace=kept.replaces, by=by)
    db.session.commit()
    snapshot.forget()
    word = "unchanged" if changes.nothing else "imported"
    return go(f"{url_for('console.city_import')}?said={word}")


def _undo() -> None:
    db.session.rollback()
    snapshot.forget()


def _sent_file(file: FileStorage | None) -> tuple[str, bytes]:
    """Its name, and what it holds. Raises FileMissing.

    Packed ones (.gz) are for the commands: what they unpack to is not bounded here.
    """
    name = on_one_line(normalise(Path(file.filename or "").name))[-80:] if file else ""
    if file is None or Path(name).suffix.lower() not in {".json", ".geojson"}:
        raise FileMissing
    return name, file.read()


@contextmanager
def _at_a_path(name: str, data: bytes) -> Iterator[Path]:
    """The file under its own name, by which its faults are told, for as long as it is read."""
    with TemporaryDirectory(prefix="xom-import-") as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        yield path


def _draw(
    form: Form,
    *,
    told: Rehearsal | None = None,
    kind: str = "areas",
    kept: ReadFile | None = None,
) -> Response:
    facts: dict[str, Any] = {"told": told, "kind": kind, "kept": kept}
    areas = snapshot.current().names[current_locale()].areas
    names = {named["code"]: named["name"] for named in areas.values()}
    return page("console/city/import.html", form=form, names=names, **facts)
