"""Naming somebody in an internal note: who may be named, and names marked where they stand."""

from uuid import UUID

from flask import Response
from markupsafe import Markup, escape

from app.auth.guards import requires
from app.clock import now
from app.http import conditional, etag_for, json_answer
from app.locale import current_locale
from reports.cards import Plain
from reports.city import snapshot
from reports.desk import mentions
from reports.permissions import Permission
from web.console.blueprint import blueprint
from web.console.report import find


@blueprint.get("/reports/<code>/people")
@requires(Permission.NOTES)
def note_people(code: str) -> Response:
    """Whom a note on this report may name with @: their names, and where they work."""
    shown, _ = find(code)
    offices = snapshot.current().names[current_locale()].offices
    told = [
        {"name": one.name, "office": offices[one.office_id]["name"]}
        for one in mentions.may_be_named(shown, at=now())
    ]
    response = json_answer(told)
    return conditional(response, etag_for(shown.version, response.get_data()))


@blueprint.app_template_global("with_names_marked")
def with_names_marked(entry: Plain) -> Markup | str:
    """A note's words, with whoever was told of it marked in them."""
    text: str = mentions.plain(entry["note"])
    if mentions.SIGN not in text:
        return text
    named = mentions.named_in(text, mentions.of_note(UUID(str(entry["id"]))))
    marked, start = Markup(), 0
    for one in named:
        name = text[one.start : one.end]
        marked += escape(text[start : one.start])
        marked += Markup('<b class="mention">{}</b>').format(name)
        start = one.end
    return marked + escape(text[start:])
