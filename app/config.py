"""Settings from the environment, frozen. Unsafe ones refuse to start, in a sentence."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from environs import Env, EnvError

from app.channel_settings import countries, country, service_account, smtp_url, vapid_key
from app.page_settings import firebase_web, map_tiles
from app.safety import (
    Network,
    UnsafeConfig,
    key_of,
    networks,
    psycopg_url,
    refuse_unsafe,
    required,
    storage,
    web_address,
    within,
)

__all__ = ["PUSH_SERVICES", "ROOT", "Config", "Environment", "UnsafeConfig"]

#: Where browsers' own push services live; a leading dot stands for any host below it.
PUSH_SERVICES = (
    "fcm.googleapis.com",
    ".push.services.mozilla.com",
    ".notify.windows.com",
    ".push.apple.com",
)

ROOT = Path(__file__).resolve().parent.parent


class Environment(StrEnum):
    PRODUCTION = "production"  # a real city: every unsafe setting refuses to start
    DEMO = "demo"  # `make run`: the demo city, sign-ins printed
    TEST = "test"


@dataclass(frozen=True, kw_only=True)
class Config:
    """Every setting of the house. `from_env` reads them; tests build their own."""

    environment: Environment
    database_url: str
    secret_key: str = field(repr=False)  # signs page cursors and links, hashes one-time codes
    identity_key: bytes = field(repr=False)  # 32 bytes; wraps the per-person keys
    storage_url: str  # file:///folder or s3://bucket/prefix
    base_url: str = "http://127.0.0.1:8000"
    trusted_hops: int = 0  # reverse proxies whose X-Forwarded-For is believed
    redis_url: str = ""  # rate limits across hosts; empty: counted in each process
    photo_processes: int = 2
    otp_sender: str = "console"  # console | email | sms
    otp_mail_domain: str = ""  # of the gateway that turns mail to NUMBER@domain into a text
    phone_region: str = "VN"  # where numbers without a country's prefix belong
    phone_countries: tuple[str, ...] = ("VN",)  # to whose numbers codes are sent; "*": all
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
    open311_media_hosts: tuple[str, ...] = ()  # whose pictures neighbours may name by address
    own_networks: tuple[Network, ...] = ()  # never called, though their addresses are public
    nominatim_url: str = ""  # streets and addresses by name; empty: areas alone
    map_tiles: str = ""  # a base map for the pages; empty: outlines of the areas alone
    map_attribution: str = ""  # whom the map is from, as its licence asks to be told
    firebase_web: str = ""  # JSON of the city's web app at Firebase: public, for pushes to browsers
    log_json: bool = True
    log_requests: bool = True  # and jobs, one by one; else those alone that fail
    metrics_token: str = field(default="", repr=False)  # /metrics from other hosts; empty: none
    second_factor: tuple[str, ...] = ()  # roles whose holders must have one
    address_limit: str = "1200 per minute"  # of one network address, all together; empty: none

    @property
    def is_production(self) -> bool:
        return self.environment is Environment.PRODUCTION

    @classmethod
    def from_env(cls) -> "Config":
        """Read `XOM_*`, `DATABASE_URL` and `SECRET_KEY`; raise UnsafeConfig with a sentence."""
        environment = _environment(os.environ.get("XOM_ENV") or "production")
        if environment is Environment.PRODUCTION:
            refuse_unsafe(os.environ)
        try:
            return cls._read(environment)
        except EnvError as error:
            raise UnsafeConfig(f"{error} The table in docs/operating.md tells its form.") from None

    @classmethod
    def _read(cls, environment: Environment) -> "Config":
        env = Env()
        region = country(env.str("XOM_PHONE_REGION", cls.phone_region))
        with env.prefixed("XOM_"):
            return cls(
                environment=environment,
                database_url=psycopg_url(required("DATABASE_URL", os.environ)),
                secret_key=required("SECRET_KEY", os.environ),
                identity_key=key_of(required("XOM_IDENTITY_KEY", os.environ)),
                storage_url=storage(env.str("STORAGE_URL", (ROOT / "var" / "files").as_uri())),
                base_url=env.str("BASE_URL", cls.base_url).strip(),
                trusted_hops=within("XOM_TRUSTED_HOPS", env.int("TRUSTED_HOPS", 0), range(11)),
                redis_url=env.str("REDIS_URL", ""),
                photo_processes=within(
                    "XOM_PHOTO_PROCESSES", env.int("PHOTO_PROCESSES", 2), range(1, 65)
                ),
                otp_sender=env.str("OTP_SENDER", "console"),
                otp_mail_domain=env.str("OTP_MAIL_DOMAIN", ""),
                phone_region=region,
                phone_countries=countries(env.list("PHONE_COUNTRIES", [region])),
                sms_url=env.str("SMS_URL", "").strip(),
                sms_token=env.str("SMS_TOKEN", ""),
                sms_diacritics=env.bool("SMS_DIACRITICS", False),
                smtp_url=smtp_url(env.str("SMTP_URL", "")),
                mail_from=env.str("MAIL_FROM", cls.mail_from),
                firebase_credentials=service_account(env.str("FIREBASE_CREDENTIALS", "")),
                firebase_project=env.str("FIREBASE_PROJECT", ""),
                fcm_url=env.str("FCM_URL", ""),
                vapid_private_key=vapid_key(env.str("VAPID_PRIVATE_KEY", "")),
                vapid_subject=env.str("VAPID_SUBJECT", cls.vapid_subject),
                webpush_hosts=tuple(env.list("WEBPUSH_HOSTS", list(cls.webpush_hosts))),
                open311_media_hosts=_hosts(env.list("OPEN311_MEDIA_HOSTS", [])),
                own_networks=networks("XOM_OWN_NETWORKS", env.list("OWN_NETWORKS", [])),
                nominatim_url=web_address("XOM_NOMINATIM_URL", env.str("NOMINATIM_URL", "")),
                map_tiles=_checked(map_tiles, env.str("MAP_TILES", "").strip()),
                map_attribution=env.str("MAP_ATTRIBUTION", "").strip(),
                firebase_web=_checked(firebase_web, env.str("FIREBASE_WEB", "").strip()),
                log_json=env.bool("LOG_JSON", True),
                log_requests=env.bool("LOG_REQUESTS", True),
                metrics_token=env.str("METRICS_TOKEN", ""),
                second_factor=tuple(env.list("SECOND_FACTOR", [])),
                address_limit=env.str("ADDRESS_LIMIT", cls.address_limit),
            )


def _hosts(named: list[str]) -> tuple[str, ...]:
    return tuple(host.strip().lower() for host in named)


def _checked(read: Callable[[str], object], text: str) -> str:
    """The setting as it was given, once `read` could make something of it."""
    read(text)
    return text


def _environment(text: str) -> Environment:
    try:
        return Environment(text)
    except ValueError:
        known = ", ".join(Environment)
        raise UnsafeConfig(f"XOM_ENV={text} is none of {known}.") from None
