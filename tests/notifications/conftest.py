"""A city whose providers are on loopback: real sockets, real client libraries, no network."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select, text

from app.auth.models import Account, AccountKind
from app.config import Config
from app.database import db
from app.factory import create_app
from bench.loopback import LoopbackFCM, PushService, SmsGateway, SmtpSink
from notifications import delivery, outbox, vapid
from notifications.models import Delivery, Device, DeviceKind, Message
from notifications.ports import init_notifications
from tests.conftest import config_for

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)  # a Friday, 10:00 in Huế
NIGHT = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)  # 23:00 there

PAYLOAD = {
    "code": "482-173-906-K",
    "private": False,
    "category_vi": "Đèn đường hỏng",
    "category_en": "Street light out",
    "area_vi": "phường Thuận Hóa",
    "area_en": "Thuan Hoa ward",
    "office_vi": "UBND phường Thuận Hóa",
    "office_en": "Thuan Hoa Ward Committee",
    "outcome": "fixed",
    "due_at": "2026-12-01T10:00:00+00:00",
    "timezone": "Asia/Ho_Chi_Minh",
}


@dataclass(frozen=True)
class Reachable:
    """A contact, as the keeper of identities hands it out."""

    email: str | None = None
    phone: str | None = None


@dataclass
class Outside:
    """Every provider, on loopback."""

    fcm: LoopbackFCM
    browsers: PushService
    sms: SmsGateway
    smtp: SmtpSink
    credentials: Path
    post: Any = None  # the channels that the first test opened: opening them costs 0.1 s

    def settings(self) -> dict[str, Any]:
        """What a Config needs to reach them."""
        return {
            "firebase_credentials": str(self.credentials),
            "fcm_url": self.fcm.url,
            "vapid_private_key": VAPID,
            "sms_url": f"{self.sms.url}/send",
            "sms_token": self.sms.token,
            "smtp_url": self.smtp.url,
            "mail_from": "xom@hue.example",
            "base_url": "https://xom.hue.example",
        }

    def forget(self) -> None:
        for server in (self.fcm, self.browsers, self.sms):
            server.received.clear()
            server.recover()
        self.smtp.received.clear()
        self.smtp.recover()


VAPID = vapid.new_private_key()


@pytest.fixture(scope="session")
def providers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outside]:
    with LoopbackFCM() as fcm, PushService() as browsers, SmsGateway() as sms, SmtpSink() as smtp:
        path = fcm.service_account(tmp_path_factory.mktemp("firebase") / "account.json")
        outside = Outside(fcm, browsers, sms, smtp, path)
        yield outside
        if outside.post:
            delivery.close(outside.post)


@pytest.fixture
def outside(providers: Outside) -> Outside:
    providers.forget()
    return providers


@dataclass
class Town:
    """People with devices, and what is brought to them."""

    app: Flask
    outside: Outside
    contacts: dict[UUID, Reachable] = field(default_factory=dict)
    contacts_fault: Exception | None = None

    def person(
        self, *devices: str, kind: AccountKind = AccountKind.RESIDENT, locale: str = "vi"
    ) -> Account:
        """An account with an FCM token for each name in `devices`."""
        account = Account(kind=kind, locale=locale, email=self._official_email(kind))
        db.session.add(account)
        db.session.flush()
        for token in devices:
            self.device(account, token)
        return account

    def device(
        self, account: Account, address: str, kind: DeviceKind = DeviceKind.FCM_TOKEN, **more: Any
    ) -> UUID:
        installation_id: UUID = more.get("installation_id") or uuid4()
        db.session.add(
            Device(
                installation_id=installation_id,
                account_id=account.id,
                kind=kind,
                address=address,
                address_sha256=address.encode()[:32],
                locale=more.get("locale", account.locale),
            )
        )
        db.session.flush()
        return installation_id

    def browser(self, account: Account, name: str) -> UUID:
        subscription = json.dumps(self.outside.browsers.subscription(name))
        return self.device(account, subscription, DeviceKind.WEBPUSH)

    def tell(self, *people: Account, kind: str = "accepted", **more: Any) -> UUID:
        """One change, told and committed; its id."""
        change_id: UUID = more.pop("change_id", None) or uuid4()
        payload = {**PAYLOAD, **more.pop("payload", {})}
        outbox.tell(
            change_id=change_id,
            kind=kind,
            people=select(Account.id).where(Account.id.in_([person.id for person in people])),
            subject=more.pop("subject", "report:1"),
            payload=payload,
            at=more.pop("at", NOW),
            **more,
        )
        db.session.commit()
        return change_id

    def deliver(self, change_id: UUID, at: datetime = NOW) -> None:
        delivery.deliver(change_id, clock=lambda: at)

    def drain(self, at: datetime) -> None:
        delivery.drain(clock=lambda: at)

    def bring(self, *people: Account, at: datetime = NOW, **more: Any) -> UUID:
        """Tell and deliver at one moment."""
        change_id = self.tell(*people, at=at, **more)
        self.deliver(change_id, at)
        return change_id

    def deliveries(self) -> list[Delivery]:
        db.session.expire_all()
        return list(db.session.scalars(select(Delivery).order_by(Delivery.id)))

    def states(self) -> list[str]:
        return [str(one.state) for one in self.deliveries()]

    def only(self) -> Delivery:
        (one,) = self.deliveries()
        return one

    def devices(self) -> set[str]:
        return set(db.session.scalars(select(Device.address)))

    def jobs(self, task: str) -> int:
        query = text("select count(*) from procrastinate_jobs where task_name = :task")
        return int(db.session.execute(query, {"task": task}).scalar_one())

    def message(self, account: Account) -> Message:
        return db.session.scalars(select(Message).where(Message.account_id == account.id)).one()

    def look_up(self, _account_ids: Collection[UUID]) -> dict[UUID, Reachable]:
        if self.contacts_fault:
            raise self.contacts_fault
        db.session.execute(select(1))  # as the keeper of identities does
        return self.contacts

    def _official_email(self, kind: AccountKind) -> str | None:
        return f"{uuid4().hex[:8]}@hue.example" if kind is AccountKind.OFFICIAL else None


@pytest.fixture
def town(app: Flask, outside: Outside) -> Iterator[Town]:
    """The app of this test with all providers on loopback; what is committed is undone."""
    yield from town_in(app, outside)


@pytest.fixture
def own_town(own_database: str, outside: Outside) -> Iterator[Town]:
    """A town on a database of its own, whose commits are real."""
    app = create_app(config_for(own_database, **outside.settings()))
    with app.app_context():
        yield from town_in(app, outside)
        db.session.remove()
        db.engine.dispose()


def town_in(app: Flask, outside: Outside) -> Iterator[Town]:
    town = Town(app, outside)
    before: Config = app.extensions["xom.config"]
    ports = app.extensions["xom.notifications"]
    app.extensions["xom.config"] = replace(before, **outside.settings())
    init_notifications(app, contacts=town.look_up)
    if outside.post:
        app.extensions["xom.post"] = outside.post
    yield town
    outside.post = app.extensions.pop("xom.post", outside.post)
    app.extensions["xom.config"] = before
    app.extensions["xom.notifications"] = ports
