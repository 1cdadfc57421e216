"""The second factor: set up, asked for at the door and by the API, lost, demanded of some roles."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest
from flask import Flask
from sqlalchemy import event

from app.auth import tokens, totp
from app.auth.models import Account
from app.clock import now
from app.config import UnsafeConfig
from app.database import db
from app.factory import create_app
from reports.statuses import Role
from tests.conftest import config_for, new_database
from tests.console.conftest import OWN_SITE, Browser, Desk, words
from tests.console.people import (
    PASSWORD,
    appoint,
    audited,
    code_of,
    signed_in,
    with_second_factor,
)
from tests.web.site import Faults
from tests.web.small import lay_small_build, serve_from

API = "/api/v1/auth/password"


def at_the_door(desk: Desk, email: str, *, lang: str = "vi") -> Browser:
    """A browser that has given the right password."""
    browser = desk.stranger()
    browser.client.set_cookie("lang", lang)
    browser.post("/sign-in", follow=False, email=email, password=PASSWORD)
    return browser


# Setting it up ---------------------------------------------------------------------------------


def test_an_official_sets_it_up_with_a_picture_a_key_and_a_first_code(desk: Desk) -> None:
    account_id, _ = appoint(desk, Role.OFFICER, "ubnd-19789")
    browser = signed_in(desk, account_id)

    shown = browser.post("/me/second-factor/begin")
    key = re.search(r'class="key-text"[^>]*>([A-Z2-7 ]+)<', shown.text)
    assert key and 'viewBox="0 0 ' in shown.text  # or the style sheet would cut the picture
    code = code_of(key[1].replace(" ", ""))
    given = browser.post("/me/second-factor/confirm", old=PASSWORD, code=code)

    codes = re.findall(r"<li>([a-z2-9]{5}-[a-z2-9]{5})</li>", given.text)
    assert len(set(codes)) == totp.RECOVERY_CODES
    assert "Đang bật" in browser.sees("/me")
    assert codes[0] not in browser.get("/me/second-factor").text
    assert audited(desk, "account.second_factor_on") == 1


def test_the_key_is_stored_sealed_and_for_this_account_alone(desk: Desk) -> None:
    one, _ = appoint(desk, Role.OFFICER, "ubnd-19789")
    other, _ = appoint(desk, Role.OFFICER, "ubnd-19789")
    key, _ = with_second_factor(desk, one)

    stored = bytes(desk.scalar("select totp_key from account where id = :id", id=one))
    assert key.encode() not in stored
    with desk.app.app_context():
        theirs = db.session.get_one(Account, other)
        theirs.totp_key, theirs.totp_since = stored, now()
        with pytest.raises(totp.KeyUnreadable):
            totp.check(theirs, code_of(key), address=None, at=now())
        db.session.rollback()


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [("vi", "Xem giờ trên điện thoại"), ("en", "See whether your phone's clock is right")],
)
def test_a_wrong_first_code_turns_nothing_on_and_the_key_stays(
    desk: Desk, lang: str, sentence: str
) -> None:
    account_id, _ = appoint(desk, Role.OFFICER, "ubnd-19789")
    browser = signed_in(desk, account_id, lang=lang)
    before = browser.post("/me/second-factor/begin").text

    answer = browser.post("/me/second-factor/confirm", old=PASSWORD, code="000 00x")

    assert answer.status_code == 422
    assert sentence in words(answer)
    key = re.compile(r'class="key-text"[^>]*>([A-Z2-7 ]+)<')
    assert key.findall(answer.text) == key.findall(before) != []
    assert desk.scalar("select totp_since from account where id = :id", id=account_id) is None


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("vi", "Mật khẩu hiện tại không đúng"),
        ("en", "This is not your present password"),
    ],
)
def test_a_desk_left_open_is_not_enough_to_turn_it_on(desk: Desk, lang: str, sentence: str) -> None:
    account_id, _ = appoint(desk, Role.OFFICER, "ubnd-19789")
    browser = signed_in(desk, account_id, lang=lang)
    shown = re.search(
        r'class="key-text"[^>]*>([A-Z2-7 ]+)<', browser.post("/me/second-factor/begin").text
    )
    assert shown
    code = code_of(shown[1].replace(" ", ""))

    without = browser.post("/me/second-factor/confirm", code=code)
    wrong = browser.post("/me/second-factor/confirm", old="not this one", code=code)

    assert (without.status_code, wrong.status_code) == (422, 422)
    assert sentence in words(wrong)
    assert desk.scalar("select totp_since from account where id = :id", id=account_id) is None


def test_sessions_elsewhere_end_once_it_is_on(desk: Desk) -> None:
    account_id, _ = appoint(desk, Role.OFFICER, "ubnd-19789")
    here, elsewhere = signed_in(desk, account_id), signed_in(desk, account_id)
    shown = re.search(
        r'class="key-text"[^>]*>([A-Z2-7 ]+)<', here.post("/me/second-factor/begin").text
    )
    assert shown

    code = code_of(shown[1].replace(" ", ""))
    here.post("/me/second-factor/confirm", old=PASSWORD, code=code)

    assert here.get("/queue", follow=False).status_code == 200
    assert elsewhere.get("/queue", follow=False).status_code == 302


# At the door -----------------------------------------------------------------------------------


def test_the_password_alone_leads_to_the_page_of_the_code_and_no_further(desk: Desk) -> None:
    account_id, email = appoint(desk, Role.OFFICER, "ubnd-19789")
    key, _ = with_second_factor(desk, account_id)

    browser = at_the_door(desk, email)
    assert browser.get("/queue", follow=False).status_code == 302
    page = browser.get("/sign-in/code?next=/console/queue%3Fdue%3Doverdue")
    assert "Nhập mã xác thực" in words(page)

    answer = browser.post(
        "/sign-in/code", follow=False, code=code_of(key), next="/console/queue?due=overdue"
    )
    assert answer.headers["Location"].endswith("/console/queue?due=overdue")
    assert browser.get("/queue", follow=False).status_code == 200


def test_one_code_serves_once(desk: Desk) -> None:
    account_id, email = appoint(desk, Role.OFFICER, "ubnd-19789")
    key, _ = with_second_factor(desk, account_id)
    code = code_of(key)

    first = at_the_door(desk, email).post("/sign-in/code", follow=False, code=code)
    again = at_the_door(desk, email).post("/sign-in/code", follow=False, code=code)

    assert (first.status_code, again.status_code) == (303, 401)
    assert "Mã không đúng hoặc đã dùng" in words(again)


def test_of_two_who_send_one_code_at_the_same_moment_one_enters(desk: Desk) -> None:
    account_id, email = appoint(desk, Role.OFFICER, "ubnd-19789")
    key, _ = with_second_factor(desk, account_id)
    doors, code = [at_the_door(desk, email) for _ in range(4)], code_of(key)

    with ThreadPoolExecutor(4) as pool:
        sent = [pool.submit(one.post, "/sign-in/code", follow=False, code=code) for one in doors]
        statuses = sorted(one.result().status_code for one in sent)

    assert statuses == [303, 401, 401, 401]


def test_a_recovery_code_serves_once_however_it_is_typed(desk: Desk) -> None:
    account_id, email = appoint(desk, Role.OFFICER, "ubnd-19789")
    _, codes = with_second_factor(desk, account_id)
    typed = codes[0].upper().replace("-", " ")

    first = at_the_door(desk, email).post("/sign-in/code", follow=False, code=typed)
    again = at_the_door(desk, email).post("/sign-in/code", follow=False, code=codes[0])

    assert (first.status_code, again.status_code) == (303, 401)
    assert "Còn 9 trên 10 mã" in signed_in(desk, account_id).sees("/me/second-factor")


def test_a_recovery_code_of_somebody_else_opens_nothing(desk: Desk) -> None:
    one, email = appoint(desk, Role.OFFICER, "ubnd-19789")
    other, _ = appoint(desk, Role.OFFICER, "ubnd-19789")
    with_second_factor(desk, one)
    _, theirs = with_second_factor(desk, other)

    assert at_the_door(desk, email).post("/sign-in/code", code=theirs[0]).status_code == 401
    unused = "select count(*) from recovery_code where account_id = :id and used_at is null"
    assert desk.scalar(unused, id=other) == totp.RECOVERY_CODES


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [("vi", "Sai mã quá nhiều lần"), ("en", "Too many wrong codes")],
)
def test_five_wrong_codes_and_the_right_one_has_to_wait(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, lang: str, sentence: str
) -> None:
    at = now()
    monkeypatch.setattr("web.console.sign_in.now", lambda: at)  # within one window of counting
    account_id, email = appoint(desk, Role.OFFICER, "ubnd-19789")
    key, _ = with_second_factor(desk, account_id)
    browser = at_the_door(desk, email, lang=lang)

    wrong = [browser.post("/sign-in/code", code="000000x").status_code for _ in range(5)]
    late = browser.post("/sign-in/code", follow=False, code=code_of(key))

    assert wrong == [401] * 5
    assert late.status_code == 401
    assert sentence in words(late)


def test_after_five_minutes_the_password_is_asked_for_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    account_id, email = appoint(desk, Role.OFFICER, "ubnd-19789")
    key, _ = with_second_factor(desk, account_id)
    browser = at_the_door(desk, email)

    later = now() + timedelta(minutes=5, seconds=1)
    monkeypatch.setattr("web.console.sign_in.now", lambda: later)
    answer = browser.post("/sign-in/code", code=code_of(key, later))

    assert answer.request.path == "/console/sign-in"
    assert "quá năm phút" in words(answer)


def test_a_ticket_dies_with_the_password_and_cannot_be_made_up(desk: Desk) -> None:
    account_id, email = appoint(desk, Role.OFFICER, "ubnd-19789")
    key, _ = with_second_factor(desk, account_id)
    browser = at_the_door(desk, email)
    with desk.app.app_context():
        db.session.get_one(Account, account_id).password_hash = "another"
        db.session.commit()

    for ticket in (None, f"{account_id.hex}.99999999999.{'0' * 64}", "é.9.x", ".."):
        if ticket:
            browser.client.set_cookie("xom_step", ticket, path="/console/sign-in")
        answer = browser.post("/sign-in/code", code=code_of(key))
        assert answer.request.path == "/console/sign-in"


def test_a_right_password_makes_no_place_known_before_the_code(desk: Desk) -> None:
    """Or who has the password would try codes from a place that is spared the common limit."""
    account_id, email = appoint(desk, Role.OFFICER, "ubnd-19789")
    key, _ = with_second_factor(desk, account_id)
    known = "select count(*) from sign_in_place where account_id = :id"

    browser = at_the_door(desk, email)
    assert desk.scalar(known, id=account_id) == 0
    browser.post("/sign-in/code", code=code_of(key))
    assert desk.scalar(known, id=account_id) == 1


# The API ---------------------------------------------------------------------------------------


def test_the_api_asks_for_the_code_in_a_problem_of_its_own(desk: Desk) -> None:
    account_id, email = appoint(desk, Role.OFFICER, "ubnd-19789")
    key, codes = with_second_factor(desk, account_id)
    client, body = desk.app.test_client(), {"email": email, "password": PASSWORD}

    without = client.post(API, json=body)
    wrong = client.post(API, json=body | {"code": "12345"}, headers={"Accept-Language": "en"})
    right = client.post(API, json=body | {"code": code_of(key)})
    kept = client.post(API, json=body | {"code": codes[0]})

    assert (without.status_code, wrong.status_code) == (401, 401)
    assert without.json["type"] == "/problems/second-code-needed"
    assert wrong.json["type"] == "/problems/wrong-second-code"
    assert wrong.json["detail"].startswith("The code is wrong")
    assert right.status_code == kept.status_code == 200


def test_a_wrong_password_tells_nothing_of_the_second_factor(desk: Desk) -> None:
    account_id, email = appoint(desk, Role.OFFICER, "ubnd-19789")
    key, _ = with_second_factor(desk, account_id)
    body = {"email": email, "password": "not this one", "code": code_of(key)}

    answer = desk.app.test_client().post(API, json=body)

    assert answer.json["type"] == "/problems/wrong-password"


# Changing and losing it ------------------------------------------------------------------------


def test_it_is_turned_off_with_a_code_and_not_without(desk: Desk) -> None:
    account_id, email = appoint(desk, Role.OFFICER, "ubnd-19789")
    key, _ = with_second_factor(desk, account_id)
    browser = signed_in(desk, account_id)

    refused = browser.post("/me/second-factor/off", code="")
    off = browser.post("/me/second-factor/off", code=code_of(key))

    assert refused.status_code == 422
    assert "Đã tắt xác thực hai bước" in words(off)
    assert (
        desk.scalar("select count(*) from recovery_code where account_id = :i", i=account_id) == 0
    )
    assert at_the_door(desk, email).get("/queue", follow=False).status_code == 200


def test_new_recovery_codes_take_the_place_of_the_old(desk: Desk) -> None:
    account_id, email = appoint(desk, Role.OFFICER, "ubnd-19789")
    key, old = with_second_factor(desk, account_id)

    answer = signed_in(desk, account_id).post("/me/second-factor/codes", code=code_of(key))

    new = re.findall(r"<li>([a-z2-9]{5}-[a-z2-9]{5})</li>", answer.text)
    assert len(new) == totp.RECOVERY_CODES and not set(new) & set(old)
    assert at_the_door(desk, email).post("/sign-in/code", code=old[0]).status_code == 401


def test_an_administrator_removes_it_for_others_and_nobody_else_does(desk: Desk) -> None:
    account_id, email = appoint(desk, Role.OFFICER, "ubnd-19789")
    with_second_factor(desk, account_id)
    path = f"/admin/accounts/{account_id}/second-factor"

    assert desk.at(Role.HEAD, "ubnd-19789").post(path).status_code == 403
    answer = desk.at(Role.ADMIN).post(path)

    assert "Đã gỡ xác thực hai bước" in words(answer)
    assert audited(desk, "account.second_factor_removed") == 1
    assert at_the_door(desk, email).get("/queue", follow=False).status_code == 200


def test_an_administrator_does_not_remove_their_own_that_way(desk: Desk) -> None:
    account_id, _ = appoint(desk, Role.ADMIN)
    with_second_factor(desk, account_id)
    browser = signed_in(desk, account_id)

    answer = browser.post(f"/admin/accounts/{account_id}/second-factor")

    assert answer.status_code == 409
    assert desk.scalar("select totp_since from account where id = :id", id=account_id)


# Demanded --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def strict(
    server_url: str, city_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    """A house that demands a second factor of dispatchers and administrators."""
    with new_database(server_url, city_template, f"{city_template}_strict") as url:
        app: Flask = create_app(config_for(url, second_factor=("admin", " dispatcher")))
        app.config["RATELIMIT_ENABLED"] = False
        serve_from(app, lay_small_build(Path(tmp_path_factory.mktemp("built"))))
        yield Desk(app, "http://localhost", 80, Faults())
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def test_whoever_must_have_one_is_led_to_it_before_anything_else(strict: Desk) -> None:
    account_id, _ = appoint(strict, Role.DISPATCHER)
    browser = signed_in(strict, account_id, lang="en")

    for path in ("/queue", "/me", "/"):
        assert browser.get(path).request.path == "/console/me/second-factor", path
    part = browser.client.get("/console/queue", headers={"HX-Request": "true"})
    assert part.headers["HX-Redirect"] == "/console/me/second-factor"
    assert "Your role needs a second factor" in browser.sees("/me/second-factor")
    refused = browser.client.post("/console/me/language", data={"lang": "vi"}, headers=OWN_SITE)
    assert refused.headers["Location"] == "/console/me/second-factor"

    with_second_factor(strict, account_id)
    assert browser.get("/queue", follow=False).status_code == 200


def test_others_go_on_without_one_there(strict: Desk) -> None:
    account_id, _ = appoint(strict, Role.OFFICER, "ubnd-19789")

    assert signed_in(strict, account_id).get("/queue", follow=False).status_code == 200


def test_the_api_gives_them_no_token_until_it_is_set_up(strict: Desk) -> None:
    account_id, email = appoint(strict, Role.ADMIN)
    client, body = strict.app.test_client(), {"email": email, "password": PASSWORD}

    before = client.post(API, json=body)
    key, _ = with_second_factor(strict, account_id)
    after = client.post(API, json=body | {"code": code_of(key)})

    assert before.status_code == 403
    assert before.json["type"] == "/problems/second-factor-demanded"
    assert "/console" in before.json["detail"]
    assert after.status_code == 200


def test_their_cookies_token_opens_nothing_of_the_api_but_signing_out(strict: Desk) -> None:
    sent = strict.submits(category="khac", description="Gọi tôi số 0905 123 456.")
    account_id, _ = appoint(strict, Role.DISPATCHER)
    browser = signed_in(strict, account_id, lang="en")
    cookie = browser.client.get_cookie("xom_desk", path="/console")
    assert cookie
    bearer = {"Authorization": f"Bearer {cookie.value}", "Accept-Language": "en"}
    client = strict.app.test_client()

    queue = client.get("/api/v1/queue", headers=bearer)
    report = client.get(f"/api/v1/reports/{sent['id']}", headers=bearer)
    assert queue.status_code == 403
    assert queue.json["type"] == "/problems/second-factor-demanded"
    assert "0905" not in report.text

    with_second_factor(strict, account_id)
    assert client.get("/api/v1/queue", headers=bearer).status_code == 200
    assert client.delete("/api/v1/auth/token", headers=bearer).status_code == 204


def test_they_may_sign_out_by_the_api_before_it_is_set_up(strict: Desk) -> None:
    token = strict.official(Role.DISPATCHER)
    bearer = {"Authorization": f"Bearer {token}"}

    assert strict.app.test_client().delete("/api/v1/auth/token", headers=bearer).status_code == 204
    assert strict.app.test_client().get("/api/v1/queue", headers=bearer).status_code == 401


@pytest.mark.parametrize("held", [Role.DISPATCHER, Role.OFFICER])
def test_what_is_demanded_costs_the_api_no_statement_more(
    strict: Desk, desk: Desk, held: Role
) -> None:
    office = None if held is Role.DISPATCHER else "ubnd-19789"

    def sent_by(house: Desk) -> int:
        account_id, _ = appoint(house, held, office)
        with_second_factor(house, account_id)
        with house.app.app_context():
            token = tokens.issue(db.session.get_one(Account, account_id))
            db.session.commit()
            engine = db.engine
        bearer, seen = {"Authorization": f"Bearer {token}"}, []
        house.app.test_client().get("/api/v1/queue", headers=bearer)
        event.listen(engine, "before_cursor_execute", lambda *facts: seen.append(facts[2]))
        answer = house.app.test_client().get("/api/v1/queue", headers=bearer)
        assert answer.status_code == 200
        return len([one for one in seen if "FROM token" in one or "FROM role_grant" in one])

    assert sent_by(strict) == sent_by(desk) == 2


def test_a_role_that_does_not_exist_refuses_to_start(server_url: str) -> None:
    with pytest.raises(UnsafeConfig, match="XOM_SECOND_FACTOR=mayor is none of dispatcher"):
        create_app(config_for(f"{server_url}/postgres", second_factor=("mayor",)))


def test_codes_are_those_of_the_standard() -> None:
    """RFC 6238, appendix B: SHA-1, the last six of its eight digits."""
    key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # 12345678901234567890

    assert [pyotp.TOTP(key).at(second) for second in (59, 1111111109, 20000000000)] == [
        "287082",
        "081804",
        "353130",
    ]


def test_nobody_who_is_no_official_has_such_pages(desk: Desk) -> None:
    resident = desk.stranger()
    resident.client.set_cookie("xom_desk", desk.resident(), path="/console")

    for path in ("/me", "/me/second-factor"):
        assert resident.get(path).status_code == 403
    assert desk.stranger().get("/me", follow=False).status_code == 302
