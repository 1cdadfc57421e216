"""Officials' passwords: the same answer for the unknown, a wait for those who guess."""

from datetime import UTC, datetime

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from app.auth import accounts, passwords
from app.auth.errors import WeakPassword, WrongPassword
from app.auth.models import Account
from app.database import db
from tests.auth.people import PASSWORD

API = "/api/v1/auth"


def test_an_official_signs_in_by_password(client: FlaskClient, official: Account) -> None:
    answer = client.post(f"{API}/password", json={"email": " AN@hue.example", "password": PASSWORD})

    assert answer.status_code == 200
    assert answer.json["account"] == {"id": str(official.id), "kind": "official", "locale": "vi"}


def test_an_unknown_address_and_a_wrong_password_say_the_same(
    client: FlaskClient, official: Account
) -> None:
    known = client.post(f"{API}/password", json={"email": official.email, "password": "no"})
    unknown = client.post(f"{API}/password", json={"email": "x@hue.example", "password": "no"})

    assert known.status_code == unknown.status_code == 401
    differs = {"instance"}
    assert {k: v for k, v in known.json.items() if k not in differs} == {
        k: v for k, v in unknown.json.items() if k not in differs
    }


def test_a_disabled_official_learns_why_only_with_the_right_password(
    client: FlaskClient, official: Account
) -> None:
    accounts.disable(official)

    right = client.post(f"{API}/password", json={"email": official.email, "password": PASSWORD})
    other = client.post(f"{API}/password", json={"email": official.email, "password": "no"})

    assert right.json["type"] == "/problems/account-disabled"
    assert other.json["type"] == "/problems/wrong-password"


def test_five_wrong_passwords_lock_this_place_out_and_say_for_how_long(
    client: FlaskClient, official: Account, stopped_clock: None
) -> None:
    wrong_one = {"email": official.email, "password": "no"}
    for _ in range(5):
        client.post(f"{API}/password", json=wrong_one)

    locked = client.post(f"{API}/password", json={"email": official.email, "password": PASSWORD})

    assert locked.status_code == 429
    assert locked.headers["Retry-After"] == str(14 * 60)
    assert locked.json["detail"] == "Sai mật khẩu quá nhiều lần. Thử lại sau 14 phút."
    elsewhere = client.post(
        f"{API}/password",
        json={"email": official.email, "password": PASSWORD},
        environ_base={"REMOTE_ADDR": "198.51.100.9"},
    )
    assert elsewhere.status_code == 200


def test_guesses_from_many_places_do_not_lock_an_official_out_of_their_desk(
    client: FlaskClient, official: Account, stopped_clock: None
) -> None:
    assert tries(client, "198.51.100.9", PASSWORD) == 200
    guesses = [tries(client, f"203.0.113.{host}", "no") for host in range(30)]

    assert guesses == [401] * 29 + [429]  # the first try of all came from a strange place too
    assert tries(client, "198.51.100.8", PASSWORD) == 429
    assert tries(client, "198.51.100.9", PASSWORD) == 200


def test_at_the_desk_itself_five_wrong_passwords_still_lock(
    client: FlaskClient, official: Account, stopped_clock: None
) -> None:
    tries(client, "198.51.100.9", PASSWORD)

    assert [tries(client, "198.51.100.9", "no") for _ in range(6)] == [401] * 5 + [429]


def test_a_desk_is_known_for_thirty_days(
    client: FlaskClient,
    official: Account,
    stopped_clock: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tries(client, "198.51.100.9", PASSWORD)
    monkeypatch.setattr("app.auth.api.now", lambda: datetime(2026, 4, 2, 1, 31, tzinfo=UTC))

    for host in range(30):
        tries(client, f"203.0.113.{host}", "no")

    assert tries(client, "198.51.100.9", PASSWORD) == 429


def tries(client: FlaskClient, address: str, password: str) -> int:
    given = {"email": "an@hue.example", "password": password}
    answer = client.post(f"{API}/password", json=given, environ_base={"REMOTE_ADDR": address})
    return answer.status_code


def test_a_right_password_forgives_the_wrong_ones_before(
    client: FlaskClient, official: Account
) -> None:
    for _ in range(3):
        for _ in range(4):
            client.post(f"{API}/password", json={"email": official.email, "password": "no"})
        right = client.post(f"{API}/password", json={"email": official.email, "password": PASSWORD})

        assert right.status_code == 200


def test_a_short_password_is_refused() -> None:
    with pytest.raises(WeakPassword) as caught:
        passwords.hashed("mười chữ!")

    assert caught.value.sentence("vi") == "Mật khẩu cần ít nhất 12 ký tự."


def test_a_hash_of_older_parameters_is_renewed_at_sign_in(app: Flask, official: Account) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
    official.password_hash = old = weak.hash(PASSWORD)
    db.session.flush()

    accounts.check_password("an@hue.example", PASSWORD, address=None)

    assert official.password_hash != old
    assert not passwords.is_outdated(official.password_hash or "")
    assert passwords.matches(official.password_hash, PASSWORD)


def test_an_account_without_a_password_has_no_password(app: Flask) -> None:
    accounts.create_official("binh@hue.example", "Bình")

    for guess in ("", "None", PASSWORD):
        assert not passwords.matches(None, guess)


def test_an_unknown_address_costs_a_hash_too(
    app: Flask, official: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    spent: list[str] = []

    class Counting:
        def verify(self, stored: str, password: str) -> bool:
            spent.append(stored.split("$")[3])
            return real.verify(stored, password)

        hash = staticmethod(passwords._hasher.hash)

    real = passwords._hasher
    # Time itself cannot be asserted; that both do the same work can.
    monkeypatch.setattr(passwords, "_hasher", Counting())

    for email in ("an@hue.example", "nobody@hue.example"):
        with pytest.raises(WrongPassword):
            accounts.check_password(email, "a wrong password", address=None)

    assert len(spent) == 2 and spent[0] == spent[1] == "m=19456,t=2,p=1"
