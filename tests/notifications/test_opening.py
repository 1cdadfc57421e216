"""Which channels a city has, and what one with a wrong setting costs the others."""

from dataclasses import replace
from typing import Any

import pytest

from app.auth.models import AccountKind
from notifications import delivery
from notifications.attempts import ALARM
from notifications.channels.opening import open_channels
from notifications.models import Channel
from tests.conftest import config_for
from tests.notifications.conftest import Outside, Town


def test_a_city_has_the_channels_that_are_set_up(outside: Outside) -> None:
    settings = outside.settings() | {"sms_url": ""}

    senders = open_channels(config_for("postgresql://", **settings), connections=1)
    for sender in senders.values():
        sender.close()

    assert set(senders) == {Channel.FCM, Channel.WEBPUSH, Channel.EMAIL}


@pytest.mark.parametrize(
    ("channel", "wrong"),
    [
        (Channel.FCM, {"firebase_credentials": "/no/such/account.json"}),
        (Channel.WEBPUSH, {"vapid_private_key": "no key"}),
        (Channel.EMAIL, {"smtp_url": "smtp://mail:port"}),
        (Channel.EMAIL, {"smtp_url": "mail.hue.example"}),
    ],
)
def test_a_wrong_setting_alarms_for_its_channel_alone(
    town: Town, channel: Channel, wrong: dict[str, Any]
) -> None:
    town.app.extensions.pop("xom.post", None)
    opened = reopened(town, wrong)
    with_phone = town.person("phone-0001", kind=AccountKind.OFFICIAL)
    with_browser = town.person(kind=AccountKind.OFFICIAL)
    town.browser(with_browser, "laptop")
    without = town.person(kind=AccountKind.OFFICIAL)

    town.bring(with_phone, with_browser, without, kind="new_work")
    page = town.app.test_client().get("/metrics").text
    close(town, opened)

    waiting = [one for one in town.deliveries() if str(one.state) == "due"]
    assert [one.channel for one in waiting] == [channel]
    assert (waiting[0].error or "").startswith(f"{ALARM}cannot be opened")
    assert f'xom_delivery_alarms{{channel="{channel}"}} 1.0' in page
    assert sorted(town.states()) == ["due", "sent", "sent"]


def reopened(town: Town, settings: dict[str, Any]) -> delivery.Post:
    """The channels as a worker opens them that starts with these settings."""
    before = town.app.extensions["xom.notifications"]
    config = replace(before.config, **settings)
    town.app.extensions["xom.notifications"] = replace(before, config=config)
    return delivery.post()


def close(town: Town, opened: delivery.Post) -> None:
    delivery.close(opened)
    town.app.extensions.pop("xom.post")
