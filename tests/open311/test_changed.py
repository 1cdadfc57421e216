"""Requests by when something changed for everybody."""

from datetime import timedelta

from reports import timeline
from reports.statuses import STEPS, Role
from tests.open311.conftest import Neighbour, id_of, resolved, sent_at
from tests.reports.conftest import House

DAY = timedelta(days=1)


def test_what_changed_since_whenever_it_was_sent(neighbour: Neighbour, house: House) -> None:
    old = sent_at(house, house.at - DAY * 200)
    sent_at(house, house.at - DAY * 30, "Minh")
    resolved(house, old)

    changed = neighbour.ids(updated_after=(house.at - DAY).isoformat())

    assert changed == [id_of(old)]


def test_what_changed_within_a_time_and_not_since(neighbour: Neighbour, house: House) -> None:
    one = sent_at(house, house.at - DAY * 30)
    other = sent_at(house, house.at - DAY * 30, "Minh")
    resolved(house, other)

    before = {"updated_before": (house.at - DAY * 20).isoformat()}
    both = before | {"updated_after": (house.at - DAY * 40).isoformat()}

    assert neighbour.ids(**before) == neighbour.ids(**both) == [id_of(one)]


def test_internal_steps_are_no_change(neighbour: Neighbour, house: House) -> None:
    report = sent_at(house, house.at - DAY * 30)
    house.takes(house.official(Role.DISPATCHER), "join", report, office="so-y-te")

    assert neighbour.ids(updated_after=(house.at - DAY).isoformat()) == []


def test_both_times_at_once(neighbour: Neighbour, house: House) -> None:
    old = sent_at(house, house.at - DAY * 60)
    recent = sent_at(house, house.at - DAY * 10, "Minh")
    for report in (old, recent):
        resolved(house, report)

    found = neighbour.ids(
        updated_after=(house.at - DAY).isoformat(), start_date=(house.at - DAY * 20).isoformat()
    )

    assert found == [id_of(recent)]


def test_too_long_ago_is_refused(neighbour: Neighbour, house: House) -> None:
    asked = {"updated_after": (house.at - DAY * 91).isoformat()}

    assert neighbour.get("requests.json", **asked).status_code == 400


def test_what_changes_nothing_for_everybody_is_a_step_that_everybody_hears_nothing_of() -> None:
    assert STEPS.keys() >= timeline.UNSEEN_STEPS
    assert not timeline.UNSEEN_STEPS & timeline.PUBLIC_STEPS
