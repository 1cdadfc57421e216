"""What an event says to its reader: the report as that reader may read it when the event leaves,
and the step as their timeline tells it. Never who the reporter is, not even by pseudonym, nor which
official did it.

Looked up when it leaves, not when it happened: what was hidden, redacted or erased meanwhile is not
told, and nothing lies in between that would have to be forgotten.
"""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy import Select, select, union

from app.auth.client_models import ApiClient
from app.auth.models import Account
from app.clock import now
from app.config import Config
from app.database import db
from notifications.webhooks.ports import Asked
from reports import codes, presenting, timeline
from reports.assignments import joined_offices
from reports.audiences import holders
from reports.cards import Plain
from reports.city import snapshot
from reports.city.snapshot import City
from reports.models import Report, StatusChange
from reports.permissions import NOBODY, Viewer, works_on
from reports.presenting import View
from reports.statuses import Role
from reports.webhook_care import may_still_read
from reports.webhook_events import LEAVING, office_of, report_of, told_to

#: Of what an office reads at its desk, what is not told to its systems: people, and what is about
#: whoever asks.
WITHHELD = frozenset({"reporter", "assignee", "identity", "consent", "mine", "steps"})
#: Of a step's own facts.
WITHHELD_FACTS = frozenset({"person"})


class Bodies:
    """What `notifications.webhooks` asks of reports."""

    def events(self, reader: str) -> Collection[str]:
        return told_to(reader)

    def data(self, asked: Asked, facts: Mapping[str, Any]) -> dict[str, Any] | None:
        """The report's id, code and version; the step; the report. Without the last two where the
        event says that it is no longer this reader's; None where it is not, and the event does not
        say so."""
        report = db.session.get(Report, report_of(asked.subject))
        if report is None or not may_still_read(asked.reader, asked.made_by, now()):
            return None
        city = snapshot.current()
        view = _view(report, asked, city)
        if view is None or asked.type in LEAVING:
            return _left(report) if asked.type in LEAVING else None
        change = _change_of(facts)
        step = timeline.entry(change, report, view, city) if change else None
        return {
            **_left(report),
            "link": _link(report, inside=view.inside),
            "change": _step(step) if step else None,
            "report": _whole(report, view, city),
        }

    def owners(self, reader: str, made_by: UUID) -> Select[Any]:
        """Whoever made it, or made the client that did; the office's heads, or administrators."""
        office_id, at = office_of(reader), now()
        role = Role.ADMIN if office_id is None else Role.HEAD
        together = union(
            select(Account.id.label("account_id")).where(Account.id == made_by),
            select(ApiClient.made_by).where(ApiClient.account_id == made_by),
            holders(at, role, office_id=office_id),
        ).subquery()
        return select(together.c.account_id).where(together.c.account_id.is_not(None))


def _left(report: Report) -> Plain:
    """Enough to know which report it is."""
    return {
        "id": report.id,
        "code": codes.spoken(report.code),
        "version": report.version,
        "link": None,
        "change": None,
        "report": None,
    }


def _view(report: Report, asked: Asked, city: City) -> View | None:
    """From where the reader looks; None: there it is not to be seen."""
    office_id = office_of(asked.reader)
    if office_id is None:
        return View(NOBODY, inside=False, own=False, locale=asked.locale) if report.shown else None
    viewer = Viewer(held=frozenset({(Role.OFFICER, office_id)}))
    if not works_on(viewer, report, joined_offices(report.id)):
        return None
    return View(viewer, inside=True, own=False, locale=asked.locale)


def _change_of(facts: Mapping[str, Any]) -> StatusChange | None:
    change_id = facts.get("change")
    return db.session.get(StatusChange, UUID(change_id)) if change_id else None


def _step(entry: Plain) -> Plain:
    told = entry | {"photos": _with_addresses(entry["photos"])}
    if "facts" in told:
        facts = told["facts"].items()
        told["facts"] = {name: value for name, value in facts if name not in WITHHELD_FACTS}
    return told


def _whole(report: Report, view: View, city: City) -> Plain:
    told = presenting.whole(report, view, city, now())
    kept = {name: value for name, value in told.items() if name not in WITHHELD}
    return kept | {"photos": _with_addresses(kept["photos"])}


def _with_addresses(photos: list[Plain]) -> list[Plain]:
    """Whole addresses: whoever reads this is elsewhere."""
    base = _base()
    return [
        photo | {size: f"{base}{photo[size]}" for size in ("large", "small")} for photo in photos
    ]


def _link(report: Report, *, inside: bool) -> str:
    """Where people open it."""
    desk = "/console" if inside else ""
    return f"{_base()}{desk}/reports/{report.code}"


def _base() -> str:
    config: Config = current_app.extensions["xom.config"]
    return config.base_url.rstrip("/")
