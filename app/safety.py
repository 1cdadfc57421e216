"""What settings may not be: unreadable anywhere, unsafe in production. Each rule is a sentence."""

import base64
import binascii
import ipaddress
from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

OFF = {"", "0", "false", "no", "off"}
LEAST_SECRET = 32
#: Different pairs of neighbours: "change-me" four times is long, has nine, and is no secret. Of 32
#: random characters there are more than 25.
LEAST_VARIETY = 16
LEAST_TOKEN = 16
_LOCAL = {"localhost", "127.0.0.1", "::1"}

Rules = Iterable[tuple[bool, str]]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class UnsafeConfig(Exception):
    """The settings would not run, or not safely. The message says what to change."""


def required(name: str, environ: Mapping[str, str]) -> str:
    value = environ.get(name, "")
    if not value:
        raise UnsafeConfig(f"{name} is not set. `make run` sets it up; see docs/operating.md.")
    return value


def key_of(text: str) -> bytes:
    """The 32 bytes that the text spells in URL-safe base64."""
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != 32:
        raise UnsafeConfig(
            "XOM_IDENTITY_KEY must be 32 random bytes in URL-safe base64. Make one: python3 -c "
            "'import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())'"
        )
    return key


def psycopg_url(url: str) -> str:
    """Accept the usual `postgresql://…` and name the driver that is installed."""
    scheme, _, rest = url.partition("://")
    if scheme not in {"postgres", "postgresql", "postgresql+psycopg"} or not rest:
        raise UnsafeConfig(
            "DATABASE_URL must be a PostgreSQL address: postgresql://user:password@host/database"
        )
    return f"postgresql+psycopg://{rest}"


def storage(url: str) -> str:
    """A place for files that can be one: an absolute folder, or a bucket."""
    scheme, _, rest = url.partition("://")
    if (scheme == "file" and Path(rest).is_absolute()) or (scheme == "s3" and rest.strip("/")):
        return url
    raise UnsafeConfig(
        f"XOM_STORAGE_URL={url} is no place for files. Use file:///folder or s3://bucket/prefix."
    )


def web_address(name: str, url: str) -> str:
    """An http address, spaces around it taken off; nothing stays nothing."""
    url = url.strip()
    try:
        parts = urlsplit(url)
        sound = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
        plain = not (parts.query or parts.fragment or parts.username)
    except ValueError:
        sound = plain = False
    if url and not (sound and plain):
        raise UnsafeConfig(f"{name}={url} is no address of a host. Use https://host/path.")
    return url


def networks(name: str, named: Iterable[str]) -> tuple[Network, ...]:
    """Networks by their numbers: 198.51.100.0/24, or one address."""
    found = []
    for one in named:
        try:
            found.append(ipaddress.ip_network(one.strip()))
        except ValueError:
            raise UnsafeConfig(
                f"{name}: {one} is no network. Write it as 198.51.100.0/24 or 2001:db8:5::/48."
            ) from None
    return tuple(found)


def within(name: str, value: int, bounds: range) -> int:
    if value not in bounds:
        raise UnsafeConfig(f"{name}={value} must be from {bounds[0]} to {bounds[-1]}.")
    return value


def refuse_unsafe(environ: Mapping[str, str]) -> None:
    """Everything that is handy on a desk and dangerous in a city."""
    for unsafe, sentence in (*_secrets(environ), *_rehearsals(environ), *_addresses(environ)):
        if unsafe:
            raise UnsafeConfig(f"Refusing to start in production. {sentence}")


def _secrets(environ: Mapping[str, str]) -> Rules:
    secret = environ.get("SECRET_KEY", "")
    yield len(secret) < LEAST_SECRET, "SECRET_KEY needs at least 32 characters."
    yield not _is_random(secret.encode()), "SECRET_KEY is not random. Make a new one."
    key = environ.get("XOM_IDENTITY_KEY", "")
    yield bool(key) and not _is_random(key_of(key)), "XOM_IDENTITY_KEY is not random."
    yield (
        secret.rstrip("=") == key.rstrip("="),
        "SECRET_KEY and XOM_IDENTITY_KEY are the same. Whoever learns the one that may be lost has "
        "the other. Make a new SECRET_KEY.",
    )
    token = environ.get("XOM_METRICS_TOKEN", "")
    yield 0 < len(token) < LEAST_TOKEN, "XOM_METRICS_TOKEN needs at least 16 characters."


def _is_random(secret: bytes) -> bool:
    return len(set(pairwise(secret))) >= LEAST_VARIETY


def _rehearsals(environ: Mapping[str, str]) -> Rules:
    yield (
        any(name.endswith("EMULATOR_HOST") for name in environ),
        "A *_EMULATOR_HOST variable is set: forged sign-ins would be accepted. Unset it.",
    )
    debug = environ.get("FLASK_DEBUG", "").lower()
    yield debug not in OFF, "FLASK_DEBUG is on. Unset it."
    yield (
        bool(environ.get("CRASH_AT")),
        "CRASH_AT is set: it kills the server on purpose. Unset it.",
    )
    yield bool(environ.get("XOM_FCM_URL")), "XOM_FCM_URL is for rehearsals. Unset it."
    yield (
        environ.get("XOM_OTP_SENDER", "console") == "console",
        "XOM_OTP_SENDER=console prints sign-in codes to the log. Use sms or email.",
    )


def _addresses(environ: Mapping[str, str]) -> Rules:
    yield (
        not _is_https(environ.get("XOM_BASE_URL", "")),
        "XOM_BASE_URL must be the public https:// address of this city.",
    )
    yield (
        bool(environ.get("XOM_SMS_URL")) and not _is_https(environ["XOM_SMS_URL"]),
        "XOM_SMS_URL sends sign-in codes in the clear. Use the gateway's https:// address.",
    )
    asked = environ.get("XOM_NOMINATIM_URL", "").strip()
    yield (
        bool(asked) and not _is_https(asked) and not _is_here(asked),
        "XOM_NOMINATIM_URL sends the places that people look for in the clear. Use the host's "
        "https:// address.",
    )
    yield (
        environ.get("XOM_MAP_TILES", "").strip().lower().startswith("http://"),
        "XOM_MAP_TILES is asked for in the clear, which a page over https:// may not do. Use the "
        "map's https:// address.",
    )
    yield (
        environ.get("XOM_OTP_SENDER") == "email" and _may_be_clear(environ.get("XOM_SMTP_URL", "")),
        "XOM_SMTP_URL sends sign-in codes in the clear where the server offers no encryption. Use "
        "smtps://, or smtp:// with a user name: then STARTTLS is asked for and must be given.",
    )


def _is_https(url: str) -> bool:
    try:
        parsed = urlsplit(url.strip())
        return parsed.scheme == "https" and bool(parsed.hostname)
    except ValueError:
        return False


def _is_here(url: str) -> bool:
    try:
        return urlsplit(url).hostname in _LOCAL
    except ValueError:
        return False


def _may_be_clear(smtp_url: str) -> bool:
    """Without a user name the mail server is taken as it is, which over this host alone is safe."""
    try:
        server = urlsplit(smtp_url)
        return server.scheme == "smtp" and not server.username and server.hostname not in _LOCAL
    except ValueError:
        return False  # told by whoever reads it
