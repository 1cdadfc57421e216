"""Small pieces of pages: icons, chips, addresses of pictures, a report's headline."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4

from flask import Flask, has_request_context, request
from markupsafe import Markup

from web import assets
from web.console.session import HOME
from web.console.words import status_word

STATUS_ICONS = {
    "submitted": "send",
    "accepted": "inbox",
    "in_progress": "wrench",
    "waiting": "message-circle-question-mark",
    "returned": "undo-2",
    "resolved": "check",
    "closed": "check-check",
    "rejected": "x",
    "merged": "merge",
    "withdrawn": "minus",
}
STEP_ICONS = {
    "assign": "user-round-check",
    "amend": "pencil",
    "join": "plus",
    "unjoin": "minus",
    "publish": "globe",
    "hide": "eye-off",
    "ask_extension": "calendar-clock",
    "grant_extension": "calendar-clock",
    "refuse_extension": "calendar-clock",
    "moved": "route",
    "recomputed": "calendar-clock",
}
HEADLINE = 90  # letters
_SHEET = "xom.icon_sheet"


def init_marks(app: Flask) -> None:
    app.jinja_env.globals.update(
        icon=icon,
        status_chip=status_chip,
        step_icon=step_icon,
        photo_url=photo_url,
        report_path=report_path,
        sent_photo_url=sent_photo_url,
        headline=headline,
        way_to=way_to,
        new_id=uuid4,
    )
    app.jinja_env.filters["capitalise"] = capitalised


def icon(name: str, size: int = 20) -> Markup:
    """One of those in `web/design/icons.json`; a word always stands beside it."""
    return _icon(name, size, _sheet())


def status_chip(status: str) -> Markup:
    """Never by colour alone: an outline, an icon, a word."""
    return _chip(status, status_word(status), _sheet())


def _sheet() -> str:
    """Where the icons' sheet is served; looked up once a request, since a page has a hundred."""
    kept = request.environ if has_request_context() else {}
    if _SHEET not in kept:
        kept[_SHEET] = assets.address(assets.manifest()["files"]["desk-icons.svg"])
    sheet: str = kept[_SHEET]
    return sheet


@lru_cache(maxsize=1000)
def _icon(name: str, size: int, sheet: str) -> Markup:
    return Markup(
        '<svg class="icon" width="{0}" height="{0}" aria-hidden="true" focusable="false">'
        '<use href="{1}#{2}"/></svg>'
    ).format(size, sheet, name)


@lru_cache(maxsize=100)
def _chip(status: str, word: str, sheet: str) -> Markup:
    drawn = _icon(STATUS_ICONS[status], 16, sheet)
    return Markup('<span class="chip status-{}">{}{}</span>').format(status, drawn, word)


def step_icon(step: str, status: str) -> str:
    return STEP_ICONS.get(step) or STATUS_ICONS[status]


def photo_url(photo: Mapping[str, Any], *, small: bool = False) -> str:
    """Where the console shows a picture: its own address, since a page carries no token. It looks
    otherwise once something was covered, and so has another address than the browser has kept."""
    address: str = photo["small" if small else "large"]
    return f"{address.replace('/api/v1', HOME, 1)}?v={photo['thumbhash'][:12]}"


def sent_photo_url(photo_id: UUID) -> str:
    """A picture that was just sent along and belongs to nothing yet: its sender alone sees it."""
    return f"{HOME}/photos/{photo_id}-400.jpg"


def report_path(code: str) -> str:
    """A report's page; a list has a hundred of them, and building addresses is dear."""
    return f"{HOME}/reports/{code}"


def way_to(lat: float, lng: float) -> str:
    """For the maps of the phone in hand: Android asks which to open, an iPhone knows its own."""
    if "iPhone" in request.user_agent.string or "iPad" in request.user_agent.string:
        return f"https://maps.apple.com/?daddr={lat},{lng}"
    return f"geo:{lat},{lng}?q={lat},{lng}"


def headline(description: str | None, otherwise: str) -> str:
    """The first line of what was written, cut at a word; without words, what kind it is."""
    first = (description or "").strip().partition("\n")[0].strip()
    if not first:
        return otherwise
    if len(first) <= HEADLINE:
        return first
    return first[:HEADLINE].rsplit(" ", 1)[0].rstrip(" ,;:.") + " …"


def capitalised(text: str) -> str:
    """Its first letter large, the others as they are."""
    return text[:1].upper() + text[1:]
