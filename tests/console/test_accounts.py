"""Officials' accounts: seen, invited, given roles for a time, closed; and what is one's own."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask

from app.clock import now
from app.database import db
from app.factory import create_app
from bench.loopback.smtp import SmtpSink
from reports.statuses import Role
from tests.conftest import config_for, new_database
from tests.console.conftest import OWN_SITE, Browser, Desk, words
from tests.console.people import PASSWORD, appoint, audited, signed_in
from tests.web.site import Faults
from tests.web.small import lay_small_build, serve_from

WARD, OTHER = "ubnd-19789", "so-y-te"
ROLE = "select count(*) from role_grant where account_id = :id and until is null"


@pytest.fixture
def admin(desk: Desk) -> Browser:
    """An administrator in this test alone is the last one, unless it makes another."""
    with desk.app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql(
            "update role_grant set until = now() where role = 'admin' and until is null"
        )
    account_id, _ = appoint(desk, Role.ADMIN, name="Quản trị viên")
    return signed_in(desk, account_id)


def link_in(text: str, kind: str = "invitation") -> str:
    """The path within the console that a letter or page gives out."""
    found = re.search(rf"/console(/{kind}/[\w-]+)", text)
    assert found, text[:600]
    return found[1]


def invites(browser: Browser, email: str, **fields: str) -> str:
    """Invite somebody where no mail is sent; the link that is shown once."""
    form = {"name": "Lê Văn Bình", "role": "officer", "office": WARD, "email": email} | fields
    return link_in(browser.post("/admin/accounts/invite", **form).text)


def today(days: int = 0) -> str:
    """A day of the city's, in seven hours before UTC's end of day or after."""
    return (now() + timedelta(hours=7, days=days)).date().isoformat()


# The list --------------------------------------------------------------------------------------


def test_an_administrator_finds_people_by_name_address_and_office(
    desk: Desk, admin: Browser
) -> None:
    _, email = appoint(desk, Role.OFFICER, WARD, name="Nguyễn Thị Hồng Nhung")
    appoint(desk, Role.OFFICER, OTHER, name="Phan Văn Đức")

    for asked in ("hong nhung", email, "Thuan Hoa"):
        seen = admin.sees(f"/admin/accounts?q={asked}")
        assert "Nguyễn Thị Hồng Nhung" in seen, asked
        assert "Phan Văn Đức" not in seen, asked
    assert "Không có ai phù hợp" in admin.sees("/admin/accounts?q=khôngcóai")
    assert "Phan Văn Đức" in admin.sees(f"/admin/accounts?office={OTHER}")


def test_a_head_sees_the_officers_of_their_own_office_and_nobody_else(desk: Desk) -> None:
    mine, _ = appoint(desk, Role.OFFICER, WARD, name="Người của phường")
    theirs, _ = appoint(desk, Role.OFFICER, OTHER, name="Người của sở")
    leader, _ = appoint(desk, Role.LEADER, None, name="Lãnh đạo thành phố nào đó")
    head = desk.at(Role.HEAD, WARD)

    seen = head.sees("/admin/accounts")
    assert "Người của phường" in seen
    assert "Người của sở" not in seen and "Lãnh đạo thành phố nào đó" not in seen
    assert head.get(f"/admin/accounts/{mine}").status_code == 200
    assert head.get(f"/admin/accounts/{head.account_id}").status_code == 404
    for account_id in (theirs, leader, uuid4()):
        assert head.get(f"/admin/accounts/{account_id}").status_code == 404
        assert head.post(f"/admin/accounts/{account_id}/disable").status_code == 404
        assert head.post(f"/admin/accounts/{account_id}/password").status_code == 404


def test_an_officer_who_also_heads_elsewhere_is_not_a_heads_to_manage(desk: Desk) -> None:
    account_id, _ = appoint(desk, Role.OFFICER, WARD)
    with desk.app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql(
            "insert into role_grant (account_id, office_id, role, since) select %s, id, 'admin',"
            " now() from office where code = %s",
            (account_id, OTHER),
        )

    assert desk.at(Role.HEAD, WARD).get(f"/admin/accounts/{account_id}").status_code == 404


@pytest.mark.parametrize("role", [Role.OFFICER, Role.DISPATCHER, Role.LEADER])
def test_others_have_no_such_page(desk: Desk, role: Role) -> None:
    browser = desk.at(role, WARD if role is Role.OFFICER else None)

    assert browser.get("/admin/accounts").status_code == 403
    assert browser.get("/handover").status_code == 403
    assert "/console/admin/accounts" not in browser.get("/queue").text


def test_the_list_goes_on_to_a_next_page(desk: Desk, admin: Browser) -> None:
    for number in range(52):
        appoint(desk, None, name=f"Trang {number:02}")

    first = admin.get("/admin/accounts?q=Trang")
    following = re.search(r'href="/console(/admin/accounts\?[^"]*after=[^"]+)"', first.text)
    assert following
    second = admin.get(following[1].replace("&amp;", "&"))

    named = [set(re.findall(r"Trang \d\d", words(page))) for page in (first, second)]
    assert [len(one) for one in named] == [50, 2]
    assert not named[0] & named[1]


# Inviting --------------------------------------------------------------------------------------


def test_somebody_invited_chooses_a_password_and_is_at_work(desk: Desk) -> None:
    link = invites(desk.at(Role.HEAD, WARD), "binh@hue.example")
    newcomer = desk.stranger()

    assert "Lê Văn Bình" in newcomer.sees(link)
    assert "Cán bộ xử lý" in newcomer.sees(link)
    answer = newcomer.post(link, password=PASSWORD)

    assert answer.request.path == "/console/queue"
    assert "Lê Văn Bình" in words(answer)
    assert desk.stranger().get(link).status_code == 404
    assert desk.stranger().post(link, password=PASSWORD).status_code == 404
    assert desk.scalar("select count(*) from account where email = 'binh@hue.example'") == 1


def test_a_weak_password_makes_no_account_and_uses_nothing_up(desk: Desk, admin: Browser) -> None:
    link = invites(admin, "yeu@hue.example")

    answer = desk.stranger().post(link, password="ngắn")

    assert answer.status_code == 422
    assert "ít nhất 12 ký tự" in words(answer)
    assert desk.scalar("select count(*) from account where email = 'yeu@hue.example'") == 0
    assert desk.stranger().post(link, password=PASSWORD).status_code == 200


def test_a_week_later_the_link_is_dead_and_says_what_to_do(
    desk: Desk, admin: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = invites(admin, "tre@hue.example")
    later = now() + timedelta(days=7, seconds=1)
    monkeypatch.setattr("web.console.invitations.now", lambda: later)

    answer = desk.stranger().get(link)

    assert answer.status_code == 404
    assert "đã hết hạn" in words(answer) and "Nhờ người mời gửi lại" in words(answer)


def test_the_secret_itself_is_stored_nowhere(desk: Desk, admin: Browser) -> None:
    secret = invites(admin, "kin@hue.example").rpartition("/")[2]

    everything = desk.scalar("select string_agg(invitation::text, ' ') from invitation")
    assert secret not in everything and secret.encode().hex() not in everything
    assert secret not in admin.get("/admin/accounts").text


def test_sent_again_the_first_link_is_dead_and_withdrawn_so_is_the_second(
    desk: Desk, admin: Browser
) -> None:
    first = invites(admin, "lai@hue.example")
    again = re.search(r"/console(/admin/invitations/[0-9a-f]{64})/again",
                      admin.get("/admin/accounts").text)  # fmt: skip
    assert again
    second = link_in(admin.post(f"{again[1]}/again").text)

    assert desk.stranger().get(first).status_code == 404
    assert desk.stranger().get(second).status_code == 200
    named = re.search(r"/console(/admin/invitations/[0-9a-f]{64})/withdraw",
                      admin.get("/admin/accounts").text)  # fmt: skip
    assert named
    assert "Đã rút lời mời" in words(admin.post(f"{named[1]}/withdraw"))
    assert desk.stranger().get(second).status_code == 404


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [("vi", "Bạn chỉ giao được vai trò cán bộ xử lý"), ("en", "You may make officers")],
)
def test_a_head_invites_officers_of_their_own_office_only(
    desk: Desk, lang: str, sentence: str
) -> None:
    head = desk.at(Role.HEAD, WARD, lang=lang)
    form = {"name": "Lê Văn Bình", "email": "khac@hue.example"}

    for role, office in (("officer", OTHER), ("head", WARD), ("admin", WARD)):
        answer = head.post("/admin/accounts/invite", role=role, office=office, **form)
        assert answer.status_code == 403
        assert sentence in words(answer)
        assert 'value="Lê Văn Bình"' in answer.text
    assert desk.scalar("select count(*) from invitation where email = 'khac@hue.example'") == 0


def test_a_heads_invitation_leaves_an_administrators_to_the_same_address_alone(
    desk: Desk, admin: Browser
) -> None:
    head = desk.at(Role.HEAD, WARD)
    from_above = invites(admin, "chung@hue.example", role="head", office=OTHER)
    first, second = (invites(head, "chung@hue.example") for _ in range(2))

    assert desk.stranger().get(from_above).status_code == 200
    assert desk.stranger().get(first).status_code == 404
    assert desk.stranger().get(second).status_code == 200


def test_an_administrators_invitation_takes_the_place_of_a_heads(
    desk: Desk, admin: Browser
) -> None:
    from_below = invites(desk.at(Role.HEAD, WARD), "tren@hue.example")
    invites(admin, "tren@hue.example")

    assert desk.stranger().get(from_below).status_code == 404


def test_a_heads_invitation_is_no_other_heads_to_withdraw(desk: Desk) -> None:
    invites(desk.at(Role.HEAD, WARD), "rieng@hue.example")
    named = desk.scalar(
        "select encode(sha256, 'hex') from invitation where email = 'rieng@hue.example'"
    )
    other = desk.at(Role.HEAD, OTHER)

    assert "rieng@hue.example" not in other.sees("/admin/accounts")
    assert other.post(f"/admin/invitations/{named}/withdraw").status_code == 404
    assert other.post("/admin/invitations/zz/again").status_code == 404


@pytest.mark.parametrize(
    ("lang", "sentences"),
    [
        ("vi", ("Đây không phải địa chỉ email.", "Ghi họ tên", "Chọn một vai trò.")),
        ("en", ("This is not an e-mail address.", "Give the name", "Choose a role.")),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_with_all_that_was_typed(
    desk: Desk, admin: Browser, lang: str, sentences: tuple[str, ...]
) -> None:
    admin.client.set_cookie("lang", lang)
    good = {"name": "Bình", "email": "b@hue.example", "role": "officer", "office": WARD}
    broken_ones: tuple[dict[str, str], ...] = ({"email": "a@b"}, {"name": " "}, {"role": "mayor"})

    for broken, sentence in zip(broken_ones, sentences, strict=True):
        answer = admin.post("/admin/accounts/invite", **(good | broken))
        assert answer.status_code == 422
        assert sentence in words(answer)
        assert f'<option value="{WARD}" selected>' in answer.text


def test_an_address_that_has_an_account_is_not_invited(desk: Desk, admin: Browser) -> None:
    _, email = appoint(desk, Role.OFFICER, WARD)

    answer = admin.post(
        "/admin/accounts/invite", name="B", email=email.upper(), role="officer", office=WARD
    )

    assert answer.status_code == 409
    assert "Đã có tài khoản với email này" in words(answer)


# By mail ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def mail() -> Iterator[SmtpSink]:
    with SmtpSink() as sink:
        yield sink


@pytest.fixture(scope="module")
def posting(
    server_url: str,
    city_template: str,
    mail: SmtpSink,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Desk]:
    """A house that sends mail."""
    with new_database(server_url, city_template, f"{city_template}_posting") as url:
        config = config_for(url, smtp_url=mail.url, base_url="https://xom.hue.example/")
        app: Flask = create_app(config)
        app.config["RATELIMIT_ENABLED"] = False
        serve_from(app, lay_small_build(Path(tmp_path_factory.mktemp("built"))))
        yield Desk(app, "http://localhost", 80, Faults())
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def test_the_letter_names_who_and_what_and_its_link_is_not_on_the_page(
    posting: Desk, mail: SmtpSink
) -> None:
    form = {"name": "Lê Văn Bình", "email": "Binh@hue.example", "role": "officer", "office": WARD}

    answer = posting.at(Role.HEAD, WARD).post("/admin/accounts/invite", **form)

    recipient, letter = mail.received[-1]
    text = letter.get_content()
    assert recipient == "binh@hue.example"
    assert "Cán bộ xử lý, UBND phường Thuận Hóa" in text and "Officer" in text
    assert "https://xom.hue.example/console/invitation/" in text
    assert "Đã gửi thư mời" in words(answer)
    assert link_in(text) not in answer.text
    assert posting.stranger().get(link_in(text)).status_code == 200


def test_when_the_mail_server_refuses_the_link_is_shown_instead(
    posting: Desk, mail: SmtpSink
) -> None:
    mail.refuse("RCPT", "550 no such mailbox")
    form = {"name": "Bình", "email": "khong@hue.example", "role": "officer", "office": WARD}

    answer = posting.at(Role.HEAD, WARD).post("/admin/accounts/invite", **form)
    mail.recover()

    assert "Thư chưa gửi được" in words(answer)
    assert posting.stranger().get(link_in(answer.text)).status_code == 200


def test_a_letter_sets_a_new_password_once_and_ends_every_session(
    posting: Desk, mail: SmtpSink
) -> None:
    account_id, email = appoint(posting, Role.OFFICER, WARD)
    theirs = signed_in(posting, account_id)

    told = posting.at(Role.HEAD, WARD).post(f"/admin/accounts/{account_id}/password")
    link = link_in(mail.received[-1][1].get_content(), "password")
    assert "Đã gửi thư đặt lại mật khẩu" in words(told)
    assert theirs.get("/queue", follow=False).status_code == 200

    assert posting.stranger().post(link, password="ngắn").status_code == 422
    answer = posting.stranger().post(link, password="một mật khẩu khác hẳn")
    assert "Đã đổi mật khẩu" in words(answer)
    assert theirs.get("/queue", follow=False).status_code == 302
    assert posting.stranger().get(link).status_code == 404
    door = posting.stranger()
    door.post("/sign-in", email=email, password="một mật khẩu khác hẳn")
    assert door.get("/queue", follow=False).status_code == 200
    assert audited(posting, "account.password_letter") == audited(posting, "account.password") == 1


def test_a_newer_letter_kills_the_older_and_closing_the_account_kills_both(
    desk: Desk, admin: Browser
) -> None:
    account_id, _ = appoint(desk, Role.OFFICER, WARD)
    path = f"/admin/accounts/{account_id}"
    first = link_in(admin.post(f"{path}/password").text, "password")
    second = link_in(admin.post(f"{path}/password").text, "password")

    assert desk.stranger().get(first).status_code == 404
    assert desk.stranger().get(second).status_code == 200
    admin.post(f"{path}/disable")
    assert desk.stranger().get(second).status_code == 404


# Roles -----------------------------------------------------------------------------------------


def test_a_deputy_stands_in_for_a_time_and_the_page_says_for_whom(
    desk: Desk, admin: Browser
) -> None:
    _, away = appoint(desk, Role.HEAD, WARD, name="Ông Minh")
    account_id, _ = appoint(desk, Role.OFFICER, WARD)
    deputy = signed_in(desk, account_id)
    assert deputy.get("/handover").status_code == 403

    answer = admin.post(
        f"/admin/accounts/{account_id}/roles",
        role="head", office=WARD, since=today(), until=today(14), deputy_of=away,
    )  # fmt: skip

    assert "thay Ông Minh" in words(answer)
    assert deputy.get("/handover").status_code == 200
    ends = desk.scalar(
        "select until from role_grant where account_id = :id and role = 'head'", id=account_id
    )
    local = ends + timedelta(hours=7)
    assert (local.date().isoformat(), local.hour) == (today(15), 0)


def test_a_role_that_begins_later_allows_nothing_before(desk: Desk, admin: Browser) -> None:
    account_id, _ = appoint(desk, None)
    browser = signed_in(desk, account_id)

    admin.post(f"/admin/accounts/{account_id}/roles", role="officer", office=WARD, since=today(3))

    assert browser.get("/queue").status_code == 403
    assert "Bắt đầu" in admin.sees(f"/admin/accounts/{account_id}")


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [("vi", "Ngày cuối phải từ hôm nay"), ("en", "The last day must not lie in the past")],
)
def test_a_last_day_in_the_past_gives_nothing_and_keeps_what_was_typed(
    desk: Desk, admin: Browser, lang: str, sentence: str
) -> None:
    account_id, _ = appoint(desk, None)
    admin.client.set_cookie("lang", lang)

    answer = admin.post(
        f"/admin/accounts/{account_id}/roles", role="officer", office=WARD, until=today(-1)
    )

    assert answer.status_code == 422
    assert sentence in words(answer)
    assert f'value="{today(-1)}"' in answer.text
    assert desk.scalar(ROLE, id=account_id) == 0


def test_a_role_ends_at_once_or_at_the_end_of_a_day(desk: Desk, admin: Browser) -> None:
    account_id, _ = appoint(desk, Role.OFFICER, WARD)
    browser = signed_in(desk, account_id)
    grant = desk.scalar("select id from role_grant where account_id = :id", id=account_id)
    path = f"/admin/accounts/{account_id}/roles/{grant}/end"

    later = admin.post(path, last_day=today(5))
    assert "đến hết" in words(later)
    assert browser.get("/queue").status_code == 200
    admin.post(path)

    assert browser.get("/queue").status_code == 403
    assert admin.post(path).status_code == 404


def test_a_head_ends_the_role_of_their_officer_who_is_then_theirs_no_more(desk: Desk) -> None:
    account_id, _ = appoint(desk, Role.OFFICER, WARD)
    grant = desk.scalar("select id from role_grant where account_id = :id", id=account_id)
    head = desk.at(Role.HEAD, WARD)

    answer = head.post(f"/admin/accounts/{account_id}/roles/{grant}/end")

    assert answer.request.path == "/console/admin/accounts"
    assert head.get(f"/admin/accounts/{account_id}").status_code == 404


def test_nobody_stands_in_for_who_does_not_hold_the_role(desk: Desk, admin: Browser) -> None:
    account_id, _ = appoint(desk, None)
    _, officer = appoint(desk, Role.OFFICER, WARD)

    answer = admin.post(
        f"/admin/accounts/{account_id}/roles", role="head", office=WARD, deputy_of=officer
    )

    assert answer.status_code == 422
    assert "Không có ai dùng email này đang giữ vai trò đó" in words(answer)
    assert desk.scalar(ROLE, id=account_id) == 0


def test_a_head_gives_no_role_but_an_officers_of_their_own(desk: Desk) -> None:
    account_id, _ = appoint(desk, Role.OFFICER, WARD)
    head = desk.at(Role.HEAD, WARD)

    for role, office in (("head", WARD), ("admin", WARD), ("officer", OTHER)):
        path = f"/admin/accounts/{account_id}/roles"
        assert head.post(path, role=role, office=office).status_code == 403
    assert desk.scalar(ROLE, id=account_id) == 1


def test_the_same_role_twice_is_told(desk: Desk, admin: Browser) -> None:
    account_id, _ = appoint(desk, Role.OFFICER, WARD)

    answer = admin.post(f"/admin/accounts/{account_id}/roles", role="officer", office=WARD)

    assert answer.status_code == 409
    assert "đã có vai trò đó" in words(answer)
    assert desk.scalar(ROLE, id=account_id) == 1


# The last administrator ------------------------------------------------------------------------


def admin_grant(desk: Desk, account_id: UUID) -> int:
    return int(
        desk.scalar(
            "select id from role_grant where account_id = :id and role = 'admin'", id=account_id
        )
    )


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [("vi", "quản trị viên cuối cùng"), ("en", "the last administrator")],
)
def test_the_last_administrator_keeps_the_role(
    desk: Desk, admin: Browser, lang: str, sentence: str
) -> None:
    me = admin.account_id
    admin.client.set_cookie("lang", lang)
    path = f"/admin/accounts/{me}/roles/{admin_grant(desk, me)}/end"

    for last_day in ("", today(30)):
        answer = admin.post(path, last_day=last_day)
        assert answer.status_code == 409
        assert sentence in words(answer)
    assert admin.get("/admin/accounts").status_code == 200


def test_a_second_administrator_may_go_and_a_deputy_does_not_count(
    desk: Desk, admin: Browser
) -> None:
    second, _ = appoint(desk, None)
    path = f"/admin/accounts/{second}"
    centre = desk.scalar("select code from office where kind = 'centre'")
    admin.post(f"{path}/roles", role="admin", office=centre, until=today(3))
    mine = f"/admin/accounts/{admin.account_id}/roles/{admin_grant(desk, admin.account_id)}/end"
    assert admin.post(mine).status_code == 409

    admin.post(f"{path}/roles", role="admin", office=centre)
    assert signed_in(desk, second).post(
        f"/admin/accounts/{admin.account_id}/disable"
    ).status_code == 200  # fmt: skip
    assert admin.get("/admin/accounts", follow=False).status_code == 302


def test_a_disabled_second_administrator_does_not_count(desk: Desk, admin: Browser) -> None:
    second, _ = appoint(desk, Role.ADMIN)
    other = signed_in(desk, second)
    admin.post(f"/admin/accounts/{second}/disable")
    assert other.get("/queue", follow=False).status_code == 302

    mine = f"/admin/accounts/{admin.account_id}/roles/{admin_grant(desk, admin.account_id)}/end"
    assert admin.post(mine).status_code == 409


def test_nobody_disables_themselves(desk: Desk, admin: Browser) -> None:
    appoint(desk, Role.ADMIN)

    answer = admin.post(f"/admin/accounts/{admin.account_id}/disable")

    assert answer.status_code == 409
    assert "Ở đây không tự làm việc này cho mình" in words(answer)


# Closing ---------------------------------------------------------------------------------------


def test_a_closed_account_is_out_at_once_and_back_with_its_roles(
    desk: Desk, admin: Browser
) -> None:
    account_id, email = appoint(desk, Role.OFFICER, WARD)
    browser, before = signed_in(desk, account_id), audited(desk, "account.disable")
    path = f"/admin/accounts/{account_id}"

    admin.post(f"{path}/disable")
    assert browser.get("/queue", follow=False).status_code == 302
    assert "Đã khóa" in admin.sees(f"/admin/accounts?q={email}&state=disabled")
    admin.post(f"{path}/enable")

    browser.post("/sign-in", email=email, password=PASSWORD)
    assert browser.get("/queue", follow=False).status_code == 200
    assert audited(desk, "account.disable") == before + 1


# One's own -------------------------------------------------------------------------------------


def test_my_page_tells_who_i_am_and_an_administrator_begins_at_theirs(
    desk: Desk, admin: Browser
) -> None:
    account_id, email = appoint(desk, Role.OFFICER, WARD)

    seen = signed_in(desk, account_id, lang="en").sees("/me")
    assert email in seen and "Officer" in seen
    assert admin.get("/").status_code == 200


def test_another_language_counts_for_pages_and_for_what_is_sent(desk: Desk) -> None:
    account_id, _ = appoint(desk, Role.OFFICER, WARD)
    browser = signed_in(desk, account_id)

    answer = browser.post("/me/language", lang="en")

    assert "The language is changed" in words(answer)
    assert "Open work" in browser.sees("/queue")
    assert desk.scalar("select locale from account where id = :id", id=account_id) == "en"


def test_another_password_ends_the_sessions_elsewhere_and_keeps_this_one(desk: Desk) -> None:
    account_id, email = appoint(desk, Role.OFFICER, WARD)
    here, elsewhere = signed_in(desk, account_id), signed_in(desk, account_id)

    answer = here.post("/me/password", old=PASSWORD, password="mật khẩu mới tinh")

    assert "Đã đổi mật khẩu" in words(answer)
    assert here.get("/queue", follow=False).status_code == 200
    assert elsewhere.get("/queue", follow=False).status_code == 302
    door = desk.stranger()
    door.post("/sign-in", email=email, password="mật khẩu mới tinh")
    assert door.get("/queue", follow=False).status_code == 200


@pytest.mark.parametrize(
    ("lang", "sentences"),
    [
        ("vi", ("Mật khẩu hiện tại không đúng", "ít nhất 12 ký tự")),
        ("en", ("This is not your present password", "at least 12 characters")),
    ],
)
def test_a_wrong_old_password_or_a_weak_new_one_changes_nothing(
    desk: Desk, lang: str, sentences: tuple[str, str]
) -> None:
    account_id, email = appoint(desk, Role.OFFICER, WARD)
    browser = signed_in(desk, account_id, lang=lang)

    tries = (("sai rồi", "mật khẩu mới tinh"), (PASSWORD, "ngắn"))
    for (old, new), sentence in zip(tries, sentences, strict=True):
        answer = browser.post("/me/password", old=old, password=new)
        assert answer.status_code == 422
        assert sentence in words(answer)
    door = desk.stranger()
    door.post("/sign-in", email=email, password=PASSWORD)
    assert door.get("/queue", follow=False).status_code == 200


def test_signing_out_everywhere_else_keeps_this_session(desk: Desk) -> None:
    account_id, _ = appoint(desk, Role.OFFICER, WARD)
    here, elsewhere = signed_in(desk, account_id), signed_in(desk, account_id)
    assert "Phiên khác" in here.sees("/me")

    answer = here.post("/me/sign-out-elsewhere")

    assert "Đã đăng xuất ở mọi nơi khác" in words(answer)
    assert "Phiên khác" not in here.sees("/me")
    assert elsewhere.get("/me", follow=False).status_code == 302


def test_no_other_site_sends_these_forms(desk: Desk, admin: Browser) -> None:
    account_id, _ = appoint(desk, Role.OFFICER, WARD)
    elsewhere = OWN_SITE | {"Sec-Fetch-Site": "cross-site"}

    answer = admin.client.post(f"/console/admin/accounts/{account_id}/disable", headers=elsewhere)

    assert answer.status_code == 403
    assert desk.scalar("select disabled_at from account where id = :id", id=account_id) is None
