"""Request ids, headers, proxies, versions and conditional answers."""

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from app.auth.guards import anyone
from app.config import Environment
from tests.kernel.conftest import kernel_house

REPORT = "/api/v1/reports/6f1e8a52-7c1d-4d7e-9a55-0c8f1b9f3a10"


def test_a_sane_request_id_is_kept_and_another_replaced(client: FlaskClient) -> None:
    kept = client.get("/healthz", headers={"X-Request-ID": "phone-1234.abc"})
    made = client.get("/healthz").headers["X-Request-ID"]

    assert kept.headers["X-Request-ID"] == "phone-1234.abc"
    assert len(made) == 32
    for odd in ("short", "x" * 65, "with space!", "naïve-12345"):
        assert client.get("/healthz", headers={"X-Request-ID": odd}).headers["X-Request-ID"] != odd


def test_every_answer_carries_the_strict_headers(client: FlaskClient) -> None:
    for path in ("/healthz", "/api/v1/hot", "/api/v1/nowhere", "/api/openapi.json"):
        headers = client.get(path).headers

        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "geolocation=()" in headers["Permissions-Policy"]
        assert "Strict-Transport-Security" not in headers


def test_production_insists_on_https() -> None:
    house = kernel_house(environment=Environment.PRODUCTION)

    headers = house.test_client().get("/healthz").headers

    assert headers["Strict-Transport-Security"].startswith("max-age=31536000")


def echoing_house(hops: int) -> Flask:
    app = kernel_house(trusted_hops=hops)

    @app.get("/whoami")
    @anyone
    def whoami() -> dict[str, str | None]:
        return {"address": request.remote_addr, "scheme": request.scheme, "host": request.host}

    return app


@pytest.mark.parametrize(
    ("hops", "address", "scheme"),
    [(0, "127.0.0.1", "http"), (1, "198.51.100.7", "https"), (2, "203.0.113.9", "https")],
)
def test_forwarded_addresses_are_believed_from_trusted_hops_alone(
    hops: int, address: str, scheme: str
) -> None:
    answer = (
        echoing_house(hops)
        .test_client()
        .get(
            "/whoami",
            headers={
                "X-Forwarded-For": "10.6.6.6, 203.0.113.9, 198.51.100.7",
                "X-Forwarded-Proto": "https, https",
                "X-Forwarded-Host": "evil.example",
            },
        )
    )

    assert answer.json == {"address": address, "scheme": scheme, "host": "localhost"}


def test_an_answer_that_the_caller_has_is_not_sent_again(client: FlaskClient) -> None:
    first = client.get(REPORT)
    etag = first.headers["ETag"]

    again = client.get(REPORT, headers={"If-None-Match": etag})
    weak = client.get(REPORT, headers={"If-None-Match": f'"other", W/{etag}'})
    other = client.get(REPORT, headers={"If-None-Match": '"v6-0000000000000000"'})

    assert etag.startswith('"v7-')
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == etag
    assert "Content-Length" not in again.headers
    assert weak.status_code == 304
    assert other.status_code == 200
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert "Authorization" in first.headers["Vary"]


@pytest.mark.parametrize(
    ("sent", "version"),
    [('"v7"', 7), (' "v12" ', 12), ('"v7-0123456789abcdef"', 7), ('W/"v7-0123456789abcdef"', 7)],
)
def test_if_match_names_a_version(client: FlaskClient, sent: str, version: int) -> None:
    answer = client.post("/api/v1/steps", headers={"If-Match": sent})

    assert answer.json == {"version": version}


@pytest.mark.parametrize("sent", ["", "*", "v7", "7", '"7"', '"v"', '"v7", "v8"', '"v7', '"v1e3"'])
def test_a_malformed_if_match_is_400(client: FlaskClient, sent: str) -> None:
    answer = client.post("/api/v1/steps", headers={"If-Match": sent})

    assert answer.status_code == 400
    assert answer.json["errors"][0]["field"] == "If-Match"


def test_a_version_may_be_left_out(client: FlaskClient) -> None:
    assert client.post("/api/v1/steps").json == {"version": None}
