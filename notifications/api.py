"""A person's devices, messages and choices over HTTP; for admins, what could not be delivered."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response

from app import audit, pagination
from app.auth.guards import anyone, current, requires, signed_in
from app.auth.models import AccountKind
from app.clock import now
from app.database import db
from app.errors import NotFound
from app.http import json_answer
from app.limits import by_account, limit
from app.locale import current_locale, in_words
from app.openapi import Blueprint
from app.pagination import PageIn
from notifications import devices, inbox, preferences, schemas, vapid
from notifications.backoff import Hours
from notifications.errors import NoWebPush
from notifications.kinds import GROUP_NAMES, Group
from notifications.models import Way
from notifications.ports import ports, ways
from notifications.templates import Reader, path_of, render_or_plain

blueprint = Blueprint(
    "messages", __name__, url_prefix="/api/v1", description="Devices, messages, choices"
)
blueprints = [blueprint]


@blueprint.put("/devices/<uuid:installation_id>")
@signed_in
@limit("60 per hour", by=by_account)
@blueprint.arguments(schemas.DeviceIn)
@blueprint.response(200, schemas.DeviceOut)
@blueprint.problems(409)
def put_device(device: dict[str, Any], installation_id: UUID) -> dict[str, Any]:
    """Link this installed app or browser to my account; again whenever its token changes."""
    kind = device["kind"]
    me, address = current(), devices.checked_address(kind, device["address"], ports().config)
    if me.kind is AccountKind.ANONYMOUS:
        devices.refuse_another_accounts(me.account_id, installation_id, kind, address)
    devices.register(
        me.account_id,
        installation_id,
        kind=kind,
        address=address,
        locale=device["locale"],
        at=now(),
    )
    db.session.commit()
    return {"installation_id": installation_id, "kind": str(kind), "locale": device["locale"]}


@blueprint.delete("/devices/<uuid:installation_id>")
@signed_in
@blueprint.response(204)
def delete_device(installation_id: UUID) -> None:
    """Unlink it: at sign-out, or when its owner wants no more pushes."""
    devices.forget(current().account_id, installation_id)
    db.session.commit()


@blueprint.get("/push/webpush-key")
@anyone
@blueprint.problems(404)
@blueprint.response(200, schemas.WebPushKeyOut)
def webpush_key() -> dict[str, str]:
    """The public key with which a browser subscribes."""
    private_key = ports().config.vapid_private_key
    if not private_key:
        raise NoWebPush
    return {"key": vapid.public_key(private_key)}


@blueprint.get("/me/messages")
@signed_in
@blueprint.arguments(PageIn, location="query")
@blueprint.response(200, schemas.MessagesOut)
def read_messages(query: dict[str, Any]) -> Response:
    """What I was told, newest first, and how many of it I have not read."""
    me, most = current(), query["limit"]
    after = pagination.decode_cursor(query["after"], datetime, UUID) if query["after"] else None
    rows = inbox.read_inbox(me.account_id, limit=most, after=after)
    following = _next(rows, most, lambda row: (row.at, row.id))
    reader = Reader(current_locale(), ports().timezone(), me.kind == "official")
    items = [_message(row, reader) for row in rows[:most]]
    unread = inbox.count_unread(me.account_id)
    return json_answer(
        {**pagination.page(items, following), "unread": unread},
        headers=pagination.page_links(following),
    )


@blueprint.post("/me/messages/read")
@signed_in
@blueprint.arguments(schemas.ReadIn)
@blueprint.response(200, schemas.UnreadOut)
def read(wish: dict[str, Any]) -> dict[str, int]:
    """I have read these, or everything up to this one."""
    account_id = current().account_id
    inbox.mark_read(account_id, at=now(), ids=wish.get("ids"), up_to=wish.get("up_to"))
    db.session.commit()
    return {"unread": inbox.count_unread(account_id)}


@blueprint.get("/me/preferences")
@signed_in
@blueprint.response(200, schemas.PreferencesOut)
def read_preferences() -> dict[str, Any]:
    """What I hear of, by which way, and when not."""
    return _preferences(current().account_id)


@blueprint.put("/me/preferences")
@signed_in
@blueprint.arguments(schemas.PreferencesIn, required=False)
@blueprint.response(200, schemas.PreferencesOut)
def put_preferences(wish: dict[str, Any]) -> dict[str, Any]:
    """Choose. Groups and ways that are left out stay as they are."""
    account_id = current().account_id
    preferences.choose(
        account_id,
        {
            Group(group): {Way(way): choice for way, choice in chosen.items()}
            for group, chosen in wish["choices"].items()
        },
    )
    if "quiet_hours" in wish:
        hours = wish["quiet_hours"]
        quiet = Hours(**hours) if hours else preferences.NEVER_QUIET
        preferences.keep_quiet(account_id, quiet)
    db.session.commit()
    return _preferences(account_id)


@blueprint.get("/admin/dead-letters")
@requires("admin")
@blueprint.arguments(PageIn, location="query")
@blueprint.response(200, schemas.DeadLettersOut)
def read_dead_letters(query: dict[str, Any]) -> Response:
    """Deliveries that were given up, and why."""
    most = query["limit"]
    after = pagination.decode_cursor(query["after"], datetime, int) if query["after"] else None
    rows = inbox.dead_letters(limit=most, after=after)
    following = _next(rows, most, lambda row: (row.done_at, row.id))
    items = [{**row._mapping} for row in rows[:most]]
    return json_answer(pagination.page(items, following), headers=pagination.page_links(following))


@blueprint.post("/admin/dead-letters/<int:delivery_id>/retry")
@requires("admin")
@blueprint.response(204)
def retry_dead_letter(delivery_id: int) -> None:
    """Try one again, with all its tries."""
    if not inbox.retry_dead_letter(delivery_id, at=now()):
        raise NotFound
    audit.record("delivery.retry", subject=f"delivery:{delivery_id}", actor_id=current().account_id)
    db.session.commit()


def _next(rows: Sequence[Any], most: int, key: Callable[[Any], tuple[Any, ...]]) -> Any:
    """The cursor after the last row of this page; None when there is no further row."""
    return pagination.encode_cursor(*key(rows[most - 1])) if len(rows) > most else None


def _message(row: Any, reader: Reader) -> dict[str, Any]:
    text = render_or_plain(row.kind, row.payload, reader, at=row.at)
    return {
        "id": row.id,
        "kind": row.kind,
        "subject": row.subject,
        "title": text.title,
        "body": text.body,
        "path": path_of(row.payload, official=reader.official),
        "urgent": row.urgent,
        "at": row.at,
        "read_at": row.read_at,
    }


def _preferences(account_id: UUID) -> dict[str, Any]:
    wishes = preferences.wishes_of(account_id)
    quiet = wishes.quiet if wishes.quiet != preferences.NEVER_QUIET else None
    return {
        "choices": wishes.choices,
        "quiet_hours": quiet,
        "groups": [
            {"group": str(group), "name": in_words(*names)} for group, names in GROUP_NAMES.items()
        ],
        "ways": ways(ports().config),
    }
