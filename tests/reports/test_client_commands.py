"""`flask api-clients`: a program gets a key by command, and is closed and opened again."""

import re

import pytest
from click.testing import Result
from flask import Flask

from app.auth import api_keys
from app.auth.key_errors import KeyRefused, ScopeMissing
from app.auth.scopes import Scope
from app.clock import now
from app.database import db
from reports.roles import held_by
from reports.statuses import Role
from tests.auth.test_operators_commands import actions, in_english, run
from tests.reports.conftest import House

__all__ = ["in_english"]


def made(app: Flask, *words: str) -> tuple[str, str]:
    """The client's id, and its key's text."""
    told = run(app, "api-clients", "make", "Chiếu sáng", "it@example.vn", *words)
    assert told.exit_code == 0, told.output
    found = re.search(r"Client (\S+)\. .*\n(xom_\S+)", told.output)
    assert found
    return found[1], found[2]


def listed(app: Flask) -> Result:
    return run(app, "api-clients", "list")


def test_the_key_that_is_shown_opens_what_it_is_for_and_nothing_else(
    app: Flask, house: House
) -> None:
    client_id, key = made(app, "--scope", "updates:write", "--office", "hepco")

    caller = api_keys.require(key, Scope.UPDATES_WRITE)

    assert str(caller.account_id) == client_id
    assert [role for role, _ in held_by(caller.account_id, now())] == [Role.OFFICER]
    with pytest.raises(ScopeMissing):
        api_keys.require(key, Scope.REPORTS_CREATE)
    assert "api_key.issue" in actions()


def test_a_client_that_is_closed_has_no_key_that_works_until_it_is_opened(
    app: Flask, house: House
) -> None:
    client_id, key = made(app, "--scope", "reports:create")

    closed = run(app, "api-clients", "close", client_id)
    with pytest.raises(KeyRefused):
        api_keys.require(key, Scope.REPORTS_CREATE)
    shut = listed(app).output
    run(app, "api-clients", "open", client_id)

    assert closed.output.endswith("It is closed.\n")
    assert f"{client_id}  Chiếu sáng  it@example.vn  closed\n" in shut
    assert api_keys.require(key, Scope.REPORTS_CREATE)
    assert listed(app).output.endswith("1 key in use\n")


def test_what_cannot_be_is_said_and_leaves_nothing_behind(app: Flask, house: House) -> None:
    office = run(app, "api-clients", "make", "A", "it@example.vn", "--scope", "updates:read",
                 "--office", "nowhere")  # fmt: skip
    db.session.rollback()  # as the process that ends
    scope = run(app, "api-clients", "make", "A", "it@example.vn", "--scope", "all")

    assert office.exit_code == 1 and "office" in office.output.lower()
    assert scope.exit_code == 2 and "reports:create" in scope.output
    assert listed(app).output.endswith("There are no API clients.\n")
