"""POST /auth/…: codes, passwords, guests, and what comes along."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.auth import accounts, tokens
from app.auth.models import Account, AccountKind, Token
from app.database import db
from reports import identity
from tests.auth.people import NUMBER, Phone, bearer, wrong

API = "/api/v1/auth"
Moved = list[tuple[UUID, UUID]]


def sign_in(client: FlaskClient, phone: Phone, number: str = NUMBER, **more: Any) -> Any:
    client.post(f"{API}/otp", json={"phone": number})
    return client.post(f"{API}/otp/verify", json={"phone": number, "code": phone.code}, **more)


def test_a_guest_gets_a_token_that_works(client: FlaskClient) -> None:
    answer = client.post(f"{API}/guest", json={"locale": "en"})

    assert answer.status_code == 200
    assert answer.json["account"]["kind"] == "guest"
    assert answer.json["account"]["locale"] == "en"
    found = tokens.find(answer.json["token"])
    assert found and str(found.account_id) == answer.json["account"]["id"]


def test_an_account_for_one_anonymous_report_is_its_own_kind(client: FlaskClient) -> None:
    answer = client.post(f"{API}/guest", json={"anonymous": True})

    assert answer.json["account"]["kind"] == "anonymous"


def test_one_phone_cannot_make_guests_without_end(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "RATELIMIT_ENABLED", True)
    headers = {"X-Installation-ID": "a phone that is in no other test"}

    answers = [client.post(f"{API}/guest", json={}, headers=headers) for _ in range(61)]

    assert {a.status_code for a in answers[:60]} == {200}
    assert answers[60].status_code == 429
    assert "Thử lại sau" in answers[60].json["detail"]


def test_phones_of_one_network_that_do_not_name_themselves_are_not_one_phone(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "RATELIMIT_ENABLED", True)
    network = {"REMOTE_ADDR": "198.51.100.61"}

    answers = [client.post(f"{API}/guest", json={}, environ_base=network) for _ in range(61)]

    assert {a.status_code for a in answers} == {200}
    assert answers[60].headers["RateLimit-Limit"] == "1000"


def test_a_phone_signs_in_with_its_code(client: FlaskClient, phone: Phone) -> None:
    answer = sign_in(client, phone)

    assert answer.status_code == 200
    assert answer.json["account"]["kind"] == "resident"
    assert tokens.find(answer.json["token"])


def test_the_same_phone_is_the_same_person(client: FlaskClient, phone: Phone) -> None:
    first = sign_in(client, phone, "0905 123 456").json
    second = sign_in(client, phone, "+84 905.123.456").json

    assert first["account"] == second["account"]
    assert first["token"] != second["token"]


def test_asking_for_a_code_tells_nothing_of_who_has_the_number(
    client: FlaskClient, phone: Phone
) -> None:
    sign_in(client, phone)

    known = client.post(f"{API}/otp", json={"phone": NUMBER})
    unknown = client.post(f"{API}/otp", json={"phone": "+84912000111"})

    assert known.json == unknown.json == {"expires_in": 600}
    assert known.status_code == unknown.status_code == 200
    assert [to for to, _ in phone.texts[-2:]] == [NUMBER, "+84912000111"]


def test_the_code_is_in_no_answer(client: FlaskClient, phone: Phone) -> None:
    answer = client.post(f"{API}/otp", json={"phone": NUMBER})

    assert phone.code not in answer.text


def test_the_text_speaks_the_callers_language(client: FlaskClient, phone: Phone) -> None:
    client.post(f"{API}/otp", json={"phone": NUMBER}, headers={"Accept-Language": "en"})
    client.post(f"{API}/otp", json={"phone": NUMBER}, headers={"Accept-Language": "vi"})

    assert phone.texts[0][1].startswith("Xóm sign-in code")
    assert phone.texts[1][1].startswith("Mã đăng nhập Xóm")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("vi", "Đã nhập sai 5 lần, mã này không dùng được nữa. Hãy xin mã mới."),
        ("en", "Five wrong tries: this code no longer works. Ask for a new one."),
    ],
)
def test_a_wrong_code_six_times(
    client: FlaskClient, phone: Phone, language: str, said: str
) -> None:
    client.post(f"{API}/otp", json={"phone": NUMBER})
    guess = {"phone": NUMBER, "code": wrong(phone.code)}

    answers = [
        client.post(f"{API}/otp/verify", json=guess, headers={"Accept-Language": language})
        for _ in range(6)
    ]

    assert [a.status_code for a in answers] == [422] * 6
    assert answers[0].json["type"] == "/problems/wrong-code"
    assert answers[5].json["type"] == "/problems/code-used-up"
    assert answers[5].json["detail"] == said
    right = client.post(f"{API}/otp/verify", json={"phone": NUMBER, "code": phone.code})
    assert right.status_code == 422
    assert db.session.scalars(select(Account).where(Account.kind == "resident")).all() == []


def test_too_many_codes_say_how_long_to_wait(
    client: FlaskClient, phone: Phone, stopped_clock: None
) -> None:
    for _ in range(5):
        client.post(f"{API}/otp", json={"phone": NUMBER})

    answer = client.post(f"{API}/otp", json={"phone": NUMBER})

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "600"
    assert "thử lại sau 10 phút" in answer.json["detail"]
    assert len(phone.texts) == 5


@pytest.mark.parametrize(
    "number",
    ["", "abc", "113", "1900 1075", "0234 3822 999", "+84 234 3822 999", "0905 123", "9" * 39],
)
def test_what_no_text_can_reach_is_refused(client: FlaskClient, phone: Phone, number: str) -> None:
    answer = client.post(f"{API}/otp", json={"phone": number})

    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == "phone"
    assert phone.texts == []


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("0905123456", NUMBER),
        ("84905123456", NUMBER),
        ("+84 (0)905 123 456", NUMBER),
        ("٠٩٠٥١٢٣٤٥٦", NUMBER),
    ],
)
def test_numbers_are_read_as_people_write_them(
    client: FlaskClient, phone: Phone, written: str, means: str
) -> None:
    client.post(f"{API}/otp", json={"phone": written})

    assert phone.texts[0][0] == means


@pytest.mark.parametrize("path", ["otp", "otp/verify"])
def test_no_codes_go_to_countries_that_the_city_does_not_serve(
    client: FlaskClient, phone: Phone, path: str
) -> None:
    given = {"phone": "+44 7400 123456"} | ({"code": "123456"} if path == "otp/verify" else {})
    answer = client.post(f"{API}/{path}", json=given, headers={"Accept-Language": "en"})

    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == "phone"
    assert answer.json["detail"].startswith("No codes go to numbers of that country.")
    assert phone.texts == []


@pytest.mark.parametrize("served", [("VN", "GB"), ("*",)])
def test_a_city_may_serve_other_countries_too(
    app: Flask,
    client: FlaskClient,
    phone: Phone,
    monkeypatch: pytest.MonkeyPatch,
    served: tuple[str, ...],
) -> None:
    wider = replace(app.extensions["xom.config"], phone_countries=served)
    monkeypatch.setitem(app.extensions, "xom.config", wider)

    client.post(f"{API}/otp", json={"phone": "+44 7400 123456"})

    assert phone.texts[0][0] == "+447400123456"


def test_what_a_guest_had_comes_along(client: FlaskClient, phone: Phone, moved: Moved) -> None:
    guest = client.post(f"{API}/guest", json={}).json
    as_guest = {"Authorization": f"Bearer {guest['token']}"}

    resident = sign_in(client, phone, headers=as_guest).json

    assert moved == [(UUID(guest["account"]["id"]), UUID(resident["account"]["id"]))]
    assert tokens.find(guest["token"]) is None
    assert db.session.get_one(Account, moved[0][0]).joined_to == moved[0][1]


def test_signing_in_again_with_the_old_guest_moves_nothing_twice(
    client: FlaskClient, phone: Phone, moved: Moved
) -> None:
    guest = client.post(f"{API}/guest", json={}).json
    as_guest = {"Authorization": f"Bearer {guest['token']}"}
    sign_in(client, phone, headers=as_guest)

    again = sign_in(client, phone, headers=as_guest)

    assert again.status_code == 200
    assert len(moved) == 1


def test_joining_twice_is_harmless(guest: Account, moved: Moved) -> None:
    resident = accounts.create_resident("vi")

    assert accounts.join_guest(guest.id, resident.id) is True
    assert accounts.join_guest(guest.id, resident.id) is False
    assert len(moved) == 1


def test_an_anonymous_account_is_never_joined(
    client: FlaskClient, phone: Phone, moved: Moved
) -> None:
    secret = client.post(f"{API}/guest", json={"anonymous": True}).json

    sign_in(client, phone, headers={"Authorization": f"Bearer {secret['token']}"})

    assert moved == []
    assert tokens.find(secret["token"])
    assert db.session.get_one(Account, UUID(secret["account"]["id"])).joined_to is None


def test_one_resident_who_signs_in_as_another_takes_nothing_along(
    client: FlaskClient, phone: Phone, moved: Moved
) -> None:
    first = sign_in(client, phone).json
    as_first = {"Authorization": f"Bearer {first['token']}"}

    sign_in(client, phone, "+84912000111", headers=as_first)

    assert moved == []
    assert tokens.find(first["token"])


def test_the_name_a_guest_gave_comes_along_and_leaves_the_guest(
    client: FlaskClient, phone: Phone, guest: Account
) -> None:
    identity.remember(guest.id, name="Lê Văn Bình")

    resident = sign_in(client, phone, headers=bearer(guest)).json["account"]

    assert identity.own(UUID(resident["id"])).name == "Lê Văn Bình"
    assert identity.own(guest.id).name is None


def test_a_disabled_resident_learns_why_only_after_the_right_code(
    client: FlaskClient, phone: Phone
) -> None:
    account = sign_in(client, phone).json["account"]
    accounts.disable(db.session.get_one(Account, UUID(account["id"])))

    answer = sign_in(client, phone)

    assert answer.status_code == 401
    assert answer.json["type"] == "/problems/account-disabled"


def test_signing_out_leaves_no_trace_of_when(client: FlaskClient, guest: Account) -> None:
    kept, ended = bearer(guest), bearer(guest)

    answer = client.delete(f"{API}/token", headers=ended)

    assert answer.status_code == 204
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    (row,) = db.session.scalars(select(Token).where(Token.account_id == guest.id))
    assert row.revoked_at is None
    assert client.get("/api/v1/me", headers=kept).status_code == 200
    assert client.get("/api/v1/me", headers=ended).status_code == 401


def test_signing_out_needs_a_token(client: FlaskClient) -> None:
    assert client.delete(f"{API}/token").status_code == 401


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("guest", {"locale": "fr"}),
        ("guest", {"kind": "official"}),
        ("otp", {}),
        ("otp", {"phone": 905123456}),
        ("otp/verify", {"phone": NUMBER}),
        ("otp/verify", {"phone": NUMBER, "code": ["1"]}),
        ("firebase", {"id_token": ""}),
        ("password", {"email": "an@hue.example"}),
        ("password", {"email": "an@hue.example", "password": "x" * 201}),
    ],
)
def test_bodies_that_do_not_fit_are_refused_by_field(
    client: FlaskClient, phone: Phone, path: str, body: dict[str, Any]
) -> None:
    answer = client.post(f"{API}/{path}", json=body)

    assert answer.status_code == 422
    assert answer.json["errors"]


def test_the_house_itself_has_an_account(app: Flask) -> None:
    account = db.session.get_one(Account, accounts.SYSTEM_ACCOUNT_ID)

    assert account.kind == AccountKind.SYSTEM
