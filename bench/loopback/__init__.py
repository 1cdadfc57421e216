"""The outside world on loopback: FCM, a browser's push service, an SMS gateway, a mail server, a
neighbour's system.

Each speaks its real protocol over a real socket, so that the unmodified client libraries are what
is tried; each keeps what it received, and can be told to fail as the real one does.
"""

from bench.loopback.fcm import LoopbackFCM, Push
from bench.loopback.sms import SmsGateway
from bench.loopback.smtp import SmtpSink
from bench.loopback.webhooks import Told, WebhookReceiver
from bench.loopback.webpush import PushService

__all__ = [
    "LoopbackFCM",
    "Push",
    "PushService",
    "SmsGateway",
    "SmtpSink",
    "Told",
    "WebhookReceiver",
]
