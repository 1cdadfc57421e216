"""What settings may not be: unreadable anywhere, unsafe in production. Each rule is a sentence."""

import base64
import binascii
from collections.abc import Iterable, Mapping
from pathlib import Path

OFF = {"", "0", "false", "no", "off"}
LEAST_SECRET = 32
LEAST_VARIETY = 8  # different characters: "aaaa…" is long and no secret

Rules = Iterable[tuple[bool, str]]


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
    yield len(set(secret)) < LEAST_VARIETY, "SECRET_KEY is not random. Make a new one."
    key = environ.get("XOM_IDENTITY_KEY", "")
    yield bool(key) and len(set(key)) < LEAST_VARIETY, "XOM_IDENTITY_KEY is not random."


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
        not environ.get("XOM_BASE_URL", "").startswith("https://"),
        "XOM_BASE_URL must be the public https:// address of this city.",
    )
    yield (
        environ.get("XOM_SMS_URL", "").startswith("http://"),
        "XOM_SMS_URL sends sign-in codes in the clear. Use the gateway's https:// address.",
    )
