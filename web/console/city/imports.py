"""A file of city data: looked through first, and taken once somebody has read what it changes."""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Response, request, url_for
from werkzeug.datastructures import FileStorage

from app.auth.guards import current, requires
from app.database import db
from app.errors import Invalid, XomError
from app.http import body_up_to
from app.limits import by_account, limit
from app.locale import current_locale
from reports.city import rehearsing, snapshot
from reports.city.rehearsing import KINDS, Rehearsal
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


class OtherFile(Invalid):
    code = "other-file"
    vi = "Tệp này không phải tệp vừa xem trước. Xem lại những gì nó thay đổi rồi xác nhận."
    en = "This is not the file that was looked through. Read what it changes, then confirm."
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
    """Tell what the file would change; once that is confirmed with the same file, take it."""
    form = sent()
    kind = form.get("kind") if form.get("kind") in KINDS else "areas"
    replace = form.checked("replace")
    try:
        with _kept_for_now(request.files.get("file")) as (path, digest):
            if form.checked("sure") and form.get("digest") == digest:
                return _take(kind, path, replace=replace)
            told = rehearsing.rehearse(kind, path, replace=replace)
    except XomError as error:
        _undo()
        return refused(error, form, _draw)
    _undo()
    if form.checked("sure"):
        form = Form(form.values, form.several, {"file": OtherFile().sentence(current_locale())})
    return _draw(form, told=told, kind=kind, digest=digest)


def _take(kind: str, path: Path, *, replace: bool) -> Response:
    changes = rehearsing.take(kind, path, replace=replace, by=current().account_id)
    db.session.commit()
    snapshot.forget()
    word = "unchanged" if changes.nothing else "imported"
    return go(f"{url_for('console.city_import')}?said={word}")


def _undo() -> None:
    db.session.rollback()
    snapshot.forget()


@contextmanager
def _kept_for_now(file: FileStorage | None) -> Iterator[tuple[Path, str]]:
    """The file under a plain name of ours, for as long as it is read; and what stands for it.

    Packed ones (.gz) are for the commands: what they unpack to is not bounded here.
    """
    suffix = Path(file.filename or "").suffix.lower() if file else ""
    if file is None or suffix not in {".json", ".geojson"}:
        raise FileMissing
    data = file.read()
    with TemporaryDirectory(prefix="xom-import-") as folder:
        path = Path(folder) / f"file{suffix}"
        path.write_bytes(data)
        yield path, sha256(data).hexdigest()


def _draw(
    form: Form, *, told: Rehearsal | None = None, kind: str = "areas", digest: str = ""
) -> Response:
    facts: dict[str, Any] = {"told": told, "kind": kind, "digest": digest}
    areas = snapshot.current().names[current_locale()].areas
    names = {named["code"]: named["name"] for named in areas.values()}
    return page("console/city/import.html", form=form, names=names, **facts)
