"""`flask accounts`, `roles`, `audit verify`: each says what it did, and it is recorded."""

import re
from datetime import timedelta
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select, text

from app import audit
from app.auth import accounts, counters, otp, tokens, totp, tries
from app.auth.models import Account, AuditEntry, Counter, OneTimeCode, SignInPlace, Token
from app.auth.tasks import sweep
from app.clock import now
from app.database import db
from reports import identity
from reports.permissions import Permission, permits, viewer_of
from reports.roles import held_by
from reports.statuses import Role
from tests.auth.people import PASSWORD
from tests.auth.street import office

EMAIL = "binh@hue.example"


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "C.UTF-8")


def run(app: Flask, *words: str) -> Result:
    db.session.commit()
    return app.test_cli_runner().invoke(args=[*words], catch_exceptions=False)


def actions() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def password_in(result: Result) -> str:
    found = re.search(r"shown this once: (\S+)", result.output)
    assert found
    return found[1]


def test_an_account_is_made_with_a_password_that_works(app: Flask) -> None:
    result = run(app, "accounts", "create", "Binh@hue.example", "--name", "Lê Văn Bình")

    assert result.exit_code == 0
    account = accounts.check_password(EMAIL, password_in(result), address=None)
    assert account.name == "Lê Văn Bình"
    assert actions() == ["account.create"]
    assert audit.verify_chain() == []


def test_a_second_account_with_one_address_is_refused(app: Flask, official: Account) -> None:
    result = run(app, "accounts", "create", "AN@hue.example", "--name", "An")

    assert result.exit_code == 1
    assert "already an account" in result.output


def test_what_is_no_address_is_refused(app: Flask) -> None:
    for word in ("an", "an@", "an@hue", "a n@hue.vn", "@hue.vn"):
        assert run(app, "accounts", "create", word, "--name", "An").exit_code == 1


def test_the_list_names_everybody_and_who_is_disabled(app: Flask, official: Account) -> None:
    assert "an@hue.example  Trần Thị An  active" in run(app, "accounts", "list").output

    run(app, "accounts", "disable", "an@hue.example")

    assert "disabled 2" in run(app, "accounts", "list").output


def test_an_empty_list_says_what_to_do(app: Flask) -> None:
    assert "flask accounts create" in run(app, "accounts", "list").output


def test_disabling_signs_out_and_enabling_lets_in_again(app: Flask, official: Account) -> None:
    token = tokens.issue(official)

    run(app, "accounts", "disable", "an@hue.example")
    dead = tokens.find(token)
    run(app, "accounts", "enable", "an@hue.example")

    assert dead is None
    assert accounts.check_password("an@hue.example", PASSWORD, address=None)
    assert actions() == ["account.disable", "account.enable"]


def test_a_new_password_replaces_the_old_and_signs_out(app: Flask, official: Account) -> None:
    token = tokens.issue(official)

    result = run(app, "accounts", "password", "an@hue.example")

    assert tokens.find(token) is None
    assert accounts.check_password("an@hue.example", password_in(result), address=None)
    assert actions() == ["account.password"]


def test_a_second_factor_is_taken_away_from_who_lost_it(app: Flask, official: Account) -> None:
    totp.begin(official)
    official.totp_since = now()

    first = run(app, "accounts", "no-second-factor", "an@hue.example")
    again = run(app, "accounts", "no-second-factor", "an@hue.example")

    assert "signs in by the password alone" in first.output
    assert "had no second factor" in again.output
    assert accounts.check_password("an@hue.example", PASSWORD, address=None)
    assert actions() == ["account.second_factor_removed"]


@pytest.mark.parametrize(
    "words",
    [
        ("accounts", "disable", "nobody@hue.example"),
        ("accounts", "password", "nobody@hue.example"),
        ("roles", "grant", "nobody@hue.example", "officer", "thuan-hoa"),
        ("roles", "list", "nobody@hue.example"),
    ],
)
def test_an_unknown_official_is_told_by_a_sentence(app: Flask, words: tuple[str, ...]) -> None:
    result = run(app, *words)

    assert result.exit_code == 1
    assert "No official has nobody@hue.example" in result.output


def test_a_role_is_given_for_an_office(app: Flask, official: Account) -> None:
    place = office()

    result = run(app, "roles", "grant", "an@hue.example", "officer", "thuan-hoa")

    assert "an@hue.example is now officer of Thuận Hóa ward committee" in result.output
    assert [(role, held.code) for role, held in held_by(official.id, now())] == [
        ("officer", place.code)
    ]
    assert actions() == ["role.grant"]


def test_giving_it_again_changes_nothing(app: Flask, official: Account) -> None:
    office()
    run(app, "roles", "grant", "an@hue.example", "officer", "thuan-hoa")

    again = run(app, "roles", "grant", "an@hue.example", "officer", "thuan-hoa")

    assert "was already officer" in again.output
    assert actions() == ["role.grant"]


def test_a_role_taken_away_no_longer_counts(app: Flask, official: Account) -> None:
    office()
    run(app, "roles", "grant", "an@hue.example", "dispatcher", "thuan-hoa")
    before = may_queue(official)

    result = run(app, "roles", "revoke", "an@hue.example", "dispatcher", "thuan-hoa")

    assert "is no longer dispatcher" in result.output
    assert (before, may_queue(official)) == (True, False)
    assert (
        "was not dispatcher"
        in run(app, "roles", "revoke", "an@hue.example", "dispatcher", "thuan-hoa").output
    )
    assert actions() == ["role.grant", "role.revoke"]


def may_queue(account: Account) -> bool:
    caller: Any = tokens.Caller(account.id, tokens.AccountKind.OFFICIAL, "vi", b"")
    return permits(viewer_of(caller, now()), Permission.QUEUE)


def test_roles_are_listed(app: Flask, official: Account) -> None:
    assert "Nobody holds a role" in run(app, "roles", "list").output
    office()
    run(app, "roles", "grant", "an@hue.example", str(Role.HEAD), "thuan-hoa")

    assert "an@hue.example  head  thuan-hoa" in run(app, "roles", "list").output
    assert "head" in run(app, "roles", "list", "an@hue.example").output


@pytest.mark.parametrize("role", ["reporter", "system", "king"])
def test_only_officials_roles_are_given(app: Flask, official: Account, role: str) -> None:
    office()

    assert run(app, "roles", "grant", "an@hue.example", role, "thuan-hoa").exit_code == 2


def test_an_unknown_office_is_told_by_a_sentence(app: Flask, official: Account) -> None:
    result = run(app, "roles", "grant", "an@hue.example", "officer", "nowhere")

    assert result.exit_code == 1
    assert "no such office" in result.output.lower()


def test_the_audit_log_is_verified(app: Flask, official: Account) -> None:
    run(app, "accounts", "disable", "an@hue.example")
    entry = db.session.scalars(select(AuditEntry)).one()

    assert "whole: 1 entries" in run(app, "audit", "verify").output
    noted = f"1:{entry.hash.hex()}"
    assert run(app, "audit", "verify", "--seen", noted).exit_code == 0
    assert run(app, "audit", "verify", "--seen", "2:" + "00" * 32).exit_code == 1
    assert run(app, "audit", "verify", "--seen", "rubbish").exit_code == 2


def test_a_broken_audit_log_is_told_and_exits_with_one(app: Flask, official: Account) -> None:
    run(app, "accounts", "disable", "an@hue.example")
    db.session.execute(text("set local session_replication_role = 'replica'"))
    db.session.execute(text("delete from audit_entry"))

    result = run(app, "audit", "verify")

    assert result.exit_code == 1
    assert "the chain ends at 0, its head says 1" in result.output
    assert "not as it was written" in result.output


def test_no_password_is_in_the_audit_log_or_the_account(app: Flask) -> None:
    password = password_in(run(app, "accounts", "create", EMAIL, "--name", "Bình"))

    rows = db.session.execute(
        text("select a::text from account a union all select e::text from audit_entry e")
    ).scalars()
    assert not any(password in row for row in rows)


def test_people_are_erased_and_listed_for_after_a_restore(app: Flask) -> None:
    lan = accounts.create_resident("vi")
    identity.remember(lan.id, name="Nguyễn Thị Lan")
    other = accounts.create_resident("vi")

    result = run(app, "people", "erase", str(lan.id))

    assert f"{lan.id} is erased." in result.output
    assert identity.own(lan.id).name is None
    assert run(app, "people", "erased").output.split() == [str(lan.id)]
    again = run(app, "people", "erase", str(lan.id), str(accounts.create_guest("vi").id))
    assert again.exit_code == 0
    assert db.session.get_one(Account, other.id).disabled_at is None


def test_erasing_whom_an_older_copy_does_not_know_goes_on_with_the_rest(app: Flask) -> None:
    lan = accounts.create_resident("vi")
    unknown = "11111111-2222-3333-4444-555555555555"

    result = run(app, "people", "erase", unknown, str(lan.id))

    assert f"{unknown} is not here" in result.output
    assert f"{lan.id} is erased." in result.output


def test_the_nightly_sweep_keeps_what_still_matters(
    app: Flask, guest: Account, official: Account
) -> None:
    at = now()
    for network, days in (("203.0.113.7", 31), ("203.0.113.8", 29)):
        tries.note_success(official, "an@hue.example", network, at - timedelta(days=days))
    for age in (timedelta(days=4), timedelta(minutes=1)):
        otp.write_code("+84905123456", "203.0.113.7", at=at - age)
    tokens.issue(guest, at=at - timedelta(days=431))
    live = tokens.issue(guest, at=at)
    counters.seconds_to_wait(otp.BY_ADDRESS[0], "x", at)
    counters.seconds_to_wait(otp.BY_ADDRESS[0], "y", at - timedelta(hours=26))

    sweep(0)

    assert len(db.session.scalars(select(OneTimeCode)).all()) == 1
    assert len(db.session.scalars(select(Token)).all()) == 1 and tokens.find(live)
    assert len(db.session.scalars(select(SignInPlace)).all()) == 1
    starts = db.session.scalars(select(Counter.window_start)).all()
    assert starts and all(start > at - timedelta(days=1) for start in starts)


def test_a_duty_phone_is_given_and_taken_back_with_an_entry_each(
    app: Flask, official: Account
) -> None:
    given = run(app, "duty", "phone", "an@hue.example", "0905 123 456")

    assert "by text message too" in given.output
    assert identity.contact_for_delivery([official.id])[official.id].phone == "+84905123456"

    taken = run(app, "duty", "phone", "an@hue.example")

    assert "by no text message any more" in taken.output
    assert identity.contact_for_delivery([official.id])[official.id].phone is None
    assert actions() == ["duty.phone", "duty.phone"]
    entries = db.session.execute(text("select string_agg(e::text, ' ') from audit_entry e"))
    assert "905123456" not in entries.scalar_one()


def test_a_duty_phone_that_no_text_can_reach_is_refused(app: Flask, official: Account) -> None:
    result = run(app, "duty", "phone", "an@hue.example", "1022")

    assert result.exit_code != 0
    assert actions() == []
