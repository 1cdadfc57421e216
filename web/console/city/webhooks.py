"""Webhooks at the console: an administrator's are the city's, a head's those of their office. The
list, and one of them with its secret, what was sent to it, and what it answered.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import Response, request, url_for
from marshmallow import ValidationError

from app import pagination
from app.auth.guards import current, requires
from app.auth.models import Account
from app.clock import now
from app.database import db
from app.errors import XomError
from app.limits import by_account, limit
from app.locale import in_words
from app.sentences import both
from app.text import uuid_in
from notifications.webhooks import endpoints, history
from notifications.webhooks.endpoints import Wish
from notifications.webhooks.models import TEST, TellingState, WebhookEndpoint
from reports import codes, webhooks
from reports.city import snapshot
from reports.models import Report
from reports.permissions import Permission
from reports.webhook_events import report_of
from reports.webhooks import Keeper
from web.console.blueprint import blueprint
from web.console.city import webhook_words as words
from web.console.city.calendar import Sure
from web.console.city.forms import Form, refused, sent, taken
from web.console.drawing import page

ROWS = 30
LONGEST = 120
OVERLAPS = (0, 24, 7 * 24)  # hours
TOO_LONG = both(f"Viết tối đa {LONGEST} ký tự.", f"At most {LONGEST} characters.")
ADDRESSLESS = both(
    "Ghi địa chỉ nhận, bắt đầu bằng https://.", "Give its address, from https:// on."
)


@blueprint.get("/admin/webhooks")
@requires(Permission.WEBHOOKS)
def webhooks_page() -> Response:
    return _draw_all()


@blueprint.post("/admin/webhooks")
@requires(Permission.WEBHOOKS)
@limit("60 per hour", by=by_account)
def webhook_make() -> Response:
    """A new one; the answer to the form shows its secret, and nothing does so again."""
    form, endpoint_id = sent(), uuid_in(request.form.get("id")) or uuid4()
    try:
        office = form.get("office") or None
        made, secret = webhooks.make(
            _me(), endpoint_id, _wish(form), office=office, city=snapshot.current(), at=now()
        )
        db.session.commit()
    except (XomError, ValidationError) as error:
        db.session.rollback()
        return refused(error, form, _draw_all)
    if secret is None:
        return taken(lambda: "known", form=form, again=_draw_all, then=_address(endpoint_id))
    return _show_once(made, secret)


@blueprint.get("/admin/webhooks/<uuid:webhook_id>")
@requires(Permission.WEBHOOKS)
def webhook(webhook_id: UUID) -> Response:
    return _draw(webhook_id)


@blueprint.post("/admin/webhooks/<uuid:webhook_id>")
@requires(Permission.WEBHOOKS)
@limit("120 per hour", by=by_account)
def webhook_change(webhook_id: UUID) -> Response:
    """Another address, other events."""
    form = sent()

    def act() -> bool:
        me, at = _me(), now()
        before = endpoints.wish_of(webhooks.find(me, webhook_id))
        return endpoints.wish_of(webhooks.alter(me, webhook_id, _wish(form), at=at)) != before

    return taken(
        act, form=form, again=lambda one: _draw(webhook_id, one), then=_address(webhook_id)
    )


@blueprint.post("/admin/webhooks/<uuid:webhook_id>/<any(on, off):act>")
@requires(Permission.WEBHOOKS)
@limit("120 per hour", by=by_account)
def webhook_switch(webhook_id: UUID, act: str) -> Response:
    """Tell it what happens, or nothing: each takes the other back."""
    switch = webhooks.switch_on if act == "on" else webhooks.switch_off
    switch(_me(), webhook_id, at=now())
    return _done(webhook_id, act)


@blueprint.post("/admin/webhooks/<uuid:webhook_id>/secret")
@requires(Permission.WEBHOOKS)
@limit("30 per hour", by=by_account)
def webhook_secret(webhook_id: UUID) -> Response:
    """Another secret, shown this once."""
    given = request.form.get("overlap", "")
    hours = int(given) if given in {str(one) for one in OVERLAPS} else OVERLAPS[1]
    endpoint, secret = webhooks.renew_secret(
        _me(), webhook_id, overlap=timedelta(hours=hours), at=now()
    )
    db.session.commit()
    return _show_once(endpoint, secret)


@blueprint.post("/admin/webhooks/<uuid:webhook_id>/test")
@requires(Permission.WEBHOOKS)
@limit("60 per hour", by=by_account)
def webhook_test(webhook_id: UUID) -> Response:
    """Send it an event that means nothing."""
    webhooks.try_out(_me(), webhook_id, at=now())
    return _done(webhook_id, "tested")


@blueprint.post("/admin/webhooks/<uuid:webhook_id>/replay")
@requires(Permission.WEBHOOKS)
@limit("30 per hour", by=by_account)
def webhook_replay(webhook_id: UUID) -> Response:
    """Send again what it missed, or all of a time."""
    form = sent()

    def act() -> str:
        at = now()
        queued = webhooks.send_missed(
            _me(),
            webhook_id,
            since=form.moment("since"),
            until=at,
            all_of_them=form.checked("all"),
            at=at,
        )
        return "replayed" if queued else "nothing"

    return taken(
        act, form=form, again=lambda one: _draw(webhook_id, one), then=_address(webhook_id)
    )


@blueprint.post("/admin/webhooks/<uuid:webhook_id>/deliveries/<int:delivery_id>/replay")
@requires(Permission.WEBHOOKS)
@limit("600 per hour", by=by_account)
def webhook_delivery_replay(webhook_id: UUID, delivery_id: int) -> Response:
    """Send one again."""
    webhooks.send_again(_me(), webhook_id, delivery_id, at=now())
    return _done(webhook_id, "replayed")


@blueprint.post("/admin/webhooks/<uuid:webhook_id>/remove")
@requires(Permission.WEBHOOKS)
@limit("60 per hour", by=by_account)
def webhook_remove(webhook_id: UUID) -> Response:
    """Ask whether that is meant; once it is confirmed, forget it."""
    form, me = sent(), _me()
    endpoint = webhooks.find(me, webhook_id)
    if not form.checked("sure"):
        return page(
            "console/city/sure.html", sure=_sure(endpoint), form=form, back=_address(webhook_id)
        )

    def act() -> None:
        webhooks.remove(me, webhook_id, at=now())

    then = url_for("console.webhooks_page")
    return taken(
        act, form=form, again=lambda one: _draw(webhook_id, one), then=then, said="removed"
    )


def _me() -> Keeper:
    return webhooks.keeper_of(current(), now())


def _address(webhook_id: UUID) -> str:
    return url_for("console.webhook", webhook_id=webhook_id)


def _done(webhook_id: UUID, said: str) -> Response:
    """Commit, and say on its page what was done."""
    return taken(
        lambda: said, form=sent(), again=lambda one: _draw(webhook_id, one),
        then=_address(webhook_id),
    )  # fmt: skip


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


def _sure(endpoint: WebhookEndpoint) -> Sure:
    return Sure(
        in_words("Bỏ webhook này?", "Remove this webhook?"),
        (
            endpoint.url,
            in_words(
                "Nơi nhận không được báo gì nữa, và lịch sử gửi của nó mất theo. Chỉ muốn ngừng "
                "một thời gian thì tắt.",
                "The receiver is told nothing more, and what was sent to it is forgotten. To pause "
                "it for a time, switch it off.",
            ),
        ),
        url_for("console.webhook_remove", webhook_id=endpoint.id),
        in_words("Bỏ webhook", "Remove it"),
    )


# Drawn -----------------------------------------------------------------------------------------


def _said() -> str:
    told = words.SAID.get(request.args.get("said", ""))
    return in_words(*told) if told else ""


def _draw_all(form: Form | None = None) -> Response:
    me = _me()
    found = webhooks.seen_by(me)
    return page(
        "console/city/webhooks.html",
        found=found,
        counted=history.counts([one.id for one in found]),
        form=form or Form({"id": str(uuid4()), "locale": "vi"}),
        readers=words.reader_choices(me.readers),
        events=words.event_choices(),
        words=words,
        said=_said(),
    )


def _draw(webhook_id: UUID, form: Form | None = None) -> Response:
    """One of them. A form that was refused stands open, with what to put right."""
    me = _me()
    endpoint = webhooks.find(me, webhook_id)
    rows, following, state = _rows(endpoint)
    maker = db.session.get(Account, endpoint.made_by)
    return page(
        "console/city/webhook.html",
        one=endpoint,
        keeps=me.keeps(endpoint),
        maker=(maker.name if maker else "") or "",
        waiting=history.counts([endpoint.id])[endpoint.id],
        form=form or Form(),
        known=_known(endpoint),
        since=endpoint.off_at or endpoint.failing_since or now() - timedelta(days=1),
        overlaps=OVERLAPS,
        events=words.event_choices(),
        words=words,
        rows=[(row, _code(row)) for row in rows],
        following=following,
        state=state,
        later="after" in request.args,
        at=now(),
        said=_said(),
    )


def _rows(endpoint: WebhookEndpoint) -> tuple[Sequence[Any], str | None, str]:
    """A page of its deliveries, the cursor of the next, and the state that they are narrowed to."""
    after, state = request.args.get("after"), request.args.get("state", "")
    known = TellingState(state) if state in set(TellingState) else None
    rows = history.page(
        endpoint.id,
        limit=ROWS,
        after=pagination.decode_cursor(after, int)[0] if after else None,
        state=known,
    )
    following = pagination.encode_cursor(rows[ROWS - 1].id) if len(rows) > ROWS else None
    return rows[:ROWS], following, str(known or "")


def _code(row: Any) -> str:
    """The report that an event was of, as people read it."""
    if row.type == TEST:
        return ""
    found = db.session.get(Report, report_of(row.subject))
    return codes.spoken(found.code) if found else ""


def _known(endpoint: WebhookEndpoint) -> Form:
    """What stands in the form that changes it."""
    values = {
        "which": "change",
        "url": endpoint.url,
        "description": endpoint.description,
        "locale": endpoint.locale,
    }
    return Form(values, {"events": list(endpoint.events)})


def _show_once(endpoint: WebhookEndpoint, secret: str) -> Response:
    """The answer to the form itself: an address that showed it again would be a secret too."""
    return page(
        "console/city/webhook_secret.html",
        one=endpoint,
        secret=secret,
        back=_address(endpoint.id),
        words=words,
    )
