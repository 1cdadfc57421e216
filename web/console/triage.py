"""The centre's triage: one report at a time, large, with one hand on the keyboard; and the answers
of offices that nobody at the centre has read yet (`?check=1`).

With scripts the next one is there before the last one was sent off; without them each act leads to
the next page.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from flask import Response, request
from marshmallow import ValidationError

from app import pagination, problems
from app.auth.guards import current, requires
from app.clock import now
from app.database import db
from app.errors import XomError
from app.limits import by_account, limit
from app.locale import current_locale, in_words
from reports import codes, looking, official_queue, taking
from reports.city import snapshot
from reports.city.snapshot import City
from reports.desk import presence
from reports.desk import triage as desk
from reports.errors import NoSuchReport
from reports.filters import Filters
from reports.models import Report
from reports.orders import StepOrder
from reports.pages import Key
from reports.permissions import Permission
from reports.presenting import View
from reports.statuses import OPEN, Rejection, Status
from reports.step_in import StepIn
from web.console.blueprint import blueprint
from web.console.drawing import go, me, page, part, target
from web.console.places import address_of
from web.console.report import find, whole
from web.console.step_form import StepForm, offers

AT_ONCE = 10  # dispatchers who may work through one list without meeting
#: What can be taken back at once, by the act that did it.
UNDONE_BY = {"merge": "unmerge"}


@dataclass(frozen=True, slots=True)
class Said:
    """What was just done, to which report; `wrong` says why it was not."""

    act: str
    code: str
    wrong: str | None = None

    @property
    def words(self) -> str:
        if self.wrong:
            return self.wrong
        vi, en = _DONE.get(self.act, ("Đã làm.", "Done."))
        return in_words(vi, en)

    @property
    def undo(self) -> bool:
        return not self.wrong and self.act in UNDONE_BY

    @property
    def stays(self) -> bool:
        """Done for good: the reporter has been told."""
        return not self.wrong and self.act in {"accept", "reject", "send_back"}


_DONE = {
    "accept": ("Đã tiếp nhận.", "Accepted."),
    "seen": ("Đã xem xong.", "Looked at."),
    "reject": ("Không tiếp nhận.", "Rejected."),
    "merge": ("Đã gộp.", "Merged."),
    "undo": ("Đã tách ra lại.", "Taken apart again."),
    "checked": ("Đã xem câu trả lời.", "The answer was checked."),
    "send_back": ("Đã gửi lại cho đơn vị.", "Sent back to the office."),
}


@blueprint.get("/triage")
@requires(Permission.CENTRE)
def triage() -> Response:
    """The next report that nobody at the centre has looked at."""
    said = None
    if (act := request.args.get("said", "")) in _DONE:
        said = Said(act, request.args.get("code", "")[:20])
    return _drawn(said=said)


@blueprint.post("/triage/<code>/<any(accept, reject, merge, undo, checked, send_back):act>")
@requires(Permission.CENTRE)
@limit("2400 per hour", by=by_account)
def settle(code: str, act: str) -> Response:
    """Do one thing to the report that stood there, and go on to the next."""
    shown, view = find(code)
    done = "seen" if act == "accept" and shown.status != Status.SUBMITTED else act
    try:
        _ACTS[act](shown, view)
        db.session.commit()
    except (XomError, ValidationError) as error:
        db.session.rollback()
        return _again(code, act, error)
    said = Said(done, codes.spoken(shown.code))
    if target() == "triage-said":
        return part("console/triage_said.html", said=said, check=_is_check())
    query = _kept() | {"said": done, "code": said.code}
    return go(address_of("console.triage", query))


def _drawn(*, said: Said | None, failed: dict[str, Any] | None = None) -> Response:
    """The next report, with how many are left; `failed`: the one that could not be settled."""
    city = snapshot.current()
    which = desk.ANSWERED if _is_check() else desk.NEW
    named = request.args.get("at")
    facts: dict[str, Any] = failed or (_named(named) if named else _next(which, city))
    facts |= {
        "said": said,
        "check": _is_check(),
        "left_in_list": desk.how_many(me(), which, centre_id=city.centre.id),
        "most": official_queue.MOST_COUNTED,
        "after": request.args.get("after"),
        "triage_url": lambda **query: address_of("console.triage", _mode() | query),
        "compare_url": lambda other: address_of(
            "console.compare",
            {"from": "triage"} | _kept(),
            code=facts["report"]["code"],
            other=other,
        ),
        "settle_url": lambda act: address_of(
            "console.settle", _kept(), code=facts["report"]["code"], act=act
        ),
    }
    if target() == "triage":
        return part("console/triage_part.html", **facts)
    return page("console/triage.html", **facts)


def _named(code: str) -> dict[str, Any]:
    """One that could not be settled, as it is now; it is not there once it was looked at."""
    shown, view = find(code)
    waits = shown.published_at is None and not (shown.held_back or shown.hidden)
    if not (shown.status == Status.RESOLVED if _is_check() else waits):
        raise NoSuchReport
    return _facts(shown, view)


def _next(which: Filters, city: City) -> dict[str, Any]:
    """The first one of the list, or after the one that was passed over, that no other dispatcher
    has before them: several may work through one list."""
    cursor = request.args.get("after")
    after: Key | None = pagination.decode_cursor(cursor, datetime, UUID) if cursor else None
    rows = desk.waiting(me(), which, centre_id=city.centre.id, limit=AT_ONCE, after=after)
    if not rows:
        return {"report": None}
    mine, at = current().account_id, now()
    free = (row for row in rows if not presence.others(row.id, mine, at=at))
    chosen = next(free, rows[0])
    presence.note(chosen.id, mine, "", at=at)
    db.session.commit()
    shown, view = find(chosen.code)
    return _facts(shown, view)


def _facts(shown: Report, view: View) -> dict[str, Any]:
    """All that the screen shows of one report, and what its choices are made from."""
    facts = whole(shown, view)
    accept = StepForm("accept", facts["report"]["id"], shown.version)
    answer = next((one for one in facts["entries"] if one.get("step") == "resolve"), None)
    reject = [(one, desk.told_for(one, shown)) for one in Rejection]
    return (
        facts
        | offers(accept, shown, view)
        | {
            "form_id": uuid4(),
            "seen": shown.version,
            "following": pagination.encode_cursor(shown.act_by, shown.id),
            "is_new": shown.status == Status.SUBMITTED,
            "publishable": _is_publishable(shown),
            "private": snapshot.current().categories_by_id[shown.category_id].private,
            "rejections": reject if "reject" in facts["steps"] else [],
            "mergeable": [one for one in facts["alike"] if one["status"] in OPEN][:2],
            "answer": answer,
            "typed": {},
            "wrong": None,
        }
    )


def _is_publishable(shown: Report) -> bool:
    """Taken by itself and answered before anybody looked, so that nobody has published it."""
    private = snapshot.current().categories_by_id[shown.category_id].private
    kept = shown.held_back or shown.hidden or private
    return shown.published_at is None and not kept


def _again(code: str, act: str, error: XomError | ValidationError) -> Response:
    """The same report with what was chosen, and why it was not done."""
    shown, view = find(code)
    kind = problems.FieldsInvalid(error.messages) if isinstance(error, ValidationError) else error
    told = problems.fields_of(kind, current_locale())
    sentence = " ".join(one["detail"] for one in told) or kind.sentence(current_locale())
    if target() == "triage-said":
        said = Said(act, codes.spoken(shown.code), wrong=sentence)
        response = part("console/triage_said.html", said=said, check=_is_check())
    else:
        again = {"typed": request.form, "wrong": sentence, "wrong_act": act}
        response = _drawn(said=None, failed=_facts(shown, view) | again)
    response.status_code = problems.kind_of(type(kind))[0]
    return response


def _is_check() -> bool:
    return request.args.get("check") == "1"


def _mode() -> dict[str, str]:
    return {"check": "1"} if _is_check() else {}


def _kept() -> dict[str, str]:
    """Where in the list one is."""
    after = request.args.get("after")
    return _mode() | ({"after": after} if after else {})


# What each key does ------------------------------------------------------------------------------


def _accept(shown: Report, view: View) -> None:
    city, form = snapshot.current(), request.form
    wanted_urgent = form.get("urgent") == "yes"
    choice = desk.Choice(
        id=_form_id(),
        office=form.get("office") or None,
        category=form.get("category") or None,
        urgent=wanted_urgent if wanted_urgent != shown.urgent else None,
        hold_back=form.get("hold_back") == "yes",
    )
    named = city.category(choice.category) if choice.category else None
    category = named or city.categories_by_id[shown.category_id]
    desk.settle(
        shown,
        choice,
        private=category.private,
        by=view.viewer,
        seen=_seen(),
        locale=view.locale,
        at=now(),
    )


def _reject(shown: Report, view: View) -> None:
    reason = desk.reason_named(request.form.get("reason", ""))
    note = request.form.get("note", "").strip() or desk.told_for(reason, shown)
    _take(shown, view, "reject", reason=str(reason), note=note)


def _merge(shown: Report, view: View) -> None:
    into, _ = looking.inside(request.form.get("target", ""), view.viewer, view.locale)
    _take(shown, view, "merge", target=str(into.id))


def _undo(shown: Report, view: View) -> None:
    _take(shown, view, "unmerge", seen=shown.version)


def _checked(shown: Report, view: View) -> None:
    seen = _seen()
    if request.form.get("publish") == "yes":
        _take(shown, view, "publish")
        seen = shown.version
    desk.looked_at(shown.id, seen=seen, at=now())


def _send_back(shown: Report, view: View) -> None:
    _take(shown, view, "send_back", note=request.form.get("note", "").strip())


_ACTS = {
    "accept": _accept,
    "reject": _reject,
    "merge": _merge,
    "undo": _undo,
    "checked": _checked,
    "send_back": _send_back,
}


def _take(shown: Report, view: View, step: str, *, seen: int | None = None, **fields: str) -> None:
    told = {"id": str(uuid5(_form_id(), step)), "step": step}
    order: StepOrder = StepIn().load(told | fields)
    version = _seen() if seen is None else seen
    taking.take(shown.id, order, by=view.viewer, seen=lambda: version, locale=view.locale, at=now())


def _form_id() -> UUID:
    try:
        return UUID(request.form["id"])
    except (KeyError, ValueError):
        raise NoSuchReport from None


def _seen() -> int:
    try:
        return int(request.form["seen"])
    except (KeyError, ValueError):
        raise NoSuchReport from None
