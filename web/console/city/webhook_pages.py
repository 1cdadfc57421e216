"""Webhooks as the console draws them: the list, one with what was sent to it, a secret once."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import Response, request, url_for
from sqlalchemy import select

from app import pagination
from app.auth.guards import current
from app.auth.models import Account
from app.clock import now
from app.database import db
from app.locale import in_words
from notifications.webhooks import history
from notifications.webhooks.models import TEST, TellingState, WebhookEndpoint
from notifications.webhooks.replay import Queued
from reports import codes, webhooks
from reports.models import Report
from reports.webhook_events import report_of
from reports.webhooks import Keeper
from web.console.city import webhook_words as words
from web.console.city.calendar import Sure
from web.console.city.forms import Form, local
from web.console.drawing import page
from web.console.words import amount

ROWS = 30


def keeper() -> Keeper:
    return webhooks.keeper_of(current(), now())


def address_of(webhook_id: UUID) -> str:
    return url_for("console.webhook", webhook_id=webhook_id)


def after_replay(webhook_id: UUID, queued: Queued, *, everything: bool) -> str:
    """Its page, which tells how many go; the form goes on where they end."""
    told: dict[str, Any] = {"number": queued.number}
    if queued.next_since:
        told |= {"since": local(queued.next_since), "all": "yes" if everything else None}
    return url_for("console.webhook", webhook_id=webhook_id, **told)


def _said() -> str:
    told = words.SAID.get(request.args.get("said", ""))
    number = request.args.get("number", 0, type=int)
    return in_words(*told).format(number=amount(number)) if told else ""


def draw_all(form: Form | None = None) -> Response:
    me = keeper()
    found = webhooks.seen_by(me)
    return page(
        "console/city/webhooks.html",
        found=found,
        counted=history.counts([one.id for one in found]),
        most_counted=history.MOST_COUNTED,
        form=form or Form({"id": str(uuid4()), "locale": "vi"}),
        readers=words.reader_choices(me.readers),
        events=words.event_choices(me.readers),
        words=words,
        said=_said(),
    )


def draw(webhook_id: UUID, form: Form | None = None) -> Response:
    """One of them. A form that was refused stands open, with what to put right."""
    me = keeper()
    endpoint = webhooks.find(me, webhook_id)
    rows, following, state = _rows(endpoint)
    known = _codes(rows)
    maker = db.session.get(Account, endpoint.made_by)
    return page(
        "console/city/webhook.html",
        one=endpoint,
        keeps=me.keeps(endpoint),
        maker=(maker.name if maker else "") or "",
        waiting=history.counts([endpoint.id])[endpoint.id],
        most_counted=history.MOST_COUNTED,
        form=form or Form({name: request.args.get(name, "") for name in ("since", "all")}),
        known=_known(endpoint),
        since=endpoint.off_at or endpoint.failing_since or now() - timedelta(days=1),
        events=words.event_choices([endpoint.reader], endpoint.events),
        words=words,
        rows=[(row, _code(row, known)) for row in rows],
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


def _codes(rows: Sequence[Any]) -> Mapping[UUID, str]:
    """By report, its code as people read it."""
    named = {report_of(row.subject) for row in rows if row.type != TEST}
    found = db.session.execute(select(Report.id, Report.code).where(Report.id.in_(named)))
    return {one.id: codes.spoken(one.code) for one in found}


def _code(row: Any, known: Mapping[UUID, str]) -> str:
    """Of the report that an event was of; a test is of none."""
    return "" if row.type == TEST else known.get(report_of(row.subject), "")


def _known(endpoint: WebhookEndpoint) -> Form:
    """What stands in the form that changes it."""
    values = {
        "which": "change",
        "url": endpoint.url,
        "description": endpoint.description,
        "locale": endpoint.locale,
    }
    return Form(values, {"events": list(endpoint.events)})


def show_once(endpoint: WebhookEndpoint, secret: str) -> Response:
    """The answer to the form itself: an address that showed it again would be a secret too."""
    return page(
        "console/city/webhook_secret.html",
        one=endpoint,
        secret=secret,
        back=address_of(endpoint.id),
        words=words,
    )


def sure_of(endpoint: WebhookEndpoint) -> Sure:
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
