"""Signatures as Standard Webhooks has them, worked out here by hand; secrets that lie sealed."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from flask import Flask
from standardwebhooks import Webhook

from notifications.webhooks import signing

EVENT = UUID("6f1e8a52-7c1d-4d7e-9a55-0c8f1b9f3a10")
AT = datetime(2026, 11, 20, 3, 0, 0, 250_000, tzinfo=UTC)
BODY = '{"type":"report.resolved","data":{"note":"Đã nạo vét"}}'


def test_the_signature_is_that_of_the_standard() -> None:
    secret = signing.new_secret()

    headers = signing.headers(EVENT, BODY, [secret], AT)

    key = base64.b64decode(secret.removeprefix("whsec_"))
    name, at = "evt_6f1e8a527c1d4d7e9a550c8f1b9f3a10", str(int(AT.timestamp()))
    mac = hmac.digest(key, f"{name}.{at}.{BODY}".encode(), hashlib.sha256)
    assert headers == {
        "webhook-id": name,
        "webhook-timestamp": at,
        "webhook-signature": f"v1,{base64.b64encode(mac).decode()}",
    }
    assert len(key) == 32


def test_two_secrets_sign_side_by_side() -> None:
    new, old = signing.new_secret(), signing.new_secret()

    headers = signing.headers(EVENT, BODY, [new, old], datetime.now(UTC))

    for secret in (new, old):
        assert Webhook(secret).verify(BODY, headers)["type"] == "report.resolved"


def test_a_secret_lies_sealed_and_opens_for_its_own_endpoint_alone(app: Flask) -> None:
    endpoint, secret = uuid4(), signing.new_secret()

    data = signing.sealed(endpoint, secret)

    assert secret.encode() not in data
    assert signing.opened(endpoint, data) == secret
    for wrong in (data[:-1] + bytes([data[-1] ^ 1]), b"\x02" + data[1:], b""):
        with pytest.raises(signing.SecretUnreadable):
            signing.opened(endpoint, wrong)
    with pytest.raises(signing.SecretUnreadable):
        signing.opened(uuid4(), data)
