"""A loopback FCM: the HTTP v1 `messages:send` and the OAuth token endpoint, for the real library.

with LoopbackFCM() as fcm:
    path = fcm.service_account(folder / "firebase.json")
    # XOM_FIREBASE_CREDENTIALS=path XOM_FCM_URL=fcm.url
    fcm.fail(503, "UNAVAILABLE", retry_after="7", times=3)
    fcm.received  # what arrived, in order
"""

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from uuid import uuid4

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import jwt

from bench.loopback.serving import Answer, LoopbackServer, Request, Switch

_ERROR = "type.googleapis.com/google.firebase.fcm.v1.FcmError"
_AUDIENCE = "https://oauth2.googleapis.com/token"  # google-auth signs for it wherever it asks
_STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}
_TARGETS = ("token", "fid", "topic", "condition")


@dataclass(frozen=True)
class Push:
    """One message as it reached FCM."""

    message_id: str  # ours: the data's, which is also collapse key and tag
    token: str  # or fid
    title: str
    body: str
    data: dict[str, str]
    raw: dict[str, Any]

    @property
    def tag(self) -> str:
        """What the phone shows only once."""
        return str(self.raw.get("android", {}).get("notification", {}).get("tag", ""))


class LoopbackFCM(LoopbackServer):
    """Accepts what is signed with its own service account, and keeps it in `received`."""

    def __init__(self, project: str = "xom-rehearsal") -> None:
        super().__init__()
        self.project = project
        self.received: list[Push] = []
        self.access_tokens: set[str] = set()
        self.token_requests = 0
        self._token_switch: Switch | None = None
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def service_account(self, path: Path) -> Path:
        """Write the credentials file that leads the library here."""
        key = self._key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        path.write_text(
            json.dumps(
                {
                    "type": "service_account",
                    "project_id": self.project,
                    "private_key_id": "rehearsal",
                    "private_key": key.decode(),
                    "client_email": f"xom@{self.project}.example",
                    "client_id": "1",
                    "token_uri": f"{self.url}/token",
                }
            )
        )
        path.chmod(0o600)
        return path

    def refuse_tokens(self, status: int = 400, code: str = "invalid_grant") -> None:
        """From now on the service account is not known: a revoked or mistaken key."""
        self._token_switch = Switch(status, code)
        self.access_tokens.clear()

    def sent(self) -> Counter[tuple[str, str]]:
        """How often each (message id, token) went over the wire."""
        return Counter((push.message_id, push.token) for push in self.received)

    def shown(self) -> Counter[str]:
        """How many notifications each phone shows: one with the same tag replaces the first."""
        return Counter(token for token, _ in {(push.token, push.tag) for push in self.received})

    def wait_for(self, number: int, seconds: float = 30) -> bool:
        """Wait until that many different (message, token) pairs have arrived."""
        return self.wait_until(lambda: len(self.sent()) >= number, seconds)

    def answer(self, request: Request) -> Answer:
        if request.path == "/token":
            return self._grant(request)
        if request.path != f"/v1/projects/{self.project}/messages:send":
            return _error(404, "", bare=True)
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        if bearer not in self.access_tokens:
            return _error(401, "", bare=True)
        return self._take(request.json())

    def _take(self, body: dict[str, Any]) -> Answer:
        message = body.get("message", {})
        target = next((message[name] for name in _TARGETS if name in message), "")
        switch = self._switch_for(target)
        if fault := _fault(message):
            return _error(400, "INVALID_ARGUMENT", message=fault)
        if switch is None or switch.deliver:
            self._keep(message, target)
        if switch:
            if switch.raw is not None:
                return Answer(switch.status, switch.raw, switch.headers())
            return _error(switch.status, switch.code, bare=switch.bare, headers=switch.headers())
        return Answer.of(200, {"name": f"projects/{self.project}/messages/{uuid4()}"})

    def _keep(self, message: dict[str, Any], target: str) -> None:
        shown = message.get("notification", {})
        data = message.get("data", {})
        push = Push(
            data.get("message_id", ""),
            target,
            shown.get("title", ""),
            shown.get("body", ""),
            data,
            message,
        )
        with self.changed:
            self.received.append(push)

    def _grant(self, request: Request) -> Answer:
        """RFC 7523: a signed assertion against an access token."""
        self.token_requests += 1
        if self._token_switch:
            return Answer.of(self._token_switch.status, {"error": self._token_switch.code})
        form = parse_qs(request.body.decode())
        public = self._key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        try:
            jwt.decode(form["assertion"][0], certs=public, audience=_AUDIENCE)
        except (ValueError, KeyError) as error:
            return Answer.of(400, {"error": "invalid_grant", "error_description": str(error)})
        token = uuid4().hex
        self.access_tokens.add(token)
        return Answer.of(200, {"access_token": token, "token_type": "Bearer", "expires_in": 3600})


def _fault(message: dict[str, Any]) -> str:
    """What the real one refuses with 400; empty when nothing is wrong."""
    if sum(name in message for name in _TARGETS) != 1:
        return "exactly one of token, fid, topic, condition"
    data = message.get("data", {})
    if not all(isinstance(value, str) for value in data.values()):
        return "data values are strings"
    if len(json.dumps(message, ensure_ascii=False).encode()) > 4096 + 1024:
        return "the message is too big"
    link = message.get("webpush", {}).get("fcm_options", {}).get("link", "https://")
    return "" if link.startswith("https://") else "a web link must be https"


def _error(
    status: int,
    code: str,
    *,
    bare: bool = False,
    message: str = "as told",
    headers: dict[str, str] | None = None,
) -> Answer:
    """Google's error, with FCM's own code among the details or, `bare`, with a status alone."""
    error: dict[str, Any] = {
        "code": status,
        "message": message,
        "status": (code if bare and code else _STATUS.get(status, "UNKNOWN")),
    }
    if code and not bare:
        error["details"] = [{"@type": _ERROR, "errorCode": code}]
    return Answer.of(status, {"error": error}, headers)
