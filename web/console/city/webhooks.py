"""Webhooks at the console: an administrator's are the city's, a head's those of their office. What
is done with them; how they are drawn: `webhook_pages`.
"""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

from flask import Response, request, url_for
from marshmallow import ValidationError

from app.auth.guards import requires
from app.clock import now
from app.database import db
from app.errors import Conflict, XomError
from app.limits import by_account, limit
from app.sentences import both
from app.text import uuid_in
from notifications.webhooks.endpoints import Wish
from notifications.webhooks.replay import Queued
from reports import webhooks
from reports.city import snapshot
from reports.permissions import Permission
from web.console.blueprint import blueprint
from web.console.city import webhook_pages as drawn
from web.console.city.forms import Form, refused, sent, taken
from web.console.drawing import page

LONGEST = 120
OVERLAPS = (0, 24, 7 * 24)  # hours
TOO_LONG = both(f"Viết tối đa {LONGEST} ký tự.", f"At most {LONGEST} characters.")
ADDRESSLESS = both(
    "Ghi địa chỉ nhận, bắt đầu bằng https://.", "Give its address, from https:// on."
)


@blueprint.get("/admin/webhooks")
@requires(Permission.WEBHOOKS)
def webhooks_page() -> Response:
    return drawn.draw_all()


@blueprint.post("/admin/webhooks")
@requires(Permission.WEBHOOKS)
@limit("60 per hour", by=by_account)
def webhook_make() -> Response:
    """A new one; the answer to the form shows its secret, and nothing does so again."""
    form, endpoint_id = sent(), uuid_in(request.form.get("id")) or uuid4()
    try:
        office = form.get("office") or None
        made, secret = webhooks.make(
            drawn.keeper(),
            endpoint_id,
            _wish(form),
            office=office,
            city=snapshot.current(),
            at=now(),
        )
        db.session.commit()
    except (XomError, ValidationError) as error:
        db.session.rollback()
        return refused(error, form, drawn.draw_all)
    if secret is None:
        return taken(
            lambda: "known", form=form, again=drawn.draw_all, then=drawn.address_of(endpoint_id)
        )
    return drawn.show_once(made, secret)


@blueprint.get("/admin/webhooks/<uuid:webhook_id>")
@requires(Permission.WEBHOOKS)
def webhook(webhook_id: UUID) -> Response:
    return drawn.draw(webhook_id)


@blueprint.post("/admin/webhooks/<uuid:webhook_id>")
@requires(Permission.WEBHOOKS)
@limit("120 per hour", by=by_account)
def webhook_change(webhook_id: UUID) -> Response:
    """Another address, other events."""
    form = sent()

    def act() -> bool:
        _, changed = webhooks.alter(drawn.keeper(), webhook_id, _wish(form), at=now())
        return bool(changed)

    return taken(
        act,
        form=form,
        again=lambda one: drawn.draw(webhook_id, one),
        then=drawn.address_of(webhook_id),
    )


@blueprint.post("/admin/webhooks/<uuid:webhook_id>/<any(on, off):act>")
@requires(Permission.WEBHOOKS)
@limit("120 per hour", by=by_account)
def webhook_switch(webhook_id: UUID, act: str) -> Response:
    """Tell it what happens, or nothing: each takes the other back."""
    switch = webhooks.switch_on if act == "on" else webhooks.switch_off
    switch(drawn.keeper(), webhook_id, at=now())
    return _done(webhook_id, act)


@blueprint.post("/admin/webhooks/<uuid:webhook_id>/secret")
@requires(Permission.WEBHOOKS)
@limit("30 per hour", by=by_account)
def webhook_secret(webhook_id: UUID) -> Response:
    """Another secret, shown this once."""
    form = sent()
    given = form.get("overlap")
    hours = int(given) if given in {str(one) for one in OVERLAPS} else OVERLAPS[1]
    overlap = timedelta(hours=hours)
    try:
        endpoint, secret = webhooks.renew_secret(
            drawn.keeper(), webhook_id, overlap=overlap, at=now()
        )
        db.session.commit()
    except Conflict as error:
        db.session.rollback()
        return refused(error, form, lambda one: drawn.draw(webhook_id, one))
    return drawn.show_once(endpoint, secret)


@blueprint.post("/admin/webhooks/<uuid:webhook_id>/test")
@requires(Permission.WEBHOOKS)
@limit("60 per hour", by=by_account)
def webhook_test(webhook_id: UUID) -> Response:
    """Send it an event that means nothing."""
    webhooks.try_out(drawn.keeper(), webhook_id, at=now())
    return _done(webhook_id, "tested")


@blueprint.post("/admin/webhooks/<uuid:webhook_id>/replay")
@requires(Permission.WEBHOOKS)
@limit("30 per hour", by=by_account)
def webhook_replay(webhook_id: UUID) -> Response:
    """Send again what it missed, or all of a time."""
    form, done = sent(), list[Queued]()

    def act() -> str:
        at = now()
        queued = webhooks.send_missed(
            drawn.keeper(),
            webhook_id,
            since=form.moment("since"),
            until=at,
            all_of_them=form.checked("all"),
            at=at,
        )
        done.append(queued)
        if queued.next_since:
            return "replayed_some"
        return "replayed_all" if queued.number else "nothing"

    return taken(
        act,
        form=form,
        again=lambda one: drawn.draw(webhook_id, one),
        then=lambda: drawn.after_replay(webhook_id, done[0], everything=form.checked("all")),
    )


@blueprint.post("/admin/webhooks/<uuid:webhook_id>/deliveries/<int:delivery_id>/replay")
@requires(Permission.WEBHOOKS)
@limit("600 per hour", by=by_account)
def webhook_delivery_replay(webhook_id: UUID, delivery_id: int) -> Response:
    """Send one again."""
    webhooks.send_again(drawn.keeper(), webhook_id, delivery_id, at=now())
    return _done(webhook_id, "replayed")


@blueprint.post("/admin/webhooks/<uuid:webhook_id>/remove")
@requires(Permission.WEBHOOKS)
@limit("60 per hour", by=by_account)
def webhook_remove(webhook_id: UUID) -> Response:
    """Ask whether that is meant; once it is confirmed, forget it."""
    form, me = sent(), drawn.keeper()
    endpoint = webhooks.find(me, webhook_id)
    if not form.checked("sure"):
        return page(
            "console/city/sure.html",
            sure=drawn.sure_of(endpoint),
            form=form,
            back=drawn.address_of(webhook_id),
        )

    def act() -> None:
        webhooks.remove(me, webhook_id, at=now())

    then = url_for("console.webhooks_page")
    return taken(
        act, form=form, again=lambda one: drawn.draw(webhook_id, one), then=then, said="removed"
    )


def _done(webhook_id: UUID, said: str) -> Response:
    """Commit, and say on its page what was done."""
    return _answered(lambda: said, webhook_id, sent())


def _answered(act: Callable[[], bool | str], webhook_id: UUID, form: Form) -> Response:
    """Its page, with what was done or what to put right."""
    return taken(
        act,
        form=form,
        again=lambda one: drawn.draw(webhook_id, one),
        then=drawn.address_of(webhook_id),
    )


def _wish(form: Form) -> Wish:
    """What the form asks for. Raises ValidationError."""
    url, description = form.get("url").strip(), form.line("description") or ""
    wrong: dict[str, list[object]] = {}
    if not url:
        wrong["url"] = [ADDRESSLESS]
    if len(description) > LONGEST:
        wrong["description"] = [TOO_LONG]
    if wrong:
        raise ValidationError(wrong)
    return Wish(
        url=url,
        events=tuple(sorted(set(filter(None, form.listed("events"))))),
        description=description,
        locale="en" if form.get("locale") == "en" else "vi",
    )
