"""Drawing the console: a whole page, or (when htmx asks) the part of it that changes."""

from typing import Any

from flask import Response, redirect, render_template, request

from app.auth.guards import caller
from app.clock import now
from app.locale import current_locale, in_words
from reports.city import snapshot
from reports.desk import saved
from reports.permissions import Viewer, viewer_of
from web import assets
from web.console.language import switch
from web.console.places import here, places_for

#: The mark of an answer that a script may use, and for what (see `failing.ts`).
PART = "Xom-Part"


def is_partial() -> bool:
    """Does a script of ours ask for a part of the page? Restoring history asks for all of it."""
    return (
        request.headers.get("HX-Request") == "true"
        and "HX-History-Restore-Request" not in request.headers
    )


def target() -> str:
    """The id of the part that is asked for: `main` in `main#main`; empty for a whole page."""
    return request.headers.get("HX-Target", "").rpartition("#")[2] if is_partial() else ""


def me() -> Viewer:
    return viewer_of(caller(), now())


def page(template: str, **facts: Any) -> Response:
    """A whole page of the console, with what stands around it. Where it answers a form, `again` or
    `instead` among the facts tells the switch of languages what to do."""
    language = switch(again=facts.get("again", ""), instead=facts.get("instead", ""))
    drawn = render_template(template, **around(), language=language, **facts)
    return Response(drawn, mimetype="text/html")


def part(template: str, **facts: Any) -> Response:
    """A part of a page, to be put in place by a script: also one that says no, as a form drawn
    again does. What the script gets without the mark is not ours, and is kept off the page."""
    response = Response(render_template(template, **_always(), **facts), mimetype="text/html")
    response.headers[PART] = "place"
    return response


def said_apart(template: str, **facts: Any) -> Response:
    """What a script tells above the page, which stays as it is."""
    response = part(template, **facts)
    response.headers[PART] = "words"
    return response


def go(address: str) -> Response:
    """See what it is now, at an address of ours; going back sends no form again (303)."""
    answer = redirect(address, 303)
    assert isinstance(answer, Response)  # noqa: S101 (Flask's own class is the default)
    return answer


def around() -> dict[str, Any]:
    """What every whole page shows: who is here, where one can go, the city."""
    found = caller()
    city = snapshot.current()
    viewer = viewer_of(found, now())
    return _always() | {
        "caller": found,
        "posts": _posts(viewer) if found else [],
        "places": places_for(viewer) if found else [],
        "here": here(),
        "sections": (
            ("work", in_words("Việc", "Work")),
            ("centre", in_words("Trung tâm", "The centre")),
            ("admin", in_words("Quản trị", "Administration")),
        ),
        "saved_filters": saved.for_viewer(viewer) if found else [],
        "city_name": city.profile.name_vi if current_locale() == "vi" else city.profile.name_en,
        "colours": assets.COLOURS,
    }


def _always() -> dict[str, Any]:
    files = assets.manifest()["files"]
    return {
        "locale": current_locale(),
        "files": files,
        "built": assets.address,
        "icons": assets.address(files["desk-icons.svg"]),
    }


def _posts(viewer: Viewer) -> list[tuple[str, str]]:
    """The roles of whoever is here, each with its office's name."""
    city, vi = snapshot.current(), current_locale() == "vi"
    held = sorted(viewer.held, key=lambda one: (str(one[0]), one[1]))
    offices = city.offices_by_id
    return [
        (str(role), offices[office].name_vi if vi else offices[office].name_en)
        for role, office in held
    ]
