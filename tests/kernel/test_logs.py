"""Logs: one line a request, an id in each, and nothing that a person typed."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from flask import Flask, g
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.auth.guards import anyone
from app.config import Environment
from app.database import db
from app.logs import configure_logs
from tests.kernel.conftest import kernel_house, open_house

Capture = pytest.CaptureFixture[str]
CANARY = "canary-0912345678-Nguyễn-Thị-Bí-Mật"


@pytest.fixture(autouse=True)
def quiet_afterwards() -> Iterator[None]:
    yield
    configure_logs(as_json=False, with_words=True)


def lines(capture: Capture) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capture.readouterr().err.splitlines()]


def production_house(**settings: Any) -> Flask:
    return kernel_house(environment=Environment.PRODUCTION, log_json=True, **settings)


def test_each_request_is_one_line_with_its_id_and_route(capsys: Capture) -> None:
    kernel_house(log_json=True).test_client().get(
        "/api/v1/wrong/absent", headers={"X-Request-ID": "phone-1234"}
    )

    (line,) = lines(capsys)
    assert line.pop("ms") >= 0
    assert line.pop("at").endswith("Z")
    assert line == {
        "event": "request",
        "level": "info",
        "method": "GET",
        "route": "/api/v1/wrong/<kind>",
        "status": 404,
        "request_id": "phone-1234",
    }


def test_requests_that_go_well_may_be_left_untold_and_failures_not(capsys: Capture) -> None:
    house = kernel_house(log_json=True, log_requests=False).test_client()

    house.get("/api/v1/wrong/absent")
    well = lines(capsys)
    house.get("/api/v1/wrong/unknown")

    assert well == []
    assert [line["status"] for line in lines(capsys) if line["event"] == "request"] == [500]


def test_health_checks_are_not_told(capsys: Capture) -> None:
    kernel_house(log_json=True).test_client().get("/healthz")

    assert lines(capsys) == []


def test_nothing_that_a_person_sent_reaches_the_log(capsys: Capture) -> None:
    house = production_house()

    @house.get("/boom/<path:what>")
    @anyone
    def boom(what: str) -> None:
        try:
            int(what)
        except ValueError as wrong:
            raise KeyError(what) from wrong

    client = house.test_client()
    headers = {
        "Authorization": f"Bearer {CANARY}".encode().decode("latin-1"),
        "User-Agent": "canary-0912345678",
        "X-Installation-ID": "canary-0912345678",
        "X-Request-ID": "canary 0912345678",
        "Cookie": "session=canary-0912345678",
    }
    client.get(f"/boom/{CANARY}?q={CANARY}&lat=16.4637", headers=headers)
    client.get(f"/{CANARY}", headers=headers)
    client.post("/api/v1/reports", json={CANARY: CANARY, "description": CANARY}, headers=headers)
    client.post("/api/v1/reports", data=CANARY.encode(), content_type="application/json")
    client.get(f"/api/v1/hot?{CANARY}=1")
    client.get(f"/api/v1/database/read?x={CANARY}")

    told = capsys.readouterr().err
    assert "canary" not in told
    assert "0912345678" not in told
    assert "16.4637" not in told
    assert told.count('"event":"request"') == 6


def test_a_bug_is_told_by_kind_and_place(capsys: Capture) -> None:
    house = production_house()

    @house.get("/boom")
    @anyone
    def boom() -> None:
        try:
            int("canary")
        except ValueError as wrong:
            raise KeyError("canary") from wrong

    house.test_client().get("/boom", headers={"X-Request-ID": "phone-1234"})

    error, _ = lines(capsys)
    assert error["level"] == "error"
    assert error["kind"] == "KeyError"
    assert error["request_id"] == "phone-1234"
    assert error["exception"][0].startswith("builtins.KeyError at tests/kernel/test_logs.py:")
    assert error["exception"][1].startswith("builtins.ValueError at tests/kernel/test_logs.py:")
    assert "canary" not in json.dumps(error)


def test_the_databases_own_words_stay_out_of_production_logs(
    own_database: str, capsys: Capture
) -> None:
    """PostgreSQL quotes the values: `DETAIL: Key (email)=(…) already exists.`"""
    with open_house(own_database, environment=Environment.PRODUCTION, log_json=True) as house:

        @house.get("/twice")
        @anyone
        def twice() -> None:
            for _ in range(2):
                db.session.execute(
                    text(
                        "insert into account (id, kind, locale, created_at, email) values"
                        " (gen_random_uuid(), 'official', 'vi', now(), :email)"
                    ),
                    {"email": "canary@example.vn"},
                )

        answer = house.test_client().get("/twice")

    told = capsys.readouterr().err
    assert answer.status_code == 500
    assert "IntegrityError" in told
    assert "canary" not in told


def test_outside_production_the_words_help_the_developer(capsys: Capture) -> None:
    kernel_house(log_json=False).test_client().get("/api/v1/wrong/unknown")

    assert "KeyError: 'Nguyễn Thị Bí Mật 0912345678'" in capsys.readouterr().err


def test_fields_with_personal_names_lose_their_values(capsys: Capture) -> None:
    configure_logs(as_json=True, with_words=True)

    structlog.get_logger().info("signed in", phone=CANARY, token=CANARY, report="482-173-906-K")

    (line,) = lines(capsys)
    assert line["phone"] == line["token"] == "[hidden]"
    assert line["report"] == "482-173-906-K"


def test_the_standard_librarys_loggers_speak_the_same_way(capsys: Capture) -> None:
    configure_logs(as_json=True, with_words=False)

    logging.getLogger("somewhere").warning("slow: %s s", 3)
    try:
        raise RuntimeError(CANARY)
    except RuntimeError:
        logging.getLogger("somewhere").exception("failed")
    logging.getLogger("werkzeug").info("GET /?lat=16.4637")
    logging.getLogger("somewhere").debug("too fine")

    slow, failed = lines(capsys)
    assert (slow["event"], slow["level"], slow["logger"]) == ("slow: 3 s", "warning", "somewhere")
    assert failed["exception"][0].startswith("builtins.RuntimeError at tests/kernel/test_logs.py")
    assert "canary" not in json.dumps(failed)


def test_configuring_again_does_not_double_the_lines(capsys: Capture) -> None:
    for _ in range(3):
        configure_logs(as_json=True, with_words=True)

    logging.getLogger("somewhere").warning("once")

    assert len(lines(capsys)) == 1


def test_statement_parameters_are_hidden_by_the_engine(app: Flask) -> None:
    try:
        with db.session.begin_nested():
            db.session.execute(text("insert into token values (:t)"), {"t": CANARY})
    except IntegrityError as error:
        assert CANARY not in str(error)
    except Exception as error:
        assert CANARY not in str(error).replace(str(getattr(error, "orig", "")), "")
    assert g is not None
