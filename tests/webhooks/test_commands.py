"""`flask webhooks`: how they stand, off and on, what they missed sent again."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from click.testing import Result
from flask import Flask

from app.database import db
from notifications.webhooks import delivery, replay
from notifications.webhooks.models import TEST
from notifications.webhooks.outbox import happened
from reports.statuses import Role
from tests.reports.conftest import House
from tests.webhooks.conftest import Neighbours
from tests.webhooks.town import changed


def flask(app: Flask, *words: str) -> Result:
    db.session.commit()
    return app.test_cli_runner().invoke(args=["webhooks", *words])


def test_what_was_missed_while_it_was_off_is_sent_by_command(
    app: Flask, house: House, neighbours: Neighbours
) -> None:
    receiver, endpoint = neighbours.listen()
    id_ = str(endpoint.id)

    off = flask(app, "off", id_)
    house.takes(house.official(Role.DISPATCHER), "accept", house.submits())
    listed = flask(app, "list")
    flask(app, "on", id_)
    local = (house.at - timedelta(hours=1)).astimezone(ZoneInfo("Asia/Ho_Chi_Minh"))
    sent = flask(app, "replay", id_, "--since", f"{local:%Y-%m-%dT%H:%M}")
    delivery.drain()

    assert off.output.endswith("It is off.\n")
    assert f"{id_}  public  {endpoint.url}  off (hand)" in listed.output
    assert sent.output.endswith("1 event will be sent.\n")
    assert receiver.types() == ["report.published"]


def test_a_replay_by_command_goes_on_until_all_is_queued(
    app: Flask, neighbours: Neighbours, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Five thousand events are slow to make.
    monkeypatch.setattr(replay, "MOST_AT_ONCE", 2)
    _, endpoint = neighbours.listen()
    happened(*[replace(changed("webhook:1"), type=TEST) for _ in range(5)])
    neighbours.bring()

    sent = flask(app, "replay", str(endpoint.id), "--since", "2026-01-01", "--all")

    assert sent.output.endswith("5 events will be sent.\n")


def test_one_that_there_is_not_is_said_so(app: Flask, house: House) -> None:
    result = flask(app, "off", str(uuid4()))

    assert result.exit_code != 0
    assert "There is no such webhook" in result.output


def test_none_is_said_so(app: Flask, house: House) -> None:
    assert "No other system is told anything." in flask(app, "list").output
