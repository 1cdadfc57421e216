"""Real RS256 tokens, verified by the real firebase-admin against certificates on loopback."""

import hmac
import json
import subprocess
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from uuid import UUID

import firebase_admin
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from firebase_admin import _token_gen
from flask import Flask
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import RSAKey

from app.auth import accounts
from app.auth.models import Account
from app.database import db
from tests.auth.people import NUMBER, OwnContext, Phone

PROJECT = "xom-tests"
KEY_ID = "key-1"
URL = "/api/v1/auth/firebase"


@pytest.fixture(scope="module")
def signer() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="module")
def certificates(signer: rsa.RSAPrivateKey) -> Iterator[str]:
    """A server that publishes the signer's certificate as Google does; its URL."""
    body = json.dumps({KEY_ID: certificate_of(signer)}).encode()

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture
def client(app: Flask, certificates: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    # The library has no setting for where certificates come from: the real address is a constant.
    monkeypatch.setattr(_token_gen, "ID_TOKEN_CERT_URI", certificates)
    with_firebase(app, monkeypatch, PROJECT)
    before = set(firebase_admin._apps)
    yield OwnContext(app)
    for name in set(firebase_admin._apps) - before:  # others' go on being used in this process
        firebase_admin.delete_app(firebase_admin.get_app(name))


def with_firebase(app: Flask, monkeypatch: pytest.MonkeyPatch, project: str) -> None:
    config = replace(app.extensions["xom.config"], firebase_project=project)
    monkeypatch.setitem(app.extensions, "xom.config", config)


def certificate_of(key: rsa.RSAPrivateKey) -> str:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "securetoken")])
    at = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM).decode()


def claims(**changes: Any) -> dict[str, Any]:
    at = int(time.time())
    usual = {
        "iss": f"https://securetoken.google.com/{PROJECT}",
        "aud": PROJECT,
        "sub": "firebase-user-1",
        "iat": at - 10,
        "auth_time": at - 10,
        "exp": at + 3600,
        "phone_number": NUMBER,
    }
    return {k: v for k, v in {**usual, **changes}.items() if v is not None}


def signed(key: rsa.RSAPrivateKey, **changes: Any) -> str:
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    header = {"alg": "RS256", "kid": KEY_ID}
    return jwt.encode(header, claims(**changes), RSAKey.import_key(pem))


def test_a_verified_token_signs_in(client: FlaskClient, signer: rsa.RSAPrivateKey) -> None:
    answer = client.post(URL, json={"id_token": signed(signer)})

    assert answer.status_code == 200
    assert answer.json["account"]["kind"] == "resident"


def test_the_same_user_is_the_same_account(client: FlaskClient, signer: rsa.RSAPrivateKey) -> None:
    without_number = {"phone_number": None}

    first = client.post(URL, json={"id_token": signed(signer, **without_number)}).json
    second = client.post(URL, json={"id_token": signed(signer, **without_number)}).json
    other = client.post(URL, json={"id_token": signed(signer, sub="2", **without_number)}).json

    assert first["account"] == second["account"] != other["account"]


def test_a_number_known_from_a_code_is_the_same_person(
    client: FlaskClient, signer: rsa.RSAPrivateKey, phone: Phone
) -> None:
    client.post("/api/v1/auth/otp", json={"phone": NUMBER})
    by_code = client.post(
        "/api/v1/auth/otp/verify", json={"phone": NUMBER, "code": phone.code}
    ).json

    by_firebase = client.post(URL, json={"id_token": signed(signer)}).json

    assert by_firebase["account"] == by_code["account"]


def test_a_guest_comes_along(
    client: FlaskClient, signer: rsa.RSAPrivateKey, moved: list[Any]
) -> None:
    guest = client.post("/api/v1/auth/guest", json={}).json
    headers = {"Authorization": f"Bearer {guest['token']}"}

    client.post(URL, json={"id_token": signed(signer)}, headers=headers)

    assert [str(who) for who, _ in moved] == [guest["account"]["id"]]


REFUSED = {
    "expired": {"exp": int(time.time()) - 60, "iat": int(time.time()) - 3700},
    "issued in the future": {"iat": int(time.time()) + 3600, "exp": int(time.time()) + 7200},
    "another project": {"aud": "another-project"},
    "another issuer": {"iss": "https://securetoken.google.com/another-project"},
    "a custom token": {"aud": _token_gen.FIREBASE_AUDIENCE},
    "nobody": {"sub": ""},
}


@pytest.mark.parametrize("changes", REFUSED.values(), ids=REFUSED.keys())
def test_other_tokens_are_refused(
    client: FlaskClient, signer: rsa.RSAPrivateKey, changes: dict[str, Any]
) -> None:
    answer = client.post(URL, json={"id_token": signed(signer, **changes)})

    assert answer.status_code == 401
    assert answer.json["type"] == "/problems/bad-firebase-token"
    assert "Firebase" in answer.json["detail"]


def test_a_token_signed_by_a_stranger_is_refused(client: FlaskClient) -> None:
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    assert client.post(URL, json={"id_token": signed(stranger)}).status_code == 401


def test_an_unsigned_token_is_refused(client: FlaskClient) -> None:
    for header in ({"alg": "none", "kid": KEY_ID}, {"alg": "none"}):
        token = f"{part(header)}.{part(claims())}."

        assert client.post(URL, json={"id_token": token}).status_code == 401


def test_a_token_signed_with_the_certificate_as_a_secret_is_refused(
    client: FlaskClient, signer: rsa.RSAPrivateKey
) -> None:
    words = f"{part({'alg': 'HS256', 'kid': KEY_ID})}.{part(claims())}"
    signature = hmac.digest(certificate_of(signer).encode(), words.encode(), "sha256")

    token = f"{words}.{urlsafe_b64encode(signature).rstrip(b'=').decode()}"

    assert client.post(URL, json={"id_token": token}).status_code == 401


def part(content: dict[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize("token", ["x", "a.b.c", "....", "é.ß.ø"])
def test_what_is_no_token_is_refused(client: FlaskClient, token: str) -> None:
    assert client.post(URL, json={"id_token": token}).status_code == 401


def test_without_google_it_says_to_try_again(
    client: FlaskClient, signer: rsa.RSAPrivateKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nothing listens on port 1: Google is away.
    monkeypatch.setattr(_token_gen, "ID_TOKEN_CERT_URI", "http://127.0.0.1:1/")

    answer = client.post(URL, json={"id_token": signed(signer)})

    assert answer.status_code == 503
    assert answer.headers["Retry-After"]


def test_where_firebase_is_not_set_up_it_says_so(
    app: Flask, client: FlaskClient, signer: rsa.RSAPrivateKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_firebase(app, monkeypatch, "")

    answer = client.post(URL, json={"id_token": signed(signer)})

    assert answer.status_code == 403
    assert answer.json["type"] == "/problems/firebase-not-set-up"


def test_a_disabled_account_stays_out(client: FlaskClient, signer: rsa.RSAPrivateKey) -> None:
    first = client.post(URL, json={"id_token": signed(signer)}).json["account"]
    accounts.disable(db.session.get_one(Account, UUID(first["id"])))

    assert client.post(URL, json={"id_token": signed(signer)}).status_code == 401


def test_the_web_does_not_import_firebase_until_it_is_needed() -> None:
    ask = "import sys; import app.factory; print([m for m in sys.modules if 'firebase_admin' in m])"
    told = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)

    assert told.stdout.strip() == "[]"
