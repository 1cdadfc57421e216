"""API clients and their keys over HTTP, for administrators. No key manages keys."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Response

from app.auth import api_clients, issuing
from app.auth.api_clients import Client
from app.auth.client_models import ApiKey
from app.auth.guards import current, requires
from app.clock import now
from app.database import db
from app.http import json_answer
from app.limits import by_account, limit
from app.locale import current_locale
from app.openapi import Blueprint
from reports.api.client_schemas import (
    ClientChangeIn,
    ClientIn,
    ClientOut,
    ClientsOut,
    IssuedKeyOut,
    KeyChangeIn,
    KeyIn,
    KeyOut,
    ReplacementIn,
    UsageIn,
    UsageOut,
)
from reports.city import snapshot
from reports.desk import clients
from reports.permissions import Permission

blueprint = Blueprint(
    "api-clients",
    __name__,
    url_prefix="/api/v1/api-clients",
    description="Programs of neighbours: their keys, scopes, limits and use",
)

Told = dict[str, Any]
_CLIENT = "/<uuid:client_id>"
_KEY = "/<uuid:client_id>/keys/<uuid:key_id>"


@blueprint.get("")
@requires(Permission.ADMIN)
@blueprint.response(200, ClientsOut)
def list_clients() -> dict[str, list[Told]]:
    """All clients with their keys, by name; those that are closed come last."""
    found, at = api_clients.clients(), now()
    ids = [one.row.account_id for one in found]
    offices, used = clients.offices_of(ids, at=at), issuing.last_used(ids)
    return {"items": [_client(one, offices, used, at) for one in found]}


@blueprint.post("")
@requires(Permission.ADMIN)
@limit("60 per hour", by=by_account)
@blueprint.arguments(ClientIn)
@blueprint.response(201, ClientOut)
@blueprint.alt_response(200, schema=ClientOut, description="It was here already")
@blueprint.problems(409)
def make_client(asked: dict[str, Any]) -> Response:
    """A new client, without any key yet."""
    by, at = current().account_id, now()
    found, made = api_clients.make(asked["id"], asked["name"], asked["contact_email"], by=by, at=at)
    if made:
        clients.work_for(asked["id"], asked["office"], city=snapshot.current(), by=by, at=at)
    told = _told(found, at)
    db.session.commit()
    return json_answer(told, 201 if made else 200)


@blueprint.get(_CLIENT)
@requires(Permission.ADMIN)
@blueprint.response(200, ClientOut)
def read_client(client_id: UUID) -> Told:
    """One client with all keys it ever had."""
    return _told(api_clients.client(client_id), now())


@blueprint.patch(_CLIENT)
@requires(Permission.ADMIN)
@limit("600 per hour", by=by_account)
@blueprint.arguments(ClientChangeIn, required=False)
@blueprint.response(200, ClientOut)
def change_client(wish: dict[str, Any], client_id: UUID) -> Told:
    """Another name, contact or office; close it, or open it again."""
    by, at = current().account_id, now()
    known = api_clients.client(client_id)
    api_clients.change(
        client_id,
        name=wish.get("name", known.account.name or ""),
        contact_email=wish.get("contact_email", known.row.contact_email),
        by=by,
        at=at,
    )
    if "office" in wish:
        clients.work_for(client_id, wish["office"], city=snapshot.current(), by=by, at=at)
    if "closed" in wish:
        act = api_clients.close if wish["closed"] else api_clients.reopen
        act(client_id, by=by, at=at)
    told = _told(api_clients.client(client_id), at)
    db.session.commit()
    return told


@blueprint.get(f"{_CLIENT}/usage")
@requires(Permission.ADMIN)
@blueprint.arguments(UsageIn, location="query")
@blueprint.response(200, UsageOut)
def read_usage(asked: dict[str, int], client_id: UUID) -> dict[str, list[Told]]:
    """How often each key was used, by day; days without use are left out."""
    api_clients.client(client_id)
    days = issuing.usage(client_id, days=asked["days"], at=now())
    return {
        "items": [
            {"day": one.day, "key": one.key_id, "requests": one.requests, "refused": one.refused}
            for one in days
        ]
    }


@blueprint.post(f"{_CLIENT}/keys")
@requires(Permission.ADMIN)
@limit("60 per hour", by=by_account)
@blueprint.arguments(KeyIn)
@blueprint.response(201, IssuedKeyOut)
@blueprint.alt_response(200, schema=IssuedKeyOut, description="It was here already")
@blueprint.problems(409)
def issue_key(asked: dict[str, Any], client_id: UUID) -> Response:
    """A new key. Its text is in this answer alone."""
    at = now()
    key, text = issuing.issue(
        client_id, asked["id"], asked["terms"], by=current().account_id, at=at
    )
    return _issued(key, text, at)


@blueprint.patch(_KEY)
@requires(Permission.ADMIN)
@limit("600 per hour", by=by_account)
@blueprint.arguments(KeyChangeIn, required=False)
@blueprint.response(200, KeyOut)
@blueprint.problems(409)
def change_key(wish: dict[str, Any], client_id: UUID, key_id: UUID) -> Told:
    """Other scopes, limits, label or end, from the next request on."""
    at, before = now(), issuing.terms_of(issuing.key_of(client_id, key_id))
    if "scopes" in wish:
        wish = {**wish, "scopes": frozenset(wish["scopes"])}
    terms = replace(before, **wish)
    issuing.change_key(client_id, key_id, terms, by=current().account_id, at=at)
    return _kept(client_id, key_id, at)


@blueprint.post(f"{_KEY}/replacement")
@requires(Permission.ADMIN)
@limit("60 per hour", by=by_account)
@blueprint.arguments(ReplacementIn)
@blueprint.response(201, IssuedKeyOut)
@blueprint.alt_response(200, schema=IssuedKeyOut, description="It was here already")
@blueprint.problems(409)
def replace_key(asked: dict[str, Any], client_id: UUID, key_id: UUID) -> Response:
    """A new key of the same scopes and limits; the old one goes on for some days beside it."""
    at, overlap = now(), timedelta(days=asked["overlap_days"])
    key, text = issuing.replace_key(
        client_id, key_id, asked["id"], overlap=overlap, by=current().account_id, at=at
    )
    return _issued(key, text, at)


@blueprint.delete(_KEY)
@requires(Permission.ADMIN)
@limit("600 per hour", by=by_account)
@blueprint.response(200, KeyOut)
def revoke_key(client_id: UUID, key_id: UUID) -> Told:
    """The key works no more, from the next request on; again is the same."""
    at = now()
    issuing.revoke(client_id, key_id, by=current().account_id, at=at)
    return _kept(client_id, key_id, at)


@blueprint.post(f"{_KEY}/put-back")
@requires(Permission.ADMIN)
@limit("600 per hour", by=by_account)
@blueprint.response(200, KeyOut)
@blueprint.problems(409)
def put_key_back(client_id: UUID, key_id: UUID) -> Told:
    """Undo a revocation, within a day of it; again is the same."""
    at = now()
    issuing.put_back(client_id, key_id, by=current().account_id, at=at)
    return _kept(client_id, key_id, at)


# As they are told ------------------------------------------------------------------------------


def _kept(client_id: UUID, key_id: UUID, at: datetime) -> Told:
    told = _key(issuing.key_of(client_id, key_id), issuing.last_used([client_id]), at)
    db.session.commit()
    return told


def _issued(key: ApiKey, text: str | None, at: datetime) -> Response:
    used = {} if text else issuing.last_used([key.account_id])
    told = {**_key(key, used, at), "key": text}
    db.session.commit()
    answer = json_answer(told, 201 if text else 200)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _told(found: Client, at: datetime) -> Told:
    ids = [found.row.account_id]
    return _client(found, clients.offices_of(ids, at=at), issuing.last_used(ids), at)


def _client(
    found: Client, offices: Mapping[UUID, int], used: Mapping[UUID, datetime], at: datetime
) -> Told:
    account, office = found.account, offices.get(found.account.id)
    names = snapshot.current().names[current_locale()].offices
    return {
        "id": account.id,
        "name": account.name,
        "contact_email": found.row.contact_email,
        "office": names[office] if office is not None else None,
        "created_at": found.row.created_at,
        "closed_at": account.disabled_at,
        "keys": [_key(one, used, at) for one in found.keys],
    }


def _key(key: ApiKey, used: Mapping[UUID, datetime], at: datetime) -> Told:
    return {
        "id": key.id,
        "shown": key.shown,
        "label": key.label,
        "scopes": key.scopes,
        "per_minute": key.per_minute,
        "per_day": key.per_day,
        "live": issuing.is_live(key, at),
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "revoked_at": key.revoked_at,
        "last_used_at": used.get(key.id),
    }
