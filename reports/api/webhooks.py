"""Webhooks over HTTP: administrators keep the city's, heads their office's, clients with a key of
the scope `webhooks:manage` their own.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Response

from app import pagination
from app.auth.guards import anyone, current, needs_scope, signed_in
from app.auth.scopes import Scope
from app.clock import now
from app.database import db
from app.http import json_answer
from app.limits import by_account, limit
from app.locale import current_locale, in_words
from app.openapi import Blueprint
from app.pagination import PageIn
from notifications.webhooks import history, signing
from notifications.webhooks.endpoints import Wish
from notifications.webhooks.models import TEST, TellingState, WebhookEndpoint
from reports import webhooks
from reports.api import webhook_shapes as shapes
from reports.city import snapshot
from reports.webhook_events import EVENTS, HEARD, office_of, report_of
from reports.webhooks import Keeper

blueprint = Blueprint(
    "webhooks", __name__, url_prefix="/api/v1", description="Other systems are told what happens"
)


@blueprint.get("/webhooks/events")
@anyone
@blueprint.response(200, shapes.EventKindsOut)
def read_event_kinds() -> dict[str, Any]:
    """The kinds of events, by name, and whose webhooks hear of each."""
    return {"items": [_kind(event, in_words(*words)) for event, words in EVENTS.items()]}


@blueprint.get("/webhooks")
@signed_in
@needs_scope(Scope.WEBHOOKS_MANAGE)
@blueprint.arguments(PageIn, location="query")
@blueprint.problems(403)
@blueprint.response(200, shapes.WebhooksOut)
def read_webhooks(query: dict[str, Any]) -> Response:
    """Those that I keep or oversee, the newest first."""
    most, after = query["limit"], query["after"]
    found = webhooks.seen_by(_me())
    if after:
        made_at, last_id = pagination.decode_cursor(after, datetime, UUID)
        found = [one for one in found if _is_after(one, made_at, last_id)]
    shown, following = found[:most], None
    if len(found) > most:
        following = pagination.encode_cursor(shown[-1].made_at, shown[-1].id)
    return json_answer(
        pagination.page(_out(shown), following), headers=pagination.page_links(following)
    )


@blueprint.post("/webhooks")
@signed_in
@needs_scope(Scope.WEBHOOKS_MANAGE)
@limit("60 per hour", by=by_account)
@blueprint.arguments(shapes.WebhookIn)
@blueprint.problems(403, 409)
@blueprint.alt_response(200, schema=shapes.WebhookMadeOut, description="It was here already")
@blueprint.response(201, shapes.WebhookMadeOut)
def make_webhook(asked: dict[str, Any]) -> Response:
    """A new one. Its secret is in this answer and in no other."""
    made, secret = webhooks.make(
        _me(),
        asked["id"],
        asked["wish"],
        office=asked["office"],
        city=snapshot.current(),
        at=now(),
    )
    db.session.commit()
    answer = _out([made])[0] | {"secret": secret}
    return json_answer(answer, status=201 if secret else 200)


@blueprint.get("/webhooks/<uuid:webhook_id>")
@signed_in
@needs_scope(Scope.WEBHOOKS_MANAGE)
@blueprint.problems(403)
@blueprint.response(200, shapes.WebhookOut)
def read_webhook(webhook_id: UUID) -> Response:
    """How it stands."""
    return json_answer(_out([webhooks.find(_me(), webhook_id)])[0])


@blueprint.put("/webhooks/<uuid:webhook_id>")
@signed_in
@needs_scope(Scope.WEBHOOKS_MANAGE)
@limit("120 per hour", by=by_account)
@blueprint.arguments(shapes.ChangeIn)
@blueprint.problems(403)
@blueprint.response(200, shapes.WebhookOut)
def change_webhook(asked: dict[str, Any], webhook_id: UUID) -> Response:
    """Another address, other events; on or off."""
    me, at = _me(), now()
    wish: Wish = asked["wish"]
    changed, _ = webhooks.alter(me, webhook_id, wish, at=at)
    if asked["on"] is not None:
        switch = webhooks.switch_on if asked["on"] else webhooks.switch_off
        switch(me, webhook_id, at=at)
    db.session.commit()
    return json_answer(_out([changed])[0])


@blueprint.delete("/webhooks/<uuid:webhook_id>")
@signed_in
@needs_scope(Scope.WEBHOOKS_MANAGE)
@blueprint.problems(403)
@blueprint.response(204)
def remove_webhook(webhook_id: UUID) -> None:
    """Forget it, with what was sent to it."""
    webhooks.remove(_me(), webhook_id, at=now())
    db.session.commit()


@blueprint.post("/webhooks/<uuid:webhook_id>/secret")
@signed_in
@needs_scope(Scope.WEBHOOKS_MANAGE)
@limit("30 per hour", by=by_account)
@blueprint.arguments(shapes.SecretIn, required=False)
@blueprint.problems(403)
@blueprint.response(200, shapes.SecretOut)
def renew_secret(asked: dict[str, Any], webhook_id: UUID) -> Response:
    """Another secret. For the overlap both sign, so that a receiver can change over in its own
    time."""
    overlap = timedelta(hours=asked["overlap_hours"])
    endpoint, secret = webhooks.renew_secret(_me(), webhook_id, overlap=overlap, at=now())
    db.session.commit()
    return json_answer({"secret": secret, "old_secret_until": endpoint.old_secret_until})


@blueprint.post("/webhooks/<uuid:webhook_id>/test")
@signed_in
@needs_scope(Scope.WEBHOOKS_MANAGE)
@limit("60 per hour", by=by_account)
@blueprint.problems(403, 409)
@blueprint.response(202, shapes.DeliveryQueuedOut)
def try_webhook(webhook_id: UUID) -> Response:
    """Send it an event of the kind `webhook.test`."""
    delivery = webhooks.try_out(_me(), webhook_id, at=now())
    db.session.commit()
    return json_answer({"delivery": delivery.id}, status=202)


@blueprint.get("/webhooks/<uuid:webhook_id>/deliveries")
@signed_in
@needs_scope(Scope.WEBHOOKS_MANAGE)
@blueprint.arguments(shapes.DeliveriesIn, location="query")
@blueprint.problems(403)
@blueprint.response(200, shapes.TellingsOut)
def read_deliveries(query: dict[str, Any], webhook_id: UUID) -> Response:
    """What was sent to it within 30 days or waits to be, and the status of the answer; newest
    first."""
    endpoint = webhooks.find(_me(), webhook_id)
    most, after, state = query["limit"], query["after"], query.get("state")
    rows = history.page(
        endpoint.id,
        limit=most,
        after=pagination.decode_cursor(after, int)[0] if after else None,
        state=TellingState(state) if state else None,
    )
    following = pagination.encode_cursor(rows[most - 1].id) if len(rows) > most else None
    items = [delivery_out(row) for row in rows[:most]]
    return json_answer(pagination.page(items, following), headers=pagination.page_links(following))


@blueprint.post("/webhooks/<uuid:webhook_id>/deliveries/<int:delivery_id>/replay")
@signed_in
@needs_scope(Scope.WEBHOOKS_MANAGE)
@limit("600 per hour", by=by_account)
@blueprint.problems(403, 409)
@blueprint.response(202, shapes.DeliveryQueuedOut)
def replay_delivery(webhook_id: UUID, delivery_id: int) -> Response:
    """Send it again, with all its tries, under the same id."""
    delivery = webhooks.send_again(_me(), webhook_id, delivery_id, at=now())
    db.session.commit()
    return json_answer({"delivery": delivery.id}, status=202)


@blueprint.post("/webhooks/<uuid:webhook_id>/replay")
@signed_in
@needs_scope(Scope.WEBHOOKS_MANAGE)
@limit("30 per hour", by=by_account)
@blueprint.arguments(shapes.ReplayIn)
@blueprint.problems(403, 409)
@blueprint.response(202, shapes.QueuedOut)
def replay_missed(asked: dict[str, Any], webhook_id: UUID) -> Response:
    """Send again what happened in a time and did not arrive: what was given up, waits for its next
    try, or happened while it was off; or all of it."""
    at = now()
    queued = webhooks.send_missed(
        _me(),
        webhook_id,
        since=asked["since"],
        until=asked["until"] or at,
        all_of_them=asked["all"],
        at=at,
    )
    db.session.commit()
    answer = {"queued": queued.number, "next_since": queued.next_since}
    return json_answer(answer, status=202)


def _me() -> Keeper:
    return webhooks.keeper_of(current(), now())


def _kind(event: str, name: str) -> dict[str, Any]:
    hear = [whose for whose, events in HEARD.items() if event in events]
    return {"event": event, "name": name, "told_to": hear}


def _is_after(one: WebhookEndpoint, made_at: datetime, last_id: UUID) -> bool:
    """In the list's order: the newest first."""
    return one.made_at < made_at or (one.made_at == made_at and one.id > last_id)


def _out(found: Sequence[WebhookEndpoint]) -> list[dict[str, Any]]:
    counted = history.counts([one.id for one in found])
    return [_one_out(one, counted[one.id]) for one in found]


def _one_out(one: WebhookEndpoint, counted: Mapping[str, int]) -> dict[str, Any]:
    office_id = office_of(one.reader)
    names = snapshot.current().names[current_locale()].offices
    return {
        "id": one.id,
        "url": one.url,
        "office": None if office_id is None else names[office_id],
        "events": one.events,
        "description": one.description,
        "locale": one.locale,
        "made_at": one.made_at,
        "on": one.off_at is None,
        "off_at": one.off_at,
        "off_because": one.off_because,
        "failing_since": one.failing_since,
        "last_ok_at": one.last_ok_at,
        "old_secret_until": one.old_secret_until,
        "waiting": counted.get(TellingState.DUE, 0),
        "given_up": counted.get(TellingState.DEAD, 0),
    }


def delivery_out(row: Any) -> dict[str, Any]:
    due = row.state == TellingState.DUE
    return {
        "id": row.id,
        "event_id": signing.id_of(row.event_id),
        "sequence": row.sequence,
        "type": row.type,
        "report": None if row.type == TEST else report_of(row.subject),
        "at": row.at,
        "state": row.state,
        "tries": row.tries,
        "due_at": row.due_at if due else None,
        "tried_at": row.tried_at,
        "took_ms": row.took_ms,
        "status": row.status,
        "error": row.error,
    }
