"""Which channels this city has: those whose settings are there."""

from app.config import Config
from notifications.channels.email import Email
from notifications.channels.fcm import Fcm
from notifications.channels.letters import Sender
from notifications.channels.sms import Sms
from notifications.channels.webpush import WebPush
from notifications.models import Channel


def open_channels(config: Config, *, connections: int) -> dict[Channel, Sender]:
    """A sender for each channel that is set up; each takes `connections` letters at once."""
    senders: dict[Channel, Sender] = {}
    if config.firebase_credentials:
        senders[Channel.FCM] = Fcm(
            config.firebase_credentials,
            site=config.base_url,
            project=config.firebase_project,
            url=config.fcm_url,
            connections=connections,
        )
    if config.vapid_private_key:
        senders[Channel.WEBPUSH] = WebPush(config, connections=connections)
    if config.smtp_url:
        senders[Channel.EMAIL] = Email(
            config.smtp_url, sender=config.mail_from, site=config.base_url
        )
    if config.sms_url:
        senders[Channel.SMS] = Sms(
            config.sms_url,
            config.sms_token,
            diacritics=config.sms_diacritics,
            connections=connections,
        )
    return senders
