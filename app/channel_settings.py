"""Settings of the ways out of the house: push, browsers' push, mail, texts. Each is read as its
channel will read it, so that a wrong one is told at the start and not by the first message.
"""

import base64
import json
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from phonenumbers import SUPPORTED_REGIONS

from app.safety import UnsafeConfig

EVERY_COUNTRY = "*"


def mail_server(url: str) -> SplitResult:
    """`smtp://user:password@host:587`, or `smtps://` from the first byte on, taken apart."""
    try:
        server = urlsplit(url)
        sound = server.scheme in {"smtp", "smtps"} and server.hostname and server.port != 0
    except ValueError:
        sound = None
    if not sound:
        raise UnsafeConfig("XOM_SMTP_URL must be smtp://[user:password@]host[:port], or smtps://.")
    return server


def smtp_url(url: str) -> str:
    if url:
        mail_server(url)
    return url


def vapid_key(text: str) -> str:
    """A private key of the curve P-256: 32 bytes in URL-safe base64, or nothing."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        if text:
            ec.derive_private_key(int.from_bytes(raw, "big"), ec.SECP256R1())
    except ValueError:
        raw = b""
    if text and len(raw) != 32:
        raise UnsafeConfig(
            "XOM_VAPID_PRIVATE_KEY must be a P-256 key, 32 bytes in URL-safe base64. "
            "docs/operating.md tells how to make one (Changing secrets)."
        )
    return text


def service_account(path: str) -> str:
    """Where a service account's JSON is, as Firebase gives it out; or nothing."""
    try:
        if path and json.loads(Path(path).read_bytes())["type"] == "service_account":
            return path
    except OSError as error:
        raise UnsafeConfig(
            f"XOM_FIREBASE_CREDENTIALS={path} cannot be read: {error.strerror}."
        ) from None
    except (ValueError, KeyError, TypeError):
        pass
    if path:
        raise UnsafeConfig(
            f"XOM_FIREBASE_CREDENTIALS={path} is no service account's key. Download one in the "
            "Firebase console: Project settings, Service accounts, Generate new private key."
        )
    return ""


def country(code: str) -> str:
    """A country by its two letters, such as VN."""
    if code.strip().upper() not in SUPPORTED_REGIONS:
        raise UnsafeConfig(f"XOM_PHONE_REGION={code} is no country's two letters, such as VN.")
    return code.strip().upper()


def countries(codes: Iterable[str]) -> tuple[str, ...]:
    """Countries to whose numbers codes are sent; `*` for all."""
    found = tuple(code.strip().upper() for code in codes)
    unknown = [code for code in found if code not in SUPPORTED_REGIONS | {EVERY_COUNTRY}]
    if unknown or not found:
        raise UnsafeConfig(
            f"XOM_PHONE_COUNTRIES={','.join(found)} must be countries' two letters, separated by "
            "commas, such as VN,LA; or * for all."
        )
    return found
