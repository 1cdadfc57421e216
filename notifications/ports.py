"""What notifications need from above: how to reach a person, what time it is where they live,
where a letter leads whose reader signs in nowhere, what stands on an official's desk, what is told
to other systems.

The factory hands these in. A person's phone and address are asked for when a letter leaves, and
never stored here.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Protocol, cast
from uuid import UUID

from flask import Flask, current_app

from app.config import Config
from notifications.desks import Desks, NoDesks
from notifications.doors import Doors, NoDoors
from notifications.figures import register_figures
from notifications.models import Way
from notifications.webhooks.figures import register_webhook_figures
from notifications.webhooks.ports import NothingToTell, Telling

_EXTENSION = "xom.notifications"


class Contact(Protocol):
    """Where letters to a person go; either may be unknown."""

    @property
    def email(self) -> str | None: ...

    @property
    def phone(self) -> str | None: ...


Contacts = Callable[[Collection[UUID]], Mapping[UUID, Contact]]


def _nobody(_account_ids: Collection[UUID]) -> Mapping[UUID, Contact]:
    return {}


def _indochina() -> str:
    return "Asia/Ho_Chi_Minh"


@dataclass(frozen=True, slots=True)
class Ports:
    config: Config
    contacts: Contacts
    timezone: Callable[[], str]  # the city's, for quiet hours and for moments in texts
    doors: Doors
    desks: Desks
    webhooks: Telling


def init_notifications(
    app: Flask,
    *,
    contacts: Contacts = _nobody,
    timezone: Callable[[], str] = _indochina,
    doors: Doors | None = None,
    desks: Desks | None = None,
    webhooks: Telling | None = None,
) -> None:
    """Remember the ports, show the figures. Opens no connection, imports no provider's library."""
    app.extensions[_EXTENSION] = Ports(
        app.extensions["xom.config"],
        contacts,
        timezone,
        doors or NoDoors(),
        desks or NoDesks(),
        webhooks or NothingToTell(),
    )
    register_figures()
    register_webhook_figures()


def ports() -> Ports:
    """This app's ports."""
    return cast(Ports, current_app.extensions[_EXTENSION])


def ways(config: Config) -> list[Way]:
    """By which ways this city can reach people at all."""
    settings = {
        Way.PUSH: config.firebase_credentials or config.vapid_private_key,
        Way.EMAIL: config.smtp_url,
        Way.SMS: config.sms_url,
    }
    return [way for way, setting in settings.items() if setting]
