"""One report: all that an official needs to decide, and every step that they may take."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Response, request
from marshmallow import ValidationError

from app.auth.guards import current, may_enter, requires
from app.auth.models import Account
from app.clock import now
from app.database import db
from app.errors import XomError
from app.http import conditional, etag_for, json_answer
from app.locale import current_locale, in_words
from app.text import uuid_in
from reports import (
    alike,
    identity,
    looking,
    photos,
    presenting,
    questions,
    timeline,
    voices,
)
from reports.cards import Plain
from reports.city import snapshot
from reports.desk import presence, waiting_comments
from reports.errors import NoSuchReport
from reports.models import Note, Report, StatusChange
from reports.permissions import Permission
from reports.presenting import View
from reports.said_in import SaidIn
from reports.statuses import STEPS, Status
from web.console import deadline, mapping
from web.console.blueprint import blueprint
from web.console.done import done_word
from web.console.drawing import go, me, page, part, target
from web.console.places import address_of
from web.console.queue import asked, choices, drawn_rows, the_list, time_left
from web.console.step_form import form_for, offers
from web.console.words import step_word
from web.console.wrong import status_of, wrong_in

#: What is done next at each status, by whoever may: the one filled button.
NEXT = {
    Status.SUBMITTED: ("accept",),
    Status.ACCEPTED: ("start",),
    Status.IN_PROGRESS: ("resolve",),
    Status.RETURNED: ("forward",),
    Status.WAITING: ("resume",),
}
#: What stands beside it as a button; the rest is behind "more".
BESIDE = ("accept", "start", "resolve", "reject", "reconsider", "ask", "return", "forward",
          "send_back", "assign", "grant_extension", "refuse_extension",
          "ask_extension")  # fmt: skip
MOST_BESIDE = 4
#: What a page of a report has only sometimes: a form, an answer to one.
BESIDES = ("form", "person", "reveal_typed", "reveal_wrong", "note_typed", "note_wrong")
KEYS = {
    "accept": "a",
    "start": "s",
    "resolve": "r",
    "resume": "r",
    "forward": "f",
    "reject": "x",
    "ask": "h",
    "return": "t",
    "assign": "g",
    "send_back": "b",
}


@blueprint.get("/reports/<code>")
@requires(Permission.QUEUE)
def report(code: str) -> Response:
    """A report beside its list; by itself on a phone. Whoever has just handed it on sees it no
    more, and that it is done."""
    try:
        shown, view = find(code)
    except NoSuchReport:
        if done := done_word(request.args.get("said")):
            return no_longer_here(code, done=done)
        raise
    step = request.args.get("step")
    form = form_for(step, shown, view, request.args) if step else None
    return show(shown, view, form=form)


@blueprint.post("/reports/<code>/notes")
@requires(Permission.NOTES)
def note(code: str) -> Response:
    """An internal note; whoever is named in it with @ hears of it. One that cannot be kept comes
    back with all its words."""
    typed = request.form.get("text", "")
    try:
        shown, _ = find(code)
    except NoSuchReport:
        kept = db.session.get(Note, uuid_in(request.form.get("id")) or UUID(int=0))
        return no_longer_here(code, typed, done=done_word("noted") if is_mine(kept) else None)
    try:
        given = SaidIn().load(request.form.to_dict())
        voices.note(shown, given["id"], given["text"], by=me(), at=now())
        db.session.commit()
    except (XomError, ValidationError) as error:
        db.session.rollback()
        wrong = " ".join(wrong_in(error, {"text"}).values())
        response = show(*find(code), note_typed=typed, note_wrong=wrong)
        response.status_code = status_of(error)
        return response
    return back_to(shown, said="noted")


@blueprint.post("/reports/<code>/reporter")
@requires(Permission.QUEUE)
def reveal(code: str) -> Response:
    """Who the reporter is, for this answer alone; the reason is kept."""
    shown, view = find(code)
    voices.require_may_reveal(shown, view)
    reason = request.form.get("reason", "")
    try:
        person = identity.reveal(shown.reporter_id, by=current(), reason=reason)
    except XomError as error:
        said = error.sentence(current_locale())
        response = show(shown, view, reveal_typed=reason, reveal_wrong=said)
        response.status_code = status_of(error)
        return response
    db.session.commit()
    return show(shown, view, person=person)


@blueprint.get("/reports/<code>/state")
@requires(Permission.QUEUE)
def state(code: str) -> Response:
    """Its version and who else has it before them: asked again while the page is open."""
    shown, _ = find(code)
    others = presence.others(shown.id, current().account_id, at=now())
    for other in others:
        other["doing"] = step_word(other["doing"]) if other["doing"] in STEPS else ""
    told = {"version": shown.version, "others": others}
    response = json_answer(told)
    return conditional(response, etag_for(shown.version, response.get_data()))


@blueprint.post("/reports/<code>/here")
@requires(Permission.QUEUE)
def here(code: str) -> Response:
    """I have this report before me, and am writing this step."""
    shown, _ = find(code)
    doing = request.form.get("doing", "")
    doing = doing if doing in STEPS else ""
    presence.note(shown.id, current().account_id, doing, at=now())
    db.session.commit()
    return Response(status=204)


@blueprint.get("/photos/<uuid:photo_id>.jpg", defaults={"small": False})
@blueprint.get("/photos/<uuid:photo_id>-400.jpg", defaults={"small": True})
@requires(Permission.QUEUE)
def photo(photo_id: UUID, small: bool) -> Response:  # noqa: FBT001 (as the address has it)
    """A picture of a report that I may see, for a page that carries no token."""
    found = looking.visible_photo(photo_id, me(), current_locale())
    response = Response(photos.read(found, small=small), mimetype="image/jpeg")
    response.headers["Cache-Control"] = "private, max-age=600"
    return response


def find(code: str) -> tuple[Report, View]:
    return looking.inside(code, me(), current_locale())


def show(shown: Report, view: View, **besides: Any) -> Response:
    """The page of a report, or the report alone where a script asks for it."""
    facts = whole(shown, view) | dict.fromkeys(BESIDES) | besides
    if facts["form"]:
        facts |= offers(facts["form"], shown, view)
    if target() == "report":
        return part("console/report_part.html", **facts)
    return page("console/queue.html", listed=the_list(), **choices(), **facts)


def no_longer_here(code: str, written: str = "", *, done: str | None = None) -> Response:
    """In a report's place, for whoever does not see it, or no more: what they wrote, to be copied;
    or what they have done. Of a code that there is not the same is said."""
    in_place = target() == "report"
    template = "console/left_part.html" if in_place else "console/left.html"
    facts = {"code": code, "written": written, "done": done, "report_query": report_query()}
    response = part(template, **facts) if in_place else page(template, **facts)
    response.status_code = 200 if done else 404
    return response


def is_mine(row: Note | StatusChange | None) -> bool:
    """Did I write or do it?"""
    return row is not None and row.account_id == current().account_id


def back_to(shown: Report, *, said: str) -> Response:
    """See what it is now; a repeat of the request by the browser's back button does no harm."""
    query = {name: text for name, text in request.args.items() if name not in {"step", "said"}}
    address = address_of("console.report", query, code=shown.code, said=said)
    return go(address)


def whole(shown: Report, view: View) -> dict[str, Any]:
    """Everything that the page of a report tells."""
    city, at, locale = snapshot.current(), now(), current_locale()
    facts = presenting.whole(shown, view, city, at)
    steps = {step["step"]: step for step in facts["steps"]}
    entries = timeline.timeline(shown, view, city)[::-1]
    return {
        "report": facts,
        "row": shown,
        "left": time_left(shown, city, at),
        "primary": next((s for s in NEXT.get(shown.status, ()) if s in steps), None),
        "beside": _beside(steps, shown.status),
        "steps": steps,
        "entries": entries,
        "systems": waiting_comments.systems([entry["id"] for entry in entries]),
        "after": _after(entries),
        "deadline": deadline.made_of(shown),
        "map": mapping.around(city, shown.lat, shown.lng, locale),
        "alike": _alike(shown, at),
        "others_of_reporter": _of_same_reporter(shown, at),
        "others_here": presence.others(shown.id, current().account_id, at=at),
        "done": done_word(request.args.get("said")),
        "answers": _answers(shown, locale),
        "may_reveal": may_reveal(shown, view),
        "may_note": may_enter("console.note"),
        "report_query": report_query(),
        "report_url": address_of("console.report", asked(), code=facts["code"]),
        "step_url": lambda step: address_of(
            "console.report", asked(), code=facts["code"], step=step
        ),
        "take_url": lambda step: address_of(
            "console.take_step", asked(), code=facts["code"], step=step
        ),
        "step_key": KEYS.get,
        "people_words": _people_words,
    }


def report_query() -> str:
    """What keeps the same list beside the report."""
    kept = asked()
    return f"?{urlencode(kept)}" if kept else ""


def may_reveal(shown: Report, view: View) -> bool:
    try:
        voices.require_may_reveal(shown, view)
    except XomError:
        return False
    return True


def _answers(shown: Report, locale: str) -> list[tuple[str, str]]:
    """The category's own questions, with what was answered."""
    category = snapshot.current().categories_by_id[shown.category_id]
    return questions.told(category, shown.answers, locale)


def _people_words(change: list[str | None]) -> str:
    """From whom to whom, by name."""
    names = [db.session.get(Account, UUID(one)) if one else None for one in change]
    before, after = ((one.name or "") if one else in_words("chưa ai", "nobody") for one in names)
    return f"{before} → {after}"


def _after(entries: list[Plain]) -> list[Plain]:
    """The pictures of the last answer, to be held beside those of before."""
    answers = (one for one in entries if one["kind"] == "step" and one["step"] == "resolve")
    answer = next(answers, None)
    return answer["photos"] if answer else []


def _beside(steps: dict[str, Plain], status: Status) -> list[str]:
    primary = next((name for name in NEXT.get(status, ()) if name in steps), None)
    return [name for name in BESIDE if name in steps and name != primary][:MOST_BESIDE]


def _alike(shown: Report, at: datetime) -> list[Plain]:
    """Likely the same thing, the likeliest first, each with why."""
    city = snapshot.current()
    found = alike.likely_same(shown, me(), centre_id=city.centre.id, at=at)
    rows = drawn_rows([one.row for one in found], city, at)
    vi = current_locale() == "vi"
    return [
        card | {"why": one.why.vi if vi else str(one.why), "looks_same": one.looks_same}
        for card, one in zip(rows, found, strict=True)
    ]


def _of_same_reporter(shown: Report, at: datetime) -> list[Plain]:
    city = snapshot.current()
    rows = alike.of_same_reporter(shown, me(), centre_id=city.centre.id)
    return drawn_rows(rows, city, at)
