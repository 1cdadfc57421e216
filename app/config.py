"""Settings from the environment, frozen. Unsafe ones refuse to start, in a sentence."""

import base64
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from environs import Env

#: Where browsers' own push services live; a leading dot stands for any host below it.
PUSH_SERVICES = (
    "fcm.googleapis.com",
    ".push.services.mozilla.com",
    ".notify.windows.com",
    ".push.apple.com",
)

ROOT = Path(__file__).resolve().parent.parent


class UnsafeConfig(Exception):
    """The settings would run, but not safely. The message says what to change."""


class Environment(StrEnum):
    PRODUCTION = "production"  # a real city: every unsafe setting refuses to start
    DEMO = "demo"  # `make run`: the demo city, sign-ins printed
    TEST = "test"


@dataclass(frozen=True, kw_only=True)
class Config:
    """Every setting of the house. `from_env` reads them; tests build their own."""

    environment: Environment
    database_url: str
    secret_key: str = field(repr=False)  # signs cookies and hashes one-time codes
    identity_key: bytes = field(repr=False)  # 32 bytes; wraps the per-person keys
    storage_url: str  # file:///folder or s3://bucket/prefix
    base_url: str = "http://127.0.0.1:8000"
    trusted_hops: int = 0  # reverse proxies whose X-Forwarded-For is believed
    redis_url: str = ""  # rate limits across hosts; empty: counted in each process
    photo_processes: int = 2
    otp_sender: str = "console"  # console | email | sms
    otp_mail_domain: str = ""  # of the gateway that turns mail to NUMBER@domain into a text
    phone_region: str = "VN"  # where numbers without a country's prefix belong
    sms_url: str = ""  # gateway: POST {"to", "text"}
    sms_token: str = field(default="", repr=False)
    sms_diacritics: bool = False  # with them a segment holds 70 letters, without 160
    smtp_url: str = field(default="", repr=False)  # smtp://user:password@host:587
    mail_from: str = "xom@localhost"
    firebase_credentials: str = ""  # path of a service account's JSON
    firebase_project: str = ""
    fcm_url: str = ""  # another FCM endpoint, for rehearsals on loopback
    vapid_private_key: str = field(default="", repr=False)
    vapid_subject: str = "mailto:xom@localhost"
    webpush_hosts: tuple[str, ...] = PUSH_SERVICES  # in production; "*": any public host
    nominatim_url: str = ""
    log_json: bool = True
    metrics_token: str = field(default="", repr=False)  # /metrics from other hosts; empty: none
    address_limit: str = "600 per minute"  # of one network address, all together; empty: none

    @property
    def is_production(self) -> bool:
        return self.environment is Environment.PRODUCTION

    @classmethod
    def from_env(cls) -> "Config":
        """Read `XOM_*`, `DATABASE_URL` and `SECRET_KEY`; raise UnsafeConfig with a sentence."""
        env = Env()
        environment = Environment(env.str("XOM_ENV", "production"))
        if environment is Environment.PRODUCTION:
            _refuse_unsafe(os.environ)
        with env.prefixed("XOM_"):
            return cls(
                environment=environment,
                database_url=_psycopg_url(_required("DATABASE_URL", os.environ)),
                secret_key=_required("SECRET_KEY", os.environ),
                identity_key=_key(_required("XOM_IDENTITY_KEY", os.environ)),
                storage_url=env.str("STORAGE_URL", (ROOT / "var" / "files").as_uri()),
                base_url=env.str("BASE_URL", cls.base_url),
                trusted_hops=env.int("TRUSTED_HOPS", 0),
                redis_url=env.str("REDIS_URL", ""),
                photo_processes=env.int("PHOTO_PROCESSES", 2),
                otp_sender=env.str("OTP_SENDER", "console"),
                otp_mail_domain=env.str("OTP_MAIL_DOMAIN", ""),
                phone_region=env.str("PHONE_REGION", cls.phone_region),
                sms_url=env.str("SMS_URL", ""),
                sms_token=env.str("SMS_TOKEN", ""),
                sms_diacritics=env.bool("SMS_DIACRITICS", False),
                smtp_url=env.str("SMTP_URL", ""),
                mail_from=env.str("MAIL_FROM", cls.mail_from),
                firebase_credentials=env.str("FIREBASE_CREDENTIALS", ""),
                firebase_project=env.str("FIREBASE_PROJECT", ""),
                fcm_url=env.str("FCM_URL", ""),
                vapid_private_key=env.str("VAPID_PRIVATE_KEY", ""),
                vapid_subject=env.str("VAPID_SUBJECT", cls.vapid_subject),
                webpush_hosts=tuple(env.list("WEBPUSH_HOSTS", list(cls.webpush_hosts))),
                nominatim_url=env.str("NOMINATIM_URL", ""),
                log_json=env.bool("LOG_JSON", True),
                metrics_token=env.str("METRICS_TOKEN", ""),
                address_limit=env.str("ADDRESS_LIMIT", cls.address_limit),
            )


def _required(name: str, environ: Mapping[str, str]) -> str:
    value = environ.get(name, "")
    if not value:
        raise UnsafeConfig(f"{name} is not set. `make run` sets it up; see docs/operating.md.")
    return value


def _key(text: str) -> bytes:
    key = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if len(key) != 32:
        raise UnsafeConfig("XOM_IDENTITY_KEY must be 32 random bytes in URL-safe base64.")
    return key


def _psycopg_url(url: str) -> str:
    """Accept the usual `postgresql://…` and name the driver that is installed."""
    scheme, _, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}" if scheme in {"postgres", "postgresql"} else url


def _refuse_unsafe(environ: Mapping[str, str]) -> None:
    """Everything that is handy on a desk and dangerous in a city."""
    rules = (
        (len(environ.get("SECRET_KEY", "")) < 32, "SECRET_KEY needs at least 32 characters."),
        (
            any(name.endswith("EMULATOR_HOST") for name in environ),
            "A *_EMULATOR_HOST variable is set: forged sign-ins would be accepted. Unset it.",
        ),
        (environ.get("FLASK_DEBUG", "") not in {"", "0"}, "FLASK_DEBUG is on. Unset it."),
        ("CRASH_AT" in environ, "CRASH_AT is set: it kills the server on purpose. Unset it."),
        (bool(environ.get("XOM_FCM_URL")), "XOM_FCM_URL is for rehearsals. Unset it."),
        (
            environ.get("XOM_OTP_SENDER", "console") == "console",
            "XOM_OTP_SENDER=console prints sign-in codes to the log. Use sms or email.",
        ),
        (
            not environ.get("XOM_BASE_URL", "").startswith("https://"),
            "XOM_BASE_URL must be the public https:// address of this city.",
        ),
    )
    for unsafe, sentence in rules:
        if unsafe:
            raise UnsafeConfig(f"Refusing to start in production. {sentence}")
