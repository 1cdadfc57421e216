"""Which channels this city has: those whose settings are there."""

from collections.abc import Callable

import structlog

from app.config import Config
from notifications.channels.email import Email
from notifications.channels.fcm import Fcm
from notifications.channels.letters import Alarm, Letter, Outcome, Sender
from notifications.channels.sms import Sms
from notifications.channels.webpush import WebPush
from notifications.models import Channel

log = structlog.get_logger()


class Unopened:
    """A channel whose settings are wrong: its letters wait, and say so, until someone acts."""

    def __init__(self, why: str) -> None:
        self._why = why

    def send(self, letter: Letter) -> Outcome:
        return Alarm(self._why)

    def close(self) -> None:
        """Nothing was opened."""


def open_channels(config: Config, *, connections: int) -> dict[Channel, Sender]:
    """A sender for each channel that is set up; each takes `connections` letters at once.

    One that cannot be opened closes no other: its place is taken by one that raises the alarm.
    """
    return {
        channel: _opened(channel, opener)
        for channel, setting, opener in (
            (Channel.FCM, config.firebase_credentials, lambda: _fcm(config, connections)),
            (
                Channel.WEBPUSH,
                config.vapid_private_key,
                lambda: WebPush(config, connections=connections),
            ),
            (Channel.EMAIL, config.smtp_url, lambda: _email(config)),
            (Channel.SMS, config.sms_url, lambda: _sms(config, connections)),
        )
        if setting
    }


def _opened(channel: Channel, opener: Callable[[], Sender]) -> Sender:
    try:
        return opener()
    except Exception as error:  # each provider's library has its own words for a bad setting
        log.exception("a channel cannot be opened", channel=str(channel))
        return Unopened(f"cannot be opened: {type(error).__name__}")


def _fcm(config: Config, connections: int) -> Sender:
    return Fcm(
        config.firebase_credentials,
        site=config.base_url,
        project=config.firebase_project,
        url=config.fcm_url,
        connections=connections,
    )


def _email(config: Config) -> Sender:
    return Email(config.smtp_url, sender=config.mail_from, site=config.base_url)


def _sms(config: Config, connections: int) -> Sender:
    return Sms(
        config.sms_url,
        config.sms_token,
        diacritics=config.sms_diacritics,
        connections=connections,
    )
