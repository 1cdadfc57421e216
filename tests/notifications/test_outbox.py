"""One transaction, one job a change; everyone once."""

from uuid import uuid4

from sqlalchemy import func, select, union_all

from app.auth.models import Account
from app.database import db, reading
from notifications import outbox
from notifications.models import Message
from tests.notifications.conftest import NOW, PAYLOAD, Town


def messages() -> int:
    return db.session.execute(select(func.count()).select_from(Message)).scalar_one()


def test_a_person_named_twice_hears_once(town: Town) -> None:
    lan, minh = town.person(), town.person()
    twice = union_all(
        select(Account.id).where(Account.id.in_([lan.id, minh.id])),
        select(Account.id).where(Account.id == lan.id),
    ).subquery()

    outbox.tell(
        change_id=uuid4(),
        kind="accepted",
        people=select(twice.c.id),
        subject="report:1",
        payload=PAYLOAD,
        at=NOW,
    )

    assert messages() == 2


def test_telling_again_of_the_same_change_adds_nothing(town: Town) -> None:
    lan = town.person()
    change_id = town.tell(lan)

    town.tell(lan, change_id=change_id, kind="closed")

    assert messages() == 1
    assert town.message(lan).kind == "accepted"
    assert town.jobs("notifications.deliver") == 1


def test_nobody_to_tell_makes_no_job(town: Town) -> None:
    town.tell()

    assert messages() == 0
    assert town.jobs("notifications.deliver") == 0


def test_two_audiences_of_one_change_share_one_job(own_town: Town) -> None:
    reporter, officer, change_id = own_town.person(), own_town.person(), uuid4()
    db.session.commit()

    for person, kind in ((reporter, "accepted"), (officer, "new_work")):
        outbox.tell(
            change_id=change_id,
            kind=kind,
            people=select(Account.id).where(Account.id == person.id),
            subject="report:1",
            payload=PAYLOAD,
            at=NOW,
        )
    db.session.commit()

    assert messages() == 2
    assert own_town.jobs("notifications.deliver") == 1


def test_telling_more_people_in_a_later_transaction_makes_another_job(own_town: Town) -> None:
    reporter, officer = own_town.person(), own_town.person()
    change_id = own_town.tell(reporter)

    own_town.tell(officer, change_id=change_id)

    assert own_town.jobs("notifications.deliver") == 2


def test_message_and_job_appear_with_the_commit_and_vanish_with_a_rollback(own_town: Town) -> None:
    lan = own_town.person()
    db.session.commit()
    lan_id = lan.id

    def seen_by_others() -> tuple[int, int]:
        with reading() as connection:
            row = connection.exec_driver_sql(
                "select (select count(*) from message), (select count(*) from procrastinate_jobs)"
            ).one()
        return row[0], row[1]

    def tell() -> None:
        outbox.tell(
            change_id=uuid4(),
            kind="accepted",
            people=select(Account.id).where(Account.id == lan_id),
            subject="report:1",
            payload=PAYLOAD,
            at=NOW,
        )

    tell()
    assert seen_by_others() == (0, 0)

    db.session.rollback()
    assert seen_by_others() == (0, 0)

    tell()
    db.session.commit()
    assert seen_by_others() == (1, 1)


def test_the_job_of_urgent_news_goes_first(town: Town) -> None:
    town.tell(town.person())
    town.tell(town.person(), urgent=True)

    query = "select priority from procrastinate_jobs order by id"
    priorities = db.session.connection().exec_driver_sql(query).scalars().all()

    assert priorities == [0, outbox.URGENT_FIRST]
