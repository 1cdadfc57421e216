"""A loopback push service and the browsers behind it: checks the VAPID signature, decrypts."""

import base64
import json
import os
from dataclasses import dataclass
from typing import Any

import http_ece
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bench.loopback.serving import Answer, LoopbackServer, Request


@dataclass(frozen=True)
class Browser:
    """One browser's own half of a subscription."""

    key: ec.EllipticCurvePrivateKey
    auth: bytes


@dataclass(frozen=True)
class Received:
    """One push as the page's service worker would see it, and how it was sent."""

    browser: str
    payload: dict[str, Any]
    headers: dict[str, str]


class PushService(LoopbackServer):
    """`subscription(name)` is what a browser would hand over; what arrives is in `received`."""

    def __init__(self) -> None:
        super().__init__()
        self.received: list[Received] = []
        self._browsers: dict[str, Browser] = {}

    def subscription(self, name: str) -> dict[str, Any]:
        """A new browser's `PushSubscription.toJSON()`."""
        browser = Browser(ec.generate_private_key(ec.SECP256R1()), os.urandom(16))
        self._browsers[name] = browser
        public = browser.key.public_key().public_bytes(
            Encoding.X962, PublicFormat.UncompressedPoint
        )
        return {
            "endpoint": f"{self.url}/push/{name}",
            "expirationTime": None,
            "keys": {"p256dh": _text(public), "auth": _text(browser.auth)},
        }

    def answer(self, request: Request) -> Answer:
        name = request.path.removeprefix("/push/")
        browser = self._browsers.get(name)
        if browser is None:
            return Answer(404)
        if fault := self._fault(request):
            return Answer(fault[0], fault[1].encode())
        switch = self._switch_for(name)
        if switch is None or switch.deliver:
            self._keep(name, browser, request)
        return Answer(switch.status, headers=switch.headers()) if switch else Answer(201)

    def _fault(self, request: Request) -> tuple[int, str] | None:
        headers = request.headers
        if len(request.body) > 4096:
            return 413, "too large"
        if headers.get("content-encoding") != "aes128gcm" or not headers.get("ttl", "").isdigit():
            return 400, "not a push"
        if len(headers.get("topic", "")) > 32:
            return 400, "the topic is too long"
        if not _is_signed(headers.get("authorization", ""), self.url):
            return 403, "no valid VAPID signature"
        return None

    def _keep(self, name: str, browser: Browser, request: Request) -> None:
        clear = http_ece.decrypt(
            request.body,
            private_key=browser.key,
            auth_secret=browser.auth,
            version="aes128gcm",
        )
        with self.changed:
            self.received.append(Received(name, json.loads(clear), request.headers))


def _is_signed(authorization: str, audience: str) -> bool:
    """RFC 8292: `vapid t=JWT,k=public key`, signed with that key for this very service."""
    scheme, _, rest = authorization.partition(" ")
    parts = dict(part.strip().split("=", 1) for part in rest.split(",") if "=" in part)
    if scheme.lower() != "vapid" or not {"t", "k"} <= parts.keys():
        return False
    head, claims, signature = parts["t"].split(".")
    raw = _bytes(signature)
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(parts["k"]))
    numbers = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    try:
        key.verify(
            utils.encode_dss_signature(*numbers),
            f"{head}.{claims}".encode(),
            ec.ECDSA(hashes.SHA256()),
        )
    except InvalidSignature:
        return False
    told = json.loads(_bytes(claims))
    return told.get("aud") == audience and str(told.get("sub", "")).startswith("mailto:")


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
