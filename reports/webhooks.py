"""Who keeps which webhooks, and what they do with them: each act with its entry in the audit log.

The city's, which read what anyone may, are its administrators'. An office's, which read what it
reads, are its heads': an administrator sees that they are there, and may switch them off or remove
them, but sets none up. A client with a key keeps its own: for the offices it works for, or as the
public where it works for none. For whom a client works is for administrators to say; so an office's
heads are told of that, and of each address to which their office's work is sent (`webhook_care`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask import current_app

from app import audit
from app.auth.api_keys import ApiCaller
from app.auth.guards import Caller
from app.config import Config
from app.errors import Forbidden
from notifications.webhooks import addresses, endpoints, replay
from notifications.webhooks.endpoints import Whose, Wish
from notifications.webhooks.errors import NoSuchEndpoint
from notifications.webhooks.models import PUBLIC, OffBecause, WebhookDelivery, WebhookEndpoint
from notifications.webhooks.replay import Queued
from reports import webhook_care
from reports.city.snapshot import City
from reports.errors import UnknownOffice
from reports.permissions import OFFICE_ROLES, viewer_of
from reports.statuses import Role
from reports.webhook_events import reader_of


class NotYourWebhook(Forbidden):
    code = "not-your-webhook"
    vi = (
        "Webhook này thuộc một đơn vị. Lãnh đạo đơn vị đó mới sửa được; quản trị viên chỉ tắt hoặc"
        " bỏ."
    )
    en = (
        "This webhook is an office's. Its head may change it; an administrator may only switch it"
        " off or remove it."
    )


class NotForYou(Forbidden):
    code = "webhook-reader"
    field = "office"
    vi = "Bạn chỉ đặt webhook được cho đơn vị của mình."
    en = "You may set up webhooks for your own office only."


@dataclass(frozen=True, slots=True)
class Keeper:
    """Somebody who keeps webhooks: as whom theirs may read, and which they see."""

    account_id: UUID
    readers: frozenset[str]
    oversees: bool = False  # sees all, and may stop any
    own_only: bool = False  # of those, the ones that they made

    def keeps(self, endpoint: WebhookEndpoint | Whose) -> bool:
        mine = not self.own_only or endpoint.made_by == self.account_id
        return mine and endpoint.reader in self.readers

    def sees(self, endpoint: WebhookEndpoint | Whose) -> bool:
        return self.oversees or self.keeps(endpoint)


def keeper_of(caller: Caller, at: datetime) -> Keeper:
    """Raises Forbidden for whoever keeps none."""
    viewer = viewer_of(caller, at)
    if isinstance(caller, ApiCaller):
        offices = _readers(viewer.offices(*OFFICE_ROLES))
        return Keeper(caller.account_id, offices or frozenset({PUBLIC}), own_only=True)
    readers, oversees = _readers(viewer.offices(Role.HEAD)), bool(viewer.offices(Role.ADMIN))
    if oversees:
        readers |= {PUBLIC}
    if not readers:
        raise Forbidden
    return Keeper(caller.account_id, readers, oversees)


def _readers(offices: Iterable[int]) -> frozenset[str]:
    return frozenset(reader_of(office_id) for office_id in offices)


# Looked at -------------------------------------------------------------------------------------


def seen_by(keeper: Keeper) -> Sequence[WebhookEndpoint]:
    """The newest first."""
    found = endpoints.of_readers(None if keeper.oversees else keeper.readers)
    return [one for one in found if keeper.sees(one)]


def find(keeper: Keeper, endpoint_id: UUID) -> WebhookEndpoint:
    """Raises NoSuchEndpoint: absent and another's look the same."""
    return _seen(keeper, endpoints.named(endpoint_id))


# Done ------------------------------------------------------------------------------------------


def make(
    keeper: Keeper, endpoint_id: UUID, wish: Wish, *, office: str | None, city: City, at: datetime
) -> tuple[WebhookEndpoint, str | None]:
    """A new one, with its secret; without it where the same was asked before. `office`: a code, or
    None for the public, or for the one office of a client. Looks up the address first: call it with
    no transaction open. Flushes."""
    reader = _reader_for(keeper, office, city)
    addresses.check_where(wish.url, _config())
    made, secret = endpoints.register(endpoint_id, wish, reader=reader, by=keeper.account_id, at=at)
    if secret is not None:
        webhook_care.tell_heads(made, by=keeper.account_id, at=at)
        _record("webhook.add", made, keeper, at, fields=("url", "events"))
    return made, secret


def alter(
    keeper: Keeper, endpoint_id: UUID, wish: Wish, *, at: datetime
) -> tuple[WebhookEndpoint, list[str]]:
    """Another address, other events; the names of the fields that are another than before. A new
    address is looked up first, for whoever may change it: call it with no transaction open.
    Flushes."""
    before = endpoints.whose(endpoint_id)
    _require_kept(keeper, before)
    if wish.url != before.url:
        addresses.check_where(wish.url, _config())
    endpoint = _kept(keeper, endpoint_id)
    changed = endpoints.change(endpoint, wish)
    if "url" in changed:
        webhook_care.tell_heads(endpoint, by=keeper.account_id, at=at)
    if changed:
        _record("webhook.change", endpoint, keeper, at, fields=changed)
    return endpoint, changed


def switch_on(keeper: Keeper, endpoint_id: UUID, *, at: datetime) -> WebhookEndpoint:
    """Tell it what happens from now on. Again is harmless. Flushes."""
    endpoint = _kept(keeper, endpoint_id)
    if endpoints.switch_on(endpoint):
        _record("webhook.on", endpoint, keeper, at)
    return endpoint


def switch_off(keeper: Keeper, endpoint_id: UUID, *, at: datetime) -> WebhookEndpoint:
    """Tell it nothing more. Again is harmless. Flushes."""
    endpoint = _seen(keeper, endpoints.locked(endpoint_id))
    if endpoints.switch_off(endpoint, OffBecause.HAND, at=at):
        _record("webhook.off", endpoint, keeper, at)
    return endpoint


def renew_secret(
    keeper: Keeper, endpoint_id: UUID, *, overlap: timedelta, at: datetime
) -> tuple[WebhookEndpoint, str]:
    """Another secret; for the overlap the one before signs too. Flushes."""
    endpoint = _kept(keeper, endpoint_id)
    secret = endpoints.rotate(endpoint, overlap=overlap, at=at)
    _record("webhook.secret", endpoint, keeper, at, fields=("secret",))
    return endpoint, secret


def remove(keeper: Keeper, endpoint_id: UUID, *, at: datetime) -> None:
    """Forget it, and what was sent to it. Flushes."""
    endpoint = _seen(keeper, endpoints.locked(endpoint_id))
    _record("webhook.remove", endpoint, keeper, at)
    endpoints.remove(endpoint, at=at)


def try_out(keeper: Keeper, endpoint_id: UUID, *, at: datetime) -> WebhookDelivery:
    """Send an event that means nothing. Flushes."""
    endpoint = _kept(keeper, endpoint_id)
    delivery = replay.test(endpoint, at=at)
    _record("webhook.test", endpoint, keeper, at)
    return delivery


def send_again(
    keeper: Keeper, endpoint_id: UUID, delivery_id: int, *, at: datetime
) -> WebhookDelivery:
    """One delivery, whatever became of it. Flushes."""
    endpoint = _kept(keeper, endpoint_id)
    delivery = replay.one(endpoint, delivery_id, at=at)
    _record("webhook.replay", endpoint, keeper, at)
    return delivery


def send_missed(
    keeper: Keeper,
    endpoint_id: UUID,
    *,
    since: datetime,
    until: datetime,
    all_of_them: bool,
    at: datetime,
) -> Queued:
    """What it missed in a time, or all that happened; as much as goes at once. Flushes."""
    endpoint = _kept(keeper, endpoint_id)
    queued = replay.missed(endpoint, since=since, until=until, all_of_them=all_of_them, at=at)
    if queued.number:
        _record("webhook.replay", endpoint, keeper, at)
    return queued


def _reader_for(keeper: Keeper, office: str | None, city: City) -> str:
    """As whom it will read; a client that reads as one only need not say it. Raises UnknownOffice,
    NotForYou."""
    if not office and keeper.own_only and len(keeper.readers) == 1:
        return next(iter(keeper.readers))
    found = city.office(office) if office else None
    if office and found is None:
        raise UnknownOffice(field="office")
    reader = reader_of(found.id if found else None)
    if reader not in keeper.readers:
        raise NotForYou
    return reader


def _seen(keeper: Keeper, endpoint: WebhookEndpoint) -> WebhookEndpoint:
    if not keeper.sees(endpoint):
        raise NoSuchEndpoint
    return endpoint


def _kept(keeper: Keeper, endpoint_id: UUID) -> WebhookEndpoint:
    """Locked, for its keeper. Raises NoSuchEndpoint, NotYourWebhook."""
    endpoint = endpoints.locked(endpoint_id)
    _require_kept(keeper, endpoint)
    return endpoint


def _require_kept(keeper: Keeper, endpoint: WebhookEndpoint | Whose) -> None:
    """Raises NoSuchEndpoint, NotYourWebhook."""
    if not keeper.sees(endpoint):
        raise NoSuchEndpoint
    if not keeper.keeps(endpoint):
        raise NotYourWebhook


def _record(
    action: str,
    endpoint: WebhookEndpoint,
    keeper: Keeper,
    at: datetime,
    *,
    fields: Iterable[str] = (),
) -> None:
    """Last before the commit: it locks the log's head."""
    subject = f"webhook:{endpoint.id}"
    audit.record(action, subject=subject, actor_id=keeper.account_id, fields=fields, at=at)


def _config() -> Config:
    config: Config = current_app.extensions["xom.config"]
    return config
