"""What each failure answers: status, headers, words, and nothing that should stay inside."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask, abort, redirect
from flask.testing import FlaskClient

from app import errors
from app.auth.guards import anyone
from app.errors import XomError
from app.problems import KINDS, Refused, kind_of
from tests.kernel.conftest import kernel_house

Ask = Callable[..., Any]


def all_errors(kind: type[XomError] = XomError) -> Iterator[type[XomError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from all_errors(below)


def test_an_error_of_ours_is_told_in_the_readers_language(client: FlaskClient) -> None:
    vi = client.get("/api/v1/wrong/far")
    en = client.get("/api/v1/wrong/far", headers={"Accept-Language": "en-GB,en;q=0.9"})

    assert vi.status_code == en.status_code == 422
    assert vi.json["detail"] == "Chỗ này cách thành phố 1500 m."
    assert en.json["detail"] == "This place is 1500 m outside the city."
    assert en.json["title"] == "Invalid input"
    assert en.json["type"] == "/problems/too-far"
    assert en.json["metres"] == 1500
    assert en.json["errors"] == [{"field": "lat", "detail": en.json["detail"]}]
    assert en.json["instance"] == en.headers["X-Request-ID"]
    assert vi.headers["Content-Language"] == "vi"
    assert "Accept-Language" in vi.headers["Vary"]
    assert vi.headers["Cache-Control"] == "no-store"


def test_several_fields_may_be_named_at_the_raise(english: Ask) -> None:
    answer = english("GET", "/api/v1/wrong/fields")

    assert answer.json["errors"] == [
        {"field": "lat", "detail": "no"},
        {"field": "photos/1", "detail": "a"},
        {"field": "photos/1", "detail": "b"},
    ]


@pytest.mark.parametrize(
    ("kind", "status"), [("conflict", 409), ("stale", 412), ("absent", 404), ("far", 422)]
)
def test_each_kind_has_its_status(english: Ask, kind: str, status: int) -> None:
    assert english("GET", f"/api/v1/wrong/{kind}").status_code == status


def test_every_error_of_the_house_has_a_kind_and_both_sentences() -> None:
    import app.factory  # noqa: F401 (so that every package's errors are known)

    for error in set(all_errors()) - {XomError}:
        assert kind_of(error)[0] >= 400, error
        assert kind_of(error) != KINDS[XomError] or error is Refused, f"{error} has no kind"
        assert error.vi and error.en and error.vi != error.en, error


def test_absent_and_forbidden_look_the_same_but_unknown_addresses_say_so(english: Ask) -> None:
    answer = english("GET", "/api/v1/nowhere")

    assert answer.status_code == 404
    assert answer.json["type"] == "/problems/no-such-address"
    assert "/api/docs" in answer.json["detail"]


def test_a_wrong_method_names_the_right_ones(english: Ask) -> None:
    answer = english("DELETE", "/api/v1/reports")

    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}
    assert answer.json["detail"] == (
        "This address does not take DELETE; it takes GET, HEAD, OPTIONS, POST."
    )


def test_an_unknown_error_is_500_without_its_text(
    client: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = client.get("/api/v1/wrong/unknown", headers={"X-Request-ID": "abc-12345"})

    assert answer.status_code == 500
    assert answer.content_type == "application/problem+json"
    assert "Bí Mật" not in answer.text
    assert "KeyError" not in answer.text
    assert answer.json["instance"] == "abc-12345"
    assert "abc-12345" in answer.json["detail"]
    assert "abc-12345" in capsys.readouterr().err


@pytest.fixture(scope="module")
def odd_house() -> Flask:
    """A house with views that abort as plain Flask code does."""
    app = kernel_house()

    @app.get("/abort/<int:status>")
    @anyone
    def stop(status: int) -> None:
        abort(status)

    @app.get("/away")
    @anyone
    def away() -> Any:
        return redirect("/elsewhere", 303)

    @app.get("/signed-in")
    def unmarked() -> str:
        return "never"

    @app.get("/kind/<name>")
    @anyone
    def kind(name: str) -> None:
        raise getattr(errors, name)(**({"retry_after": 7} if name.startswith("TooMany") else {}))

    return app


@pytest.mark.parametrize(
    "status", [400, 401, 403, 404, 409, 410, 413, 415, 418, 422, 429, 500, 503]
)
def test_an_abort_becomes_a_problem(odd_house: Flask, status: int) -> None:
    for language in ("vi", "en"):
        answer = odd_house.test_client().get(
            f"/abort/{status}", headers={"Accept-Language": language}
        )

        assert answer.status_code == status
        assert answer.content_type == "application/problem+json"
        assert answer.json["status"] == status
        assert answer.json["detail"]


def test_a_redirect_stays_a_redirect(odd_house: Flask) -> None:
    assert odd_house.test_client().get("/away").headers["Location"] == "/elsewhere"


def test_a_view_without_a_mark_is_answered_not_raised(odd_house: Flask) -> None:
    assert odd_house.test_client().get("/signed-in").status_code == 500


def test_401_says_how_to_sign_in_and_503_when_to_come_back(odd_house: Flask) -> None:
    client = odd_house.test_client()

    assert client.get("/kind/Unauthenticated").headers["WWW-Authenticate"] == 'Bearer realm="xom"'
    assert client.get("/kind/Unavailable").headers["Retry-After"] == "5"
    assert client.get("/kind/TooMany").headers["Retry-After"] == "7"
    assert client.get("/kind/OutOfSpace").status_code == 507


def test_a_problems_type_can_be_looked_up(client: FlaskClient) -> None:
    answer = client.get("/problems/too-far")

    assert answer.json["status"] == 422
    assert answer.json["vi"] == "Chỗ này cách thành phố {metres} m."
    assert client.get("/problems/nothing").status_code == 404
