"""Webhooks whose maker may not, or should not, have them any more; and who is told of them.

A client's ends with what gave it: a live key of the scope, and its work for the office that it
reads as. It is told nothing from that moment, and switched off within the hour. An office's or the
city's stays theirs when whoever set it up leaves; but they chose the address and know the secret,
so the office's heads and the administrators are asked to look at it.
"""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID, uuid4, uuid5

from sqlalchemy import Select, select, union

from app import audit
from app.auth import issuing
from app.auth.models import Account, AccountKind
from app.auth.scopes import Scope
from app.database import db
from notifications import outbox
from notifications.webhooks import endpoints, letter
from notifications.webhooks.errors import NoSuchEndpoint
from notifications.webhooks.models import OffBecause, WebhookEndpoint
from reports.audiences import holders
from reports.permissions import OFFICE_ROLES, Viewer, roles_held
from reports.statuses import Role
from reports.webhook_events import office_of, reader_of

MADE, LEFT = "webhook_made", "webhook_left"  # kinds of news


def may_still_read(reader: str, made_by: UUID, at: datetime) -> bool:
    """May an endpoint that this account made be told anything? An office's or the city's may,
    whoever made it."""
    maker = db.session.get_one(Account, made_by)
    if maker.kind != AccountKind.CLIENT:
        return True
    if not issuing.may(made_by, Scope.WEBHOOKS_MANAGE, at):
        return False
    office_id = office_of(reader)
    return office_id is None or office_id in _viewer(made_by, at).offices(*OFFICE_ROLES)


def look_after(at: datetime) -> int:
    """Switch off what its client may have no longer, and tell of what leavers left behind, each
    person once. How many were switched off. Flushes."""
    stopped = 0
    for one in sorted(_that_are_on(), key=lambda one: one.id):
        if not may_still_read(one.reader, one.made_by, at):
            stopped += _stop(one.id, at)
        elif _has_left(one, at):
            _ask_to_look(one, at)
    return stopped


def left_behind(office_id: int, leaver: UUID | None, at: datetime) -> list[WebhookEndpoint]:
    """Those of an office whose maker leads it no longer, or is this leaver."""
    found = endpoints.of_readers([reader_of(office_id)])
    return [one for one in found if one.made_by == leaver or _has_left(one, at)]


def made_by(client_id: UUID) -> Sequence[WebhookEndpoint]:
    """A client's own, the newest first."""
    return [one for one in endpoints.of_readers(None) if one.made_by == client_id]


def tell_heads(endpoint: WebhookEndpoint, *, by: UUID, at: datetime) -> None:
    """That their office's work is sent to this address from now on, but for whoever set it up."""
    office_id = office_of(endpoint.reader)
    if office_id is None:
        return
    heads = holders(at, Role.HEAD, office_id=office_id).subquery()
    others = select(heads.c.account_id).where(heads.c.account_id != by)
    _tell(endpoint, MADE, uuid4(), others, at)


def _that_are_on() -> list[WebhookEndpoint]:
    return [one for one in endpoints.of_readers(None) if one.off_at is None]


def _stop(endpoint_id: UUID, at: datetime) -> bool:
    try:
        endpoint = endpoints.locked(endpoint_id)
    except NoSuchEndpoint:
        return False  # removed meanwhile
    if not endpoints.switch_off(endpoint, OffBecause.REVOKED, at=at):
        return False
    letter.tell_owners(endpoint, at=at)
    audit.record("webhook.off", subject=f"webhook:{endpoint_id}", actor_id=None, at=at)
    return True


def _has_left(endpoint: WebhookEndpoint, at: datetime) -> bool:
    """Whether somebody set it up who might not do so today. Never a client: its ends."""
    maker = db.session.get_one(Account, endpoint.made_by)
    if maker.kind == AccountKind.CLIENT:
        return False
    if maker.disabled_at is not None:
        return True
    viewer, office_id = _viewer(maker.id, at), office_of(endpoint.reader)
    if office_id is None:
        return not viewer.offices(Role.ADMIN)
    return office_id not in viewer.offices(Role.HEAD)


def _ask_to_look(endpoint: WebhookEndpoint, at: datetime) -> None:
    """Whoever leads the office later is asked too."""
    office_id = office_of(endpoint.reader)
    people = holders(at, Role.ADMIN)
    if office_id is not None:
        both = union(holders(at, Role.HEAD, office_id=office_id), people).subquery()
        people = select(both.c.account_id)
    _tell(endpoint, LEFT, uuid5(endpoint.id, f"left by {endpoint.made_by}"), people, at)


def _tell(
    endpoint: WebhookEndpoint, kind: str, change_id: UUID, people: Select[UUID], at: datetime
) -> None:
    outbox.tell(
        change_id=change_id,
        kind=kind,
        people=people,
        subject=f"webhook:{endpoint.id}",
        payload={
            "webhook": urlsplit(endpoint.url).hostname,
            "path": f"/console/admin/webhooks/{endpoint.id}",
        },
        at=at,
    )


def _viewer(account_id: UUID, at: datetime) -> Viewer:
    return Viewer(account_id, roles_held(account_id, at))
