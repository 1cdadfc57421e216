"""A report opened from a letter, by an office that nobody signs in for; and, for the centre, where
those letters are. What a link opens, and for how long, is `reports.desk.office_links`'s.
"""

from typing import Any
from uuid import UUID

from flask import Response, request, url_for
from marshmallow import ValidationError

from app import problems
from app.auth.guards import anyone, requires
from app.clock import now
from app.database import db
from app.errors import Forbidden, NotFound, XomError
from app.http import body_up_to
from app.limits import by_account, limit
from app.locale import current_locale
from reports import looking, photos, presenting, questions, taking, timeline
from reports.cards import Plain
from reports.city import contacts, snapshot
from reports.desk import office_links as links
from reports.desk import waiting_comments
from reports.desk.office_links import Opened, ReportLeft, Standing
from reports.models import Report
from reports.permissions import Permission, standing
from reports.statuses import Role
from web.console import deadline, mapping
from web.console.blueprint import blueprint
from web.console.drawing import go, is_partial, me, page, part, target
from web.console.queue import time_left
from web.console.report import NEXT, back_to, find
from web.console.step_form import StepForm, form_for, offers, order_of, read_form, store_photos
from web.console.step_form import with_error as put_right
from web.console.steps import MOST_BYTES, may_bring_photos


@blueprint.get("/office/<token>")
@anyone
@limit("600 per hour")
def office(token: str) -> Response:
    """The report as its office sees it, for whoever holds the letter."""
    asked, step = request.args.get("said"), request.args.get("step")
    said = asked if asked in links.STEPS else None
    try:
        opened = _open(token)
    except NotFound as error:
        return _gone(token, error, said)
    links.count_opening(token)
    db.session.commit()
    form = form_for(step, opened.report, opened.view) if step in links.STEPS else None
    return _show(token, opened, form=form, said=said)


@blueprint.post("/office/<token>/steps/<step>")
@anyone
@limit("600 per hour")
@body_up_to(MOST_BYTES)
def take_office_step(token: str, step: str) -> Response:
    """Take a step in the office's name: by the same rules as its people would."""
    if step not in links.STEPS:
        raise NotFound
    try:
        opened = _open(token)
    except NotFound as error:
        return _gone(token, error, step)
    form = read_form(step, request.form)
    try:
        form = _take(opened, form)
        db.session.commit()
    except (XomError, ValidationError) as error:
        db.session.rollback()
        return _again(token, form, error)
    return _to(url_for("console.office", token=token, said=step))


@blueprint.get("/office/<token>/photos/<uuid:photo_id>.jpg", defaults={"small": False})
@blueprint.get("/office/<token>/photos/<uuid:photo_id>-400.jpg", defaults={"small": True})
@anyone
@limit("6000 per hour")
def office_photo(token: str, photo_id: UUID, small: bool) -> Response:  # noqa: FBT001
    """A picture of that report, or one that the office has just sent."""
    opened = _open(token)
    found = looking.visible_photo(photo_id, opened.view.viewer, current_locale())
    just_sent = found.report_id is None and found.change_id is None  # and theirs: they see it
    if not just_sent and photo_id not in _pictures_of(opened):
        raise NotFound
    response = Response(photos.read(found, small=small), mimetype="image/jpeg")
    response.headers["Cache-Control"] = "private, max-age=600"
    return response


@blueprint.post("/reports/<code>/office-links/<office_code>/send")
@requires(Permission.QUEUE)
@limit("120 per hour", by=by_account)
def send_office_link(code: str, office_code: str) -> Response:
    """Write to the office again, with a new link; the one before ends."""
    shown = _for_the_centre(code)
    links.send_again(shown, office_code, by=me(), at=now())
    db.session.commit()
    return back_to(shown, said="link-sent")


@blueprint.post("/reports/<code>/office-links/<office_code>/revoke")
@requires(Permission.QUEUE)
@limit("120 per hour", by=by_account)
def revoke_office_link(code: str, office_code: str) -> Response:
    """The present link opens nothing any more."""
    shown = _for_the_centre(code)
    links.revoke(shown, office_code, by=me(), at=now())
    db.session.commit()
    return back_to(shown, said="link-ended")


@blueprint.app_template_global("offices_by_mail")
def offices_by_mail(shown: Report) -> list[Standing]:
    """For a report's page: where its letters are. Only the centre is told."""
    return links.by_mail(shown, at=now()) if _steers(shown) else []


def _for_the_centre(code: str) -> Report:
    shown, _ = find(code)
    if not _steers(shown):
        raise Forbidden
    return shown


def _steers(shown: Report) -> bool:
    return Role.DISPATCHER in standing(me(), shown, centre_id=snapshot.current().centre.id)


def _open(token: str) -> Opened:
    return links.open_link(token, locale=current_locale(), at=now())


def _take(opened: Opened, form: StepForm) -> StepForm:
    """The step taken; the form with the photos that are here now."""
    city, view = snapshot.current(), opened.view
    assert view.viewer.account_id is not None  # noqa: S101 (the office's own)
    report_id, version = opened.report.id, form.seen
    if may_bring_photos(form.step, opened.report, view):
        files = request.files.getlist("photos")
        form = store_photos(form, files, view.viewer.account_id, of=opened.report)
    order = order_of(form, opened.report, view, city)
    taking.take(
        report_id, order, by=view.viewer, seen=lambda: version, locale=current_locale(), at=now()
    )
    return form


def _again(token: str, form: StepForm, error: XomError | ValidationError) -> Response:
    """The form as it was filled in, with what to put right."""
    opened = _open(token)
    response = _show(token, opened, form=put_right(form, error, opened.report))
    kind = problems.FieldsInvalid if isinstance(error, ValidationError) else type(error)
    response.status_code = problems.kind_of(kind)[0]
    return response


def _show(
    token: str, opened: Opened, *, form: StepForm | None = None, said: str | None = None
) -> Response:
    facts = _whole(token, opened) | {"form": form, "said": said}
    if form:
        facts |= offers(form, opened.report, opened.view)
    drawn = part if target() == "report" else page
    template = "console/office_part.html" if target() == "report" else "console/office.html"
    return _in_private(drawn(template, **facts))


def _gone(token: str, error: NotFound, said: str | None) -> Response:
    """Why the link opens nothing. After handing a report back, that is as it should be."""
    if is_partial():  # a page of its own, and no part of the one that was open
        address = url_for("console.office", token=token, said=said)
        return _in_private(Response(headers={"HX-Redirect": address}))
    handed_back = isinstance(error, ReportLeft) and said == "return"
    sentence = error.sentence(current_locale())
    response = page(
        "console/office_gone.html",
        handed_back=handed_back,
        sentence=sentence,
        line=snapshot.current().own_line,
    )
    response.status_code = 200 if handed_back else 404
    return _in_private(response)


def _in_private(response: Response) -> Response:
    """The address is the key: it goes along to no other site, and into no search."""
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _whole(token: str, opened: Opened) -> dict[str, Any]:
    city, at, locale = snapshot.current(), now(), current_locale()
    report, view = opened.report, opened.view
    facts = presenting.whole(report, view, city, at)
    steps = {one["step"]: one for one in facts["steps"] if one["step"] in links.STEPS}
    category = city.categories_by_id[report.category_id]
    entries = _history(opened)
    return {
        "report": _without_numbers(facts),
        "row": report,
        "office": city.names[locale].offices[opened.office.id]["name"],
        "left": time_left(report, city, at),
        "steps": [steps[name] for name in links.STEPS if name in steps],
        "primary": next((name for name in NEXT.get(report.status, ()) if name in steps), None),
        "entries": entries,
        "systems": waiting_comments.systems([entry["id"] for entry in entries]),
        "deadline": deadline.made_of(report),
        "map": mapping.around(city, report.lat, report.lng, locale),
        "answers": [
            (question, contacts.mask_all_but_offices(answer, city))
            for question, answer in questions.told(category, report.answers, locale)
        ],
        "report_url": url_for("console.office", token=token),
        "step_url": lambda step: url_for("console.office", token=token, step=step),
        "take_url": lambda step: url_for("console.take_office_step", token=token, step=step),
        "photo_url": lambda photo, small=False: _photo_url(token, photo, small=small),
    }


def _without_numbers(facts: Plain) -> Plain:
    """Words as they are published: a letter goes through many hands, and a telephone number in
    them is likely the reporter's."""
    city = snapshot.current()
    place_note = contacts.mask_all_but_offices(facts["place_note"] or "", city)
    return facts | {"description": facts["public_description"], "place_note": place_note}


def _history(opened: Opened) -> list[Plain]:
    """Steps, the newest first. Internal notes and who in which office does it stay inside."""
    city = snapshot.current()
    entries = timeline.timeline(opened.report, opened.view, city)[::-1]
    told = [one for one in entries if one["kind"] == "step" or one.get("published")]
    return [
        one
        | {
            "note": contacts.mask_all_but_offices(one["note"], city),
            "facts": {n: v for n, v in one.get("facts", {}).items() if n != "person"},
        }
        for one in told
    ]


def _pictures_of(opened: Opened) -> set[UUID]:
    entries = timeline.timeline(opened.report, opened.view, snapshot.current())
    shown = presenting.photos_of(report_id=opened.report.id)
    return {photo["id"] for photo in shown + [p for e in entries for p in e.get("photos", [])]}


def _photo_url(token: str, photo: Plain, *, small: bool) -> str:
    """The picture's place below the link: whoever holds the letter carries no other proof."""
    address: str = photo["small" if small else "large"]
    return address.replace("/api/v1", f"{links.PAGE}/{token}", 1)


def _to(address: str) -> Response:
    return _in_private(go(address))
