"""Limits on a pseudonym: set from a report of theirs, listed, lifted. Nobody learns who it is."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Response, request

from app import problems
from app.auth.guards import current, requires
from app.auth.models import Account
from app.clock import now
from app.database import db
from app.errors import XomError
from app.limits import by_account, limit
from app.locale import in_words
from app.text import normalise
from reports import codes, presenting
from reports.city import snapshot
from reports.desk import reporter_limits
from reports.desk.models import LimitKind, ReporterLimit
from reports.models import Report
from reports.permissions import Permission
from reports.statuses import Identity
from web.console.blueprint import blueprint
from web.console.drawing import go, page
from web.console.places import address_of
from web.console.report import find
from web.console.wrong import wrong_in

FIELDS = ("until", "kind", "reason")
USUAL = timedelta(days=30)


@blueprint.get("/limits")
@requires(Permission.CENTRE)
def limits() -> Response:
    """Who is limited now, by pseudonym."""
    rows = reporter_limits.present(now())
    return page("console/limits.html", limits=[_told(row) for row in rows], said=_said())


@blueprint.get("/reports/<code>/limit")
@requires(Permission.CENTRE)
def limit_reporter(code: str) -> Response:
    """The form, begun from a report of theirs."""
    shown, _ = find(code)
    return _form(shown)


@blueprint.post("/reports/<code>/limit")
@requires(Permission.CENTRE)
@limit("120 per hour", by=by_account)
def set_limit(code: str) -> Response:
    """Nothing new from them until then."""
    shown, _ = find(code)
    typed = {name: normalise(request.form.get(name, "")).strip() for name in FIELDS}
    at = now()
    try:
        reporter_limits.set_limit(
            shown.reporter_id,
            typed["kind"],
            typed["reason"],
            until=_end_of(typed["until"], at),
            by=current().account_id,
            at=at,
        )
        db.session.commit()
    except XomError as error:
        db.session.rollback()
        response = _form(find(code)[0], typed=typed, wrong=wrong_in(error, FIELDS))
        response.status_code = problems.kind_of(type(error))[0]
        return response
    return _to_list("set")


@blueprint.post("/limits/<uuid:limit_id>/lift")
@requires(Permission.CENTRE)
@limit("120 per hour", by=by_account)
def lift_limit(limit_id: UUID) -> Response:
    """End it now."""
    reporter_limits.lift(limit_id, by=current().account_id, at=now())
    db.session.commit()
    return _to_list("lifted")


def _form(
    shown: Report, *, typed: dict[str, str] | None = None, wrong: dict[str, str] | None = None
) -> Response:
    at = now()
    today = at.astimezone(_zone()).date()
    held = reporter_limits.of_account(shown.reporter_id, at=at)
    return page(
        "console/limit.html",
        code=codes.spoken(shown.code),
        pseudonym=presenting.pseudonym(shown.reporter_id),
        anonymous=shown.identity == Identity.ANONYMOUS,
        held=_told(held) if held else None,
        typed=typed or {"until": (today + USUAL).isoformat()},
        wrong=wrong or {},
        first_day=(today + timedelta(days=1)).isoformat(),
        last_day=(today + reporter_limits.LONGEST - timedelta(days=1)).isoformat(),
        kinds=[(str(kind), in_words(*reporter_limits.WHY[kind])) for kind in LimitKind],
    )


def _told(row: ReporterLimit) -> dict[str, Any]:
    by = db.session.get(Account, row.created_by)
    return {
        "id": row.id,
        "pseudonym": presenting.pseudonym(row.account_id),
        "why": in_words(*reporter_limits.WHY[row.kind]),
        "reason": row.reason,
        "since": row.since,
        "until": row.until,
        "by": (by.name if by else None) or "",
    }


def _end_of(day: str, at: datetime) -> datetime:
    """The last moment of a day in the city; for what is no day, one that `set_limit` refuses."""
    try:
        return datetime.combine(date.fromisoformat(day), time(23, 59), _zone())
    except ValueError:
        return at


def _zone() -> ZoneInfo:
    return ZoneInfo(snapshot.current().profile.timezone)


def _said() -> str | None:
    said = request.args.get("said")
    if said == "set":
        return in_words("Đã đặt giới hạn.", "The limit is set.")
    return in_words("Đã bỏ giới hạn.", "The limit was lifted.") if said == "lifted" else None


def _to_list(said: str) -> Response:
    return go(address_of("console.limits", {"said": said}))
