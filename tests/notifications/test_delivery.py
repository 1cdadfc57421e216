"""Who is reached by what, when, and what happens when something goes wrong on the way."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import text

from app.auth.models import AccountKind
from app.database import db
from notifications import claims, delivery, preferences
from notifications.attempts import RENDER_TRIES
from notifications.backoff import MOST_TRIES, Hours
from notifications.claims import AT_ONCE, LEASE, Claim, claim_due
from notifications.expansion import expand_change
from notifications.kinds import Group
from notifications.models import Choice, Way
from tests.notifications.conftest import NIGHT, NOW, Reachable, Town


def test_every_device_of_a_person_is_reached(town: Town) -> None:
    lan = town.person("phone-0001", "tablet-0001")
    town.browser(lan, "laptop")

    town.bring(lan)

    assert {push.token for push in town.outside.fcm.received} == {"phone-0001", "tablet-0001"}
    assert [push.browser for push in town.outside.browsers.received] == ["laptop"]


def test_delivering_twice_sends_once(town: Town) -> None:
    lan = town.person("phone-0001")
    change_id = town.bring(lan)

    town.deliver(change_id)

    assert len(town.outside.fcm.received) == 1


def test_a_disabled_account_is_not_disturbed(town: Town) -> None:
    lan = town.person("phone-0001")
    lan.disabled_at = NOW

    town.bring(lan)

    assert town.outside.fcm.received == []


def test_a_phone_that_changed_hands_hears_nothing_of_its_former_owner(town: Town) -> None:
    lan, minh = town.person("phone-0001"), town.person()
    change_id = town.tell(lan)
    expand_change(change_id, channels=delivery.post().senders, at=NOW)
    db.session.execute(text("update device set account_id = :id"), {"id": minh.id})

    town.drain(NOW)

    assert town.outside.fcm.received == []
    assert town.states() == ["gone"]
    assert town.devices() == {"phone-0001"}, "the new owner keeps the device"


# Choices ---------------------------------------------------------------------------------------


def test_who_wants_no_pushes_of_a_group_gets_none_of_it(town: Town) -> None:
    lan = town.person("phone-0001")
    preferences.choose(lan.id, {Group.COMMENTS: {Way.PUSH: Choice.NEVER}})

    town.bring(lan, kind="commented", subject="a")
    town.bring(lan, kind="accepted", subject="b")

    assert [push.data["kind"] for push in town.outside.fcm.received] == ["accepted"]


def test_urgent_news_is_pushed_whatever_was_chosen(town: Town) -> None:
    duty = town.person("phone-0001", kind=AccountKind.OFFICIAL)
    preferences.choose(duty.id, {Group.DUTY: {Way.PUSH: Choice.NEVER}})

    town.bring(duty, kind="submitted_urgent", urgent=True)

    assert len(town.outside.fcm.received) == 1


def test_a_resident_gets_letters_only_when_they_chose_them(town: Town) -> None:
    lan, minh = town.person("phone-0001"), town.person("phone-0002")
    town.contacts = {one.id: Reachable("x@example.vn", "+84905123456") for one in (lan, minh)}
    chosen = {Way.EMAIL: Choice.ALWAYS, Way.SMS: Choice.ALWAYS}
    preferences.choose(lan.id, {Group.MY_REPORTS: chosen})

    town.bring(lan, minh)

    assert len(town.outside.smtp.received) == 1
    assert len(town.outside.sms.received) == 1


def test_otherwise_means_only_without_a_device(town: Town) -> None:
    with_phone = town.person("phone-0001", kind=AccountKind.OFFICIAL)
    without = town.person(kind=AccountKind.OFFICIAL)

    town.bring(with_phone, without, kind="new_work")

    assert [to for to, _ in town.outside.smtp.received] == [without.email]


def test_a_person_whose_last_device_is_gone_hears_by_letter_instead(town: Town) -> None:
    officer = town.person("old-token", kind=AccountKind.OFFICIAL)
    town.outside.fcm.fail(404, "UNREGISTERED")

    town.bring(officer, kind="new_work")

    assert [to for to, _ in town.outside.smtp.received] == [officer.email]
    assert sorted(town.states()) == ["gone", "sent"]


def test_who_can_be_reached_nowhere_still_has_the_inbox(town: Town) -> None:
    lan = town.person()
    preferences.choose(lan.id, {Group.MY_REPORTS: {Way.SMS: Choice.ALWAYS}})

    town.bring(lan)

    assert town.states() == ["gone"]
    assert town.only().error == "no address"
    assert town.message(lan).kind == "accepted"


def test_pushes_go_out_when_addresses_cannot_be_read(town: Town) -> None:
    lan = town.person("phone-0001")
    preferences.choose(lan.id, {Group.MY_REPORTS: {Way.SMS: Choice.ALWAYS}})
    town.contacts_fault = LookupError("the keeper of keys is away")

    town.bring(lan)

    states = {str(one.channel): str(one.state) for one in town.deliveries()}
    assert states == {"fcm": "sent", "sms": "due"}


def test_what_is_turned_off_while_it_waits_for_the_morning_is_not_sent(town: Town) -> None:
    lan = town.person("phone-0001")
    town.bring(lan, kind="commented", at=NIGHT)
    preferences.choose(lan.id, {Group.COMMENTS: {Way.PUSH: Choice.NEVER}})

    town.drain(MORNING)

    assert town.outside.fcm.received == []
    assert town.states() == ["stale"]
    assert town.only().error == "no longer wanted"


def test_who_leaves_a_list_gets_no_mail_that_was_being_tried_again(town: Town) -> None:
    lan = town.person()
    town.contacts = {lan.id: Reachable("lan@example.vn")}
    preferences.choose(lan.id, {Group.MY_REPORTS: {Way.EMAIL: Choice.ALWAYS}})
    town.outside.smtp.refuse("MAIL", "421 too busy")
    town.bring(lan)
    assert town.states() == ["due"]
    town.outside.smtp.recover()
    preferences.choose(lan.id, {Group.MY_REPORTS: {Way.EMAIL: Choice.NEVER}})

    town.drain(NOW + timedelta(hours=1))

    assert town.outside.smtp.received == []
    assert town.states() == ["stale"]


def test_what_is_turned_off_by_another_way_or_of_another_group_is_sent(town: Town) -> None:
    lan = town.person("phone-0001")
    expand_change(town.tell(lan), channels=delivery.post().senders, at=NOW)
    preferences.choose(
        lan.id,
        {
            Group.MY_REPORTS: {Way.EMAIL: Choice.NEVER},
            Group.COMMENTS: {Way.PUSH: Choice.NEVER},
        },
    )

    town.drain(NOW)

    assert town.states() == ["sent"]


def test_urgent_news_is_pushed_though_it_was_turned_off_meanwhile(town: Town) -> None:
    duty = town.person("phone-0001", kind=AccountKind.OFFICIAL)
    told = town.tell(duty, kind="submitted_urgent", urgent=True)
    expand_change(told, channels=delivery.post().senders, at=NOW)
    preferences.choose(duty.id, {Group.DUTY: {Way.PUSH: Choice.NEVER}})

    town.drain(NOW)

    assert town.states() == ["sent"]


# Quiet hours -----------------------------------------------------------------------------------

MORNING = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)  # 6:30 in Huế


@pytest.mark.parametrize("kind", ["commented", "published_nearby"])
def test_what_nobody_waits_for_waits_for_the_morning(town: Town, kind: str) -> None:
    lan = town.person("phone-0001")

    town.bring(lan, kind=kind, at=NIGHT)

    waiting = town.only()
    assert (str(waiting.state), waiting.due_at, waiting.tries) == ("due", MORNING, 0)
    town.drain(MORNING)
    assert town.states() == ["sent"]


def test_news_of_ones_own_report_comes_at_any_hour_by_default(town: Town) -> None:
    town.bring(town.person("phone-0001"), at=NIGHT)

    assert town.states() == ["sent"]


def test_quiet_hours_that_a_person_set_hold_everything_but_urgent_news(town: Town) -> None:
    duty = town.person("phone-0001", kind=AccountKind.OFFICIAL)
    preferences.keep_quiet(duty.id, Hours(time(21, 0), time(7, 0)))

    town.bring(duty, kind="new_work", subject="report:1", at=NIGHT)
    town.bring(duty, kind="submitted_urgent", subject="report:2", at=NIGHT, urgent=True)

    assert [push.data["kind"] for push in town.outside.fcm.received] == ["submitted_urgent"]
    assert sorted(town.states()) == ["due", "sent"]


def test_a_person_may_want_no_quiet_hours_at_all(town: Town) -> None:
    lan = town.person("phone-0001")
    preferences.keep_quiet(lan.id, preferences.NEVER_QUIET)

    town.bring(lan, kind="commented", at=NIGHT)

    assert town.states() == ["sent"]


def test_a_retry_that_comes_due_at_night_waits_too(town: Town) -> None:
    lan = town.person("phone-0001")
    preferences.keep_quiet(lan.id, Hours(time(22, 0), time(6, 30)))
    town.outside.fcm.fail(503, "UNAVAILABLE", times=1)
    evening = NIGHT - timedelta(minutes=61)

    town.bring(lan, at=evening)
    town.drain(NIGHT)

    assert town.only().due_at == MORNING
    assert town.only().tries == 1


def test_letters_make_no_sound_and_go_at_night(town: Town) -> None:
    lan = town.person()
    town.contacts = {lan.id: Reachable("x@example.vn")}
    preferences.choose(lan.id, {Group.COMMENTS: {Way.EMAIL: Choice.ALWAYS}})

    town.bring(lan, kind="commented", at=NIGHT)

    assert town.states() == ["sent"]


# The newest wins -------------------------------------------------------------------------------


def test_a_push_overtaken_by_newer_news_of_its_subject_is_dropped(town: Town) -> None:
    lan = town.person("phone-0001")
    town.outside.fcm.fail(503, "UNAVAILABLE", times=1)
    town.bring(lan, kind="accepted", at=NOW)
    town.bring(lan, kind="resolved", at=NOW + timedelta(seconds=5))

    town.drain(NOW + timedelta(minutes=5))

    assert [push.data["kind"] for push in town.outside.fcm.received] == ["resolved"]
    assert town.states() == ["stale", "sent"]


def test_steps_told_out_of_order_end_with_the_newest(town: Town) -> None:
    lan = town.person("phone-0001")
    kinds = ["accepted", "started", "resolved", "closed"]
    shuffled = [2, 0, 3, 1]
    changes = {
        number: town.tell(lan, kind=kinds[number], at=NOW + timedelta(seconds=number))
        for number in shuffled
    }

    for number in shuffled:
        town.deliver(changes[number], NOW + timedelta(minutes=1))

    shown = [push.data["kind"] for push in town.outside.fcm.received]
    assert shown == ["resolved", "closed"]
    assert sorted(town.states()) == ["sent", "sent", "stale", "stale"]


def test_two_that_wait_for_the_morning_become_one(town: Town) -> None:
    lan = town.person("phone-0001")
    preferences.keep_quiet(lan.id, Hours(time(22, 0), time(6, 30)))
    town.bring(lan, kind="accepted", at=NIGHT)
    town.bring(lan, kind="resolved", at=NIGHT + timedelta(minutes=1))

    town.drain(MORNING)

    assert [push.data["kind"] for push in town.outside.fcm.received] == ["resolved"]


def test_an_older_push_is_sent_after_all_when_the_newer_one_is_given_up(town: Town) -> None:
    lan = town.person("phone-0001")
    town.outside.fcm.fail(503, "UNAVAILABLE", times=1)
    town.bring(lan, kind="accepted", at=NOW)
    town.outside.fcm.fail(400, "INVALID_ARGUMENT", times=1)
    town.bring(lan, kind="resolved", at=NOW + timedelta(seconds=1))

    town.drain(NOW + timedelta(minutes=5))

    assert town.states() == ["sent", "dead"]


def test_a_comment_overtakes_no_news_of_how_things_stand(town: Town) -> None:
    lan = town.person("phone-0001")
    town.outside.fcm.fail(503, "UNAVAILABLE", times=1)
    town.bring(lan, kind="resolved", at=NOW)
    town.bring(lan, kind="commented", at=NOW + timedelta(seconds=1))

    town.drain(NOW + timedelta(minutes=5))

    assert {push.data["kind"] for push in town.outside.fcm.received} == {"commented", "resolved"}


def test_urgent_news_is_never_dropped(town: Town) -> None:
    duty = town.person("phone-0001", kind=AccountKind.OFFICIAL)
    town.outside.fcm.fail(503, "UNAVAILABLE", times=1)
    town.bring(duty, kind="submitted_urgent", urgent=True, at=NOW)
    town.bring(duty, kind="escalated", urgent=True, at=NOW + timedelta(seconds=5))

    town.drain(NOW + timedelta(minutes=5))

    assert town.states() == ["sent", "sent"]


def test_other_subjects_and_other_people_overtake_nothing(town: Town) -> None:
    lan, minh = town.person("phone-0001"), town.person("phone-0002")
    town.outside.fcm.fail(503, "UNAVAILABLE", times=1, address="phone-0001")
    town.bring(lan, kind="accepted", at=NOW)
    town.bring(lan, kind="resolved", subject="report:2", at=NOW + timedelta(seconds=1))
    town.bring(minh, kind="resolved", at=NOW + timedelta(seconds=2))

    town.drain(NOW + timedelta(minutes=5))

    assert town.states() == ["sent"] * 3


# Poison ----------------------------------------------------------------------------------------


def test_a_message_without_a_text_is_given_up_and_delays_nobody(town: Town) -> None:
    people = [town.person(f"phone-{number:04}") for number in range(30)]
    poisoned = town.person("poisoned-phone")
    bad = town.tell(poisoned, kind="no_such_kind")

    change_id = town.tell(*people)
    town.deliver(bad)
    town.deliver(change_id)

    assert len(town.outside.fcm.received) == 30
    for _ in range(RENDER_TRIES - 1):
        town.drain(town_due(town))
    (dead,) = [one for one in town.deliveries() if str(one.state) == "dead"]
    assert (dead.tries, (dead.error or "").partition(":")[0]) == (RENDER_TRIES, "no_such_kind")


def test_a_delivery_whose_workers_all_died_is_given_up_without_another_try(town: Town) -> None:
    lan = town.person("phone-0001")
    expand_change(town.tell(lan), channels=delivery.post().senders, at=NOW)
    db.session.execute(text("update delivery set tries = :most"), {"most": MOST_TRIES})

    town.drain(NOW)

    assert town.states() == ["dead"]
    assert town.outside.fcm.received == []


def test_urgent_deliveries_are_claimed_before_a_crowd(town: Town) -> None:
    crowd = [town.person(f"phone-{number:04}") for number in range(AT_ONCE + 20)]
    duty = town.person("duty-phone", kind=AccountKind.OFFICIAL)
    expand_change(town.tell(*crowd), channels=delivery.post().senders, at=NOW)
    late = NOW + timedelta(seconds=1)
    urgent = town.tell(duty, kind="submitted_urgent", urgent=True, at=late)
    expand_change(urgent, channels=delivery.post().senders, at=late)

    first = claim_due(late)

    assert len(first) == AT_ONCE
    assert first[0].address == "duty-phone"


def test_a_claim_looks_at_no_more_than_it_takes_after_an_outage(town: Town) -> None:
    lan = town.person("phone-0001")
    crowd = """
        with told as (
            insert into message (id, change_id, account_id, kind, subject, payload, urgent, at)
            select gen_random_uuid(), gen_random_uuid(), :id, 'accepted', 'report:' || n, '{}',
                   false, :now
            from generate_series(1, 5000) n
            returning id
        )
        insert into delivery (message_id, channel, urgent, state, due_at, tries)
        select id, 'fcm', false, 'due', :now, 0 from told
    """
    db.session.execute(text(crowd), {"id": lan.id, "now": NOW})
    db.session.execute(text("analyze message"))
    db.session.execute(text("analyze delivery"))
    values = claims.claim_values(NOW, AT_ONCE)

    explained = db.session.execute(text(f"explain (analyze, format json) {claims.CLAIM}"), values)

    plan = explained.scalar_one()[0]["Plan"]
    (picking,) = (node for node in nodes(plan) if node["Node Type"] == "LockRows")
    assert max(rows_read(node) for node in nodes(picking)) <= AT_ONCE
    most = AT_ONCE * AT_ONCE  # as when the claims are compared with one another, never the crowd
    assert max(rows_read(node) for node in nodes(plan)) <= most, "nothing is read for each anew"


def rows_read(node: dict[str, Any]) -> float:
    return float(node["Actual Rows"] * node["Actual Loops"])


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every node of a query's plan."""
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


# Several at once, and what is open meanwhile ---------------------------------------------------


def test_two_workers_never_hold_the_same_delivery(own_town: Town) -> None:
    people = [own_town.person(f"phone-{number:04}") for number in range(150)]
    expand_change(own_town.tell(*people), channels=delivery.post().senders, at=NOW)
    db.session.commit()

    mine = claim_due(NOW)
    theirs: list[Claim] = []

    def another_worker() -> None:
        with own_town.app.app_context():
            theirs.extend(claim_due(NOW))
            db.session.commit()

    thread = Thread(target=another_worker)
    thread.start()
    thread.join()

    assert (len(mine), len(theirs)) == (100, 50)
    assert not {one.id for one in mine} & {one.id for one in theirs}


def test_two_workers_draining_at_once_send_everything_once(own_town: Town) -> None:
    people = [own_town.person(f"phone-{number:04}") for number in range(300)]
    change_id = own_town.tell(*people)

    def worker() -> None:
        with own_town.app.app_context():
            delivery.deliver(change_id, clock=lambda: NOW)

    workers = [Thread(target=worker) for _ in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()

    assert own_town.states() == ["sent"] * 300
    assert set(own_town.outside.fcm.sent().values()) == {1}


def test_no_transaction_is_open_while_a_provider_is_asked(
    own_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    lan = own_town.person("phone-0001")
    own_town.contacts = {lan.id: Reachable(phone="+84905123456")}
    preferences.choose(lan.id, {Group.MY_REPORTS: {Way.SMS: Choice.ALWAYS}})
    change_id = own_town.tell(lan)
    open_ones = []
    pool = delivery.post().pool
    before = pool.map

    def look_and_map(attempt: object, claims: Sequence[Claim]) -> object:
        open_ones.append(db.session.registry().in_transaction())
        return before(attempt, claims)  # type: ignore[arg-type]

    monkeypatch.setattr(pool, "map", look_and_map)  # the moment at which providers are asked
    own_town.deliver(change_id)

    assert open_ones == [False]
    assert own_town.states() == ["sent", "sent"]


def test_a_claim_of_a_worker_that_died_comes_due_again(town: Town) -> None:
    lan = town.person("phone-0001")
    expand_change(town.tell(lan), channels=delivery.post().senders, at=NOW)
    claim_due(NOW)  # and the worker dies

    town.drain(NOW + LEASE - timedelta(seconds=1))
    assert town.outside.fcm.received == []

    town.drain(NOW + LEASE + timedelta(seconds=1))
    assert town.states() == ["sent"]
    assert town.only().tries == 2


def test_a_worker_that_comes_back_late_overwrites_nothing_but_with_a_success(town: Town) -> None:
    lan = town.person("phone-0001")
    expand_change(town.tell(lan), channels=delivery.post().senders, at=NOW)
    slow = claim_due(NOW)
    later = NOW + LEASE + timedelta(seconds=1)
    town.outside.fcm.fail(503, "UNAVAILABLE", times=1, retry_after="30")
    town.drain(later)
    due_at = town.only().due_at

    town.outside.fcm.fail(503, "UNAVAILABLE", times=1)
    delivery.write_down(slow, delivery.send_all(slow, later), later)
    assert town.only().due_at == due_at, "its failure is of yesterday"

    delivery.write_down(slow, delivery.send_all(slow, later), later)
    assert town.states() == ["sent"], "its success is not"


def test_what_is_due_within_the_minute_gets_a_job_of_its_own(town: Town) -> None:
    lan, minh = town.person("phone-0001"), town.person("phone-0002")
    town.outside.fcm.fail(503, "UNAVAILABLE", retry_after="7")

    town.bring(lan)
    town.bring(minh)

    jobs = db.session.execute(
        text("select scheduled_at from procrastinate_jobs where task_name = 'notifications.drain'")
    ).scalars()
    (scheduled,) = jobs
    assert timedelta(seconds=7) <= scheduled - NOW <= timedelta(seconds=10)


def town_due(town: Town) -> datetime:
    return max(one.due_at for one in town.deliveries() if str(one.state) == "due")
