"""The people of the story, as clients of the API over real HTTP, each with a phone that rings."""

import json
import re
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from bench.demo.stage import Stage

Json = dict[str, Any]


class Refused(Exception):
    """The server answered with a problem that the script does not expect."""


@dataclass(eq=False)
class Person:
    """Somebody with a token and a device."""

    name: str
    stage: Stage
    device: str = field(default_factory=lambda: f"fcm-token-{uuid4().hex}")
    _token: str = ""

    def call(self, method: str, path: str, body: Any = None, version: int | None = None) -> Json:
        """One request; its answer, or Refused with the problem's sentence."""
        headers = {"Accept-Language": "vi"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        if version is not None:
            headers["If-Match"] = f'"v{version}"'
        data = body if isinstance(body, bytes) else None
        if body is not None and data is None:
            data, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        request = urllib.request.Request(
            f"{self.stage.url}/api/v1{path}", data=data, headers=headers, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                raw = answer.read()
        except urllib.error.HTTPError as error:
            raise Refused(f"{self.name}: {method} {path}: {error.read().decode()}") from None
        return json.loads(raw) if raw else {}

    def is_guest(self) -> "Person":
        self._token = self.call("POST", "/auth/guest", {})["token"]
        return self._with_device()

    def signs_in_by_phone(self, number: str) -> "Person":
        """A code comes by SMS, as from a real gateway."""
        gateway = self.stage.sms
        self.call("POST", "/auth/otp", {"phone": number})
        if not gateway.wait_until(lambda: bool(gateway.received), 10):
            raise Refused(f"{self.name}: no SMS arrived")
        code = re.search(r"\d{6}", gateway.received[-1].text)
        answer = {"phone": number, "code": code.group() if code else ""}
        self._token = self.call("POST", "/auth/otp/verify", answer)["token"]
        return self._with_device()

    def signs_in(self, email: str) -> "Person":
        answer = {"email": email, "password": self.stage.password}
        self._token = self.call("POST", "/auth/password", answer)["token"]
        return self._with_device()

    def _with_device(self) -> "Person":
        device = {"kind": "fcm_token", "address": self.device, "locale": "vi"}
        self.call("PUT", f"/devices/{uuid4()}", device)
        return self

    def puts_photo(self, photo: bytes) -> Json:
        return self.call("PUT", f"/photos/{uuid4()}", photo)

    def submits(self, **facts: Any) -> Json:
        return self.call("POST", "/reports", {"id": str(uuid4()), **facts})

    def sees(self, report: Json) -> Json:
        return self.call("GET", f"/reports/{report['id']}")

    def takes(self, step: str, report: Json, **order: Any) -> Json:
        """A step on the version that this person sees now."""
        version = self.sees(report)["version"]
        body = {"id": str(uuid4()), "step": step, **order}
        return self.call("POST", f"/reports/{report['id']}/steps", body, version=version)


def picture(folder: Path, name: str, fallback: bytes) -> bytes:
    """A real photo where the test data is at hand, else one drawn here."""
    path = folder / "photos" / "good" / name
    return path.read_bytes() if path.is_file() else fallback
