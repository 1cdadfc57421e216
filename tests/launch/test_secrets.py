"""The secrets of a checkout: made once, for this user alone. Browsers' pushes need no setting."""

import json
from pathlib import Path

import pytest
from py_vapid import Vapid

from app.channel_settings import vapid_key
from app.launch.folder import saved_secrets
from app.launch.settings import PUSH_SUBJECT, settings
from notifications import vapid

KEY = "XOM_VAPID_PRIVATE_KEY"


def test_the_push_key_is_made_once_and_is_one(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"

    first, second = saved_secrets(path), saved_secrets(path)

    assert first == second
    assert vapid_key(first[KEY]) == first[KEY]
    assert len(vapid.public_key(first[KEY])) == 87  # an uncompressed point, as browsers take it
    claims = {"sub": PUSH_SUBJECT, "aud": "https://push.example"}
    assert Vapid.from_string(private_key=first[KEY]).sign(claims)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_checkout_from_before_there_were_pushes_keeps_its_secrets(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    path.write_text(json.dumps({"SECRET_KEY": "kept", "XOM_IDENTITY_KEY": "kept too"}))

    known = saved_secrets(path)

    assert (known["SECRET_KEY"], known["XOM_IDENTITY_KEY"]) == ("kept", "kept too")
    assert vapid_key(known[KEY])


def test_the_demo_says_whom_push_services_may_write_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XOM_VAPID_SUBJECT", raising=False)
    made = settings(tmp_path, "postgresql://", "http://127.0.0.1:8000")
    monkeypatch.setenv("XOM_VAPID_SUBJECT", "mailto:me@city.example")
    given = settings(tmp_path, "postgresql://", "http://127.0.0.1:8000")

    assert made[KEY]
    assert made["XOM_VAPID_SUBJECT"].startswith("mailto:")
    assert "localhost" not in made["XOM_VAPID_SUBJECT"]
    assert given["XOM_VAPID_SUBJECT"] == "mailto:me@city.example"
