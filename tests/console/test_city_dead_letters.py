"""Undelivered messages at the console: counted by kind, told why, tried again."""

from uuid import UUID, uuid4

from app.clock import now
from app.database import db
from notifications.models import Channel, Delivery, DeliveryState, Message
from reports.statuses import Role
from tests.console.conftest import Desk, words


def a_dead_letter(desk: Desk, kind: str, error: str) -> int:
    """One that was given up; its account is a resident's."""
    account_id: UUID = desk.account_of(desk.resident())
    with desk.app.app_context():
        message = Message(
            change_id=uuid4(), account_id=account_id, kind=kind, subject="report:x",
            payload={}, at=now(),
        )  # fmt: skip
        db.session.add(message)
        db.session.flush()
        delivery = Delivery(
            message_id=message.id, channel=Channel.FCM, installation_id=uuid4(),
            state=DeliveryState.DEAD, due_at=now(), tries=8, done_at=now(), error=error,
        )  # fmt: skip
        db.session.add(delivery)
        db.session.commit()
        return delivery.id


def state_of(desk: Desk, delivery_id: int) -> str:
    return str(desk.scalar("select state from delivery where id = :id", id=delivery_id))


def test_nothing_stuck_is_said_so(desk: Desk) -> None:
    assert "Không có tin nào bị kẹt" in desk.at(Role.ADMIN).sees("/dead-letters")


def test_one_is_tried_again_and_it_is_recorded(desk: Desk) -> None:
    letter = a_dead_letter(desk, "accepted", "sender-id-mismatch")
    admin = desk.at(Role.ADMIN)

    before = admin.sees("/dead-letters")
    answer = admin.post(f"/dead-letters/{letter}/retry")

    assert "sender-id-mismatch" in before and "8 lần thử" in before
    assert "Đã đưa vào hàng đợi gửi lại." in words(answer)
    assert state_of(desk, letter) == "due"
    assert desk.scalar("select count(*) from audit_entry where action = 'delivery.retry'") == 1
    assert admin.post(f"/dead-letters/{letter}/retry").status_code == 404


def test_all_of_a_kind_are_tried_again_and_others_rest(desk: Desk) -> None:
    two = [a_dead_letter(desk, "forwarded", "quota") for _ in range(2)]
    other = a_dead_letter(desk, "started", "quota")

    desk.at(Role.ADMIN).post("/dead-letters/retry", kind="forwarded")

    assert [state_of(desk, one) for one in two] == ["due", "due"]
    assert state_of(desk, other) == "dead"


def test_only_administrators_see_them(desk: Desk) -> None:
    assert desk.at(Role.DISPATCHER).get("/dead-letters").status_code == 403
    assert desk.at(Role.LEADER).post("/dead-letters/retry", kind="accepted").status_code == 403
