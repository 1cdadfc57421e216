"""Webhooks at the console: set up, their secret shown once, tried out, stopped, sent again."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import event

from app.clock import now
from app.database import db
from bench.loopback import WebhookReceiver
from notifications.webhooks import delivery, endpoints, replay
from notifications.webhooks.endpoints import Wish
from notifications.webhooks.models import PUBLIC
from notifications.webhooks.outbox import happened
from reports.city import snapshot
from reports.statuses import Role
from reports.webhook_events import PUBLISHED, reader_of
from tests.console.conftest import Browser, Desk, words
from tests.console.people import appoint
from tests.webhooks.town import changed
from web.console.city.webhook_words import event_choices

NOWHERE = "http://127.0.0.1:9/xom"
OFFICE = "so-y-te"


@pytest.fixture
def receiver() -> Iterator[WebhookReceiver]:
    with WebhookReceiver() as started:
        yield started


def set_up(by: Browser, url: str = NOWHERE, **form: object) -> tuple[UUID, str]:
    """A new one: its id, its secret."""
    endpoint_id = uuid4()
    answer = by.post("/admin/webhooks", id=str(endpoint_id), url=url, **form)
    assert answer.status_code == 200, words(answer)
    found = re.search(r"whsec_[\w+/=]+", answer.text)
    assert found, words(answer)
    return endpoint_id, found[0]


def bring(desk: Desk) -> None:
    with desk.app.app_context():
        delivery.drain()
        db.session.remove()


def test_the_secret_is_shown_once(desk: Desk) -> None:
    admin = desk.at(Role.ADMIN)

    endpoint_id, secret = set_up(admin, description="bản đồ ngập")
    page = admin.get(f"/admin/webhooks/{endpoint_id}")
    again = admin.post("/admin/webhooks", id=str(endpoint_id), url=NOWHERE,
                       description="bản đồ ngập")  # fmt: skip

    assert page.status_code == 200 and secret not in page.text
    assert "bản đồ ngập" in words(page)
    assert "đã có từ trước" in words(again) and "whsec_" not in again.text


def test_a_test_is_sent_and_what_came_of_it_is_shown(desk: Desk, receiver: WebhookReceiver) -> None:
    admin = desk.at(Role.ADMIN)
    endpoint_id, receiver.secret = set_up(admin, receiver.url)

    sent = admin.post(f"/admin/webhooks/{endpoint_id}/test")
    bring(desk)
    page = admin.sees(f"/admin/webhooks/{endpoint_id}")

    assert "Đã gửi thử." in words(sent)
    assert receiver.types() == ["webhook.test"]
    assert "Gửi thử" in page and "Đã nhận" in page and "HTTP 200" in page
    assert "taken" not in page, "what a receiver says may repeat what it was told"


def test_whoever_keeps_the_citys_and_an_offices_reads_whose_each_event_is(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        alone = {kind: whom for kind, _, whom in event_choices([PUBLIC, "office:1"])}
        an_office = {kind: whom for kind, _, whom in event_choices(["office:1"])}
        kept = {kind: whom for kind, _, whom in event_choices(["office:1"], [PUBLISHED])}

    assert alone[PUBLISHED] == "city only"
    assert alone["report.withdrawn"] == "offices only"
    assert alone["report.resolved"] == ""
    assert PUBLISHED not in an_office and set(an_office.values()) == {""}
    assert kept[PUBLISHED] == "city only", "chosen before, so it can be left out"


def test_why_nothing_arrives_is_told_in_words(desk: Desk) -> None:
    admin, english = desk.at(Role.ADMIN), desk.at(Role.ADMIN, lang="en")
    endpoint_id, _ = set_up(admin)

    admin.post(f"/admin/webhooks/{endpoint_id}/test")
    bring(desk)

    assert "Không kết nối được" in admin.sees(f"/admin/webhooks/{endpoint_id}")
    assert "Đang lỗi, vẫn thử lại" in admin.sees("/admin/webhooks")
    assert "No connection" in english.sees(f"/admin/webhooks/{endpoint_id}")


def test_it_is_switched_off_and_on_and_what_waited_is_sent_again(
    desk: Desk, receiver: WebhookReceiver
) -> None:
    admin = desk.at(Role.ADMIN)
    endpoint_id, receiver.secret = set_up(admin, receiver.url)
    path = f"/admin/webhooks/{endpoint_id}"
    admin.post(f"{path}/test")

    off = admin.post(f"{path}/off")
    bring(desk)
    on = admin.post(f"{path}/on")
    row = desk.scalar("select id from webhook_delivery where endpoint_id = :id", id=endpoint_id)
    again = admin.post(f"{path}/deliveries/{row}/replay")
    bring(desk)

    assert "Đã tắt" in words(off) and "Đã bật" in words(on)
    assert "Đang gửi lại." in words(again)
    assert receiver.types() == ["webhook.test"]


def test_what_was_missed_is_asked_for_by_a_moment(desk: Desk) -> None:
    admin = desk.at(Role.ADMIN)
    endpoint_id, _ = set_up(admin)
    path = f"/admin/webhooks/{endpoint_id}/replay"

    none = admin.post(path, since="2026-01-01T08:00")
    wrong = admin.post(path, since="hôm qua")

    assert "Không có gì đã lỡ" in words(none)
    assert wrong.status_code == 422 and "Chọn ngày và giờ" in words(wrong)


def test_more_than_goes_at_once_is_told_and_the_form_goes_on_from_there(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Five thousand events are slow to make.
    monkeypatch.setattr(replay, "MOST_AT_ONCE", 2)
    admin = desk.at(Role.ADMIN)
    endpoint_id, _ = set_up(admin)
    path = f"/admin/webhooks/{endpoint_id}"
    admin.post(f"{path}/off")
    begin = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
    with desk.app.app_context():
        for hour in range(3):
            happened(replace(changed(f"report:{uuid4()}"), at=begin + timedelta(hours=hour)))
        db.session.commit()
    admin.post(f"{path}/on")

    first = admin.post(f"{path}/replay", since="2026-03-02T08:30", all="yes")
    second = admin.post(f"{path}/replay", since="2026-03-02T10:30")

    assert "Đang gửi lại 2 sự kiện cũ nhất" in words(first)
    assert 'value="2026-03-02T10:30"' in first.text, "by the clock of the city"
    assert re.search(r'name="all" value="yes" checked', first.text)
    assert "Đang gửi lại 1 sự kiện." in words(second)


def test_another_address_is_saved_or_refused_with_what_to_do(desk: Desk) -> None:
    admin = desk.at(Role.ADMIN)
    endpoint_id, _ = set_up(admin)
    path = f"/admin/webhooks/{endpoint_id}"

    saved = admin.post(path, which="change", url="http://127.0.0.1:10/moi", events="report.closed")
    same = admin.post(path, which="change", url="http://127.0.0.1:10/moi", events="report.closed")
    refused = admin.post(path, which="change", url="https://10.0.0.5/")
    empty = admin.post(path, which="change", url="")

    assert "Đã lưu." in words(saved) and "http://127.0.0.1:10/moi" in words(saved)
    assert "Không có gì thay đổi." in words(same)
    assert refused.status_code == 422 and "không ghi địa chỉ IP" in words(refused)
    assert "https://10.0.0.5/" in refused.text, "nothing typed is lost"
    assert empty.status_code == 422


def test_an_address_that_is_refused_keeps_the_form(desk: Desk) -> None:
    head = desk.at(Role.HEAD, OFFICE, lang="en")

    answer = head.post(
        "/admin/webhooks", id=str(uuid4()), url="http://hooks.example/", office=OFFICE,
        description="lamps", events=["report.assigned"],
    )  # fmt: skip

    assert answer.status_code == 422
    assert "must begin with https://" in words(answer)
    assert 'value="lamps"' in answer.text
    assert 'value="report.assigned" checked' in answer.text


def test_a_new_secret_is_shown_once_and_the_old_one_signs_for_a_while(desk: Desk) -> None:
    admin = desk.at(Role.ADMIN)
    endpoint_id, first = set_up(admin)

    renewed = admin.post(f"/admin/webhooks/{endpoint_id}/secret", overlap="24")

    found = re.search(r"whsec_[\w+/=]+", renewed.text)
    assert found and found[0] != first
    assert "Mã cũ còn hiệu lực đến" in words(renewed)
    assert "Mã trước còn ký đến" in admin.sees(f"/admin/webhooks/{endpoint_id}")


def test_it_is_removed_once_that_is_confirmed(desk: Desk) -> None:
    admin = desk.at(Role.ADMIN)
    endpoint_id, _ = set_up(admin)
    path = f"/admin/webhooks/{endpoint_id}"

    asked = admin.post(f"{path}/remove")
    still = admin.get(path).status_code
    gone = admin.post(f"{path}/remove", sure="yes")

    assert "Bỏ webhook này?" in words(asked) and still == 200
    assert "Đã bỏ webhook." in words(gone)
    assert admin.get(path).status_code == 404


def test_a_head_keeps_their_offices_and_an_administrator_may_only_stop_it(desk: Desk) -> None:
    head, admin = desk.at(Role.HEAD, OFFICE), desk.at(Role.ADMIN)
    endpoint_id, _ = set_up(head, office=OFFICE)
    path = f"/admin/webhooks/{endpoint_id}"

    seen = admin.sees(path)
    changed = admin.post(f"{path}/secret", overlap="0")
    stopped = admin.post(f"{path}/off")

    assert "Sở Y tế" in seen and "Tạo mã bí mật mới" not in seen
    assert changed.status_code == 403
    assert "Đã tắt" in words(stopped)
    assert desk.at(Role.HEAD, "so-du-lich").get(path).status_code == 404
    assert desk.at(Role.DISPATCHER).get("/admin/webhooks").status_code == 403


def test_the_audit_log_says_it_in_words(desk: Desk) -> None:
    admin = desk.at(Role.ADMIN)
    set_up(admin)

    assert "Thêm webhook" in admin.sees("/audit")


def kept_by(desk: Desk, account_id: UUID, office: str | None, url: str) -> None:
    """A webhook that this account made."""
    with desk.app.app_context():
        named = snapshot.current().office(office) if office else None
        reader = reader_of(named.id if named else None)
        endpoints.register(uuid4(), Wish(url=url), reader=reader, by=account_id, at=now())
        db.session.commit()
        db.session.remove()


def test_whoever_takes_over_is_shown_the_webhooks_of_who_leaves(desk: Desk) -> None:
    gone, _ = appoint(desk, Role.OFFICER, OFFICE, name="Ông Minh")
    kept_by(desk, gone, OFFICE, "https://left.example/xom")
    kept_by(desk, gone, None, "https://other.example/xom")

    page = desk.at(Role.HEAD, OFFICE).sees("/handover")

    assert "https://left.example/xom" in page and "Webhook cần xem lại" in page
    assert "https://other.example/xom" not in page


def test_a_clients_page_shows_its_webhooks(desk: Desk) -> None:
    admin, client_id = desk.at(Role.ADMIN), uuid4()
    form = {"id": str(client_id), "name": "Chiếu sáng", "contact_email": "it@light.example"}
    admin.post("/admin/api-clients", **form)
    before = admin.sees(f"/admin/api-clients/{client_id}")

    kept_by(desk, client_id, None, "https://lamps.example/xom")

    assert "Webhook của hệ thống này" not in before
    assert "https://lamps.example/xom" in admin.sees(f"/admin/api-clients/{client_id}")


def test_a_page_of_deliveries_asks_for_all_codes_at_once(desk: Desk) -> None:
    admin = desk.at(Role.ADMIN)
    endpoint_id, _ = set_up(admin)
    sent = [desk.submits(description="Cống nghẹt.") for _ in range(3)]
    for one in sent:
        desk.accepted(one["id"])
    asked: list[str] = []

    def count(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        if "report" in statement and "report.code" in statement:
            asked.append(statement)

    with desk.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", count)
    page = admin.sees(f"/admin/webhooks/{endpoint_id}")
    event.remove(engine, "before_cursor_execute", count)

    assert all(one["code"] in page for one in sent)
    assert len(asked) == 1


def test_a_secret_too_many_is_refused_with_what_to_do(desk: Desk) -> None:
    admin = desk.at(Role.ADMIN)
    endpoint_id, _ = set_up(admin)
    path = f"/admin/webhooks/{endpoint_id}/secret"

    given = [admin.post(path, overlap="24") for _ in range(6)]

    assert [one.status_code for one in given] == [200] * 5 + [409]
    assert "mã cũ còn ký cùng" in words(given[-1]) and "whsec_" not in given[-1].text
    assert "whsec_" in admin.post(path, overlap="0").text
