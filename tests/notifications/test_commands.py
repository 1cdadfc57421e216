"""`flask vapid-key` prints a key that the settings take."""

from flask import Flask

from app.channel_settings import vapid_key


def test_a_new_push_key_is_printed_and_another_each_time(app: Flask) -> None:
    first, second = (
        app.test_cli_runner().invoke(args=["vapid-key"]).output.strip() for _ in range(2)
    )

    assert first != second
    assert vapid_key(first) == first
    assert vapid_key(second) == second
