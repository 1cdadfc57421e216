"""Bringing events: verified by the library of the standard, tried again, given up, switched off."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Thread
from time import monotonic
from uuid import uuid4

import pytest
from sqlalchemy import text, update

from app.clock import now
from app.database import db
from notifications.webhooks import endpoints, history, outcomes, posting, replay
from notifications.webhooks.backoff import MOST_TRIES, OFF_AFTER, OFF_DAYS
from notifications.webhooks.claims import claim_due
from notifications.webhooks.models import TEST, OffBecause, WebhookEndpoint
from notifications.webhooks.outbox import happened
from notifications.webhooks.posting import Answered
from reports.statuses import Role
from tests.reports.conftest import House
from tests.webhooks.conftest import Neighbours
from tests.webhooks.town import changed

Dispatch = Callable[..., object]


def accepted(house: House, dispatch: Dispatch) -> None:
    """One event for the public, and one for the office."""
    dispatch("accept", house.submits(str(uuid4())))


def test_an_event_arrives_signed_under_its_id(
    house: House, neighbours: Neighbours, dispatch: Dispatch
) -> None:
    receiver, endpoint = neighbours.listen()

    accepted(house, dispatch)
    neighbours.bring()

    (told,) = receiver.received
    assert told.type == "report.published"
    assert told.id == f"evt_{neighbours.only(endpoint).event_id.hex}"
    assert told.headers["content-type"] == "application/json"
    assert told.body["timestamp"].endswith("Z")
    assert receiver.unsigned == []
    done = neighbours.only(endpoint)
    assert (str(done.state), done.status, done.tries) == ("sent", 200, 1)


def test_a_receiver_with_another_secret_refuses_and_it_shows(
    house: House, neighbours: Neighbours, dispatch: Dispatch
) -> None:
    receiver, endpoint = neighbours.listen()
    other, _ = neighbours.listen()
    receiver.secret = other.secret

    accepted(house, dispatch)
    neighbours.bring()

    assert len(receiver.unsigned) == 1 and receiver.received == []
    assert (str(neighbours.only(endpoint).state), neighbours.only(endpoint).status) == ("due", 401)


def test_a_failure_is_tried_again_under_the_same_id(
    house: House, neighbours: Neighbours, dispatch: Dispatch
) -> None:
    receiver, endpoint = neighbours.listen()
    receiver.fail(503, times=1)

    accepted(house, dispatch)
    neighbours.bring()
    waits = neighbours.only(endpoint)
    assert str(waits.state) == "due" and waits.tries == 1
    neighbours.let_pass(timedelta(seconds=6))
    neighbours.bring()

    assert len(set(receiver.asked)) == 1 and len(receiver.asked) == 2
    assert neighbours.states(endpoint) == ["sent"]
    assert neighbours.fresh(endpoint.id).failing_since is None


def test_a_receiver_says_itself_when_to_come_again(
    house: House, neighbours: Neighbours, dispatch: Dispatch
) -> None:
    receiver, endpoint = neighbours.listen()
    receiver.fail(429, retry_after="600")

    accepted(house, dispatch)
    neighbours.bring()

    rests = neighbours.fresh(endpoint.id).rests_until
    assert rests is not None and timedelta(minutes=9) < rests - now() < timedelta(minutes=11)
    assert neighbours.only(endpoint).due_at - now() > timedelta(minutes=9)


def test_after_the_last_try_it_is_given_up_and_may_be_replayed(
    house: House, neighbours: Neighbours, dispatch: Dispatch
) -> None:
    receiver, endpoint = neighbours.listen()
    receiver.fail(500)
    accepted(house, dispatch)

    for _ in range(MOST_TRIES):
        neighbours.bring()
        neighbours.let_pass(timedelta(hours=27))
    gave_up = neighbours.only(endpoint)
    assert (str(gave_up.state), gave_up.tries, gave_up.status) == ("dead", MOST_TRIES, 500)

    receiver.recover()
    replay.one(neighbours.fresh(endpoint.id), gave_up.id, at=now())
    neighbours.bring()

    assert neighbours.states(endpoint) == ["sent"]
    assert len(set(receiver.asked)) == 1


def test_an_endpoint_that_fails_is_asked_for_one_event_at_a_time(
    house: House, neighbours: Neighbours, dispatch: Dispatch
) -> None:
    receiver, endpoint = neighbours.listen()
    receiver.fail(500)
    for _ in range(5):
        accepted(house, dispatch)

    neighbours.bring()
    assert len(receiver.asked) == 1, "the first failed, the rest were not tried"
    neighbours.let_pass(timedelta(seconds=6))
    neighbours.bring()

    assert len(receiver.asked) == 2
    assert sum(one.tries for one in neighbours.deliveries(endpoint)) == 2


def test_what_waited_behind_an_outage_leaves_in_order_once_it_is_over(
    house: House, neighbours: Neighbours, dispatch: Dispatch
) -> None:
    receiver, endpoint = neighbours.listen()
    receiver.fail(503, times=1)
    for _ in range(20):
        accepted(house, dispatch)
    neighbours.bring()

    neighbours.let_pass(timedelta(minutes=6))
    neighbours.bring()

    assert neighbours.states(endpoint) == ["sent"] * 20
    numbers = [told.body["sequence"] for told in receiver.seen()]
    failed = min(numbers)
    assert numbers.index(failed) > 0, "those behind it passed it meanwhile: its number says so"
    assert [one for one in numbers if one != failed] == sorted(numbers)[1:]


def test_one_event_that_a_receiver_chokes_on_does_not_hold_up_the_others(
    house: House, neighbours: Neighbours, dispatch: Dispatch
) -> None:
    receiver, endpoint = neighbours.listen()
    receiver.fail(500, address="report.started")
    report = house.submits()
    dispatch("accept", report)
    office = house.city.offices_by_id[report.office_id].code
    by = house.official(Role.OFFICER, office)
    house.takes(by, "start", report)
    house.takes(by, "resolve", report, outcome="explained", note="Sẽ làm.")

    neighbours.bring()
    neighbours.let_pass(timedelta(seconds=8))
    neighbours.bring()
    neighbours.let_pass(timedelta(minutes=1))
    neighbours.bring()

    assert set(receiver.types()) == {"report.published", "report.resolved"}
    assert neighbours.states(endpoint) == ["sent", "due", "sent"]


def test_one_neighbour_that_is_away_costs_the_others_nothing(
    house: House, neighbours: Neighbours, dispatch: Dispatch
) -> None:
    away, gone = neighbours.listen()
    well, endpoint = neighbours.listen()
    away.stop()
    neighbours.receivers.remove(away)

    accepted(house, dispatch)
    neighbours.bring()

    assert well.types() == ["report.published"]
    assert neighbours.states(endpoint) == ["sent"]
    assert neighbours.only(gone).error == "no connection"


def test_410_switches_it_off_at_once_and_its_owners_are_told(
    house: House, neighbours: Neighbours, dispatch: Dispatch
) -> None:
    admin = house.official(Role.ADMIN)
    receiver, endpoint = neighbours.listen()
    receiver.fail(410)
    accepted(house, dispatch)
    accepted(house, dispatch)

    neighbours.bring()

    off = neighbours.fresh(endpoint.id)
    assert off.off_because is OffBecause.GONE
    assert set(neighbours.states(endpoint)) == {"dead"}
    assert house.messages(admin) == ["webhook_off"]
    assert "127.0.0.1" in house.texts(admin)[0]


def test_after_days_of_failure_it_is_switched_off_and_the_head_is_told(
    house: House, neighbours: Neighbours, dispatch: Dispatch
) -> None:
    report = house.submits()
    office = house.city.offices_by_id[report.office_id].code
    head = house.official(Role.HEAD, office)
    receiver, endpoint = neighbours.listen(office)
    receiver.fail(500)
    dispatch("accept", report)
    neighbours.bring()
    db.session.execute(
        update(WebhookEndpoint).values(failing_since=now() - OFF_AFTER, failed_days=OFF_DAYS)
    )

    neighbours.let_pass(timedelta(seconds=10))
    neighbours.bring()

    assert neighbours.fresh(endpoint.id).off_because is OffBecause.FAILING
    assert "webhook_off" in house.messages(head)


def test_a_quiet_webhook_is_not_switched_off_for_a_failure_now_and_one_last_week(
    house: House, neighbours: Neighbours, dispatch: Dispatch
) -> None:
    receiver, endpoint = neighbours.listen(punctual=False)
    receiver.fail(500)
    monday = now()
    accepted(house, dispatch)
    neighbours.bring(monday)
    db.session.execute(text("update webhook_delivery set state = 'stale'"))

    accepted(house, dispatch)
    neighbours.bring(monday + timedelta(days=8))

    failing = neighbours.fresh(endpoint.id)
    assert (failing.off_at, failing.failed_days, failing.failures) == (None, 2, 2)
    assert neighbours.states(endpoint) == ["stale", "due"]


def test_what_happens_while_it_is_off_is_sent_when_it_is_asked_for(
    house: House, neighbours: Neighbours, dispatch: Dispatch
) -> None:
    receiver, endpoint = neighbours.listen()
    endpoints.switch_off(endpoints.locked(endpoint.id), OffBecause.HAND, at=now())
    accepted(house, dispatch)
    neighbours.bring()
    assert receiver.received == []

    again = endpoints.locked(endpoint.id)
    endpoints.switch_on(again)
    queued = replay.missed(again, since=house.at, until=now(), at=now())
    neighbours.bring()

    assert queued == replay.Queued(1, None)
    assert receiver.types() == ["report.published"]


def test_a_replay_leaves_what_arrived_unless_all_is_asked_for(
    house: House, neighbours: Neighbours, dispatch: Dispatch
) -> None:
    receiver, endpoint = neighbours.listen()
    accepted(house, dispatch)
    neighbours.bring()
    mine = endpoints.locked(endpoint.id)

    missed = replay.missed(mine, since=house.at, until=now(), at=now())
    everything = replay.missed(mine, since=house.at, until=now(), all_of_them=True, at=now())
    neighbours.bring()

    assert (missed.number, everything.number) == (0, 1)
    assert len(receiver.asked) == 2 and len(set(receiver.asked)) == 1


def test_a_replay_does_not_leave_what_failed_to_wait_for_its_next_try(
    house: House, neighbours: Neighbours, dispatch: Dispatch
) -> None:
    receiver, endpoint = neighbours.listen()
    receiver.fail(500)
    accepted(house, dispatch)
    for _ in range(2):
        neighbours.let_pass(timedelta(minutes=6))
        neighbours.bring()
    receiver.recover()
    neighbours.bring()
    assert neighbours.states(endpoint) == ["due"], "it waits for its next try"

    mine = endpoints.locked(endpoint.id)
    queued = replay.missed(mine, since=house.at, until=now(), at=now())
    neighbours.bring()

    assert neighbours.states(endpoint) == ["sent"]
    assert queued == replay.Queued(1, None)


def test_a_replay_of_very_much_goes_on_where_it_stopped(
    house: House, neighbours: Neighbours, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Five thousand events are slow to make.
    monkeypatch.setattr(replay, "MOST_AT_ONCE", 2)
    receiver, endpoint = neighbours.listen()
    begin = now() - timedelta(hours=1)
    for minute in range(5):
        happened(replace(changed("report:none"), type=TEST, at=begin + timedelta(minutes=minute)))
    neighbours.bring()
    arrived = list(receiver.asked)

    since: datetime | None = begin
    portions = []
    while since:
        queued = replay.missed(
            endpoints.locked(endpoint.id), since=since, until=now(), all_of_them=True, at=now()
        )
        neighbours.bring()
        portions.append(queued.number)
        since = queued.next_since

    assert portions == [2, 2, 1]
    assert receiver.asked == arrived * 2, "each once more, in order"


def test_a_replay_tells_an_office_nothing_that_was_not_its_to_know(
    house: House, neighbours: Neighbours, dispatch: Dispatch
) -> None:
    neighbours.listen()
    receiver, endpoint = neighbours.listen("so-y-te")
    accepted(house, dispatch)

    queued = replay.missed(
        endpoints.locked(endpoint.id), since=house.at, until=now(), all_of_them=True, at=now()
    )
    neighbours.bring()

    assert queued.number == 0
    assert receiver.received == []


def test_both_secrets_sign_for_the_overlap_and_the_new_one_alone_afterwards(
    house: House, neighbours: Neighbours, dispatch: Dispatch
) -> None:
    receiver, endpoint = neighbours.listen(punctual=False)
    at = now()
    new = endpoints.rotate(endpoints.locked(endpoint.id), overlap=timedelta(hours=1), at=at)

    accepted(house, dispatch)
    neighbours.bring(at)
    receiver.secret = new
    accepted(house, dispatch)
    neighbours.bring(at + timedelta(minutes=59))
    accepted(house, dispatch)
    neighbours.bring(at + timedelta(minutes=61))

    assert [told.signatures for told in receiver.received] == [2, 2, 1]
    assert receiver.unsigned == []


def test_after_a_leak_the_old_secret_is_dead_at_once(
    house: House, neighbours: Neighbours, dispatch: Dispatch
) -> None:
    receiver, endpoint = neighbours.listen()
    endpoints.rotate(endpoints.locked(endpoint.id), overlap=timedelta(), at=now())

    accepted(house, dispatch)
    neighbours.bring()

    assert receiver.received == [] and len(receiver.unsigned) == 1


def test_a_secret_that_cannot_be_read_stops_nobody_else(
    house: House, neighbours: Neighbours, dispatch: Dispatch
) -> None:
    _, broken = neighbours.listen()
    receiver, _ = neighbours.listen()
    db.session.execute(
        update(WebhookEndpoint).where(WebhookEndpoint.id == broken.id).values(secret=b"\x01junk")
    )

    accepted(house, dispatch)
    neighbours.bring()

    assert receiver.types() == ["report.published"]
    assert neighbours.only(broken).error == "its secret cannot be read; make a new one"


def test_an_event_that_cannot_be_told_stops_nobody_else(
    house: House, neighbours: Neighbours, dispatch: Dispatch
) -> None:
    receiver, endpoint = neighbours.listen()
    happened(changed("report:no-id"))
    accepted(house, dispatch)

    neighbours.bring()

    assert receiver.types() == ["report.published"]
    assert neighbours.states(endpoint) == ["due", "sent"]


def test_a_test_arrives_and_says_that_it_is_one(neighbours: Neighbours) -> None:
    receiver, endpoint = neighbours.listen(events=("report.resolved",))

    replay.test(endpoints.locked(endpoint.id), at=now())
    neighbours.bring()

    (told,) = receiver.received
    assert told.type == "webhook.test"
    assert told.body["data"] == {"webhook": str(endpoint.id)}


@contextmanager
def dripping() -> Iterator[str]:
    """A server that takes a request and answers it a byte in a while, for ever."""
    listening = socket.create_server(("127.0.0.1", 0))
    open_ = [True]

    def drip() -> None:
        while open_[0]:
            try:
                caller, _ = listening.accept()
            except OSError:
                return
            caller.sendall(b"HTTP/1.1 200 OK\r\nX-")
            begun = monotonic()
            while open_[0] and monotonic() - begun < 5:
                try:
                    caller.sendall(b"a")
                except OSError:
                    break
            caller.close()

    thread = Thread(target=drip, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
    open_[0] = False
    listening.close()


def test_whoever_answers_for_ever_is_hung_up_on(
    house: House,
    neighbours: Neighbours,
    dispatch: Dispatch,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Fifteen seconds are long for a test.
    monkeypatch.setattr(posting, "SECONDS", 0.3)
    with dripping() as url:
        _, endpoint = neighbours.listen(url=url)
        accepted(house, dispatch)

        begun = monotonic()
        neighbours.bring()

    assert monotonic() - begun < 3
    assert neighbours.states(endpoint) == ["due"]


def test_a_result_that_comes_after_its_lease_counts_only_if_it_arrived(
    house: House, neighbours: Neighbours, dispatch: Dispatch
) -> None:
    _, endpoint = neighbours.listen()
    accepted(house, dispatch)
    db.session.commit()
    at = now()
    (late,) = claim_due(at, most=9)
    db.session.commit()
    failed: dict[int, outcomes.Result] = {late[0].id: Answered(500, 1)}

    neighbours.let_pass(timedelta(minutes=10))
    (claimed_again,) = claim_due(now(), most=9)
    outcomes.write_down(late, failed, now())

    assert [one.id for one in claimed_again] == [one.id for one in late]
    assert neighbours.only(endpoint).tries == 2, "the later claim stands"
    assert neighbours.states(endpoint) == ["due"]
    held = neighbours.fresh(endpoint.id)
    assert held.lent_until == claimed_again[0].lent_until and held.failing_since is None


def test_what_is_old_is_forgotten(house: House, neighbours: Neighbours, dispatch: Dispatch) -> None:
    _, endpoint = neighbours.listen()
    accepted(house, dispatch)
    neighbours.bring()

    at: datetime = house.at
    assert history.sweep(at + timedelta(days=29)) == 0
    assert history.sweep(at + timedelta(days=31)) == 1
    db.session.commit()

    assert neighbours.deliveries(endpoint) == []
