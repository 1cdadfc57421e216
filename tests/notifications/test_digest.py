"""The daily letter: what it gathers, when it leaves, and what never waits for it."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text

from app.auth.models import Account, AccountKind
from app.database import db
from notifications import digest
from notifications.desks import Desk, Line, Pile
from notifications.models import Channel, Delivery, Message
from tests.notifications.conftest import NOW, Town

LINE = Line("482-173-906-K", "Đèn đường", "Street light", "Thuận Hóa", "Thuan Hoa",
            "quá hạn 1 ngày làm việc", "1 working day late")  # fmt: skip
PRIVATE = Line(
    "111-222-333-A", None, None, None, None, "còn 2 giờ làm việc", "2 working hours left"
)
BUSY = Desk(Pile(12, (LINE,) * 10), Pile(1, (PRIVATE,)), Pile(1, (LINE,)))
MORNING = datetime(2026, 11, 20, 0, 20, tzinfo=UTC)  # a Friday, 7:20 in Huế
YESTERDAY = MORNING - timedelta(days=1)


@dataclass
class Desks:
    """What the house of reports would say."""

    desk: Desk = BUSY
    open: bool = True
    asked: list[UUID] = field(default_factory=list)
    broken: set[UUID] = field(default_factory=set)

    def are_open(self, at: datetime) -> bool:
        return self.open

    def of(self, account_id: UUID, at: datetime) -> Desk:
        self.asked.append(account_id)
        if account_id in self.broken:
            db.session.execute(text("select 1 / 0"))
        return self.desk


@pytest.fixture
def desks(town: Town) -> Iterator[Desks]:
    desks, before = Desks(), town.app.extensions["xom.notifications"]
    town.app.extensions["xom.notifications"] = replace(before, desks=desks)
    yield desks
    town.app.extensions["xom.notifications"] = before


@pytest.fixture
def lan(town: Town) -> Account:
    """An official who has her mail gathered at 7:15, since yesterday."""
    lan = town.person(kind=AccountKind.OFFICIAL)
    digest.choose(lan.id, time(7, 15), at=YESTERDAY)
    db.session.commit()
    return lan


def letters(town: Town, at: datetime = MORNING) -> list[str]:
    """What has arrived by mail once what is due has left."""
    town.drain(at)
    bodies = [letter.get_body(("plain",)) for _, letter in town.outside.smtp.received]
    return [str(body.get_content()) for body in bodies if body]


def test_one_letter_tells_what_is_new_due_and_overdue(
    town: Town, desks: Desks, lan: Account
) -> None:
    assert digest.send_due(MORNING) == 1

    (letter,) = letters(town)

    assert "Quá hạn: 1" in letter and "Đến hạn hôm nay: 1" in letter
    assert "Chưa bắt đầu: 12" in letter and "và 2 phản ánh khác" in letter
    assert "482-173-906-K · Đèn đường, Thuận Hóa · quá hạn 1 ngày làm việc" in letter
    assert "- 111-222-333-A · còn 2 giờ làm việc" in letter
    assert "/console/queue" in letter
    subject = str(town.outside.smtp.received[0][1]["Subject"])
    assert subject == "Việc hôm nay: 12 mới, 1 đến hạn, 1 quá hạn"
    assert "List-Unsubscribe" not in town.outside.smtp.received[0][1]


def test_it_speaks_the_readers_language(town: Town, desks: Desks) -> None:
    anna = town.person(kind=AccountKind.OFFICIAL, locale="en")
    digest.choose(anna.id, time(7, 15), at=YESTERDAY)

    digest.send_due(MORNING)

    (letter,) = letters(town)
    assert "Overdue: 1" in letter and "1 working day late" in letter and "and 2 more" in letter


def test_it_leaves_once_a_day_at_its_hour(town: Town, desks: Desks, lan: Account) -> None:
    early = MORNING - timedelta(minutes=10)  # 7:10

    assert [digest.send_due(at) for at in (early, MORNING, MORNING, MORNING + timedelta(hours=3))] \
        == [0, 1, 0, 0]  # fmt: skip
    assert digest.send_due(MORNING + timedelta(days=1)) == 1


def test_another_hour_chosen_on_the_same_day_brings_another_letter(
    town: Town, desks: Desks, lan: Account
) -> None:
    noon, four = MORNING + timedelta(hours=5), MORNING + timedelta(hours=9)
    assert digest.send_due(MORNING) == 1
    digest.choose(lan.id, time(16), at=noon)

    assert [digest.send_due(at) for at in (noon, four)] == [0, 1]


def test_a_letter_before_midnight_utc_does_not_stop_the_next_mornings(
    town: Town, desks: Desks, lan: Account
) -> None:
    """7:20 and, with an earlier hour chosen, 6:30 the next day are one day of UTC."""
    assert digest.send_due(MORNING) == 1
    digest.choose(lan.id, time(6, 30), at=MORNING)

    assert digest.send_due(MORNING + timedelta(hours=23, minutes=15)) == 1


def test_one_letter_that_cannot_be_written_does_not_hold_up_the_others(
    town: Town, desks: Desks, lan: Account
) -> None:
    minh = town.person(kind=AccountKind.OFFICIAL)
    digest.choose(minh.id, time(7, 15), at=YESTERDAY)
    db.session.commit()
    lan_id, minh_id = lan.id, minh.id
    desks.broken = {lan_id}

    assert digest.send_due(MORNING) == 1
    assert set(desks.asked) == {lan_id, minh_id}

    desks.broken = set()
    assert digest.send_due(MORNING + timedelta(minutes=5)) == 1


def test_whoever_asks_for_it_in_the_afternoon_hears_the_next_morning(
    town: Town, desks: Desks
) -> None:
    minh = town.person(kind=AccountKind.OFFICIAL)
    digest.choose(minh.id, time(7, 15), at=MORNING + timedelta(hours=6))

    assert digest.send_due(MORNING + timedelta(hours=7)) == 0
    assert digest.send_due(MORNING + timedelta(days=1)) == 1


def test_nothing_leaves_on_a_day_off_nor_of_an_empty_desk(
    town: Town, desks: Desks, lan: Account
) -> None:
    desks.open = False
    assert digest.send_due(MORNING) == 0

    desks.open, desks.desk = True, Desk()
    assert digest.send_due(MORNING) == 0
    assert letters(town) == []


def test_mail_about_work_is_gathered_and_the_inbox_has_it_at_once(
    town: Town, desks: Desks, lan: Account
) -> None:
    desks.desk = Desk()
    town.bring(lan, kind="new_work", at=MORNING - timedelta(minutes=30))
    town.bring(lan, kind="due_soon", at=MORNING - timedelta(minutes=20))

    assert letters(town) == []
    assert len(db.session.scalars(select(Message).where(Message.account_id == lan.id)).all()) == 2

    digest.send_due(MORNING)

    (letter,) = letters(town)
    assert "Từ thư trước có 2 tin về việc và hạn" in letter


@pytest.mark.parametrize(("kind", "urgent"), [("new_work", True), ("submitted_urgent", False)])
def test_what_is_urgent_and_news_for_duty_leave_at_once(
    town: Town, desks: Desks, lan: Account, kind: str, *, urgent: bool
) -> None:
    town.bring(lan, kind=kind, urgent=urgent)

    assert Channel.EMAIL in [one.channel for one in town.deliveries()]
    assert len(letters(town, NOW)) == 1


def test_pushes_are_not_gathered(town: Town, desks: Desks, lan: Account) -> None:
    town.device(lan, "token-of-lan-1")

    town.bring(lan, kind="new_work")

    assert [one.channel for one in town.deliveries()] == [Channel.FCM]


def test_without_the_choice_each_letter_leaves_by_itself(town: Town, desks: Desks) -> None:
    minh = town.person(kind=AccountKind.OFFICIAL)
    digest.choose(minh.id, time(7, 15), at=YESTERDAY)
    digest.choose(minh.id, None, at=YESTERDAY)

    town.bring(minh, kind="new_work")

    assert digest.hour_of(minh.id) is None
    assert len(letters(town, NOW)) == 1
    assert digest.send_due(MORNING) == 0


def test_somebody_whose_account_is_closed_is_written_to_no_more(
    town: Town, desks: Desks, lan: Account
) -> None:
    lan.disabled_at = YESTERDAY
    db.session.commit()

    assert digest.send_due(MORNING) == 0
    assert desks.asked == []


def test_it_is_tried_again_like_any_letter(town: Town, desks: Desks, lan: Account) -> None:
    town.outside.smtp.refuse("RCPT", "451 come back")
    digest.send_due(MORNING)

    assert letters(town) == []
    delivery = db.session.scalars(select(Delivery)).one()
    assert delivery.state == "due" and delivery.error == "smtp 451"

    town.outside.smtp.recover()
    assert len(letters(town, MORNING + timedelta(hours=1))) == 1


def test_it_adds_nothing_to_what_is_unread(town: Town, desks: Desks, lan: Account) -> None:
    digest.send_due(MORNING)

    assert town.message(lan).read_at == MORNING
