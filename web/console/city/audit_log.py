"""The audit log: searched, verified when somebody asks, downloaded as CSV (which is recorded)."""

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Response, request, stream_with_context, url_for
from marshmallow import ValidationError

from app import audit, pagination
from app.auth.guards import current, requires
from app.auth.models import AuditEntry
from app.clock import now
from app.database import db
from app.limits import by_account, limit
from reports import codes, queries
from reports.city import snapshot
from reports.desk.audit_log import Search, entries, every_entry, names_of, subjects_of
from reports.permissions import Permission
from web.console.blueprint import blueprint
from web.console.city import acts, entry_words
from web.console.city.forms import Form, asked, refused, sent
from web.console.drawing import page

ROWS = 50
_FIELDS = ("action", "subject", "person", "since", "until")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run


@blueprint.get("/audit")
@requires(Permission.ADMIN)
def audit_page() -> Response:
    form = asked()
    try:
        return _draw(form, _search(form))
    except ValidationError as error:
        return refused(error, form, lambda again: _draw(again, Search()))


@blueprint.post("/audit/verify")
@requires(Permission.ADMIN)
@limit("30 per hour", by=by_account)
def audit_verify() -> Response:
    """Is the whole chain as it was written?"""
    return _draw(Form(), Search(), checked=True, problems=audit.verify_chain())


@blueprint.post("/audit.csv")
@requires(Permission.ADMIN)
@limit("30 per hour", by=by_account)
def audit_csv() -> Response:
    """All that the search finds, the oldest first. That it was taken stands in the log too."""
    form = sent()
    try:
        search = _search(form)
    except ValidationError as error:
        return refused(error, form, lambda again: _draw(again, Search()))
    used = [name for name in _FIELDS if form.line(name)]
    audit.record("audit.export", subject="audit", actor_id=current().account_id, fields=used)
    db.session.commit()
    name = f"xom-audit-{now():%Y%m%d-%H%M}.csv"
    return Response(
        stream_with_context(_csv(search)),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _search(form: Form) -> Search:
    """Raises ValidationError for what is no day. The last day that is named counts."""
    subject = form.line("subject") or ""
    return Search(
        action=form.line("action") or "",
        subject=subject,
        subjects=_meant(subject),
        person=form.line("person") or "",
        since=_midnight(form.day("since")),
        until=_midnight(form.day("until")),
    )


def _meant(words: str) -> list[str]:
    """What somebody may mean who knows no subject as it is stored: a report by its code, however
    that is typed; an office, a category or an area by its name."""
    if codes.read_code(words):
        report = queries.find(words)
        return subjects_of(report.id) if report else []
    return entry_words.subjects_named(words) if words else []


def _midnight(day: date | None) -> datetime | None:
    zone = ZoneInfo(snapshot.current().profile.timezone)
    return datetime.combine(day, time(), zone) if day else None


def _draw(form: Form, search: Search, **verified: Any) -> Response:
    text = request.args.get("after")
    after = pagination.decode_cursor(text, int)[0] if text else None
    found = entries(search, limit=ROWS, after=after)
    shown = found[:ROWS]
    query = {name: form.get(name) for name in _FIELDS if form.get(name)}
    following = None
    if len(found) > ROWS:
        query_on = query | {"after": pagination.encode_cursor(shown[-1].id)}
        following = f"?{urlencode(query_on)}"
    return page(
        "console/city/audit.html",
        again=url_for("console.audit_verify"),
        form=form,
        searched=bool(query),
        query=query,
        entries=entry_words.told(shown, at=now()),
        following=following,
        later=after is not None,
        length=audit.length(),
        acts=acts.act_choices(),
        **{"checked": False, "problems": [], **verified},
    )


def _csv(search: Search) -> Iterator[str]:
    yield "\ufeff" + _line(
        ("entry", "at", "actor", "action", "subject", "fields", "reason", "hash")
    )
    batch: list[AuditEntry] = []
    for entry in every_entry(search):
        batch.append(entry)
        if len(batch) == 500:
            yield _lines(batch)
            batch = []
    yield _lines(batch)


def _lines(found: list[AuditEntry]) -> str:
    names = names_of(found)
    return "".join(_line(_cells(one, names)) for one in found)


def _cells(one: AuditEntry, names: Mapping[UUID, str | None]) -> tuple[Any, ...]:
    zone = ZoneInfo(snapshot.current().profile.timezone)
    return (
        one.id,
        one.at.astimezone(zone).isoformat(timespec="seconds"),
        entry_words.person_name(one.actor_id, names),
        one.action,
        one.subject,
        " ".join(one.fields),
        one.reason or "",
        one.hash.hex(),
    )


def _line(cells: tuple[Any, ...]) -> str:
    """One line of the file; no cell is taken for a formula."""
    out = io.StringIO()
    safe = (f"'{cell}" if str(cell).startswith(_FORMULA) else cell for cell in cells)
    csv.writer(out).writerow(safe)
    return out.getvalue()
